from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterator
from typing import BinaryIO

import pytest
from raws import BODY, LIMIT, SECOND, only, read, why

from index.metadata import Stated
from index.raw import Raw
from index.rows import read_csv, read_jsonl
from index.types import Skipped


def test_rows_of_json_lines_are_articles() -> None:
    rows = [
        {
            "id": 7,
            "judul": "Jembatan",
            "isi": BODY,
            "media": "Portal Uji",
            "tanggal": "19/6/2024",
            "bahasa": "Indonesia",
        },
        {"content": SECOND, "link": "u", "lang": "EN"},
    ]
    data = "\ufeff" + "\r\n".join(json.dumps(row) for row in rows) + "\n\n"
    assert read(read_jsonl, data) == [
        Raw("f:1", BODY, Stated("Jembatan", "Portal Uji", "2024-06-19", "id", None), "7"),
        Raw("f:2", SECOND, Stated(language="en", url="u"), None),
    ]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (12, "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (math.nan, None),
        (math.inf, None),
        (" a  b ", "a b"),
        (True, None),
        ({"a": 1}, None),
    ],
)
def test_an_id_is_words_or_a_number(given: object, known: str | None) -> None:
    assert only(read_jsonl, json.dumps({"id": given, "text": BODY})).id == known


def test_a_case_gives_each_of_its_articles() -> None:
    case = {"case": "c", "articles": [{"id": "c/a", "text": BODY}, {"id": "c/b", "text": SECOND}, 5], "questions": []}
    first, second, third = read(read_jsonl, json.dumps(case))
    assert isinstance(first, Raw) and isinstance(second, Raw)
    assert (first.id, second.id) == ("c/a", "c/b")
    assert "not a JSON object" in why(third)
    assert isinstance(third, Skipped) and third.where == "f:1, article 3"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "a', "not JSON (Unterminated string"),
        ("[" * 100_000, "not JSON ("),
        ("9" * 5000, "not JSON ("),
        ("7", "not a JSON object"),
        ('{"judul": "a"}', "(found: judul)"),
        ('{"text": ["a", "b"]}', "no text"),
        ('{"text": null, "isi": "  "}', "no text"),
        ("\x00\x01\x02\x03", "no text (binary data)"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(line: str, reason: str) -> None:
    good = json.dumps({"text": BODY})
    first, bad, last = read(read_jsonl, f"{good}\n{line}\n{good}")
    assert isinstance(first, Raw) and isinstance(last, Raw)
    assert isinstance(bad, Skipped) and bad.where == "f:2"
    assert reason in why(bad)


@pytest.mark.parametrize(
    ("reader", "head", "good", "long"),
    [(read_jsonl, "", json.dumps({"text": BODY}), json.dumps({"text": "x" * 3000})),
     (read_csv, "id,text\n", f"1,{BODY}", "1," + "x" * 3000)],
)  # fmt: skip
def test_a_row_over_the_limit_is_named_and_the_rest_is_read(
    reader: Callable[..., object], head: str, good: str, long: str
) -> None:
    first, bad, last = read(reader, f"{head}{good}\n{long}\n{good}\n", 2000)
    assert isinstance(first, Raw) and isinstance(last, Raw)
    assert isinstance(bad, Skipped) and bad.where == f"f:{head.count(chr(10)) + 2}"
    assert "longer than 0.002 MB" in why(bad)


def test_indented_json_is_told_in_few_lines() -> None:
    items = read(read_jsonl, json.dumps([{"text": BODY, "n": n} for n in range(50)], indent=1))
    assert len(items) == 21
    assert "more lines are broken: write one whole JSON object a line" in why(items[-1])


def test_what_no_text_can_hold_is_replaced_in_a_row() -> None:
    (item,) = read(read_jsonl, '{"text": "a\\u0000b \\ud83d c", "judul": "\\ud83d\\ude00 \\ud83d", "id": "\\udc00"}')
    assert isinstance(item, Raw)
    assert (item.text, item.stated.title, item.id) == ("a\ufffdb \ufffd c", "😀 \ufffd", "\ufffd")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_by_its_columns(delimiter: str, encoding: str) -> None:
    rows = [
        ["No", "Judul", "Isi", "Tanggal", "id"],
        ["1", "Kafé", f'"{BODY}\r\n\r\nKata dia, ""siap, pak""; lalu pergi."', "19/06/2024", "x"],
        ["", "", "", "", ""],
        ["2", "Jalan", SECOND.replace(",", ""), "", ""],
    ]
    items = read(read_csv, "\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert items == [
        Raw("f:2", f'{BODY}\r\n\r\nKata dia, "siap, pak"; lalu pergi.', Stated("Kafé", None, "2024-06-19"), "x"),
        Raw("f:6", SECOND.replace(",", ""), Stated("Jalan"), None),
    ]


def test_the_line_in_which_excel_names_the_delimiter_is_passed_over() -> None:
    assert [type(item) for item in read(read_csv, f"sep=;\nisi;judul\n{BODY};A")] == [Raw]


def test_a_table_without_a_text_column_is_skipped_once() -> None:
    (item,) = read(read_csv, "no,berita\n1,a\n2,b\n")
    assert "text, content, body, isi, article (found: no, berita)" in why(item)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"1,{SECOND}", "3 cells for 2 columns"),
        ("1,", "no text"),
        ("1,\x00\x01\x02", "no text (binary data)"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_read(row: str, reason: str) -> None:
    good = "1," + BODY
    first, bad, last = read(read_csv, f"id,text\n{good}\n{row}\n{good}\n")
    assert isinstance(first, Raw) and isinstance(last, Raw)
    assert isinstance(bad, Skipped) and bad.where == "f:3"
    assert reason in why(bad)


def test_a_cell_over_many_lines_has_a_limit_too() -> None:
    long = "\n".join(["x" * 90] * 30)
    items = read(read_csv, f'id,text\n1,"{long}"\n2,{BODY}\n', 2000)
    assert "field larger than field limit" in why(items[0])
    assert isinstance(items[-1], Raw)


def test_a_quotation_mark_left_open_does_not_swallow_the_file() -> None:
    first, second = read(read_csv, f'id,text\n1,{BODY}\n2,"{BODY}\n3,{BODY}\n')
    assert isinstance(first, Raw)
    assert isinstance(second, Skipped) and second.where == "f:3-4"
    assert "not closed" in why(second)


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("said", ['"Kami siap," kata Budi.', '"Ia bilang \\"kami siap\\" lalu pergi."', '"Kami siap\n'])
def test_a_quotation_mark_out_of_place_changes_no_text_and_swallows_no_row(said: str, delimiter: str) -> None:
    rows = ["id,judul,text", f"1,A,{said}", f'2,B,"{BODY}"', f'3,C,"{BODY}\n""Ya, pak."""', f"4,D,{BODY}"]
    items = read(read_csv, "\n".join(rows).replace(",", delimiter))
    whole = (f'{BODY}\n"Ya{delimiter} pak."', BODY)
    assert [item.text for item in items if isinstance(item, Raw)][-2:] == [*whole]
    (broken,) = (item for item in items if isinstance(item, Skipped))
    assert broken.where in ("f:2", "f:2-4") and "double those inside it" in why(broken)


def test_a_sound_row_behind_a_broken_one_is_read_though_it_speaks_of_inches() -> None:
    first, second = read(read_csv, f'id,text\n1,"Gempa "besar" di sini."\n2,"Banjir 6"" di Demak. {BODY}"\n')
    assert isinstance(first, Skipped) and first.where == "f:2"
    assert isinstance(second, Raw) and second.text.startswith('Banjir 6" di Demak.')


def test_the_rest_of_a_cell_that_cannot_be_read_is_no_article() -> None:
    cell = f'"Satu.\nKata dia, "siap", lalu pergi.\n{BODY}, kata dia."'
    first, broken, last = read(read_csv, f"id,text\n1,{BODY}\n2,{cell}\n3,{BODY}\n")
    assert isinstance(first, Raw) and isinstance(last, Raw) and (first.id, last.id) == ("1", "3")
    assert isinstance(broken, Skipped) and broken.where == "f:3-5"


@pytest.mark.parametrize("reader", [read_csv, read_jsonl])
def test_a_big_table_is_read_row_by_row(reader: Callable[[BinaryIO, str, int], Iterator[object]]) -> None:
    source = io.BytesIO(b"text\n" + (b"x" * 30 + b"\n") * 100_000)
    items = reader(source, "f", LIMIT)
    assert len([next(items) for _ in range(5)]) == 5
    assert source.tell() < 31_000
