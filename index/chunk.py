"""Sentences -> chunks: runs of whole sentences under a token budget, with exact offsets into the article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from index.sentences import split_sentences
from index.types import Article, Chunk, Span

BUDGET = 160  # tokens of text in a chunk: some five sentences, so that a chunk is about one thing
TITLE_TOKENS = 64  # of the encoder's window, left for the title and the model's prompt


def chunk_article(
    article: Article,
    excluded: Sequence[Span],
    count_tokens: Callable[[Sequence[str]], list[int]],
    budget: int = BUDGET,
) -> list[Chunk]:
    """Cut an article into chunks of at most `budget` tokens, none of which reaches over an excluded span.

    A sentence is never cut: one that is longer than the budget is a chunk by itself. `excluded` is sorted and
    disjoint. The sentences of a run are spread evenly, so that no chunk is a stub.
    """
    spans = split_sentences(article.text, excluded)
    counts = count_tokens([span.of(article.text) for span in spans])
    chunks: list[Chunk] = []
    for run in _runs(spans, counts, excluded):
        total = sum(tokens for _, tokens in run)
        goal = total / -(-total // budget) if total else budget
        group: list[Span] = []
        held = 0
        for span, tokens in run:
            # Close the chunk where leaving the sentence out lands nearer to the goal than taking it in.
            if group and (held + tokens > budget or held + tokens / 2 > goal):
                chunks.append(_chunk(article, group))
                group, held = [], 0
            group.append(span)
            held += tokens
        chunks.append(_chunk(article, group))
    return chunks


def _runs(spans: Sequence[Span], counts: Sequence[int], excluded: Sequence[Span]) -> Iterator[list[tuple[Span, int]]]:
    """Group the sentences between two excluded spans."""
    run: list[tuple[Span, int]] = []
    pending = iter(excluded)
    barrier = next(pending, None)
    for span, tokens in zip(spans, counts, strict=True):
        while barrier is not None and barrier.end <= span.start:
            if run and run[-1][0].end <= barrier.start:
                yield run
                run = []
            barrier = next(pending, None)
        run.append((span, tokens))
    if run:
        yield run


def _chunk(article: Article, sentences: Sequence[Span]) -> Chunk:
    return Chunk(article.id, sentences[0].start, sentences[-1].end, tuple(sentences))


def embedding_text(article: Article, chunk: Chunk) -> str:
    """What the encoder reads for a chunk: the title, then the chunk, for a chunk alone often names nobody."""
    text = article.text[chunk.start : chunk.end]
    return f"{article.title}\n{text}" if article.title else text
