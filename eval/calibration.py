"""Confidence and whether it was right -> reliability, expected calibration error, risk and coverage. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes whose confidence lies in one tenth of [0, 1]: how many, their mean confidence, the share that is right."""

    n: int
    confidence: float
    right: float


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Return the bins that hold something, lowest first (reliability diagram, DeGroot & Fienberg 1983)."""
    p, y = np.array(confidence, float), np.array(right, float)
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return [
        Bin(int(here.sum()), round(float(p[here].mean()), 4), round(float(y[here].mean()), 4))
        for here in (place == b for b in range(BINS))
        if here.any()
    ]


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of confidence and share right, weighted by the bins' sizes (Naeini et al. 2015)."""
    return round(sum(b.n * abs(b.confidence - b.right) for b in bins) / max(1, sum(b.n for b in bins)), 4)


def risk_coverage(
    confidence: Sequence[float], right: Sequence[bool]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return (coverage, risk), each of shape (outcomes,): the error among the surest so many (El-Yaniv & Wiener 2010)."""
    p, wrong = np.array(confidence, float), ~np.array(right, bool)
    order, kept = np.argsort(-p, kind="stable"), np.arange(1, len(p) + 1)
    # Outcomes of one confidence have no order: each counts as wrong as they are on average.
    mean = {value: wrong[p == value].mean() for value in set(p)}
    return kept / len(p), np.cumsum([mean[p[i]] for i in order]) / kept


def area_under_risk(risk: npt.NDArray[np.float64]) -> float:
    """Return the mean risk over all coverages (Geifman & El-Yaniv 2017); less is better."""
    return round(float(risk.mean()), 4) if len(risk) else 0.0
