"""Writes the files of one generation: a copy of the one before, less what is dropped, plus what is put in."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import faiss
import numpy as np

from index.boilerplate import mark
from index.chunk import chunk_article, embedding_text
from index.copies import THRESHOLD, Signature, likeness, originals, signature
from index.encoder import Encoder
from index.generation import DATABASE, SCHEMA, VECTORS, Generation, to_article
from index.language import article_language
from index.lexical import terms
from index.manifest import Manifest, checksum
from index.types import Article, Chunk, Skipped, Span, Text

GROUP = 256  # chunks embedded and written at a time: bounds memory, and still sorts well by length

# Told the stage ("read", "embed", "link"), how much of it is done, and of how much (None where unknown).
Progress = Callable[[str, int, int | None], None]


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """The progress of whoever does not care."""


class GenerationWriter:
    """The files of a generation while they are made in `folder`: a copy of `base`, or empty ones."""

    def __init__(self, folder: Path, base: Generation | None, encoder: Encoder | None, chunk_tokens: int) -> None:
        self.folder, self.encoder, self.chunk_tokens = folder, encoder, chunk_tokens
        if base is not None:
            shutil.copyfile(base.folder / DATABASE, folder / DATABASE)
        self.database = sqlite3.connect(folder / DATABASE)
        self.database.row_factory = sqlite3.Row
        # Nobody reads these files before they are whole and flushed, so a journal would only cost time.
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute("PRAGMA synchronous = OFF")
        if base is not None:
            self.vectors = faiss.read_index(str(base.folder / VECTORS))
            self.model, self.dimension = base.model, base.dimension
        elif encoder is not None:
            self.database.executescript(SCHEMA)
            self.vectors = faiss.IndexIDMap2(faiss.IndexFlatIP(encoder.dimension))
            self.model, self.dimension = encoder.name, encoder.dimension
        rows = self.database.execute("SELECT id, digest, path FROM articles").fetchall()
        self.digests = {row["id"]: row["digest"] for row in rows}
        self.at: defaultdict[tuple[str, str] | None, set[str]] = defaultdict(set)  # place in a file -> ids made from it
        for row in rows:
            self.at[_place(row["id"], row["path"])].add(row["id"])
        self.replaced: list[str] = []
        self.recorded = 0  # unchanged articles whose file was not known, or that stood under two ids
        self.last_row = self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'chunks'")

    def __enter__(self) -> GenerationWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def _one(self, sql: str) -> int:
        return int(self.database.execute(sql).fetchone()[0])

    def put(self, article: Article) -> str | Skipped:
        """Store an article and its chunks; return "new", "changed" or "unchanged", or why it is left out.

        One that was read from the same file by another path, and has its id from that, gives way.
        """
        outcome = self._put(article)
        place = _place(article.id, article.path)
        if place is None or isinstance(outcome, Skipped):
            return outcome
        for other in self.at[place] - {article.id}:
            sql = "SELECT 1 FROM articles WHERE id = ? AND path = ?"
            if self.database.execute(sql, (other, article.path)).fetchone():
                self.drop(other)
                self.recorded += 1
                outcome = "changed" if outcome == "new" else outcome
        self.at[place] = {article.id}
        return outcome

    def _put(self, article: Article) -> str | Skipped:
        digest, stated = article.digest, article.language is not None
        held = self.digests.get(article.id)
        if held == digest:
            if article.path is not None:
                # What came from stdin has none, nor have rows with an id of their own in stores of before.
                sql = "UPDATE articles SET path = ? WHERE id = ? AND path IS NULL"
                self.recorded += self.database.execute(sql, (article.path, article.id)).rowcount
            return "unchanged"
        excluded = mark(article.text, article.title)
        body = _without(article.text, excluded)
        sketch = signature(body)
        if held is not None:
            sql = "SELECT path, url, signature FROM articles WHERE id = ?"
            stored = self.database.execute(sql, (article.id,)).fetchone()
            before: str | None = stored["path"]
            if before and _another_file(article.path, before) and not _is_version(article, sketch, stored):
                # Of one that is gone only the name says something: an upload lay in a temporary folder.
                first = before if Path(before).exists() else Path(before).name
                return Skipped(
                    article.path or article.id,
                    Text(
                        f"its id {article.id!r} is that of another article, from {first}, which is kept: give it another id "
                        "(rename the folder or the file that it is made from), or remove that article first",
                        f"id {article.id!r} sudah dipakai artikel lain, dari {first}, yang disimpan: beri id lain (ganti nama "
                        "folder atau berkas asalnya), atau hapus dulu artikel itu",
                    ),
                )
            if before is None or before != article.path:
                self.replaced.append(article.id)
            self.drop(article.id)
        self.digests[article.id] = digest
        if not stated:
            article = article.with_language(article_language(body))
        assert self.encoder is not None
        chunks = chunk_article(article, excluded, self.encoder.count_tokens, self.chunk_tokens)
        self.database.execute(
            "INSERT INTO articles (id, text, title, source, published, language, language_stated, url, path, "
            "digest, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.text, article.title, article.source, article.published, article.language, stated,
             article.url, article.path, digest, sketch.tobytes()),
        )  # fmt: skip
        for chunk in chunks:
            self._put_chunk(article, chunk)
        return "changed" if held is not None else "new"

    def _put_chunk(self, article: Article, chunk: Chunk) -> None:
        sentences = json.dumps([(s.start, s.end) for s in chunk.sentences])
        cursor = self.database.execute(
            "INSERT INTO chunks (article, start, end, sentences) VALUES (?, ?, ?, ?)",
            (article.id, chunk.start, chunk.end, sentences),
        )
        body = " ".join(terms(embedding_text(article, chunk), article.language))
        self.database.execute("INSERT INTO stems (rowid, body) VALUES (?, ?)", (cursor.lastrowid, body))

    def drop(self, article_id: str) -> None:
        """Take an article, its chunks and their vectors out."""
        rows = [row["row"] for row in self.database.execute("SELECT row FROM chunks WHERE article = ?", (article_id,))]
        self.vectors.remove_ids(faiss.IDSelectorBatch(np.asarray(rows, np.int64)))
        self.database.executemany("DELETE FROM stems WHERE rowid = ?", [(row,) for row in rows])
        self.database.execute("DELETE FROM chunks WHERE article = ?", (article_id,))
        self.database.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        self.digests.pop(article_id, None)

    def embed(self, progress: Progress) -> int:
        """Embed the chunks that have no vector yet, in groups; return how many."""
        assert self.encoder is not None
        total = self._one(f"SELECT count(*) FROM chunks WHERE row > {self.last_row}")
        done, last = 0, self.last_row
        progress("embed", 0, total)
        while True:
            rows = self.database.execute(
                "SELECT row, start, end, articles.* FROM chunks JOIN articles ON articles.id = chunks.article "
                "WHERE row > ? ORDER BY row LIMIT ?",
                (last, GROUP),
            ).fetchall()
            if not rows:
                return done
            texts = [embedding_text(to_article(row), Chunk(row["id"], row["start"], row["end"], ())) for row in rows]

            def tell(count: int) -> None:
                nonlocal done
                done += count
                progress("embed", done, total)

            vectors = self.encoder.passages(texts, tell)
            last = rows[-1]["row"]
            self.vectors.add_with_ids(vectors, np.asarray([row["row"] for row in rows], np.int64))

    def _body(self, article_id: str) -> str:
        row = self.database.execute("SELECT text, title FROM articles WHERE id = ?", (article_id,)).fetchone()
        return _without(row["text"], mark(row["text"], row["title"]))

    def finish(self, number: int, progress: Progress) -> Manifest:
        """Link the copies, close the files and return their manifest."""
        rows = self.database.execute(
            # The earliest stated date is the original; among equals, and undated ones last, what was read first.
            "SELECT id, signature FROM articles ORDER BY published IS NULL, published, ord"
        ).fetchall()
        progress("link", 0, len(rows))
        links = originals({row["id"]: np.frombuffer(row["signature"], np.uint64) for row in rows}, self._body)
        progress("link", len(rows), len(rows))
        self.database.execute("UPDATE articles SET copy_of = NULL")
        self.database.executemany("UPDATE articles SET copy_of = ? WHERE id = ?", [(b, a) for a, b in links.items()])
        chunks = self._one("SELECT count(*) FROM chunks")
        self.database.commit()
        self.database.close()
        # Through a file of Python's, which says so when the disk is full; faiss's own only prints it. Piece by piece, for
        # `serialize_index` would hold all vectors twice; the types that faiss states for itself leave this class out.
        with (self.folder / VECTORS).open("wb") as file:
            faiss.write_index(self.vectors, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
        paths = [self.folder / DATABASE, self.folder / VECTORS]
        return Manifest(
            generation=number, model=self.model, dimension=self.dimension, chunk_tokens=self.chunk_tokens,
            created=datetime.now(UTC).isoformat(timespec="seconds"), silang=version("silang"), articles=len(rows),
            chunks=chunks, copies=len(links), files={p.name: (p.stat().st_size, checksum(p)) for p in paths},
        )  # fmt: skip


def _place(id: str, path: str | None) -> tuple[str, str] | None:
    """The file and row of an article whose id is made from them, by whichever path they were reached; else None."""
    row = re.search(r"(?:#[0-9a-f]{10})?\Z", id)
    if path is None or row is None:
        return None
    name = " ".join(Path(path).name.split())
    return (path, row[0]) if id[: row.start()].endswith(f"/{name}") else None


def _another_file(path: str | None, before: str) -> bool:
    """Whether what is read from `path` cannot be an update of what was read from `before`.

    A file of the same name is one where the file before is gone: it was moved, or uploaded again.
    """
    if path is None:
        return True
    return path != before and (Path(path).name != Path(before).name or Path(before).exists())


def _is_version(article: Article, sketch: Signature, stored: sqlite3.Row) -> bool:
    """Whether an article is the stored one as it was written again: it has its address, or a text like it."""
    known = stored["url"] is not None and stored["url"] == article.url
    return known or likeness(np.frombuffer(stored["signature"], np.uint64), sketch) >= THRESHOLD


def _without(text: str, excluded: Sequence[Span]) -> str:
    """The text less the excluded spans."""
    pieces, at = [], 0
    for span in excluded:
        pieces.append(text[at : span.start])
        at = span.end
    return "".join([*pieces, text[at:]])
