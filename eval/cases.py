"""Question sets: JSON Lines in the case format -> records, checked; `python -m eval.cases FILE...` validates files."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.decode import clean
from index.metadata import parse_date
from index.types import Article, SilangError, Text

Expect = Literal["answer", "conflict", "unanswerable"]
# What a row of another form makes the reading of it raise.
MALFORMED = (SilangError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
SAMPLE = Path(__file__).parent / "sets" / "sample.jsonl"
_SIDES: dict[str, tuple[int, float]] = {
    "answer": (1, 1),
    "conflict": (2, float("inf")),
    "unanswerable": (0, 0),
}


@dataclass(frozen=True, slots=True)
class GoldSide:
    """One expected answer: accepted wordings, and (article id, verbatim quote) of every article that gives it."""

    answers: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with its expected outcome: one side for `answer`, two or more for `conflict`, else none."""

    id: str
    language: str
    question: str
    expect: Expect
    kind: str
    sides: tuple[GoldSide, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One event: what outlets wrote on it, and questions; without articles the questions ask an existing store."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[GoldQuestion, ...]


def digest(cases: Sequence[Case]) -> str:
    """Return what tells one question set from another: SHA-256 of all its articles and questions."""
    return hashlib.sha256(repr(list(cases)).encode()).hexdigest()


def load_cases(path: Path) -> list[Case]:
    """Read and check a question set; raises SilangError naming the first line or question that is wrong."""
    cases = list(_read(path))
    problem = next(problems(cases), None)
    if problem:
        raise SilangError(
            f"{path}: {problem.en}; `python -m eval.cases {path}` lists all that is wrong",
            f"{path}: {problem.id}; `python -m eval.cases {path}` menampilkan semua kesalahan",
        )
    if not any(case.questions for case in cases):
        raise SilangError(
            f"{path} holds no question: each line needs `questions`, as the README shows",
            f"{path} tidak memuat pertanyaan: tiap baris perlu `questions`, seperti di README",
        )
    return cases


def _read(path: Path) -> Iterator[Case]:
    for item in _lines(path):
        if isinstance(item, SilangError):
            raise item
        yield item


def _lines(path: Path) -> Iterator[Case | SilangError]:
    """Yield the case of each line, or what is wrong with the line; raises SilangError for a file that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SilangError(
            f"the question set {path} cannot be read ({error}): give a JSONL file in UTF-8",
            f"set pertanyaan {path} tidak bisa dibaca ({error}): berikan berkas JSONL dalam UTF-8",
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield parse_case(cleaned(json.loads(line)))
        except MALFORMED as error:
            what = reason(error)
            yield SilangError(
                f"{path}:{number}: not a case ({what.en}): mend the line; the README shows the form",
                f"{path}:{number}: bukan kasus ({what.id}): perbaiki baris itu; bentuknya ada di README",
            )


def reason(error: Exception) -> Text:
    """Return what one of `MALFORMED` says of a row."""
    if isinstance(error, SilangError):
        return error.text
    if isinstance(error, KeyError):
        return Text(f"lacks {error}", f"tidak memuat {error}")
    return Text(str(error), str(error))


def cleaned(value: Any) -> Any:
    """Return decoded JSON with U+FFFD in its strings for what cannot be stored, as halves of characters that were cut."""
    if isinstance(value, dict):
        return {cleaned(key): cleaned(held) for key, held in value.items()}
    if isinstance(value, list):
        return [cleaned(held) for held in value]
    return clean(value) if isinstance(value, str) else value


def parse_case(row: dict[str, Any]) -> Case:
    """Return the case of one decoded line; raises one of `MALFORMED` where it has another form."""
    return Case(
        name=str(row.get("case", "")),
        articles=tuple(
            Article(
                id=str(a["id"]), text=str(a["text"]), title=a.get("title"), source=a.get("source"),
                published=a.get("published"), language=a.get("language"), url=a.get("url"),
            )
            for a in row.get("articles", ())
        ),
        questions=tuple(
            GoldQuestion(
                str(q["id"]), str(q["language"]), str(q["question"]), q["expect"], str(q["kind"]),
                tuple(
                    GoldSide(
                        _wordings(s["answers"]),
                        tuple((str(e["article"]), str(e["quote"])) for e in s["evidence"]),
                    )
                    for s in q["sides"]
                ),
            )
            for q in row["questions"]
        ),
    )  # fmt: skip


def _wordings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(wording, str) for wording in value):
        raise SilangError(f"answers is {value!r}, not a list of texts", f"answers berisi {value!r}, bukan daftar teks")
    return tuple(value)


def problems(cases: list[Case]) -> Iterator[Text]:
    """Yield what is wrong with a question set, a line each: ids used twice, wrong sides, evidence not verbatim."""
    texts = {a.id: a.text for case in cases for a in case.articles}
    for what, ids in (
        (Text("article", "artikel"), [a.id for case in cases for a in case.articles]),
        (Text("question", "pertanyaan"), [q.id for case in cases for q in case.questions]),
    ):
        yield from (
            Text(f"the {what.en} id {name!r} is used {times} times", f"id {what.id} {name!r} dipakai {times} kali")
            for name, times in Counter(ids).items()
            if times > 1
        )
    for article in (a for case in cases for a in case.articles):
        yield from article_problems(article)
    for question in (q for case in cases for q in case.questions):
        yield from question_problems(question, texts)


def article_problems(article: Article) -> Iterator[Text]:
    """Yield what is wrong with the metadata of one article."""
    for name in ("title", "source", "published", "language", "url"):
        value = getattr(article, name)
        if value is not None and not isinstance(value, str):
            yield Text(
                f"{article.id}: {name} is {value!r}, not text", f"{article.id}: {name} berisi {value!r}, bukan teks"
            )
        elif name == "published" and value is not None and parse_date(value) != value:
            yield Text(
                f"{article.id}: published is {value!r}, not a date as 2024-06-19",
                f"{article.id}: published berisi {value!r}, bukan tanggal seperti 2024-06-19",
            )


def question_problems(question: GoldQuestion, texts: Mapping[str, str]) -> Iterator[Text]:
    """Yield what is wrong with one question; evidence is looked up where `texts`, by article id, holds any."""
    if not isinstance(question.expect, str) or question.expect not in _SIDES:
        known = ", ".join(_SIDES)
        yield Text(
            f"{question.id}: expect is {question.expect!r}, not one of {known}",
            f"{question.id}: expect berisi {question.expect!r}, bukan salah satu dari {known}",
        )
        return
    fewest, most = _SIDES[question.expect]
    if not fewest <= len(question.sides) <= most:
        yield Text(
            f"{question.id}: {question.expect} with {len(question.sides)} sides",
            f"{question.id}: {question.expect} dengan {len(question.sides)} sisi",
        )
    for side in question.sides:
        if not side.answers or not side.evidence:
            yield Text(
                f"{question.id}: a side without answers or without evidence",
                f"{question.id}: ada sisi tanpa jawaban atau tanpa bukti",
            )
        for article_id, quote in side.evidence if texts else ():
            if article_id not in texts:
                yield Text(
                    f"{question.id}: evidence of {article_id!r}, which is not among the articles",
                    f"{question.id}: bukti dari {article_id!r}, yang tidak ada di antara artikel",
                )
            elif not quote.strip() or quote not in texts[article_id]:
                yield Text(
                    f"{question.id}: not verbatim in {article_id}: {quote!r}",
                    f"{question.id}: tidak persis ada di {article_id}: {quote!r}",
                )


def answerable_from(cases: list[Case], articles: Collection[str]) -> list[GoldQuestion]:
    """Return the questions, answered or in conflict, whose evidence is all among the given article ids."""
    return [
        question
        for case in cases
        for question in case.questions
        if question.sides and all(article in articles for side in question.sides for article, _ in side.evidence)
    ]


def main(paths: list[str]) -> int:
    """Validate files and print every problem; return 1 when there is one."""
    bad = 0
    for path in map(Path, paths):
        try:
            items = list(_lines(path))
        except SilangError as error:
            items = [error]
        found = [str(item) for item in items if isinstance(item, SilangError)]
        found += [problem.en for problem in problems([item for item in items if isinstance(item, Case)])]
        bad += len(found)
        for problem in found:
            sys.stderr.write(f"{path}: {problem}\n")
    if not paths:
        sys.stderr.write("usage: python -m eval.cases FILE...\n")
        return 2
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
