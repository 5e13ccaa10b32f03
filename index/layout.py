"""The lines of an article's text, and the header lines or front matter at its top."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.metadata import NAMES, field, is_outlet
from index.types import Span

CREDIT = r"(?:editor|penulis|reporter|pewarta|penyunting|redaktur|kontributor|wartawan|author|writer|oleh|by)"
# A line that asks or denies, or ends as a sentence does and holds a figure, tells something, whatever it begins with.
TELLS = re.compile(
    r"(?i)\?|(?:(?<!\w)(?:rp\W?)?\d.*|(?<!agar )(?<!supaya )\b(?:tidak|tak|bukan|belum|not)\b.*)[.!…][\"”’]?$"
)
_HEADER_NAME = "|".join(
    name.replace("_", "[ _]?") for what, names in NAMES.items() if what not in ("text", "id") for name in names
)
_HEADER = re.compile(
    rf"(?i)(?P<name>{_HEADER_NAME}|{CREDIT}|kategori|category|kanal)\s*[:：][ \t]*(?P<value>.{{0,300}})|"
    r"(?P<body>(?:isi|text|body|content)\s*[:：]).*"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; `wrapped` when it goes on a sentence of the line before."""

    start: int
    end: int
    text: str
    wrapped: bool


def text_lines(text: str) -> list[Line]:
    """Return the lines of a text that hold more than white space."""
    lines: list[Line] = []
    for match in re.finditer(r"[^\r\n]+", text):
        line = match[0].strip()
        if not line:
            continue
        start = match.start() + match[0].index(line)
        wrapped = False
        if lines and len(before := lines[-1].text) > 40 and before[-1] not in '.!?:"”’)':
            wrapped = len(re.findall(r"\r\n|\r|\n", text[lines[-1].end : start])) == 1
        lines.append(Line(start, start + len(line), line, wrapped))
    return lines


def is_body(line: str) -> bool:
    """Whether a line can only be a sentence of the article: long, or ending as one does."""
    return len(line) >= 100 or (line[-1] in '."”' and line.count(" ") >= 7)


def header(text: str) -> tuple[dict[str, str], tuple[Span, ...]]:
    """The fields stated in front matter (`---`) or in header lines at the top of a text, and the spans of those.

    A header line is "Judul: ...", "Sumber: ...", "Date: ..."; names as in `metadata.NAMES`. The lines follow each
    other from the first line on, or from the second, under a headline. "Sumber: ..." alone on the first line may be a
    headline itself ("Sources: minister to resign"), unless it can be an outlet's name.
    """
    if front := re.match(r"\s*---[ \t]*\r?\n((?:.*\n){1,60}?)(?:---|\.\.\.)[ \t]*\r?(?:\n|$)", text):
        pairs = (line.partition(":") for line in front[1].splitlines())
        fields = {key.strip(): value.strip().strip("\"'") for key, colon, value in pairs if colon}
        if any(field(fields, what) for what in NAMES):
            return fields, (Span(0, front.end()),)
    fields, spans = {}, []
    for i, line in enumerate(text_lines(text[:4000])):
        match = _HEADER.fullmatch(line.text)
        if match and TELLS.search(line.text) and re.fullmatch(CREDIT, match["name"] or "", re.IGNORECASE):
            match = None  # "Wartawan: ...?" in an interview
        if match is None and not i and not is_body(line.text):
            continue
        if match is None:
            break
        if match["body"]:
            spans.append(Span(line.start, line.start + match.end("body")))
            break
        fields.setdefault(match["name"], match["value"])
        spans.append(Span(line.start, line.end))
    source = field(fields, "source")
    alone = len(spans) == 1 and not text[: spans[0].start].strip()
    if alone and source is not None and not _can_be_outlet(str(source)):
        return {}, ()
    return (fields, tuple(spans)) if fields else ({}, ())


def _can_be_outlet(name: str) -> bool:
    """Whether a name is too short for a headline, or short and says that it is an outlet's."""
    words = len(name.split())
    return words <= 2 or (words <= 5 and is_outlet(name))
