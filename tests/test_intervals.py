from __future__ import annotations

import numpy as np
import pytest
from test_metrics import AGREE, CLASH, REFUSED, SILENT, TEXTS, A, answered

from eval.calibration import area_under_risk, expected_calibration_error, reliability, risk_coverage
from eval.cases import Case
from eval.intervals import case_counts, intervals
from eval.metrics import measure, rates


def counted(*hits: tuple[int, int]) -> list[dict[str, float]]:
    return [{"questions": n, "answer": n, "answer right": k, "answer->answered": n} for k, n in hits]


def test_an_interval_holds_the_measure_and_narrows_with_more_cases() -> None:
    few, many = (
        intervals(counted((3, 4), (1, 4), (4, 4), (2, 4))),
        intervals(counted(*[(3, 4), (1, 4), (4, 4), (2, 4)] * 25)),
    )
    for low, high in (few["answer_accuracy"], many["answer_accuracy"]):
        assert low <= 0.625 <= high
    width = [high - low for low, high in (few["answer_accuracy"], many["answer_accuracy"])]
    assert width[1] < width[0] / 3


def test_questions_of_one_case_are_drawn_together() -> None:
    """All right in one case and all wrong in the other: a draw is 0, half or all, never in between."""
    assert intervals(counted((50, 50), (0, 50)))["answer_accuracy"] == (0.0, 1.0)


def test_a_measure_of_few_cases_has_an_interval_too() -> None:
    counts = [*counted(*[(1, 2)] * 20), {"questions": 1, "unanswerable": 1, "unanswerable right": 1}]
    assert intervals(counts)["refused_unanswerable"] == (1.0, 1.0)


def test_outcomes_of_one_confidence_have_no_order() -> None:
    one, other = (
        risk_coverage([0.5] * 4, right)[1] for right in ([True, True, False, False], [False, False, True, True])
    )
    assert one.tolist() == other.tolist() == [0.5] * 4


def test_what_all_cases_agree_on_has_no_width_and_what_is_never_asked_no_interval() -> None:
    found = intervals(counted((2, 2), (3, 3), (1, 1)))
    assert found["answer_accuracy"] == (1.0, 1.0) and "conflict_stated" not in found
    assert intervals(counted((2, 2))) == {}


def test_the_counts_of_the_cases_add_up_to_the_measures() -> None:
    cases = [Case("x", (), (AGREE, SILENT)), Case("y", (), (CLASH,))]
    answers = {"q1": answered("empat orang", A), "q2": answered("empat orang", A), "q3": REFUSED}
    counts = case_counts(cases, answers, TEXTS)
    names = {name for count in counts for name in count}
    summed = rates({name: np.array(sum(count.get(name, 0.0) for count in counts)) for name in names})
    whole = measure([AGREE, CLASH, SILENT], answers, TEXTS)
    for name, value in summed.items():
        assert getattr(whole, name) == pytest.approx(float(value), abs=1e-4), name


def test_perfect_confidence_has_no_calibration_error_and_the_least_risk() -> None:
    confidence, right = [1.0, 1.0, 0.0, 0.0], [True, True, False, False]
    bins = reliability(confidence, right)
    assert [(b.n, b.confidence, b.right) for b in bins] == [(2, 0.0, 0.0), (2, 1.0, 1.0)]
    assert expected_calibration_error(bins) == 0
    coverage, risk = risk_coverage(confidence, right)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0] and risk.tolist() == [0, 0, pytest.approx(1 / 3), 0.5]
    worst = risk_coverage(confidence, [not r for r in right])[1]
    assert area_under_risk(risk) < area_under_risk(worst)


def test_calibration_error_is_the_weighted_distance_of_the_bins() -> None:
    bins = reliability([0.95] * 4 + [0.15] * 4, [True, True, True, False, True, False, False, False])
    assert expected_calibration_error(bins) == pytest.approx((4 * 0.2 + 4 * 0.1) / 8)
