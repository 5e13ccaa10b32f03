"""Trains the judge's adapter: pairs of answers -> `judge.safetensors`, with checkpoints; then its temperature."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import load_adapter, save_adapter, start_from
from rag.judge import KINDS, NLI, RELATIONS, LearnedJudge, PairModel, Weights, encode_pairs, logit
from rag.reader import Encoded, PassageTokenizer, collate
from rag.training.calibration import RIDGE
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
# How often each sort of example is read, a part of a pass over a part drawn by chance. Found by trial: at 3.5, 0.8, 1.5
# and 0.5 it tells conflict from agreement better, and worse what does not answer, which costs more (the card has both).
PAIRED = 1.25
UNRELATED = 0.8
CLAIMED = 0.6
INFERRED = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """An encoded example with the numbers of its labels, `NONE` where it has none."""

    encoded: Encoded
    relation: int
    kind: int
    nli: int
    answers: int


def encode(examples: Sequence[PairExample], tokenizer: PassageTokenizer, headerless: float, seed: int) -> list[Row]:
    """Encode examples; the sides of a pair in random order, those of inference as they are."""
    draw = random.Random(seed)
    texts = []
    for e in examples:
        given = [side for side in (e.text.a, e.text.b) if side]
        sides = [replace(s, header="", lead="") if draw.random() < headerless else s for s in given]
        if e.nli is None:
            draw.shuffle(sides)
        texts.append(replace(e.text, a=sides[0], b=sides[1] if len(sides) > 1 else None))
    return [
        Row(
            encoded,
            RELATIONS.index(e.relation) if e.relation else NONE,
            KINDS.index(e.kind) if e.kind else NONE,
            NLI.index(e.nli) if e.nli else NONE,
            NONE if e.answers is None else int(e.answers),
        )
        for e, encoded in zip(examples, encode_pairs(texts, tokenizer), strict=True)
    ]


def loss_of(model: PairModel, rows: Sequence[Row], pad: int) -> torch.Tensor:
    """Cross-entropy of the labels that each row has, divided by all rows, so that batches weigh alike."""
    ids, mask, _ = collate([row.encoded for row in rows], pad)
    relations, kinds, nli, answers = model(ids, mask)
    answers = torch.cat([torch.zeros_like(answers), answers], -1)  # two classes, the odds of which are the logit
    labels = zip(*((row.relation, row.kind, row.nli, row.answers) for row in rows), strict=True)
    loss = torch.zeros(())
    for logits, label, weight in zip(
        (relations, kinds, nli, answers), labels, (1.0, KIND_WEIGHT, 1.0, 1.0), strict=True
    ):
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
    draw = random.Random(settings.seed)
    chosen = [
        *_passes([e for e in examples if e.relation and e.relation != "unrelated"], PAIRED, draw),
        *_passes([e for e in examples if e.relation == "unrelated"], UNRELATED, draw),
        *_passes([e for e in examples if e.answers is not None], CLAIMED, draw),
        *_passes([e for e in examples if e.nli], INFERRED, draw),
    ]
    rows = encode(chosen, tokenizer, settings.headerless, settings.seed)
    lengths = [len(row.encoded.ids) for row in rows]
    batches = batches_of(draw.sample(range(len(rows)), len(rows)), lengths, settings.batch_tokens, draw)
    phase = Phase("pairs", batches, lengths, lambda batch: loss_of(model, [rows[i] for i in batch], tokenizer.pad))
    return fit("judge", model, backbone, model.heads, [phase], out, settings, ATTRIBUTION)


def _passes(examples: Sequence[PairExample], number: float, draw: random.Random) -> list[PairExample]:
    whole = int(number)
    return [*examples] * whole + draw.sample(examples, round(len(examples) * (number - whole)))


def calibrate(adapter: Path, held: Sequence[PairExample]) -> tuple[float, Weights]:
    """Fit on held-out cases the temperature of the relations (Guo et al. 2017) and the weights of the second look.

    Both by likelihood; they are written into the adapter.
    """
    judge = LearnedJudge(adapter)
    pairs, claims = [e for e in held if e.relation], [e for e in held if e.answers is not None and e.probability < 1]
    logits = judge.score([e.text for e in pairs])[0]
    labels = torch.tensor([RELATIONS.index(e.relation) for e in pairs if e.relation])
    tried = [round(0.5 + 0.05 * step, 2) for step in range(91)]
    temperature = min(tried, key=lambda t: nn.functional.cross_entropy(logits / t, labels).item())
    second = judge.score([e.text for e in claims])[3].squeeze(-1).tolist()
    x = np.array([(logit(e.probability), score, e.covered) for e, score in zip(claims, second, strict=True)])
    fitted = LogisticRegression(C=1 / RIDGE).fit(x, np.array([e.answers for e in claims]))
    weights = Weights(*(round(float(value), 4) for value in (*fitted.intercept_, *fitted.coef_[0])))
    tensors, metadata = load_adapter(adapter)
    on = f"{len(pairs)} pairs, {len(claims)} answers of held-out cases"
    save_adapter(
        adapter, tensors, {**metadata, "temperature": temperature, "weights": asdict(weights), "calibrated_on": on}
    )
    return temperature, weights
