"""Evidence -> numbered citations. What is not verbatim is dropped, and so is a side without a citation."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Article, Span
from rag.types import Citation, Evidence, Side


def cite(article: Article, span: Span, n: int) -> Citation:
    """Return the citation of a span of an article."""
    return Citation(
        n, article.id, article.title, article.source, article.published, article.url, span.start, span.end,
        span.of(article.text),
    )  # fmt: skip


def is_verbatim(citation: Citation, article: Article) -> bool:
    """Whether the citation is what the article says at that place, and says something."""
    quoted = article.text[citation.start : citation.end]
    return quoted == citation.quote and bool(quoted.strip()) and citation.article == article.id


def cite_sides(sides: Sequence[Sequence[Evidence]]) -> tuple[tuple[Side, ...], tuple[Citation, ...]]:
    """Number the evidence of all sides from 1, each place once; a side speaks by its most probable evidence."""
    numbers: dict[tuple[str, int, int], Citation] = {}
    cited: list[Side] = []
    for side in sides:
        own: list[int] = []
        for item in side:
            article = item.passage.article
            place = (article.id, item.sentence.start, item.sentence.end)
            citation = numbers.get(place) or cite(article, item.sentence, len(numbers) + 1)
            if is_verbatim(citation, article):
                numbers[place] = citation
                own.append(citation.n)
        if own:
            cited.append(Side(" ".join(side[0].answer.split()), tuple(dict.fromkeys(own))))
    return tuple(cited), tuple(numbers.values())
