"""Held-out cases -> the constants that turn what reader and judge say into probabilities (Platt 1999), by likelihood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn
from tqdm import tqdm

from index.folder import StoreFolder
from rag.adapter import fingerprint, load_adapter, save_adapter
from rag.company import Company, logit, pair_signs, states, together
from rag.compare import compare_evidence
from rag.coverage import coverage
from rag.decide import sources
from rag.gather import gather
from rag.header import header_line
from rag.judge import RELATIONS, LearnedJudge, Weights, to_weigh
from rag.reader import Calibration, ExtractiveReader, SpanScore, beside_adapter
from rag.training.cases import BARE, gold_spans, retrieved
from rag.training.pairs import UNCLEAR, CaseEvidence, relation_within, side_of
from rag.types import Evidence, Relation, Verdict
from rag.wording import find_wording

SAME = 0.5  # a span is right when it shares this much (F1 of characters) with an accepted one
RIDGE = 1e-3  # of a logistic fit, against the sum over its examples
TINY = 1e-9  # probability that stands for none, lest its logarithm be infinite
SHRINKAGE = 1e-3  # of the weights of company, against the mean over the questions


def calibrate_reader(
    adapter: Path, rows: Sequence[dict[str, Any]], store: StoreFolder, twice: bool = True
) -> Calibration:
    """Fit on what is retrieved for the questions of held-out cases, and write the constants into the adapter.

    `twice` as of `ExtractiveReader`; then the adapter that reads beside an answer is named there too.
    """
    found = list(judged(ExtractiveReader(adapter, twice=twice), rows, store))
    calibration = fit_calibration(found)
    tensors, metadata = load_adapter(adapter)
    held = {
        "calibration": asdict(calibration),
        "calibrated_on": f"{len(rows)} held-out cases, {len(found)} spans",
        "beside": fingerprint(beside_adapter(adapter)) if twice else "",
    }
    save_adapter(adapter, tensors, {**metadata, **held})
    return calibration


def fit_calibration(found: Sequence[tuple[SpanScore, bool]]) -> Calibration:
    """Return the constants that make likeliest which of the spans are accepted answers.

    Raises ValueError where all are, or none.
    """
    x = np.array([(s.logit, s.log_share, s.beside, s.beside * s.logit) for s, _ in found])  # in `Calibration`'s order
    fit = LogisticRegression(C=1 / RIDGE).fit(x, np.array([right for _, right in found]))
    return Calibration(*(round(float(value), 4) for value in (*fit.intercept_, *fit.coef_[0])))


def judged(
    reader: ExtractiveReader, rows: Sequence[dict[str, Any]], store: StoreFolder
) -> Iterator[tuple[SpanScore, bool]]:
    """Yield every span that the reader gives for the cases' questions, and whether it is an accepted answer.

    A span that words the answer in a passage that is not marked as evidence is left out: it may well be right.
    """
    for _, asked, question, passages in retrieved(rows, store):
        wordings = [w for side in asked["sides"] for w in side["answers"] if w.lower() not in BARE]
        passages = gather(passages)
        headers, texts = [header_line(p.article) for p in passages], [p.text for p in passages]
        scored = reader.score(question.text, headers, texts, [p.ends for p in passages])
        for passage, text, scores in zip(passages, texts, scored, strict=True):
            gold = gold_spans(asked, passage)
            for score in scores:
                worded = any(find_wording(w, text, score.start, score.end) for w in wordings)
                if gold is None or (worded and not gold):
                    continue
                yield score, bool(gold) and (worded or any(_shared(score, s, e) >= SAME for s, e in gold))


def _shared(score: SpanScore, start: int, end: int) -> float:
    both = max(0, min(score.end, end) - max(score.start, start))
    return 2 * both / (score.end - score.start + end - start)


@dataclass(frozen=True, slots=True)
class Compared:
    """The voices of a held-out question: whether each answers, and of each pair its relation and the verdict on it.

    In the order of `combinations`.
    """

    voices: list[Evidence]
    answers: list[bool]
    relations: list[Relation]
    verdicts: list[Verdict]


def calibrate_judge(adapter: Path, items: Sequence[CaseEvidence]) -> tuple[Weights, float, Company]:
    """Fit on what the reader finds in held-out cases, and write into the adapter, one after the other:

    the weights of what answers, the temperature of the relations (Guo et al. 2017), the weights of company.
    """
    judge = LearnedJudge(adapter)
    judge.weights, judge.temperature = fit_weights(items), 1.0

    def compared(what: str) -> list[Compared]:
        return [c for item in tqdm(items, desc=what, unit="question") if (c := compare(judge, item)).voices]

    judge.temperature = fit_temperature(compared("relations of held-out questions"))
    company = fit_company(compared("voices of held-out questions"))  # of the verdicts as they come at that temperature
    tensors, metadata = load_adapter(adapter)
    held = {
        "weights": asdict(judge.weights),
        "temperature": judge.temperature,
        "company": asdict(company),
        "calibrated_on": f"{len(items)} questions of held-out cases",
    }
    save_adapter(adapter, tensors, {**metadata, **held})
    return judge.weights, judge.temperature, company


def fit_weights(items: Sequence[CaseEvidence]) -> Weights:
    """Return the weights that make likeliest what answers among all evidence that is weighed."""
    x, y = [], []
    for item in items:
        for e in to_weigh(item.evidence):
            side = side_of(item.asked, e)
            if side != UNCLEAR:
                x.append((logit(e.probability), coverage(item.question, e.passage.article)))
                y.append(side is not None)
    fit = LogisticRegression(C=1 / RIDGE).fit(np.array(x), np.array(y))
    return Weights(*(round(float(value), 4) for value in (*fit.intercept_, *fit.coef_[0])))


def compare(judge: LearnedJudge, item: CaseEvidence) -> Compared:
    """Return the voices that would be compared, but for those of which it is unclear whether they answer."""
    voices = [v for v in sources(judge.weigh(item.question, item.evidence)) if side_of(item.asked, v) != UNCLEAR]
    sides = [side_of(item.asked, voice) for voice in voices]
    relations = list[Relation]()
    for (a, s), (b, t) in combinations(zip(voices, sides, strict=True), 2):
        if s is None or t is None:
            relations.append("unrelated")
        else:
            relations.append(relation_within(item.asked, a, b) if s == t else "incompatible")
    verdicts = compare_evidence(item.question, list(combinations(voices, 2)), judge)
    return Compared(voices, [side is not None for side in sides], relations, verdicts)


def fit_temperature(items: Sequence[Compared]) -> float:
    """Return the temperature that makes the relations likeliest, of verdicts at 1 that are a judge's own.

    A verdict without any doubt was never asked for, and one that cannot say incompatible is what the values left of it.
    """
    known = [
        ((verdict.same, verdict.compatible, verdict.incompatible, verdict.unrelated), RELATIONS.index(relation))
        for item in items
        for relation, verdict in zip(item.relations, item.verdicts, strict=True)
        if verdict.incompatible > 0
    ]
    shares, labels = torch.tensor([shares for shares, _ in known]), torch.tensor([label for _, label in known])
    tried = [round(0.5 + 0.05 * step, 2) for step in range(91)]
    logits = shares.clamp(min=TINY).log()
    return min(tried, key=lambda t: nn.functional.cross_entropy(logits / t, labels).item())


def fit_company(items: Sequence[Compared]) -> Company:
    """Return the weights that make likeliest which of the voices of a question answer, taken together."""
    prepared = []
    for item in items:
        signs = [pair_signs(verdict) for verdict in item.verdicts]
        which = states(len(item.voices))
        alone = which @ torch.tensor([logit(voice.probability) for voice in item.voices], dtype=torch.float64)
        both = together(len(item.voices))
        worth = both @ torch.tensor(signs).double().reshape(-1, 2)
        features = torch.cat([which.sum(1, keepdim=True), both.sum(1, keepdim=True), worth], 1)
        truth = int((which == torch.tensor(item.answers).double()).all(1).nonzero()[0, 0])
        prepared.append((alone, features, truth))
    weights = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        total = SHRINKAGE * weights.square().sum()
        for alone, features, truth in prepared:
            total = total - (alone + features @ weights).log_softmax(0)[truth] / len(prepared)
        torch.autograd.backward(total)
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return Company(*(round(value, 4) for value in weights.tolist()))
