"""Articles in -> a new generation of the index: read, chunk, embed what changed, link the copies, swap."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.chunk import BUDGET, TITLE_TOKENS
from index.encoder import Encoder
from index.folder import StoreFolder
from index.generation import Generation
from index.types import Article, SilangError, Skipped
from index.writer import GenerationWriter, Progress, silent


@dataclass(slots=True)
class Report:
    """What a build did, in articles; `generation` is None where nothing had to change.

    `replaced` are the ids of those of the changed that were read from another file before, or from one not recorded.
    """

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
    replaced: list[str] = field(default_factory=list)


def build_index(
    store: StoreFolder,
    items: Iterable[Article | Skipped] | None,
    encoder: Encoder,
    *,
    rebuild: bool = False,
    progress: Progress = silent,
    chunk_tokens: int = BUDGET,
) -> Report:
    """Add `items` to the index, or with `rebuild` make it anew of them alone, or of what it holds where None is given.

    An article whose content is as stored is neither chunked nor embedded again; one that is new under its id or whose
    content changed is. Raises SilangError, and leaves what serves untouched, when nothing could be read, when the
    store was made by another model, or when another builder is at work.
    """
    begun = time.monotonic()
    chunk_tokens = min(chunk_tokens, max(16, encoder.max_tokens - TITLE_TOKENS))
    report = Report()
    if items is None:
        store.current()  # where nothing is indexed, say so before a folder is made
    with store.building() as (number, folder):
        # Read under the lock: what another builder published a moment ago is built upon, not lost.
        base = None if rebuild or not store.exists() else store.current()
        if base is not None:
            _check_settings(base, encoder, chunk_tokens, store.path)
        held = store.current() if items is None else None
        with GenerationWriter(folder, base, encoder, chunk_tokens) as writer:
            for item in (held.given(info.id) for info in held.infos()) if held else items or ():
                if isinstance(item, Skipped):
                    report.skipped.append(item)
                    continue
                report.read += 1
                outcome = writer.put(item)
                if isinstance(outcome, Skipped):
                    report.skipped.append(outcome)
                else:
                    setattr(report, outcome, getattr(report, outcome) + 1)
                progress("read", report.read, None)
            report.replaced = writer.replaced
            if not report.read:
                raise _nothing_read(report.skipped)
            if base is not None and not (report.new or report.changed or writer.recorded):
                manifest = base.manifest
            else:
                report.embedded = writer.embed(progress)
                manifest = writer.finish(number, progress)
                report.generation = number
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


def remove_articles(store: StoreFolder, article_ids: Sequence[str]) -> Report:
    """Take articles out of the index; raises SilangError, and removes none, when an id is not indexed."""
    begun = time.monotonic()
    store.current()  # where nothing is indexed, say so before a folder is made
    with store.building() as (number, folder):
        base = store.current()
        known = {info.id for info in base.infos()}
        missing = ", ".join(article for article in dict.fromkeys(article_ids) if article not in known)
        if missing:
            raise SilangError(
                f"not indexed, so nothing was removed: {missing} (`silang articles` lists the ids)",
                f"tidak ada di indeks, jadi tidak ada yang dihapus: {missing} (`silang articles` menampilkan daftarnya)",
            )
        with GenerationWriter(folder, base, None, base.manifest.chunk_tokens) as writer:
            for article in dict.fromkeys(article_ids):
                writer.drop(article)
            manifest = writer.finish(number, silent)
        manifest.write(folder)
        store.publish(number, folder)
    return Report(
        removed=len(set(article_ids)), articles=manifest.articles, chunks=manifest.chunks, copies=manifest.copies,
        generation=number, seconds=time.monotonic() - begun,
    )  # fmt: skip


def _check_settings(held: Generation, encoder: Encoder, chunk_tokens: int, path: Path) -> None:
    check_model(held, encoder, path)
    if held.manifest.chunk_tokens != chunk_tokens:
        raise SilangError(
            f"the store {path} has chunks of {held.manifest.chunk_tokens} tokens, not {chunk_tokens}: "
            f"run `silang index --rebuild --store {path}`",
            f"indeks {path} memakai potongan {held.manifest.chunk_tokens} token, bukan {chunk_tokens}: "
            f"jalankan `silang index --rebuild --store {path}`",
        )


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
