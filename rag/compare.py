"""Pairs of answers to one question -> verdicts: what their typed values say, then the `Judge`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from index.types import Span
from rag.asked import asked_values
from rag.company import Company
from rag.types import AnswerType, ConflictKind, Evidence, Pair, Question, Relation, Verdict
from rag.values import Value, compare

_KINDS: dict[AnswerType, ConflictKind] = {
    "number": "number", "duration": "number", "date": "date", "time": "date", "person": "person", "place": "place",
    "cause": "cause", "polarity": "polarity",
}  # fmt: skip
_WORDS = re.compile(r"\w+")
_ORDER: tuple[Relation, ...] = ("same", "compatible", "incompatible")


class Judge(Protocol):
    """Decides how two answers relate under their question, and has a say in whether one answers at all.

    `company` is what answers are worth to each other, None where that is not known.
    """

    company: Company | None

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return the evidence to go on with, most probable first, given in that order by the reader's probability."""

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return a verdict on each pair, in order; `pair.values` is advice that the judge may overrule.

        Symmetric in the two sides.
        """


def compare_evidence(question: Question, pairs: Sequence[tuple[Evidence, Evidence]], judge: Judge) -> list[Verdict]:
    """Return how the two pieces of evidence of each pair relate.

    The judge is asked but where both answer in the same words: whatever else may differ, that is no conflict to show. No
    more is one between the same values: whether both answer is the judge's to say then, not whether they conflict.
    """
    same = [same_words(question, a, b) for a, b in pairs]
    asked = [Pair(a, b, typed_relation(question, a, b)) for (a, b), alike in zip(pairs, same, strict=True) if not alike]
    verdicts = judge.judge(question, asked) if asked else []
    judged = iter(
        replace(v, same=v.same + v.incompatible, incompatible=0.0) if pair.values == "same" else v
        for pair, v in zip(asked, verdicts, strict=True)
    )
    return [Verdict.certain("same") if alike else next(judged) for alike in same]


def same_words(question: Question, a: Evidence, b: Evidence) -> bool:
    """Whether two answers are the same words, or of two names of a person or place one is part of the other."""
    x, y = (" ".join(_WORDS.findall(e.answer.lower())) for e in (a, b))
    within = f" {x} " in f" {y} " or f" {y} " in f" {x} "
    return bool(x and y) and (x == y or (question.asks in ("person", "place") and within))


def conflict_kind(asks: AnswerType) -> ConflictKind:
    """Return the kind of a conflict over what a question asks for."""
    return _KINDS.get(asks, "other")


def typed_relation(question: Question, a: Evidence, b: Evidence) -> Relation | None:
    """Return how the typed values of two answers relate, None where they have none that the question asks for,
    or none that have to do with each other.

    The friendliest reading counts: an account that itself gives both figures contradicts neither source.
    """
    values = [_chosen(question, e) for e in (a, b)]
    relations = {compare(x, y) for x in values[0] for y in values[1]}
    return next((relation for relation in _ORDER if relation in relations), None)


def _chosen(question: Question, evidence: Evidence) -> list[Value]:
    """The typed values that the evidence answers with.

    The one at its span; and where the same sentence reports differing ones of that kind, these too.
    """
    values = asked_values(question, evidence.passage, evidence.sentence)
    at = Span(evidence.span.start - evidence.sentence.start, evidence.span.end - evidence.sentence.start)
    chosen = [v for v in values if v.start < at.end and at.start < v.end]
    return chosen + [v for v in values if chosen and v not in chosen and _rivals(v, chosen[0])]


def _rivals(value: Value, chosen: Value) -> bool:
    """Whether a value differs from the one chosen and counts the same: thirty injured are no other account of the dead."""
    words, others = ({*(v.noun or "").split()} for v in (value, chosen))
    return compare(value, chosen) == "incompatible" and (words <= others or others <= words)
