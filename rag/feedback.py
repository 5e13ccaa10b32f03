"""What people say of answers -> `feedback.jsonl` in the store's folder, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from index.types import SilangError

FILE = "feedback.jsonl"
NOTE = 500  # characters of a note that are kept


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict ("useful", "wrong_answer", "missed_conflict", "wrong_citation") on an answer of one index generation."""

    question: str
    answer: Mapping[str, Any]
    generation: int
    verdict: str
    note: str
    given: str

    @classmethod
    def of(cls, question: str, answer: Mapping[str, Any], generation: int, verdict: str, note: str) -> Feedback:
        """Return feedback that is given now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(question, answer, generation, verdict, " ".join(str(note).split())[:NOTE], now)


def record(folder: Path, feedback: Feedback) -> None:
    """Append feedback to the file in a store's folder; several may do so at once."""
    with FileLock(folder / f"{FILE}.lock"), (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(feedback), ensure_ascii=False) + "\n")


def recorded(folder: Path) -> list[Feedback]:
    """Return what was recorded, oldest first; raises SilangError when nothing was."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").split("\n")  # a quotation may hold other line ends
    except FileNotFoundError as error:
        raise SilangError(
            f"there is no feedback in {folder}: rate answers on the chat page first",
            f"belum ada penilaian di {folder}: nilai jawaban di halaman obrolan dulu",
        ) from error
    given = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                given.append(Feedback(**json.loads(line)))
            except (ValueError, TypeError) as error:
                raise SilangError(
                    f"{folder / FILE}:{number} is not feedback as the chat page writes it ({error}): mend or delete the line",
                    f"{folder / FILE}:{number} bukan penilaian seperti yang ditulis halaman obrolan ({error}): perbaiki atau "
                    "hapus barisnya",
                ) from error
    return given
