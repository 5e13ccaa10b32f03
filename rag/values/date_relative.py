"""Reads a date that leans on the publication date or on a month: kemarin, pekan depan, akhir Juli, last Monday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from rag.values.date_calendar import CalendarReader, Read
from rag.values.date_words import Period, date_words
from rag.values.dates import Date, month_end, settle
from rag.values.numbers import read_number
from rag.values.ordinals import read_ordinal
from rag.values.tokens import Tokens

__all__ = ["RelativeReader"]

_DIRECTIONS = {"lalu": -1, "silam": -1, "mendatang": 1, "depan": 1, "nanti": 1}
_YEAR_PARTS = {"paruh": 2, "semester": 2, "half": 2, "kuartal": 4, "triwulan": 4, "quarter": 4}


class RelativeReader:
    """Reads relative words; without an anchor they are found, and say nothing."""

    def __init__(self, tokens: Tokens, language: str, anchor: date | None) -> None:
        self._tokens = tokens
        self._language = language
        self._words = date_words(language)
        self._anchor = anchor
        self._calendar = CalendarReader(tokens, language)

    def weekday(self, at: int) -> Read | None:
        """Rabu, Senin lalu, next Monday; "Minggu" only with a capital, since "minggu" is a week."""
        tokens, words = self._tokens, self._words
        night = words.parts.at(tokens, at) if tokens.low(at) == "malam" else None
        if night is not None and night[1] == at + 1:
            if tokens.low(at + 1) == "malam":  # "malam malam": no day is named, and to read on from each takes long
                return None
            named = self.weekday(at + 1)
            if named is None or named[0].weekday is None or named[0] != Date(weekday=named[0].weekday):
                return None
            # "malam Minggu" is the night before Sunday, "Minggu malam" that of Sunday.
            return Date(weekday=(named[0].weekday - 1) % 7, part=night[0]), named[1]
        i, reach = at, words.before_weekday.get(tokens.low(at))
        if reach is not None:
            i += 1
            if tokens.low(i) in words.before_weekday:
                reach, i = words.before_weekday[tokens.low(i)], i + 1
        weekday = words.weekdays.get(tokens.low(i))
        if weekday is None or (tokens.low(i) in {"minggu", "ahad"} and not tokens[i].capital):
            return None
        if tokens.low(i) == "minggu" and tokens[i - 1].kind == "digits" and i == at:
            return None
        stop = i + 1
        nth = read_ordinal(tokens, stop, self._language) if self._language != "en" else None
        if nth is not None and 1 <= nth[0] <= 5:  # "Sabtu ketiga bulan Mei"
            month_at = nth[1] + (tokens.low(nth[1]) == "bulan")
            if (month := self._calendar.month(month_at)) is not None:
                year, stop = self._calendar.following_year(month_at + 1)
                return Date(weekday=weekday, month=month, year=year, days=_nth_week(nth[0])), stop
        if reach is None and tokens.low(stop) in words.after_weekday:
            reach, stop = words.after_weekday[tokens.low(stop)], stop + 1
        found = Date(weekday=weekday)
        return (self._reached(found, *reach) if reach else found), stop

    def directed(self, found: Date, at: int, stop: int) -> Read:
        """The year that "lalu", "mendatang", "next" or "last" gives to a month: "17 Juni lalu", "next April"."""
        sign = _DIRECTIONS.get(self._tokens.low(stop))
        before = self._tokens.low(at - 1) if self._language == "en" and found.day is None else ""
        sign, stop = (sign, stop + 1) if sign else ({"next": 1, "last": -1}.get(before), stop)
        if sign is None or self._anchor is None or found.month is None or found.year is not None:
            return found, stop
        months = (self._anchor.month, self._anchor.day), (found.month, found.day or self._anchor.day)
        passed = months[1] > months[0] if sign < 0 else months[1] < months[0]
        return replace(found, year=self._anchor.year + sign * passed, earliest=None, latest=None), stop

    def relative(self, at: int) -> Read | None:
        """kemarin, pekan depan, dua hari lalu, last night."""
        tokens, words = self._tokens, self._words
        named = words.relative.at(tokens, at)
        if named is not None:
            (first, last, part), stop = named
            return self._reached(Date(part=part), first, last), stop
        period = words.periods.at(tokens, at)
        if period is not None:
            (unit, shift), stop = period
            if unit == "year" and tokens.low(stop) in words.units:
                return None
            return self._period(unit, shift), stop
        return self.counted(at)

    def counted(self, at: int) -> Read | None:
        """dua hari lalu, sepekan lagi, three days ago."""
        tokens, words = self._tokens, self._words
        low = tokens.low(at)
        one = words.units.get(low[2:]) if low.startswith("se") and self._language != "en" else None
        if one is not None:
            unit, count, stop = one, 1, at + 1
        else:
            number = read_number(tokens, at, self._language)
            named = words.units.get(tokens.low(number.stop)) if number else None
            if number is None or number.value is None or named is None or number.value.denominator != 1:
                return None
            unit, count, stop = named, int(number.value), number.stop + 1
        for phrases, sign in ((words.ago, -1), (words.ahead, 1)):
            end = phrases.at(tokens, stop)
            if end is not None and count <= 1000:
                return self._away(unit, sign * count), end[1]
        return None

    def part_of_month(self, at: int) -> Read | None:
        """akhir Juli, awal 2024, late 1990s, pertengahan bulan ini, end of June, the second week of September."""
        tokens, words = self._tokens, self._words
        for phrase in ((), ("the",)):
            nth = read_ordinal(tokens, at + len(phrase), self._language) if tokens.match(at, phrase) else None
            after = words.ordinal_units.at(tokens, nth[1]) if nth else None
            if nth and after and 1 <= nth[0] <= 5 and (month := self._calendar.month(after[1])):
                year, stop = self._calendar.following_year(after[1] + 1)
                return Date(month=month, year=year, days=_nth_week(nth[0], loose=2)), stop
        if tokens.low(at) in {"pekan", "minggu"} and (nth := read_ordinal(tokens, at + 1, self._language)):
            month_at = nth[1] + (tokens.low(nth[1]) == "bulan")
            month = self._calendar.month(month_at)
            if month and 1 <= nth[0] <= 5:
                year, stop = self._calendar.following_year(month_at + 1)
                return Date(month=month, year=year, days=_nth_week(nth[0], loose=2)), stop
        named = words.part_days.at(tokens, at)
        if named is None:
            return None
        days, i = named
        i += tokens.low(i) in {"bulan", "-"} and words.periods.at(tokens, i) is None
        if (period := words.periods.at(tokens, i)) is not None and period[0][0] == "month":
            return replace(self._period(*period[0]), days=days), period[1]
        if (month := self._calendar.month(i)) is not None:
            year, stop = self._calendar.following_year(i + 1)
            return Date(month=month, year=year, days=days), stop
        decade = self._calendar.decade(i + (tokens.low(i) in {"tahun", "dekade", "dasawarsa", "the"}))
        if decade is not None:
            first, last = {1: (0, 3), 9: (3, 6)}.get(days[0], (6, 9))
            return Date(earliest=date(decade[0] + first, 1, 1), latest=date(decade[0] + last, 12, 31)), decade[1]
        i += tokens.low(i) == "tahun"
        year = self._calendar.number(i, 1900, 2099, 4)
        if year is not None:
            first, last = {1: (1, 5), 9: (4, 9)}.get(days[0], (8, 12))
            return Date(earliest=date(year, first, 1), latest=month_end(year, last)), i + 1
        return None

    def part_of_year(self, at: int) -> Read | None:
        """paruh kedua tahun ini, kuartal ketiga 2024, the first half of 2025."""
        tokens = self._tokens
        if self._language == "en":
            i = at + (tokens.low(at) == "the")
            nth = read_ordinal(tokens, i, "en")
            i = nth[1] if nth else at
            parts, year_at = _YEAR_PARTS.get(tokens.low(i)), i + 1 + (tokens.low(i + 1) == "of")
        else:
            parts = _YEAR_PARTS.get(tokens.low(at))
            nth = read_ordinal(tokens, at + 1, self._language) if parts else None
            year_at = nth[1] if nth else at
        if nth is None or parts is None or not 1 <= nth[0] <= parts:
            return None
        inner = self._period_or_month(year_at)
        if inner is None or inner[0].month is not None:
            return None
        year, stop = inner[0].year, inner[1]
        if year is None:
            return Date(), stop
        months = 12 // parts
        last = nth[0] * months
        return Date(earliest=date(year, last - months + 1, 1), latest=month_end(year, last)), stop

    def nth_day(self, at: int) -> Read | None:
        """hari terakhir bulan April, hari pertama 2025, the last day of June."""
        tokens = self._tokens
        if tokens.match(at, ("hari",)):
            ends, i = {"pertama": 0, "terakhir": 1}, at + 2
            which = ends.get(tokens.low(at + 1))
            i += tokens.low(i) == "bulan" and self._calendar.month(i + 1) is not None
        elif tokens.match(at + 1, ("day", "of")):
            which, i = {"first": 0, "last": 1}.get(tokens.low(at)), at + 3
            i += tokens.low(i) == "the"
        else:
            return None
        if which is None:
            return None
        inner = self._period_or_month(i)
        if inner is None:
            return None
        period, stop = settle(inner[0], self._anchor), inner[1]
        span = period.span() or replace(period, year=2023).span()
        if span is None or not (period.year or period.month):
            return period, stop
        day = span[which]
        return Date(period.year, day.month, day.day), stop

    def _reached(self, found: Date, first: int, last: int) -> Date:
        """The date bounded to the days from `first` to `last` after publication, if that is known."""
        if self._anchor is None:
            return found
        return replace(found, earliest=self._anchor + timedelta(days=first), latest=self._anchor + timedelta(days=last))

    def _away(self, unit: Period, count: int) -> Date:
        """So many days, weeks, months or years from publication, as loosely as such words are meant."""
        if self._anchor is None:
            return Date()
        if unit == "year":
            return Date(year=self._anchor.year + count) if 1000 < self._anchor.year + count < 2100 else Date()
        days, loose = {"day": (1, 0), "week": (7, 2), "month": (30, 20)}[unit]
        return self._reached(Date(), count * days - loose, count * days + loose)

    def _period(self, unit: Period, shift: int) -> Date:
        if self._anchor is None:
            return Date()
        if unit == "year":
            return Date(year=self._anchor.year + shift)
        if unit == "month":
            months = self._anchor.year * 12 + self._anchor.month - 1 + shift
            return Date(year=months // 12, month=months % 12 + 1)
        monday = self._anchor - timedelta(days=self._anchor.weekday()) + timedelta(weeks=shift)
        first, last = (monday, 6) if unit == "week" else (monday + timedelta(days=4), 2)
        return Date(earliest=first, latest=first + timedelta(days=last))

    def _period_or_month(self, at: int) -> Read | None:
        period = self._words.periods.at(self._tokens, at)
        if period is not None and period[0][0] in {"month", "year"}:
            return self._period(*period[0]), period[1]
        return (
            self._calendar.month_first(at) if self._tokens[at].kind == "word" else self._calendar.year(at, alone=True)
        )


def _nth_week(n: int, loose: int = 0) -> tuple[int, int]:
    return max(1, 7 * n - 6 - loose), min(31, 7 * n + loose)
