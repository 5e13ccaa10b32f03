from __future__ import annotations

import io
import json
import logging

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raws import BODY, SECOND, only, read, why

from index.formats import READERS, read_md, read_pdf, read_txt
from index.metadata import Stated
from index.page import read_html
from index.raw import Raw
from index.types import Skipped


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
