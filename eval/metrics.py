"""Answers + gold -> measures of the three outcomes, answers and citations. Pure functions.

An accepted wording matches an answer when one holds the other or their token F1 (Rajpurkar et al. 2016) is at least
0.6; citation precision is over the cited articles, in the sense of ALCE (Gao et al. 2023).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.cases import GoldQuestion, GoldSide
from rag.types import Answer, Citation, Side, Status

EXPECTED: dict[str, Status] = {"answer": "answered", "conflict": "conflict", "unanswerable": "not_found"}
SAME_F1 = 0.6
# A shorter answer that an accepted wording holds counts only from this share of the wording's length.
SHORTEST = 0.4


@dataclass(frozen=True, slots=True)
class Measures:
    """Rates in [0, 1]; None where nothing was there to be measured."""

    questions: int
    missing: int
    status_macro_f1: float
    answer_accuracy: float | None
    conflict_stated: float | None
    silent_pick: float | None
    false_conflict: float
    false_refusal: float
    refused_unanswerable: float | None
    citation_exact: float | None
    citation_precision: float | None
    by_kind: dict[str, tuple[int, int]]
    confusion: dict[str, int]
    misses: tuple[tuple[str, str], ...]


def normalise(text: str | None) -> str:
    """Lower-case words of the NFKC form, parted by single spaces."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text or "").lower()))


def same_answer(gold: str, given: str) -> bool:
    """Whether an accepted wording and an answer match."""
    a, b = normalise(gold), normalise(given)
    if not a or not b:
        return False
    if f" {a} " in f" {b} " or (f" {b} " in f" {a} " and len(b) >= SHORTEST * len(a)):
        return True
    x, y = Counter(a.split()), Counter(b.split())
    return 2 * (x & y).total() / (x.total() + y.total()) >= SAME_F1


def side_matches(gold: GoldSide, side: Side, citations: Mapping[int, Citation]) -> bool:
    """Whether a side gives an accepted answer, in its short form or in what it quotes of a gold article."""
    if any(same_answer(wording, side.answer) for wording in gold.answers):
        return True
    cited = [citations[n] for n in side.citations if n in citations]
    quoted = " ".join(normalise(c.quote) for c in cited)
    return bool({c.article for c in cited} & {article for article, _ in gold.evidence}) and any(
        f" {normalise(wording)} " in f" {quoted} " for wording in gold.answers
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


def measure(questions: Iterable[GoldQuestion], answers: Mapping[str, Answer], texts: Mapping[str, str]) -> Measures:
    """Score the answers, by question id, against the gold; `texts` maps an article's id to its stored text."""
    count: Counter[str] = Counter()
    confusion: Counter[tuple[str, str]] = Counter()
    by_kind: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    misses: list[tuple[str, str]] = []
    for question in questions:
        count["questions"] += 1
        count[question.expect] += 1
        answer = answers.get(question.id)
        if answer is None:
            count["missing"] += 1
            misses.append((question.id, "no answer line"))
            continue
        confusion[question.expect, answer.status] += 1
        gold = {article for side in question.sides for article, _ in side.evidence}
        for citation in answer.citations:
            count["citations"] += 1
            count["exact"] += is_exact(citation, texts)
            count["sided"] += bool(question.sides)
            count["cited right"] += bool(question.sides) and citation.article in gold
        right = is_right(question, answer)
        count[f"{question.expect} right"] += right
        tally = by_kind[f"{question.expect}/{question.kind}"]
        tally[0] += right
        tally[1] += 1
        if not right:
            said = [side.answer for side in answer.sides][:3]
            misses.append((question.id, f"{question.expect}/{question.kind} -> {answer.status} {said}"))
    asked = count["answer"] or 1
    return Measures(
        questions=count["questions"], missing=count["missing"], status_macro_f1=_macro_f1(confusion, count),
        answer_accuracy=_rate(count["answer right"], count["answer"]),
        conflict_stated=_rate(count["conflict right"], count["conflict"]),
        silent_pick=_rate(confusion["conflict", "answered"], count["conflict"]),
        false_conflict=round(confusion["answer", "conflict"] / asked, 4),
        false_refusal=round(confusion["answer", "not_found"] / asked, 4),
        refused_unanswerable=_rate(count["unanswerable right"], count["unanswerable"]),
        citation_exact=_rate(count["exact"], count["citations"]),
        citation_precision=_rate(count["cited right"], count["sided"]),
        by_kind={kind: (right, total) for kind, (right, total) in sorted(by_kind.items())},
        confusion={f"{expect}->{status}": n for (expect, status), n in sorted(confusion.items())},
        misses=tuple(misses),
    )  # fmt: skip


def _macro_f1(confusion: Mapping[tuple[str, str], int], count: Mapping[str, int]) -> float:
    scores = []
    for expect, status in EXPECTED.items():
        said = sum(n for (_, given), n in confusion.items() if given == status)
        total = said + count[expect]
        scores.append(2 * confusion[expect, status] / total if total else 0.0)
    return round(sum(scores) / len(scores), 4)


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def by_language(
    questions: Sequence[GoldQuestion], answers: Mapping[str, Answer], texts: Mapping[str, str]
) -> dict[str, Measures]:
    """The measures for the questions of each language."""
    languages = sorted({q.language for q in questions})
    return {code: measure([q for q in questions if q.language == code], answers, texts) for code in languages}
