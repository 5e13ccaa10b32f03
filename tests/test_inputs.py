from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.inputs import SETS, read_set
from index.types import SilangError

TEXT = "Gempa mengguncang Lembah Ayu. Empat orang tewas dan 12 terluka, kata bupati."
CASE: dict[str, Any] = {
    "case": "gempa",
    "articles": [{"id": "a", "source": "S", "title": None, "published": None, "language": "id", "text": TEXT}],
    "questions": [
        {"id": "q1", "language": "id", "question": "Berapa korban tewas?", "expect": "answer", "kind": "single-source",
         "sides": [{"answers": ["empat orang"], "evidence": [{"article": "a", "quote": "Empat orang tewas dan 12 terluka, kata bupati."}]}]},
    ],
}  # fmt: skip


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_faulty_question_and_a_broken_line_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    wrong = {
        **CASE["questions"][0],
        "id": "q2",
        "sides": [{"answers": ["x"], "evidence": [{"article": "a", "quote": "Lima"}]}],
    }
    path = written(tmp_path / "set.jsonl", {**CASE, "questions": [*CASE["questions"], wrong, CASE["questions"][0]]})
    path.write_text(path.read_text() + "{not json\n" + json.dumps({"case": "leer"}) + "\n")
    found = read_set(path)
    assert [q.id for case in found.cases for q in case.questions] == ["q1"]
    said = {skipped.where.rsplit("/", 1)[-1]: skipped.why.en for skipped in found.skipped}
    assert set(said) == {"set.jsonl:2", "set.jsonl:3", "q2", "q1"}
    assert "not verbatim" in said["q2"] and "another question has this id" in said["q1"]


def test_a_faulty_question_or_article_of_a_case_is_named_and_the_rest_of_the_case_is_kept(tmp_path: Path) -> None:
    article, question = CASE["articles"][0], CASE["questions"][0]
    bare = {key: value for key, value in question.items() if key != "language"}
    faulty = [{**question, "id": "q2", "sides": None}, {**bare, "id": "q3"}, {**question, "id": None}, 5]
    case = {**CASE, "articles": [{"id": "b"}, article], "questions": [*faulty, question]}
    found = read_set(written(tmp_path / "set.jsonl", {"case": "empty", "questions": []}, case))
    assert [q.id for case in found.cases for q in case.questions] == ["q1"]
    assert [a.id for case in found.cases for a in case.articles] == ["a"]
    assert {skipped.where for skipped in found.skipped} == {f"{tmp_path / 'set.jsonl'}:2"}
    assert [skipped.why.en.removesuffix(": mend the row") for skipped in found.skipped] == [
        "article 1 (b): lacks text",
        "question 1 (q2): sides is None, not a list",
        "question 2 (q3): lacks language",
        "question 3: id is None, not text",
        "question 4: 5 is not a JSON object",
    ]
    assert found.skipped[1].why.id.startswith("pertanyaan 1 (q2): sides berisi None, bukan daftar")


def test_squad_nested_and_a_question_a_row_give_the_same_case_for_each_context(tmp_path: Path) -> None:
    asked = [
        {"id": "1", "question": "Berapa orang yang tewas?", "answers": [{"text": "Empat", "answer_start": 30}]},
        {"id": "2", "question": "Siapa gubernurnya?", "answers": [], "is_impossible": True},
    ]
    nested = {"version": "v2.0", "data": [{"title": "Gempa", "paragraphs": [{"context": TEXT, "qas": asked}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(nested))
    rows = [{"context": TEXT, "title": "Gempa", **a, "answers": [{"text": x["text"], "start": x["answer_start"]} for x in a["answers"]]} for a in asked]  # fmt: skip
    (case,) = read_set(tmp_path / "squad.json").cases
    (again,) = read_set(written(tmp_path / "flat.jsonl", *rows)).cases
    assert case == again
    assert [q.expect for q in case.questions] == ["answer", "unanswerable"]
    assert case.questions[0].sides[0].evidence == (
        (case.articles[0].id, "Empat orang tewas dan 12 terluka, kata bupati."),
    )
    assert case.articles[0].title == "Gempa"


def test_rows_that_squad_does_not_know_and_separators_inside_a_line_do_not_end_the_reading(tmp_path: Path) -> None:
    good = {"context": TEXT, "qas": [{"id": "1", "question": "Berapa\u2028korban?", "answers": []}]}
    nested = {
        "data": [
            {"paragraphs": [good, {"qas": [{"id": "2"}]}, {"context": TEXT}, 5, {"context": TEXT, "qas": [6]}]},
            {"flat": 1},
            7,
        ]
    }
    (tmp_path / "squad.json").write_text(json.dumps(nested))
    found = read_set(tmp_path / "squad.json")
    assert [q.id for case in found.cases for q in case.questions] == ["1"] and len(found.skipped) == 6
    row = {"id": "1", "context": TEXT, "question": "Berapa\u2028korban?", "answers": []}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert not read_set(tmp_path / "rows.jsonl").skipped


def test_metadata_that_is_no_text_leaves_the_article_out(tmp_path: Path) -> None:
    wrong = {**CASE, "case": "b", "articles": [{**CASE["articles"][0], "id": "b", "published": 2024}], "questions": []}
    found = read_set(written(tmp_path / "set.jsonl", CASE, wrong))
    (skipped,) = found.skipped
    assert skipped.where.endswith("set.jsonl:2") and "article 1 (b): published is 2024, not a date" in skipped.why.en


@pytest.mark.parametrize(
    ("given", "language", "stored"),
    [
        ("19/06/2024", "id", "2024-06-19"),
        ("Rabu, 19 Juni 2024 10:12 WIB", None, "2024-06-19"),
        ("03/04/2024", "id", "2024-04-03"),
        ("-", "id", None),
        (20240619, "en", "2024-06-19"),
    ],
)
def test_a_date_in_any_usual_form_is_kept_as_that_day(
    tmp_path: Path, given: object, language: str | None, stored: str | None
) -> None:
    article = {**CASE["articles"][0], "published": given, "language": language}
    found = read_set(written(tmp_path / "set.jsonl", {**CASE, "articles": [article]}))
    assert not found.skipped and found.cases[0].articles[0].published == stored


@pytest.mark.parametrize("given", ["Juni 2024", "03/04/2024"])  # the latter may be March in an English article
def test_a_date_that_is_none_or_two_days_is_named(tmp_path: Path, given: str) -> None:
    article = {**CASE["articles"][0], "published": given, "language": "en"}
    found = read_set(written(tmp_path / "set.jsonl", {**CASE, "articles": [article]}))
    assert "not a date" in found.skipped[0].why.en and "bukan tanggal" in found.skipped[0].why.id


def test_columns_of_answers_as_datasets_store_them_are_read(tmp_path: Path) -> None:
    row = {
        "id": "1",
        "context": TEXT,
        "question": "Berapa yang terluka?",
        "answers": {"text": ["12"], "answer_start": [46]},
    }
    (case,) = read_set(written(tmp_path / "rows.jsonl", row)).cases
    assert case.questions[0].sides[0].answers == ("12",)


def test_a_csv_of_question_and_expected_answer_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "tanya.csv"
    path.write_text(
        "\ufeffPertanyaan,Jawaban\nBerapa yang tewas?,empat | 4\nSiapa pelakunya?,\n,kosong\n", encoding="utf-8"
    )
    found = read_set(path)
    asked = [q for case in found.cases for q in case.questions]
    assert [(q.question, q.expect) for q in asked] == [
        ("Berapa yang tewas?", "answer"),
        ("Siapa pelakunya?", "unanswerable"),
    ]
    assert asked[0].sides[0].answers == ("empat", "4") and not asked[0].sides[0].evidence
    assert [s.where.rsplit("/", 1)[-1] for s in found.skipped] == ["tanya.csv:4"]
    path.write_text('question,answer\n"Siapa\npresidennya?",Ani\n,kosong\n')
    found = read_set(path)
    assert found.cases[0].questions[0].question == "Siapa\npresidennya?" and found.skipped[0].where.endswith(":4")


def test_a_table_without_a_column_of_answers_is_told_once_with_the_columns_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "tanya.csv"
    path.write_text("Question,Reply\nBerapa?,empat\nSiapa?,Ani\n")
    with pytest.raises(SilangError, match=r"expected, jawaban \(found: question, reply\)") as refused:
        read_set(path)
    assert "yang ada: question, reply" in refused.value.text.id
    path.write_text("answer\nempat\n")
    with pytest.raises(SilangError, match=r"question, pertanyaan \(found: answer\)"):
        read_set(path)


def test_a_row_with_more_or_fewer_cells_than_columns_makes_no_question(tmp_path: Path) -> None:
    path = tmp_path / "tanya.csv"
    path.write_text("question,answer,note\nBerapa persen?,4,5,x\nSiapa?\nKapan?,Senin\nApa?,-,\nMana?,,,\n,,\n")
    found = read_set(path)
    asked = [q for case in found.cases for q in case.questions]
    assert [(q.question, q.expect) for q in asked] == [("Kapan?", "answer"), ("Mana?", "unanswerable")]
    assert [skipped.where for skipped in found.skipped] == [f"{path}:{n}" for n in (2, 3, 5)]
    more, fewer, blank = (skipped.why for skipped in found.skipped)
    assert "4 cells for 3 columns" in more.en and "needs quotation marks" in more.en and "tanda kutip" in more.id
    assert "1 cells for 3 columns" in fewer.en and "sel kosong" in fewer.id
    assert "no letter or digit" in blank.en and "tanpa huruf" in blank.id


@pytest.mark.parametrize("first", ["sep=;\r\n", '"SEP=;"\n'])
def test_a_first_line_that_says_what_parts_the_cells_is_no_header(tmp_path: Path, first: str) -> None:
    path = tmp_path / "tanya.csv"
    path.write_text(f"{first}question;answer\nBerapa, menurut polisi?;4,5 persen\n;x\n")
    found = read_set(path)
    (asked,) = found.cases[0].questions
    assert (asked.question, asked.sides[0].answers) == ("Berapa, menurut polisi?", ("4,5 persen",))
    assert [skipped.where for skipped in found.skipped] == [f"{path}:4"]


def test_a_table_may_be_parted_by_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "tanya.csv"
    path.write_text("question;answer\nBerapa yang tewas, menurut polisi?;empat\n")
    (case,) = read_set(path).cases
    assert case.questions[0].question == "Berapa yang tewas, menurut polisi?" and case.questions[0].sides


@pytest.mark.parametrize("others", [2, 12_000])  # the latter are more than the module csv puts into a cell by itself
def test_a_quotation_mark_left_open_is_named_and_makes_no_question(tmp_path: Path, others: int) -> None:
    path = tmp_path / "tanya.csv"
    path.write_text('question,answer\nBerapa?,empat\n"Siapa?,Ani\n' + "Kapan?,Senin\n" * others)
    found = read_set(path)
    asked = [question.question for case in found.cases for question in case.questions]
    assert asked[0] == "Berapa?" and not any("\n" in question for question in asked)
    assert found.skipped[0].where == f"{path}:3" and "cannot be read" in found.skipped[0].why.en


def test_json_that_is_too_deep_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dalam.jsonl"
    path.write_text("[" * 100_000)
    with pytest.raises(SilangError, match="holds no question"):
        read_set(path)


def test_documents_that_give_different_answers_are_a_conflict(tmp_path: Path) -> None:
    documents = [
        {"text": "Ratna Dewi was born in 1961 in Solo.", "type": "correct", "answer": "1961"},
        {"text": "The singer Ratna Dewi, born 1987, grew up in Medan.", "type": "correct", "answer": "1987"},
        {"text": "Ratna Dewi likes tea.", "type": "noise", "answer": "unknown"},
    ]
    row = {"question": "When was Ratna Dewi born?", "documents": documents, "gold_answers": ["1961", "1987"]}
    (case,) = read_set(written(tmp_path / "ramdocs.jsonl", row)).cases
    (question,) = case.questions
    assert (question.expect, question.kind, len(case.articles)) == ("conflict", "event", 3)
    assert [side.answers for side in question.sides] == [("1961",), ("1987",)]
    documents[1]["type"] = "misinfo"
    (case,) = read_set(written(tmp_path / "ramdocs.jsonl", row)).cases
    assert (case.questions[0].expect, case.questions[0].kind) == ("conflict", "other")


def test_passages_judged_relevant_are_what_a_citation_must_be_of(tmp_path: Path) -> None:
    passage = {"docid": "1#0", "title": "Solo", "text": "Solo adalah kota di Jawa Tengah."}
    rows = [
        {"query_id": "1", "query": "Di mana Solo?", "positive_passages": [passage], "negative_passages": []},
        {"query_id": "2", "query": "Di mana Medan?", "positive_passages": [], "negative_passages": [passage]},
    ]
    cases = read_set(written(tmp_path / "nomiracl.jsonl", *rows)).cases
    first, second = (case.questions[0] for case in cases)
    assert (first.expect, second.expect) == ("answer", "unanswerable")
    assert first.sides[0].answers == () and first.sides[0].evidence == ((cases[0].articles[0].id, passage["text"]),)


@pytest.mark.parametrize("name", ["sample", "events", "english", "typed", "short"])
def test_a_bundled_set_is_found_by_its_name_and_nothing_of_it_is_left_out(name: str) -> None:
    found = read_set(Path(name))
    assert found.name == read_set(SETS / f"{name}.jsonl").name == name
    assert not found.skipped and len([q for case in found.cases for q in case.questions]) >= 60


def test_sets_of_one_file_name_in_two_folders_have_two_names(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "sample.jsonl" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
    assert [read_set(written(path, CASE)).name for path in paths] == [str(path) for path in paths]


def test_at_least_forty_bundled_questions_are_english_or_across_languages() -> None:
    cases = read_set(Path("english")).cases
    languages = {a.id: a.language for case in cases for a in case.articles}
    across = [
        q for case in cases for q in case.questions
        if q.language == "en" or any(languages[a] != q.language for side in q.sides for a, _ in side.evidence)
    ]  # fmt: skip
    assert len(across) >= 40


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(SilangError, match="cannot be read"):
        read_set(tmp_path / "none.jsonl")
