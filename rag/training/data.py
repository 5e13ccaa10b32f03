"""Training files -> examples for the reader: a question, a passage under its header, and where it is answered."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import Article
from rag.question import analyse
from rag.reader import header_line
from rag.retrieve import PASSAGES, retrieve
from rag.types import Passage, Question

Pool = Literal["wiki", "news"]
MINED = 12  # passages retrieved for a question to take examples from
NEGATIVES = 5  # passages without the answer kept for a question, in the order of retrieval
FAR = 1  # of these, at most so many of another event
HELD_OUT = 0.1  # share of the training cases kept for calibration
# A bare "yes" or "no" is never the span: the words that settle the question are.
BARE = frozenset("ya tidak yes no bukan belum sudah benar".split())


@dataclass(frozen=True, slots=True)
class Example:
    """One question on one passage; `spans` are accepted (start, end) in `passage`, empty where it does not answer.

    `case` names the event of an example made of cases (else ""), `answers` its accepted wordings.
    """

    question: str
    header: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    pool: Pool
    case: str = ""
    id: str = ""
    answers: tuple[str, ...] = ()


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


def question_answering(path: Path) -> Iterator[Example]:
    """Yield the examples of a file of qa/."""
    for row in read_rows(path):
        spans = tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
        wordings = tuple(a["text"] for a in row["answers"])
        if all(row["context"][s:e] == w for (s, e), w in zip(spans, wordings, strict=True)):
            yield Example(row["question"], "", row["context"], spans, "wiki", id=row["id"], answers=wordings)


def reading(path: Path) -> Iterator[Example]:
    """Yield the examples of reading_news.jsonl."""
    for row in read_rows(path):
        article = Article(row["id"], row["passage"], row["title"], row["source"], row["published"], row["language"])
        for asked in row["questions"]:
            found = (find_wording(wording, row["passage"]) for wording in asked["answers"])
            spans = tuple(dict.fromkeys(span for span in found if span))
            if spans or not asked["answers"]:
                yield Example(asked["question"], header_line(article), row["passage"], spans, "news", id=row["id"])


def retrieved(
    rows: Sequence[dict[str, Any]], limit: int = PASSAGES
) -> Iterator[tuple[dict[str, Any], dict[str, Any], Question, list[Passage]]]:
    """Index the cases' articles in a throw-away store; yield (case, question as given, as analysed, its passages)."""
    encoder = SentenceTransformerEncoder()
    articles = [
        Article(a["id"], a["text"], a["title"], a["source"], a["published"], a["language"])
        for row in rows
        for a in row["articles"]
    ]
    with TemporaryDirectory(prefix="silang-train-") as folder:
        store_folder = StoreFolder(folder)
        build_index(store_folder, articles, encoder)
        store = store_folder.current()
        for row in rows:
            for asked in row["questions"]:
                question = analyse(asked["question"], store)
                stems = question.stems
                yield row, asked, question, retrieve(store, encoder.query(question.text), stems, limit=limit)


def cases(rows: Sequence[dict[str, Any]]) -> Iterator[Example]:
    """Yield what retrieval brings up for every question of the cases, labelled."""
    for row, asked, _, passages in retrieved(rows, MINED):
        yield from label(row["case"], asked, {a["id"] for a in row["articles"]}, passages)


def label(case: str, asked: dict[str, Any], own: set[str], passages: Sequence[Passage]) -> Iterator[Example]:
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
        yield Example(asked["question"], header_line(article), text, spans, "news", case, asked["id"], answers)


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


def split_cases(path: Path, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (cases to train on, cases held out for calibration), the same for the same seed."""
    rows = sorted(read_rows(path), key=lambda row: str(row["case"]))
    random.Random(seed).shuffle(rows)
    held = round(len(rows) * HELD_OUT)
    return rows[held:], rows[:held]
