from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.values.date_text import DateReader
from rag.values.dates import Date, relate_dates
from rag.values.tokens import Tokens

MONTHS = str.split("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember")
ENGLISH = str.split("January February March April May June July August September October November December")
WEEKDAYS = str.split("Senin Selasa Rabu Kamis Jumat Sabtu Minggu")
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def find_dates(text: str, language: str = "id", anchor: str | None = None) -> list[Date]:
    """Every date of a text."""
    tokens = Tokens(text)
    reader, found, at = DateReader(tokens, language, anchor), list[Date](), 0
    while at < len(tokens):
        read = reader.read(at)
        found += [read[0]] if read else []
        at = read[1] if read else at + 1
    return found


def one(text: str, language: str = "id", anchor: str | None = None) -> Date:
    found = find_dates(text, language, anchor)
    assert len(found) == 1, (text, found)
    return found[0]


@pytest.mark.parametrize(
    ("text", "language", "fields"),
    [
        ("19/6", "id", {"day": 19, "month": 6}),
        ("19/6/2024", "id", {"day": 19, "month": 6, "year": 2024}),
        ("(19/6/2024)", "id", {"day": 19, "month": 6, "year": 2024}),
        ("Rabu, 19 Juni 2024", "id", {"day": 19, "month": 6, "year": 2024, "weekday": 2}),
        ("Rabu (19/6)", "id", {"day": 19, "month": 6, "weekday": 2}),
        ("19 Juni", "id", {"day": 19, "month": 6}),
        ("Juni 2024", "id", {"month": 6, "year": 2024}),
        ("akhir Juli", "id", {"month": 7, "days": (18, 31)}),
        ("2024", "id", {"year": 2024}),
        ("akhir 2024", "id", {"earliest": date(2024, 8, 1), "latest": date(2024, 12, 31)}),
        ("2024-06-19", "id", {"day": 19, "month": 6, "year": 2024}),
        ("19-06-2024", "id", {"day": 19, "month": 6, "year": 2024}),
        ("19.06.2024", "id", {"day": 19, "month": 6, "year": 2024}),
        ("1-3 Juni", "id", {"month": 6, "days": (1, 3)}),
        ("Rabu malam", "id", {"weekday": 2, "part": (1050, 1500)}),
        ("pukul 04.17 Wita", "id", {"minute": 257, "zone": 8}),
        ("jam tujuh lewat dua puluh menit", "id", {"minute": 440}),
        ("at 10 at night", "en", {"minute": 1320}),
        ("pukul 7 malam", "id", {"minute": 1140, "part": (1050, 1500)}),
        ("pukul 02.00 malam", "id", {"minute": 120}),
        ("pukul 00.30 malam", "id", {"minute": 30}),
        ("pukul 01.30 tengah malam", "id", {"minute": 90}),
        ("pukul 12.15 dini hari", "id", {"minute": 15}),
        ("pukul 12 siang", "id", {"minute": 720}),
        ("malam Minggu", "id", {"weekday": 5, "part": (1050, 1500)}),
        ("malam Senin (16/6)", "id", {"weekday": 6, "day": 16, "month": 6}),
        ("Sabtu malam Minggu", "id", {"weekday": 5, "part": (1050, 1500)}),
        ("Sabtu ketiga bulan Mei", "id", {"weekday": 5, "month": 5, "days": (15, 21)}),
        ("hari terakhir bulan April", "id", {"day": 30, "month": 4}),
        ("Kamis (2/11) pukul 03.17 WIB", "id", {"day": 2, "month": 11, "weekday": 3, "minute": 197, "zone": 7}),
        ("June 19, 2024", "en", {"day": 19, "month": 6, "year": 2024}),
        ("19 June", "en", {"day": 19, "month": 6}),
        ("Wednesday", "en", {"weekday": 2}),
        ("at 4:17 a.m.", "en", {"minute": 257}),
        ("7.42pm on Sunday", "en", {"minute": 1182, "weekday": 6}),
        ("mid-June", "en", {"month": 6, "days": (9, 22)}),
        ("24:00 on July 25", "en", {"day": 25, "month": 7, "part": (1410, 1470)}),
        ("4/3/2024", "en", {"earliest": date(2024, 3, 4), "latest": date(2024, 4, 3)}),
        ("13/3/2024", "en", {"day": 13, "month": 3, "year": 2024}),
        ("Wednesday 4/3", "en", {"day": None, "month": None, "weekday": 2}),
        ("Rabu, 24/7", "id", {"day": 24, "month": 7, "weekday": 2}),
        ("tanggal 3/4", "id", {"day": 3, "month": 4}),
        ("3/4 jam 10.00", "id", {"day": 3, "month": 4, "minute": 600}),
    ],
)
def test_a_date_records_what_its_text_states(text: str, language: str, fields: dict[str, object]) -> None:
    found = one(text, language)
    assert {name: getattr(found, name) for name in fields} == fields


@pytest.mark.parametrize(
    "text",
    ["skor 3-1", "1.240", "12 minggu", "dua minggu", "31/2", "COVID-19", "jam kerja", "1/2 hektare", "3/4 penduduk",
     "buka 24/7"],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text) == []


def test_a_year_is_not_that_of_a_day_which_a_preposition_parts_from_it() -> None:
    found = find_dates("DPRD mengesahkan APBD 2025 pada 29 November.", "id", "2024-12-02")
    assert [when.year for when in found] == [2025, 2024]
    for whole in ("tahun depan pada 29 November", "tahun 2025 tanggal 29 November"):
        assert one(whole, "id", "2024-12-02").only_day() == date(2025, 11, 29)


def test_may_and_march_are_months_only_as_names() -> None:
    assert find_dates("you may 5 times march on", "en") == []
    assert one("in May", "en").month == one("May 5", "en").month == 5


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("hari ini", "id", "2024-07-10"),
        ("kemarin", "id", "2024-07-09"),
        ("lusa", "id", "2024-07-12"),
        ("dua hari lalu", "id", "2024-07-08"),
        ("Kamis pekan depan", "id", "2024-07-18"),
        ("Jumat pekan lalu", "id", "2024-07-05"),
        ("hari terakhir tahun ini", "id", "2024-12-31"),
        ("yesterday", "en", "2024-07-09"),
        ("this coming Sunday", "en", "2024-07-14"),
        ("3 days ago", "en", "2024-07-07"),
        ("19/6", "id", "2024-06-19"),
        ("9 November lalu", "id", "2023-11-09"),
        ("17 Agustus mendatang", "id", "2024-08-17"),
    ],
)
def test_words_and_bare_days_are_counted_from_publication(text: str, language: str, day: str) -> None:
    assert one(text, language, "2024-07-10").only_day() == date.fromisoformat(day)


def test_a_day_far_from_publication_gets_no_year() -> None:
    assert one("20 Desember", "id", "2024-07-10").year is None
    assert one("20 Desember", "id", "2025-01-10").year == 2024


def test_next_and_last_say_which_year_a_month_is_in() -> None:
    assert one("April tahun depan", "id", "2024-07-21").year == 2025
    assert find_dates("next April", "en", "2024-07-21")[0].year == 2025


def test_a_half_of_a_year_holds_its_months() -> None:
    half = one("paruh kedua 2025")
    assert relate_dates(half, one("September 2025")) == "compatible"
    assert relate_dates(half, one("Maret 2025")) == "incompatible"


def test_a_misprinted_weekday_does_not_spoil_the_date() -> None:
    assert relate_dates(one("Senin, 19 Juni 2024"), one("19 Juni 2024")) == "same"


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("19/6", "Rabu, 19 Juni 2024", "same"),
        ("akhir Juli", "28 Juli 2024", "compatible"),
        ("Juni 2024", "19 Juni 2024", "compatible"),
        ("2024", "19 Juni 2024", "compatible"),
        ("18 Juni", "19 Juni", "incompatible"),
        ("akhir Juli", "3 Juli 2024", "incompatible"),
        ("Rabu", "Kamis", "incompatible"),
        ("1-3 Juni", "2 Juni", "compatible"),
        ("1-3 Juni", "5 Juni", "incompatible"),
        ("Rabu pukul 04.17", "Rabu pukul 05.17", "incompatible"),
        ("Rabu pukul 04.17", "Rabu", "compatible"),
        ("Rabu pukul 04.17", "Rabu subuh", "compatible"),
        ("Rabu pukul 13.00", "Rabu malam", "incompatible"),
        ("pukul 20.15 Wita", "pukul 19.15 WIB", "same"),
        ("pukul 20.15 Wita", "pukul 20.15 WIB", "incompatible"),
        ("pukul 20.15 waktu Indonesia Tengah", "pukul 19.15 WIB", "same"),
        ("pukul 21.00 waktu Riyadh", "pukul 21.00 WIB", "compatible"),
        ("pukul 21.00 waktu Riyadh", "pukul 22.00 waktu Riyadh", "incompatible"),
        ("pukul 02.45 waktu setempat", "pukul 00.45 WIB", "compatible"),
        ("pukul 02.45 waktu setempat", "pukul 02.45", "same"),
        ("pukul tujuh kurang seperempat", "pukul 06.45", "same"),
        ("pukul 07.00 NTT", "pukul 11.00 WITA", "incompatible"),
        ("pukul 09.00 waktu New York", "pukul 10.00 waktu New York", "incompatible"),
        ("pukul 21.00 WIB", "pukul 10.00 EDT", "same"),
        ("pukul 04.17", "Rabu", "unrelated"),
        ("pukul 00.30 malam", "pukul 12.30 siang", "incompatible"),
        ("pukul 00.30 malam", "pukul 00.30 WIB", "same"),
        ("malam Minggu", "Sabtu malam", "same"),
        ("malam Minggu", "Minggu malam", "incompatible"),
        ("awal 1980-an", "17 Agustus 1982", "compatible"),
        ("awal 1980-an", "1988", "incompatible"),
        ("akhir tahun 1990-an", "1998", "compatible"),
        ("akhir 1990-an", "1991", "incompatible"),
        ("pertengahan 1970-an", "1975", "compatible"),
    ],
)
def test_dates_fit_when_they_agree_on_what_both_state(a: str, b: str, relation: str) -> None:
    assert relate_dates(one(a), one(b)) == relate_dates(one(b), one(a)) == relation


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("the late 1990s", "1998", "compatible"),
        ("the end of the 1990s", "1991", "incompatible"),
        ("4/3/2024", "April 3, 2024", "compatible"),
        ("4/3/2024", "March 4, 2024", "compatible"),
        ("4/3/2024", "July 3, 2024", "incompatible"),
        ("7/24/2024", "July 24, 2024", "same"),
    ],
)
def test_english_dates_fit_whichever_way_they_may_be_read(a: str, b: str, relation: str) -> None:
    assert relate_dates(one(a, "en"), one(b, "en")) == relate_dates(one(b, "en"), one(a, "en")) == relation


def test_a_zone_moves_the_day_with_the_hour() -> None:
    here = one("Kamis (8/8/2024) pukul 04.10 Wita")
    assert relate_dates(here, one("20:10 GMT on Wednesday, 7 August 2024", "en")) == "same"
    assert relate_dates(here, one("20:10 GMT on Thursday, 8 August 2024", "en")) == "incompatible"


def test_a_zone_whose_hours_are_not_known_leaves_a_day_open() -> None:
    here = one("19 Juni 2024 pukul 22.00 WIB")
    assert relate_dates(here, one("June 19, 2024 at 11 a.m. Riyadh time", "en")) == "compatible"
    assert relate_dates(here, one("June 20, 2024 at 11 a.m. Tokyo time", "en")) == "compatible"
    assert relate_dates(here, one("June 22, 2024 at 11 a.m. Riyadh time", "en")) == "incompatible"
    assert relate_dates(one("pukul 02.45 waktu setempat"), one("2:45 a.m. local time", "en")) == "same"


@settings(max_examples=100)
@given(DAYS, st.integers(-60, 60))
def test_a_day_in_any_form_is_the_same_day(day: date, gap: int) -> None:
    anchor = (day + timedelta(days=gap)).isoformat()
    forms = [
        one(f"{WEEKDAYS[day.weekday()]} ({day.day}/{day.month})", "id", anchor),
        one(f"{day.day} {MONTHS[day.month - 1]} {day.year}"),
        one(f"{ENGLISH[day.month - 1]} {day.day}, {day.year}", "en"),
        one(day.isoformat()),
    ]
    assert {relate_dates(a, b) for a in forms for b in forms} == {"same"}


@settings(max_examples=100)
@given(DAYS, DAYS)
def test_two_days_are_the_same_only_if_they_are_equal(a: date, b: date) -> None:
    relation = relate_dates(one(f"{a.day} {MONTHS[a.month - 1]} {a.year}"), one(b.isoformat()))
    assert relation == ("same" if a == b else "incompatible")
