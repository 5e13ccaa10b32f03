"""Bytes -> text: one whole file, or a stream line by line.

The text is what the bytes say and is never rewritten: line ends stay as given (CRLF too), and text that somebody else
already decoded wrongly (UTF-8 read as Windows-1252, `â€œ` for a quotation mark) stays so, because an offset must point
into what the person gave us. Three things are no text and are the only ones treated: the byte order mark is dropped,
bytes that no encoding explains become U+FFFD, and so do NULs and halves of surrogate pairs that arrive inside a row.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from charset_normalizer import from_bytes

from index.types import SilangError

# Longest first: the mark of UTF-32 LE begins with that of UTF-16 LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 65_536  # bytes or characters looked at to tell encodings and binary files apart
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")


def decode(data: bytes) -> str:
    """Return the text of a file's bytes.

    In order: a byte order mark; UTF-16 by its NULs; UTF-8, also when a few bytes of it are broken; Windows-1252, the
    usual other encoding of Indonesian and English pages; and charset-normalizer's guess where that cannot be it.
    Raises SilangError when the bytes are no text at all (NULs, many control characters).
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"))
    if wide := _wide(data):
        return _checked(data.decode(wide, "replace"))
    if b"\x00" in data:
        raise SilangError(*_BINARY)
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())  # some may have been written so
    # A file cut in the middle of a character, or with a stray byte, is still UTF-8 when most of its other characters
    # beyond ASCII are sound; in Windows-1252 text nearly all of them are broken.
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * broken:
        return _checked(text)
    return _checked(_single_byte(data))


def clean(text: str) -> str:
    """Return `text`, of the same length, with U+FFFD for what cannot be stored: NULs and lone surrogates.

    A JSON row can spell both (`\\u0000`, `\\ud83d` where a scraper cut an emoji in two).
    """
    return _NO_CHARACTER.sub("\ufffd", text)


def lines(stream: BinaryIO, limit: int) -> Iterator[str | SilangError]:
    """Yield the lines of a stream with their line ends, one item a line so that counting them numbers them.

    A line that is no text, or is longer than `limit` (bytes; characters in UTF-16), comes out as the error that says
    so, and the rest goes on. No more than about `limit` is held in memory. Only `\\n` ends a line: JSON may hold
    U+2028.
    """
    data = stream.readline(limit + 1)
    if wide := _wide(data[:_SAMPLE]):
        yield from _wide_lines(stream, data, wide, limit)
        return
    while data:
        if len(data) > limit:
            while data and not data.endswith(b"\n"):
                data = stream.readline(_SAMPLE)
            yield _too_long(limit)
        else:
            try:
                yield decode(data)
            except SilangError as error:
                yield error
        data = stream.readline(limit + 1)


_BINARY = (
    "this is no text (binary data): give the article as text, or leave the file out",
    "ini bukan teks (data biner): berikan artikelnya sebagai teks, atau jangan sertakan berkas ini",
)


def _too_long(limit: int) -> SilangError:
    return SilangError(
        f"longer than {limit / 1e6:g} MB, the limit for one row: split it, or look for a missing line end",
        f"lebih dari {limit / 1e6:g} MB, batas untuk satu baris: pecah, atau cari akhir baris yang hilang",
    )


def _checked(text: str) -> str:
    sample = text[:_SAMPLE]
    if "\x00" in text or len(_CONTROL.findall(sample)) > len(sample) / 100:
        raise SilangError(*_BINARY)
    return clean(text)


def _wide(data: bytes) -> str | None:
    """The name of a two- or four-byte encoding, by the mark or by where the NULs of Latin letters fall; else None."""
    for mark, encoding in _MARKS:
        if encoding != "utf-8" and data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if pairs and odd > pairs / 2 and even <= pairs / 20:
        return "utf-16-le"
    if pairs and even > pairs / 2 and odd <= pairs / 20:
        return "utf-16-be"
    return None


def _single_byte(data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    # Where a third is beyond ASCII it is no Indonesian or English; five byte values have no meaning in cp1252.
    if text and len(text) - len(text.encode("ascii", "ignore")) <= len(text) / 3:
        return text
    best = from_bytes(data[:_SAMPLE]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _wide_lines(stream: BinaryIO, data: bytes, encoding: str, limit: int) -> Iterator[str | SilangError]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    pending, too_long = "", False
    while data:
        *whole, pending = (pending + decoder.decode(data)).split("\n")
        for line in whole:
            yield _too_long(limit) if too_long or len(line) > limit else _row(line + "\n")
            too_long = False
        if len(pending) > limit:
            pending, too_long = "", True
        data = stream.read(_SAMPLE)
    if pending or too_long:
        yield _too_long(limit) if too_long else _row(pending)


def _row(line: str) -> str | SilangError:
    try:
        return _checked(line.removeprefix("\ufeff"))
    except SilangError as error:
        return error
