"""Our own cases -> their questions with what retrieval brings up for each: examples for the reader, labelled."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from tqdm import tqdm

from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import Article
from rag.gather import gather
from rag.header import header_line
from rag.phrasing import bare
from rag.question import analyse
from rag.retrieve import PASSAGES, retrieve
from rag.training.data import SEED, Example, own, read_rows
from rag.types import Passage, Question
from rag.wording import find_wording

# What cases are for: the first two train both models, "held" sets the calibration and the thresholds, and nothing learns
# from it.
CaseSet = Literal["train", "more", "held"]
MINED = 10  # passages retrieved for a question to take examples from
FAR = 1  # articles of another event kept for a question, in the order of retrieval
FAR_GENERAL = 3  # the same of a question that is on no event; no other was tried
GENERAL = "general"  # the case of such questions
# Share of the articles of a question of which is read no more than what was retrieved first, for long ones are read in
# part; no other was tried.
NARROW = 1 / 7
# A bare "yes" or "no" is never the span: the words that settle the question are.
BARE = frozenset("ya tidak yes no bukan belum sudah benar".split())


def cases(*names: CaseSet) -> list[dict[str, Any]]:
    """Return our own cases of these sets; some of their questions are asked again, in the other language or as people type.

    With those that are learnt from come their short questions, and a last case without articles that has the general ones,
    which nothing answers.
    """
    rows = [row for name in names for row in read_rows(*own(f"cases_{name}.jsonl"))]
    if {"train", "more"} & set(names):
        rows.append({"case": GENERAL, "articles": [], "questions": []})
    again, short = _asked_again(), _short_questions()
    for row in rows:
        row["questions"] += [{**asked, **new} for asked in row["questions"] for new in again[asked["id"]]]
        row["questions"] += short[row["case"]]
    return rows


def _asked_again() -> defaultdict[str, list[dict[str, Any]]]:
    """Return, by the id of a question, what differs where it is asked again."""
    again = defaultdict[str, list[dict[str, Any]]](list)
    for name in ("across", "typed"):
        for row in read_rows(*own(f"{name}.jsonl")):
            asked = {"language": row["language"], "question": bare(row["question"])}
            again[row["of"]].append({"id": f"{row['of']}-{name}", "as": name, **asked})
    return again


def _short_questions() -> defaultdict[str, list[dict[str, Any]]]:
    """Return the short questions that are learnt from, by the name of their case."""
    short = defaultdict[str, list[dict[str, Any]]](list)
    for n, asked in enumerate(read_rows(*own("short.jsonl"))):
        case = asked["case"] or GENERAL
        told = {"id": f"{case}/short{n}", "as": "short", "question": bare(asked["question"])}
        short[case].append({**asked, **told})
    return short


def case_store(folder: Path, rows: Sequence[dict[str, Any]]) -> StoreFolder:
    """Return an index of the cases' articles in `folder`; what it holds already is not embedded again."""
    articles = [
        Article(a["id"], a["text"], a["title"], a["source"], a["published"], a["language"])
        for row in rows
        for a in row["articles"]
    ]
    store = StoreFolder(folder)
    with tqdm(desc="passages of cases", unit="passage") as bar:

        def shown(stage: str, done: int, total: int | None) -> None:
            if stage == "embed":
                bar.total = total
                bar.update(done - bar.n)

        build_index(store, articles, SentenceTransformerEncoder(), progress=shown)
    return store


def retrieved(
    rows: Sequence[dict[str, Any]], store: StoreFolder, limit: int = PASSAGES
) -> Iterator[tuple[dict[str, Any], dict[str, Any], Question, list[Passage]]]:
    """Yield (case, question as given, question as analysed, its passages) of every question of the cases."""
    encoder, current = SentenceTransformerEncoder(), store.current()
    for row in tqdm(rows, desc="questions of cases", unit="case"):
        for asked in row["questions"]:
            question = analyse(asked["question"], current)
            yield row, asked, question, retrieve(current, encoder.query(question.text), question, limit=limit)


def article_ids(rows: Sequence[dict[str, Any]]) -> set[str]:
    """Return the ids of the cases' articles."""
    return {a["id"] for row in rows for a in row["articles"]}


def case_examples(rows: Sequence[dict[str, Any]], store: StoreFolder) -> Iterator[Example]:
    """Yield what retrieval brings up of the cases' own articles for every question of theirs, labelled."""
    own, draw = article_ids(rows), random.Random(SEED)
    for row, asked, _, passages in retrieved(rows, store, MINED):
        first = {p.article.id: p for p in reversed(passages) if p.article.id in own}
        whole = gather([p for p in passages if p.article.id in own])
        seen = [first[p.article.id] if draw.random() < NARROW else p for p in whole]
        yield from label(asked, article_ids([row]), seen)


def label(asked: dict[str, Any], own: set[str], passages: Sequence[Passage]) -> Iterator[Example]:
    """Yield passages as positives and negatives; what may answer though it is not gold is left out."""
    wordings = [w for side in asked["sides"] for w in side["answers"] if w.lower() not in BARE]
    far = 0
    for passage in passages:
        spans = gold_spans(asked, passage)
        if spans is None:
            continue
        if not spans and passage.article.id in own and any(find_wording(w, passage.text) for w in wordings):
            continue
        if passage.article.id not in own:
            far += 1
            if far > (FAR if own else FAR_GENERAL):
                continue
        answers = tuple(w for side in asked["sides"] for w in side["answers"])
        article = passage.article
        yield Example(
            asked["question"],
            header_line(article),
            passage.text,
            spans,
            "news",
            asked["id"],
            answers,
            article.language or "id",
        )


def gold_spans(asked: dict[str, Any], passage: Passage) -> tuple[tuple[int, int], ...] | None:
    """Return the spans in the passage's text that gold evidence gives: () where there is none, None where that is unclear."""
    article, sentences = passage.article, passage.chunk.sentences
    spans: dict[tuple[int, int], None] = {}
    touched = False
    for side in asked["sides"]:
        usable = [wording for wording in side["answers"] if wording.lower() not in BARE]
        for evidence in side["evidence"]:
            at = article.text.find(evidence["quote"]) if evidence["article"] == article.id else -1
            if at < 0:
                continue
            until = at + len(evidence["quote"])
            held = [(s, end) for s, end in zip(sentences, passage.ends, strict=True) if s.start < until and at < s.end]
            touched = touched or bool(held)
            places = [
                (start, stop, end - sentence.end)
                for sentence, end in held
                for start, stop in _worded(usable, article.text, max(at, sentence.start), min(until, sentence.end))
            ]
            # Words that settle a question without being listed: all of what is quoted, as far as it is held whole.
            if not places and held and held[0][0].start <= at and until <= held[-1][0].end:
                places = [(max(at, s.start), min(until, s.end), end - s.end) for s, end in held]
            spans.update(((start + shift, stop + shift), None) for start, stop, shift in places)
    return None if touched and not spans else tuple(spans)


def _worded(wordings: Sequence[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [place for wording in wordings if (place := find_wording(wording, text, start, end))]
