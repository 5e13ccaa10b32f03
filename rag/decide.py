"""Evidence and verdicts -> outcome: `answered`, `conflict` or `not_found`. Pure: no model, no store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from index.metadata import outlet_key
from rag.types import ConflictKind, Decision, Evidence, Verdict

SOURCES = 5  # at most this many sources are compared
# A source that is less likely to answer by itself is not compared: the company of others hardly lifts it to be heard.
SIGN = 0.05
Relate = Callable[[Evidence, Evidence], Verdict]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities in [0, 1], tuned together (`python -m eval.thresholds`; on which cases, says `rag/adapters/README.md`).

    `answers`: where it is less likely that anything answers, nothing is said. `heard`: the least with which a source takes
    part. `conflict`: from it two voices both answer and conflict.
    """

    answers: float = 0.8
    heard: float = 0.3
    conflict: float = 0.375


TUNED = Thresholds()


def sources(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the voices to compare, surest first: the best evidence of each source, as far as there is any sign of it.

    Copies of one text are one source. Where there are too many, the surest of each outlet goes before a second one of any,
    so that no outlet's own follow-ups keep another from being heard. `evidence` is sorted, most probable first.
    """
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.passage.origin, item)
    voices = [item for item in best.values() if item.probability >= SIGN]
    first: dict[str, Evidence] = {}
    for item in voices:
        first.setdefault(_outlet(item), item)
    heard = sorted(voices, key=lambda item: item is not first[_outlet(item)])[:SOURCES]
    return sorted(heard, key=lambda item: -item.probability)


def _outlet(evidence: Evidence) -> str:
    source = evidence.passage.article.source
    return outlet_key(source) if source else evidence.passage.origin


def lookup(voices: Sequence[Evidence], verdicts: Sequence[Verdict]) -> Relate:
    """Return the look-up of verdicts given in the order of `itertools.combinations(voices, 2)`, sides in any order."""
    numbers = {id(voice): n for n, voice in enumerate(voices)}
    held = dict(zip(combinations(range(len(voices)), 2), verdicts, strict=True))

    def relate(a: Evidence, b: Evidence) -> Verdict:
        first, second = sorted((numbers[id(a)], numbers[id(b)]))
        return held[first, second]

    return relate


def confidence(answerable: float, voices: Sequence[Evidence], relate: Relate, decision: Decision) -> float:
    """Return the probability in [0, 1] that an outcome is right, as far as reader and judge can tell.

    An answer: its first voice answers, and none contradicts it. A conflict: two voices of different sides answer and
    contradict each other, which is what the surest verdict on such two says. Nothing found: no evidence answers, as far
    as `answerable` tells, the probability that some does.
    """
    if not decision.sides:
        return 1.0 - answerable
    if len(decision.sides) > 1:
        return _clash(decision.sides, relate).conflict
    first = decision.sides[0][0]
    return max(0.0, first.probability - max((relate(first, v).conflict for v in voices if v is not first), default=0.0))


def _clash(sides: Sequence[Sequence[Evidence]], relate: Relate) -> Verdict:
    """Return the verdict on the two voices of different sides that contradict each other most surely."""
    verdicts = (relate(a, b) for one, other in combinations(sides, 2) for a in one for b in other)
    return max(verdicts, key=lambda verdict: verdict.conflict)


def decide(
    voices: Sequence[Evidence],
    relate: Relate,
    thresholds: Thresholds = TUNED,
    answerable: float | None = None,
    asked: ConflictKind = "number",
) -> Decision:
    """Decide on voices, surest first. One group of them is an answer, more are a conflict.

    `answerable` is the probability that any of them answers, that of the surest where it is not given; `asked` is the kind
    of a conflict over what is asked for.

    Each voice joins the first group with none of whose members it conflicts, if it supports that group's leader. One
    that joins none is a side of its own where it conflicts with some member of a group, be it alone against several or
    less sure than they: how many say so, and how plainly, does not settle what is true. One that neither supports nor
    contradicts says nothing. Updates stand latest first.
    """
    if answerable is None:
        answerable = max((voice.probability for voice in voices), default=0.0)
    voices = [v for v in voices if v.probability >= thresholds.heard] if answerable >= thresholds.answers else []
    groups: list[list[Evidence]] = []
    for voice in voices:
        open_to = [g for g in groups if all(relate(voice, m).conflict < thresholds.conflict for m in g)]
        group = next((g for g in open_to if relate(voice, g[0]).supports), None)
        if group is not None:
            group.append(voice)
        elif not groups or len(open_to) < len(groups):
            groups.append([voice])
    if not groups:
        return Decision("not_found")
    sides = tuple(tuple(group) for group in groups)
    if len(sides) == 1:
        return Decision("answered", sides)
    kind = _clash(sides, relate).kind
    if kind == "outdated":
        latest = tuple(sorted(sides, key=_first_day, reverse=True))
        if all(_last_day(earlier) < _first_day(later) for later, earlier in pairwise(latest)):
            return Decision("conflict", latest, kind)
        kind = asked  # a figure that is still reported, or at a time unknown, is not superseded
    return Decision("conflict", sides, kind)


def _first_day(side: Sequence[Evidence]) -> str:
    return min(e.passage.article.published or "" for e in side)


def _last_day(side: Sequence[Evidence]) -> str:
    return max(e.passage.article.published or "9999" for e in side)
