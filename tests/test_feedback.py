from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import HashEncoder

from eval.cases import load_cases
from eval.feedback import feedback_case
from index.build import build_index
from index.folder import StoreFolder
from index.types import Article, SilangError
from rag.feedback import Feedback, record, recorded
from rag.types import Answer, Citation, Side

TEXT = "Jembatan dibuka pada 9 April. Warga senang."
ANSWER = Answer(
    "Kapan?", "id", "answered", "9 April: “…” [1]", (Side("9 April", (1,)),),
    (Citation(1, "a", "Judul", "Kabar", None, None, 0, 29, TEXT[:29]),),
).to_json()  # fmt: skip


def given(verdict: str, answer: dict[str, object] = ANSWER, question: str = "Kapan jembatan dibuka?") -> Feedback:
    return Feedback.of(question, answer, 1, verdict, " catatan \n dua ")


@pytest.fixture
def indexed(store: StoreFolder) -> StoreFolder:
    build_index(store, [Article("a", TEXT, "Judul", "Kabar", None, "id")], HashEncoder())
    return store


def test_feedback_is_kept_beside_the_index_with_question_answer_and_generation(indexed: StoreFolder) -> None:
    record(indexed.path, given("useful"))
    record(indexed.path, given("wrong_answer", question="Siapa?"))
    first, second = recorded(indexed.path)
    assert (first.question, first.verdict, first.generation, first.note) == (
        "Kapan jembatan dibuka?",
        "useful",
        1,
        "catatan dua",
    )
    assert second.verdict == "wrong_answer" and first.answer == json.loads(json.dumps(ANSWER))


def test_what_was_rated_becomes_cases_that_can_be_run(indexed: StoreFolder, tmp_path: Path) -> None:
    record(indexed.path, given("wrong_answer"))
    record(indexed.path, given("useful"))  # the last word on a question stands
    record(indexed.path, given("missed_conflict", question="Siapa yang membuka?"))
    path = tmp_path / "cases.jsonl"
    made, left_out = feedback_case(indexed.path, indexed.current())
    path.write_text(json.dumps(made) + "\n")
    (case,) = load_cases(path)
    assert left_out == []
    assert [q.kind for q in case.questions] == ["feedback", "to-check"]
    assert [a.text for a in case.articles] == [TEXT]


def test_what_cites_an_article_that_has_changed_is_left_out_and_named(indexed: StoreFolder) -> None:
    record(indexed.path, given("useful"))
    record(indexed.path, given("useful", {**ANSWER, "status": "not_found", "sides": [], "citations": []}, "Siapa?"))
    build_index(indexed, [Article("a", "Jembatan batal dibuka.", "Judul", "Kabar", None, "id")], HashEncoder())
    made, left_out = feedback_case(indexed.path, indexed.current())
    assert left_out == ["Kapan jembatan dibuka?"]
    assert [q["question"] for q in made["questions"]] == ["Siapa?"]


def test_a_line_that_was_cut_is_named(indexed: StoreFolder) -> None:
    record(indexed.path, given("useful"))
    with (indexed.path / "feedback.jsonl").open("a") as file:
        file.write('{"question": "Siapa?", "ver')
    with pytest.raises(SilangError, match="feedback.jsonl:2"):
        recorded(indexed.path)


def test_without_feedback_that_is_said(indexed: StoreFolder) -> None:
    with pytest.raises(SilangError, match="no feedback"):
        feedback_case(indexed.path, indexed.current())
