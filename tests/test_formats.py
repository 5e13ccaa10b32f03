from __future__ import annotations

import io
import json
import logging
import math
from collections.abc import Callable

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.formats import READERS, read_md, read_pdf, read_txt
from index.metadata import Stated
from index.page import read_html
from index.raw import Raw
from index.rows import read_csv, read_jsonl
from index.types import Skipped

BODY = "Pemerintah kota menutup jembatan lama itu sejak Senin pagi karena tiang penyangganya retak."
SECOND = "Warga diminta memakai jalan memutar sampai perbaikan selesai pada akhir bulan, kata camat."
LIMIT = 1_000_000


def read(reader: Callable[..., object], data: bytes | str, limit: int = LIMIT) -> list[Raw | Skipped]:
    return list(reader(io.BytesIO(data if isinstance(data, bytes) else data.encode()), "f", limit))


def only(reader: Callable[..., object], data: bytes | str) -> Raw:
    (item,) = read(reader, data)
    assert isinstance(item, Raw), item
    return item


def why(item: Raw | Skipped) -> str:
    assert isinstance(item, Skipped), item
    assert item.why.id and item.why.id != item.why.en
    return item.why.en


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF written by hand, with a page for each text (lines parted by newlines; an empty text is an empty page)."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        shown = " T* ".join(f"({line.replace('(', '').replace(')', '')}) Tj" for line in text.split("\n") if line)
        stream = f"BT /F1 12 Tf 14 TL 40 800 Td {shown} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(b"%d 0 R" % (len(objects) + 1))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects.append(b"<< /Title (%s) >>" % title.encode())
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, size - 1, start)


def page(head: str, body: str = f"<article><h1>Jembatan Tua</h1><p>{BODY}</p><p>{SECOND}</p></article>") -> str:
    menu = "<nav><a href='/'>Beranda</a></nav>"
    return f"<!DOCTYPE html><html lang='en-US'><head>{head}</head><body>{menu}{body}</body></html>"


def test_text_is_kept_as_given_and_its_header_lines_are_read() -> None:
    text = f"Judul: Jembatan Tua\r\nSumber: Portal Uji\r\nTanggal: 19 Juni 2024\r\nURL: https://uji.example/1\r\n\r\n{BODY}\r\n"
    assert only(read_txt, text) == Raw(
        "f", text, Stated("Jembatan Tua", "Portal Uji", "2024-06-19", None, "https://uji.example/1")
    )


def test_a_text_without_header_has_its_headline_for_title() -> None:
    assert only(read_txt, f"Jembatan Tua Ditutup\n\n{BODY}").stated == Stated(title="Jembatan Tua Ditutup")
    assert only(read_txt, BODY).stated == Stated()


def test_markdown_takes_the_front_matter_before_the_heading() -> None:
    front = '---\ntitle: "Jembatan"\nlanguage: Indonesian\ndate: 2024-06-19T14:05:00+07:00\n---\n'
    item = only(read_md, f"{front}# Jembatan Tua\n\n{BODY}")
    assert item.stated == Stated("Jembatan", None, "2024-06-19", "id", None)
    assert item.text.startswith("---")
    assert only(read_md, f"# Jembatan *Tua* #\n\n{BODY}").stated.title == "Jembatan *Tua*"
    assert only(read_md, f"Jembatan Tua Ditutup\n\n{BODY}").stated.title == "Jembatan Tua Ditutup"


def test_a_page_states_itself_in_json_ld() -> None:
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Lain"},
            {
                "@type": "NewsArticle",
                "headline": "Jembatan &amp; Jalan Ditutup",
                "datePublished": "2024-06-19T23:30:00+07:00",
                "publisher": {"@type": "Organization", "name": "Portal Uji"},
                "inLanguage": "id-ID",
            },
        ],
    }
    head = f"<script type='application/ld+json'>{json.dumps(linked)}</script><link rel=canonical href='https://uji.example/1'>"
    item = only(read_html, page(head))
    assert item.stated == Stated("Jembatan & Jalan Ditutup", "Portal Uji", "2024-06-19", "id", "https://uji.example/1")
    assert item.text.splitlines()[-2:] == [BODY, SECOND]
    assert "Beranda" not in item.text


@pytest.mark.parametrize(
    ("publisher", "source"),
    [
        ({"@id": "https://uji.example/#organization"}, "Warta Uji"),  # as WordPress writes it
        ({"@id": "https://uji.example/#nobody"}, "Nama Situs"),
        ([{"@type": "Organization", "name": "Warta Uji"}], "Warta Uji"),
        ("Warta Uji", "Warta Uji"),
        ({"@type": "Organization"}, "Nama Situs"),
    ],
)
def test_a_publisher_may_be_named_elsewhere_in_the_page(publisher: object, source: str) -> None:
    linked = {
        "@graph": [
            {"@type": "BreadcrumbList", "name": "Beranda"},
            {"@type": "Article", "datePublished": "2024-06-19", "publisher": publisher},
            {"@type": "Organization", "@id": "https://uji.example/#organization", "name": "Warta Uji"},
        ]
    }
    head = (
        f"<script type='application/ld+json; charset=utf-8'>{json.dumps(linked)}</script>"
        f"<meta property='og:title' content='Jembatan Tua - {source}'>"
        "<meta property='og:site_name' content='Nama Situs'>"
    )
    assert only(read_html, page(head)).stated == Stated("Jembatan Tua", source, "2024-06-19", None, None)


def test_a_page_states_itself_in_open_graph() -> None:
    head = (
        "<meta property='og:title' content='Jembatan Tua | Portal Uji'>"
        "<meta property='og:site_name' content='Portal Uji'>"
        "<meta property='article:published_time' content='2024-06-19 14:05'>"
        "<script type='application/ld+json'>{oops</script>"
    )
    assert only(read_html, page(head)).stated == Stated("Jembatan Tua", "Portal Uji", "2024-06-19", None, None)


def test_the_date_of_a_page_is_its_own_and_not_that_of_a_link_beside_it() -> None:
    def published(*times: str, head: str = "") -> str | None:
        marks = [f"<time itemprop='datePublished' datetime='{time}'>x</time>" for time in times]
        return only(
            read_html, page(head, f"<aside>{''.join(marks)}</aside><article><p>{BODY}</p><p>{SECOND}</p></article>")
        ).stated.published

    assert published("2023-01-01", "2024-06-19") is None
    assert published("2024-06-19T10:00", "2024-06-19") == "2024-06-19"
    assert published("2023-01-01", head="<meta itemprop='datePublished' content='2024-06-19'>") == "2024-06-19"


@pytest.mark.parametrize("linked", ["0000-00-00T00:00:00+07:00", "Rabu | Oleh Rina", ["2024-06-19"], None])
def test_a_date_that_cannot_be_read_yields_to_the_next(linked: object) -> None:
    data = {"@type": "NewsArticle", "headline": ["Jembatan Tua", "Lain"], "datePublished": linked}
    head = (
        f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        "<meta property='article:published_time' content='2024-06-19T10:00:00+07:00'>"
    )
    assert only(read_html, page(head)).stated == Stated("Jembatan Tua", None, "2024-06-19")


@pytest.mark.parametrize(("theme", "language"), [("en-US", None), ("id-ID", "id"), (None, None)])
def test_the_language_of_a_theme_is_not_that_of_the_text(theme: str | None, language: str | None) -> None:
    linked = {"@type": "NewsArticle", "headline": "Jembatan Tua", "inLanguage": theme}
    item = only(read_html, page(f"<script type='application/ld+json'>{json.dumps(linked)}</script>"))
    assert item.stated.language == language


def test_of_a_page_of_several_articles_what_is_not_read_is_told() -> None:
    # Of less text than this all of the page is read.
    story = f"<article><h2>Jembatan</h2><p>{BODY} {SECOND}</p><p>{SECOND}</p></article>"
    gold = "<article><h2>Emas</h2>{}</article>".format(f"<p>Harga emas naik. {BODY[:60]} emas.</p>" * 2)
    first, told = read(read_html, page("", story + gold))
    assert isinstance(first, Raw) and BODY in first.text
    assert "1 more could not be read" in why(told)
    teaser = f"<article><h2>Lain</h2><p>{BODY[:70]} lain.</p></article>"
    assert [type(item) for item in read(read_html, page("", story + teaser * 3))] == [Raw]
    assert [type(item) for item in read(read_html, page("", f"<article>{story}{gold}</article>"))] == [Raw]
    beside = [gold.replace("<article>", "<article class='comment-body'>"), f"<aside>{gold}</aside>"]
    assert all([type(item) for item in read(read_html, page("", story + part))] == [Raw] for part in beside)


def test_what_a_page_does_not_state_is_not_guessed() -> None:
    head = "<title>Jembatan Tua</title><link rel='canonical' href='https://uji.example/2024/06/19/jembatan'>"
    body = f"<article><h1>Jembatan Tua</h1><p>{BODY}</p><p>Pada 5 Mei 2023 jembatan itu retak. {SECOND}</p></article>"
    stated = only(read_html, page(head, body)).stated
    assert stated == Stated("Jembatan Tua", None, None, None, "https://uji.example/2024/06/19/jembatan")


def test_a_page_in_windows_1252_is_decoded() -> None:
    item = only(
        read_html, page("", f"<article><p>{BODY}</p><p>“Kafé” itu tutup, kata warga.</p></article>").encode("cp1252")
    )
    assert "“Kafé”" in item.text


@pytest.mark.parametrize(
    "data", ["<html><body></body></html>", "   ", "<html><body><script>a()</script></body></html>"]
)
def test_a_page_without_text_is_skipped(data: str) -> None:
    assert "no article text" in why(read(read_html, data)[0])


def test_a_pdf_gives_its_pages_in_order() -> None:
    item = only(read_pdf, pdf(f"Jembatan Tua Ditutup\n{BODY}", SECOND, title="Jembatan Tua Ditutup"))
    assert [line.strip() for line in item.text.splitlines()] == ["Jembatan Tua Ditutup", BODY, SECOND]
    assert item.stated.title == "Jembatan Tua Ditutup"


def test_the_title_of_a_pdf_that_its_text_does_not_hold_is_no_title() -> None:
    assert only(read_pdf, pdf(BODY, title="Microsoft Word - berita1.doc")).stated.title is None


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_with_a_password_is_skipped_and_one_with_an_empty_one_is_read(algorithm: str) -> None:
    for password in ("rahasia", ""):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(BODY)))
        writer.encrypt(password, "pemilik", algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        if password:
            assert "needs a password" in why(read(read_pdf, out.getvalue())[0])
        else:
            assert BODY in only(read_pdf, out.getvalue()).text


def test_a_pdf_without_text_is_skipped() -> None:
    assert "(OCR)" in why(read(read_pdf, pdf("", ""))[0])


@pytest.mark.parametrize(
    "data", [b"", b"no pdf", b"%PDF-1.4\n", pdf(BODY)[:300], pdf(BODY).replace(b"/Pages", b"/Pagez")]
)
def test_a_broken_pdf_is_skipped_without_a_word_from_the_library(
    data: bytes, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (item,) = read(read_pdf, data)
    assert isinstance(item, Skipped) or BODY in item.text
    assert capfd.readouterr() == ("", "")
    assert not caplog.records
    assert logging.getLogger("pypdf").level == logging.NOTSET


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
        (json.dumps({"text": "x" * 3000}), "longer than 0.002 MB"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(line: str, reason: str) -> None:
    good = json.dumps({"text": BODY})
    limit = 2000 if "xxx" in line else LIMIT
    first, bad, last = read(read_jsonl, f"{good}\n{line}\n{good}", limit)
    assert isinstance(first, Raw) and isinstance(last, Raw)
    assert isinstance(bad, Skipped) and bad.where == "f:2"
    assert reason in why(bad)


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
        ("1," + "x" * 3000, "longer than 0.002 MB"),
        ("1,\x00\x01\x02", "no text (binary data)"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_read(row: str, reason: str) -> None:
    good = "1," + BODY
    first, bad, last = read(read_csv, f"id,text\n{good}\n{row}\n{good}\n", 2000 if "xxx" in row else LIMIT)
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


def test_a_big_table_is_read_row_by_row() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            block = (b"text\n" if not self.given else b"") + b"x" * 30 + b"\n"
            self.given += 1
            buffer[: len(block)] = block
            return len(block)

    for reader in (read_csv, read_jsonl):
        source = Endless()
        items = reader(io.BufferedReader(source), "f", LIMIT)  # type: ignore[type-var]
        assert len([next(items) for _ in range(5)]) == 5
        assert source.given < 1000


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)))
def test_any_bytes_are_read_or_skipped(data: bytes, ending: str) -> None:
    for item in read(READERS[ending], data):
        assert isinstance(item, (Raw, Skipped))


@settings(max_examples=60)
@given(st.text(max_size=300), st.sampled_from(sorted(READERS)))
def test_any_text_is_read_or_skipped(text: str, ending: str) -> None:
    for item in read(READERS[ending], text.encode("utf-8", "replace")):
        assert isinstance(item, (Raw, Skipped))
