"""Retrieved passages -> one passage of each article, with as much of the article around as is read at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Article, Chunk
from rag.header import sentences
from rag.types import Passage

READ = 1400  # characters of an article that are read at once, some 390 tokens: most short news are read whole


def gather(passages: Sequence[Passage]) -> list[Passage]:
    """Return one passage for each article, in the order of its best one: its sentences are those that are read.

    News say in one sentence what happened and in another how many were hurt, and what only seems to answer stands out
    beside what does: so what is left of the room that the retrieved sentences leave goes to how the article begins and
    to what stands nearest to them.
    """
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.article.id, []).append(passage)
    return [replace(own[0], chunk=_widened(own[0].article, [p.chunk for p in own])) for own in found.values()]


def _widened(article: Article, chunks: Sequence[Chunk]) -> Chunk:
    kept = [sentence for chunk in chunks for sentence in chunk.sentences]
    # A sentence is cut in the same place here and in the index, unless the index is of another version.
    others = [s for s in sentences(article) if all(s.end <= k.start or s.start >= k.end for k in kept)]
    room = READ - sum(s.end - s.start for s in kept)
    before = others[:1] if others and others[0].end <= min(k.start for k in kept) else []
    lead = [s for s in before if s.end - s.start <= room]
    others.sort(key=lambda s: min(abs(s.start - k.start) for k in kept))
    for sentence in dict.fromkeys(lead + others):
        room -= sentence.end - sentence.start
        if room < 0:
            break
        kept.append(sentence)
    kept.sort(key=lambda s: s.start)
    return Chunk(article.id, kept[0].start, kept[-1].end, tuple(kept))
