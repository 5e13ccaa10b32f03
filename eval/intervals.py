"""Counts of each case -> 95 % intervals of the measures, by bootstrap over cases (Efron & Tibshirani 1993).

Whole cases are drawn, not questions: the questions of one case ask the same articles and are not independent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from eval.cases import Case
from eval.metrics import rates, short_answer, tally
from rag.types import Answer

DRAWS = 2000
SEED = 7
LEVEL = 0.95
Interval = tuple[float, float]


def case_counts(
    cases: Sequence[Case], answers: Mapping[str, Answer], texts: Mapping[str, str]
) -> list[dict[str, float]]:
    """Return what the questions of each case that has some add to the measures."""
    counts = []
    for case in (case for case in cases if case.questions):
        count: defaultdict[str, float] = defaultdict(float)
        for question in case.questions:
            answer = answers.get(question.id)
            for part, value in {**tally(question, answer, texts), **short_answer(question, answer)}.items():
                count[part] += value
        counts.append(dict(count))
    return counts


def intervals(counts: Sequence[Mapping[str, float]]) -> dict[str, Interval]:
    """Return (low, high) of each measure over the draws that hold something of it; a set of one case has none."""
    if len(counts) < 2:
        return {}
    names = sorted({name for count in counts for name in count})
    table = np.array([[count.get(name, 0.0) for name in names] for count in counts])
    drawn = np.random.default_rng(SEED).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), DRAWS)
    found = rates(dict(zip(names, (drawn @ table).T, strict=True)))
    outside = (1 - LEVEL) / 2
    return {
        name: (round(float(low), 4), round(float(high), 4))
        for name, values in found.items()
        if not np.isnan(values).all()
        for low, high in [np.nanquantile(values, [outside, 1 - outside])]
    }
