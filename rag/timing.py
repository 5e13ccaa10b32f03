"""Stages of work -> the milliseconds that each took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Milliseconds spent in each named stage, and in all since the clock was made."""

    def __init__(self) -> None:
        self._begun, self._spent = time.perf_counter(), dict[str, float]()

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time what is done inside as a stage."""
        begun = time.perf_counter()
        yield
        self._spent[stage] = self._spent.get(stage, 0.0) + 1000 * (time.perf_counter() - begun)

    def stages(self) -> dict[str, float]:
        """Return the milliseconds of `total` and of each stage."""
        total = 1000 * (time.perf_counter() - self._begun)
        return {stage: round(spent, 2) for stage, spent in {"total": total, **self._spent}.items()}
