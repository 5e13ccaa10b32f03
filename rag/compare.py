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
_WORDS = re.compile(r"\w+|[$£€¥%°]|(?<!\w)-(?=\d)")  # with signs: $5 is not £5
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
    asked = [Pair(a, b, typed_relation(question, a, b)) for a, b in pairs]
    alike = [pair.values != "incompatible" and same_words(question, pair.a, pair.b) for pair in asked]
    unsettled = [pair for pair, known in zip(asked, alike, strict=True) if not known]
    judged = iter(
        replace(v, same=v.same + v.incompatible, incompatible=0.0)
        if pair.values == "same" and same_value(question, pair.a, pair.b)
        else v
        for pair, v in zip(unsettled, judge.judge(question, unsettled) if unsettled else [], strict=True)
    )
    return [Verdict.certain("same") if known else next(judged) for known in alike]


def same_words(question: Question, a: Evidence, b: Evidence) -> bool:
    """Whether two answers are the same words, or one is a part, set off by commas, of the other's person or place.

    "Lembang" and "Lembang, Bandung Barat" are; how "Ratna" and "istri Ratna" go together is not seen from the words.
    """
    x, y = ([_WORDS.findall(part) for part in e.answer.lower().replace("−", "-").split(",")] for e in (a, b))
    part = question.asks in ("person", "place") and ((len(x) == 1 and x[0] in y) or (len(y) == 1 and y[0] in x))
    return any(x) and any(y) and (part or sum(x, []) == sum(y, []))


def conflict_kind(asks: AnswerType) -> ConflictKind:
    """Return the kind of a conflict over what a question asks for."""
    return _KINDS.get(asks, "other")


def typed_relation(question: Question, a: Evidence, b: Evidence) -> Relation | None:
    """Return how the typed values of two answers relate, None where they have none that the question asks for,
    or none that have to do with each other.

    The friendliest reading counts: an account that itself gives both figures contradicts neither source.
    """
    (at, beside), (others_at, others_beside) = (_values(question, e) for e in (a, b))
    relations = {compare(x, y) for x in at + beside for y in others_at + others_beside}
    return next((relation for relation in _ORDER if relation in relations), None)


def same_value(question: Question, a: Evidence, b: Evidence) -> bool:
    """Whether two answers give the same value themselves; what else their sentences report does not count.

    "15, up from 12" is no account of twelve, though it gives that figure too.
    """
    (at, _), (others_at, _) = (_values(question, e) for e in (a, b))
    return any(compare(x, y) == "same" for x in at for y in others_at)


def _values(question: Question, evidence: Evidence) -> tuple[list[Value], list[Value]]:
    """The typed values that the evidence answers with, and what its sentence reports beside them that differs.

    Of "one of nine hostages" the nine is the answer where these words are its span.
    """
    at = Span(evidence.span.start - evidence.sentence.start, evidence.span.end - evidence.sentence.start)
    values = asked_values(question, evidence.passage, evidence.sentence)
    touched = [v for v in values if v.start < at.end and at.start < v.end]
    chosen = [v.total if v.total and v.total.start <= at.start else v for v in touched]
    return chosen, [v for v in values if chosen and v not in touched and _differ(v, chosen[0])]


def _differ(value: Value, chosen: Value) -> bool:
    """Whether a value differs from the one chosen and counts the same: thirty injured are no other account of the dead."""
    words, others = ({*(v.noun or "").split()} for v in (value, chosen))
    return compare(value, chosen) == "incompatible" and (words <= others or others <= words)
