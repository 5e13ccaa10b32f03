from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from conftest import HashEncoder

import rag.training.beside
import rag.training.cases
from eval.cases import load_cases, parse_case, question_problems
from rag.phrasing import bare
from rag.training.cases import CaseSet, article_ids, case_examples, case_store, cases
from rag.training.data import OWN, Example, read_rows
from rag.training.pairs import PairExample, case_evidence, case_pairs, gold_pairs
from rag.types import Evidence, Passage, Question

SETS = sorted(OWN.glob("cases_*.jsonl"))
TEXT = "Bupati Ratna membuka pasar. Tujuh kios masih kosong."
OTHER = "Pasar itu dibuka Camat Hasan. Delapan kios belum terisi."
CASE = {
    "case": "pasar",
    "articles": [
        {"id": "pasar/a", "source": "Satu", "title": "Pasar dibuka", "published": "2024-03-02", "language": "id", "text": TEXT},
        {"id": "pasar/b", "source": "Dua", "title": "Pasar baru", "published": "2024-03-01", "language": "id", "text": OTHER},
    ],
    "questions": [
        {
            "id": "pasar/q1", "language": "id", "question": "Siapa yang membuka pasar?", "expect": "conflict", "kind": "person",
            "sides": [
                {"answers": ["Bupati Ratna"], "evidence": [{"article": "pasar/a", "quote": "Bupati Ratna membuka pasar."}]},
                {"answers": ["Camat Hasan"], "evidence": [{"article": "pasar/b", "quote": "Pasar itu dibuka Camat Hasan."}]},
            ],
        },
        {"id": "pasar/q2", "language": "id", "question": "Berapa luas pasar?", "expect": "unanswerable", "kind": "absent", "sides": []},
    ],
}  # fmt: skip
# Another event, that retrieval brings up for the same questions.
HELD = json.loads(
    json.dumps(CASE).replace("pasar/", "terminal/").replace(" pasar", " pasar terminal").replace("Pasar", "Terminal")
)


class FirstWords:
    """A reader that answers with the first two words of each passage."""

    def read(self, question: Question, passages: list[Passage]) -> list[Evidence]:
        return [evidence_of(p) for p in passages]


def evidence_of(passage: Passage) -> Evidence:
    first = passage.chunk.sentences[0]
    words = passage.article.text[first.start : first.end].split()
    span = type(first)(first.start, first.start + len(" ".join(words[:2])))
    return Evidence(passage, first, span, 0.9)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.training.cases, "SentenceTransformerEncoder", HashEncoder)


def test_cases_that_are_held_out_are_not_trained_on() -> None:
    apart = [cases("train", "more"), cases("held")]
    names, asked, texts = (
        [{each for row in rows for each in of(row)} for rows in apart]
        for of in (
            lambda row: [row["case"]],
            lambda row: [q["question"] for q in row["questions"]],
            lambda row: [a["text"] for a in row["articles"]],
        )
    )
    assert all(names) and not names[0] & names[1]
    assert not texts[0] & texts[1] and not asked[0] & asked[1]


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_the_cases_that_ship_for_training_are_valid(path: Path) -> None:
    assert load_cases(path)


@pytest.mark.parametrize(("name", "of"), [("short", ("train", "more")), ("short_held", ("held",))])
def test_the_short_questions_that_ship_are_valid_and_of_cases_of_their_own_set(
    name: str, of: tuple[CaseSet, ...]
) -> None:
    articles = {row["case"]: row["articles"] for row in cases(*of)} | {None: []}
    rows = read_rows(OWN / f"{name}.jsonl")
    assert {row["expect"] for row in rows if row["case"] is None} == {"unanswerable"}
    for case, asked in groupby(sorted(rows, key=lambda row: str(row["case"])), lambda row: row["case"]):
        questions = [{**row, "id": f"{n}"} for n, row in enumerate(asked)]
        read, dropped = parse_case({"case": f"{case}", "articles": articles[case], "questions": questions})
        assert not dropped and len(read.questions) == len(questions)
        assert not [
            text.en for q in read.questions for text in question_problems(q, {a.id: a.text for a in read.articles})
        ]


def test_short_questions_are_asked_of_their_cases_and_general_ones_of_none() -> None:
    short = [q for row in cases("train", "more") for q in row["questions"] if q.get("as") == "short"]
    assert len(short) == len(read_rows(OWN / "short.jsonl")) == len({q["id"] for q in short})
    *_, general = cases("more")
    assert not general["articles"] and general["questions"]
    assert all(q["expect"] == "unanswerable" for q in general["questions"])
    assert not any(q.get("as") == "short" for row in cases("held") for q in row["questions"])


def test_every_question_that_is_asked_again_is_of_a_case_that_is_learnt_from() -> None:
    rows = [row for path in OWN.glob("cases_*.jsonl") for row in read_rows(path)]
    asked = {q["id"]: q for row in rows for q in row["questions"]}
    assert len(asked) == sum(len(row["questions"]) for row in rows)
    across = read_rows(OWN / "across.jsonl")
    assert across and all(asked[row["of"]]["language"] != row["language"] for row in across)
    typed = read_rows(OWN / "typed.jsonl")
    assert typed and all(asked[row["of"]]["language"] == row["language"] for row in typed)
    both = {q["id"]: q for row in cases("train", "more") for q in row["questions"]}
    for name, again in (("across", across), ("typed", typed)):
        for row in again:
            assert both[f"{row['of']}-{name}"]["sides"] == both[row["of"]]["sides"]
    # As the reader will be asked: without what does not ask.
    assert all(both[f"{row['of']}-typed"]["question"] == bare(row["question"]) for row in typed)
    assert {row["of"] for row in typed}.isdisjoint(q["id"] for row in cases("held") for q in row["questions"])


@pytest.mark.usefixtures("quick")
def test_passages_of_cases_that_are_held_out_are_not_mined(tmp_path: Path) -> None:
    store = case_store(tmp_path / "store", [CASE, HELD])
    examples = list(case_examples([CASE], store))
    assert {e.passage for e in examples} == {TEXT, OTHER}
    assert {(e.id, e.passage[s:t]) for e in examples for s, t in e.spans} == {
        ("pasar/q1", "Bupati Ratna"), ("pasar/q1", "Camat Hasan"),
    }  # fmt: skip
    assert all(not e.spans for e in examples if e.id == "pasar/q2") and any(e.id == "pasar/q2" for e in examples)
    assert [Example.from_json(json.loads(json.dumps(e.to_json()))) for e in examples] == examples


@pytest.mark.usefixtures("quick")
def test_some_articles_are_read_in_part_as_they_were_retrieved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = json.loads(json.dumps(CASE).replace(TEXT, TEXT + " Kios itu masih menunggu pedagang." * 50))
    store, read = case_store(tmp_path / "store", [long]), dict[float, int]()
    for share in (0.0, 1.0):
        monkeypatch.setattr(rag.training.cases, "NARROW", share)
        read[share] = max(len(e.passage) for e in case_examples([long], store))
    assert read[1.0] < 0.8 * read[0.0]


@pytest.mark.usefixtures("quick")
def test_what_the_reader_finds_beside_the_gold_is_unrelated(tmp_path: Path) -> None:
    told = list(case_evidence([CASE], case_store(tmp_path / "store", [CASE]), FirstWords()))
    pairs = list(case_pairs(told))
    assert [(p.relation, p.kind) for p in pairs if p.relation == "incompatible"] == [("incompatible", "person")]
    assert [p.relation for p in pairs if p.text.question == "Berapa luas pasar?"] == ["unrelated"]
    assert [PairExample.from_json(json.loads(json.dumps(p.to_json()))) for p in pairs] == pairs
    assert [p.relation for p in gold_pairs([CASE])] == ["incompatible"]
    assert article_ids([CASE]) == {"pasar/a", "pasar/b"}


@pytest.mark.usefixtures("quick")
def test_of_a_general_question_more_articles_are_read_that_do_not_answer(tmp_path: Path) -> None:
    others = [json.loads(json.dumps(HELD).replace("erminal", f"erminal{n}")) for n in range(4)]
    (row, *_) = others
    *_, asked = row["questions"]
    general = {
        "case": "general",
        "articles": [],
        "questions": [{**asked, "id": "general/q", "question": "Apa itu pasar?"}],
    }
    store = case_store(tmp_path / "store", others)
    of = Counter(e.id for e in case_examples([*others, general], store) if not e.spans)
    assert of["general/q"] == 3 and of[asked["id"]] == 3  # two of its own event and one of another
