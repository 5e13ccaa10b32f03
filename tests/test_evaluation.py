from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from builders import random_adapter
from conftest import HashEncoder
from pages import assert_accessible, chromium

import eval.asking
from eval.asking import STORES, Kept, ask_all, kept_path, throw_away_store
from eval.cases import Case, GoldQuestion, load_cases
from eval.gate import falls, set_floors
from eval.inputs import SETS
from eval.peers import InferenceJudge, LexicalJudge, NoJudge, Remembering
from eval.report import as_text, write_report
from eval.run import Evaluation, evaluate, question_store
from index.types import Article, SilangError, Skipped, Text
from index.writer import silent
from rag.judge import LearnedJudge, PairModel
from rag.pipeline import Silang
from rag.types import Evidence, Pair, Passage, Question, Verdict

HOSTILE = '<script>document.title = "broken"</script>'


class FirstOrLast:
    """A reader to whom the last sentence of a passage answers where a number is asked for, and else the first."""

    def __init__(self, dies_at: int = 10**6) -> None:
        self.read_for, self._dies_at = 0, dies_at

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        self.read_for += 1
        if self.read_for == self._dies_at:
            raise KeyboardInterrupt
        found = [(p, p.chunk.sentences[-1 if question.asks == "number" else 0]) for p in passages]
        return [Evidence(p, sentence, sentence, 0.9) for p, sentence in found]


class Counting(NoJudge):
    """A judge to whom any two answers conflict where a number is asked for."""

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        return [Verdict.certain("incompatible" if question.asks == "number" else "same") for _ in pairs]


@pytest.fixture
def cases() -> list[Case]:
    (first,) = load_cases(SETS / "template.jsonl")
    text = f"Bupati {HOSTILE} meresmikan jembatan Kali Ayu. Panjangnya 90 meter."
    article = Article("other/a", text, title=HOSTILE, source="Tiga", published="2025-01-02", language="id")
    asked = GoldQuestion("other/q1", "id", f"Berapa panjang jembatan {HOSTILE}?", "unanswerable", "near-miss", ())
    return [first, Case("other", (article,), (asked,))]


@pytest.fixture
def silang(cases: list[Case], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Silang:
    monkeypatch.setattr(eval.asking, "cache_folder", lambda: tmp_path / "cache")
    encoder = HashEncoder()
    return Silang(question_store(cases, encoder), encoder, FirstOrLast(), Counting(typed=False))


@pytest.fixture
def evaluation(cases: list[Case], silang: Silang, tmp_path: Path) -> Evaluation:
    return evaluate(cases, silang, Kept(tmp_path / "kept.jsonl"), {"set": "mine"})


def test_all_that_is_measured_is_in_the_summary(evaluation: Evaluation) -> None:
    summary = json.loads(json.dumps(evaluation.to_json()))
    assert summary["questions"] == 4 and summary["missing"] == 0
    assert set(summary["languages"]) == {"en", "id"} and "date" in summary["asks"]
    assert summary["ranking"]["RR@10"] > 0 and summary["ranking"]["R@8"] == 1
    assert {"total", "read", "retrieve"} <= set(summary["latency_ms"])
    assert summary["about"]["set"] == "mine" and summary["about"]["torch"]
    low, high = summary["intervals"]["refused_unanswerable"]
    assert low <= summary["refused_unanswerable"] <= high
    assert all(0 <= b["right"] <= 1 for b in summary["calibration"]["bins"])
    text = as_text(evaluation, "en")
    assert "answer_accuracy" in text and "unanswerable/near-miss" in text
    assert "selang 95 %" in as_text(evaluation, "id") and "95 % interval" in text


def test_a_run_that_was_interrupted_asks_only_what_is_left(cases: list[Case], silang: Silang, tmp_path: Path) -> None:
    questions = [q for case in cases for q in case.questions]
    path = tmp_path / "cut.jsonl"
    with pytest.raises(KeyboardInterrupt):
        ask_all(replace(silang, reader=FirstOrLast(dies_at=3)), questions, Kept(path), silent)
    path.write_bytes(path.read_bytes() + '{"question": "“cut'.encode()[:-5])  # in the middle of a character
    reader = FirstOrLast()
    asked = ask_all(replace(silang, reader=reader), questions, Kept(path), silent)
    assert reader.read_for == 2 and list(asked) == [q.id for q in questions]
    again = ask_all(replace(silang, reader=reader), questions, Kept(path), silent)
    assert reader.read_for == 2 and again == asked
    ask_all(replace(silang, reader=reader), questions, Kept(path, fresh=True), silent)
    assert reader.read_for == 6


def test_a_question_that_cannot_be_asked_is_kept_as_not_found(silang: Silang, tmp_path: Path) -> None:
    asked = GoldQuestion("x", "id", "???", "unanswerable", "absent", ())
    (found,) = ask_all(silang, [asked], Kept(tmp_path / "one.jsonl"), silent).values()
    assert (found.answer.status, found.answer.id, found.confidence) == ("not_found", "x", 1.0)


def test_answers_are_kept_for_one_index_and_one_setting_only(cases: list[Case], silang: Silang) -> None:
    same = kept_path(silang.folder, ("", ""))
    assert same == kept_path(silang.folder, ("", "")) != kept_path(silang.folder, ("other", ""))
    changed = [
        replace(cases[0], articles=(replace(cases[0].articles[0], source="Lain"), cases[0].articles[1])),
        cases[1],
    ]
    assert kept_path(question_store(changed, silang.encoder), ("", "")) != same


def test_an_index_of_a_sets_own_articles_is_kept_and_old_ones_go(cases: list[Case], silang: Silang) -> None:
    encoder = HashEncoder()
    assert question_store(cases, encoder).path == silang.folder.path and encoder.embedded == 0
    stores = [throw_away_store([Article(str(n), "isi")], "hash").path for n in range(STORES + 2)]
    assert len(list(stores[0].parent.iterdir())) == STORES and stores[-1].is_dir()
    with pytest.raises(SilangError, match="--store"):
        question_store([Case("none", (), cases[0].questions)], silang.encoder)


def test_the_gate_names_the_questions_that_fell_and_a_floor_is_lowered_only_on_purpose(
    evaluation: Evaluation, cases: list[Case], silang: Silang, tmp_path: Path
) -> None:
    floors = tmp_path / "floors.json"
    with pytest.raises(SilangError, match="`silang eval 'my sets/mine.jsonl' --set-floors`"):
        falls(evaluation, "my sets/mine.jsonl", "en", floors)
    set_floors(evaluation, "mine", lower=False, path=floors)
    assert falls(evaluation, "mine", "en", floors) == []
    kept = floors.read_text()
    blind = evaluate(cases, replace(silang, judge=NoJudge(typed=False)), Kept(tmp_path / "blind.jsonl"), {})
    lines = falls(blind, "mine", "en", floors)
    assert any(line.startswith("conflict_stated 0.0") for line in lines)
    assert "(batas " in falls(blind, "mine", "id", floors)[0]
    assert [line.split()[0] for line in lines if line.startswith("  ")] == ["my-event/q2"]
    with pytest.raises(SilangError, match="conflict_stated.*--lower"):
        set_floors(blind, "mine", lower=False, path=floors)
    assert floors.read_text() == kept
    set_floors(blind, "mine", lower=True, path=floors)
    assert falls(blind, "mine", "en", floors) == []
    other = replace(evaluation, about={**evaluation.about, "questions": "others"})
    with pytest.raises(SilangError, match="as it is now"):
        falls(other, "mine", "en", floors)
    with pytest.raises(SilangError, match="of other questions.*--lower"):
        set_floors(other, "mine", lower=False, path=floors)


def test_inference_alone_reads_the_two_sentences_whichever_way_they_come(
    tiny: Path, tmp_path: Path, evaluation: Evaluation, silang: Silang
) -> None:
    adapter = random_adapter(tmp_path / "judge.safetensors", tiny, PairModel, {"settings": {"scale": 1.0}})
    learned = LearnedJudge(adapter, folder=tiny)
    judge = InferenceJudge(learned)
    found = silang.find("Berapa kios yang terbakar di Pasar Melati?")
    a, b = found.voices[:2]
    question = found.question
    (one,), (other,) = judge.judge(question, [Pair(a, b)]), judge.judge(question, [Pair(b, a)])
    assert one == other and one.same + one.incompatible + one.unrelated == pytest.approx(1)


def test_the_lexical_rule_says_what_to_install_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.peers.find_spec", lambda name: None)
    with pytest.raises(SilangError, match=r"silang\[peers\]"):
        LexicalJudge()


def test_passages_are_read_once_for_all_rules(silang: Silang) -> None:
    inner = FirstOrLast()
    reader = Remembering(inner)
    first = replace(silang, reader=reader).find("Kapan Pasar Melati terbakar?")
    again = replace(silang, reader=reader).find("Kapan Pasar Melati terbakar?")
    assert inner.read_for == 1 and first.voices == again.voices


@pytest.mark.browser
def test_the_report_opens_without_a_network_filters_and_runs_nothing_of_the_articles(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    folder = tmp_path / "report"
    skipped = [Skipped("set.jsonl:7", Text("not a row <b>", "bukan baris <b>"))]
    peers = {"top span": evaluation.overall, "lexical rule": Text("install it", "pasang dulu")}
    write_report(replace(evaluation, peers=peers), folder, skipped, "en")
    before = json.loads((folder / "summary.json").read_text())
    other = {**before, "about": {**before["about"], "questions": "others"}}
    for old in (other, [], {**before, "false_conflict": 0.5}):  # only the last is a run of the same questions
        (folder / "summary.json").write_text(json.dumps(old))
        assert "before" not in (folder / "report.html").read_text().split("</ul>")[0]
        write_report(replace(evaluation, peers=peers), folder, skipped, "en")
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == [q.id for q in evaluation.questions]
    assert all({"expect", "right", "confidence", "retrieved", "status"} <= set(row) for row in rows)
    assert (folder / "report.html").stat().st_size < 200_000
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "report.html").as_uri())
        assert page.title() == "Is Silang right?"
        assert len(asked) == 1
        marks = page.locator(".mark").all_text_contents()
        assert len(marks) == 4 and marks == sorted(marks, key=lambda mark: "wrong" not in mark)
        assert "before 50.0 %" in page.locator(".figures").inner_text()
        page.locator("#expect").select_option("conflict")
        assert page.locator("#rows details:visible").count() == 1
        assert page.locator("#count").inner_text() == "1"
        page.locator("#rows details:visible summary").click()
        assert "Dua belas kios terbakar" in page.locator("#rows details:visible").inner_text()
        page.locator("#expect").select_option("")
        page.locator("#words").fill("Berapa panjang")
        assert page.locator("#rows details:visible").count() == 1
        assert page.locator("figure svg text").count() > 10
        assert "not a row <b>" in page.locator("main").inner_text()
        assert_accessible(page)
