"""How much of a question's content an article holds: a sign of the right event, in all of the article."""

from __future__ import annotations

from functools import lru_cache

from index.boilerplate import mark
from index.lexical import terms
from index.sentences import split_sentences
from index.types import Article
from rag.types import Question

LONGEST = 20_000  # characters of an article that are looked at; what is longer holds any word anyway


def coverage(question: Question, article: Article) -> float:
    """Return the share, in [0, 1], of the stems of a question's content that stand in an article, title and outlet.

    An article on another event lacks names and places of the one that is asked about, wherever in it they would stand;
    the reader sees a passage of it, the judge a sentence. 1 where the question has no such stems.
    """
    asked = _asked(question)
    if not asked:
        return 1.0
    held = _stems(article)
    return sum(stem in held for stem in asked) / len(asked)


@lru_cache(maxsize=64)
def _asked(question: Question) -> tuple[str, ...]:
    """Return the stems of a question's content in its own language; kept, for each of its evidence asks for them."""
    return tuple(stem for stem in terms(question.text, question.language) if stem in question.stems)


@lru_cache(maxsize=256)
def _stems(article: Article) -> frozenset[str]:
    """Return the stems of an article's words under both stemmers, each word stemmed once, which is what takes time.

    Not of what a portal adds: a link to an article on the event that is asked about is no sign of this one.
    """
    text = article.text[:LONGEST]
    sentences = split_sentences(text, mark(text, article.title))
    read = (article.title or "", article.source or "", article.published or "", *(s.of(text) for s in sentences))
    words = " ".join(dict.fromkeys(" ".join(read).split()))
    return frozenset(stem for language in ("id", "en") for stem in terms(words, language))
