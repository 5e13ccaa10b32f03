"""The records that pass between the steps of answering, and the JSON form of an answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from itertools import accumulate
from typing import Any, Literal, get_args

from index.types import Article, Chunk, Span

Status = Literal["answered", "conflict", "not_found"]
Relation = Literal["same", "compatible", "incompatible", "unrelated"]
ConflictKind = Literal[
    "number", "date", "place", "person", "cause", "polarity", "outdated", "opinion", "event", "other"
]
# What a question asks for, as far as its words tell.
AnswerType = Literal["number", "duration", "date", "time", "person", "place", "cause", "polarity", "other"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is read, its language, what it asks for, and the stems of its content."""

    text: str
    language: str
    asks: AnswerType
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of an article; `origin` is the id under which copies of one text count as one source."""

    article: Article
    chunk: Chunk
    origin: str

    @property
    def text(self) -> str:
        """What is read of it: its sentences, with a space between."""
        return " ".join(sentence.of(self.article.text) for sentence in self.chunk.sentences)

    @property
    def ends(self) -> list[int]:
        """Where its sentences end in `text`."""
        return list(accumulate((s.end - s.start for s in self.chunk.sentences), lambda end, length: end + 1 + length))

    def locate(self, start: int, end: int) -> tuple[Span, Span]:
        """Return the sentence in which [start, end) of `text` lies, and the place itself, both in article offsets."""
        ends = self.ends
        number = bisect_right(ends, start)
        sentence = self.chunk.sentences[number]
        shift = sentence.end - ends[number]
        return sentence, Span(start + shift, end + shift)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer: `span` is the answer in it, `sentence` what is quoted, both in article offsets.

    `probability` says how likely it answers the question; it is comparable across passages and questions.
    """

    passage: Passage
    sentence: Span
    span: Span
    probability: float

    @property
    def answer(self) -> str:
        """The answer as it stands in the article."""
        return self.span.of(self.passage.article.text)

    @property
    def quote(self) -> str:
        """The sentence as it stands in the article."""
        return self.sentence.of(self.passage.article.text)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pieces of evidence to be related; `values` is what their typed values say, None where that is nothing."""

    a: Evidence
    b: Evidence
    values: Relation | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two answers to one question relate: probabilities of the four relations, which add up to 1.

    "compatible": one is more precise, part of the same list or another aspect. "unrelated": one of the two does not
    answer the question, so neither supports nor denies the other. `kind` is of the conflict, if it is one. `both` is the
    probability that both answer, given all that is known of them; None where the four are all that there is.
    """

    same: float
    compatible: float
    incompatible: float
    unrelated: float
    kind: ConflictKind = "other"
    both: float | None = None

    @classmethod
    def certain(cls, relation: Relation, kind: ConflictKind = "other") -> Verdict:
        """Return the verdict that leaves no doubt."""
        shares = (float(relation == name) for name in get_args(Relation))
        return cls(next(shares), next(shares), next(shares), next(shares), kind)

    @property
    def conflict(self) -> float:
        """The probability that both answer, and incompatible things."""
        if self.both is None or self.unrelated == 1:
            return self.incompatible
        return self.both * self.incompatible / (1 - self.unrelated)

    @property
    def supports(self) -> bool:
        """Whether the two more likely go together than either conflict or have nothing to do with each other."""
        return self.same + self.compatible >= max(self.unrelated, self.incompatible)


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome before it is put in words: groups of agreeing evidence, one for `answered`, more for `conflict`."""

    status: Status
    sides: tuple[tuple[Evidence, ...], ...] = ()
    kind: ConflictKind | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim excerpt: `quote == article.text[start:end]`, numbered from 1 in an answer."""

    n: int
    article: str
    title: str | None
    source: str | None
    published: str | None
    url: str | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Side:
    """One answer and the numbers of the citations that give it."""

    answer: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the sources disagree about, in one sentence."""

    kind: ConflictKind
    statement: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question, in the form that the command line prints and the page shows."""

    question: str
    language: str
    status: Status
    text: str
    sides: tuple[Side, ...] = ()
    citations: tuple[Citation, ...] = ()
    conflict: Conflict | None = None
    related: tuple[Citation, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    id: str | float | None = None  # of a question of a batch, as it was given

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON form, keys in the documented order."""
        content = asdict(self)
        return {"id": content.pop("id"), **content}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Answer:
        """Return what `to_json` gave, of another version too; raises TypeError, KeyError or ValueError for anything else."""
        if content["status"] not in get_args(Status):
            raise ValueError(f"no status of an answer: {content['status']!r}")
        known = {field.name for field in fields(cls)}
        return cls(
            **{
                **{name: value for name, value in content.items() if name in known},
                "sides": tuple(Side(s["answer"], tuple(s["citations"])) for s in content["sides"]),
                "citations": tuple(Citation(**c) for c in content["citations"]),
                "related": tuple(Citation(**c) for c in content["related"]),
                "conflict": Conflict(**content["conflict"]) if content["conflict"] else None,
            }
        )
