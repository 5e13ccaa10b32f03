"""Voices and their verdicts -> the same, each in the light of the others: a small random field over a question's sources.

Whether a source answers is not seen alone: one that says the same as another is likelier to answer, and of two that have
nothing to do with each other one does not. Every source answers or does not; a state of all of them weighs what the
sources are worth by themselves, and what each two are worth together where both answer (a conditional random field,
Lafferty et al. 2001). There are few sources, so that all states are counted out and nothing is approximated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import torch

from rag.types import Evidence, Verdict

DOUBT = 0.01  # no probability that two are unrelated is nearer to 0 or 1 than that
SURE = 1e-6  # no probability of answering is nearer to 0 or 1 than that, so that it has a logit


@dataclass(frozen=True, slots=True)
class Company:
    """What voices are worth in log odds where they answer: each `alone` more than by itself, each two with one another

    `pair` + `related` x logit + `support` x share. The logit is of the two being related at all, the share what the judge
    gives to their saying the same or compatible things.
    """

    alone: float = 0.0
    pair: float = 0.0
    related: float = 0.0
    support: float = 0.0

    def worth(self, verdict: Verdict) -> float:
        """Return what a pair is worth."""
        related, support = pair_signs(verdict)
        return self.pair + self.related * related + self.support * support


def logit(probability: float) -> float:
    """Return the logarithm of the odds."""
    held = min(max(probability, SURE), 1 - SURE)
    return math.log(held / (1 - held))


def pair_signs(verdict: Verdict) -> tuple[float, float]:
    """Return what the weights `related` and `support` are multiplied with."""
    unrelated = min(max(verdict.unrelated, DOUBT), 1 - DOUBT)
    return -logit(unrelated), verdict.same + verdict.compatible


def states(voices: int) -> torch.Tensor:
    """Return every way in which so many voices answer (1) or do not (0), shape (2 ** voices, voices)."""
    numbers = torch.arange(2**voices)
    return ((numbers[:, None] >> torch.arange(voices)) & 1).double()


def together(voices: int) -> torch.Tensor:
    """Return in which states both voices of a pair answer, shape (2 ** voices, pairs); pairs as `combinations` gives them."""
    which = states(voices)
    pairs = [which[:, a] * which[:, b] for a, b in combinations(range(voices), 2)]
    return torch.stack(pairs, 1) if pairs else torch.zeros(len(which), 0).double()


def settle(
    voices: Sequence[Evidence], verdicts: Sequence[Verdict], company: Company | None
) -> tuple[list[Evidence], list[Verdict], float]:
    """Return voices with the probability that each answers, given all, verdicts with that of both answering, and that of any.

    Verdicts are in the order of `combinations(voices, 2)`, of the voices given and of those returned, which stay in their
    order. Without weights all stays as it is, and any is as likely to answer as the likeliest.
    """
    if company is None or not voices:
        return list(voices), list(verdicts), max((voice.probability for voice in voices), default=0.0)
    which, both = states(len(voices)), together(len(voices))
    alone = torch.tensor([logit(voice.probability) + company.alone for voice in voices], dtype=torch.float64)
    paired = torch.tensor([company.worth(verdict) for verdict in verdicts], dtype=torch.float64)
    share = (which @ alone + both @ paired).softmax(0)
    answering, joint = (share @ which).tolist(), (share @ both).tolist()
    return (
        [replace(voice, probability=p) for voice, p in zip(voices, answering, strict=True)],
        [replace(verdict, both=p) for verdict, p in zip(verdicts, joint, strict=True)],
        1.0 - float(share[0]),  # the first state is that of none
    )
