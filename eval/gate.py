"""Measures against the floors kept in `floors.json`: a fall fails, with the questions that came out otherwise before."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from typing import Any

from eval.metrics import MEASURED
from eval.run import Evaluation
from eval.words import LESS_IS_BETTER, words
from index.types import SilangError

FLOORS = Path(__file__).parent / "floors.json"
MARGIN = 0.02  # below what was measured: another processor rounds otherwise, and a question or two may turn


def falls(evaluation: Evaluation, name: str, language: str, path: Path = FLOORS) -> list[str]:
    """Return a line for each floor that is not held, then one for each question that was right when it was set.

    `name` is the set's, as of `eval.inputs.QuestionSet`.

    Raises SilangError when no floors are kept for the set, or they were for other questions, another index or models.
    """
    held, command = _read(path).get(name), f"`silang eval {quote(name)} --set-floors`"
    if held is None or held["of"] != _of(evaluation):
        raise SilangError(
            f"{path.name} holds no floors for the question set {name} as it is now: {command}",
            f"{path.name} tidak memuat batas untuk set pertanyaan {name} yang sekarang: {command}",
        )
    found = {rate: getattr(evaluation.overall, rate) for rate in held["floors"]}
    fallen = [
        f"{rate} {found[rate]} ({words(language)['floor']} {floor})"
        for rate, floor in held["floors"].items()
        if found[rate] is None or _below(rate, found[rate], floor)
    ]
    if not fallen:
        return []
    answers = evaluation.answers
    now_wrong = [q for q in evaluation.questions if q.id in {*held["right"]} and not evaluation.right(q)]
    return [*fallen, *(f"  {q.id} ({q.expect}/{q.kind}) -> {answers[q.id].status}: {q.question}" for q in now_wrong)]


def set_floors(evaluation: Evaluation, name: str, lower: bool, path: Path = FLOORS) -> None:
    """Keep what was measured, less `MARGIN`, as floors; raises SilangError where one would fall and `lower` is not set."""
    floors = {}
    for rate in MEASURED:
        value = getattr(evaluation.overall, rate)
        if value is not None:
            less = rate in LESS_IS_BETTER
            floors[rate] = round(min(1.0, value + MARGIN) if less else max(0.0, value - MARGIN), 4)
    kept = _read(path)
    held = kept.get(name, {"of": {}, "floors": {}})
    if kept.get(name) and held["of"] != _of(evaluation) and not lower:
        raise SilangError(
            f"the floors kept for {name} are of other questions, another index or other models; if these are to replace "
            "them, add --lower",
            f"batas yang tersimpan untuk {name} berasal dari pertanyaan, indeks, atau model lain; jika ini memang untuk "
            "menggantikannya, tambahkan --lower",
        )
    lowered = [rate for rate, floor in held["floors"].items() if _below(rate, floors.get(rate, floor), floor)]
    if lowered and not lower:
        named = ", ".join(lowered)
        raise SilangError(
            f"these floors would be lowered: {named}; if that is meant, add --lower",
            f"batas ini akan diturunkan: {named}; jika memang dimaksudkan, tambahkan --lower",
        )
    right = [question.id for question in evaluation.questions if evaluation.right(question)]
    kept[name] = {"of": _of(evaluation), "floors": floors, "right": right}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _of(evaluation: Evaluation) -> dict[str, Any]:
    """What a floor is for: the questions' digest, the index that they were asked of, the models."""
    return {name: evaluation.about.get(name) for name in ("questions", "index", "encoder", "reader", "judge")}


def _below(rate: str, value: float, floor: float) -> bool:
    return value > floor if rate in LESS_IS_BETTER else value < floor


def _read(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return held
