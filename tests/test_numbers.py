from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.values.digits import parse_digits
from rag.values.numbers import read_number
from rag.values.tokens import Tokens

ID_ONES = str.split("nol satu dua tiga empat lima enam tujuh delapan sembilan")
EN_ONES = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
EN_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")


def parse_number(text: str, language: str) -> Fraction | None:
    """The value of a text that is one number and nothing else."""
    tokens = Tokens(text)
    number = read_number(tokens, 0, language)
    return number.value if number and number.stop == len(tokens) else None


def spell_id(n: int) -> str:
    for size, word in ((10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if n >= size and not (size == 10 and n in range(10, 20)):
            head, rest = divmod(n, size)
            first = f"se{word}" if head == 1 and size <= 1000 else f"{spell_id(head)} {word}"
            return first + (f" {spell_id(rest)}" if rest else "")
    if n < 10:
        return ID_ONES[n]
    return {10: "sepuluh", 11: "sebelas"}.get(n) or f"{ID_ONES[n - 10]} belas"


def spell_en(n: int) -> str:
    for size, word in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            head, rest = divmod(n, size)
            joint = " and " if rest and rest < 100 else " "
            return f"{spell_en(head)} {word}" + (f"{joint}{spell_en(rest)}" if rest else "")
    if n < 20:
        return EN_ONES[n]
    return EN_TENS[n // 10 - 2] + (f"-{EN_ONES[n % 10]}" if n % 10 else "")


@settings(max_examples=200)
@given(st.integers(0, 999_999_999_999) | st.integers(0, 20_000))
def test_any_number_in_indonesian_words_parses_back(n: int) -> None:
    assert parse_number(spell_id(n), "id") == n


@settings(max_examples=200)
@given(st.integers(0, 999_999_999_999) | st.integers(0, 20_000))
def test_any_number_in_english_words_parses_back(n: int) -> None:
    assert parse_number(spell_en(n), "en") == n


@settings(max_examples=100)
@given(st.integers(0, 10**11))
def test_grouped_digits_parse_back_in_both_languages(n: int) -> None:
    english = f"{n:,}"
    assert parse_number(english, "en") == parse_number(english.replace(",", "."), "id") == n


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dua puluh empat", 24), ("dua lusin", 24), ("setengah lusin", 6), ("selusin", 12), ("sebelas", 11),
        ("seribu dua ratus", 1200), ("satu setengah juta", 1_500_000), ("dua setengah ribu", 2500),
        ("tiga koma dua lima juta", 3_250_000), ("setengah juta", 500_000), ("tiga perempat miliar", 750_000_000),
        ("seribu triliun", 10**15), ("200 ribu miliar", 2 * 10**14), ("40 ribu", 40_000),
        ("2 juta 300 ribu", 2_300_000),
        ("1,2 juta", 1_200_000), ("1.500.000,00", 1_500_000), ("3 ratus ribu", 300_000), ("empat ribuan", 4000),
        ("tiga perempat", Fraction(3, 4)), ("sepertiga", Fraction(1, 3)), ("dua per tiga", Fraction(2, 3)),
        ("satu dari lima", Fraction(1, 5)), ("49 dari tiap seratus", Fraction(49, 100)), ("40-an", 40),
        ("1/2 juta", 500_000),
    ],
)  # fmt: skip
def test_indonesian_forms_have_their_exact_value(text: str, value: Fraction | int) -> None:
    assert parse_number(text, "id") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-four", 24), ("a dozen", 12), ("half a dozen", 6), ("two and a half million", 2_500_000),
        ("two-and-a-half", Fraction(5, 2)), ("fifteen hundred", 1500), ("a hundred and five", 105),
        ("2.4 thousand", 2400),
        ("half a million", 500_000), ("a quarter of a million", 250_000), ("three point five", Fraction(7, 2)),
        ("1.4bn", 1_400_000_000), ("three quarters", Fraction(3, 4)), ("two-thirds", Fraction(2, 3)),
        ("one in four", Fraction(1, 4)), ("a million", 1_000_000), ("quarter of a million", 250_000),
        ("one million, two hundred thousand", 1_200_000), ("one million, two hundred", None),
    ],
)  # fmt: skip
def test_english_forms_have_their_exact_value(text: str, value: Fraction | int | None) -> None:
    assert parse_number(text, "en") == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.240", "id", 1240), ("1,240", "en", 1240), ("1,240", "id", 1240), ("3,5", "id", Fraction(7, 2)),
        ("3.5", "id", Fraction(7, 2)), ("3,5", "en", Fraction(7, 2)), ("0,125", "id", Fraction(1, 8)),
        ("1,125 triliun", "id", 1_125 * 10**9), ("1.125 miliar", "id", 1_125 * 10**9),
    ],
)  # fmt: skip
def test_the_decimal_mark_follows_language_and_shape(text: str, language: str, value: Fraction | int) -> None:
    assert parse_number(text, language) == value


@pytest.mark.parametrize("text", ["ratusan", "belasan ribu", "puluhan juta", "beberapa ratus", "dua puluhan", "ribuan"])
def test_vague_indonesian_words_have_no_value(text: str) -> None:
    assert parse_number(text, "id") is None


@pytest.mark.parametrize("text", ["dozens", "hundreds", "tens of thousands", "several hundred", "a few dozen"])
def test_vague_english_words_have_no_value(text: str) -> None:
    assert parse_number(text, "en") is None


@pytest.mark.parametrize("text", ["0812", "007", "1.2.3", "1.00.000", "9" * 13, "1" * 5000, "0.000.000"])
def test_codes_are_no_numbers(text: str) -> None:
    assert parse_digits(text) is None


@settings(max_examples=150)
@given(st.text(alphabet="0123456789.,- abdhiklmnoprstu²½", max_size=40), st.sampled_from(["id", "en"]))
def test_no_text_raises(text: str, language: str) -> None:
    parse_number(text, language)
