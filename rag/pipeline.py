"""The whole path of one question: retrieve, read, compare, decide, cite, write."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal, TypeVar

from index.build import check_model
from index.encoder import Encoder, SentenceTransformerEncoder
from index.folder import StoreFolder
from index.language import question_language, reply_language
from index.store import Store
from index.types import Filters, SilangError
from rag.cite import cite, cite_sides
from rag.company import settle
from rag.compare import Judge, compare_evidence, conflict_kind
from rag.decide import TUNED, Relate, Thresholds, decide, lookup, sources
from rag.gather import gather
from rag.huggingface import TransformersJudge, TransformersReader
from rag.judge import LearnedJudge
from rag.question import analyse, check_question
from rag.read import Reader
from rag.reader import ExtractiveReader
from rag.retrieve import retrieve
from rag.timing import Clock
from rag.types import Answer, Citation, Conflict, Decision, Evidence, Passage, Question, Status
from rag.write import TemplateWriter, Writer, spoken_filters

Result = TypeVar("Result")
RELATED = 3  # nearest excerpts shown where nothing answers


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a question before anything is decided: its passages, and voices with their verdicts.

    `text` is the question as it was typed. `answerable` is the probability that anything of it answers; `clock` has timed
    what was done so far.
    """

    text: str
    question: Question
    passages: list[Passage]
    answerable: float
    voices: list[Evidence]
    relate: Relate
    clock: Clock
    filters: Filters | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of answering that begins, with what it works on as far as that is known."""

    stage: Literal["search", "read", "compare"]
    passages: int = 0
    articles: int = 0
    sources: int = 0


@dataclass(slots=True)
class Silang:
    """Answers questions from one store folder; follows the folder to each new generation.

    Reader, judge and writer are replaceable behind their protocols. Safe to call from several threads.
    """

    folder: StoreFolder
    encoder: Encoder
    reader: Reader
    judge: Judge
    writer: Writer = field(default_factory=TemplateWriter)

    @classmethod
    def with_defaults(
        cls, folder: StoreFolder, encoder: SentenceTransformerEncoder, reader: str = "", judge: str = ""
    ) -> Silang:
        """The bundled reader and judge, sharing the encoder's word embeddings where it runs on the bundled backbone.

        `reader` and `judge` name others, as in `rag.huggingface`.
        """
        shared = encoder.embeddings
        reads: Reader
        if reader:
            reads = TransformersReader(reader)
        else:
            reads = ExtractiveReader(embeddings=shared)
            shared = reads.embeddings
        return cls(folder, encoder, reads, TransformersJudge(judge) if judge else LearnedJudge(embeddings=shared))

    def ask(self, text: str, filters: Filters | None = None) -> Answer:
        """Answer one question; raises SilangError when it cannot be asked or the store cannot be read."""
        return _last(self.steps(text, filters))

    def steps(self, text: str, filters: Filters | None = None) -> Generator[Step, None, Answer]:
        """As `ask`, step by step: yields each step as it begins, and returns the answer."""
        found = yield from self._finding(text, filters)
        return self.conclude(found)

    def find(self, text: str, filters: Filters | None = None) -> Findings:
        """Retrieve, read and compare; nothing is decided yet."""
        return _last(self._finding(text, filters))

    def _finding(self, text: str, filters: Filters | None) -> Generator[Step, None, Findings]:
        clock = Clock()
        yield Step("search")
        with clock("open"):
            store = self.folder.current()
            check_model(store, self.encoder, self.folder.path)
            check_filters(store, filters)
        with clock("analyse"):
            question = analyse(text, store)
        with clock("embed"):
            vector = self.encoder.query(question.text)
        with clock("retrieve"):
            passages = retrieve(store, vector, question, filters)
        yield Step("read", passages=len(passages), articles=len({p.article.id for p in passages}))
        with clock("read"):
            evidence = self.reader.read(question, gather(passages))
        with clock("weigh"):
            evidence = self.judge.weigh(question, evidence)
        voices = sources(evidence)
        if len(voices) > 1:
            yield Step("compare", sources=len(voices))
        with clock("compare"):
            verdicts = compare_evidence(question, list(combinations(voices, 2)), self.judge)
            voices, verdicts, answerable = settle(voices, verdicts, self.judge.company)
            relate = lookup(voices, verdicts)
            voices.sort(key=lambda voice: -voice.probability)
        if not voices:
            answerable = max((e.probability for e in evidence), default=0.0)
        return Findings(check_question(text), question, passages, answerable, voices, relate, clock, filters)

    def conclude(self, found: Findings, thresholds: Thresholds = TUNED) -> Answer:
        """Decide, cite and write."""
        with found.clock("decide"):
            decision = decide(
                found.voices, found.relate, thresholds, found.answerable, conflict_kind(found.question.asks)
            )
            language = reply_language(found.question.language)
            answer = self._answer(found.text, language, decision, found.passages, found.filters)
        return replace(answer, timings_ms=found.clock.stages())

    def reply(self, text: str, filters: Filters | None = None) -> Answer:
        """As `ask`, but a question that cannot be asked gets an answer that says why instead of an exception.

        So does one whose filters leave no article to search.
        """
        store = self.folder.current()
        try:
            check_question(text)
            check_filters(store, filters)
        except SilangError as error:
            language = reply_language(question_language(text, store.languages()))
            return Answer(text, language, "not_found", error.say(language), timings_ms={"total": 0.0})
        return self.ask(text, filters)

    def _answer(
        self, text: str, language: str, decision: Decision, passages: list[Passage], filters: Filters | None
    ) -> Answer:
        sides, citations = cite_sides(decision.sides)
        # A side that lost its citation must not turn a conflict into the answer of the other: nothing is said then.
        status: Status = decision.status if len(sides) == len(decision.sides) else "not_found"
        sides, citations = (sides, citations) if status != "not_found" else ((), ())
        related: tuple[Citation, ...] = ()
        if status == "not_found":
            related = tuple(cite(p.article, p.chunk.span, n) for n, p in enumerate(passages[:RELATED], 1))
        kind = decision.kind if status == "conflict" else None
        reply = self.writer.reply(status, language, sides, citations or related, kind, filters)
        conflict = Conflict(kind, self.writer.statement(kind, language)) if kind else None
        return Answer(text, language, status, reply, sides, citations, conflict, related)


def check_filters(store: Store, filters: Filters | None) -> None:
    """Raise SilangError where filters leave no article: that nothing was searched says nothing of what the articles hold."""
    if filters and not store.count(filters):
        raise SilangError(
            f"no article is left by the filters ({spoken_filters(filters, 'en')}): write names exactly as the articles "
            "state them, or leave a filter out",
            f"tidak ada artikel yang tersisa menurut saringan ({spoken_filters(filters, 'id')}): tulis nama persis seperti "
            "di artikel, atau lepaskan satu saringan",
        )


def _last(steps: Generator[Step, None, Result]) -> Result:
    """Run through the steps and return what they end with."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
