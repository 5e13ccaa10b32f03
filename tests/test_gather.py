from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.boilerplate import mark
from index.chunk import chunk_article
from index.lexical import query_terms
from index.types import Article, Chunk
from rag.coverage import coverage
from rag.gather import READ, gather
from rag.header import header_line, sentences
from rag.types import Passage, Question


def passages(article: Article, numbers: list[int]) -> list[Passage]:
    chunks = chunk_article(article, mark(article.text, None), lambda texts: [len(t.split()) for t in texts], budget=40)
    return [Passage(article, chunks[n % len(chunks)], article.id) for n in numbers]


def analysed(text: str) -> Question:
    return Question(text, "id", "person", tuple(query_terms(text)))


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


def test_far_into_a_very_long_article_its_beginning_and_what_is_nearest_is_read() -> None:
    article = long_article(count=1200)  # 60,000 characters
    told = sentences(article)
    place = told[1100]
    (read,) = gather([Passage(article, Chunk("a", place.start, place.end, (place,)), "a")])
    first, *near = read.chunk.sentences
    assert first == told[0] and near == [*told[told.index(near[0]) : told.index(near[-1]) + 1]] and place in near
    assert header_line(article, place.start).endswith(told[1099].of(article.text))
    named = Article("b", f"{article.text} Api berawal di kios Sarmidi.")
    assert coverage(analysed("Sarmidi"), named) == 1 and coverage(analysed("Sarmidi"), article) == 0


def test_a_first_sentence_that_is_too_long_keeps_nothing_else_out() -> None:
    text = f"Panjang {'kata ' * 230}selesai. Gudang terbakar. Dua kios habis. Polisi {'terus ' * 50}menyelidiki."
    first, *others = sentences(Article("a", text))
    (read,) = gather([Passage(Article("a", text), Chunk("a", others[-1].start, others[-1].end, (others[-1],)), "a")])
    assert [*read.chunk.sentences] == others and len(others) == 3 and first.end > READ - 300
