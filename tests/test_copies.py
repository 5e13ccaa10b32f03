from __future__ import annotations

import random

import pytest

from index.copies import originals, same_figures, signature

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


def test_a_copy_with_another_figure_is_a_source_of_its_own() -> None:
    assert same_figures("Sebanyak 24 orang tewas.", "Pada 3 Maret sebanyak 24 orang tewas.")
    assert not same_figures("Sebanyak 24 orang tewas.", "Sebanyak 31 orang tewas.")
    assert not same_figures("Sebanyak empat orang tewas.", "Sebanyak sembilan orang tewas.")
    texts = {"a": story(1) + " 24 orang", "b": story(1) + " 31 orang"}
    signatures = {name: signature(text) for name, text in texts.items()}
    assert originals(signatures, lambda a, b: same_figures(texts[a], texts[b])) == {}
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
    assert same_figures(one, one) and not same_figures(one, other) and not same_figures(other, one)


def test_a_copy_that_is_cut_or_spells_one_otherwise_has_the_same_figures() -> None:
    text = "Seorang tewas dan 12 luka, kata polisi di kota itu. Seratus rumah rusak, twenty-five parah."
    assert same_figures(text, text.partition(". ")[0])
    assert same_figures(text, "Satu orang tewas dan 12 luka. Satu ratus rumah rusak, twenty five parah. Pada 2 Mei.")
