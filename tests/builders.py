"""Records for tests of the pure steps."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Article, Chunk, Span
from rag.types import AnswerType, Evidence, Pair, Passage, Question, Verdict


class Agreeing:
    """A judge to whom all say the same."""

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Leave to the reader what answers."""
        return list(evidence)

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        return [Verdict.certain("same") for _ in pairs]


def question(text: str = "Berapa korban?", asks: AnswerType = "number", language: str = "id") -> Question:
    return Question(text, language, asks, ())


def evidence(
    text: str, answer: str | None = None, *, article: str = "a", probability: float = 0.9, published: str | None = None,
    origin: str | None = None, language: str = "id", source: str | None = None,
) -> Evidence:  # fmt: skip
    """Evidence of an article that consists of the sentence `text`."""
    whole = Article(article, text, source=source or f"Kabar {article}", published=published, language=language)
    sentence = Span(0, len(text))
    at = text.index(answer) if answer else 0
    span = Span(at, at + len(answer)) if answer else sentence
    passage = Passage(whole, Chunk(article, 0, len(text), (sentence,)), origin or article, 1.0, 0.9)
    return Evidence(passage, sentence, span, probability)
