"""An evaluation -> the lines that `silang eval` prints, and the files that it leaves in a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.metrics import MEASURED
from eval.page import CHIEF, page
from eval.run import Evaluation
from eval.words import words
from index.types import SilangError, Skipped, Text


def as_text(evaluation: Evaluation, language: str) -> str:
    """The measures over all questions with their intervals and those of each language, then by kind, then every miss.

    Measures have the names that `--json` gives them.
    """
    overall, languages = evaluation.overall, evaluation.groups["language"]
    said = words(language)
    lines = ["".join([f"{'':24}{said['all']:>10}  {said['interval']:16}", *(f"{name:>10}" for name in languages)])]
    for name in ("questions", "missing", *MEASURED):
        interval = evaluation.intervals.get(name)
        between = f"{interval[0]:.4f} - {interval[1]:.4f}" if interval else ""
        cells = "".join(_cell(getattr(m, name)) for m in languages.values())
        lines.append(f"{name:24}{_cell(getattr(overall, name))}  {between:16}{cells}")
    lines += ["", said["right_of_asked"]]
    for kind, (right, total) in overall.by_kind.items():
        by_language = [f"{r}/{t}" for r, t in (m.by_kind.get(kind, (0, 0)) for m in languages.values())]
        lines.append("".join([f"{kind:36}", f"{f'{right}/{total}':>10}", *(f"{cell:>10}" for cell in by_language)]))
    lines += ["", f"{said['confused']}: " + ", ".join(f"{key} {n}" for key, n in overall.confusion.items())]
    if evaluation.peers:
        lines += ["", said["peers"]]
        for rule, found in {"silang": overall, **evaluation.peers}.items():
            measures = (
                found.say(language)
                if isinstance(found, Text)
                else "  ".join(f"{n} {_cell(getattr(found, n)).strip()}" for n in CHIEF)
            )
            lines.append(f"{rule:26}{measures}")
    lines += ["", f"{said['misses']} ({len(overall.misses)})"]
    lines += [f"  {question}: {what}" for question, what in overall.misses]
    return "\n".join(lines)


def _cell(value: float | int | None) -> str:
    if value is None:
        return f"{'-':>10}"
    return f"{value:>10}" if isinstance(value, int) else f"{value:>10.4f}"


def write_report(evaluation: Evaluation, folder: Path, skipped: Sequence[Skipped], language: str) -> None:
    """Write `report.html`, `summary.json` and `answers.jsonl` into a folder.

    The page compares with the `summary.json` that the folder held, if that is of the same questions. A line of
    `answers.jsonl` is the JSON answer with what was expected, whether it is right and how sure Silang was.
    """
    summary = folder / "summary.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    html = page(evaluation, _before(summary, evaluation), skipped, language)
    lines = []
    for question in evaluation.questions:
        asked = evaluation.asked[question.id]
        more = {
            "expect": question.expect, "kind": question.kind, "right": evaluation.right(question),
            "confidence": asked.confidence, "answerable": asked.answerable, "retrieved": asked.retrieved,
        }  # fmt: skip
        lines.append(json.dumps({**asked.answer.to_json(), **more}, ensure_ascii=False) + "\n")
    try:
        (folder / "answers.jsonl").write_text("".join(lines), encoding="utf-8")
        (folder / "report.html").write_text(html, encoding="utf-8")
        summary.write_text(json.dumps(evaluation.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _before(summary: Path, evaluation: Evaluation) -> Mapping[str, Any] | None:
    """Return the measures of the run before, if it is there and was on the same questions."""
    try:
        held = json.loads(summary.read_text(encoding="utf-8"))
        same: bool = held["about"]["questions"] == evaluation.about["questions"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return held if same else None


def _unwritable(folder: Path, error: Exception) -> SilangError:
    return SilangError(
        f"the report cannot be written to {folder} ({error}): name another --report",
        f"laporan tidak bisa ditulis ke {folder} ({error}): sebutkan --report lain",
    )
