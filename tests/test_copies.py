from __future__ import annotations

import random

from index.copies import originals, signature

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


def test_texts_without_words_do_not_fail() -> None:
    assert originals({"a": signature(""), "b": signature("!")}) == {"b": "a"}
