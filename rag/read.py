"""Question + passages -> evidence: the `Reader` protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.types import Evidence, Passage, Question


class Reader(Protocol):
    """Finds where passages answer a question."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        """Return candidate evidence, most probable first; probabilities are comparable across questions."""
