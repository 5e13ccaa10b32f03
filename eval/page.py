"""An evaluation -> one HTML page that opens without a network: figures, drawings, every question beside its gold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from eval import plots
from eval.calibration import expected_calibration_error, risk_coverage
from eval.metrics import EXPECTED, MEASURED
from eval.run import Evaluation
from eval.words import LESS_IS_BETTER, words
from index.types import Skipped
from rag.types import Answer

_TEMPLATE = Path(__file__).parent / "page.html"
# What the table of peers and of groups shows.
CHIEF = (
    "status_macro_f1", "answer_accuracy", "conflict_stated", "silent_pick", "false_conflict", "false_refusal",
    "refused_unanswerable", "citation_precision",
)  # fmt: skip


def page(evaluation: Evaluation, before: Mapping[str, Any] | None, skipped: Sequence[Skipped], language: str) -> str:
    """Return the page; `before` is the summary of the run that it is compared with."""
    says = words(language)
    asked = evaluation.asked
    confidence = [asked[q.id].confidence for q in evaluation.questions]
    coverage, risk = risk_coverage(confidence, [evaluation.right(q) for q in evaluation.questions])
    drawings = {
        "risk_coverage": plots.risk_coverage_plot(coverage, risk, says),
        "reliability": plots.reliability_plot(evaluation.bins, says),
        "confusion": plots.confusion_plot(evaluation.overall.confusion, says),
        "by_kind": plots.kinds_plot(evaluation.overall.by_kind, says),
        "latency": plots.latency_plot(evaluation.latency, says),
    }
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    overall = evaluation.overall
    return template.render(
        language=language, says=says, evaluation=evaluation, skipped=skipped, less=LESS_IS_BETTER, chief=CHIEF,
        summary=says["summary"].format(
            questions=overall.questions, cases=len(evaluation.cases), answered=_percent(overall.answer_accuracy),
            stated=_percent(overall.conflict_stated), refused=_percent(overall.refused_unanswerable),
        ),
        headline=[_figure(name, evaluation, before) for name in MEASURED if getattr(overall, name) is not None],
        more=[*evaluation.ranking.items(), *_calibration(evaluation, says)],
        drawings={name: Markup(svg) for name, svg in drawings.items()},  # what matplotlib wrote, which escapes every word
        rows=sorted((_row(question, evaluation) for question in evaluation.questions), key=lambda row: row["right"]),
        expects=list(EXPECTED), percent=_percent,
    )  # fmt: skip


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _figure(name: str, evaluation: Evaluation, before: Mapping[str, Any] | None) -> dict[str, Any]:
    value, old = getattr(evaluation.overall, name), (before or {}).get(name)
    change = None if old is None else round(value - old, 4)
    better = change is not None and (change < 0) == (name in LESS_IS_BETTER)
    interval = evaluation.intervals.get(name)
    return {"name": name, "value": value, "interval": interval, "old": old, "change": change, "better": better}


def _calibration(evaluation: Evaluation, says: Mapping[str, str]) -> list[tuple[str, float | None]]:
    return [
        (says["expected_calibration_error"], expected_calibration_error(evaluation.bins)),
        (says["area_under_risk"], evaluation.area_under_risk),
        (says["answerable_auroc"], evaluation.answerable_auroc),
    ]


def _row(question: Any, evaluation: Evaluation) -> dict[str, Any]:
    asked = evaluation.asked[question.id]
    return {
        "question": question, "answer": asked.answer, "right": evaluation.right(question), "sides": _sides(asked.answer),
        "confidence": asked.confidence, "nearest": asked.answer.related,
    }  # fmt: skip


def _sides(answer: Answer) -> list[tuple[str, list[Any]]]:
    cited = {citation.n: citation for citation in answer.citations}
    return [(side.answer, [cited[n] for n in side.citations]) for side in answer.sides]
