"""What is found for the questions of a set, kept, so that many thresholds can be tried without reading again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from eval.cases import GoldQuestion
from eval.metrics import Measures, is_right, measure
from rag.decide import Thresholds, decide
from rag.pipeline import Findings, Silang

Found = Sequence[tuple[GoldQuestion, Findings]]


def find_all(silang: Silang, questions: Iterable[GoldQuestion]) -> Found:
    """Read and compare for every question."""
    return [(question, silang.find(question.question)) for question in questions]


def outcome(silang: Silang, found: Found, thresholds: Thresholds, texts: Mapping[str, str]) -> Measures:
    """Return the measures of what would be answered under the thresholds."""
    answers = {question.id: silang.conclude(findings, thresholds) for question, findings in found}
    return measure([question for question, _ in found], answers, texts)


def right(silang: Silang, found: Found, grid: Sequence[Thresholds]) -> npt.NDArray[np.bool_]:
    """Return whether each question comes out right under each thresholds, shape (thresholds, questions)."""
    return np.array([[is_right(q, silang.conclude(findings, t)) for q, findings in found] for t in grid])


def balanced(rights: npt.NDArray[np.bool_], found: Found) -> npt.NDArray[np.float64]:
    """Return the mean of the shares that are right of answers, conflicts and refusals, shape (thresholds,)."""
    expects = np.array([question.expect for question, _ in found])
    shares = np.stack([rights[:, expects == e].mean(axis=1) for e in sorted(set(expects))])
    means: npt.NDArray[np.float64] = shares.mean(axis=0)
    return means


def statuses(found: Found, grid: Sequence[Thresholds]) -> npt.NDArray[np.str_]:
    """Return how each question comes out under each thresholds, shape (thresholds, questions)."""
    return np.array([[decide(f.voices, f.relate, t, f.answerable).status for _, f in found] for t in grid])
