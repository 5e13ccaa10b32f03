"""Question sets: JSON Lines in the case format -> records, checked; `python -m eval.cases FILE...` validates files."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, TypeVar

from index.decode import clean
from index.metadata import field, stated
from index.types import Article, SilangError, Text
from rag.wording import signed_words

Expect = Literal["answer", "conflict", "unanswerable"]
# What a row of another form makes the reading of it raise.
MALFORMED = (SilangError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
SAMPLE = Path(__file__).parent / "sets" / "sample.jsonl"
T = TypeVar("T")
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
    """Read and check a question set; raises SilangError naming the first line, article or question that is wrong."""
    cases, wrong = checked(path)
    if wrong:
        raise SilangError(
            f"{wrong[0].en}; `python -m eval.cases {path}` lists all that is wrong",
            f"{wrong[0].id}; `python -m eval.cases {path}` menampilkan semua kesalahan",
        )
    if not any(case.questions for case in cases):
        raise SilangError(
            f"{path} holds no question: each line needs `questions`, as the README shows",
            f"{path} tidak memuat pertanyaan: tiap baris perlu `questions`, seperti di README",
        )
    return cases


def checked(path: Path) -> tuple[list[Case], list[Text]]:
    """Return the cases of a file and all that is wrong with it, with its place; raises SilangError if it is unreadable."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SilangError(
            f"the question set {path} cannot be read ({error}): give a JSONL file in UTF-8",
            f"set pertanyaan {path} tidak bisa dibaca ({error}): berikan berkas JSONL dalam UTF-8",
        ) from error
    cases, wrong = list[Case](), list[Text]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case, faults = parse_case(cleaned(json.loads(line)))
        except MALFORMED as error:
            what = reason(error)
            faults = [
                Text(
                    f"not a case ({what.en}): mend the line; the README shows the form",
                    f"bukan kasus ({what.id}): perbaiki baris itu; bentuknya ada di README",
                )
            ]
        else:
            cases.append(case)
        wrong += (Text(f"{path}:{number}: {fault.en}", f"{path}:{number}: {fault.id}") for fault in faults)
    return cases, wrong + [Text(f"{path}: {problem.en}", f"{path}: {problem.id}") for problem in problems(cases)]


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


def parse_case(row: Any) -> tuple[Case, list[Text]]:
    """Return the case of one decoded line without the articles and questions that are faulty, and what is wrong with them.

    Raises SilangError where the line has no list of questions, or of articles another thing than a list.
    """
    articles = _list(row, "articles") if isinstance(row, dict) and row.get("articles") is not None else []
    read, wrong = _each(articles, _article, Text("article", "artikel"))
    asked, faulty = _each(_list(row, "questions"), _question, Text("question", "pertanyaan"))
    return Case(str(row.get("case", "")), tuple(read), tuple(asked)), [*wrong, *faulty]


def _each(items: Sequence[Any], read: Callable[[Any], T], what: Text) -> tuple[list[T], list[Text]]:
    """Read item by item; return those that can be read, and what is wrong with each of the others."""
    sound, faults = list[T](), list[Text]()
    for number, item in enumerate(items, 1):
        try:
            sound.append(read(item))
        except SilangError as error:
            name = f"{number} ({item['id']})" if isinstance(item, dict) and item.get("id") else f"{number}"
            faults.append(Text(f"{what.en} {name}: {error.text.en}", f"{what.id} {name}: {error.text.id}"))
    return sound, faults


def _article(item: Any) -> Article:
    """Return an article, its date normalised; "-" and the like are no date."""
    name, text = _text(item, "id"), _text(item, "text")
    metadata = {key: item.get(key) for key in ("title", "source", "language", "url")}
    for key, value in metadata.items():
        if value is not None and not isinstance(value, str):
            raise SilangError(f"{key} is {value!r:.60}, not text", f"{key} berisi {value!r:.60}, bukan teks")
    given = field({"published": item.get("published")}, "published")
    published = stated({"published": given, "language": metadata["language"]}, text).published
    if given is not None and published is None:
        raise SilangError(
            f"published is {given!r:.60}, not a date as 2024-06-19",
            f"published berisi {given!r:.60}, bukan tanggal seperti 2024-06-19",
        )
    return Article(name, text, published=published, **metadata)


def _question(item: Any) -> GoldQuestion:
    return GoldQuestion(
        _text(item, "id"),
        str(_held(item, "language")),
        _text(item, "question"),
        _held(item, "expect"),
        str(_held(item, "kind")),
        tuple(
            GoldSide(
                _wordings(_held(side, "answers")),
                tuple((_text(e, "article"), _text(e, "quote")) for e in _list(side, "evidence")),
            )
            for side in _list(item, "sides")
        ),
    )


def _held(item: Any, name: str) -> Any:
    if not isinstance(item, dict):
        raise SilangError(f"{item!r:.60} is not a JSON object", f"{item!r:.60} bukan objek JSON")
    if name not in item:
        raise SilangError(f"lacks {name}", f"tidak memuat {name}")
    return item[name]


def _list(item: Any, name: str) -> list[Any]:
    value = _held(item, name)
    if not isinstance(value, list):
        raise SilangError(f"{name} is {value!r:.60}, not a list", f"{name} berisi {value!r:.60}, bukan daftar")
    return value


def _text(item: Any, name: str) -> str:
    """Return what a field holds, a number as text."""
    value = _held(item, name)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise SilangError(f"{name} is {value!r:.60}, not text", f"{name} berisi {value!r:.60}, bukan teks")
    if not str(value).strip():
        raise SilangError(f"{name} is blank", f"{name} kosong")
    return str(value)


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
    for question in (q for case in cases for q in case.questions):
        yield from question_problems(question, texts)


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
    if not all(normalise(wording) for side in question.sides for wording in side.answers):
        yield Text(
            f"{question.id}: an answer without a letter or digit, which nothing matches",
            f"{question.id}: ada jawaban tanpa huruf atau angka, yang tidak bisa cocok dengan apa pun",
        )
    meant = [{" ".join(signed_words(wording)) for wording in side.answers} for side in question.sides]
    for a, b in combinations(meant, 2):
        if same := a & b:
            yield Text(
                f"{question.id}: two sides give the same answer {min(same)!r}",
                f"{question.id}: dua sisi memberi jawaban yang sama {min(same)!r}",
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


def normalise(text: str | None) -> str:
    """Lower-case words of the NFKC form, parted by single spaces."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text or "").lower()))


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
            found = checked(path)[1]
        except SilangError as error:
            found = [error.text]
        bad += len(found)
        sys.stderr.writelines(f"{problem}\n" for problem in found)
    if not paths:
        sys.stderr.write("usage: python -m eval.cases FILE...\n")
        return 2
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
