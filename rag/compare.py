"""Two answers to one question -> same, compatible or incompatible: typed values first, then the `Judge`."""

from __future__ import annotations

import re
from typing import Protocol

from index.lexical import terms
from index.types import Span
from rag.asked import asked_values
from rag.types import ConflictKind, Evidence, Question, Verdict
from rag.values import Value, compare

_KIND: dict[str, ConflictKind] = {"date": "date", "time": "date"}
_NEGATION = re.compile(
    r"\b(?:tidak|tak|bukan|belum|tanpa|menolak|ditolak|membantah|dibantah|batal|dibatalkan|gagal|"
    r"not|no|never|without|denie[sd]|deny|rejected|refused|cancell?ed|failed|\w+n't)\b",
    re.IGNORECASE,
)


class Judge(Protocol):
    """Decides what typed values cannot: how two answers in words relate. Symmetric in its two sides."""

    def judge(self, question: Question, a: Evidence, b: Evidence) -> Verdict:
        """Return how the two answers relate under the question."""


class PolarityJudge:
    """The first judge: it sees one thing, that one source affirms what the other denies in much the same words."""

    # Share of the shorter sentence's stems that both must hold before a negation in one is taken to deny the other.
    # Lower, and two sentences on different matters that happen to hold a "tidak" would be set against each other.
    overlap = 0.5

    def judge(self, question: Question, a: Evidence, b: Evidence) -> Verdict:
        """Return incompatible (polarity) for a claim and its denial, same for the same words, else unrelated."""
        first, second = (set(terms(e.quote, e.passage.article.language)) for e in (a, b))
        shared = len(first & second) / max(1, min(len(first), len(second)))
        denied = [bool(_NEGATION.search(e.quote)) for e in (a, b)]
        if shared >= self.overlap and denied[0] != denied[1] and question.asks == "polarity":
            return Verdict("incompatible", "polarity")
        return Verdict("same" if shared == 1.0 else "unrelated", "other")


def compare_evidence(question: Question, a: Evidence, b: Evidence, judge: Judge) -> Verdict:
    """Return how two pieces of evidence relate: by their typed values where both have one, else by the judge."""
    values = [_chosen(question, e) for e in (a, b)]
    if values[0] and values[1]:
        relations = {compare(x, y) for x in values[0] for y in values[1]}
        kind = _conflict_kind(values[0][0], a, b)
        for relation in ("same", "compatible", "incompatible"):
            if relation in relations:
                return Verdict(relation, kind)
    return judge.judge(question, a, b)


def _chosen(question: Question, evidence: Evidence) -> list[Value]:
    """The typed values that the evidence answers with.

    The one at its span; and where the same sentence reports differing ones of that kind, these too, so that an
    account which itself gives both figures contradicts neither of the sources it reports.
    """
    values = asked_values(question, evidence.passage, evidence.sentence)
    at = Span(evidence.span.start - evidence.sentence.start, evidence.span.end - evidence.sentence.start)
    chosen = [v for v in values if v.start < at.end and at.start < v.end]
    return chosen + [v for v in values if chosen and v not in chosen and compare(v, chosen[0]) == "incompatible"]


def _conflict_kind(value: Value, a: Evidence, b: Evidence) -> ConflictKind:
    """A later report that gives another figure supersedes rather than contradicts: kind `outdated`."""
    dates = [e.passage.article.published for e in (a, b)]
    if value.kind not in _KIND and dates[0] and dates[1] and dates[0] != dates[1]:
        return "outdated"
    return _KIND.get(value.kind, "number")
