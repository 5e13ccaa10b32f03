from __future__ import annotations

import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decode import clean, decode, lines
from index.types import SilangError

INDONESIAN = "Harga beras “naik” di Pasar Sukajaya – kata pedagang.\r\nWarga mengeluh.\n"
# What text files hold: no NULs, no control characters, no halves of surrogate pairs, no byte order mark of their own.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r", exclude_characters="\ufeff"))
LATIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, include_characters="\n\té"), min_size=1)


@given(TEXT)
def test_utf_8_comes_back_as_it_was_written(text: str) -> None:
    assert decode(text.encode()) == text
    assert decode(codecs.BOM_UTF8 + text.encode()) == text


@given(TEXT)
def test_utf_16_with_a_mark_comes_back_as_it_was_written(text: str) -> None:
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text
    assert decode(codecs.BOM_UTF32_LE + text.encode("utf-32-le")) == text


@given(LATIN)
def test_utf_16_of_latin_text_is_known_without_a_mark(text: str) -> None:
    assert decode(text.encode("utf-16-le")) == text
    assert decode(text.encode("utf-16-be")) == text


@given(st.binary(max_size=400))
def test_any_bytes_give_storable_text_or_a_silang_error(data: bytes) -> None:
    try:
        text = decode(data)
    except SilangError:
        return
    text.encode()
    assert "\x00" not in text


def test_windows_1252_is_the_other_encoding() -> None:
    assert decode(INDONESIAN.encode("cp1252")) == INDONESIAN


def test_another_alphabet_is_guessed_from_its_letters() -> None:
    russian = "Сегодня утром в городе прошёл сильный дождь, и улицы оказались под водой. " * 8
    assert decode(russian.encode("cp1251")) == russian


def test_utf_8_cut_in_the_middle_of_a_character_stays_utf_8() -> None:
    data = INDONESIAN.encode()[:-1] + "“".encode()[:2]
    assert decode(data) == INDONESIAN[:-1] + "\ufffd"


def test_replacement_characters_that_were_written_so_are_sound() -> None:
    text = "Ia\ufffd bilang \ufffdhalo\ufffd “kami” – é"
    assert decode(text.encode() + b"\xe2\x80") == text + "\ufffd"


def test_line_ends_and_mojibake_stay_as_given() -> None:
    text = "Kata dia, â€œsiapâ€\x9d.\r\nBaris kedua.\rBaris ketiga.\n"
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, b"\x01\x02\x03\x04abc" * 50, b"ab\x00cde" * 9]
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(SilangError, match="no text"):
        decode(data)


def test_what_cannot_be_stored_is_replaced_in_place() -> None:
    assert clean("a\x00b\ud83dc") == "a\ufffdb\ufffdc"


def test_lines_are_numbered_and_one_bad_line_does_not_stop_the_rest() -> None:
    data = b"satu\n\x00\x01\x02\x03\ndua \xe2\x80\xa8 tetap\r\n" + b"x" * 100 + b"\n" + "café".encode("cp1252")
    found = list(lines(io.BytesIO(data), 50))
    assert [type(item) for item in found] == [str, SilangError, str, SilangError, str]
    assert found[0] == "satu\n" and found[2] == "dua \u2028 tetap\r\n" and found[4] == "café"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_lines_of_every_encoding(encoding: str) -> None:
    assert list(lines(io.BytesIO("satu\ndua é\ntiga".encode(encoding)), 1000)) == ["satu\n", "dua é\n", "tiga"]


def test_an_overlong_line_of_utf_16_is_skipped() -> None:
    first, second, third = lines(io.BytesIO(("a\n" + "b" * 200_000 + "\nc").encode("utf-16")), 1000)
    assert (first, third) == ("a\n", "c")
    assert isinstance(second, SilangError)
