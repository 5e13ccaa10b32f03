"""Question -> passages: dense and lexical search, fused by score, capped per source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.store import Store, Vectors
from index.types import Filters
from rag.types import Passage

DEPTH = 100  # rows taken from each search before fusion
PASSAGES = 8  # passages handed to the reader
PER_SOURCE = 2  # at most this many of one source, so that every outlet gets a hearing
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
    stems: Sequence[str],
    filters: Filters | None = None,
    *,
    limit: int = PASSAGES,
    per_source: int = PER_SOURCE,
) -> list[Passage]:
    """Return up to `limit` passages for a question's unit vector and stems, best first.

    Copies of one text count as one source: of several, the copy that ranks first is heard.
    """
    filters = filters or Filters()
    dense = dict(store.dense(vector, DEPTH, filters))
    lexical = dict(store.lexical(stems, DEPTH, filters))
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
