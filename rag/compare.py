"""Pairs of answers to one question -> verdicts: what their typed values say, then the `Judge`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from index.lexical import DENIALS
from index.types import Span
from rag.asked import asked_values
from rag.company import Company
from rag.function_words import LINKS
from rag.types import AnswerType, ConflictKind, Evidence, Pair, Question, Relation, Verdict
from rag.values import Value, compare
from rag.values.changes import changes
from rag.wording import signed_words

_KINDS: dict[AnswerType, ConflictKind] = {
    "number": "number", "duration": "number", "date": "date", "time": "date", "person": "person", "place": "place",
    "cause": "cause", "polarity": "polarity",
}  # fmt: skip
# Before a name: beside that place, of that person's family.
_APART = frozenset(
    """luar dekat sekitar seberang antara outside near beyond around adik kakak istri suami anak putra putri ayah ibu paman
    bibi keponakan cucu mertua menantu""".split()
)
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

    The judge is asked but where both answer in the same words and nothing before them tells them apart: that is no
    conflict to show. No more is one between the same values: whether both answer is the judge's to say then, not whether
    they conflict.
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

    "Lembang" and "Lembang, Bandung Barat" are; how "Ratna" and "istri Ratna" go together is not seen from the words, and
    no more is how "Ratna" and one of three names do.
    """
    x, y = ([signed_words(part) for part in e.answer.split(",")] for e in (a, b))
    listed = question.asks == "person" and max(len(x), len(y)) > 2
    part = question.asks in ("person", "place") and ((len(x) == 1 and x[0] in y) or (len(y) == 1 and y[0] in x))
    worded = any(x) and any(y) and ((part and not listed) or sum(x, []) == sum(y, []))
    return worded and _apart(a) == _apart(b) and _turns(question, a) == _turns(question, b)


def _before(evidence: Evidence) -> str:
    """What its sentence says before an answer, in small letters."""
    return evidence.quote[: evidence.span.start - evidence.sentence.start].lower()


def _apart(evidence: Evidence) -> str:
    """The word right before an answer that makes it another place or person, or "": "di luar Jakarta", "istri Ratna"."""
    before = _before(evidence).split()
    return before[-1] if before and before[-1] in _APART else ""


def _turns(question: Question, evidence: Evidence) -> set[str]:
    """What before an answer in its clause can turn it into another: a denial, and of a figure a gain or a loss."""
    clause = re.split(r"[,;:.!?]\s", _before(evidence).replace("’", "'"))[-1]
    words = re.findall(r"[\w']+", clause)
    signs = changes(evidence.passage.article.language or "id") if question.asks == "number" else {}
    return {"denied" for word in words if word in DENIALS} | {str(signs[word]) for word in words if word in signs}


def conflict_kind(asks: AnswerType) -> ConflictKind:
    """Return the kind of a conflict over what a question asks for."""
    return _KINDS.get(asks, "other")


def typed_relation(question: Question, a: Evidence, b: Evidence) -> Relation | None:
    """Return how the typed values of two answers relate, None where they have none that the question asks for,
    or none that have to do with each other.

    The friendliest reading counts: an account that itself gives both figures contradicts neither source.
    """
    (at, beside), (others_at, others_beside) = (_values(question, e) for e in (a, b))
    relations = {compare(x, y) for x in at for y in others_at + others_beside}
    relations |= {compare(x, y) for x in beside for y in others_at}
    return next((relation for relation in _ORDER if relation in relations), None)


def same_value(question: Question, a: Evidence, b: Evidence) -> bool:
    """Whether two answers give the same value themselves; what else their sentences report does not count.

    "15, up from 12" is no account of twelve, though it gives that figure too.
    """
    (at, _), (others_at, _) = (_values(question, e) for e in (a, b))
    alike = [[compare(x, y) == "same" for y in others_at] for x in at]
    whole = bool(at and others_at) and all(map(any, alike)) and all(map(any, zip(*alike, strict=True)))
    return whole and _all_read(a, at, b, others_at) and _turns(question, a) == _turns(question, b)


def _all_read(a: Evidence, at: Sequence[Value], b: Evidence, others_at: Sequence[Value]) -> bool:
    """Whether what two answers say beside their values leaves those alone: no other figure, of dates no other word.

    "kuartal II 2024" is read as that year, and "akhir tahun ini" as this one.
    """
    rest, others = _unread(a, at), _unread(b, others_at)
    figures = any(ch.isdigit() for word in rest | others for ch in word)
    dated = any(value.when for value in at)
    return not figures and (not dated or rest <= others or others <= rest)


def _unread(evidence: Evidence, values: Sequence[Value]) -> set[str]:
    """The words of an answer that are in none of its values and link nothing."""
    shift = evidence.span.start - evidence.sentence.start
    words = re.finditer(r"\w+", evidence.answer)
    return {m.group().lower() for m in words if not any(v.start <= m.start() + shift < v.end for v in values)} - LINKS


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
