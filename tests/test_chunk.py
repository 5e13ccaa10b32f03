from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from index.chunk import chunk_article, embedding_text
from index.sentences import split_sentences
from index.types import Article, Span


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


sentence = st.lists(
    st.sampled_from(["air", "naik", "warga", "pulang", "19.6.2024", "No. 5"]), min_size=1, max_size=30
).map(lambda parts: " ".join(parts).capitalize() + ".")


@given(st.lists(sentence, min_size=1, max_size=25), st.integers(5, 60), st.integers(0, 24))
def test_chunks_hold_whole_sentences_within_the_budget_and_lose_none(
    parts: list[str], budget: int, excluded_part: int
) -> None:
    text = "\n\n".join(parts)
    excluded = []
    if excluded_part < len(parts):
        start = sum(len(part) + 2 for part in parts[:excluded_part])
        excluded = [Span(start, start + len(parts[excluded_part]))]
    article = Article("a", text)
    chunks = chunk_article(article, excluded, words, budget)
    assert [s for chunk in chunks for s in chunk.sentences] == list(split_sentences(text, excluded))
    for chunk in chunks:
        assert (chunk.start, chunk.end) == (chunk.sentences[0].start, chunk.sentences[-1].end)
        assert words([chunk.span.of(text)])[0] <= budget or len(chunk.sentences) == 1
        assert not any(chunk.start < span.end and span.start < chunk.end for span in excluded)


def test_sentences_are_spread_evenly_instead_of_leaving_a_stub() -> None:
    text = " ".join(f"Kalimat nomor {i} berisi tujuh kata saja." for i in range(9))
    sizes = [len(c.sentences) for c in chunk_article(Article("a", text), [], words, 56)]
    assert sizes == [5, 4] or sizes == [4, 5]


def test_a_chunk_is_embedded_under_its_title() -> None:
    article = Article("a", "Air naik. Warga pulang.", title="Banjir di Lembah")
    (chunk,) = chunk_article(article, [], words)
    assert embedding_text(article, chunk) == "Banjir di Lembah\nAir naik. Warga pulang."
    assert embedding_text(Article("a", article.text), chunk) == article.text


def test_text_that_is_all_excluded_has_no_chunk() -> None:
    assert chunk_article(Article("a", "Ad image"), [Span(0, 8)], words) == []
