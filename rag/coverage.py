"""How much of a question's content an article holds: a sign of the right event."""

from __future__ import annotations

from functools import lru_cache

from index.lexical import terms
from index.types import Article
from rag.header import sentences
from rag.types import Question


def coverage(question: Question, article: Article) -> float:
    """Return the share, in [0, 1], of the stems of a question's content that stand in an article, title and outlet.

    An article on another event lacks names and places of the one that is asked about, wherever in it they would stand;
    of a long one the reader sees a part, the judge a sentence. 1 where the question has no such stems.
    """
    asked, held = _asked(question), _stems(article)
    return sum(stem in held for stem in asked) / len(asked) if asked else 1.0


@lru_cache(maxsize=64)
def _asked(question: Question) -> tuple[str, ...]:
    """Return the stems of a question's content in its own language; kept, for each of its evidence asks for them."""
    return tuple(stem for stem in terms(question.text, question.language) if stem in question.stems)


@lru_cache(maxsize=256)
def _stems(article: Article) -> frozenset[str]:
    """Return the stems of an article's words under both stemmers, each word stemmed once, which is what takes time.

    Not of what a portal adds: a link to an article on the event that is asked about is no sign of this one.
    """
    told = (sentence.of(article.text) for sentence in sentences(article))
    read = (article.title or "", article.source or "", article.published or "", *told)
    words = " ".join(dict.fromkeys(" ".join(read).split()))
    return frozenset(stem for language in ("id", "en") for stem in terms(words, language))
