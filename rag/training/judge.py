"""Trains the judge's adapter: pairs of answers -> `judge.safetensors`, with checkpoints."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import load_adapter, start_from
from rag.judge import KINDS, NLI, RELATIONS, PairModel, encode_pairs
from rag.reader import Encoded, PassageTokenizer, collate
from rag.training.loop import Phase, Settings, adapted_backbone, batches_of, fit
from rag.training.pairs import PairExample
from rag.training.typed import as_typed

ATTRIBUTION = (
    "IndoNLI (Mahendra et al. 2021, CC BY-SA 4.0), MultiNLI in Indonesian (IndoNLI repository), "
    "Silang's own training data"
)
FILES = ("indonli_train", "mnli_id_small_train")  # of nli/
NONE = -100  # the label of what a row does not say, ignored by the loss
KIND_WEIGHT = 0.3
RATE = 1e-4  # the loss is less steady than the reader's
# How often each sort of example is read, a part of a pass over a part drawn by chance: answers that relate, answers of
# which one does not answer, inference. In a further round inference twice, for the judge falls back in it first: with
# 1.2 passes (and 0.8 over what does not answer) it gained less.
Sort = Literal["paired", "unrelated", "inferred"]
PASSES: Mapping[Sort, float] = {"paired": 2.5, "unrelated": 0.8, "inferred": 0.4}
AGAIN: Mapping[Sort, float] = {"paired": 1.0, "unrelated": 0.5, "inferred": 2.0}


@dataclass(frozen=True, slots=True)
class Row:
    """An encoded example with the numbers of its labels, `NONE` where it has none."""

    encoded: Encoded
    relation: int = NONE
    kind: int = NONE
    nli: int = NONE


def encode(examples: Sequence[PairExample], tokenizer: PassageTokenizer, settings: Settings, seed: int) -> list[Row]:
    """Encode pairs; their sides in random order, those of inference as they are."""
    draw = random.Random(seed)
    texts = []
    for e in examples:
        sides = [replace(s, header="") if draw.random() < settings.headerless else s for s in (e.text.a, e.text.b)]
        if e.nli is None:
            draw.shuffle(sides)
        asked = as_typed(e.text.question, draw) if draw.random() < settings.typed else e.text.question
        texts.append(replace(e.text, question=asked, a=sides[0], b=sides[1]))
    return [
        Row(
            encoded,
            RELATIONS.index(e.relation) if e.relation else NONE,
            KINDS.index(e.kind) if e.kind else NONE,
            NLI.index(e.nli) if e.nli else NONE,
        )
        for e, encoded in zip(examples, encode_pairs(texts, tokenizer), strict=True)
    ]


def loss_of(model: PairModel, rows: Sequence[Row], pad: int) -> torch.Tensor:
    """Cross-entropy of the labels that each row has, divided by all rows, so that batches weigh alike."""
    ids, mask, _ = collate([row.encoded for row in rows], pad)
    relations, kinds, nli = model(ids, mask)
    labels = zip(*((row.relation, row.kind, row.nli) for row in rows), strict=True)
    loss = torch.zeros(())
    for logits, label, weight in zip((relations, kinds, nli), labels, (1.0, KIND_WEIGHT, 1.0), strict=True):
        loss = loss + weight * nn.functional.cross_entropy(
            logits, torch.tensor(label), ignore_index=NONE, reduction="sum"
        )
    return loss / len(rows)


def train(
    examples: Sequence[PairExample], reader: Path, out: Path, settings: Settings, start: Path | None = None
) -> Path:
    """Train from the reader's adapter on, which has learnt to read a question on news, or one round from `start` on.

    Return the adapter's path.
    """
    tokenizer = PassageTokenizer(bundled_model_folder())
    backbone, hidden = adapted_backbone(settings)
    tensors = load_adapter(start or reader)[0]
    start_from(backbone, tensors)
    model = PairModel(backbone, hidden)
    if start:
        model.load_heads(tensors)
    draw = random.Random(settings.seed)
    chosen = [
        row
        for sort, passes in (AGAIN if start else PASSES).items()
        for row in _passes([e for e in examples if _sort(e) == sort], passes, draw)
    ]
    rows = encode(chosen, tokenizer, settings, settings.seed)
    lengths = [len(row.encoded.ids) for row in rows]
    batches = batches_of(draw.sample(range(len(rows)), len(rows)), lengths, settings.batch_tokens, draw)
    name = "again" if start else "pairs"
    phase = Phase(name, rows, batches, lengths, lambda read: loss_of(model, read, tokenizer.pad))
    return fit("judge", model, backbone, model.heads, [phase], out, settings, ATTRIBUTION, start)


def _sort(example: PairExample) -> Sort:
    if example.nli:
        return "inferred"
    return "unrelated" if example.relation == "unrelated" else "paired"


def _passes(examples: Sequence[PairExample], number: float, draw: random.Random) -> list[PairExample]:
    """Return examples as often as said, of a broken number a part that is drawn by chance."""
    whole = int(number)
    read = [e for _ in range(whole) for e in examples]
    read += draw.sample(examples, round(len(examples) * (number - whole)))
    return read
