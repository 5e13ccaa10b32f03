"""Articles in -> a new generation of the index: read, chunk, embed what changed, link the copies, swap."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import faiss
import numpy as np

from index.boilerplate import mark
from index.chunk import BUDGET, chunk_article, embedding_text
from index.copies import originals, signature
from index.encoder import Encoder
from index.folder import StoreFolder
from index.generation import DATABASE, SCHEMA, VECTORS, Generation, Manifest, checksum, to_article
from index.language import article_language
from index.lexical import terms
from index.types import Article, Chunk, SilangError, Skipped, Span

GROUP = 256  # chunks embedded and written at a time: bounds memory, and still sorts well by length

# Told the stage ("read", "embed", "link"), how much of it is done, and of how much (None where unknown).
Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class Report:
    """What a build did, in articles; `generation` is None where nothing had to change."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    copies: int = 0
    articles: int = 0
    chunks: int = 0
    embedded: int = 0
    seconds: float = 0.0
    generation: int | None = None
    skipped: list[Skipped] = field(default_factory=list)


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """The progress of whoever does not care."""


def build_index(
    store: StoreFolder,
    items: Iterable[Article | Skipped],
    encoder: Encoder,
    *,
    rebuild: bool = False,
    progress: Progress = silent,
    chunk_tokens: int = BUDGET,
) -> Report:
    """Add `items` to the index, or with `rebuild` make it anew of them alone; return the report.

    An article whose content is as stored is neither chunked nor embedded again; one that is new under its id or whose
    content changed is. Raises SilangError, and leaves what serves untouched, when nothing could be read, when the
    store was made by another model, or when another builder is at work.
    """
    begun = time.monotonic()
    base = None if rebuild or not store.exists() else store.current()
    if base is not None:
        check_model(base, encoder, store.path)
        if base.manifest.chunk_tokens != chunk_tokens:
            raise SilangError(
                f"the store {store.path} has chunks of {base.manifest.chunk_tokens} tokens, not {chunk_tokens}: "
                f"run `silang index --rebuild --store {store.path}`",
                f"indeks {store.path} memakai potongan {base.manifest.chunk_tokens} token, bukan {chunk_tokens}: "
                f"jalankan `silang index --rebuild --store {store.path}`",
            )
    report = Report()
    with store.building() as (number, folder):
        with _Writer(folder, base, encoder, chunk_tokens) as writer:
            for item in items:
                if isinstance(item, Skipped):
                    report.skipped.append(item)
                    continue
                report.read += 1
                setattr(report, outcome := writer.put(item), getattr(report, outcome) + 1)
                progress("read", report.read, None)
            if not report.read:
                raise _nothing_read(report.skipped)
            if base is None or report.new or report.changed:
                report.embedded = writer.embed(progress)
                report.generation = number
            manifest = writer.finish(number, progress)
        if report.generation is not None:
            manifest.write(folder)
            store.publish(number, folder)
    report.articles, report.chunks, report.copies = manifest.articles, manifest.chunks, manifest.copies
    report.seconds = time.monotonic() - begun
    return report


def _nothing_read(skipped: Sequence[Skipped]) -> SilangError:
    if not skipped:
        return SilangError(
            "no article was found: give a file or folder of .txt .md .html .jsonl .csv .pdf",
            "tidak ada artikel: berikan berkas atau folder berisi .txt .md .html .jsonl .csv .pdf",
        )
    first, others = skipped[0], len(skipped) - 1
    return SilangError(
        f"no article could be read: {first.where}: {first.why.en}" + (f" (and {others} more)" if others else ""),
        f"tidak ada artikel yang terbaca: {first.where}: {first.why.id}" + (f" (dan {others} lagi)" if others else ""),
    )


def rebuild_stored(store: StoreFolder, encoder: Encoder, progress: Progress = silent) -> Report:
    """Chunk and embed anew, with `encoder`, every article that the store holds."""
    held = store.current()
    return build_index(store, (held.given(info.id) for info in held.infos()), encoder, rebuild=True, progress=progress)


def remove_articles(store: StoreFolder, article_ids: Sequence[str], encoder_name: str | None = None) -> Report:
    """Take articles out of the index; raises SilangError, and removes none, when an id is not indexed."""
    begun = time.monotonic()
    base = store.current()
    known = {info.id for info in base.infos()}
    missing = [article for article in dict.fromkeys(article_ids) if article not in known]
    if missing:
        raise SilangError(
            f"not indexed, so nothing was removed: {', '.join(missing)} (`silang articles` lists the ids)",
            f"tidak ada di indeks, jadi tidak ada yang dihapus: {', '.join(missing)} (`silang articles` menampilkan daftarnya)",
        )
    with store.building() as (number, folder):
        with _Writer(folder, base, None, base.manifest.chunk_tokens) as writer:
            for article in dict.fromkeys(article_ids):
                writer.drop(article)
            manifest = writer.finish(number, silent)
        manifest.write(folder)
        store.publish(number, folder)
    return Report(
        removed=len(set(article_ids)), articles=manifest.articles, chunks=manifest.chunks, copies=manifest.copies,
        generation=number, seconds=time.monotonic() - begun,
    )  # fmt: skip


def check_model(held: Generation, encoder: Encoder, path: Path) -> None:
    """Raise SilangError when a store's vectors are not the encoder's."""
    if (held.model, held.dimension) != (encoder.name, encoder.dimension):
        raise SilangError(
            f"the store {path} was made with the model {held.model} (dimension {held.dimension}), not {encoder.name} "
            f"({encoder.dimension}): run `silang index --rebuild --model {encoder.name} --store {path}` to embed "
            f"its articles again, or use `--model {held.model}`",
            f"indeks {path} dibuat dengan model {held.model} (dimensi {held.dimension}), bukan {encoder.name} "
            f"({encoder.dimension}): jalankan `silang index --rebuild --model {encoder.name} --store {path}` untuk "
            f"menyematkan ulang artikelnya, atau pakai `--model {held.model}`",
        )


class _Writer:
    """The files of a generation while they are made: a copy of `base`, or empty ones."""

    def __init__(self, folder: Path, base: Generation | None, encoder: Encoder | None, chunk_tokens: int) -> None:
        self.folder, self.encoder, self.chunk_tokens, self.base = folder, encoder, chunk_tokens, base
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
        self.digests = {row["id"]: row["digest"] for row in self.database.execute("SELECT id, digest FROM articles")}
        self.last_row = self._one("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'chunks'")

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def _one(self, sql: str) -> int:
        return int(self.database.execute(sql).fetchone()[0])

    def put(self, article: Article) -> str:
        """Store an article and its chunks; return "new", "changed" or "unchanged"."""
        digest, stated = article.digest, article.language is not None
        held = self.digests.get(article.id)
        if held == digest:
            return "unchanged"
        if held is not None:
            self.drop(article.id)
        self.digests[article.id] = digest
        excluded = mark(article.text, article.title)
        body = _without(article.text, excluded)
        if not stated:
            article = article.with_language(article_language(body))
        assert self.encoder is not None
        chunks = chunk_article(article, excluded, self.encoder.count_tokens, self.chunk_tokens)
        self.database.execute(
            "INSERT INTO articles (id, text, title, source, published, language, language_stated, url, digest, "
            "signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.text, article.title, article.source, article.published, article.language, stated,
             article.url, digest, signature(body).tobytes()),
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

    def finish(self, number: int, progress: Progress) -> Manifest:
        """Link the copies, close the files and return their manifest."""
        rows = self.database.execute(
            # The earliest stated date is the original; among equals, and undated ones last, what was read first.
            "SELECT id, signature FROM articles ORDER BY published IS NULL, published, ord"
        ).fetchall()
        progress("link", 0, len(rows))
        links = originals({row["id"]: np.frombuffer(row["signature"], np.uint64) for row in rows})
        progress("link", len(rows), len(rows))
        self.database.execute("UPDATE articles SET copy_of = NULL")
        self.database.executemany("UPDATE articles SET copy_of = ? WHERE id = ?", [(b, a) for a, b in links.items()])
        chunks = self._one("SELECT count(*) FROM chunks")
        self.database.commit()
        self.database.close()
        faiss.write_index(self.vectors, str(self.folder / VECTORS))
        paths = [self.folder / DATABASE, self.folder / VECTORS]
        return Manifest(
            generation=number, model=self.model, dimension=self.dimension, chunk_tokens=self.chunk_tokens,
            created=datetime.now(UTC).isoformat(timespec="seconds"), silang=version("silang"), articles=len(rows),
            chunks=chunks, copies=len(links), files={p.name: (p.stat().st_size, checksum(p)) for p in paths},
        )  # fmt: skip


def _without(text: str, excluded: Sequence[Span]) -> str:
    """The text less the excluded spans."""
    pieces, at = [], 0
    for span in excluded:
        pieces.append(text[at : span.start])
        at = span.end
    return "".join([*pieces, text[at:]])
