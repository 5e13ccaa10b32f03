"""Reads a time of day at a token: "pukul 04.17 Wita", "jam 7 malam", "at 4:17 a.m.", "7.42pm", "noon"."""

from __future__ import annotations

from rag.values.date_words import ZONES, date_words
from rag.values.dates import Date
from rag.values.numbers import read_number
from rag.values.tokens import Tokens

_PRAYERS = frozenset({"subuh", "zuhur", "dzuhur", "asar", "ashar", "magrib", "maghrib", "isya"})  # hours, no zones
_NOON = 720
_DAY = 1440
_LATE = 4  # the last hour that a night ends in: "pukul 02.00 malam" is past midnight, "pukul 7 malam" before it


def read_clock(tokens: Tokens, at: int, language: str = "id", *, loose: bool = False) -> tuple[Date, int] | None:
    """The time at the token `at`, with part of the day and zone when they follow, and the token after it, or None.

    `loose` says that a date stands before it, so that "17.50" alone is a time.
    """
    i, about = at, False
    if language == "en":
        if tokens.low(i) in {"midnight", "noon"}:
            minute = 0 if tokens.low(i) == "midnight" else _NOON
            # Midnight belongs to the day before as often as to the day after: it stays a part of the day.
            found = Date(part=(1410, 1470)) if minute == 0 else Date(minute=minute)
            return found, i + 1
        led = tokens.low(i) == "at"
        i += led
    else:
        led = tokens.low(i) in {"pukul", "jam", "pkl"}
        i += led
        i += led and tokens.low(i) == "."
    if led and tokens.low(i) in {"sekitar", "about", "around"}:
        about, i = True, i + 1
    read = _hour_minute(tokens, i, language, spelt=led)
    if read is None:
        return None
    hour, stated, colon, padded, stop = read
    if led and stated is None and language != "en":
        stated, hour, stop = _past(tokens, hour, stop, language)
    if language == "en":
        return _english(tokens, hour, stated, colon, padded, stop, led, about)
    named = date_words(language).parts.at(tokens, stop) if led else None
    zone, after = _zone(tokens, named[1] if named else stop)
    if not (led or zone is not None or colon or loose) or (not led and stated is None):
        return None
    about = about or (led and tokens.low(at - 1) in {"sekitar", "kira"})
    half_day = hour < 10 and not padded
    part = named[0] if named else None
    found = _at(hour, stated or 0, half_day, part, zone, about)
    return found, after


def _past(tokens: Tokens, hour: int, stop: int, language: str) -> tuple[int | None, int, int]:
    """The minutes of "jam tujuh lewat dua puluh" and "pukul delapan kurang lima", the hour, and the token after."""
    sign = {"lewat": 1, "lebih": 1, "kurang": -1}.get(tokens.low(stop))
    number = read_number(tokens, stop + 1, language) if sign else None
    if sign is None or number is None or number.value is None or not 0 < number.value < 60:
        return None, hour, stop
    minute = int(number.value * (60 if number.share else 1)) * sign  # "lewat seperempat"
    after = number.stop + (tokens.low(number.stop) == "menit")
    return minute % 60, (hour if minute >= 0 else hour - 1) % 24, after


def _english(
    tokens: Tokens, hour: int, minute: int | None, colon: bool, padded: bool, stop: int, led: bool, about: bool
) -> tuple[Date, int] | None:
    half = tokens.low(stop) if tokens.low(stop) in {"am", "pm"} else ""
    if not half and tokens.low(stop) in {"a", "p"} and tokens.match(stop + 1, (".", "m")):
        half, stop = tokens.low(stop) + "m", stop + 2 + (tokens.low(stop + 3) == ".")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour, stop = hour % 12 + (12 if half == "pm" else 0), stop + 1
    stop += tokens.low(stop) == "o'clock"
    for lead in (("in", "the"), ("at",)):  # "at 11 in the morning", "at 10 at night"
        named = date_words("en").parts.at(tokens, stop + len(lead)) if tokens.match(stop, lead) else None
        if led and not half and named is not None:
            return _at(hour, minute or 0, False, named[0], None, about), named[1]
    zone, after = _zone(tokens, stop)
    if not half and not (colon and minute is not None) and not (zone is not None and minute is not None):
        return None
    found = _at(hour, minute or 0, not half and hour <= 12 and not padded and zone is None, None, zone, about)
    return found, after


def _zone(tokens: Tokens, at: int) -> tuple[int | str | None, int]:
    """The zone that stands behind a time, by its name where its hours are not known here, and the token after it."""
    known = ZONES.at(tokens, at)
    if known is not None:
        return known
    if tokens.match(at, ("waktu", "setempat")) or tokens.match(at, ("local", "time")):
        return "local", at + 2
    first = at + (tokens.low(at) == "waktu")
    stop = first
    while tokens[stop].capital:
        stop += 1
    name = " ".join(tokens.low(i) for i in range(first, stop))
    if not name or name in _PRAYERS or not (first > at or tokens[stop].text == "time"):
        return None, at
    return name, stop + (first == at)


def _at(
    hour: int, minute: int, half_day: bool, part: tuple[int, int] | None, zone: int | str | None, about: bool
) -> Date:
    total = hour * 60 + minute
    if hour == 24:
        return Date(part=(1410, 1470), zone=zone)
    if part is not None and hour <= 12:
        past_midnight = part[1] > _DAY and hour <= _LATE
        if hour == 12 and part[1] <= _NOON:  # "12.15 dini hari"
            total -= _NOON
        elif not past_midnight and (part[0] >= _NOON or (part[0] >= 600 and hour <= 4)):
            total = total % _NOON + (_NOON if hour < 12 or part[0] < 1000 else 0)
    return Date(minute=total, part=part, half_day=half_day and part is None, zone=zone, about=about)


def _hour_minute(
    tokens: Tokens, at: int, language: str, *, spelt: bool
) -> tuple[int, int | None, bool, bool, int] | None:
    """Hour, minute if stated, whether a colon parts them, whether the hour has two digits, the token after."""
    token = tokens[at]
    if token.kind == "word" and spelt:
        number = read_number(tokens, at, language)
        if number is None or number.value is None or number.value.denominator != 1 or not 1 <= number.value <= 24:
            return None
        return int(number.value), None, False, False, number.stop
    if token.kind != "digits" or (at and tokens.glued(at) and tokens[at - 1].kind == "word"):
        return None
    parts = token.text.replace(",", ".").split(".")
    colon, stop = False, at + 1
    if len(parts) == 1 and tokens.low(stop) == ":" and tokens.glued(stop) and tokens.glued(stop + 1):
        tail = tokens[stop + 1].text
        if tokens[stop + 1].kind == "digits" and len(tail) == 2 and tail.isdigit():
            parts, colon, stop = [parts[0], tail], True, stop + 2
            if tokens.low(stop) == ":" and tokens.glued(stop) and tokens[stop + 1].kind == "digits":
                stop += 2  # seconds are left out
    if len(parts) > 3 or len(parts[0]) > 2 or any(len(part) != 2 for part in parts[1:]):
        return None
    hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else None
    if hour > 24 or (minute or 0) > 59 or (hour == 24 and minute):
        return None
    return hour, minute, colon, len(parts[0]) == 2, stop
