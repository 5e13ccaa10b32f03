"""Trains the judge's adapter: pairs of answers -> `judge.safetensors`, with checkpoints; then its temperature."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import load_adapter, save_adapter, start_from
from rag.judge import KINDS, NLI, RELATIONS, LearnedJudge, PairModel, encode_pairs
from rag.reader import Encoded, PassageTokenizer, collate
from rag.training.loop import Phase, Settings, adapted_backbone, batches_of, fit
from rag.training.pairs import PairExample

ATTRIBUTION = (
    "IndoNLI (Mahendra et al. 2021, CC BY-SA 4.0), MultiNLI in Indonesian (IndoNLI repository), "
    "Silang's own training data"
)
FILES = ("indonli_train", "mnli_id_small_train")  # of nli/
NONE = -100  # the label of what a row does not say, ignored by the loss
KIND_WEIGHT = 0.3
RATE = 1e-4  # the loss is less steady than the reader's
PHASES = 2  # the rate falls to nothing and starts again (Loshchilov & Hutter 2017)
PASSES = 2  # over the pairs of answers, in each of them
UNRELATED = 0.5  # share of the unrelated pairs that is read in each pass: there are more of them than of all others
INFERRED = 0.2  # share of the premises and hypotheses that is read in each pass


@dataclass(frozen=True, slots=True)
class Row:
    """An encoded example with the numbers of its labels, `NONE` where it has none."""

    encoded: Encoded
    relation: int
    kind: int
    nli: int


def encode(examples: Sequence[PairExample], tokenizer: PassageTokenizer, headerless: float, seed: int) -> list[Row]:
    """Encode examples; the sides of a pair in random order, those of inference as they are."""
    draw = random.Random(seed)
    texts = []
    for e in examples:
        sides = [replace(s, header="") if draw.random() < headerless else s for s in (e.text.a, e.text.b)]
        if e.nli is None:
            draw.shuffle(sides)
        texts.append(replace(e.text, a=sides[0], b=sides[1]))
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
    labels = zip(*((row.relation, row.kind, row.nli) for row in rows), strict=True)
    loss = torch.zeros(())
    for logits, label, weight in zip(model(ids, mask), labels, (1.0, KIND_WEIGHT, 1.0), strict=True):
        loss = loss + weight * nn.functional.cross_entropy(
            logits, torch.tensor(label), ignore_index=NONE, reduction="sum"
        )
    return loss / len(rows)


def train(examples: Sequence[PairExample], reader: Path, out: Path, settings: Settings) -> Path:
    """Train from the reader's adapter on, which has learnt to read a question on news; return the adapter's path."""
    tokenizer = PassageTokenizer(bundled_model_folder())
    backbone, hidden = adapted_backbone(settings)
    start_from(backbone, load_adapter(reader)[0])
    model = PairModel(backbone, hidden)
    inferences = [e for e in examples if e.nli]
    unrelated = [e for e in examples if e.relation == "unrelated"]
    pairs = [e for e in examples if e.relation and e.relation != "unrelated"]
    draw = random.Random(settings.seed)

    def phase(number: int) -> Phase:
        rows: list[Row] = []
        batches: list[list[int]] = []
        for pass_ in range(number * PASSES, (number + 1) * PASSES):
            chosen = pairs + draw.sample(unrelated, round(len(unrelated) * UNRELATED))
            chosen += draw.sample(inferences, round(len(inferences) * INFERRED))
            new = encode(chosen, tokenizer, settings.headerless, settings.seed + pass_)
            order = draw.sample(range(len(rows), len(rows) + len(new)), len(new))
            rows += new
            batches += batches_of(order, [len(row.encoded.ids) for row in rows], settings.batch_tokens, draw)
        lengths = [len(row.encoded.ids) for row in rows]
        name = f"pairs-{number + 1}"
        return Phase(name, batches, lengths, lambda batch: loss_of(model, [rows[i] for i in batch], tokenizer.pad))

    phases = [phase(number) for number in range(PHASES)]
    return fit("judge", model, backbone, model.heads, phases, out, settings, ATTRIBUTION)


def calibrate(adapter: Path, held: Sequence[PairExample]) -> float:
    """Fit the temperature on held-out pairs (Guo et al. 2017) by likelihood, and write it into the adapter."""
    logits = LearnedJudge(adapter).score([e.text for e in held])[0]
    labels = torch.tensor([RELATIONS.index(e.relation) for e in held if e.relation])
    tried = [round(0.5 + 0.05 * step, 2) for step in range(91)]
    temperature = min(tried, key=lambda t: nn.functional.cross_entropy(logits / t, labels).item())
    tensors, metadata = load_adapter(adapter)
    save_adapter(adapter, tensors, {**metadata, "temperature": temperature, "calibrated_on": f"{len(held)} pairs"})
    return temperature
