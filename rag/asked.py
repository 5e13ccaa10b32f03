"""The typed values in a sentence that a question can be asking for."""

from __future__ import annotations

from index.types import Span
from rag.types import AnswerType, Passage, Question
from rag.values import Value, find_values
from rag.wording import find_wording

# The kinds of typed value that each kind of question asks for.
_KINDS: dict[AnswerType, frozenset[str]] = {
    "number": frozenset(
        "number ordinal score money percent length area mass volume speed temperature power magnitude duration".split()
    ),
    "duration": frozenset({"duration", "date"}),
    "date": frozenset({"date", "time"}),
    "time": frozenset({"time", "date"}),
}


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
    return [v for v in found if not find_wording(text[v.start : v.end], question.text)]
