"""Training files -> examples for the reader: a question, a passage under its header, and where it is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from index.types import Article, SilangError
from rag.header import header_line
from rag.wording import find_wording

# "claim" holds single sentences that answer or seem to; "evidence" sentences all of which answer; "beside" news and
# sentences that are read beside what another source answers.
Pool = Literal["wiki", "translated", "news", "claim", "evidence", "beside"]
OWN = Path(__file__).parent / "sets"  # training data written for this project, of which no package is made
SEED = 7  # of what is drawn while examples are made
PREMISE = 40  # words of a premise that is read: all of it answers, and no longer answer is ever given


@dataclass(frozen=True, slots=True)
class Example:
    """One question on one passage; `spans` are accepted (start, end) in `passage`, empty where it does not answer.

    `answers` are the accepted wordings, `language` is the passage's.
    """

    question: str
    header: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    pool: Pool
    id: str = ""
    answers: tuple[str, ...] = ()
    language: str = "id"

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Example:
        """Return what `to_json` gave."""
        return cls(**{**row, "spans": tuple((s, e) for s, e in row["spans"]), "answers": tuple(row["answers"])})

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object of all fields."""
        return asdict(self)


def own(pattern: str) -> list[Path]:
    """Return the files of our own data that are so named; raises SilangError where it is not installed."""
    if found := sorted(OWN.glob(pattern)):
        return found
    raise SilangError(
        f"training needs a checkout of the repository, for an installed package holds no {OWN.name}/{pattern}: "
        "clone it and run the command there",
        f"pelatihan memerlukan salinan repositori, karena paket terpasang tidak memuat {OWN.name}/{pattern}: "
        "klon lalu jalankan perintah ini di sana",
    )


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Decode JSON Lines; not splitlines, for it also parts at characters that JSON may hold."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


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
                yield Example(
                    asked["question"],
                    header_line(article),
                    row["passage"],
                    spans,
                    "news",
                    row["id"],
                    language=row["language"],
                )


def claim_examples(path: Path) -> Iterator[Example]:
    """Yield the examples of claim sets: one sentence under its header, with what it answers and what it seems to."""
    for row in read_rows(path):
        article, start = claim_article(row)
        header = header_line(article, start)
        for asked in row["asked"]:
            span = find_wording(asked["answer"], row["text"])
            if span:
                yield Example(
                    asked["question"], header, row["text"], (span,), "claim", row["id"], language=row["language"]
                )
        for asked in row["not_asked"]:
            yield Example(asked["question"], header, row["text"], (), "claim", row["id"], language=row["language"])


def inference_examples(path: Path, step: int = 1) -> Iterator[Example]:
    """Yield every `step`-th pair of a file of nli/ as a yes/no question on its premise, which answers unless it is neutral.

    What speaks of a question's matter without settling it is hard to tell from what does, and pairs of inference are that
    throughout.
    """
    for row in read_rows(path)[::step]:
        premise, asked = row["premise"].strip(), row["hypothesis"].strip().rstrip(".!?")
        if not asked or len(premise.split()) > PREMISE:
            continue
        first = asked.split()[0]
        if first not in premise or premise.startswith(first):  # a word that is capitalised within the premise is a name
            asked = asked[0].lower() + asked[1:]
        spans = ((0, len(premise)),) if row["label"] != "neutral" else ()
        yield Example(f"Apakah {asked}?", "", premise, spans, "claim")


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
                yield Example(row["question"], header, item["text"], spans, pool, row["id"], language=item["language"])


def evidence_article(name: str, item: dict[str, Any]) -> Article:
    """Return an item of an evidence set as an article of a sentence or two."""
    return Article(name, item["text"], item.get("title"), item["source"], item["published"], item["language"])
