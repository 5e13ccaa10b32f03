"""A decision with its citations -> the reply in words, in Indonesian or English: the `Writer` protocol and its default."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from index.types import Filters
from rag.types import Citation, ConflictKind, Side, Status

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_KINDS: dict[str, dict[ConflictKind, str]] = {
    "id": {
        "number": "angkanya", "date": "waktunya", "place": "tempatnya", "person": "orangnya", "cause": "sebabnya",
        "polarity": "benar tidaknya", "opinion": "penilaiannya", "other": "jawabannya",
    },
    "en": {
        "number": "the figure", "date": "the time", "place": "the place", "person": "who it was", "cause": "the cause",
        "polarity": "whether it is so", "opinion": "the judgement", "other": "the answer",
    },
}  # fmt: skip
_WORDS = {
    "id": {
        "conflict": "Sumber-sumber tidak sepakat soal {kind}, jadi saya tidak memilih satu jawaban.",
        "outdated": "Laporan berubah dari waktu ke waktu; yang terbaru disebut lebih dulu, dan saya tidak memilih satu jawaban.",
        "event": "Artikel-artikel ini melaporkan lebih dari satu peristiwa yang cocok dengan pertanyaan Anda, jadi saya tidak "
        "memilih satu jawaban; sebutkan tanggal atau tempatnya untuk menanyakan salah satunya.",
        "says": "{source} menulis: {answer}", "say": "{source} menulis: {answer}",
        "says_of": "{source}, {titles}: {answer}",
        "not_found": "Artikel yang diindeks tidak memuat jawaban atas pertanyaan ini.",
        "not_within": "Hanya artikel dalam saringan ({filters}) yang ditelusuri, dan artikel itu tidak memuat jawaban atas "
        "pertanyaan ini.",
        "sources": "media", "languages": "bahasa", "since": "sejak", "until": "sampai",
        "related": "Kutipan terdekat ada di bawah; isinya tidak menjawab.",
        "unnamed": "sumber tanpa nama",
    },
    "en": {
        "conflict": "The sources disagree on {kind}, so I do not pick one answer.",
        "outdated": "The reports change over time; the latest comes first, and I do not pick one answer.",
        "event": "The articles report more than one event that fits your question, so I do not pick one answer; name the "
        "date or the place to ask about one of them.",
        "says": "{source} says: {answer}", "say": "{source} say: {answer}",
        "says_of": "{source}, {titles}: {answer}",
        "not_found": "The indexed articles do not hold the answer to this question.",
        "not_within": "Only the articles within the filters ({filters}) were searched, and they do not hold the answer to "
        "this question.",
        "sources": "outlet", "languages": "language", "since": "from", "until": "until",
        "related": "The nearest excerpts are below; they do not answer it.",
        "unnamed": "an unnamed source",
    },
}  # fmt: skip


class Writer(Protocol):
    """Puts an outcome in words; every claim carries the [n] of its citation."""

    def statement(self, kind: ConflictKind, language: str) -> str:
        """Return the one sentence that says what the sources disagree about."""

    def reply(
        self,
        status: Status,
        language: str,
        sides: tuple[Side, ...],
        citations: tuple[Citation, ...],
        kind: ConflictKind | None,
        filters: Filters | None = None,
    ) -> str:
        """Return the whole reply; `language` is "id" or "en", `filters` say which articles were searched."""


class TemplateWriter:
    """Fixed sentences around verbatim excerpts: nothing is said that is not quoted."""

    def statement(self, kind: ConflictKind, language: str) -> str:
        """Return the one sentence that says what the sources disagree about."""
        words = _WORDS[language]
        return words[kind] if kind in words else words["conflict"].format(kind=_KINDS[language][kind])

    def reply(
        self,
        status: Status,
        language: str,
        sides: tuple[Side, ...],
        citations: tuple[Citation, ...],
        kind: ConflictKind | None,
        filters: Filters | None = None,
    ) -> str:
        """Return the whole reply; `language` is "id" or "en", `filters` say which articles were searched."""
        words = _WORDS[language]
        if status == "not_found":
            within = words["not_within"].format(filters=spoken_filters(filters, language)) if filters else ""
            said = within or words["not_found"]
            return f"{said} {words['related']}" if citations else said
        by_number = {c.n: c for c in citations}
        if status == "answered":
            (side,) = sides
            quotes = [by_number[n] for n in side.citations]
            lead = "" if side.answer == " ".join(quotes[0].quote.split()) else side.answer
            body = " ".join(f"“{' '.join(c.quote.split())}” [{c.n}]" for c in quotes)
            return f"{lead}: {body}" if lead else body
        lines = [self.statement(kind or "other", language)]
        for side in sides:
            quotes = [by_number[n] for n in side.citations]
            names = [*dict.fromkeys(_source(c, language) for c in quotes)]
            marks = "".join(f"[{c.n}]" for c in quotes)
            titles = "; ".join(f"“{t}”" for t in dict.fromkeys(c.title for c in quotes) if t) if kind == "event" else ""
            # Titles say which of the events a side is about.
            form = words["says_of" if titles else "say" if len(names) > 1 else "says"]
            lines.append(f"- {form.format(source=', '.join(names), titles=titles, answer=side.answer)} {marks}")
        return "\n".join(lines)


def _source(citation: Citation, language: str) -> str:
    name = citation.source or _WORDS[language]["unnamed"]
    return f"{name} ({spoken_date(citation.published, language)})" if citation.published else name


def spoken_filters(filters: Filters, language: str) -> str:
    """outlet: Kabar A, Kabar B; from: 2024-06-19. Names as they were given, since a mistyped one is what misleads."""
    given = {
        "sources": ", ".join(sorted(filters.sources)), "languages": ", ".join(sorted(filters.languages)),
        "since": filters.since, "until": filters.until,
    }  # fmt: skip
    return "; ".join(f"{_WORDS[language][name]}: {' '.join(value.split())}" for name, value in given.items() if value)


def spoken_date(iso: str, language: str) -> str:
    """2024-06-19 -> 19 Juni 2024 or 19 June 2024."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
