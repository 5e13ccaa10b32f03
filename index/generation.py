"""One generation of the index: vectors in FAISS, articles and chunks and full text in SQLite, a manifest with sums."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

import faiss
import numpy as np

from index.manifest import Manifest
from index.store import RARE, ArticleInfo, StoredChunk, Vectors
from index.types import Article, Chunk, Filters, SilangError, Span

DATABASE, VECTORS = "articles.sqlite", "vectors.faiss"

SCHEMA = """
CREATE TABLE articles (
    ord INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, title TEXT, source TEXT,
    published TEXT, language TEXT, language_stated INTEGER NOT NULL, url TEXT, path TEXT, digest TEXT NOT NULL,
    signature BLOB NOT NULL, copy_of TEXT
);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentences TEXT NOT NULL
);
CREATE INDEX chunks_by_article ON chunks (article);
-- Stems of title and chunk; rowid = chunks.row.
CREATE VIRTUAL TABLE stems USING fts5 (body, tokenize = "unicode61 remove_diacritics 2");
"""


def to_article(row: sqlite3.Row) -> Article:
    """One row of the table of articles."""
    return Article(
        row["id"], row["text"], row["title"], row["source"], row["published"], row["language"], row["url"], row["path"]
    )


class Generation:
    """A `Store` that reads one generation's folder; safe to use from several threads, never written to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)
        self.manifest.verify(folder)
        # `immutable` keeps SQLite from making lock files beside a store that may be read-only.
        uri = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        self._lock = Lock()
        self._vectors = faiss.read_index(str(folder / VECTORS))

    @property
    def generation(self) -> int:
        """Which build this is."""
        return self.manifest.generation

    @property
    def model(self) -> str:
        """Name of the encoder whose vectors are held."""
        return self.manifest.model

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.manifest.dimension

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    @cached_property
    def _written_in(self) -> dict[str | None, int]:
        """How many articles are in each language, most frequent first; counted once, for every question asks for it."""
        rows = self._query(
            "SELECT language, count(*) AS articles FROM articles GROUP BY language ORDER BY articles DESC, language"
        )
        return {row["language"]: row["articles"] for row in rows}

    def languages(self, share: float = RARE) -> tuple[str, ...]:
        """Return the languages of at least that share of the articles, most frequent first."""
        least = share * sum(self._written_in.values())
        return tuple(name for name, articles in self._written_in.items() if name is not None and articles >= least)

    def infos(self) -> list[ArticleInfo]:
        """Return what is indexed, in the order it was first read."""
        rows = self._query(
            "SELECT id, title, source, published, language, url, copy_of, length(text) AS characters, "
            "(SELECT count(*) FROM chunks WHERE article = articles.id) AS chunks FROM articles ORDER BY ord"
        )
        return [ArticleInfo(**{key: row[key] for key in row.keys()}) for row in rows]  # noqa: SIM118 (sqlite3.Row iterates over values)

    def article(self, article_id: str) -> Article:
        """Return a stored article; raises SilangError when there is none of that id."""
        return to_article(self._row(article_id))

    def given(self, article_id: str) -> Article:
        """Return a stored article as it was given: without a language that was detected."""
        row = self._row(article_id)
        return to_article(row) if row["language_stated"] else to_article(row).with_language(None)

    def _row(self, article_id: str) -> sqlite3.Row:
        rows = self._query("SELECT * FROM articles WHERE id = ?", (article_id,))
        if not rows:
            raise SilangError(
                f"no article has the id {article_id!r}: `silang articles` lists the ids",
                f"tidak ada artikel dengan id {article_id!r}: `silang articles` menampilkan daftarnya",
            )
        return rows[0]

    def dense(self, vector: Vectors, k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return the k rows nearest to a unit vector with their cosines, best first."""
        parameters = None
        if not self._vectors.ntotal:
            return []
        if filters:
            allowed = np.asarray(self._allowed(filters), np.int64)
            if not allowed.size:
                return []
            selector = faiss.IDSelectorBatch(allowed)
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        scores, rows = self._vectors.search(vector[None, :], min(k, self._vectors.ntotal), params=parameters)
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]

    def _allowed(self, filters: Filters) -> list[int]:
        clause, values = _where(filters)
        sql = f"SELECT row FROM chunks JOIN articles ON articles.id = chunks.article WHERE {clause}"
        return [row["row"] for row in self._query(sql, values)]

    def count(self, filters: Filters) -> int:
        """Return how many articles the filters keep."""
        clause, values = _where(filters)
        return int(self._query(f"SELECT count(*) AS n FROM articles WHERE {clause}", values)[0]["n"])

    def lexical(self, stems: Sequence[str], k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return the k rows with the highest BM25 for any of the stems (higher is better), best first."""
        if not stems:
            return []
        # Stems hold word characters only, so quoting them is all that FTS5's syntax asks for.
        match = " OR ".join(f'"{stem}"' for stem in stems)
        clause, values = _where(filters)
        rows = self._query(
            f"SELECT stems.rowid AS row, -bm25(stems) AS score FROM stems JOIN chunks ON chunks.row = stems.rowid "
            f"JOIN articles ON articles.id = chunks.article WHERE stems MATCH ? AND {clause} ORDER BY bm25(stems) LIMIT ?"
            if filters
            else "SELECT rowid AS row, -bm25(stems) AS score FROM stems WHERE stems MATCH ? ORDER BY bm25(stems) LIMIT ?",
            (match, *values, k),
        )
        return [(row["row"], row["score"]) for row in rows]

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """Return the cosine of each row with a unit vector."""
        return [float(self._vectors.reconstruct(int(row)) @ vector) for row in rows]

    def chunks(self, rows: Sequence[int]) -> list[StoredChunk]:
        """Return the chunks of the rows, in their order."""
        holes = ",".join("?" * len(rows))
        found = {
            row["row"]: StoredChunk(
                row["row"],
                Chunk(
                    row["article"],
                    row["start"],
                    row["end"],
                    tuple(Span(a, b) for a, b in json.loads(row["sentences"])),
                ),
                row["copy_of"] or row["article"],
            )
            for row in self._query(
                "SELECT chunks.*, articles.copy_of FROM chunks JOIN articles ON articles.id = chunks.article "
                f"WHERE row IN ({holes})",
                tuple(rows),
            )
        }
        return [found[row] for row in rows]

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()


def _where(filters: Filters) -> tuple[str, list[str]]:
    """SQL over the table of articles that keeps what the filters allow."""
    clauses, values = ["1"], []
    for column, allowed in (("source", filters.sources), ("language", filters.languages)):
        if allowed:
            clauses.append(f"articles.{column} IN ({','.join('?' * len(allowed))})")
            values += sorted(allowed)
    for bound, sign in ((filters.since, ">="), (filters.until, "<=")):
        if bound:
            clauses.append(f"articles.published {sign} ?")
            values.append(bound)
    return " AND ".join(clauses), values
