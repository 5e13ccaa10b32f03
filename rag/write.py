"""A decision with its citations -> the reply in words, in Indonesian or English: the `Writer` protocol and its default."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from rag.types import Citation, ConflictKind, Side, Status

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_KINDS: dict[str, dict[ConflictKind, str]] = {
    "id": {
        "number": "angkanya", "date": "waktunya", "place": "tempatnya", "person": "orangnya", "cause": "sebabnya",
        "polarity": "benar tidaknya", "outdated": "angka yang dilaporkan pada waktu berlainan", "opinion": "penilaiannya",
        "event": "peristiwa mana yang dimaksud", "other": "jawabannya",
    },
    "en": {
        "number": "the figure", "date": "the time", "place": "the place", "person": "who it was", "cause": "the cause",
        "polarity": "whether it is so", "outdated": "figures reported at different times", "opinion": "the judgement",
        "event": "which event is meant", "other": "the answer",
    },
}  # fmt: skip
_WORDS = {
    "id": {
        "conflict": "Sumber-sumber tidak sepakat soal {kind}, jadi saya tidak memilih satu jawaban.",
        "says": "{source} menulis: {answer}",
        "not_found": "Artikel yang diindeks tidak memuat jawaban atas pertanyaan ini.",
        "related": "Kutipan terdekat ada di bawah; isinya tidak menjawab.",
        "unnamed": "sumber tanpa nama",
    },
    "en": {
        "conflict": "The sources disagree on {kind}, so I do not pick one answer.",
        "says": "{source} says: {answer}",
        "not_found": "The indexed articles do not hold the answer to this question.",
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
    ) -> str:
        """Return the whole reply; `language` is "id" or "en"."""


class TemplateWriter:
    """Fixed sentences around verbatim excerpts: nothing is said that is not quoted."""

    def statement(self, kind: ConflictKind, language: str) -> str:
        """Return the one sentence that says what the sources disagree about."""
        return _WORDS[language]["conflict"].format(kind=_KINDS[language][kind])

    def reply(
        self,
        status: Status,
        language: str,
        sides: tuple[Side, ...],
        citations: tuple[Citation, ...],
        kind: ConflictKind | None,
    ) -> str:
        """Return the whole reply; `language` is "id" or "en"."""
        words = _WORDS[language]
        if status == "not_found":
            return f"{words['not_found']} {words['related']}" if citations else words["not_found"]
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
            named = ", ".join(dict.fromkeys(_source(c, language) for c in quotes))
            marks = "".join(f"[{c.n}]" for c in quotes)
            lines.append(f"- {words['says'].format(source=named, answer=side.answer)} {marks}")
        return "\n".join(lines)


def _source(citation: Citation, language: str) -> str:
    name = citation.source or _WORDS[language]["unnamed"]
    return f"{name} ({spoken_date(citation.published, language)})" if citation.published else name


def spoken_date(iso: str, language: str) -> str:
    """2024-06-19 -> 19 Juni 2024 or 19 June 2024."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
