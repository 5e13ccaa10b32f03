"""Measures -> the lines that `silang eval` prints."""

from __future__ import annotations

from dataclasses import fields

from eval.metrics import Measures
from eval.run import Evaluation

_DETAIL = ("by_kind", "confusion", "misses")


def as_text(evaluation: Evaluation) -> str:
    """The measures over all questions beside those of each language, then by kind, then every miss."""
    columns = {"all": evaluation.overall, **evaluation.languages}
    lines = ["".join([f"{'':24}", *(f"{name:>10}" for name in columns)])]
    for field in fields(Measures):
        if field.name not in _DETAIL:
            lines.append("".join([f"{field.name:24}", *(_cell(getattr(m, field.name)) for m in columns.values())]))
    lines += ["", "right / asked by kind"]
    kinds = evaluation.overall.by_kind
    for kind, (right, total) in kinds.items():
        cells = [f"{r}/{t}" for r, t in (m.by_kind.get(kind, (0, 0)) for m in evaluation.languages.values())]
        lines.append("".join([f"{kind:36}", f"{f'{right}/{total}':>10}", *(f"{cell:>10}" for cell in cells)]))
    lines += ["", "confusion: " + ", ".join(f"{key} {n}" for key, n in evaluation.overall.confusion.items())]
    lines += ["", f"misses ({len(evaluation.overall.misses)})"]
    lines += [f"  {question}: {what}" for question, what in evaluation.overall.misses]
    return "\n".join(lines)


def _cell(value: float | int | None) -> str:
    if value is None:
        return f"{'-':>10}"
    return f"{value:>10}" if isinstance(value, int) else f"{value:>10.4f}"
