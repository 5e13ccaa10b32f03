"""One file -> the articles in it: for each format a function from a stream of bytes to raw articles, or a Skipped.

The text of .txt, .md, .jsonl and .csv is the decoded original, markup and all; that of .html is what trafilatura
extracts from the page, and that of .pdf what pypdf does, the pages one after the other.
"""

from __future__ import annotations

import csv
import html
import io
import json
import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import pypdf
import trafilatura
from trafilatura.metadata import extract_title

from index.boilerplate import header, headline
from index.decode import clean, decode, lines
from index.metadata import NAMES, Stated, field, stated
from index.types import SilangError, Skipped, Text


@dataclass(frozen=True, slots=True)
class Raw:
    """An article as its file gives it; `where` names the file, and the line in a file of rows."""

    where: str
    text: str
    stated: Stated
    id: str | None = None


Reader = Callable[[BinaryIO, str, int], Iterator[Raw | Skipped]]
_TOLD = 20  # broken lines of one file that are named one by one
_ACCEPTED = ", ".join(NAMES["text"])


def read_txt(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """Plain text, with header lines ("Judul: ...", "Sumber: ...") or a headline at its top, or neither."""
    try:
        text = decode(stream.read())
    except SilangError as error:
        yield Skipped(where, error.text)
        return
    fields = stated(header(text)[0])
    yield Raw(where, text, replace(fields, title=fields.title or headline(text)))


def read_md(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """Markdown: as plain text, with front matter, or the first `# heading` as the title."""
    for item in read_txt(stream, where, limit):
        if isinstance(item, Raw) and (heading := re.search(r"(?m)^#[ \t]+(\S.{0,300}?)[ \t#]*\r?$", item.text)):
            title = stated(header(item.text)[0]).title or " ".join(heading[1].split()) or item.stated.title
            item = replace(item, stated=replace(item.stated, title=title))
        yield item


def read_html(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A web page: the text of its article, one line a paragraph; metadata from JSON-LD and `<meta>`."""
    try:
        yield _page(decode(stream.read()), where)
    except SilangError as error:
        yield Skipped(where, error.text)


def read_pdf(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A PDF with a text layer; its title counts as stated only if the text holds it (it is often the writer's tool)."""
    yield _pdf(stream.read(), where)


def read_jsonl(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A JSON object a line, each an article, or a case with a list of `articles`. `limit`: bytes of one line."""
    broken = 0
    for number, line in enumerate(lines(stream, limit), start=1):
        at = f"{where}:{number}"
        try:
            if isinstance(line, SilangError):
                raise line
            if line.strip():
                yield from _json_articles(_parsed(line), at)
        except SilangError as error:
            broken += 1
            if broken <= _TOLD:
                yield Skipped(at, error.text)
    if broken > _TOLD:
        yield skipped(
            where,
            f"{broken - _TOLD} more lines are broken: write one whole JSON object a line, without indentation",
            f"{broken - _TOLD} baris lain rusak: tulis satu objek JSON utuh per baris, tanpa indentasi",
        )


def read_csv(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A table with a header row and comma, semicolon or tab between cells. `limit`: characters of one cell or line."""
    csv.field_size_limit(limit)  # the csv module knows only a setting for all
    source = _CsvLines(lines(stream, limit))
    first = next((line for line in source if line.strip() and not line.lower().startswith("sep=")), "")
    columns, delimiter = _columns(first)
    if not any(_is_text_column(column) for column in columns):
        found = ", ".join(columns) or "-"
        yield from source.take_errors(where)
        yield skipped(
            where,
            f"no column with the text: name one of the columns {_ACCEPTED} (found: {found})",
            f"tidak ada kolom teks: beri salah satu kolom nama {_ACCEPTED} (yang ada: {found})",
        )
        return
    rows = csv.reader(source, delimiter=delimiter)
    while True:
        at = f"{where}:{source.number + 1}"
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield skipped(at, f"the row cannot be read ({error})", f"baris ini tidak bisa dibaca ({error})")
            continue
        yield from source.take_errors(where)
        if row is None:
            return
        if source.at_end:  # it ends a row only where it finds one open
            yield skipped(
                at,
                "a quotation mark is opened here and not closed by the end of the file: close it",
                "tanda kutip dibuka di sini dan tidak ditutup sampai akhir berkas: tutuplah",
            )
        elif any(cell.strip() for cell in row[len(columns) :]):
            yield skipped(
                at,
                f"{len(row)} cells for {len(columns)} columns: put texts that hold '{delimiter}' in quotation marks",
                f"{len(row)} sel untuk {len(columns)} kolom: apit teks yang memuat '{delimiter}' dengan tanda kutip",
            )
        elif any(cell.strip() for cell in row):
            yield _row_article(dict(zip(columns, row, strict=False)), at)


READERS: dict[str, Reader] = {
    ".txt": read_txt,
    ".md": read_md,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".pdf": read_pdf,
}
STREAMED = frozenset({".jsonl", ".csv"})  # read row by row: of any size


def skipped(where: str, en: str, id: str) -> Skipped:
    """A Skipped whose reason, in English and Indonesian, is one line each."""
    return Skipped(where, Text(" ".join(en.split()), " ".join(id.split())))


@contextmanager
def _quiet() -> Iterator[None]:
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


@_quiet()
def _page(page: str, where: str) -> Raw | Skipped:
    try:
        tree = trafilatura.load_html(page)
        found = None if tree is None else trafilatura.bare_extraction(tree, include_comments=False)
        fields = {} if tree is None else _page_fields(tree)
    except Exception as error:  # noqa: BLE001 - a page can be broken in any way
        return skipped(where, f"the page cannot be read ({error})", f"halaman ini tidak bisa dibaca ({error})")
    if found is None or not found.text:
        return skipped(
            where,
            "no article text was found in the page: save the article as .txt",
            "tidak ada teks artikel di halaman ini: simpan artikelnya sebagai .txt",
        )
    return Raw(where, clean(found.text), stated(fields))


@_quiet()
def _pdf(data: bytes, where: str) -> Raw | Skipped:
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return skipped(
                where,
                "the PDF needs a password: save a copy without one",
                "PDF ini memerlukan kata sandi: simpan salinan tanpa kata sandi",
            )
        text = clean("\n".join(page.extract_text() for page in reader.pages))
        title = clean(" ".join(str((reader.metadata or {}).get("/Title") or "").split()))
    except Exception as error:  # noqa: BLE001 - pypdf.errors: "broken PDF files might cause other Exceptions"
        return skipped(
            where,
            f"the PDF is broken ({error}): print it to a new PDF, or save its text as .txt",
            f"PDF ini rusak ({error}): cetak ke PDF baru, atau simpan teksnya sebagai .txt",
        )
    if not text.strip():
        return skipped(
            where,
            "the PDF holds pictures of pages and no text: run text recognition (OCR) on it first",
            "PDF ini berisi gambar halaman tanpa teks: jalankan pengenalan teks (OCR) lebih dahulu",
        )
    known = title and title.casefold() in " ".join(text[:2000].split()).casefold()
    return Raw(where, text, Stated(title=title if known else headline(text)))


def _parsed(line: str) -> object:
    try:
        return json.loads(line.strip())
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "too deep or too long a number")
        raise SilangError(
            f"not JSON ({reason}): mend or delete the line; each line must hold one whole object",
            f"bukan JSON ({reason}): perbaiki atau hapus baris ini; tiap baris harus berisi satu objek utuh",
        ) from error


def _json_articles(row: object, at: str) -> Iterator[Raw | Skipped]:
    if isinstance(row, Mapping) and isinstance(row.get("articles"), list) and field(row, "text") is None:
        row = row["articles"]
    for number, item in enumerate(row if isinstance(row, list) else [row], start=1):
        place = f"{at}, article {number}" if isinstance(row, list) else at
        if isinstance(item, Mapping):
            yield _row_article(item, place)
        else:
            yield skipped(place, "not a JSON object: write {...}", "bukan objek JSON: tulis {...}")


def _row_article(row: Mapping[str, object], at: str) -> Raw | Skipped:
    text, number = field(row, "text"), field(row, "id")
    if not isinstance(text, str):
        found = ", ".join(str(name) for name in row) or "-"
        return skipped(
            at,
            f"no text: put it, as a string, under {_ACCEPTED} (found: {found[:200]})",
            f"tidak ada teks: taruh sebagai string di {_ACCEPTED} (yang ada: {found[:200]})",
        )
    known = isinstance(number, (str, int)) and not isinstance(number, bool)
    return Raw(at, clean(text), stated(row), " ".join(clean(str(number)).split()) if known else None)


class _CsvLines:
    """Lines for `csv.reader`; one that is no text is read as empty, and kept with its number to be told."""

    def __init__(self, source: Iterator[str | SilangError]) -> None:
        self._source = source
        self._errors: list[tuple[int, SilangError]] = []
        self._told = 0
        self.number, self.at_end = 0, False

    def __iter__(self) -> _CsvLines:
        return self

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            self.at_end = True
            raise StopIteration
        self.number += 1
        if isinstance(line, SilangError):
            if self._told < _TOLD:
                self._errors.append((self.number, line))
            self._told += 1
            return "\n"
        return line

    def take_errors(self, where: str) -> list[Skipped]:
        taken, self._errors = self._errors, []
        return [Skipped(f"{where}:{number}", error.text) for number, error in taken]


def _columns(line: str) -> tuple[list[str], str]:
    """The header's cells and the delimiter: the one that gives a text column, else the one that gives most columns."""
    tried = []
    for delimiter in ",;\t":
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            cells = []
        tried.append((any(map(_is_text_column, cells)), len(cells), cells, delimiter))
    _, _, cells, delimiter = max(tried, key=lambda one: one[:2])
    return cells, delimiter


def _is_text_column(name: str) -> bool:
    return field({name: "x"}, "text") is not None


def _page_fields(tree: Any) -> dict[str, object]:
    """What a page states, under the names of `metadata.NAMES`.

    Not its `<html lang>`, which is that of the portal's theme, and not the dates and site names that trafilatura
    works out from the address or from anywhere in the text.
    """
    meta: dict[str, str] = {}
    for element in tree.iter("meta", "time"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        meta.setdefault(name.casefold(), element.get("content") or element.get("datetime") or "")
    linked = _linked_data(tree)
    site = linked.get("publisher") or meta.get("og:site_name")
    title = html.unescape(str(linked.get("headline") or meta.get("og:title") or extract_title(tree) or ""))
    name = str((site.get("name") if isinstance(site, Mapping) else site) or "")
    canonical = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
    return {
        "title": re.sub(rf"\s+[|–—-]\s+{re.escape(name)}\s*$", "", title),
        "source": site,
        "published": linked.get("datePublished")
        or next((meta[key] for key in ("article:published_time", "datepublished", "date") if meta.get(key)), None),
        "language": linked.get("inLanguage"),
        "url": meta.get("og:url") or canonical,
    }


def _linked_data(tree: Any) -> Mapping[str, object]:
    """The first article in the page's JSON-LD (schema.org), or nothing."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting = item + waiting
            elif isinstance(item, dict):
                if re.search(r"Article|BlogPosting|Report\b", str(item.get("@type"))):
                    return item
                waiting.extend(value for key, value in item.items() if key in ("@graph", "mainEntity"))
    return {}
