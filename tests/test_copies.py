from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.copies import CLOSEST, figures, originals, same_figures, same_wording, signature

WORDS = "air warga desa pasar sungai jembatan petugas malam pagi hujan rumah sekolah jalan kapal laut gunung api kota".split()


def story(seed: int, length: int = 180) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def test_a_repost_with_a_few_words_changed_is_a_copy_of_the_first() -> None:
    first = story(1)
    words = first.split()
    for i in range(0, len(words), 20):
        words[i] = "lain"
    links = originals({"a": signature(first), "b": signature(story(2)), "c": signature(" ".join(words))})
    assert links == {"c": "a"}


def test_an_exact_copy_in_other_case_and_spacing_is_a_copy() -> None:
    assert originals({"a": signature(story(1)), "b": signature(story(1).upper().replace(" ", "\n"))}) == {"b": "a"}


def test_two_reports_that_share_words_but_not_sentences_are_two_sources() -> None:
    assert originals({str(seed): signature(story(seed)) for seed in range(20)}) == {}


def test_a_copy_of_a_copy_links_to_the_first() -> None:
    links = originals({name: signature(story(1)) for name in "abc"})
    assert links == {"b": "a", "c": "a"}


def test_texts_of_no_or_few_words_are_copies_of_nothing() -> None:
    assert (
        originals({name: signature(text) for name, text in zip("abcd", ("", "!", "dua kata", "dua kata"), strict=True)})
        == {}
    )


def same_facts(one: str, other: str) -> bool:
    return same_figures(figures(one), figures(other)) and same_wording(one, other)


def test_a_copy_with_another_figure_is_a_source_of_its_own() -> None:
    assert same_facts("Sebanyak 24 orang tewas.", "Pada 3 Maret sebanyak 24 orang tewas.")
    assert not same_facts("Sebanyak 24 orang tewas.", "Sebanyak 31 orang tewas.")
    assert not same_facts("Sebanyak empat orang tewas.", "Sebanyak sembilan orang tewas.")
    texts = {"a": story(1) + " 24 orang", "b": story(1) + " 31 orang"}
    signatures = {name: signature(text) for name, text in texts.items()}
    assert originals(signatures, texts.__getitem__) == {}
    assert originals(signatures) == {"b": "a"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Seorang pedagang tewas.", "Dua orang pedagang tewas."),
        ("Seorang warga melapor, seorang tewas.", "Seorang warga melapor, dua orang tewas."),
        ("Kerugian Rp12 juta.", "Kerugian Rp12 miliar."),
        ("Tiga belas rumah rusak.", "Tiga puluh rumah rusak."),
        ("Seratus rumah rusak.", "Seribu rumah rusak."),
        ("Ratusan warga mengungsi.", "Ribuan warga mengungsi."),
        ("One hundred homes burned.", "One thousand homes burned."),
        ("12 orang tewas dan 30 luka.", "30 orang tewas dan 12 luka."),
    ],
)
def test_a_figure_is_all_of_its_words_and_has_its_place(one: str, other: str) -> None:
    assert same_facts(one, one) and not same_facts(one, other) and not same_facts(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pukul 19.30 WIB", "pukul 19:30 WIB"),
        ("pukul 07.30 WIB", "pukul 7.30 WIB"),
        ("Rabu (19/6/2024)", "Rabu (19/06/2024)"),
        ("setelah tiga jam", "setelah 3 jam"),
        ("12 kios", "dua belas kios"),
        ("Rp1.500.000.000", "Rp 1,5 miliar"),
        ("pada 2024 dua orang", "pada 2024 2 orang"),
        ("seratus dua puluh lima ribu", "125.000"),
        ("twenty-five thousand", "25,000"),
        ("0,5 persen", "0.5 persen"),
    ],
)
def test_a_figure_that_is_only_spelled_otherwise_is_the_same(one: str, other: str) -> None:
    assert figures(one) == figures(other)


def test_a_copy_that_spells_a_sum_otherwise_has_the_same_facts() -> None:
    one, other = (f"Kerugian warga mencapai {money}, kata polisi." for money in ("Rp1.500.000.000", "Rp 1,5 miliar"))
    assert same_facts(one, other) and same_facts(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("pukul 19.30", "pukul 19.03"), ("1.500", "1,5"), ("dua belas", "dua puluh"), ("tiga empat", "tiga puluh empat")]
    + [("seratus", "seratusan"), ("2,5 juta", "25 juta"), ("1.05", "1.5")],
)
def test_another_figure_is_another_in_any_spelling(one: str, other: str) -> None:
    assert figures(one) != figures(other)


@given(
    st.lists(
        st.sampled_from(["satu ", "belas ", "ratus", "ratusan ", "juta", "twenty ", "1", "0", ".", ",", " ", "-", "se"])
    )
)
def test_any_run_of_figures_is_read(parts: list[str]) -> None:
    assert all(figures("".join(parts)))


def test_a_copy_that_is_cut_or_spells_one_otherwise_has_the_same_facts() -> None:
    text = "Seorang tewas dan 12 luka, kata polisi di kota itu. Seratus rumah rusak, twenty-five parah."
    assert same_facts(text, text.partition(". ")[0])
    assert same_facts(text, "Satu orang tewas dan 12 luka. Satu ratus rumah rusak, twenty five parah. Pada 2 Mei.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("menangkap Budi Hartono di rumahnya", "menangkap Agus Salim di rumahnya"),
        ("ditangkap pada Senin malam", "ditangkap pada Selasa malam"),
        ("dan mengakui perbuatannya", "dan tidak mengakui perbuatannya"),
        ("Ia belum diperiksa", "Ia sudah diperiksa"),
    ],
)
def test_another_name_day_or_denial_makes_no_copy(one: str, other: str) -> None:
    texts = {name: f"{story(1)}. Polisi {part}. {story(2)}." for name, part in zip("ab", (one, other), strict=True)}
    signatures = {name: signature(text) for name, text in texts.items()}
    assert originals(signatures) == {"b": "a"}
    assert originals(signatures, texts.__getitem__) == {}


@pytest.mark.parametrize(
    "other",
    [
        "Polisi menangkap Budi di Malang pada Senin. Ia tidak melawan.",  # cut within a name
        "Petugas menangkap Budi Hartono di Malang pada Senin. Ia tidak melawan.",
        "Polisi meringkus Budi Hartono di Malang pada Senin. Ia tidak melawan saat dibawa.",
        "Polisi menangkap Budi Hartono di Malang pada Senin.",
        "POLISI MENANGKAP BUDI HARTONO DI MALANG PADA SENIN. IA TIDAK MELAWAN.",
        "Polisi menangkap Budi Hartono di Malang pada Senin. Ia tidak melawan. Kuasa hukumnya belum mau bicara soal itu.",
    ],
)
def test_a_copy_that_is_cut_added_to_or_worded_otherwise_has_the_same_facts(other: str) -> None:
    text = "Polisi menangkap Budi Hartono di Malang pada Senin. Ia tidak melawan."
    assert same_facts(text, other) and same_facts(other, text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("known", [60, 8000])
def test_two_versions_of_a_very_long_text_are_soon_compared(known: int) -> None:
    draw = random.Random(0)
    words = [f"kata{n}" for n in range(known)]
    one = draw.choices(words, [1 / (n + 1) for n in range(known)], k=20_000)
    other = list(one)
    for i in range(0, len(other), 150):
        other[i] = draw.choice(words)
    begun = time.process_time()
    assert same_wording(" ".join(one), " ".join(other))
    assert time.process_time() - begun < 5


@pytest.mark.timeout(20)
@pytest.mark.parametrize("period", [2, 150])
def test_long_repetitions_are_soon_told_apart(period: int) -> None:
    one, other = ([f"kata{n % every}" for n in range(20_000)] for every in (period, period - 1))
    begun = time.process_time()
    assert not same_wording(" ".join(one), " ".join(other))
    assert time.process_time() - begun < 5


def test_a_name_that_was_changed_in_a_very_long_text_is_seen() -> None:
    long = ". ".join(story(seed, 12) for seed in range(500))
    one, other = (f"{long}. Polisi menangkap {name} di rumahnya. {long}" for name in ("Budi Hartono", "Agus Salim"))
    assert same_wording(one, one) and not same_wording(one, other)


def test_of_many_texts_of_one_template_each_is_read_twice_and_a_copy_of_one_is_found() -> None:
    # So long that MinHash hardly tells them apart.
    long = " ".join(story(seed) for seed in range(12))
    texts = {str(price): f"Harga emas Rp{price} per gram. {long}" for price in range(1_000, 1_060)}
    texts["again"] = texts["1042"].upper()
    asked: dict[str, int] = {}

    def body(article: str) -> str:
        asked[article] = asked.get(article, 0) + 1
        return texts[article]

    assert originals({name: signature(text) for name, text in texts.items()}, body) == {"again": "1042"}
    assert max(asked.values()) <= 2  # its figures, and where they are the same, its words


def test_of_like_texts_without_figures_a_bounded_number_is_compared_word_by_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [
        f"{first}{last}"
        for first in ("Ba", "Ka", "Ra", "Ta", "Wa")
        for last in ("dri", "mal", "san", "rto", "yan", "gus")
    ]
    texts = {name: f"{story(1)}. Polisi menangkap {name} di rumahnya. {story(2)}." for name in names}
    compared: list[str] = []

    def counted(one: str, other: str) -> bool:
        compared.append(one)
        return same_wording(one, other)

    monkeypatch.setattr("index.copies.same_wording", counted)
    assert originals({name: signature(text) for name, text in texts.items()}, texts.__getitem__) == {}
    assert max(Counter(compared).values()) == CLOSEST < len(texts) - 1
