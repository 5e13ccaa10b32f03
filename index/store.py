"""What retrieval needs of an index: the `Store` protocol and the records that come out of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.types import Article, Chunk, Filters

Vectors = npt.NDArray[np.float32]
RARE = 0.02  # share of the articles below which a language is taken for that of a misjudged article


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """One row of what is indexed; `copy_of` is the id of the article that this one reposts."""

    id: str
    title: str | None
    source: str | None
    published: str | None
    language: str | None
    url: str | None
    copy_of: str | None
    chunks: int
    characters: int


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk with its row number and `origin`: the id under which its article counts as one source."""

    row: int
    chunk: Chunk
    origin: str


class Store(Protocol):
    """An immutable, searchable index. Rows number chunks."""

    @property
    def generation(self) -> int:
        """Which build this is: it grows with every build of the same folder."""

    @property
    def model(self) -> str:
        """Name of the encoder whose vectors are held."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def languages(self, share: float = RARE) -> tuple[str, ...]:
        """Return the languages of at least that share of the articles, most frequent first."""

    def infos(self) -> list[ArticleInfo]:
        """Return what is indexed, in the order it was first read."""

    def article(self, article_id: str) -> Article:
        """Return a stored article; raises SilangError when there is none of that id."""

    def count(self, filters: Filters) -> int:
        """Return how many articles the filters keep."""

    def dense(self, vector: Vectors, k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return the k rows nearest to a unit vector with their cosines, best first."""

    def lexical(self, stems: Sequence[str], k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return the k rows with the highest BM25 for any of the stems (higher is better), best first."""

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """Return the cosine of each row with a unit vector."""

    def chunks(self, rows: Sequence[int]) -> list[StoredChunk]:
        """Return the chunks of the rows, in their order."""
