from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metadata import Stated, date_line, dateline, field, language_code, outlet_key, parse_date, stated


@pytest.mark.parametrize(
    "given_date",
    [
        "2024-06-19",
        "2024-06-19T14:05:00+07:00",
        "2024-06-19T23:59:59.000Z",
        "2024-06-19 14:05",
        "2024/06/19",
        "20240619",
        "19 Juni 2024",
        "Rabu, 19 Juni 2024 14:05 WIB",
        "Rabu, 19 Juni 2024 | 14.05 WIB",
        "Rabu (19/6/2024)",
        "19 Jun 2024, 14:05",
        "Jun 19, 2024",
        "June 19th, 2024 2:05 pm",
        "Wed, 19 Jun 2024 14:05:00 +0700",
        "Wed Jun 19 2024 14:05:00 GMT+0700 (Western Indonesia Time)",
        "19/06/2024",
        "19-6-2024 14:05 WITA",
        "19.06.2024",
        "06/19/2024",
        "Published on June 19, 2024",
        "Diterbitkan: Rabu, 19 Juni 2024",
        "1718780700",
        "1718780700.0",
        "20240619T140500",
        "20240619T1405Z",
        "2024-06-19 14:05:00+07",
        "Wed Jun 19 14:05:00 2024",
        "Wed Jun 19 14:05:00 +0000 2024",
        1718780700,
        1718780700000,
    ],
)
def test_a_stated_date_in_any_usual_form(given_date: object) -> None:
    assert parse_date(given_date) == "2024-06-19"


@pytest.mark.parametrize("month", ["Agustus", "Agu", "Agt", "Ags", "August", "Aug"])
def test_months_in_indonesian_and_english(month: str) -> None:
    assert parse_date(f"17 {month} 1945") == "1945-08-17"


@pytest.mark.parametrize(
    "given_date",
    [
        "",
        "kemarin",
        "2 jam lalu",
        "31 Februari 2024",
        "19 Juni",
        "19/06/24",
        "2024",
        "99/99/2024",
        "19 Foo 2024",
        None,
        True,
    ]
    + ["Diperbarui 19 Juni 2024", "Debat digelar 19 Juni 2024", 1e300, float("nan"), float("inf"), [2024]],
)
def test_what_is_no_whole_date_is_none(given_date: object) -> None:
    assert parse_date(given_date) is None


def test_numbers_are_day_first_unless_the_article_is_english_and_they_are_ambiguous() -> None:
    assert parse_date("03/04/2024") == "2024-04-03"
    assert parse_date("03/04/2024", day_first=False) is None
    assert stated({"date": "03/04/2024", "lang": "en"}).published is None
    assert stated({"date": "13/04/2024", "lang": "en"}).published == "2024-04-13"


def test_numbers_are_day_first_unless_the_text_is_english_where_no_language_is_stated() -> None:
    english = "The ferry left the harbour at dawn with forty people on board, and the crew saw the storm late."
    indonesian = "Kapal itu berangkat dari pelabuhan pada pagi hari dengan empat puluh penumpang."
    assert stated({"date": "06/07/2024"}, english).published is None
    assert stated({"date": "06/19/2024"}, english).published == "2024-06-19"
    assert stated({"date": "06/07/2024"}, indonesian).published == "2024-07-06"
    assert stated({"date": "06/07/2024", "lang": "id"}, english).published == "2024-07-06"
    assert date_line("Portal Uji - 06/07/2024, 10:05 AM", day_first=False) is None
    assert date_line("Portal Uji - 06/19/2024, 10:05 AM", day_first=False) == "2024-06-19"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.from_regex(r"\d{1,4}[-/. ]\w{1,4}[-/. ]\d{1,5}")))
def test_any_value_gives_a_date_or_none(value: object) -> None:
    parse_date(value)
    date_line(str(value))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Rabu, 19 Juni 2024 14:05 WIB", "2024-06-19"),
        ("Jun 19, 2024", "2024-06-19"),
        ("Portal Uji - 19/06/2024, 14:05 WIB", "2024-06-19"),
        ("Tim Warta - Portal6.uji | Rabu, 19 Jun 2024 14:05 WIB", "2024-06-19"),
        ("Hasil Liga Desa, Rabu (19/6/2024)", None),
        ("Jadwal Debat - 19 Juni 2024", None),
        ("Debat akan digelar pada 19 Juni 2024 pukul 14.05 WIB.", None),
    ],
)
def test_only_a_line_that_is_a_date_states_one(line: str, expected: str | None) -> None:
    assert date_line(line) == expected


@pytest.mark.parametrize(
    ("text", "prefix", "outlet"),
    [
        ("JAKARTA, Portal Uji - Presiden tiba.", "JAKARTA, Portal Uji -", "Portal Uji"),
        ("JAKARTA, UJI.com – Presiden tiba.", "JAKARTA, UJI.com –", "UJI.com"),
        ("Jakarta, CNN Indonesia--Presiden tiba.", "Jakarta, CNN Indonesia--", "CNN Indonesia"),
        ("Jakarta, Kabar Uji Indonesia--Presiden tiba.", "Jakarta, Kabar Uji Indonesia--", "Kabar Uji Indonesia"),
        ("Jakarta (WARTA Uji)-Presiden tiba.", "Jakarta (WARTA Uji)-", "WARTA Uji"),
        ("OSLO, Norwegia, 5/3 (Warta Uji) - Raja tiba.", "OSLO, Norwegia, 5/3 (Warta Uji) -", "Warta Uji"),
        ("Uji.co.id, Bandung - Wali kota tiba.", "Uji.co.id, Bandung -", "Uji.co.id"),
        ("Uji.com-Wali kota tiba.", "Uji.com-", "Uji.com"),
        ("NABIRE, Papua Uji Post - Kapal tiba.", "NABIRE, Papua Uji Post -", "Papua Uji Post"),
        ("JAKARTA - Presiden tiba.", "JAKARTA -", None),
        ("DOMPU, Indonesia - The minister arrived.", "DOMPU, Indonesia -", None),
        ("PADANG, Sumatera Barat - Gubernur tiba.", "PADANG, Sumatera Barat -", None),
        ("MAUMERE, May 19 - A farmer has died.", "MAUMERE, May 19 -", None),
        # What stands where an outlet would may be a part of the town or a day.
        ("JAKARTA, Tanah Abang - Pasar terbakar.", "JAKARTA, Tanah Abang -", None),
        ("SUBANG, Ciater Selatan - Bus terguling.", "SUBANG, Ciater Selatan -", None),
        ("BANDUNG, Kamis Pagi - Hujan turun.", "BANDUNG, Kamis Pagi -", None),
        ("BANDUNG (Kamis 19/6) - Hujan turun.", "BANDUNG (Kamis 19/6) -", None),
        ("JAKARTA, Bank Indonesia - Suku bunga naik.", "JAKARTA, Bank Indonesia -", None),
        ("Info Uji Sabo, WAI SABO - Gunung meletus.", "Info Uji Sabo, WAI SABO -", None),
    ],
)
def test_a_dateline_names_its_outlet_or_none(text: str, prefix: str, outlet: str | None) -> None:
    found = dateline(text)
    assert found is not None
    assert (found[0].of(text), found[1]) == (prefix, outlet)


@pytest.mark.parametrize(
    "text",
    [
        "Prabowo - Gibran menang.",
        "DPR - Komisi Hukum bersidang.",
        "TNI-Polri menggelar latihan.",
        "Presiden tiba di Jakarta - kota yang padat.",
        "Gubernur DKI, Anies Baswedan – yang maju lagi – tiba.",
        "Nur Asia (istri Sandi) - ikut hadir.",
        "Jakarta (Rabu 19/6) - Presiden tiba.",
        "",
    ],
)
def test_a_dash_alone_makes_no_dateline(text: str) -> None:
    assert dateline(text) is None


def test_fields_go_by_their_indonesian_and_english_names() -> None:
    row = {
        "Judul": " Banjir  Surut ",
        "MEDIA": {"id": 1, "name": "Warta Uji"},
        "publishedAt": "2024-06-19",
        "link": "u",
    }
    assert stated(row) == Stated("Banjir Surut", "Warta Uji", "2024-06-19", None, "u")


@pytest.mark.parametrize("nothing", ["", " ", "-", "NaN", "None", "null", None, math.nan, math.inf])
def test_an_empty_field_yields_to_the_next_name(nothing: object) -> None:
    assert field({"title": nothing, "judul": "Ada"}, "title") == "Ada"
    assert stated({"title": nothing, "url": nothing, "source": {"name": nothing}}) == Stated()


def test_the_address_of_a_page_names_no_outlet() -> None:
    assert stated({"url": "https://warta.example/1"}).source is None


def test_an_outlet_is_one_in_any_spelling() -> None:
    assert len({outlet_key(name) for name in ("detikcom", "detikCom", "Detik.com", "DETIK COM")}) == 1
    assert outlet_key("Kompas") != outlet_key("Kompas TV")
    assert outlet_key("…") == "…"


@pytest.mark.parametrize(
    ("value", "code"),
    [("Indonesian", "id"), ("id-ID", "id"), ("in_ID", "id"), ("Bahasa Indonesia", "id"), ("EN", "en"), ("en_US", "en")]
    + [("ms-MY", "ms"), ("English", "en"), ("Klingon", None), ("", None), (None, None)],
)
def test_a_language_becomes_its_two_letters(value: str | None, code: str | None) -> None:
    assert language_code(value) == code
