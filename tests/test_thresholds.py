from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from builders import evidence

from eval.cases import Expect, GoldQuestion
from eval.outcomes import Found, statuses
from eval.thresholds import GRID, best
from rag.decide import Thresholds
from rag.pipeline import Findings
from rag.timing import Clock
from rag.types import Question, Verdict


def found(expect: Expect, *conflicts: float) -> Found:
    """Questions with two sure voices each, and how probable it is that these conflict."""
    asked = Question("Berapa korban?", "id", "number", ())
    voices = [evidence("4", article="a"), evidence("9", article="b")]

    def findings(conflict: float) -> Findings:
        verdict = Verdict(1 - conflict, 0.0, conflict, 0.0, "number", both=1.0)
        return Findings(asked.text, asked, [], 0.95, voices, lambda a, b: verdict, Clock())

    return [
        (GoldQuestion(f"q{n}", "id", "Berapa korban?", expect, "number", ()), findings(c))
        for n, c in enumerate(conflicts)
    ]


def all_right(questions: Found) -> npt.NDArray[np.bool_]:
    return np.ones((len(GRID), len(questions)), dtype=bool)


def chosen(questions: Found, rights: npt.NDArray[np.bool_] | None = None) -> Thresholds:
    return GRID[best(all_right(questions) if rights is None else rights, statuses(questions, GRID), questions)]


def test_the_most_right_outcomes_come_first() -> None:
    questions = found("answer", 0.0, 0.0) + found("conflict", 0.9, 0.9)
    rights = np.array([[t.answers == 0.6 and t.conflict == 0.7] * len(questions) for t in GRID])
    assert (chosen(questions, rights).answers, chosen(questions, rights).conflict) == (0.6, 0.7)


def test_of_thresholds_as_good_those_are_taken_that_pick_a_side_silently_less_and_hear_least() -> None:
    taken = chosen(found("answer", 0.0) + found("conflict", *(n / 10 + 0.02 for n in range(10))))
    assert taken.conflict < 0.2  # the middle of the tenth that states most of them, not of all
    assert taken.heard == max(t.heard for t in GRID)


def test_no_more_than_one_answer_in_twenty_may_be_called_a_conflict() -> None:
    agreeing = found("answer", *[0.0] * 37, 0.62, 0.62, 0.62)
    assert chosen(agreeing + found("conflict", *(n / 10 + 0.02 for n in range(10)))).conflict > 0.62


def test_a_judge_that_cries_conflict_whatever_the_thresholds_cannot_be_tuned() -> None:
    questions = found("answer", 1.0, 1.0)
    with pytest.raises(ValueError, match="judge"):
        chosen(questions)
