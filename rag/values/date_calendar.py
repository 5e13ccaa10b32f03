"""Reads a calendar date at a token: 19/6, 2024-06-19, 19 Juni 2024, June 19, 1-3 Juni, tahun 2024, the 1920s."""

from __future__ import annotations

import re
from datetime import date

from rag.values.date_words import date_words
from rag.values.dates import Date
from rag.values.numbers import read_fraction, read_number
from rag.values.tokens import Tokens, word_set

__all__ = ["CalendarReader", "Read"]

Read = tuple[Date, int]  # a date and the token after it

_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([12][0-9]{3})\Z")
_YEAR_BEFORE = word_set("tahun pada sejak hingga sampai in since until of by from during dekade dasawarsa")
_MONTH_BEFORE = word_set("in since until by last next early late mid - bulan")
_DAY_BEFORE = word_set("( tanggal tgl pada on")
_ORDINAL_TAILS = frozenset({"st", "nd", "rd", "th"})


class CalendarReader:
    """Reads what a text writes out of a date, without the publication date."""

    def __init__(self, tokens: Tokens, language: str = "id") -> None:
        self._tokens = tokens
        self._language = language
        self._words = date_words(language)

    def numeric(self, at: int) -> Read | None:
        """19/6, 19/6/2024, 19-06-2024, 19.06.2024, 2024-06-19."""
        tokens = self._tokens
        if at and tokens.glued(at) and tokens[at - 1].kind == "word":
            return None
        dotted = _DOTTED.match(tokens[at].text)
        if dotted:
            return _whole(int(dotted[1]), int(dotted[2]), int(dotted[3]), at + 1)
        sign = tokens.low(at + 1)
        if sign not in {"/", "-"} or not (tokens.glued(at + 1) and tokens.glued(at + 2)):
            return None
        third = tokens.low(at + 3) == sign and tokens.glued(at + 3) and tokens.glued(at + 4)
        first, second = self.number(at, 1, 31), self.number(at + 2, 1, 31)
        year = self.number(at, 1000, 2100, 4)
        if year and third and second:
            day = self.number(at + 4, 1, 31)
            return _whole(day, second, year, at + 5) if day else None
        if not (first and second):
            return None
        if second > 12 and self._words.months.get("may"):  # month first, where it can be nothing else
            first, second = second, first
        if third:
            year = self.number(at + 4, 1000, 2100, 4)
            short = self.number(at + 4, 0, 99)
            year = year if year or short is None or sign == "-" else 2000 + short
            return self._ordered(first, second, year, at + 5) if year else None
        if sign == "-" or tokens.low(at + 3) in {"dari", "of", "bagian"}:  # a score, a range; a fraction
            return None
        round_the_clock = tokens.match(at, ("24", "/", "7"))
        if (round_the_clock or read_fraction(tokens, at, self._language)) and not self._led(at):
            return None
        return self._ordered(first, second, None, at + 3)

    def _ordered(self, first: int, second: int, year: int | None, stop: int) -> Read | None:
        """A day and month in figures; in English, where either may come first, all days from one reading to the other.

        Without a year the date is then found, and says nothing.
        """
        if self._language != "en" or first == second or max(first, second) > 12:
            return _whole(first, second, year, stop)
        if year is None:
            return Date(), stop
        earliest, latest = sorted((date(year, first, second), date(year, second, first)))
        return Date(earliest=earliest, latest=latest), stop

    def _led(self, at: int) -> bool:
        """Whether a bracket, a weekday or a word for a day stands before the token, as before a date in figures."""
        before = self._tokens.low(at - 1 - (self._tokens.low(at - 1) == ","))
        return before in _DAY_BEFORE or before in self._words.weekdays

    def day_month(self, at: int) -> Read | None:
        """19 Juni, 19 Juni 2024, the 19th of June, 1-3 Juni."""
        tokens = self._tokens
        day = self.number(at, 1, 31)
        if day is None:
            return None
        i, last = at + 1, None
        if tokens.low(i) in {"-", "–", "sampai", "hingga", "to"} and (last := self.number(i + 1, day + 1, 31)):
            i += 2
        if tokens.low(i) in _ORDINAL_TAILS and tokens.glued(i):
            i += 1
        i += tokens.low(i) == "of"
        month = self.month(i)
        if month is None:
            return None
        year, stop = self.following_year(i + 1)
        if last:
            return Date(month=month, year=year, days=(day, last)), stop
        return _whole(day, month, year, stop)

    def month_first(self, at: int) -> Read | None:
        """Juni 2024, June 19, 2024, June."""
        tokens = self._tokens
        month = self.month(at)
        if month is None or not (tokens[at].capital or self._language != "en"):
            return None
        i = at + 1 + (tokens.low(at + 1) == "." and len(tokens[at].text) <= 4)
        day = self.number(i, 1, 31) if self._language == "en" else None
        if day is not None and not (tokens.glued(i + 1) and tokens.low(i + 1) in {"-", ":"}):
            i += 1
            i += tokens.low(i) in _ORDINAL_TAILS and tokens.glued(i)
            year, stop = self.following_year(i)
            return _whole(day, month, year, stop)
        year, stop = self.following_year(at + 1)
        if year is None and (tokens.low(at) in self._words.ambiguous or not tokens[at].capital):
            led = tokens.low(at - 1) in _MONTH_BEFORE
            if not (led and (tokens[at].capital or tokens.low(at - 1) == "bulan")):
                return None
        return Date(month=month, year=year), stop

    def year(self, at: int, *, alone: bool) -> Read | None:
        """A year or a decade in digits; bare ones only between 1900 and 2099."""
        tokens = self._tokens
        led = tokens.low(at - 1) in _YEAR_BEFORE
        year = self.number(at, 1000 if led else 1900, 2099, 4)
        if year is None or (not alone and tokens.low(at - 1) not in {",", "tahun", "di", "in", "of", "pada", ")"}):
            return None
        if at and tokens.glued(at) and (tokens[at - 1].kind == "word" or tokens.low(at - 1) in {"-", "/", "–"}):
            return None
        decade = self.decade(at)
        if decade is not None:
            return Date(earliest=date(year, 1, 1), latest=date(year + 9, 12, 31)), decade[1]
        if tokens.glued(at + 1) and (tokens[at + 1].kind == "word" or tokens.low(at + 1) in {"/", "-", "–", "%"}):
            return None
        return Date(year=year), at + 1

    def decade(self, at: int) -> tuple[int, int] | None:
        """The first year of "1980-an" or "1980s", and the token after it."""
        tokens, year = self._tokens, self.number(at, 1000, 2099, 4)
        if year is None or year % 10 or not tokens.glued(at + 1):
            return None
        if tokens.low(at + 1) == "s":
            return year, at + 2
        return (year, at + 3) if tokens.match(at + 1, ("-", "an")) else None

    def labelled(self, at: int) -> Read | None:
        """tanggal 16, tahun 1888: what a bare number means is said before it."""
        low, stop = self._tokens.low(at), at + 2
        if low in {"tanggal", "tgl"} and self._language != "en":
            named = self.day_month(at + 1) or self.numeric(at + 1)
            if named is not None:
                return named
            day = self.number(at + 1, 1, 31)
            if (
                day is None
                and (number := read_number(self._tokens, at + 1, self._language))
                and number.value in range(1, 32)
            ):
                day, stop = int(number.value or 0), number.stop
            return (Date(day=day), stop) if day else None
        if low in {"tahun", "dekade", "dasawarsa"} and self._language != "en":
            return self.year(at + 1, alone=True)
        return None

    def month(self, at: int) -> int | None:
        """The month that the word at `at` names."""
        return self._words.months.get(self._tokens.low(at))

    def following_year(self, at: int) -> tuple[int | None, int]:
        """The year that stands after a month, past a point, a comma or "tahun", and the token after it."""
        i = at
        if self._tokens.low(i) in {".", ",", "tahun"}:
            i += 1
        year = self.number(i, 1000, 2100, 4) if len(self._tokens[i].text) == 4 else None
        return (year, i + 1) if year else (None, at)

    def number(self, at: int, low: int, high: int, digits: int = 2) -> int | None:
        """The plain digits at `at` as a number between `low` and `high`."""
        text = self._tokens[at].text
        fits = self._tokens[at].kind == "digits" and text.isdigit() and len(text) <= digits
        return int(text) if fits and low <= int(text) <= high else None


def _whole(day: int, month: int, year: int | None, stop: int) -> Read | None:
    """A day, month and perhaps year, if the calendar has it."""
    try:
        date(year or 2024, month, day)
    except ValueError:
        return None
    return Date(year=year, month=month, day=day), stop
