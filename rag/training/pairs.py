"""Training files and what the reader finds -> pairs for the judge: two answers in their sentences, and how they relate."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

from index.folder import StoreFolder
from index.types import Article, Chunk, Span
from rag.compare import conflict_kind, typed_relation
from rag.gather import gather
from rag.judge import NLI, PairText, SideText, in_order, side_text
from rag.question import asked_type
from rag.read import Reader
from rag.training.cases import BARE, article_ids, retrieved
from rag.training.data import evidence_article, read_rows
from rag.types import ConflictKind, Evidence, Passage, Question, Relation
from rag.wording import find_wording

VOICES = 6  # sources of a question to take pairs from, the reader's surest
SILENT = 4  # pairs of a question with one side that does not answer it
MUTE = 1  # pairs of a question with two such sides
UNCLEAR = -1  # in place of the number of a side: it words an answer but is not marked, or is marked and words another
_KIND: Mapping[str, ConflictKind] = {
    "unit": "number", "quantity-of-list": "number", "number-format": "number", "weekday": "date", "date-format": "date",
    "different-events": "event", **{name: name for name in get_args(ConflictKind)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairExample:
    """What the judge is to read, and the labels that this row has.

    Two answers have `relation`, and `kind` where they conflict; premise and hypothesis `nli`.
    """

    text: PairText
    relation: Relation | None = None
    kind: ConflictKind | None = None
    nli: str | None = None

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> PairExample:
        """Return what `to_json` gave."""
        text = row["text"]
        sides = {name: SideText(**text[name]) for name in ("a", "b")}
        return cls(**{**row, "text": PairText(**{**text, **sides})})

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object of all fields."""
        return asdict(self)


def inference(path: Path) -> Iterator[PairExample]:
    """Yield the examples of a file of nli/: premise and hypothesis, under no question."""
    for row in read_rows(path):
        if row["label"] in NLI:
            sides = (SideText("", "", row["premise"]), SideText("", "", row["hypothesis"]))
            yield PairExample(PairText("", None, *sides), nli=row["label"])


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """A question of a case with its gold evidence and its sides' numbers, and what the reader finds, surest first."""

    asked: dict[str, Any]
    question: Question
    gold: list[tuple[int, Evidence]]
    evidence: list[Evidence]


def case_evidence(rows: Sequence[dict[str, Any]], store: StoreFolder, reader: Reader) -> Iterator[CaseEvidence]:
    """Yield what the reader finds in the rows' articles for each of their questions."""
    own = article_ids(rows)
    for row, asked, question, passages in retrieved(rows, store):
        evidence = reader.read(question, gather([p for p in passages if p.article.id in own]))
        yield CaseEvidence(asked, question, list(_gold(row, asked)), evidence)


def evidence_pairs(path: Path) -> Iterator[PairExample]:
    """Yield the pairs of evidence sets: of one group the same or compatible, as the set says; across groups a conflict.

    An item of no group does not answer: it is unrelated to the others. Of two such items `MUTE` pairs are taken.
    """
    for row in read_rows(path):
        question, items = set_items(row)
        group = {n: g for g, members in enumerate(row["groups"]) for n in members}
        pairs = list(combinations(range(len(items)), 2))
        mute = [pair for pair in pairs if not set(pair) & group.keys()]
        for i, j in (pair for pair in pairs if pair not in mute[MUTE:]):
            if not {i, j} <= group.keys():
                relation: Relation = "unrelated"
            elif group[i] != group[j]:
                relation = "incompatible"
            else:
                relation = "compatible" if row["relation"] == "compatible" else "same"
            kind = _kind(row["kind"], question) if relation == "incompatible" else None
            yield _example(question, items[i], items[j], relation, kind)


def set_items(row: dict[str, Any]) -> tuple[Question, list[Evidence]]:
    """Return the question of an evidence set and its items as evidence."""
    question = Question(row["question"], row["language"], asked_type(row["question"]), ())
    articles = [evidence_article(f"{row['id']}/{n}", item) for n, item in enumerate(row["items"])]
    whole = [Span(0, len(article.text)) for article in articles]
    return question, [
        as_evidence(article, span, [item["answer"]])
        for article, span, item in zip(articles, whole, row["items"], strict=True)
    ]


def as_evidence(article: Article, sentence: Span, wordings: Sequence[str]) -> Evidence:
    """Return a sentence of an article as evidence; its answer is the first of the wordings that is in it, or all of it."""
    places = (find_wording(w, article.text, sentence.start, sentence.end) for w in wordings)
    span = next((Span(*place) for place in places if place), sentence)
    return Evidence(Passage(article, Chunk(article.id, 0, len(article.text), (sentence,)), article.id), sentence, span, 1)  # fmt: skip


def _kind(named: str, question: Question) -> ConflictKind:
    """The kind that the data name, or else the one that goes with what is asked for."""
    return _KIND.get(named) or conflict_kind(question.asks)


def _example(
    question: Question, a: Evidence, b: Evidence, relation: Relation, kind: ConflictKind | None
) -> PairExample:
    a, b = in_order(a, b)
    return PairExample(
        PairText(question.text, typed_relation(question, a, b), side_text(a), side_text(b)), relation, kind
    )


def case_pairs(items: Iterable[CaseEvidence]) -> Iterator[PairExample]:
    """Yield the pairs of gold evidence and of what the reader finds.

    The pairs are of the surest sources of a question, whatever their probability, as far as `VOICES`, `SILENT` and
    `MUTE` go; of those that a decision compares a greater part does answer. What words the answer though it is not
    gold, or answers from gold evidence in other than the accepted words, is left out.
    """
    for item in items:
        best: dict[str, Evidence] = {}
        for evidence in item.evidence:
            best.setdefault(evidence.passage.origin, evidence)
        spoken: list[tuple[int, Evidence]] = []
        silent: list[Evidence] = []
        for evidence in list(best.values())[:VOICES]:
            side = side_of(item.asked, evidence)
            if side is None:
                silent.append(evidence)
            elif side != UNCLEAR:
                spoken.append((side, evidence))
        spoken += [(side, e) for side, e in item.gold if not any(_alike(e, other) for _, other in spoken)]
        yield from _spoken_pairs(item.asked, item.question, spoken)
        pairs = [(a, b) for b in silent for _, a in spoken if a.passage.article.id != b.passage.article.id]
        for a, b in pairs[:SILENT] + list(combinations(silent, 2))[:MUTE]:
            yield _example(item.question, a, b, "unrelated", None)


def evened(examples: Sequence[PairExample], draw: random.Random) -> list[PairExample]:
    """Return pairs with no more conflicts, under questions of each type, than pairs that agree; which, is drawn by chance.

    Cases are written for their conflicts: where two outlets both answer why, or yes or no, one in twenty or one in eight
    agrees, and a judge would learn that from the question.
    """
    agreeing = Counter(asked_type(e.text.question) for e in examples if e.relation in ("same", "compatible"))
    kept = []
    for example in draw.sample(examples, len(examples)):
        if example.relation == "incompatible":
            asks = asked_type(example.text.question)
            if not agreeing[asks]:
                continue
            agreeing[asks] -= 1
        kept.append(example)
    return kept


def gold_pairs(rows: Sequence[dict[str, Any]]) -> Iterator[PairExample]:
    """Yield the pairs of the cases' gold evidence."""
    for row in rows:
        for asked in row["questions"]:
            question = Question(asked["question"], asked["language"], asked_type(asked["question"]), ())
            yield from _spoken_pairs(asked, question, list(_gold(row, asked)))


def _spoken_pairs(
    asked: dict[str, Any], question: Question, spoken: Sequence[tuple[int, Evidence]]
) -> Iterator[PairExample]:
    for (s, a), (t, b) in combinations(spoken, 2):
        if a.passage.article.id != b.passage.article.id:
            kind = _kind(asked["kind"], question) if s != t else None
            yield _example(question, a, b, "incompatible" if kind else relation_within(asked, a, b), kind)


def relation_within(asked: dict[str, Any], a: Evidence, b: Evidence) -> Relation:
    """Return how two pieces of evidence of one side relate: the same where one accepted wording is in both, else by the question's kind."""
    for wording in asked["sides"][0]["answers"] if asked["expect"] == "answer" else ():
        if all(find_wording(wording, e.quote) for e in (a, b)):
            return "same"
    return "compatible" if asked["kind"] in ("granularity", "complementary", "reported-conflict") else "same"


def _gold(row: dict[str, Any], asked: dict[str, Any]) -> Iterator[tuple[int, Evidence]]:
    articles = {a["id"]: a for a in row["articles"]}
    for number, side in enumerate(asked["sides"]):
        for evidence in side["evidence"]:
            given = articles[evidence["article"]]
            at = given["text"].find(evidence["quote"])
            article = Article(
                given["id"], given["text"], given["title"], given["source"], given["published"], given["language"]
            )
            wordings = [w for w in side["answers"] if w.lower() not in BARE]
            yield number, as_evidence(article, Span(at, at + len(evidence["quote"])), wordings)


def side_of(asked: dict[str, Any], item: Evidence) -> int | None:
    """Return the number of the gold side that evidence gives, UNCLEAR where that is so, None where it gives none."""
    text, unclear = item.passage.article.text, False
    for number, side in enumerate(asked["sides"]):
        for evidence in side["evidence"]:
            if evidence["article"] != item.passage.article.id:
                continue
            start = text.find(evidence["quote"])
            end = start + len(evidence["quote"])
            if item.sentence.start < end and start < item.sentence.end:
                within = item.span.start < end and start < item.span.end
                usable = [w for w in side["answers"] if w.lower() not in BARE]
                worded = [w for w in usable if find_wording(w, item.answer) or find_wording(item.answer, w)]
                if within and (worded or not any(find_wording(w, text, start, end) for w in usable)):
                    return number
                unclear = True
    wordings = [w for side in asked["sides"] for w in side["answers"] if w.lower() not in BARE]
    return UNCLEAR if unclear or any(find_wording(w, item.quote) for w in wordings) else None


def _alike(a: Evidence, b: Evidence) -> bool:
    same_article = a.passage.article.id == b.passage.article.id
    return same_article and a.sentence.start < b.sentence.end and b.sentence.start < a.sentence.end
