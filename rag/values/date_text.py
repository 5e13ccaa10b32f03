"""Reads the date or clock time that stands at a place of a text."""

from __future__ import annotations

from datetime import date

from rag.values.clock import read_clock
from rag.values.date_calendar import CalendarReader, Read
from rag.values.date_relative import RelativeReader
from rag.values.date_words import date_words
from rag.values.dates import Date, merge, settle
from rag.values.tokens import Tokens

__all__ = ["DateReader"]

_MOST_GAP = 4  # connectors between two parts of one date
# After a bare year these begin another date: "mengesahkan APBD 2025 pada 29 November".
_PREPOSITIONS = frozenset({"pada", "di", "on", "in", "at"})


class DateReader:
    """Reads one text's dates at given tokens, relative words being counted from the publication date."""

    def __init__(self, tokens: Tokens, language: str = "id", anchor: str | None = None) -> None:
        self._tokens = tokens
        self._language = language
        self._words = date_words(language)
        self._anchor = _anchor(anchor)
        self._calendar = CalendarReader(tokens, language)
        self._relative = RelativeReader(tokens, language, self._anchor)

    def read(self, at: int) -> Read | None:
        """The longest date that starts at the token `at` and the token after it, or None."""
        first = self._part(at, alone=True)
        if first is None:
            return None
        found, stop = first
        while True:
            grown = self._grow(found, stop)
            if grown is None:
                break
            found, stop = grown
        found, stop = self._relative.directed(found, at, stop)
        if self._tokens.low(stop) == ")" and "(" in {self._tokens.low(k) for k in range(at, stop)}:
            stop += 1
        return settle(found, self._anchor), stop

    def _grow(self, found: Date, stop: int) -> Read | None:
        at = stop
        bare_year = found == Date(year=found.year) and self._tokens[stop - 1].kind == "digits"
        for _ in range(_MOST_GAP + 1):
            more = self._part(at, alone=False)
            if more is not None:
                merged = merge(found, more[0])
                return (merged, more[1]) if merged is not None else None
            low = self._tokens.low(at)
            if low not in self._words.connectors or (bare_year and low in _PREPOSITIONS):
                return None
            at += 1
        return None

    def _part(self, at: int, *, alone: bool) -> Read | None:
        """One part of a date: `alone` if it begins one, where a part of the day or a bare day says too little."""
        tokens, token = self._tokens, self._tokens[at]
        if token.kind == "digits":
            return (
                self._calendar.numeric(at)
                or self._calendar.day_month(at)
                or read_clock(tokens, at, self._language, loose=not alone)
                or self._relative.counted(at)
                or self._calendar.year(at, alone=alone)
            )
        if token.kind != "word":
            return None
        return (
            read_clock(tokens, at, self._language)
            or self._relative.relative(at)
            or self._relative.part_of_month(at)
            or self._relative.part_of_year(at)
            or self._relative.weekday(at)
            or self._calendar.month_first(at)
            or self._relative.nth_day(at)
            or self._calendar.labelled(at)
            or (None if alone else self._part_of_day(at))
        )

    def _part_of_day(self, at: int) -> Read | None:
        named = self._words.parts.at(self._tokens, at)
        return (Date(part=named[0]), named[1]) if named else None


def _anchor(iso: str | None) -> date | None:
    """The publication date, or None if it is missing or no date of the last thousand years."""
    try:
        day = date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None
    return day if day is not None and 1000 < day.year < 2100 else None
