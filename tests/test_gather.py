from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.boilerplate import mark
from index.chunk import chunk_article
from index.types import Article, Chunk, Span
from rag.gather import READ, gather
from rag.header import sentences
from rag.types import Passage


def passages(article: Article, numbers: list[int]) -> list[Passage]:
    chunks = chunk_article(article, mark(article.text, None), lambda texts: [len(t.split()) for t in texts], budget=40)
    return [Passage(article, chunks[n % len(chunks)], article.id) for n in numbers]


def long_article(name: str = "a", count: int = 80) -> Article:
    return Article(name, " ".join(f"Kalimat nomor {n} bercerita tentang gudang yang terbakar." for n in range(count)))


def test_a_short_article_is_read_whole_without_what_a_portal_adds() -> None:
    text = "Gudang terbakar Senin.\n\nBaca juga: Terminal Diresmikan\n\nDua kios habis. Polisi menyelidiki."
    (whole,) = gather(passages(Article("a", text), [0]))
    assert whole.text == "Gudang terbakar Senin. Dua kios habis. Polisi menyelidiki."


def test_articles_keep_the_order_of_their_best_passages() -> None:
    a, b = long_article("a"), long_article("b")
    (first, last), (second,) = passages(a, [3, 0]), passages(b, [1])
    gathered = gather([first, second, last])
    assert [p.article.id for p in gathered] == ["a", "b"]
    assert {*first.chunk.sentences, *last.chunk.sentences} <= {*gathered[0].chunk.sentences}


@given(st.lists(st.integers(0, 11), min_size=1, max_size=2, unique=True))
def test_of_a_long_article_the_beginning_and_what_is_nearest_is_read(numbers: list[int]) -> None:
    article = long_article()
    found = passages(article, numbers)
    (read,) = gather(found)
    told, kept = sentences(article), read.chunk.sentences
    retrieved = {s for p in found for s in p.chunk.sentences}
    assert retrieved <= {*kept} and told[0] in kept and sorted(kept, key=lambda s: s.start) == [*kept]
    assert READ - 100 < sum(s.end - s.start for s in kept) <= READ
    # Beside the beginning nothing is left out that is nearer than what is read.
    far = {s: min(abs(s.start - r.start) for r in retrieved) for s in told}
    assert max(far[s] for s in kept[1:]) <= min(far[s] for s in told if s not in kept)


def test_what_is_retrieved_beyond_the_part_that_is_looked_at_is_read() -> None:
    article = long_article(count=600)
    end = Span(len(article.text) - 52, len(article.text))
    (read,) = gather([Passage(article, Chunk("a", end.start, end.end, (end,)), "a")])
    assert read.chunk.sentences[-1] == end and read.chunk.sentences[0].start == 0


def test_a_first_sentence_that_is_too_long_keeps_nothing_else_out() -> None:
    text = f"Panjang {'kata ' * 230}selesai. Gudang terbakar. Dua kios habis. Polisi {'terus ' * 50}menyelidiki."
    first, *others = sentences(Article("a", text))
    (read,) = gather([Passage(Article("a", text), Chunk("a", others[-1].start, others[-1].end, (others[-1],)), "a")])
    assert [*read.chunk.sentences] == others and len(others) == 3 and first.end > READ - 300
