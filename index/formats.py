"""One file -> the articles in it: for each ending a function from a stream of bytes to raw articles, or a Skipped.

The text of .txt, .md, .jsonl and .csv is the decoded original, markup and all; that of .html is what trafilatura
extracts from the page, and that of .pdf what pypdf does, the pages one after the other.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import pypdf

from index.boilerplate import headline
from index.decode import clean, decode
from index.layout import header
from index.metadata import Stated, stated
from index.page import read_html
from index.raw import Raw, Reader, quiet, skipped
from index.rows import read_csv, read_jsonl
from index.types import SilangError, Skipped


def read_txt(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """Plain text, with header lines ("Judul: ...", "Sumber: ...") or a headline at its top, or neither."""
    try:
        text = decode(stream.read())
    except SilangError as error:
        yield Skipped(where, error.text)
        return
    fields = stated(header(text)[0], text)
    yield Raw(where, text, replace(fields, title=fields.title or headline(text)))


def read_md(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """Markdown: as plain text, with front matter, or the first `# heading` as the title."""
    for item in read_txt(stream, where, limit):
        if isinstance(item, Raw) and (heading := re.search(r"(?m)^#[ \t]+(\S.{0,300}?)[ \t#]*\r?$", item.text)):
            title = stated(header(item.text)[0]).title or " ".join(heading[1].split()) or item.stated.title
            item = replace(item, stated=replace(item.stated, title=title))
        yield item


def read_pdf(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A PDF with a text layer; its title counts as stated only if the text holds it (it is often the writer's tool)."""
    yield _pdf(stream.read(), where)


@quiet()
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
