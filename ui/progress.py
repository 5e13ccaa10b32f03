"""Progress bars on the terminal: stages of a build, and counted work, with rate and time left."""

from __future__ import annotations

import sys
from types import TracebackType

from tqdm import tqdm

from ui.messages import say

_UNITS = {
    "read": "articles_unit",
    "embed": "chunks_unit",
    "link": "articles_unit",
    "ask": "questions_unit",
    "peers": "questions_unit",
}


class Bars:
    """A bar a stage, on stderr; a context manager, so that the last bar is closed whatever happens."""

    def __init__(self, language: str) -> None:
        self._language, self._stage = language, ""
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Show that `done` of `total` (None: unknown) is done in a stage."""
        if stage != self._stage:
            self._close()
            self._stage = stage
            unit = " " + say(_UNITS[stage], self._language)
            # Off a terminal a line every ten seconds and one at the end, so that logs stay short.
            pace = 0.2 if sys.stderr.isatty() else 10
            self._bar = tqdm(
                total=total, desc=say(stage, self._language), unit=unit, mininterval=pace, dynamic_ncols=True
            )
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
