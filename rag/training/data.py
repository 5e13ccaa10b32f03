"""Training files -> examples for the reader: a question, a passage under its header, and where it is answered."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tqdm import tqdm

from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.sentences import split_sentences
from index.types import Article, SilangError
from rag.gather import gather
from rag.header import header_line
from rag.phrasing import bare
from rag.question import analyse
from rag.reader import ExtractiveReader, question_beside
from rag.retrieve import PASSAGES, retrieve
from rag.types import Passage, Question
from rag.wording import find_wording

# What cases are for: the first two train both models, "held" sets the calibration and the thresholds, and nothing learns
# from it.
CaseSet = Literal["train", "more", "held"]
# "claim" holds single sentences that answer or seem to; "evidence" sentences all of which answer; "beside" news and
# sentences that are read beside what another source answers.
Pool = Literal["wiki", "translated", "news", "claim", "evidence", "beside"]
OWN = Path(__file__).parent / "sets"  # training data written for this project, of which no package is made
SEED = 7  # of what is drawn while examples are made
MINED = 10  # passages retrieved for a question to take examples from
PREMISE = 40  # words of a premise that is read: all of it answers, and no longer answer is ever given
FAR = 1  # articles of another event kept for a question, in the order of retrieval
FAR_GENERAL = 3  # the same of a question that is on no event; no other was tried
GENERAL = "general"  # the case of such questions
# Share of the articles of a question of which is read no more than what was retrieved first, for long ones are read in
# part; no other was tried.
NARROW = 1 / 7
# Share of the questions whose articles are read beside another source's answer, and the same where they are single
# sentences (where most are in English, which is rare, all of them are); then the share, where one answers and another does
# not, in which it is the latter's words that stand beside. No others were tried.
BESIDE_NEWS = 0.4
BESIDE_SENTENCES = 0.2
MISLED = 0.1
# A bare "yes" or "no" is never the span: the words that settle the question are.
BARE = frozenset("ya tidak yes no bukan belum sudah benar".split())


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


def mostly_english(languages: Sequence[str]) -> bool:
    """Whether more than half of these languages are English, which is rare in what is learnt from."""
    return 2 * languages.count("en") > len(languages)


def beside_examples(examples: Sequence[Example], reader: ExtractiveReader, seed: int = SEED) -> Iterator[Example]:
    """Yield examples under what another source answers: what is marked in it, else what the reader takes for it.

    The surest source is seldom wrong where there is an answer, and always where there is none; both are to be learnt.
    """
    draw = random.Random(seed)
    asked: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        asked.setdefault((example.question, example.id), []).append(example)
    several = [seen for _, seen in sorted(asked.items()) if len(seen) > 1]
    for seen in tqdm(several, desc="questions read beside an answer", unit="question"):
        share = BESIDE_NEWS if seen[0].pool == "news" else BESIDE_SENTENCES
        if mostly_english([e.language for e in seen]) or draw.random() < share:
            yield from _beside(seen, reader, draw)


def _beside(seen: Sequence[Example], reader: ExtractiveReader, draw: random.Random) -> Iterator[Example]:
    """Yield what was seen for one question, each beside the answer of another."""
    ends = [[s.end for s in split_sentences(e.passage)] for e in seen]
    silent = [i for i, e in enumerate(seen) if not e.spans]
    read = reader.score(
        seen[0].question,
        [seen[i].header for i in silent],
        [seen[i].passage for i in silent],
        [ends[i] for i in silent],
    )
    taken = sorted(((i, s[0]) for i, s in zip(silent, read, strict=True) if s), key=lambda t: -t[1].logit)
    for n, example in enumerate(seen):
        answering = [i for i, e in enumerate(seen) if e.spans and i != n]
        wrong = [(i, score) for i, score in taken if i != n]
        if answering and not (wrong and draw.random() < MISLED):
            i = draw.choice(answering)
            start, end = draw.choice(seen[i].spans)
        elif wrong:
            i, score = wrong[0]
            start, end = score.start, score.end
        else:
            continue
        told = question_beside(example.question, seen[i].header, seen[i].passage, ends[i], start, end)
        yield replace(example, question=told, pool="beside")


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


def cases(*names: CaseSet) -> list[dict[str, Any]]:
    """Return our own cases of these sets; some of their questions are asked again, in the other language or as people type.

    With those that are learnt from come their short questions, and a last case without articles that has the general ones,
    which nothing answers.
    """
    rows = [row for name in names for row in read_rows(*own(f"cases_{name}.jsonl"))]
    again: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for name in ("across", "typed"):
        for other in read_rows(*own(f"{name}.jsonl")):
            again.setdefault(other["of"], []).append((name, other))
    short: dict[str, list[dict[str, Any]]] = {}
    for n, asked in enumerate(read_rows(*own("short.jsonl"))):
        case = asked["case"] or GENERAL
        short.setdefault(case, []).append(
            {**asked, "id": f"{case}/short{n}", "as": "short", "question": bare(asked["question"])}
        )
    general = {"case": GENERAL, "articles": [], "questions": []}
    rows += [general] if {"train", "more"} & set(names) else []
    for row in rows:
        row["questions"] += [
            {
                **q,
                "id": f"{q['id']}-{name}",
                "as": name,
                "language": other["language"],
                "question": bare(other["question"]),
            }
            for q in row["questions"]
            for name, other in again.get(q["id"], ())
        ] + short.get(row["case"], [])
    return rows
