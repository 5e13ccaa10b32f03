"""Question + passages -> evidence: the `Reader` protocol and a linear reader over features of each sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Protocol

from index.chunk import embedding_text
from index.lexical import terms
from index.types import Span
from rag.types import AnswerType, Evidence, Passage, Question
from rag.values import Value, find_values

# The kinds of typed value that each kind of question asks for.
_KINDS: dict[AnswerType, frozenset[str]] = {
    "number": frozenset(
        "number ordinal score money percent length area mass volume speed temperature power magnitude duration".split()
    ),
    "duration": frozenset({"duration", "date"}),
    "date": frozenset({"date", "time"}),
    "time": frozenset({"time", "date"}),
}
_CAUSE = re.compile(
    r"\b(?:karena|akibat|disebabkan|dipicu|lantaran|sebab|penyebab\w*|gara-gara|agar|supaya|demi|untuk|"
    r"because|due to|caused?|triggered|owing to|so that|in order to|blamed?)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:di|ke|dari|in|at|near|from|off)\s+(?:[a-z]+\s+){0,3}[A-Z]")
_NAME = re.compile(r"(?<![.!?\"“] )(?<!^)\b[A-Z][\w'’-]+(?:\s+(?:bin\s+|binti\s+)?[A-Z][\w'’-]+)*")


class Reader(Protocol):
    """Finds where passages answer a question."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        """Return candidate evidence, most probable first; probabilities are comparable across questions."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the linear reader sees of one sentence; every field lies in [0, 1] or near it."""

    cosine: float  # of the passage with the question
    behind: float  # how far the passage's cosine is behind the best one's
    sentence_overlap: float  # weighted share of the question's stems in the sentence
    context_overlap: float  # the same in title and chunk
    foreign: float  # 1 where the article's language is not the question's, so overlap says little
    typed: float  # 1 where the question asks for a typed value and the sentence has one that the question has not
    untyped: float  # 1 where the question asks for a typed value and the sentence has none
    cued: float  # 1 where the question asks for a cause, a place or a name and the sentence has the mark of one
    uncued: float  # 1 where it asks for one and the sentence has no such mark


# Fitted by logistic regression on the sentences of the training cases: `python -m eval.fit CASES_TRAIN.jsonl`.
BIAS = -11.576
WEIGHTS = Features(
    cosine=8.120,
    behind=-13.600,
    sentence_overlap=4.284,
    context_overlap=3.121,
    foreign=1.838,
    typed=0.481,
    untyped=-3.094,
    cued=-0.038,
    uncued=-1.478,
)


class SentenceReader:
    """A linear model over lexical, dense and type features of each sentence; its span is the typed value, if any."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        """Return every sentence of the passages as evidence, most probable first."""
        found = [
            Evidence(passage, sentence, answer_span(question, passage, sentence), _probability(features))
            for passage, sentence, features in sentence_features(question, passages)
        ]
        return sorted(found, key=lambda e: -e.probability)


def _probability(features: Features) -> float:
    logit = BIAS + sum(w * x for w, x in zip(astuple(WEIGHTS), astuple(features), strict=True))
    return 1 / (1 + math.exp(-logit))


def sentence_features(question: Question, passages: Sequence[Passage]) -> list[tuple[Passage, Span, Features]]:
    """Return each sentence of the passages with its features."""
    best = max((p.cosine for p in passages), default=0.0)
    rows = []
    for passage in passages:
        article = passage.article
        context = _overlap(question, embedding_text(article, passage.chunk), article.language)
        foreign = float(article.language not in (None, question.language))
        for sentence in passage.chunk.sentences:
            text = sentence.of(article.text)
            wanted = asked_values(question, passage, sentence)
            cue = _cue(question, text)
            rows.append(
                (passage, sentence, Features(
                    cosine=passage.cosine, behind=best - passage.cosine,
                    sentence_overlap=_overlap(question, text, article.language), context_overlap=context, foreign=foreign,
                    typed=float(bool(wanted)), untyped=float(question.asks in _KINDS and not wanted),
                    cued=float(cue is True), uncued=float(cue is False),
                ))
            )  # fmt: skip
    return rows


def _overlap(question: Question, text: str, language: str | None) -> float:
    total = sum(question.weights.values())
    if not total:
        return 0.0
    held = set(terms(text, language))
    return sum(weight for stem, weight in question.weights.items() if stem in held) / total


def _cue(question: Question, text: str) -> bool | None:
    """Whether the sentence bears the mark of what is asked, or None where there is no such mark to look for."""
    if question.asks == "cause":
        return _CAUSE.search(text) is not None
    if question.asks == "place":
        return _PLACE.search(text) is not None
    if question.asks == "person":
        asked = question.text.lower()
        return any(name.group().lower() not in asked for name in _NAME.finditer(text))
    return None


def asked_values(question: Question, passage: Passage, sentence: Span) -> list[Value]:
    """Return the sentence's typed values of the kind that the question asks for and does not itself name.

    Offsets of the values count from the start of the sentence.
    """
    kinds = _KINDS.get(question.asks)
    if kinds is None:
        return []
    article = passage.article
    text = sentence.of(article.text)
    found = [v for v in find_values(text, article.language or question.language, article.published) if v.kind in kinds]
    asked = question.text.lower()
    return [v for v in found if text[v.start : v.end].lower() not in asked]


def answer_span(question: Question, passage: Passage, sentence: Span) -> Span:
    """The typed value that stands nearest to the question's words, else the whole sentence."""
    values = asked_values(question, passage, sentence)
    if not values:
        return sentence
    text, language = sentence.of(passage.article.text), passage.article.language

    def nearness(value: Value) -> tuple[float, int]:
        around = set(terms(text[max(0, value.start - 40) : value.end + 40], language))
        return -sum(w for stem, w in question.weights.items() if stem in around), value.start

    best = min(values, key=nearness)
    return Span(sentence.start + best.start, sentence.start + best.end)
