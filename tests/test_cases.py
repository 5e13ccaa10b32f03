from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.cases import SAMPLE, answerable_from, load_cases, main
from index.types import SilangError

CASE: dict[str, Any] = {
    "case": "c",
    "articles": [{"id": "a", "source": "S", "title": "T", "published": None, "language": "id", "text": "Empat orang tewas."}],
    "questions": [
        {"id": "q", "language": "id", "question": "Berapa?", "expect": "answer", "kind": "agree",
         "sides": [{"answers": ["empat"], "evidence": [{"article": "a", "quote": "Empat orang tewas."}]}]},
    ],
}  # fmt: skip


def written(tmp_path: Path, *cases: dict[str, Any]) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


def changed(**question: Any) -> dict[str, Any]:
    return {**CASE, "questions": [{**CASE["questions"][0], **question}]}


def test_a_case_is_read_whole(tmp_path: Path) -> None:
    (case,) = load_cases(written(tmp_path, CASE))
    assert case.articles[0].text == "Empat orang tewas."
    assert case.questions[0].sides[0].evidence == (("a", "Empat orang tewas."),)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            changed(sides=[{"answers": ["empat"], "evidence": [{"article": "a", "quote": "Empat orang  tewas."}]}]),
            "not verbatim",
        ),
        (changed(sides=[{"answers": ["empat"], "evidence": [{"article": "z", "quote": "Empat"}]}]), "not among"),
        (changed(sides=[{"answers": [], "evidence": []}]), "without answers"),
        (changed(expect="conflict"), "conflict with 1 sides"),
        (changed(expect="unanswerable"), "unanswerable with 1 sides"),
        (changed(expect="maybe"), "maybe"),
        (changed(expect=["answer"]), "expect is .'answer'., not one of"),
        (changed(sides=[{**CASE["questions"][0]["sides"][0], "answers": "empat"}]), "answers is 'empat', not a list"),
        (changed(sides=[{**CASE["questions"][0]["sides"][0], "answers": [4]}]), "answers is .4., not a list of texts"),
        ({**CASE, "questions": CASE["questions"] * 2}, "used 2 times"),
        ({**CASE, "articles": CASE["articles"] * 2}, "used 2 times"),
        ({**CASE, "articles": [{**CASE["articles"][0], "published": "Juni 2024"}]}, "not a date"),
        ({**CASE, "articles": [{**CASE["articles"][0], "text": " "}]}, "article 1 .a.: text is blank"),
        (changed(question=None), ":1: question 1 .q.: question is None, not text"),
        (changed(question=" "), "question is blank"),
        (changed(id=None), "question 1: id is None"),
        (changed(sides=None), "sides is None, not a list"),
        (changed(sides=[{**CASE["questions"][0]["sides"][0], "answers": ["empat", "-"]}]), "letter or digit"),
        (
            changed(
                expect="conflict",
                sides=[{**CASE["questions"][0]["sides"][0], "answers": a} for a in (["4", "Empat."], ["empat"])],
            ),
            "two sides give the same answer 'empat'",
        ),
        ({**CASE, "questions": []}, "no question"),
        ({"articles": CASE["articles"]}, ":1: not a case"),
    ],
)
def test_a_faulty_set_is_refused_with_the_place(tmp_path: Path, case: dict[str, Any], message: str) -> None:
    with pytest.raises(SilangError, match=message) as refused:
        load_cases(written(tmp_path, case))
    assert not re.search(r"\b(not|without|with|used|lacks)\b", refused.value.text.id.replace(str(tmp_path), ""))


def test_sides_may_differ_in_a_sign_or_a_currency(tmp_path: Path) -> None:
    side = CASE["questions"][0]["sides"][0]
    for pair in (["-5 persen", "5 persen"], ["$5 juta", "£5 juta"]):
        assert load_cases(written(tmp_path, changed(expect="conflict", sides=[{**side, "answers": [w]} for w in pair])))


def test_the_validator_lists_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = changed(sides=[{"answers": ["x"], "evidence": [{"article": "a", "quote": q} for q in ("nein", "non")]}])
    assert main([str(written(tmp_path, bad))]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    path = written(tmp_path, bad)
    path.write_text("\ufeff{oops\n[]\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert main([str(path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 4
    path.write_text("\ufeff" + json.dumps(CASE), encoding="utf-8")
    assert main([str(path)]) == 0
    # Of a case of which an article and a question are faulty, all the rest is looked at.
    faulty = {**bad, "articles": [*CASE["articles"], {}], "questions": [*bad["questions"], {"id": "p"}]}
    assert main([str(written(tmp_path, faulty))]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith(f"{path}:1: ") for line in said] == [True, True, False, False]
    assert all(line.count(path.name) == 1 for line in said)


def test_half_of_a_character_that_was_cut_is_replaced_in_a_question_and_an_article(tmp_path: Path) -> None:
    text = "Empat orang tewas \ud83d."
    case = changed(
        question="Berapa \ud83d?", sides=[{"answers": ["empat"], "evidence": [{"article": "a", "quote": text}]}]
    )
    (read,) = load_cases(
        written(tmp_path, {**case, "articles": [{**CASE["articles"][0], "text": text, "title": "\ud83d"}]})
    )
    assert (read.questions[0].question, read.articles[0].text) == ("Berapa \ufffd?", "Empat orang tewas \ufffd.")
    assert read.articles[0].title == "\ufffd"
    assert read.articles[0].digest


def test_a_set_that_is_missing_or_no_json_is_said(tmp_path: Path) -> None:
    with pytest.raises(SilangError, match="cannot be read"):
        load_cases(tmp_path / "none.jsonl")
    (tmp_path / "broken.jsonl").write_text("{\n")
    with pytest.raises(SilangError, match="broken.jsonl:1"):
        load_cases(tmp_path / "broken.jsonl")


@pytest.mark.parametrize("path", sorted(SAMPLE.parent.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_bundled_sets_are_sound(path: Path) -> None:
    assert main([str(path)]) == 0


def test_the_sample_has_every_outcome_and_kind_in_both_languages() -> None:
    cases = load_cases(SAMPLE)
    questions = [q for case in cases for q in case.questions]
    kinds = Counter(f"{q.expect}/{q.kind}" for q in questions)
    assert set(kinds) == {
        *(
            f"answer/{k}"
            for k in [
                "agree",
                "granularity",
                "complementary",
                "single-source",
                "reported-conflict",
                "different-events-specified",
            ]
        ),
        *(f"conflict/{k}" for k in "number date place person cause polarity outdated opinion different-events".split()),
        *(f"unanswerable/{k}" for k in ["near-miss", "absent", "false-premise"]),
    }
    articles = [a for case in cases for a in case.articles]
    assert len(cases) >= 5 and len(articles) >= 16 and len(questions) >= 50
    assert sum(a.language == "en" for a in articles) * 4 >= len(articles)


def test_only_questions_that_the_index_can_know_of_are_suggested() -> None:
    cases = load_cases(SAMPLE)
    one = {article.id for article in cases[0].articles}
    found = answerable_from(cases, one)
    assert found and {q.id for q in found} <= {q.id for q in cases[0].questions}
    assert answerable_from(cases, set()) == []
