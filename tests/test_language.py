from __future__ import annotations

import pytest

from index.language import article_language, question_language, readable, reply_language

HELD = ("id", "en")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Siapa Kim Jong Un?", "id"),
        ("gift from Kim", "en"),
        ("Berapa korban?", "id"),
        ("ferry sinking cause", "en"),
        ("jumlah rumah rusak gempa", "id"),
        ("Where did the ferry sink?", "en"),
        ("Putin", "id"),
        ("Siapa pemenang The Voice of Indonesia?", "id"),
        ("Film The Act of Killing disutradarai siapa?", "id"),
        ("Apa judul album The Tortured Poets Department?", "id"),
        ("WHO menetapkan apa soal wabah itu?", "id"),
        ("WHO akan umumkan darurat di Gaza?", "id"),
        ("Kepala WHO mengunjungi rumah sakit di Gaza?", "id"),
        ("SIAPA PEMENANG PEMILU?", "id"),
        ("Who leads Badan Gizi dan Pangan?", "en"),
        ("Was the ferry Mana Ada late?", "en"),
    ],
)
def test_a_short_question_is_judged_against_the_languages_held(question: str, language: str) -> None:
    assert question_language(question, HELD) == language


def test_the_most_frequent_language_serves_where_nothing_tells() -> None:
    assert question_language("2024?", ("en", "id")) == "en"
    assert question_language("2024?", ("id", "en")) == "id"
    assert question_language("2024?", ()) == "id"


def test_a_question_may_be_in_a_language_that_no_article_is_in() -> None:
    assert question_language("Siapa yang mengunjungi Pyongyang?", ("en",)) == "id"
    assert question_language("Who visited Pyongyang?", ("id",)) == "en"


def test_the_language_of_a_question_is_the_same_every_time() -> None:
    assert len({question_language("kapal feri Muara", HELD) for _ in range(20)}) == 1


def test_a_language_that_langdetect_has_no_profile_of_is_no_obstacle() -> None:
    assert question_language("kapal feri", ("jv", "id")) in ("jv", "id")


def test_an_article_is_judged_on_its_body() -> None:
    assert (
        article_language("Pemerintah daerah menyatakan jalan itu akan dibuka kembali pekan depan setelah diperbaiki.")
        == "id"
    )
    assert article_language("The council said the road would open again next week once repairs are complete.") == "en"
    assert article_language("12.30") is None


def test_replies_are_in_indonesian_or_english() -> None:
    assert [reply_language(code) for code in ("id", "ms", "en", "de")] == ["id", "id", "en", "en"]


def test_a_question_in_another_script_is_not_readable() -> None:
    assert not readable("金正恩是谁？")
    assert not readable("кто это?")
    assert readable("Siapa 金正恩?")
    assert readable("2024?")
