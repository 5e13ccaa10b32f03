"""What every format is read into: a raw article with what its file states, or a Skipped that says why not."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from index.metadata import Stated
from index.types import Skipped, Text


@dataclass(frozen=True, slots=True)
class Raw:
    """An article as its file gives it; `where` names the file, and the line in a file of rows."""

    where: str
    text: str
    stated: Stated
    id: str | None = None


Reader = Callable[[BinaryIO, str, int], Iterator[Raw | Skipped]]


def skipped(where: str, en: str, id: str) -> Skipped:
    """A Skipped whose reason, in English and Indonesian, is one line each."""
    return Skipped(where, Text(" ".join(en.split()), " ".join(id.split())))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' remarks on broken files from the person: what matters is told as a Skipped."""
    loggers = [logging.getLogger(name) for name in ("pypdf", "trafilatura", "htmldate", "courlan")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
