"""The words of dates in Indonesian and English: names of days and months, parts of the day and month, zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.values.tokens import Phrases

Period = Literal["day", "week", "weekend", "month", "year"]


def _numbered(rows: str, start: int) -> dict[str, int]:
    return {name: n for n, names in enumerate(rows.split(), start) for name in names.split("|")}


@dataclass(frozen=True, slots=True)
class DateWords:
    """One language's words. Parts of the day are minutes from midnight, generous at both ends."""

    months: dict[str, int]
    weekdays: dict[str, int]
    parts: Phrases[tuple[int, int]]
    part_days: Phrases[tuple[int, int]]  # early, mid and late: days of a month
    relative: Phrases[tuple[int, int, tuple[int, int] | None]]  # first and last day from publication, part of day
    periods: Phrases[tuple[Period, int]]  # "pekan depan": the week one later
    units: dict[str, Period]  # of "dua hari lalu"
    ago: Phrases[None]
    ahead: Phrases[None]
    after_weekday: dict[str, tuple[int, int]]  # days from publication: "Senin lalu"
    before_weekday: dict[str, tuple[int, int]]
    connectors: frozenset[str]  # may stand between two parts of one date
    ambiguous: frozenset[str]  # names that are common words: a day or year must stand beside them
    ordinal_units: Phrases[None]


ZONES = Phrases(
    {
        "wib": 7, "wita": 8, "wit": 9, "gmt": 0, "utc": 0, "sgt": 8, "jst": 9, "waktu indonesia barat": 7,
        "waktu indonesia bagian barat": 7, "waktu indonesia tengah": 8, "waktu indonesia bagian tengah": 8,
        "waktu indonesia timur": 9, "waktu indonesia bagian timur": 9, "hkt": 8, "msk": 3, "cet": 1, "cest": 2,
        "est": -5, "edt": -4, "pst": -8, "pdt": -7, "aest": 10, "aedt": 11,
    }
)  # fmt: skip

_ID_PERIODS: tuple[tuple[str, Period], ...] = (
    ("pekan", "week"), ("minggu", "week"), ("akhir pekan", "weekend"), ("bulan", "month"), ("tahun", "year"),
)  # fmt: skip
_EN_PERIODS: tuple[Period, ...] = ("week", "weekend", "month", "year")

INDONESIAN = DateWords(
    months=_numbered(
        "januari|jan februari|pebruari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agu|agt|ags "
        "september|sep|sept oktober|okt november|nopember|nov|nop desember|des",
        1,
    ),
    weekdays=_numbered("senin selasa rabu|rebo kamis jumat|jum'at sabtu minggu|ahad", 0),
    parts=Phrases(
        {
            "dini hari": (0, 330),
            "subuh": (210, 390),
            "pagi": (210, 690),
            "siang": (600, 930),
            "sore": (840, 1140),
            "petang": (930, 1170),
            "malam": (1050, 1500),
            "tengah malam": (1380, 1500),
            "selepas subuh": (240, 390),
            "selepas isya": (1110, 1320),
            "selepas magrib": (1050, 1200),
            "fajar": (240, 390),
            "pagi hari": (210, 690),
            "siang hari": (600, 930),
            "sore hari": (840, 1140),
            "malam hari": (1050, 1500),
        }
    ),
    part_days=Phrases(
        {
            "awal": (1, 12),
            "pertengahan": (9, 22),
            "akhir": (18, 31),
            "penghujung": (20, 31),
            "tengah": (9, 22),
        }
    ),
    relative=Phrases(
        {
            "hari ini": (0, 0, None),
            "kemarin": (-1, -1, None),
            "kemarin lusa": (-2, -2, None),
            "kemarin dulu": (-2, -2, None),
            "besok": (1, 1, None),
            "esok": (1, 1, None),
            "lusa": (2, 2, None),
            "besok lusa": (2, 2, None),
            "tadi malam": (-1, 0, (1050, 1740)),
            "semalam": (-1, 0, (1050, 1740)),
            "tadi pagi": (0, 0, (210, 690)),
            "pagi tadi": (0, 0, (210, 690)),
            "tadi siang": (0, 0, (600, 930)),
            "siang tadi": (0, 0, (600, 930)),
            "tadi sore": (0, 0, (840, 1140)),
            "sore tadi": (0, 0, (840, 1140)),
            "pagi ini": (0, 0, (210, 690)),
            "siang ini": (0, 0, (600, 930)),
            "sore ini": (0, 0, (840, 1140)),
            "malam ini": (0, 0, (1050, 1500)),
            "nanti malam": (0, 0, (1050, 1500)),
        }
    ),
    periods=Phrases(
        {
            f"{noun} {which}": (period, shift)
            for noun, period in _ID_PERIODS
            for which, shift in {
                "ini": 0,
                "lalu": -1,
                "kemarin": -1,
                "silam": -1,
                "depan": 1,
                "mendatang": 1,
                "berikutnya": 1,
            }.items()
            if not (noun == "minggu" and which == "kemarin")
        }
    ),
    units={"hari": "day", "malam": "day", "pekan": "week", "minggu": "week", "bulan": "month", "tahun": "year"},
    ago=Phrases(dict.fromkeys(["lalu", "yang lalu", "silam"])),
    ahead=Phrases(dict.fromkeys(["lagi", "mendatang"])),
    after_weekday={
        "lalu": (-13, -1),
        "kemarin": (-7, -1),
        "silam": (-13, -1),
        "depan": (1, 14),
        "mendatang": (1, 14),
        "besok": (1, 7),
        "nanti": (1, 7),
        "lusa": (1, 7),
    },
    before_weekday={},
    connectors=frozenset({",", "(", ")", "pada", "tepatnya", "persis", "sekitar", "bulan", "di", "hari", "tanggal"}),
    ambiguous=frozenset(
        {"mar", "des", "jan", "sep", "jun", "feb", "apr", "jul", "okt", "nov", "nop", "agu", "agt", "ags"}
    ),
    ordinal_units=Phrases(dict.fromkeys(["pekan", "minggu"])),
)

ENGLISH = DateWords(
    months=_numbered(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept "
        "october|oct november|nov december|dec",
        1,
    ),
    weekdays=_numbered(
        "monday|mondays tuesday|tuesdays wednesday|wednesdays thursday|thursdays friday|fridays "
        "saturday|saturdays sunday|sundays",
        0,
    ),
    parts=Phrases(
        {
            "early morning": (0, 480),
            "early hours": (0, 360),
            "before dawn": (120, 360),
            "dawn": (240, 420),
            "morning": (0, 720),
            "noon": (690, 750),
            "midday": (660, 780),
            "afternoon": (720, 1080),
            "evening": (1020, 1380),
            "night": (1050, 1740),
            "midnight": (1410, 1470),
            "predawn": (120, 360),
        }
    ),
    part_days=Phrases(
        {
            "early": (1, 12),
            "the start of": (1, 8),
            "the beginning of": (1, 8),
            "mid": (9, 22),
            "mid-": (9, 22),
            "the middle of": (9, 22),
            "late": (18, 31),
            "the end of": (22, 31),
        }
    ),
    relative=Phrases(
        {
            "today": (0, 0, None),
            "yesterday": (-1, -1, None),
            "tomorrow": (1, 1, None),
            "the day before yesterday": (-2, -2, None),
            "the day after tomorrow": (2, 2, None),
            "tonight": (0, 0, (1050, 1740)),
            "last night": (-1, 0, (1050, 1740)),
            "this morning": (0, 0, (0, 720)),
            "this afternoon": (0, 0, (720, 1080)),
            "this evening": (0, 0, (1020, 1380)),
        }
    ),
    periods=Phrases(
        {
            f"{which} {noun}": (noun, shift)
            for noun in _EN_PERIODS
            for which, shift in {"this": 0, "last": -1, "next": 1}.items()
        }
    ),
    units={
        "day": "day",
        "days": "day",
        "week": "week",
        "weeks": "week",
        "month": "month",
        "months": "month",
        "year": "year",
        "years": "year",
    },
    ago=Phrases(dict.fromkeys(["ago", "earlier"])),
    ahead=Phrases(dict.fromkeys(["from now"])),
    after_weekday={},
    before_weekday={"last": (-13, -1), "next": (1, 14), "this": (-6, 7), "coming": (1, 7), "this coming": (1, 7)},
    connectors=frozenset({",", "(", ")", "on", "at", "of", "in", "around", "about", "the"}),
    ambiguous=frozenset(
        {"may", "march", "august", "mar", "dec", "jan", "sep", "jun", "feb", "apr", "jul", "oct", "nov", "aug"}
    ),
    ordinal_units=Phrases(dict.fromkeys(["week of", "week in"])),
)


def date_words(language: str) -> DateWords:
    """The words of `language`: English for "en", Indonesian for anything else."""
    return ENGLISH if language == "en" else INDONESIAN
