"""Paths -> articles: walks files and folders, or reads JSONL from stdin, and says what it left out and why."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from index.boilerplate import marks_by_rule
from index.decode import clean
from index.formats import READERS, STREAMED
from index.metadata import date_line, dateline, is_day_first
from index.raw import Raw, Reader, skipped
from index.rows import read_jsonl
from index.types import Article, SilangError, Skipped

STDIN = "-"
MIN_CHARACTERS = 20  # shorter than any news report: a heading, an error page, an empty cell
_KNOWN = ", ".join(READERS)


def read_paths(paths: Sequence[Path | str], *, max_bytes: int = 20_000_000) -> Iterator[Article | Skipped]:
    """Yield the articles of files and folders, in order, and a Skipped for whatever could not be read.

    A folder is read with all below it, sorted by name, without hidden files; `-` is JSONL on stdin. `max_bytes` bounds
    a file, or one line of .jsonl and .csv, which are streamed. An article's id is its row's own `id`, or else its path
    from the given folder on, that folder's name first (for a file that was given itself, its folder's name), for rows
    with `#` and ten hex digits of the text's SHA-256. Of two articles of a file with one id the first is given. One bad
    file never stops the rest; a path that does not exist raises SilangError here, before anything is read.
    """
    for path in paths:
        if str(path) != STDIN:
            _check(Path(path))
    return _read(paths, max_bytes)


def _check(path: Path) -> None:
    try:
        path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SilangError(
            f"{path} cannot be opened ({reason}): check the path",
            f"{path} tidak bisa dibuka ({reason}): periksa jalurnya",
        ) from error


def _read(paths: Sequence[Path | str], max_bytes: int) -> Iterator[Article | Skipped]:
    # Of one file alone: of two files with one id the index knows which is there already.
    taken: dict[tuple[str, str | None], str] = {}  # id and file -> where
    opened: set[str] = set()  # real paths: a file reached twice is read once
    for path in map(str, paths):
        for base, file, item in _items(path, max_bytes, opened):
            if isinstance(item, Skipped):
                yield item
                continue
            article = _article(item, base, file)
            if isinstance(article, Article) and (first := taken.get((article.id, file))):
                article = skipped(
                    item.where,
                    f"its id {article.id!r} is that of the article in {first}, which is kept: give it another id",
                    f"id {article.id!r} sudah dipakai artikel di {first}, yang disimpan: beri id lain",
                )
            elif isinstance(article, Article):
                taken[article.id, file] = item.where
            yield article


def _items(path: str, max_bytes: int, opened: set[str]) -> Iterator[tuple[str, str | None, Raw | Skipped]]:
    """What one given path holds, each with the beginning of its id and the real path of its file."""
    if path == STDIN:
        yield from (("stdin", None, item) for item in _from_stream(read_jsonl, sys.stdin.buffer, "stdin", max_bytes))
        return
    given = Path(path).resolve()
    if not given.is_dir():
        name = _id(f"{given.parent.name}/{given.name}")
        yield from ((name, _real(path), item) for item in _file(Path(path), max_bytes, opened))
        return
    others: Counter[str] = Counter()
    nothing = True
    for entry in _walk(Path(path)):
        if isinstance(entry, Skipped):
            nothing = False
            yield "", None, entry
        elif entry.suffix.lower() not in READERS:
            others[entry.suffix.lower() or "-"] += 1
        else:
            nothing = False
            base = _id(f"{given.name}/{entry.relative_to(path).as_posix()}")
            yield from ((base, _real(entry), item) for item in _file(entry, max_bytes, opened))
    if others:
        total, endings = others.total(), ", ".join(ending for ending, _ in others.most_common(5))
        yield (
            "",
            None,
            skipped(
                clean(path),
                f"{total} {'file' if total == 1 else 'files'} with other endings ({endings}): Silang reads {_KNOWN}",
                f"{total} berkas dengan akhiran lain ({endings}): Silang membaca {_KNOWN}",
            ),
        )
    elif nothing:
        why = f"no files in it: Silang reads {_KNOWN}", f"tidak ada berkas: Silang membaca {_KNOWN}"
        yield "", None, skipped(clean(path), *why)


def _id(path: str) -> str:
    """An id that prints on one line."""
    return " ".join(clean(path).split())


def _real(path: Path | str) -> str:
    """The path that tells one file from another, however it was given, in characters that can be stored."""
    return clean(os.path.realpath(path))


def _walk(folder: Path) -> Iterator[Path | Skipped]:
    """The files below a folder, sorted, without hidden ones; links are followed, each folder is entered once."""
    waiting, entered = [folder], set[str]()
    while waiting:
        path = waiting.pop()
        try:
            if not path.is_dir():
                yield path
                continue
            real = os.path.realpath(path)
            if real not in entered:
                entered.add(real)
                waiting += sorted((e for e in path.iterdir() if not e.name.startswith(".")), reverse=True)
        except OSError as error:
            yield _unreadable(str(path), error)


def _file(path: Path, max_bytes: int, opened: set[str]) -> Iterator[Raw | Skipped]:
    where, ending = clean(str(path)), path.suffix.lower()
    read = READERS.get(ending)
    if read is None:
        yield skipped(
            where,
            f"its ending is {ending or 'missing'}: Silang reads {_KNOWN}",
            f"akhirannya {ending or 'tidak ada'}: Silang membaca {_KNOWN}",
        )
        return
    try:
        real = os.path.realpath(path)
        if real in opened:
            return
        opened.add(real)
        size = path.stat().st_size
        if not path.is_file():  # opening a pipe or a device could wait for ever
            yield skipped(where, "no regular file: leave it out", "bukan berkas biasa: jangan sertakan")
        elif size > max_bytes and ending not in STREAMED:
            yield skipped(
                where,
                f"{size / 1e6:.3g} MB; the limit is {max_bytes / 1e6:g} MB a file: split it, or save it as .jsonl",
                f"{size / 1e6:.3g} MB; batasnya {max_bytes / 1e6:g} MB per berkas: pecah, atau simpan sebagai .jsonl",
            )
        elif size == 0:
            yield _empty(where)
        else:
            with path.open("rb") as stream:
                yield from _from_stream(read, stream, where, max_bytes)
    except OSError as error:
        yield _unreadable(where, error)


def _from_stream(read: Reader, stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    item = None
    for item in read(stream, where, limit):
        yield item
    if item is None:
        yield _empty(where)


def _empty(where: str) -> Skipped:
    return skipped(where, "it is empty", "kosong")


def _unreadable(where: str, error: OSError) -> Skipped:
    reason = error.strerror or str(error)
    return skipped(
        clean(where),
        f"cannot be read ({reason}): check its permissions",
        f"tidak bisa dibaca ({reason}): periksa izinnya",
    )


def _article(raw: Raw, base: str, file: str | None) -> Article | Skipped:
    """The article, with what its text alone states: the outlet of its dateline, a date line at its top."""
    length = len(raw.text.strip())
    if length < MIN_CHARACTERS:
        return skipped(
            raw.where,
            f"{length} characters of text; an article has at least {MIN_CHARACTERS}",
            f"teksnya {length} karakter; artikel paling sedikit {MIN_CHARACTERS}",
        )
    fields, id = raw.stated, raw.id or base
    if raw.id is None and (base == "stdin" or Path(base).suffix.lower() in STREAMED):
        id += "#" + sha256(raw.text.encode()).hexdigest()[:10]
    source, published = fields.source, fields.published
    if source is None or published is None:
        for rule, span in marks_by_rule(raw.text, fields.title):
            if rule == "date":
                published = published or date_line(span.of(raw.text), day_first=is_day_first(fields.language, raw.text))
            elif rule in ("dateline", "outlet") and (found := dateline(raw.text, span.start)):
                source = source or found[1]
    return Article(id, raw.text, fields.title, source, published, fields.language, fields.url, file)
