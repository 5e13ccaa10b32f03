from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from builders import evidence

from eval.cases import SAMPLE, normalise
from rag.judge import PairText, SideText, encode_pairs, in_order
from rag.question import asked_type
from rag.reader import PassageTokenizer
from rag.training.data import OWN, claim_examples, evidence_examples, inference_examples, read_rows
from rag.training.pairs import PairExample, evened, evidence_pairs
from rag.types import Relation

MEASURING = [path for path in sorted(SAMPLE.parent.glob("*.jsonl")) if path.stem != "template"]


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
