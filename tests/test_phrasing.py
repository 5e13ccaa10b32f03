from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import load_cases
from rag.function_words import is_name
from rag.names import doubled, with_names, written_in
from rag.phrasing import bare
from rag.training.cases import case_store
from rag.training.data import OWN, read_rows

SETS = Path(__file__).parents[1] / "eval" / "sets"
ASKED = "Kapan Putin tiba di Pyongyang?"


@pytest.mark.parametrize(
    "typed",
    [
        "Halo! Kapan Putin tiba di Pyongyang?",
        "Selamat pagi kak, kapan ya Putin tiba di Pyongyang? Terima kasih banyak sebelumnya.",
        "Mau tanya, kapan sih Putin tiba di Pyongyang",
        "Tolong jelaskan kapan Putin tiba di Pyongyang.",
        "Bisa tolong dicek kapan Putin tiba di Pyongyang? Mohon infonya ya.",
        "Assalamualaikum, izin bertanya, kapan Putin tiba di Pyongyang?",
        "Saya lagi nulis laporan soal Korea Utara untuk kantor saya. Kapan Putin tiba di Pyongyang?",
        "Kapan Putin tiba di Pyongyang? Saya perlu untuk laporan.",
        "Ada yang tahu kapan Putin tiba di Pyongyang?",
        "kpn Putin tiba di Pyongyang ya min",
        "Kapan ya Putin tiba di Pyongyang?",
        "Hai kapan Putin tiba di Pyongyang?",
        "Cek kapan Putin tiba di Pyongyang.",
        "Mohon dicek, kapan Putin tiba di Pyongyang?",
        "Kira-kira kapan Putin tiba di Pyongyang, ya?",
    ],
)  # fmt: skip
def test_courtesy_and_what_people_say_of_themselves_is_no_part_of_a_question(typed: str) -> None:
    assert bare(typed) == ASKED


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Hi there, could you tell me when Putin arrived in Pyongyang? Thanks!", "When Putin arrived in Pyongyang?"),
        ("I'd like to know how many people were hurt, please.", "How many people were hurt?"),
        ("I'm writing a piece for my paper. Who signed the pact in Pyongyang?", "Who signed the pact in Pyongyang?"),
        ("brp org yg ngungsi akibat banjir", "Berapa orang yang ngungsi akibat banjir?"),
        ("Brp org yg ngungsi", "Berapa orang yang ngungsi?"),
        ("Kpn sidangnya?", "Kapan sidangnya?"),
        ("SM Entertainment digugat siapa?", "SM Entertainment digugat siapa?"),
        ("Katanya pasar itu dibangun lagi tahun depan. Bener gak?", "Apakah pasar itu dibangun lagi tahun depan?"),
        ("Nyai Rukiah wafat di Jeddah. Tolong dicek benar tidaknya.", "Apakah Nyai Rukiah wafat di Jeddah?"),
        ("I heard the ferry had enough life jackets. Is that true?", "Is it true that the ferry had enough life jackets?"),
        ("Apa benar jembatan itu sudah dibuka?", "Apakah jembatan itu sudah dibuka?"),
        ("Kantor bupati baru perlu dibangun? Iya apa enggak?", "Kantor bupati baru perlu dibangun?"),
        ("penumpangnya selamat semua gak", "Apakah penumpangnya selamat semua?"),
        ("Soal kebakaran Pasar Lere. Berapa kios yang habis?", "Kebakaran Pasar Lere. Berapa kios yang habis?"),
        ("Bus terguling di Ciater. Sopirnya siapa ya?", "Bus terguling di Ciater. Sopirnya siapa?"),
        ("kecelakaan bus di ciater. Berapa siswa yang luka ya?", "Kecelakaan bus di ciater. Berapa siswa yang luka?"),
        ("Anggota DPR kami ditangkap KPK ya. Kapan sidangnya digelar?", "Anggota DPR kami ditangkap KPK. Kapan sidangnya digelar?"),
        ("halo teman2, kapan banjir demak surut?", "Kapan banjir demak surut?"),
        ("dengar2 menteri budi mundur, bener gak?", "Apakah menteri budi mundur?"),
        ("Apa benar The Jakarta Post tutup tahun ini?", "Apakah The Jakarta Post tutup tahun ini?"),
        ("Besok pagi saya mau terbang ke Medan. Jam berapa bandara dibuka?", "Jam berapa bandara dibuka?"),
        ("Trump visited Jakarta, right?", "Is it true that Trump visited Jakarta?"),
        ("So 12 people died, is that true?", "Is it true that 12 people died?"),
        ("So far 12 people died, is that true?", "Is it true that So far 12 people died?"),
        ("Apakah benar atau tidak kabar bahwa Jokowi sakit?", "Apakah Jokowi sakit?"),
        ("ada info soal kapan sidang itu digelar", "Kapan sidang itu digelar?"),
    ],
)  # fmt: skip
def test_a_question_is_written_out_with_what_it_needs(typed: str, asked: str) -> None:
    assert bare(typed) == asked


@pytest.mark.parametrize(
    "tidy",
    [
        "Tahu dan tempe naik berapa persen?",
        "Hai Phong dilanda topan pada tanggal berapa?",
        "Malam itu, apa yang terjadi di pasar?",
        "Cek kesehatan gratis dimulai kapan?",
        "berapa emisi co2 dan pm2.5 di jakarta",
        "Apa isi laman who.org tentang flu burung?",
        "The US imposed tariffs on Batam. How much did exporters in Batam lose?",
        "Data apa yang bocor?",
        "Berapa malam tamu menginap?",
        "Siapa yang meminta tolong?",
        "Kadar debu di Karangwungu berbahaya atau tidak?",
        "Apakah sandi dan kata kuncinya dicuri?",
        "Lalu lintas di Merak macet berapa jam?",
        "How many seats are there?",
        "What did the Dear Leader give Putin?",
        "jumlah korban gempa Cianjur",
        "Apakah masih dicari korban longsor di Cilacap?",
        "Apakah sedang diperiksa KPK Bupati Pati?",
        "Apakah ibu dicari polisi?",
        "Ada data pribadi yang bocor?",
        "Ada keterangan polisi soal penyebab kebakaran?",
        "Kita butuh data apa untuk sensus?",
        "Siapa juara moto2 mandalika 2024?",
        "A bus crashed in subang on sunday. How many students were killed?",
    ],
)  # fmt: skip
def test_a_tidy_question_stays_as_it_is(tidy: str) -> None:
    assert bare(tidy) == tidy


def test_of_the_questions_of_all_sets_hardly_one_changes() -> None:
    tidy = [q.question for name in ("sample", "events", "english") for c in load_cases(SETS / f"{name}.jsonl") for q in c.questions]  # fmt: skip
    tidy += [q["question"] for row in read_rows(OWN / "cases_more.jsonl") for q in row["questions"]]
    changed = [question for question in tidy if bare(question) != question]
    assert len(changed) < len(tidy) / 500, changed


def test_what_is_bare_stays_bare() -> None:
    typed = [json.loads(line)["question"] for line in (OWN / "typed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(bare(bare(question)) == bare(question) for question in typed)


@given(st.text(st.sampled_from("aiu yn ?!.,\n—Ttolong"), max_size=80) | st.text(max_size=40))
def test_something_is_always_left(text: str) -> None:
    assert bare(text) or not text


@pytest.mark.parametrize("word", ["tolong ", "bisa ", "boleh ", "saya mau ", "apa ", "ya ", "terima kasih ", "nggak ", "soal ", "benar gak ", "? "])  # fmt: skip
def test_long_input_is_read_in_time(word: str) -> None:
    began = time.monotonic()
    bare((word * 1000)[:1000])
    assert time.monotonic() - began < 1


def test_a_word_that_is_to_be_said_twice_is_written_out_unless_it_is_a_name(tmp_path: Path) -> None:
    article = {"id": "a", "source": None, "title": None, "published": None, "language": "id"}
    text = "Balapan Moto2 di Mandalika batal gara-gara hujan."
    store = case_store(tmp_path, [{"case": "c", "articles": [{**article, "text": text}]}]).current()
    assert doubled("kenapa moto2 batal gara2 hujan", store) == "kenapa moto2 batal gara-gara hujan"


def test_names_typed_without_capitals_are_written_as_the_articles_write_them(tmp_path: Path) -> None:
    article = {"id": "a", "source": None, "title": None, "published": None, "language": "id"}
    texts = ["Kemarin Presiden Putin tiba di Pyongyang naik pesawat.", "Pesawat dari kota itu membawa WNI ke rumah."]
    rows = [{"case": "c", "articles": [{**article, "id": f"{n}", "text": text} for n, text in enumerate(texts)]}]
    store = case_store(tmp_path, rows).current()
    assert (
        with_names("kapan putin tiba di pyongyang naik pesawat", store) == "kapan Putin tiba di Pyongyang naik pesawat"
    )
    assert with_names("berapa wni di kota itu", store) == "berapa WNI di kota itu"
    assert (
        with_names("Kapan Putin tiba di pyongyang?", store) == "Kapan Putin tiba di pyongyang?"
    )  # typed with capitals
    assert written_in(store, "jakarta") == "jakarta"


@pytest.mark.parametrize(
    ("word", "text", "named"),
    [
        ("S", "Siapa S?", True),
        ("Ken", "Kenapa Ken ditahan?", True),
        ("B", "Berapa umur B?", True),
        ("Siapa", "Siapa S?", False),
        ("Demak", "", True),
        ("Budi", '"Budi itu siapa?', False),
        ("17", "17 Agustus ada apa?", True),
    ],
)
def test_a_name_is_what_has_a_capital_and_is_not_the_opening_word(word: str, text: str, named: bool) -> None:
    assert is_name(word, text) is named
