from __future__ import annotations

import pytest
from builders import LongestFirst

import rag.training.beside
import rag.training.cases
from rag.training.beside import beside_examples
from rag.training.data import Example, Pool


def test_passages_are_read_beside_what_is_marked_in_another_or_seems_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.training.beside, "BESIDE_NEWS", 1.0)
    monkeypatch.setattr(rag.training.beside, "MISLED", 0.0)
    marked = Example("Berapa?", "A", "Ada tiga orang.", ((4, 8),), "news", "q")
    silent = Example("Berapa?", "B", "Lima rumah. Rusak semua.", (), "news", "q")
    alone = Example("Siapa?", "A", "Rina.", ((0, 4),), "news", "r")
    found = list(beside_examples([marked, silent, alone], LongestFirst()))
    assert [(e.question, e.passage, e.spans, e.pool) for e in found] == [
        ("Berapa? | Lima | Lima rumah. | B", marked.passage, marked.spans, "beside"),
        ("Berapa? | tiga | Ada tiga orang. | A", silent.passage, (), "beside"),
    ]
    monkeypatch.setattr(rag.training.beside, "MISLED", 1.0)
    longer = Example("Berapa?", "C", "Sembilan kapal berlayar dari pelabuhan.", (), "news", "q")
    told = [e.question.split(" | ")[1] for e in beside_examples([marked, silent, longer], LongestFirst())]
    assert told == ["Sembilan", "Sembilan", "Lima"]


def test_what_is_mostly_in_english_is_always_read_beside_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.training.beside, "BESIDE_NEWS", 0.0)
    monkeypatch.setattr(rag.training.beside, "BESIDE_SENTENCES", 0.0)
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
    monkeypatch.setattr(rag.training.beside, "BESIDE_NEWS", 1.0)
    monkeypatch.setattr(rag.training.beside, "BESIDE_SENTENCES", 0.0)
    pools: tuple[Pool, Pool] = ("news", "evidence")
    seen = [
        Example(f"Berapa? {n}", title, "Tiga orang.", ((0, 4),), pool, f"{pool} {n}")
        for pool in pools
        for n in range(30)
        for title in "AB"
    ]
    assert {e.id for e in beside_examples(seen, LongestFirst())} == {f"news {n}" for n in range(30)}
    monkeypatch.setattr(rag.training.beside, "BESIDE_NEWS", 0.5)
    one, again, other = ([e.id for e in beside_examples(seen, LongestFirst(), seed)] for seed in (1, 1, 2))
    assert one == again != other and 0 < len(one) < 60
