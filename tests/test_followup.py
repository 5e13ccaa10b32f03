from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import HashEncoder

from eval.followup import CONVERSATIONS, measure
from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import Article
from rag.followup import Turn, resolve
from rag.names import named_in

ENCODER = HashEncoder()
BEFORE = [Turn("Berapa korban banjir di Semarang tahun 2023?", ("12",))]


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("dan kapan?", "kapan — korban banjir di Semarang tahun 2023?"),
        ("kalau di Surabaya?", "Berapa korban banjir di Surabaya tahun 2023?"),
        ("bagaimana dengan 2024?", "Berapa korban banjir di Semarang tahun 2024?"),
        ("Siapa gubernur Bali?", "Siapa gubernur Bali?"),
        ("Dan siapa wali kota Kupang?", "Dan siapa wali kota Kupang?"),
    ],
)
def test_a_follow_up_is_resolved_and_a_new_topic_is_left_alone(asked: str, understood: str) -> None:
    assert resolve(asked, BEFORE, ENCODER) == understood


@pytest.mark.parametrize(
    ("before", "asked", "understood"),
    [
        (
            "Apa yang terjadi di Jakarta pada 1 Juni 2024?",
            "kalau tanggal 2 Juni?",
            "Apa yang terjadi di Jakarta pada tanggal 2 Juni?",
        ),
        (
            "Berapa korban gempa Cianjur pada 21 November?",
            "kalau 22 November?",
            "Berapa korban gempa Cianjur pada 22 November?",
        ),
        ("How many died in Ende on June 1?", "what about June 3?", "How many died in Ende on June 3?"),
        ("Siapa istri Ma'ruf Amin?", "kalau Gibran?", "Siapa istri Gibran?"),
        (
            "Berapa di antara 50 penumpang selamat di Kupang?",
            "kalau di Bali?",
            "Berapa di antara 50 penumpang selamat di Bali?",
        ),
        ("Siapa ayah Mohammed bin Salman?", "kalau Raja Abdullah?", "Siapa ayah Raja Abdullah?"),
        ("Berapa korban banjir di kabupaten Agam?", "kalau di Medan?", "Berapa korban banjir di Medan?"),
    ],
)
def test_what_gives_way_is_a_whole_date_name_or_place(before: str, asked: str, understood: str) -> None:
    assert resolve(asked, [Turn(before)], ENCODER) == understood


@pytest.mark.parametrize(
    "asked", ["Apakah itu disengaja?", "Apa itu sudah dipastikan?", "Siapa itu yang menggantikan?"]
)
def test_a_question_of_what_was_said_before_refers_to_it(asked: str) -> None:
    assert "gempa Cianjur" in resolve(asked, [Turn("Apa penyebab gempa Cianjur?")], ENCODER)


@pytest.mark.parametrize("asked", ["Apa itu stunting?", "Kapan biasanya musim hujan dimulai?"])
def test_a_question_that_names_what_it_asks_about_refers_to_nothing(asked: str) -> None:
    assert resolve(asked, [Turn("Berapa korban gempa Cianjur?")], ENCODER) == asked


@pytest.mark.parametrize(
    "asked",
    [
        "Siapa presiden pertama Indonesia?",
        "Siapa presiden Indonesia yang pertama?",
        "Kapan perang dunia kedua berakhir?",
        "Siapa yang pertama tiba di lokasi?",
        "Yang pertama kali melapor siapa?",
        "Who won the second round in Bali?",
        "Who was the first president?",
    ],
)
def test_an_ordinal_of_another_topic_takes_up_no_answer(asked: str) -> None:
    assert resolve(asked, [Turn("Berapa korban tewas gempa Palu?", ("12", "15"))], ENCODER) == asked


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("Kalau yang kedua?", "korban tewas gempa Palu, 15?"),
        ("What about the first one?", "korban tewas gempa Palu, 12?"),
        ("and the second?", "korban tewas gempa Palu, 15?"),
        ("Yang pertama kapan?", "kapan — korban tewas gempa Palu, 12?"),
        ("Kapan gempa Palu yang kedua?", "Kapan gempa Palu — korban tewas gempa Palu, 15?"),
        ("angka kedua kata siapa?", "kata siapa — korban tewas gempa Palu, 15?"),
        ("When did the first happen?", "When did happen — korban tewas gempa Palu, 12?"),
    ],
)
def test_an_ordinal_that_stands_for_an_answer_takes_it_up(asked: str, understood: str) -> None:
    assert resolve(asked, [Turn("Berapa korban tewas gempa Palu?", ("12", "15"))], ENCODER) == understood


@pytest.mark.parametrize("asked", ["Lalu lintas macet di Jakarta?", "Lalu lalang di Stasiun Kupang?"])
def test_traffic_is_no_connective(asked: str) -> None:
    assert resolve(asked, BEFORE, ENCODER) == asked


def test_a_chain_of_follow_ups_keeps_to_the_topic() -> None:
    first = resolve("dan kapan?", BEFORE, ENCODER)
    second = resolve("lalu kenapa?", [*BEFORE, Turn(first)], ENCODER)
    assert second == "kenapa — korban banjir di Semarang tahun 2023?"


def test_the_second_of_two_answers_is_taken_up() -> None:
    turns = [Turn("Kapan konser Gita Samudra?", ("23 Mei 2024", "7 Juni 2024"))]
    assert "7 Juni 2024" in resolve("yang kedua di gedung mana?", turns, ENCODER)
    assert "23 Mei 2024" in resolve("where was the first one held?", turns, ENCODER)


@pytest.mark.parametrize("asked", ["berapa korbannya — kolera sapudi?", "berapa korbannya — gempa sumba terjadi?"])
def test_a_question_that_was_resolved_is_not_resolved_again(asked: str) -> None:
    assert resolve(asked, [Turn("berapa korbannya — gempa sumba terjadi?")], ENCODER) == asked


@pytest.mark.parametrize(
    ("asked", "alone"),
    [("siapa prabowo?", True), ("siapa di palu?", False), ("siapa menang?", False), ("siapa gubernur?", False),
     ("siapa kapten?", False), ("siapa entah?", False)],
)  # fmt: skip
def test_a_name_in_lower_case_opens_a_topic_where_the_articles_write_it_with_a_capital(
    store: StoreFolder, asked: str, alone: bool
) -> None:
    text = "Menurut Prabowo, gubernur menang di Palu. Kata Gubernur Bali, ia bertemu Prabowo. Kapten belum datang."
    build_index(store, [Article("a", text, language="id")], ENCODER)
    understood = resolve(asked, BEFORE, ENCODER, lambda word: named_in(store.current(), word))
    assert (understood == asked) is alone


@pytest.mark.parametrize(
    "text", ["?", "dan", "kalau?", "dan?!", "yang kedua", "kalau 2024 ?", "\n", "di", "é", "dan " * 200]
)
def test_any_text_after_any_other_comes_back_as_text(text: str) -> None:
    for before in ([], BEFORE, [Turn("?", ())], [Turn(text, ("a", "b"))]):
        assert isinstance(resolve(text, before, ENCODER), str)
    assert resolve(text, [], ENCODER) == text


@pytest.mark.model
def test_the_conversations_that_ship_are_understood(bundled: SentenceTransformerEncoder) -> None:
    found = measure(CONVERSATIONS, bundled)
    assert found["conversations"] >= 40
    assert found["follow_up_seen"] >= 0.95 and found["new_topic_kept"] >= 0.95 and found["resolved_right"] >= 0.85


def test_every_conversation_is_what_it_says(tmp_path: Path) -> None:
    for row in map(json.loads, CONVERSATIONS.read_text(encoding="utf-8").splitlines()):
        assert not row["turns"][0]["follows"] and 2 <= len(row["turns"]) <= 3
        for turn in row["turns"]:
            low = turn["resolved"].lower()
            assert turn["follows"] or turn["resolved"] == turn["question"]
            assert all(w.lower() in low for w in turn["must"]) and not any(w.lower() in low for w in turn["must_not"])
