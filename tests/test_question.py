from __future__ import annotations

import pytest
from conftest import HashEncoder

from index.build import build_index
from index.folder import StoreFolder
from index.types import Article, SilangError
from rag.question import LONGEST, analyse, check_question


@pytest.fixture
def held(store: StoreFolder, encoder: HashEncoder) -> StoreFolder:
    flood = "Air sungai naik pada malam hari dan merendam desa. Warga mengungsi ke sekolah terdekat bersama petugas."
    ferry = "The ferry left the harbour at dawn with forty people on board and the crew saw the storm too late."
    build_index(store, [Article("a", flood), Article("b", ferry)], encoder)
    return store


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Berapa orang yang terluka?", "number"),
        ("how many people were hurt", "number"),
        ("Berapa lama masa tanggap darurat?", "duration"),
        ("How long did the trial last?", "duration"),
        ("Kapan jembatan dibuka?", "date"),
        ("Tanggal berapa gempa itu?", "date"),
        ("Pukul berapa kapal berangkat?", "time"),
        ("What time did it leave?", "time"),
        ("siapa yang menang", "person"),
        ("Who won?", "person"),
        ("Di mana kapal tenggelam?", "place"),
        ("dimana pusat gempa", "place"),
        ("Mengapa jalan ditutup?", "cause"),
        ("Apa penyebab kebakaran?", "cause"),
        ("Apakah hakim mengabulkan gugatan?", "polarity"),
        ("Did the court reject it?", "polarity"),
        ("Apa hadiah untuk tamu?", "other"),
        ("Setinggi apa ombak saat kapal karam?", "number"),
        ("What was the magnitude of the quake?", "number"),
        ("How heavy was the load?", "number"),
        ("Di tahun mana bendungan itu dibangun?", "date"),
        ("In which year was it built?", "date"),
        ("Di rumah sakit mana mereka dirawat?", "place"),
        ("In which city did they meet?", "place"),
        ("Kecamatan mana yang terendam?", "other"),
        ("What was the name of the ship?", "other"),
        ("Apa yang memicu ledakan?", "cause"),
        ("What started the fire?", "cause"),
        ("How many people were aboard when the ferry sank?", "number"),
        ("Where were the miners who survived taken?", "place"),
        ("Was anyone hurt when the roof fell?", "polarity"),
        ("Naskah itu disimpan di mana?", "place"),
        ("Sudahkah tersangka ditahan?", "polarity"),
        ("Amankah vaksin itu?", "polarity"),
        ("Apakah polisi tahu siapa pelakunya?", "polarity"),
        ("Apakah penyebab kebakaran Pasar Senen?", "cause"),
        ("Menikah kapan Kaesang dan Erina?", "date"),
        ("Nikah massal di Bogor diikuti berapa pasangan?", "number"),
        ("Manakah kota yang terendam?", "other"),
        ("jumlah korban banjir bandang", "number"),
        ("Tolong carikan taksiran kerugian akibat banjir.", "number"),
        ("number of people on the ferry", "number"),
        ("tanggal pembukaan jembatan", "date"),
        ("penyebab kebakaran pasar", "cause"),
        ("usia nakhoda feri", "duration"),
        ("lokasi posko pengungsi", "place"),
        ("Dana banjir sudah dibayarkan?", "other"),  # a claim that begins with such a word
        ("Harga apa yang naik?", "other"),
    ],
)
def test_what_a_question_asks_for(held: StoreFolder, text: str, asks: str) -> None:
    assert analyse(text, held.current()).asks == asks


def test_what_is_read_is_what_is_asked_with_its_names(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [Article("a", "Kemarin Presiden Putin tiba di Pyongyang bersama rombongan dari kota.")], encoder)
    question = analyse("halo kak, kapan sih putin tiba di pyongyang? makasih", store.current())
    assert (question.text, question.asks) == ("Kapan Putin tiba di Pyongyang?", "date")


def test_words_that_ask_or_link_are_no_content(held: StoreFolder) -> None:
    stems = analyse("Berapa warga yang mengungsi dari desa?", held.current()).stems
    assert not {"berapa", "yang", "dari"} & set(stems)
    assert {"warga", "desa"} <= set(stems)


@pytest.mark.parametrize("text", ["", "   \n", "?!...", "金正恩是谁？", "кто это", "x" * (LONGEST + 1), "kata " * 2000])
def test_a_question_that_cannot_be_asked_is_refused_in_one_line_in_both_languages(text: str) -> None:
    with pytest.raises(SilangError) as caught:
        check_question(text)
    assert caught.value.say("en") != caught.value.say("id")
    assert "\n" not in caught.value.say("en") + caught.value.say("id")


def test_a_question_is_stripped() -> None:
    assert check_question("  Siapa?\n") == "Siapa?"
