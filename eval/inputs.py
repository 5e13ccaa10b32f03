"""Question sets of any known form -> cases: our own, SQuAD and its kin, CSV, RAMDocs, NoMIRACL.

| form | recognised by | becomes |
|---|---|---|
| cases | `questions` in a row of .jsonl | as it is |
| SQuAD 1 and 2, nested .json or a question a row | `data`, or `context` and `question` | a case for each context; no answer: unanswerable |
| CSV | .csv with `question` (`pertanyaan`) and `answer` (`jawaban`) | questions for an index that is named; wordings parted by |, none: unanswerable |
| RAMDocs (Wang et al. 2025) | `documents` and `question` | sides: the answers that documents of type correct or misinfo give; two or more: conflict |
| NoMIRACL (Thakur et al. 2024) | `positive_passages` and `query` | answer, right where a positive passage is cited; none: unanswerable |

A row that is none of these, or is broken, is named and left out, and so is a faulty article or question of a case.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.cases import (
    MALFORMED,
    Case,
    Expect,
    GoldQuestion,
    GoldSide,
    cleaned,
    normalise,
    parse_case,
    question_problems,
    reason,
)
from index.language import article_language, question_language
from index.sentences import split_sentences
from index.types import Article, SilangError, Skipped, Text

Row = Mapping[str, Any]
SETS = Path(__file__).parent / "sets"
# What the columns of a table may be called.
QUESTION = ("question", "pertanyaan")
ANSWER = ("answer", "expected answer", "expected", "jawaban")
UNKNOWN = frozenset({"", "unknown", "n/a", "none"})  # what RAMDocs writes where a document gives no answer


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The cases of a file, and what was left out of it and why; `name` is of a bundled set its own, else the path."""

    name: str
    cases: tuple[Case, ...]
    skipped: tuple[Skipped, ...]


def read_set(path: Path) -> QuestionSet:
    """Read a question set; raises SilangError when the file cannot be read or holds no question.

    The name of a bundled set (`sample`, `events`, `english`, `typed`, `short`) will do for a path.
    """
    bundled = SETS / f"{path}.jsonl"
    path = bundled if not path.is_file() and len(path.parts) == 1 and bundled.is_file() else path
    merged: dict[str, Case] = {}
    native: set[str] = set()  # names of those that came in the case format
    skipped: list[Skipped] = []
    for where, row in _rows(path):
        try:
            if isinstance(row, SilangError):
                raise row
            case, faults = _case(cleaned(row), path.stem)
        except MALFORMED as error:
            skipped.append(_left_out(where, reason(error)))
            continue
        skipped += (_left_out(where, fault) for fault in faults)
        held = merged.get(case.name)
        if held is not None and "questions" not in row:  # one case, whose questions are drawn together by the bootstrap
            articles = {article.id: article for article in (*held.articles, *case.articles)}
            case = replace(held, articles=tuple(articles.values()), questions=(*held.questions, *case.questions))
        if "questions" in row:
            case = replace(case, name=case.name if held is None else f"{case.name} {len(merged)}")
            native.add(case.name)
        merged[case.name] = case
    cases, wrong = _sound([*merged.values()], native)
    skipped += wrong
    if not any(case.questions for case in cases):
        en, id = (f" ({skipped[0].where}: {skipped[0].why.say(code)})" if skipped else "" for code in ("en", "id"))
        raise SilangError(
            f"{path} holds no question{en}: the README shows the forms that are read",
            f"{path} tidak memuat pertanyaan{id}: bentuk yang dibaca ada di README",
        )
    name = path.stem if path.resolve().parent == SETS.resolve() else str(path)
    return QuestionSet(name, tuple(cases), tuple(skipped))


def _sound(cases: Sequence[Case], native: Collection[str]) -> tuple[list[Case], list[Skipped]]:
    """Leave out articles and questions whose id was used before, and questions in the case format that are faulty."""
    texts: dict[str, str] = {}
    asked: set[str] = set()
    sound: list[Case] = []
    wrong: list[Skipped] = []
    for case in cases:
        fresh = []
        for article in case.articles:
            if texts.get(article.id, article.text) != article.text:
                wrong.append(_left_out(article.id, Text("another article has this id", "artikel lain memakai id ini")))
                continue
            fresh.append(article)
            texts[article.id] = article.text
        sound.append(replace(case, articles=tuple(fresh)))
    for n, case in enumerate(sound):
        questions = []
        for question in case.questions:
            what = next(question_problems(question, texts), None) if case.name in native else None
            if question.id in asked or what:
                twice = Text("another question has this id", "pertanyaan lain memakai id ini")
                wrong.append(_left_out(question.id, what or twice))
                continue
            asked.add(question.id)
            questions.append(question)
        sound[n] = replace(case, questions=tuple(questions))
    return sound, wrong


def _left_out(where: str, what: Text) -> Skipped:
    return Skipped(where, Text(f"{what.en}: mend the row", f"{what.id}: perbaiki baris itu"))


def _rows(path: Path) -> Iterator[tuple[str, Row | SilangError]]:
    """Yield (where, row) of a file; a line that cannot be decoded comes as an empty row, which is no form."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SilangError(
            f"the question set {path} cannot be read ({error}): give a .jsonl, .json or .csv in UTF-8",
            f"set pertanyaan {path} tidak bisa dibaca ({error}): berikan .jsonl, .json atau .csv dalam UTF-8",
        ) from error
    if path.suffix.lower() == ".csv":
        yield from _csv_rows(path, text)
        return
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict) and "data" in whole:
        yield from ((f"{path}: {name}", row) for name, row in _nested(whole["data"]))
        return
    if isinstance(whole, dict):
        yield str(path), whole
        return
    if isinstance(whole, list):
        yield from ((f"{path}[{number}]", row if isinstance(row, dict) else {}) for number, row in enumerate(whole))
        return
    # Not splitlines: it also parts at characters that JSON may hold.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", _decoded(line)


def _csv_rows(path: Path, text: str) -> Iterator[tuple[str, Row | SilangError]]:
    """Yield (where, row) of a table, parted by commas, semicolons or tabs; one that cannot be read comes with the reason.

    Raises SilangError where no column is for questions, or none for answers.
    """
    told = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)  # a first line by which Excel knows what parts the cells
    text = text[told.end() :] if told else text
    delimiter = told[1] if told else max(",;\t", key=text.partition("\n")[0].count)
    # Strict, for a quotation mark left open is to be told.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns, number = list[str](), 0
    while True:
        where = f"{path}:{rows.line_num + (2 if told else 1)}"  # where the row begins
        try:
            cells = next(rows, None)
        except csv.Error as error:
            number += 1
            yield where, SilangError(f"the row cannot be read ({error})", f"baris ini tidak bisa dibaca ({error})")
            continue
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = [cell.strip().lower() for cell in cells]
            read = {"id": "id", "question": _column(path, columns, QUESTION), "answer": _column(path, columns, ANSWER)}
            continue
        number += 1
        named = dict(zip(columns, cells, strict=False))
        problem = _miscounted(cells, columns, {read["question"], read["answer"]} <= named.keys(), delimiter)
        yield where, problem or {"csv": number, **{key: named.get(name) for key, name in read.items()}}


def _miscounted(cells: Sequence[str], columns: Sequence[str], enough: bool, delimiter: str) -> SilangError | None:
    """Return what is wrong with a row that has cells beyond its columns, or not enough of them."""
    en, id = f"{len(cells)} cells for {len(columns)} columns", f"{len(cells)} sel untuk {len(columns)} kolom"
    if any(cell.strip() for cell in cells[len(columns) :]):
        return SilangError(
            f"{en}, and a cell that holds {delimiter!r} needs quotation marks",
            f"{id}, dan sel yang memuat {delimiter!r} perlu tanda kutip",
        )
    if not enough:
        return SilangError(
            f"{en}, and an empty cell needs its {delimiter!r} too", f"{id}, dan sel kosong pun perlu {delimiter!r}"
        )
    return None


def _column(path: Path, columns: Sequence[str], names: Sequence[str]) -> str:
    """Return by which of the accepted names a column of a table goes."""
    found, wanted = ", ".join(columns), ", ".join(names)
    for name in names:
        if name in columns:
            return name
    raise SilangError(
        f"{path}: no column is named {wanted} (found: {found}): name one so in the first line",
        f"{path}: tidak ada kolom bernama {wanted} (yang ada: {found}): beri nama itu di baris pertama",
    )


def _decoded(line: str) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    return row if isinstance(row, dict) else {}


def _nested(data: Any) -> Iterator[tuple[str, Row]]:
    """Yield (id, row) of each question of nested SQuAD; what has another form comes as it is, to be named."""
    for document in data if isinstance(data, list) else [data]:
        paragraphs = document.get("paragraphs") if isinstance(document, dict) else None
        if not isinstance(paragraphs, list):
            yield "data", document if isinstance(document, dict) else {}
            continue
        for paragraph in paragraphs:
            if not isinstance(paragraph, dict):
                yield "data", {}
                continue
            given = {"title": document.get("title"), "context": paragraph.get("context")}
            questions = paragraph.get("qas")
            for asked in questions if isinstance(questions, list) and questions else [{}]:
                yield (str(asked.get("id")), {**given, **asked}) if isinstance(asked, dict) else ("data", {})


def _case(row: Row, name: str) -> tuple[Case, Sequence[Text]]:
    """Return the case of a row, and what is wrong with those of its articles and questions that are left out."""
    if "questions" in row:
        return parse_case(row)
    forms: tuple[tuple[str, Callable[[Row, str], Case]], ...] = (
        ("csv", _csv), ("context", _squad), ("documents", _ramdocs), ("positive_passages", _nomiracl),
    )  # fmt: skip
    for key, read in forms:
        if key in row:
            return read(row, name), ()
    raise SilangError("not a row of any form that is read", "bukan baris dari bentuk yang dibaca")


def _question(name: str, text: str, expect: Expect, kind: str, sides: tuple[GoldSide, ...]) -> GoldQuestion:
    if not text.strip():
        raise SilangError("the question is empty", "pertanyaannya kosong")
    return GoldQuestion(name, question_language(text, ("id", "en")), text, expect, kind, sides)


def _article(text: str, title: Any = None) -> Article:
    name = f"passage-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return Article(name, text, title=str(title) if title else None, language=article_language(text))


def _sentence(text: str, at: int) -> str:
    """The sentence of a text that holds a place in it."""
    return next((span.of(text) for span in split_sentences(text) if span.start <= at < span.end), text)


def _csv(row: Row, name: str) -> Case:
    wordings = tuple(w.strip() for w in row["answer"].split("|") if w.strip())
    if not all(map(normalise, wordings)):
        raise SilangError(
            f"the answer {row['answer']!r:.60} has no letter or digit; an empty cell is for what nothing answers",
            f"jawaban {row['answer']!r:.60} tanpa huruf atau angka; sel kosong untuk yang tidak terjawab",
        )
    sides = (GoldSide(wordings, ()),) if wordings else ()
    number = f"{name}/{row['csv']}"
    asked = _question(row["id"] or number, row["question"], "answer" if sides else "unanswerable", "csv", sides)
    return Case(number, (), (asked,))


def _squad(row: Row, name: str) -> Case:
    article, answers = _article(row["context"], row.get("title")), row["answers"]
    if isinstance(answers, dict):  # columns, as some libraries store them
        answers = [{"text": t, "start": s} for t, s in zip(answers["text"], answers["answer_start"], strict=True)]
    if row.get("is_impossible"):
        answers = []
    quotes = {(article.id, _sentence(article.text, a.get("start", a.get("answer_start")))): None for a in answers}
    sides = (GoldSide(tuple(dict.fromkeys(a["text"] for a in answers)), tuple(quotes)),) if answers else ()
    asked = _question(str(row["id"]), row["question"], "answer" if sides else "unanswerable", "reading", sides)
    return Case(article.id, (article,), (asked,))


def _ramdocs(row: Row, name: str) -> Case:
    key = hashlib.sha256(row["question"].encode()).hexdigest()[:12]
    articles, sides, types = [], dict[str, tuple[str, list[tuple[str, str]]]](), set()
    for document in row["documents"]:
        article, answer = _article(document["text"]), str(document.get("answer") or "")
        articles.append(article)
        if document["type"] in ("correct", "misinfo") and answer.lower() not in UNKNOWN:
            types.add(document["type"])
            at = article.text.lower().find(answer.lower())
            side = sides.setdefault(normalise(answer), (answer, []))
            side[1].append((article.id, _sentence(article.text, max(at, 0))))
    gold = tuple(GoldSide((answer,), tuple(evidence)) for answer, evidence in sides.values())
    expect: Expect = "conflict" if len(gold) > 1 else "answer" if gold else "unanswerable"
    kind = "event" if types == {"correct"} else "other"
    asked = _question(str(row.get("id", key)), row["question"], expect, kind, gold)
    return Case(f"{name}/{key}", tuple({a.id: a for a in articles}.values()), (asked,))


def _nomiracl(row: Row, name: str) -> Case:
    positive, negative = (
        [_article(p["text"], p.get("title")) for p in row.get(key, ())]
        for key in ("positive_passages", "negative_passages")
    )
    evidence = tuple((article.id, article.text) for article in positive)
    sides = (GoldSide((), evidence),) if evidence else ()
    asked = _question(str(row["query_id"]), row["query"], "answer" if sides else "unanswerable", "retrieval", sides)
    return Case(f"{name}/{row['query_id']}", tuple({a.id: a for a in (*positive, *negative)}.values()), (asked,))
