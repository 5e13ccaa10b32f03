"""Evidence -> outcome: `answered`, `conflict` or `not_found`. Pure: no model, no store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.types import Decision, Evidence, Verdict

# Tuned together on the held-out training cases for macro-F1 of the outcomes: `python -m eval.thresholds CASES_TRAIN.jsonl`.
ANSWERS = 0.3  # below this probability the best evidence does not answer, and nothing is said
HEARD = 0.4  # evidence of another source takes part from this share of the best one's probability
SOURCES = 8  # at most this many sources are compared


def decide(
    evidence: Sequence[Evidence],
    relate: Callable[[Evidence, Evidence], Verdict],
    *,
    answers: float = ANSWERS,
    heard: float = HEARD,
) -> Decision:
    """Decide on the best evidence of each source; `evidence` is sorted, most probable first.

    The sources heard are grouped greedily, best first: each joins the first group with none of whose members it is
    incompatible. Evidence that is less than `answers` probable by itself only speaks in relation to a surer source: where
    it is unrelated to the group's leader it says nothing. One group is an answer; more are a conflict, of the kind in
    which the first two differ.
    """
    if not evidence or evidence[0].probability < answers:
        return Decision("not_found")
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.passage.origin, item)
    floor = heard * evidence[0].probability
    voices = [item for item in best.values() if item.probability >= floor][:SOURCES]
    groups: list[list[Evidence]] = []
    for voice in voices:
        for group in groups:
            if all(relate(voice, member).relation != "incompatible" for member in group):
                if voice.probability >= answers or relate(voice, group[0]).relation != "unrelated":
                    group.append(voice)
                break
        else:
            groups.append([voice])
    sides = tuple(tuple(group) for group in groups)
    if len(sides) == 1:
        return Decision("answered", sides)
    verdicts = [relate(a, b) for a in sides[0] for b in sides[1]]
    return Decision("conflict", sides, next(v.kind for v in verdicts if v.relation == "incompatible"))
