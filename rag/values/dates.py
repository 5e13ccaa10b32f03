"""A date as far as a text states it, what a publication date adds to it, and whether two dates can be one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

__all__ = ["Date", "Relation", "merge", "month_end", "relate_dates", "settle"]

Relation = Literal["same", "compatible", "incompatible", "unrelated"]

_DAY = 1440  # minutes
_WEEK = timedelta(days=7)
# A day and month without a year is taken to lie this near its publication; beyond, either year is as likely.
_NEAR = timedelta(days=100)
_SLACK = 30  # minutes by which "malam" or "sekitar pukul 04.00" may be off


@dataclass(frozen=True, slots=True)
class Date:
    """What a text says of a point in time; a field that it leaves open is None.

    `weekday` counts from Monday = 0, `minute` from midnight, `zone` in hours east of UTC, or the name of one whose
    hours are not known ("waktu Riyadh"). `days` is the first and last day of the month that it may be ("akhir
    Juli"), `part` the minutes of the day ("malam"; may pass midnight). `half_day` says that morning or afternoon is
    open ("4:17"), `about` that the time is rough. `earliest` and `latest` bound the day; they come from words
    relative to the publication date ("kemarin") and from `settle`.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    minute: int | None = None
    zone: int | str | None = None
    days: tuple[int, int] | None = None
    part: tuple[int, int] | None = None
    half_day: bool = False
    about: bool = False
    earliest: date | None = None
    latest: date | None = None

    @property
    def has_day(self) -> bool:
        """Whether anything is known of the day, month or year."""
        known = (self.year, self.month, self.day, self.weekday, self.days, self.earliest, self.latest)
        return any(field is not None for field in known)

    @property
    def has_time(self) -> bool:
        """Whether anything is known of the time of day."""
        return self.minute is not None or self.part is not None

    def admits(self, day: date) -> bool:
        """Whether the date may be `day`."""
        return (
            (self.year is None or day.year == self.year)
            and (self.month is None or day.month == self.month)
            and (self.day is None or day.day == self.day)
            and (self.days is None or self.days[0] <= day.day <= self.days[1])
            and (self.weekday is None or day.weekday() == self.weekday)
            and (self.earliest is None or day >= self.earliest)
            and (self.latest is None or day <= self.latest)
        )

    def span(self) -> tuple[date, date] | None:
        """The first and last day that year, month and bounds leave, or None when they leave it open."""
        first, last = self.earliest, self.latest
        if self.year is not None:
            low = date(self.year, self.month or 1, 1)
            high = month_end(self.year, self.month or 12)
            first, last = max(low, first or low), min(high, last or high)
        return (first, last) if first is not None and last is not None else None

    def only_day(self) -> date | None:
        """The one day it can be, or None."""
        span = self.span()
        if span is None or (span[1] - span[0]).days > 366:
            return None
        days = [day for day in _range(*span) if self.admits(day)]
        return days[0] if len(days) == 1 else None


def merge(a: Date, b: Date) -> Date | None:
    """One date from two parts that stand together ("Rabu" and "19/6"), or None if they contradict."""
    fields: dict[str, int | str | tuple[int, int] | None] = {}
    for name in ("year", "month", "day", "weekday", "minute", "zone", "days", "part"):
        one, other = getattr(a, name), getattr(b, name)
        if one is not None and other is not None and one != other:
            return None
        fields[name] = one if other is None else other
    lows = [d.earliest for d in (a, b) if d.earliest]
    highs = [d.latest for d in (a, b) if d.latest]
    earliest, latest = max(lows, default=None), min(highs, default=None)
    if fields["day"] is not None and fields["month"] is not None:
        earliest = latest = None  # what is written out says more than "pekan depan" or "kemarin"
    elif earliest and latest and earliest > latest:
        return None
    half_day, about = a.half_day or b.half_day, a.about or b.about
    merged = Date(**fields, half_day=half_day, about=about, earliest=earliest, latest=latest)  # type: ignore[arg-type]
    if (earliest or latest) and (span := merged.span()) and not any(merged.admits(day) for day in _range(*span)):
        return None  # "kemarin Juli", published in June
    return merged


def settle(found: Date, anchor: date | None) -> Date:
    """The date with what follows from itself and from the day it was published.

    With an `anchor`: a day or month without a year is the one nearest to it, if that is within 100 days (or if the
    weekday decides); a weekday alone lies within a week of it on either side; a day of the month alone within a
    month. Without one, and where a word or year says it already, nothing is filled in. A weekday that contradicts a
    full date is dropped: outlets misprint the weekday more often than the date.
    """
    if found.half_day and found.minute is not None and found.part is not None:
        later = found.minute + _DAY // 2
        afternoon = _in_part(later, found.part) and not _in_part(found.minute, found.part)
        found = replace(found, minute=later if afternoon else found.minute, half_day=False)
    bounded = found.earliest is not None or found.latest is not None
    if anchor is not None and found.year is None and not bounded:
        if found.month is not None:
            found = replace(found, year=_nearest_year(found, anchor))
        elif found.weekday is not None and found.day is None:
            found = replace(found, earliest=anchor - _WEEK, latest=anchor + _WEEK)
        elif found.day is not None:
            found = replace(found, earliest=anchor - timedelta(31), latest=anchor + timedelta(31))
    if found.weekday is not None and found.year and found.month and found.day:
        day = _day(found.year, found.month, found.day)
        if day is not None and day.weekday() != found.weekday:
            found = replace(found, weekday=None)
    return found


def relate_dates(a: Date, b: Date) -> Relation:
    """Whether two dates can be the same moment: they must agree on every field that both state.

    Clock times in two stated zones are compared as instants, the day moving with them; where the hours of one are not
    known, any hour of the day before, the same or the next is "compatible". "same" needs one day (or equal open fields)
    and the same time; a date that only says less is "compatible"; dates that share no field are "unrelated". Symmetric.
    """
    days, times = a.has_day and b.has_day, a.has_time and b.has_time
    if not days and not times:
        return "unrelated"
    minute, shift = b.minute, 0
    apart = a.zone is not None and b.zone is not None and a.zone != b.zone
    if times and apart and (isinstance(a.zone, str) or isinstance(b.zone, str)):
        near = not days or any(_days_meet(a, b, timedelta(days=n)) for n in (-1, 0, 1))
        return "compatible" if near else "incompatible"
    if a.minute is not None and minute is not None and isinstance(a.zone, int) and isinstance(b.zone, int):
        shift, minute = divmod(minute + 60 * (a.zone - b.zone), _DAY)
    if (times and not _times_meet(a, b, minute)) or (days and not _days_meet(a, b, timedelta(days=shift))):
        return "incompatible"
    same_time = (a.minute, a.part if a.minute is None else None) == (minute, b.part if minute is None else None)
    return "same" if same_time and _same_day(a, b, timedelta(days=shift)) else "compatible"


def _same_day(a: Date, b: Date, shift: timedelta) -> bool:
    one, other = a.only_day(), b.only_day()
    if one is not None and other is not None:
        return one == other + shift
    if None not in (a.month, a.day) and (a.month, a.day) == (b.month, b.day):
        return True
    fields = ("year", "month", "day", "weekday", "days", "earliest", "latest")
    return all(getattr(a, name) == getattr(b, name) for name in fields)


def _days_meet(a: Date, b: Date, shift: timedelta) -> bool:
    """Whether a day of `a`'s zone can be both, `b` being `shift` ahead of what its text says."""
    spans = [span for span in (a.span(), _moved(b.span(), shift)) if span is not None]
    if spans:
        first, last = max(low for low, _ in spans), min(high for _, high in spans)
        return any(a.admits(day) and b.admits(day - shift) for day in _range(first, last))
    if a.weekday is not None and b.weekday is not None and a.weekday != (b.weekday + shift.days) % 7:
        return False
    if (a.earliest and b.latest and a.earliest > b.latest + shift) or (
        b.earliest and a.latest and b.earliest + shift > a.latest
    ):
        return False
    # No year on either side: any leap year serves for day and month, and no weekday can be checked.
    one = replace(a, weekday=None, earliest=None, latest=None)
    other = replace(b, weekday=None, earliest=None, latest=None)
    return any(one.admits(day) and other.admits(day - shift) for day in _range(date(2024, 1, 1), date(2024, 12, 31)))


def _times_meet(a: Date, b: Date, minute: int | None) -> bool:
    """Whether the times agree, `minute` being `b`'s in the zone of `a`."""
    if a.minute is not None and minute is not None:
        turn = _DAY // 2 if a.half_day or b.half_day else _DAY
        gap = abs(a.minute - minute) % turn
        return min(gap, turn - gap) <= (_SLACK if a.about or b.about else 0)
    if a.minute is not None and b.part is not None:
        return _in_part(a.minute, b.part) or (a.half_day and _in_part(a.minute + _DAY // 2, b.part))
    if minute is not None and a.part is not None:
        return _in_part(minute, a.part) or (b.half_day and _in_part(minute + _DAY // 2, a.part))
    return _parts_meet(a.part, b.part)


def _in_part(minute: int, part: tuple[int, int]) -> bool:
    return any(part[0] - _SLACK <= minute + turn <= part[1] + _SLACK for turn in (-_DAY, 0, _DAY))


def _parts_meet(a: tuple[int, int] | None, b: tuple[int, int] | None) -> bool:
    if a is None or b is None:
        return True
    return any(a[0] < b[1] + turn and b[0] + turn < a[1] for turn in (-_DAY, 0, _DAY))


def _nearest_year(found: Date, anchor: date) -> int | None:
    """The year that puts a day and month, or a month, nearest to `anchor`; None if that is far."""
    month, day = found.month or 1, found.day or 15
    tries = [(year, _day(year, month, day)) for year in range(anchor.year - 1, anchor.year + 2)]
    fits = [(abs(when - anchor), year, when) for year, when in tries if when is not None]
    on_weekday = [fit for fit in fits if found.day is not None and fit[2].weekday() == found.weekday]
    gap, year, _ = min(on_weekday or fits, default=(_NEAR * 2, 0, anchor))
    return year if gap <= _NEAR or on_weekday else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)


def _moved(span: tuple[date, date] | None, shift: timedelta) -> tuple[date, date] | None:
    return span and (span[0] + shift, span[1] + shift)


def _range(first: date, last: date) -> list[date]:
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]
