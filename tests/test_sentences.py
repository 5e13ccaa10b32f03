from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_SENTENCE, split_sentences
from index.types import Span


def sentences(text: str, *excluded: Span) -> list[str]:
    return [span.of(text) for span in split_sentences(text, excluded)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Rombongan tiba di Jl. Melati No. 5 bersama Dr. Budi dkk. untuk rapat.",
        "Anggarannya Rp1.500.000 dan dicairkan pada 19.6.2024 di Kab. Sukamulya.",
        "Joko A. Santoso dan Ir. H. Wahyu menandatangani berkas itu.",
        "Laga berakhir 3.5 detik lebih cepat.",
        "Ia membuka www.contoh.com lalu menulis ke redaksi@contoh.co.id untuk bertanya.",
        "Mr. Smith met Gen. Lee of the U.S. Navy at 5 p.m. Wednesday.",
        "“Apa kabar?” tanyanya.",
        '"Kami siap!" kata Rini.',
        "The bill rose to $1.5 million... or more.",
        "PT.Samudra dan dr.Andi hadir di sana.",
        "Irjen. Pol. Andi dan Kombes. Budi menemui Tn. Moh. Rizal dan Ny. Sari dari PT. Samudra dan CV. Laut.",
        "Brigjen. Abd. Karim, Letjen. Muh. Ali, Mayjen. Seno, AKP. Rudi, dan Bripka. Dewi ke Kep. Seribu.",
        "Acara dimulai pkl. 19.30 di Jl. Raya Km. 5 Kav. 12, telp. 021.",
        "Kapt. Inf. Andi, Iptu. Budi, Pdt. Rina dan dr. Sari, Sp. OG hadir di sana.",
        "Pendaki itu turun dari Gn. Slamet lalu menyeberang dari Tj. Perak.",
    ],
)
def test_an_abbreviation_or_number_does_not_end_a_sentence(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Kemitraan itu strategis.Meskipun begitu, ia ragu.",
            ["Kemitraan itu strategis.", "Meskipun begitu, ia ragu."],
        ),
        ("Itu terjadi pada 2024.Kemudian sepi.", ["Itu terjadi pada 2024.", "Kemudian sepi."]),
        ('Ia berkata, "Saya datang." Lalu pulang.', ['Ia berkata, "Saya datang."', "Lalu pulang."]),
        ('Mereka pergi."Kami lelah," katanya.', ["Mereka pergi.", '"Kami lelah," katanya.']),
        ("Benarkah? Ya! Tentu saja.", ["Benarkah?", "Ya!", "Tentu saja."]),
        ("He left at 5 p.m. They stayed.", ["He left at 5 p.m.", "They stayed."]),
        ("Itu pada Rabu (3/4/2024).Jembatan itu baru.", ["Itu pada Rabu (3/4/2024).", "Jembatan itu baru."]),
        ("Ia dirawat di RS. Korban stabil.", ["Ia dirawat di RS.", "Korban stabil."]),
        ("Ia dibawa ke RS. 20 korban lain selamat.", ["Ia dibawa ke RS.", "20 korban lain selamat."]),
        ("It was on TV. 20 people died.", ["It was on TV.", "20 people died."]),
        ("Ia berpangkat kompol. Polisi datang.", ["Ia berpangkat kompol.", "Polisi datang."]),
        ("Ia diperiksa KPK. 15 orang hadir.", ["Ia diperiksa KPK.", "15 orang hadir."]),
        ("Beratnya 5 kg. 12 orang hadir.", ["Beratnya 5 kg.", "12 orang hadir."]),
        ("Beratnya 5 kg. Harganya naik.", ["Beratnya 5 kg.", "Harganya naik."]),
        ("Satu. 1. Nama. 2. Alamat", ["Satu.", "1. Nama.", "2. Alamat"]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_hard_wrapped_lines_stay_in_one_sentence() -> None:
    text = (
        "Petugas mencatat ada seribu dua ratus rumah yang rusak di wilayah\n"
        "Kecamatan Lembah, sementara warga menghitung lebih banyak dari\n"
        "itu. Data akan dicocokkan pekan depan."
    )
    assert sentences(text) == [text[: text.index("itu.") + 4], "Data akan dicocokkan pekan depan."]


def test_a_headline_above_a_paragraph_is_a_sentence_of_its_own() -> None:
    text = (
        "Banjir Surut di Lembah\nWarga yang mengungsi sejak Senin malam mulai pulang ke rumah masing-masing hari ini."
    )
    assert sentences(text)[0] == "Banjir Surut di Lembah"


def test_excluded_spans_are_in_no_sentence() -> None:
    text = "Satu kalimat utuh.\n\nAd image\n\nKalimat kedua."
    ad = Span(text.index("Ad"), text.index("Ad") + len("Ad image"))
    assert sentences(text, ad) == ["Satu kalimat utuh.", "Kalimat kedua."]


def test_a_run_without_marks_is_divided_at_white_space() -> None:
    text = "kata " * 1000
    found = split_sentences(text)
    assert all(span.end - span.start <= MAX_SENTENCE for span in found)
    assert "".join(span.of(text) for span in found).replace(" ", "") == "kata" * 1000


news = st.text(alphabet=st.sampled_from(list("abAB .?!\"'“”\n1,9")) | st.characters(), max_size=300)


@given(news, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=4))
def test_sentences_are_disjoint_and_lose_nothing_but_what_is_excluded(text: str, cuts: list[tuple[int, int]]) -> None:
    excluded, at = [], 0
    for start, length in sorted(cuts):
        start, end = max(start, at), min(max(start, at) + length, len(text))
        if start < end:
            excluded.append(Span(start, end))
            at = end
    found = split_sentences(text, excluded)
    covered = [False] * len(text)
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert not text[span.start].isspace() and not text[span.end - 1].isspace()
        for i in range(span.start, span.end):
            assert not covered[i]
            covered[i] = True
    for span in excluded:
        assert not any(covered[span.start : span.end])
        covered[span.start : span.end] = [True] * (span.end - span.start)
    assert all(done or ch.isspace() for done, ch in zip(covered, text, strict=True))
    assert list(found) == sorted(found, key=lambda s: s.start)


@pytest.mark.parametrize(
    "unit", ['Ia pergi."Ya" dan pulang. ', "Ia ke pasar.Lalu pulang. ", "A.A.", "a.Def ", "a'b.C' ", "1. Nama "]
)
def test_the_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.process_time()
        split_sentences(text)
        return time.process_time() - begun

    short = min(seconds(10_000) for _ in range(3))
    assert min(seconds(160_000) for _ in range(3)) < 16 * 4 * max(short, 0.01)
