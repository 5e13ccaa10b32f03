"""The whole path of one question: retrieve, read, compare, decide, cite, write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from index.build import check_model
from index.encoder import Encoder, SentenceTransformerEncoder
from index.folder import StoreFolder
from index.language import question_language, reply_language
from index.types import Filters, SilangError
from rag.cite import cite, cite_sides
from rag.compare import Judge, PolarityJudge, compare_evidence
from rag.decide import decide
from rag.question import analyse, check_question
from rag.read import Reader
from rag.reader import ExtractiveReader
from rag.retrieve import retrieve
from rag.types import Answer, Citation, Conflict, Decision, Evidence, Passage, Status, Verdict
from rag.write import TemplateWriter, Writer

RELATED = 3  # nearest excerpts shown where nothing answers


@dataclass(slots=True)
class Silang:
    """Answers questions from one store folder; follows the folder to each new generation.

    Reader, judge and writer are replaceable behind their protocols. Safe to call from several threads.
    """

    folder: StoreFolder
    encoder: Encoder
    reader: Reader
    judge: Judge = field(default_factory=PolarityJudge)
    writer: Writer = field(default_factory=TemplateWriter)

    @classmethod
    def with_defaults(cls, folder: StoreFolder, encoder: SentenceTransformerEncoder) -> Silang:
        """The bundled reader, sharing the encoder's word embeddings where both run on the bundled backbone."""
        return cls(folder, encoder, ExtractiveReader(embeddings=encoder.embeddings))

    def ask(self, text: str, filters: Filters | None = None, question_id: str | None = None) -> Answer:
        """Answer one question; raises SilangError when it cannot be asked or the store cannot be read."""
        clock = _Clock()
        with clock("open"):
            store = self.folder.current()
            check_model(store, self.encoder, self.folder.path)
        with clock("analyse"):
            question = analyse(text, store)
        with clock("embed"):
            vector = self.encoder.query(question.text)
        with clock("retrieve"):
            passages = retrieve(store, vector, question.stems, filters)
        with clock("read"):
            evidence = self.reader.read(question, passages)
        with clock("decide"):
            decision = decide(evidence, _remembered(lambda a, b: compare_evidence(question, a, b, self.judge)))
        with clock("write"):
            answer = self._answer(question.text, reply_language(question.language), decision, passages)
        return replace(answer, id=question_id, timings_ms=clock.stages())

    def reply(self, text: str, filters: Filters | None = None, question_id: str | None = None) -> Answer:
        """As `ask`, but a question that cannot be asked gets an answer that says why instead of an exception."""
        try:
            check_question(text)
        except SilangError as error:
            language = reply_language(question_language(text, self.folder.current().languages()))
            return Answer(text, language, "not_found", error.say(language), id=question_id, timings_ms={"total": 0.0})
        return self.ask(text, filters, question_id)

    def _answer(self, text: str, language: str, decision: Decision, passages: list[Passage]) -> Answer:
        sides, citations = cite_sides(decision.sides)
        # A side that lost its citation must not turn a conflict into the answer of the other: nothing is said then.
        status: Status = decision.status if len(sides) == len(decision.sides) else "not_found"
        sides, citations = (sides, citations) if status != "not_found" else ((), ())
        related: tuple[Citation, ...] = ()
        if status == "not_found":
            related = tuple(cite(p.article, p.chunk.span, n) for n, p in enumerate(passages[:RELATED], 1))
        kind = decision.kind if status == "conflict" else None
        reply = self.writer.reply(status, language, sides, citations or related, kind)
        conflict = Conflict(kind, self.writer.statement(kind, language)) if kind else None
        return Answer(text, language, status, reply, sides, citations, conflict, related)


class _Clock:
    """Milliseconds spent in each named stage, and in all."""

    def __init__(self) -> None:
        self._begun, self._spent = time.perf_counter(), dict[str, float]()

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self._spent[stage] = 1000 * (time.perf_counter() - begun)

    def stages(self) -> dict[str, float]:
        total = 1000 * (time.perf_counter() - self._begun)
        return {stage: round(spent, 2) for stage, spent in {"total": total, **self._spent}.items()}


def _remembered(relate: Callable[[Evidence, Evidence], Verdict]) -> Callable[[Evidence, Evidence], Verdict]:
    return lru_cache(maxsize=None)(relate)
