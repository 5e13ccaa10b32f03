from __future__ import annotations

from dataclasses import replace

from builders import evidence
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Span
from rag.cite import cite, cite_sides, is_verbatim


@given(st.text(min_size=1), st.data())
def test_a_citation_is_what_stands_there(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    article = Article("a", text)
    citation = cite(article, Span(start, end), 1)
    assert text[citation.start : citation.end] == citation.quote
    assert is_verbatim(citation, article) == bool(citation.quote.strip())


def test_a_changed_shifted_or_foreign_quote_is_not_verbatim() -> None:
    article = Article("a", "Empat orang tewas.")
    citation = cite(article, Span(0, 11), 1)
    assert is_verbatim(citation, article)
    for wrong in (replace(citation, quote="Lima orang"), replace(citation, start=1), replace(citation, article="b")):
        assert not is_verbatim(wrong, article)


def test_each_place_is_numbered_once_across_the_sides() -> None:
    a, b = evidence("Empat orang tewas."), evidence("Sembilan orang tewas.", article="b")
    sides, citations = cite_sides([[a, a], [b]])
    assert [(side.answer, side.citations) for side in sides] == [
        ("Empat orang tewas.", (1,)),
        ("Sembilan orang tewas.", (2,)),
    ]
    assert [c.n for c in citations] == [1, 2]


def test_a_side_without_a_verbatim_citation_is_dropped() -> None:
    a, blank = evidence("Empat orang tewas."), evidence("   ", article="b")
    sides, citations = cite_sides([[a], [blank]])
    assert len(sides) == len(citations) == 1
