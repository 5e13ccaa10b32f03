"""Files of rows -> raw articles: JSON Lines and CSV, streamed, so that a file may be of any size."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from index.decode import clean, lines
from index.metadata import NAMES, field, stated
from index.raw import Raw, skipped
from index.types import SilangError, Skipped

_TOLD = 20  # broken lines of one file that are named one by one
_ACCEPTED = ", ".join(NAMES["text"])


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
    # Strict, for else a quotation mark out of place changes the text and makes one row of many.
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    broken: Skipped | None = None
    last = 0  # line of what is broken
    while True:
        at = f"{where}:{source.number + 1}"
        try:
            row = next(rows, None)
        except csv.Error as error:
            broken, last = broken or _broken_row(at, error, source.at_end), source.number
            continue
        yield from source.take_errors(where)
        if broken and row is not None and not _stands_alone(row, columns):
            last = source.number
            continue
        if broken:
            lines_read = f"{broken.where}-{last}" if broken.where != f"{where}:{last}" else broken.where
            yield Skipped(lines_read, broken.why)
            broken = None
        if row is None:
            return
        if any(cell.strip() for cell in row[len(columns) :]):
            yield skipped(
                at,
                f"{len(row)} cells for {len(columns)} columns: put texts that hold '{delimiter}' in quotation marks",
                f"{len(row)} sel untuk {len(columns)} kolom: apit teks yang memuat '{delimiter}' dengan tanda kutip",
            )
        elif any(cell.strip() for cell in row):
            yield _row_article(dict(zip(columns, row, strict=False)), at)


def _broken_row(at: str, error: csv.Error, at_end: bool) -> Skipped:
    if at_end:
        return skipped(
            at,
            "a quotation mark is opened in the row that begins here and not closed by the end of the file: close it",
            "tanda kutip dibuka di baris yang mulai di sini dan tidak ditutup sampai akhir berkas: tutuplah",
        )
    return skipped(
        at,
        f"the row cannot be read ({error}): put the cell in quotation marks, and double those inside it",
        f"baris ini tidak bisa dibaca ({error}): apit selnya dengan tanda kutip, dan gandakan tanda kutip di dalamnya",
    )


def _stands_alone(row: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether what follows a broken row is a row, and not the rest of a cell that was cut at a quotation mark."""
    fits = len(row) >= sum(map(bool, columns)) and not any(row[len(columns) :])
    return fits and not any(cell.count('"') % 2 and cell.rstrip().endswith('"') for cell in row)


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
    text = clean(text)
    return Raw(at, text, stated(row, text), _given_id(number))


def _given_id(value: object) -> str | None:
    """The id that a row states, if it is words or a number: 12 where pandas wrote 12.0, as it does where others are NaN."""
    if isinstance(value, float):
        value = int(value) if value.is_integer() else str(value)
    known = isinstance(value, (str, int)) and not isinstance(value, bool)
    return " ".join(clean(str(value)).split()) if known else None


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
