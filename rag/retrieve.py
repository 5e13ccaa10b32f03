"""Question -> passages: dense and lexical search, fused by score, capped per source."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from index.store import Store, Vectors
from index.types import Filters
from rag.types import Passage, Question

DEPTH = 100  # rows taken from each search before fusion
PASSAGES = 8  # passages handed to the reader
PER_SOURCE = 2  # at most this many of one source, so that every outlet gets a hearing
# At least this many are in another language than the question, where there are such, beyond PASSAGES if need be: a small
# encoder finds what is in the question's own language nearer than what says it in another. However rare a language is.
FOREIGN = 2
# A row's score is cosine + LEXICAL x (its BM25 / the best BM25 of the question). A linear combination keeps what rank
# fusion throws away, the margins (Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval").
# Chosen with `python -m eval.retrieval --data DIR`, which prints it beside dense alone, BM25 alone and rank fusion.
LEXICAL = 0.04


def fuse(dense: dict[int, float], lexical: dict[int, float], weight: float = LEXICAL) -> list[tuple[int, float]]:
    """Return (row, score) best first; every row of `lexical` must have its cosine in `dense`. Pure."""
    best = max(lexical.values(), default=0.0)
    scores = {
        row: cosine + (weight * lexical.get(row, 0.0) / best if best > 0 else 0.0) for row, cosine in dense.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def retrieve(
    store: Store,
    vector: Vectors,
    question: Question,
    filters: Filters | None = None,
    *,
    limit: int = PASSAGES,
    per_source: int = PER_SOURCE,
    foreign: int = FOREIGN,
) -> list[Passage]:
    """Return up to `limit` passages for a question and its unit vector, best first, then what `foreign` of them lack.

    Copies of one text count as one source: of several, the copy that ranks first is heard.
    """
    filters = filters or Filters()
    passages = _nearest(store, vector, question, filters, limit, per_source)
    others = (filters.languages or frozenset(store.languages(share=0))) - {question.language}
    missing = foreign - sum(p.article.language in others for p in passages)
    if others and missing > 0:
        heard = {p.origin for p in passages}
        within = replace(filters, languages=others)
        nearest = _nearest(store, vector, question, within, foreign, per_source=1)
        passages += [p for p in nearest if p.origin not in heard][:missing]
    return passages


def _nearest(
    store: Store, vector: Vectors, question: Question, filters: Filters, limit: int, per_source: int
) -> list[Passage]:
    dense = dict(store.dense(vector, DEPTH, filters))
    lexical = dict(store.lexical(question.stems, DEPTH, filters))
    only_lexical = [row for row in lexical if row not in dense]
    dense.update(zip(only_lexical, store.cosines(vector, only_lexical), strict=True))
    ranked = fuse(dense, lexical)
    heard: Counter[str] = Counter()
    voice: dict[str, str] = {}  # origin -> the article that speaks for it
    passages: list[Passage] = []
    for stored in store.chunks([row for row, _ in ranked]):
        article = voice.setdefault(stored.origin, stored.chunk.article)
        if heard[stored.origin] >= per_source or stored.chunk.article != article:
            continue
        heard[stored.origin] += 1
        passages.append(Passage(store.article(article), stored.chunk, stored.origin))
        if len(passages) == limit:
            break
    return passages
