from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Collection
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from builders import LongestFirst, evidence
from conftest import HashEncoder

import rag.training.data
from eval.cases import SAMPLE, load_cases, normalise, parse_case, question_problems
from rag.judge import PairText, SideText, encode_pairs, in_order
from rag.phrasing import bare
from rag.question import asked_type
from rag.reader import PassageTokenizer
from rag.training.data import (
    OWN,
    CaseSet,
    Example,
    Pool,
    article_ids,
    beside_examples,
    case_examples,
    case_store,
    cases,
    claim_examples,
    evidence_examples,
    inference_examples,
    read_rows,
)
from rag.training.pairs import PairExample, case_evidence, case_pairs, evened, evidence_pairs, gold_pairs
from rag.types import Evidence, Passage, Question, Relation

SETS = sorted(OWN.glob("cases_*.jsonl"))
MEASURING = [path for path in sorted(SAMPLE.parent.glob("*.jsonl")) if path.stem != "template"]
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
    monkeypatch.setattr(rag.training.data, "SentenceTransformerEncoder", HashEncoder)


def told(value: Any, names: Collection[str]) -> set[str]:
    """Return every text, normalised, that stands under one of these names anywhere in decoded JSON."""
    if isinstance(value, list):
        return {text for each in value for text in told(each, names)}
    if not isinstance(value, dict):
        return set()
    under = {normalise(each) for name, each in value.items() if name in names and isinstance(each, str)}
    return under.union(*(told(each, names) for each in value.values()))


@pytest.mark.parametrize("path", MEASURING, ids=lambda path: path.stem)
@pytest.mark.parametrize("names", [["question"], ["text", "passage"], ["case"]], ids=lambda names: names[0])
def test_nothing_of_a_set_for_measuring_is_in_our_training_data(path: Path, names: list[str]) -> None:
    measured = told(read_rows(path), names)
    assert measured
    for file in OWN.glob("*.jsonl"):
        assert not measured & told(read_rows(file), names), file.name


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


def test_the_evidence_sets_that_ship_hold_every_answer_verbatim_and_no_item_twice() -> None:
    for row in (row for path in OWN.glob("evidence_sets*.jsonl") for row in read_rows(path)):
        grouped, items = [n for group in row["groups"] for n in group], set(range(len(row["items"])))
        assert (grouped or row["kind"] == "silent") and len(set(grouped)) == len(grouped), row["id"]
        assert set(grouped) <= items and (set(grouped) < items or row["kind"] != "silent"), row["id"]
        assert (len(row["groups"]) > 1) == (row["relation"] == "conflict"), row["id"]
        assert all(item["answer"] in item["text"] for item in row["items"]), row["id"]


def test_the_claim_sets_that_ship_hold_every_answer_verbatim() -> None:
    rows = [row for path in OWN.glob("claims*.jsonl") for row in read_rows(path)]
    assert rows and len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["asked"] and row["not_asked"], row["id"]
        assert all(q["answer"] in row["text"] for q in (*row["asked"], *row["not_asked"])), row["id"]


def test_a_claim_is_read_in_its_sentence_behind_the_lead(tmp_path: Path) -> None:
    row = {
        "id": "x", "language": "id", "title": "Pasar", "source": "Satu", "published": "2024-03-02",
        "lead": "Pasar baru dibuka.", "text": "Camat Hasan mewakili bupati.",
        "asked": [{"question": "Siapa yang mewakili bupati?", "answer": "Camat Hasan"}],
        "not_asked": [{"question": "Siapa bupatinya?", "answer": "Camat Hasan"}],
    }  # fmt: skip
    path = tmp_path / "claims.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps({**row, "lead": ""}) + "\n")
    header = "Pasar — Satu, 2024-03-02"
    yes, no, without, _ = claim_examples(path)
    assert (yes.header, yes.passage, yes.pool) == (f"{header} | {row['lead']}", row["text"], "claim")
    assert [row["text"][s:e] for s, e in yes.spans] == ["Camat Hasan"] and no.spans == () and without.header == header


def test_inference_is_read_as_yes_no_questions_that_a_neutral_premise_leaves_open(tmp_path: Path) -> None:
    path = tmp_path / "nli.jsonl"
    rows = [
        {"premise": "Bupati Hasan membuka Pasar Melati.", "hypothesis": said, "label": label}
        for said, label in (
            ("Pasar dibuka.", "entailment"),
            ("Melati sepi.", "neutral"),
            ("Bupati absen", "contradiction"),
        )
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    opened, quiet, absent = inference_examples(path)
    assert [e.question for e in (opened, quiet, absent)] == [
        "Apakah Pasar dibuka?", "Apakah Melati sepi?", "Apakah bupati absen?",
    ]  # fmt: skip
    assert opened.spans == absent.spans == ((0, len(rows[0]["premise"])),) and quiet.spans == ()
    assert list(inference_examples(path, 2)) == [opened, absent]


def test_pairs_of_a_set_are_labelled_by_its_groups(tmp_path: Path) -> None:
    items = [
        {"source": "Satu", "published": None, "language": "id", "text": f"{who} menang.", "answer": who}
        for who in ("Ani", "Anita", "Budi")
    ]
    row = {"id": "x", "language": "id", "question": "Siapa yang menang?", "items": items, "groups": [[0, 1], [2]]}
    path = tmp_path / "sets.jsonl"
    path.write_text(json.dumps({**row, "relation": "conflict", "kind": "near-alike names"}) + "\n")
    labels = sorted((p.text.a.answer, p.text.b.answer, p.relation, p.kind) for p in evidence_pairs(path))
    assert labels == [
        ("Ani", "Anita", "same", None), ("Ani", "Budi", "incompatible", "person"), ("Anita", "Budi", "incompatible", "person"),
    ]  # fmt: skip
    path.write_text(json.dumps({**row, "relation": "same", "kind": "silent", "groups": [[0, 1]]}) + "\n")
    examples = list(evidence_pairs(path))
    labels = sorted((p.text.a.answer, p.text.b.answer, p.relation) for p in examples if p.relation)
    assert labels == [("Ani", "Anita", "same"), ("Ani", "Budi", "unrelated"), ("Anita", "Budi", "unrelated")]
    assert [(e.passage, bool(e.spans), e.pool) for e in evidence_examples(path)] == [
        ("Ani menang.", True, "claim"), ("Anita menang.", True, "claim"), ("Budi menang.", False, "claim"),
    ]  # fmt: skip


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
        monkeypatch.setattr(rag.training.data, "NARROW", share)
        read[share] = max(len(e.passage) for e in case_examples([long], store))
    assert read[1.0] < 0.8 * read[0.0]


def test_passages_are_read_beside_what_is_marked_in_another_or_seems_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.training.data, "BESIDE_NEWS", 1.0)
    monkeypatch.setattr(rag.training.data, "MISLED", 0.0)
    marked = Example("Berapa?", "A", "Ada tiga orang.", ((4, 8),), "news", "q")
    silent = Example("Berapa?", "B", "Lima rumah. Rusak semua.", (), "news", "q")
    alone = Example("Siapa?", "A", "Rina.", ((0, 4),), "news", "r")
    found = list(beside_examples([marked, silent, alone], LongestFirst()))
    assert [(e.question, e.passage, e.spans, e.pool) for e in found] == [
        ("Berapa? | Lima | Lima rumah. | B", marked.passage, marked.spans, "beside"),
        ("Berapa? | tiga | Ada tiga orang. | A", silent.passage, (), "beside"),
    ]
    monkeypatch.setattr(rag.training.data, "MISLED", 1.0)
    longer = Example("Berapa?", "C", "Sembilan kapal berlayar dari pelabuhan.", (), "news", "q")
    told = [e.question.split(" | ")[1] for e in beside_examples([marked, silent, longer], LongestFirst())]
    assert told == ["Sembilan", "Sembilan", "Lima"]


def test_what_is_mostly_in_english_is_always_read_beside_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.training.data, "BESIDE_NEWS", 0.0)
    monkeypatch.setattr(rag.training.data, "BESIDE_SENTENCES", 0.0)
    told = [("en", "en", "id"), ("en", "id", "id")]
    seen = [
        Example(f"How many? {n}", "", "Three people.", ((0, 5),), "evidence", f"{n}", language=language)
        for n, languages in enumerate(told)
        for language in languages
    ]
    assert [e.id for e in beside_examples(seen, LongestFirst())] == ["0", "0", "0"]


def test_as_many_questions_are_read_beside_an_answer_as_their_pool_is_to_give_drawn_by_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rag.training.data, "BESIDE_NEWS", 1.0)
    monkeypatch.setattr(rag.training.data, "BESIDE_SENTENCES", 0.0)
    pools: tuple[Pool, Pool] = ("news", "evidence")
    seen = [
        Example(f"Berapa? {n}", title, "Tiga orang.", ((0, 4),), pool, f"{pool} {n}")
        for pool in pools
        for n in range(30)
        for title in "AB"
    ]
    assert {e.id for e in beside_examples(seen, LongestFirst())} == {f"news {n}" for n in range(30)}
    monkeypatch.setattr(rag.training.data, "BESIDE_NEWS", 0.5)
    one, again, other = ([e.id for e in beside_examples(seen, LongestFirst(), seed)] for seed in (1, 1, 2))
    assert one == again != other and 0 < len(one) < 60


@pytest.mark.usefixtures("quick")
def test_what_the_reader_finds_beside_the_gold_is_unrelated(tmp_path: Path) -> None:
    told = list(case_evidence([CASE], case_store(tmp_path / "store", [CASE]), FirstWords()))
    pairs = list(case_pairs(told))
    assert [(p.relation, p.kind) for p in pairs if p.relation == "incompatible"] == [("incompatible", "person")]
    assert [p.relation for p in pairs if p.text.question == "Berapa luas pasar?"] == ["unrelated"]
    assert [PairExample.from_json(json.loads(json.dumps(p.to_json()))) for p in pairs] == pairs
    assert [p.relation for p in gold_pairs([CASE])] == ["incompatible"]
    assert article_ids([CASE]) == {"pasar/a", "pasar/b"}


def test_a_type_of_question_does_not_tell_whether_answers_conflict() -> None:
    def pair(question: str, relation: Relation, number: int) -> PairExample:
        return PairExample(
            PairText(question, None, SideText("ya", "", f"{number}"), SideText("tidak", "", "")), relation
        )

    given = [pair("Mengapa jembatan itu runtuh?", "incompatible", n) for n in range(9)]
    given += [pair("Kenapa runtuh?", "same", 0), pair("Why?", "compatible", 0), pair("Why?", "unrelated", 0)]
    given += [pair("Siapa?", "incompatible", 0), *(pair("Di mana?", "incompatible", n) for n in range(2))]
    given += [pair("Di mana?", "same", n) for n in range(3)]
    kept = evened(given, random.Random(7))
    of = Counter((asked_type(e.text.question), e.relation) for e in kept)
    assert of["cause", "incompatible"] == of["cause", "same"] + of["cause", "compatible"] == 2
    assert of["place", "incompatible"] == 2 and of["place", "same"] == 3
    assert of["person", "incompatible"] == 0 and of["cause", "unrelated"] == 1
    assert kept == evened(given, random.Random(7)) and set(kept) < set(given)


def test_the_judge_reads_question_values_and_both_sides(tiny: Path) -> None:
    tokenizer = PassageTokenizer(tiny)
    long = "apa " * 400
    text = PairText(long, "incompatible", SideText("tujuh", "Judul", "kata " * 400), SideText("lima", "", "lima orang"))
    (encoded,) = encode_pairs([text], tokenizer)
    ids = {
        name: tokenizer.tokens([name])[0][0] for name in ("| different values", "tujuh | Judul |", "lima | lima orang")
    }
    begin, end = tokenizer.begin, tokenizer.end
    joined = encoded.ids
    cuts = [i for i, piece in enumerate(joined) if piece == end]
    assert joined[0] == begin and len(cuts) == 5 and cuts[1] == cuts[0] + 1 and cuts[3] == cuts[2] + 1
    assert joined[: cuts[0]][-len(ids["| different values"]) :] == ids["| different values"]
    assert joined[cuts[1] + 1 :][: len(ids["tujuh | Judul |"])] == ids["tujuh | Judul |"]
    assert joined[cuts[3] + 1 : cuts[4]] == ids["lima | lima orang"]


def test_sides_are_put_in_order_of_date_whichever_way_they_come() -> None:
    early = evidence("B.", published="2024-02-14")
    late = evidence("A.", article="b", published="2024-02-17")
    assert in_order(late, early) == in_order(early, late) == (early, late)
