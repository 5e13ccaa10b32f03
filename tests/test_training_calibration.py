from __future__ import annotations

import random
import shutil
from dataclasses import astuple
from pathlib import Path

import pytest
from builders import evidence

from rag.adapter import fingerprint, load_adapter
from rag.judge import RELATIONS
from rag.reader import ADAPTER, Calibration, SpanScore, beside_adapter
from rag.training.calibration import Compared, calibrate_reader, fit_calibration, fit_company, fit_temperature
from rag.training.cases import case_store, cases
from rag.types import Relation, Verdict


def test_constants_are_fitted_to_what_is_read_once_and_to_what_is_read_twice() -> None:
    draw, true = random.Random(7), Calibration(-1.0, 0.5, 0.8, 2.0, 0.4)
    scores = [SpanScore(0, 1, draw.gauss(0, 3), -draw.random(), n % 2 == 0) for n in range(20_000)]
    fit = fit_calibration([(score, draw.random() < true.probability(score)) for score in scores])
    assert astuple(fit) == pytest.approx(astuple(true), abs=0.15)


@pytest.mark.model
def test_constants_are_written_into_the_adapter_and_its_weights_stay(tmp_path: Path) -> None:
    adapter = Path(shutil.copy(ADAPTER, tmp_path))
    rows = cases("held")[:1]
    fit = calibrate_reader(adapter, rows, case_store(tmp_path / "store", rows), twice=False)
    before, after = load_adapter(ADAPTER)[1], load_adapter(adapter)[1]
    assert Calibration(**after["calibration"]) == fit != Calibration(**before["calibration"])
    assert fit.logit > 0 and (fit.beside, fit.beside_logit) == (0, 0)  # nothing was read twice
    assert after["calibrated_on"].startswith("1 held-out cases") and after["settings"] == before["settings"]
    assert fingerprint(adapter) == fingerprint(ADAPTER)
    assert (before["beside"], after["beside"]) == (fingerprint(beside_adapter(ADAPTER)), "")


def test_company_learns_that_who_says_the_same_answers_and_who_is_apart_does_not() -> None:
    def compared(answers: list[bool], relation: Relation) -> Compared:
        verdict = Verdict(*(0.95 if relation == name else 0.05 / 3 for name in RELATIONS))
        voices = [evidence("4", article=str(n), probability=0.5) for n in range(len(answers))]
        return Compared(voices, answers, [relation], [verdict])

    items = (
        [compared([True, True], "same")] * 9
        + [compared([True, False], "unrelated")] * 9
        + [compared([False, False], "unrelated")] * 3
    )
    company = fit_company(items)
    assert company.related > 0 and company.support > 0
    assert fit_temperature(items) < 1.0
    folded = Compared(items[0].voices, [True, True], ["compatible"], [Verdict(0.97, 0.01, 0.0, 0.02)])
    assert fit_temperature([*items, *[folded] * 50]) == fit_temperature(items)
    assert (
        fit_temperature(
            [
                compared([True, True], "same"),
                Compared(items[0].voices, [True, True], ["incompatible"], items[0].verdicts),
            ]
        )
        > 3
    )
