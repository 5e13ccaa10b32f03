"""Training files -> examples for the reader: a question, a passage under its header, and where it is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from tqdm import tqdm

from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import Article
from rag.header import header_line
from rag.question import analyse
from rag.retrieve import PASSAGES, retrieve
from rag.types import Passage, Question

# What cases are for: the first two train both models, "unread" the judge alone, on what the reader finds in articles that
# it has not learnt from; "held" sets the calibration and the thresholds, and nothing learns from it.
CaseSet = Literal["train", "more", "unread", "held"]
# "claim" holds single sentences that answer or seem to; "evidence" sentences all of which answer.
Pool = Literal["wiki", "translated", "news", "claim", "evidence"]
OWN = Path(__file__).parent / "sets"  # training data written for this project
MINED = 10  # passages retrieved for a question to take examples from
NEGATIVES = 3  # passages without the answer kept for a question, in the order of retrieval
FAR = 1  # of these, at most so many of another event
# A bare "yes" or "no" is never the span: the words that settle the question are.
BARE = frozenset("ya tidak yes no bukan belum sudah benar".split())


@dataclass(frozen=True, slots=True)
class Example:
    """One question on one passage; `spans` are accepted (start, end) in `passage`, empty where it does not answer.

    `answers` are the accepted wordings.
    """

    question: str
    header: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    pool: Pool
    id: str = ""
    answers: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Example:
        """Return what `to_json` gave."""
        return cls(**{**row, "spans": tuple((s, e) for s, e in row["spans"]), "answers": tuple(row["answers"])})

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object of all fields."""
        return asdict(self)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Decode JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def find_wording(wording: str, text: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Return where whole words of `text[start:end]` are the wording, whatever the case and white space between."""
    pattern = r"\s+".join(re.escape(word) for word in wording.split())
    if not pattern:
        return None
    found = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE).search(text, start, len(text) if end is None else end)
    return found.span() if found else None


def question_answering(path: Path, pool: Pool = "wiki") -> Iterator[Example]:
    """Yield the examples of a file of qa/."""
    for row in read_rows(path):
        spans = tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
        wordings = tuple(a["text"] for a in row["answers"])
        if all(row["context"][s:e] == w for (s, e), w in zip(spans, wordings, strict=True)):
            yield Example(row["question"], "", row["context"], spans, pool, id=row["id"], answers=wordings)


def reading(path: Path) -> Iterator[Example]:
    """Yield the examples of reading_news.jsonl."""
    for row in read_rows(path):
        article = Article(row["id"], row["passage"], row["title"], row["source"], row["published"], row["language"])
        for asked in row["questions"]:
            found = (find_wording(wording, row["passage"]) for wording in asked["answers"])
            spans = tuple(dict.fromkeys(span for span in found if span))
            if spans or not asked["answers"]:
                yield Example(asked["question"], header_line(article), row["passage"], spans, "news", id=row["id"])


def claim_examples(path: Path) -> Iterator[Example]:
    """Yield the examples of claim sets: one sentence under its header, with what it answers and what it seems to."""
    for row in read_rows(path):
        article, start = claim_article(row)
        header = header_line(article, start)
        for asked in row["asked"]:
            span = find_wording(asked["answer"], row["text"])
            if span:
                yield Example(asked["question"], header, row["text"], (span,), "claim", id=row["id"])
        for asked in row["not_asked"]:
            yield Example(asked["question"], header, row["text"], (), "claim", id=row["id"])


def claim_article(row: dict[str, Any]) -> tuple[Article, int]:
    """Return a claim set's sentence as the end of an article that begins with its lead, and where it starts there."""
    text = f"{row['lead']} {row['text']}".lstrip()
    article = Article(row["id"], text, row["title"], row["source"], row["published"], row["language"])
    return article, len(text) - len(row["text"])


def evidence_examples(path: Path) -> Iterator[Example]:
    """Yield the examples of evidence sets: what each outlet says, and where in it the answer is, if it answers."""
    for row in read_rows(path):
        answering = {n for group in row["groups"] for n in group}
        pool: Pool = "evidence" if len(answering) == len(row["items"]) else "claim"
        for n, item in enumerate(row["items"]):
            header, span = header_line(evidence_article(row["id"], item)), find_wording(item["answer"], item["text"])
            if span:
                spans = (span,) if n in answering else ()
                yield Example(row["question"], header, item["text"], spans, pool, id=row["id"])


def evidence_article(name: str, item: dict[str, Any]) -> Article:
    """Return an item of an evidence set as an article of a sentence or two."""
    return Article(name, item["text"], item.get("title"), item["source"], item["published"], item["language"])


def case_store(folder: Path, rows: Sequence[dict[str, Any]]) -> StoreFolder:
    """Return an index of the cases' articles in `folder`; what it holds already is not embedded again."""
    articles = [
        Article(a["id"], a["text"], a["title"], a["source"], a["published"], a["language"])
        for row in rows
        for a in row["articles"]
    ]
    store = StoreFolder(folder)
    build_index(store, articles, SentenceTransformerEncoder())
    return store


def retrieved(
    rows: Sequence[dict[str, Any]], store: StoreFolder, limit: int = PASSAGES
) -> Iterator[tuple[dict[str, Any], dict[str, Any], Question, list[Passage]]]:
    """Yield (case, question as given, question as analysed, its passages) of every question of the cases."""
    encoder, current = SentenceTransformerEncoder(), store.current()
    for row in tqdm(rows, desc="questions of cases", unit="case"):
        for asked in row["questions"]:
            question = analyse(asked["question"], current)
            yield row, asked, question, retrieve(current, encoder.query(question.text), question.stems, limit=limit)


def article_ids(rows: Sequence[dict[str, Any]]) -> set[str]:
    """Return the ids of the cases' articles."""
    return {a["id"] for row in rows for a in row["articles"]}


def case_examples(rows: Sequence[dict[str, Any]], store: StoreFolder) -> Iterator[Example]:
    """Yield what retrieval brings up of the cases' own articles for every question of theirs, labelled."""
    own = article_ids(rows)
    for row, asked, _, passages in retrieved(rows, store, MINED):
        yield from label(asked, article_ids([row]), [p for p in passages if p.article.id in own])


def label(asked: dict[str, Any], own: set[str], passages: Sequence[Passage]) -> Iterator[Example]:
    """Yield retrieved passages as positives and negatives; what may answer though it is not gold is left out."""
    wordings = [w for side in asked["sides"] for w in side["answers"] if w.lower() not in BARE]
    near = far = 0
    for passage in passages:
        article, chunk = passage.article, passage.chunk
        text = article.text[chunk.start : chunk.end]
        spans = gold_spans(asked, passage)
        if spans is None:
            continue
        if not spans:
            is_far = article.id not in own
            if not is_far and any(find_wording(wording, text) for wording in wordings):
                continue
            if near + far >= NEGATIVES or (is_far and far >= FAR):
                continue
            near, far = near + (not is_far), far + is_far
        answers = tuple(w for side in asked["sides"] for w in side["answers"])
        yield Example(
            asked["question"], header_line(article, passage.chunk.start), text, spans, "news", asked["id"], answers
        )


def gold_spans(asked: dict[str, Any], passage: Passage) -> tuple[tuple[int, int], ...] | None:
    """Return the spans in the chunk that gold evidence gives: () where there is none, None where that is unclear.

    Offsets count from the start of the chunk.
    """
    chunk, text = passage.chunk, passage.article.text
    spans: dict[tuple[int, int], None] = {}
    touched = False
    for side in asked["sides"]:
        for evidence in side["evidence"]:
            at = text.find(evidence["quote"]) if evidence["article"] == passage.article.id else -1
            start, end = max(at, chunk.start), min(at + len(evidence["quote"]), chunk.end)
            if at < 0 or start >= end:
                continue
            touched = True
            usable = [wording for wording in side["answers"] if wording.lower() not in BARE]
            found = [span for wording in usable if (span := find_wording(wording, text, start, end))]
            if not found and (start, end) == (at, at + len(evidence["quote"])):
                found = [(start, end)]
            spans.update((((s - chunk.start), (e - chunk.start)), None) for s, e in found)
    return None if touched and not spans else tuple(spans)


def cases(*names: CaseSet) -> list[dict[str, Any]]:
    """Return our own cases of these sets; some of their questions are asked in the other language too."""
    rows = [row for name in names for row in read_rows(OWN / f"cases_{name}.jsonl")]
    across = {row["of"]: row for row in read_rows(OWN / "across.jsonl")}
    for row in rows:
        again = [(q, across[q["id"]]) for q in row["questions"] if q["id"] in across]
        row["questions"] += [
            {**q, "id": f"{q['id']}-{other['language']}", "language": other["language"], "question": other["question"]}
            for q, other in again
        ]
    return rows
