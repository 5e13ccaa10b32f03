"""Answers + gold -> counts, and counts -> measures of the outcomes, answers and citations. Pure functions.

An accepted wording matches an answer when one holds the other or their token F1 (Rajpurkar et al. 2016) is at least
0.6. Exact match and F1 of answers count a right refusal as 1, as SQuAD 2 does (Rajpurkar et al. 2018); English articles
count as words. Citations are measured in the sense of ALCE (Gao et al. 2023): precision is the share of them that are
needed, here those of an article that is evidence for the question; recall the share of statements that are supported
by what they cite, here of sides that give an accepted answer and cite an article that is evidence for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.cases import GoldQuestion, GoldSide, normalise
from rag.types import Answer, Citation, Side, Status

EXPECTED: dict[str, Status] = {"answer": "answered", "conflict": "conflict", "unanswerable": "not_found"}
SAME_F1 = 0.6
# A shorter answer that an accepted wording holds counts only from this share of the wording's length.
SHORTEST = 0.4
# The measures that are a count by a count.
RATES: Mapping[str, tuple[str, str]] = {
    "answer_accuracy": ("answer right", "answer"),
    "conflict_stated": ("conflict right", "conflict"),
    "silent_pick": ("conflict->answered", "conflict"),
    "false_conflict": ("answer->conflict", "answer"),
    "false_refusal": ("answer->not_found", "answer"),
    "refused_unanswerable": ("unanswerable right", "unanswerable"),
    "exact_match": ("exact match", "short"),
    "answer_f1": ("f1", "short"),
    "citation_exact": ("exact", "citations"),
    "citation_precision": ("cited right", "sided"),
    "citation_recall": ("supported", "sides"),
}
# All that is measured of a set, in the order of showing.
MEASURED = ("status_macro_f1", *RATES)
Counts = Mapping[str, npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Measures:
    """Rates in [0, 1]; None where nothing was there to be measured, macro F1 where an outcome is never expected."""

    questions: int
    missing: int
    status_macro_f1: float | None
    answer_accuracy: float | None
    conflict_stated: float | None
    silent_pick: float | None
    false_conflict: float | None
    false_refusal: float | None
    refused_unanswerable: float | None
    exact_match: float | None
    answer_f1: float | None
    citation_exact: float | None
    citation_precision: float | None
    citation_recall: float | None
    by_kind: dict[str, tuple[int, int]]
    confusion: dict[str, int]
    misses: tuple[tuple[str, str], ...]


def same_answer(gold: str, given: str) -> bool:
    """Whether an accepted wording and an answer match."""
    a, b = normalise(gold), normalise(given)
    if not a or not b:
        return False
    if f" {a} " in f" {b} " or (f" {b} " in f" {a} " and len(b) >= SHORTEST * len(a)):
        return True
    return _token_f1(a.split(), b.split()) >= SAME_F1


def exact_and_f1(given: str, accepted: Sequence[str]) -> tuple[float, float]:
    """Return exact match and token F1 of an answer with the nearest accepted wording, both in [0, 1]."""
    words = normalise(given).split()
    pairs = [
        (float(words == w != []), _token_f1(words, w)) for w in (normalise(wording).split() for wording in accepted)
    ]
    return max(pairs, default=(0.0, 0.0))


def _token_f1(a: Sequence[str], b: Sequence[str]) -> float:
    if not a or not b:
        return 0.0
    both = (Counter(a) & Counter(b)).total()
    return 2 * both / (len(a) + len(b))


def side_matches(gold: GoldSide, side: Side, citations: Mapping[int, Citation]) -> bool:
    """Whether a side gives an accepted answer, in its short form or in what it quotes of a gold article.

    Where the gold names no wording, only the articles that answer, a citation of one of them is enough.
    """
    if any(same_answer(wording, side.answer) for wording in gold.answers):
        return True
    cited = [citations[n] for n in side.citations if n in citations]
    quoted = " ".join(normalise(c.quote) for c in cited)
    return bool({c.article for c in cited} & {article for article, _ in gold.evidence}) and (
        not gold.answers or any(f" {normalise(wording)} " in f" {quoted} " for wording in gold.answers)
    )


def is_right(question: GoldQuestion, answer: Answer) -> bool:
    """The outcome is the expected one, and what it says is too: the answer, or at least two sides of the conflict."""
    if answer.status != EXPECTED[question.expect]:
        return False
    citations = {c.n: c for c in answer.citations}
    matched = sum(any(side_matches(gold, side, citations) for side in answer.sides) for gold in question.sides)
    return {"answer": matched >= 1, "conflict": matched >= 2, "unanswerable": True}[question.expect]


def is_exact(citation: Citation, texts: Mapping[str, str]) -> bool:
    """Whether a citation stands in its article, to the character, and is not blank."""
    text = texts.get(citation.article)
    return text is not None and bool(citation.quote.strip()) and text[citation.start : citation.end] == citation.quote


def tally(question: GoldQuestion, answer: Answer | None, texts: Mapping[str, str]) -> Counter[str]:
    """Count what one answer adds to each part of the measures."""
    count = Counter({"questions": 1, question.expect: 1, "missing": int(answer is None)})
    if answer is None:
        return count
    count[f"{question.expect}->{answer.status}"] = 1
    count[f"{question.expect} right"] = int(is_right(question, answer))
    gold = {article for side in question.sides for article, _ in side.evidence}
    count["citations"] = len(answer.citations)
    count["exact"] = sum(is_exact(citation, texts) for citation in answer.citations)
    if gold:
        count["sided"] = len(answer.citations)
        count["cited right"] = sum(citation.article in gold for citation in answer.citations)
        count["sides"] = len(answer.sides)
        count["supported"] = sum(_is_supported(question, side, answer) for side in answer.sides)
    return count


def _is_supported(question: GoldQuestion, side: Side, answer: Answer) -> bool:
    citations = {c.n: c for c in answer.citations}
    cited = {citations[n].article for n in side.citations if n in citations}
    given = [gold for gold in question.sides if side_matches(gold, side, citations)]
    return any(article in cited for gold in given for article, _ in gold.evidence)


def short_answer(question: GoldQuestion, answer: Answer | None) -> Mapping[str, float]:
    """Return what a short answer adds to exact match and F1; of a conflict nothing, for it has no one answer."""
    if question.expect == "conflict" or (question.sides and not question.sides[0].answers):
        return {}
    if not question.sides:
        scores = (float(answer is not None and answer.status == "not_found"),) * 2
    elif answer is None or answer.status != "answered":
        scores = (0.0, 0.0)
    else:
        accepted = question.sides[0].answers
        scores = max((exact_and_f1(side.answer, accepted) for side in answer.sides), default=(0.0, 0.0))
    return {"short": 1.0, "exact match": scores[0], "f1": scores[1]}


def rates(counts: Counts) -> dict[str, npt.NDArray[np.float64]]:
    """Return the measures of arrays of counts, of any one shape; nan where nothing was there to be measured."""

    def share(part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        found: npt.NDArray[np.float64] = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
        return found

    zero = np.zeros_like(counts["questions"])
    scores = []
    for expect, status in EXPECTED.items():
        said = sum((counts.get(f"{other}->{status}", zero) for other in EXPECTED), zero)
        hit, asked = counts.get(f"{expect}->{status}", zero), counts.get(expect, zero)
        scores.append(np.where(asked > 0, share(2 * hit, said + asked), np.nan))
    named = {name: share(counts.get(part, zero), counts.get(whole, zero)) for name, (part, whole) in RATES.items()}
    return {"status_macro_f1": np.mean(scores, axis=0), **named}


def measure(questions: Iterable[GoldQuestion], answers: Mapping[str, Answer], texts: Mapping[str, str]) -> Measures:
    """Score the answers, by question id, against the gold; `texts` maps an article's id to its stored text."""
    count: Counter[str] = Counter()
    short: defaultdict[str, float] = defaultdict(float)
    by_kind: dict[str, tuple[int, int]] = {}
    misses: list[tuple[str, str]] = []
    for question in questions:
        answer = answers.get(question.id)
        counted = tally(question, answer, texts)
        count += counted
        for part, value in short_answer(question, answer).items():
            short[part] += value
        if answer is None:
            misses.append((question.id, "no answer line"))
            continue
        kind, right = f"{question.expect}/{question.kind}", counted[f"{question.expect} right"]
        hits, asked = by_kind.get(kind, (0, 0))
        by_kind[kind] = (hits + right, asked + 1)
        if not right:
            misses.append((question.id, f"{kind} -> {answer.status} {[side.answer for side in answer.sides][:3]}"))
    found = rates({name: np.array(float(n)) for name, n in {"questions": 0, **count, **short}.items()})
    rounded = {name: None if np.isnan(value) else round(float(value), 4) for name, value in found.items()}
    return Measures(
        questions=count["questions"], missing=count["missing"], **rounded,
        by_kind=dict(sorted(by_kind.items())),
        confusion={name: n for name, n in sorted(count.items()) if "->" in name},
        misses=tuple(misses),
    )  # fmt: skip


def measure_by(
    key: Callable[[GoldQuestion], str],
    questions: Sequence[GoldQuestion],
    answers: Mapping[str, Answer],
    texts: Mapping[str, str],
) -> dict[str, Measures]:
    """Return the measures of each group of questions that a key makes."""
    names = sorted({key(question) for question in questions})
    return {name: measure([q for q in questions if key(q) == name], answers, texts) for name in names}
