"""What is read of an article above a part of it: title, outlet and date, how it begins, and the sentence before."""

from __future__ import annotations

from functools import lru_cache
from textwrap import shorten

from index.boilerplate import mark
from index.sentences import split_sentences
from index.types import Article, Span

BEFORE = 200  # characters of each sentence that stands above


def header_line(article: Article, start: int = 0) -> str:
    """What is read above the text at `start`: "Title — Outlet, 2024-06-19 | how the article begins | the sentence before".

    As far as there are such. News say at the beginning what happened, when and where, and a sentence that begins with
    "he" or "its cargo" says in the one before of whom it speaks.
    """
    origin = ", ".join(part for part in (article.source, article.published) if part)
    line = " — ".join(part for part in (article.title, origin) if part)
    before = [span for span in sentences(article) if span.end <= start] if start else []
    lead = shorten(before[0].of(article.text), BEFORE, placeholder="") if before else ""
    last = before[-1].of(article.text) if len(before) > 1 else ""
    # Cut at its beginning, for what follows goes on from its end.
    nearest = shorten(last[::-1], BEFORE, placeholder="")[::-1]
    return " | ".join(part for part in (line, lead, nearest) if part)


@lru_cache(maxsize=256)
def sentences(article: Article) -> tuple[Span, ...]:
    """Return the sentences of an article without a portal's additions.

    Kept, for an article is looked at for each passage, answer and pair.
    """
    return tuple(split_sentences(article.text, mark(article.text, article.title)))
