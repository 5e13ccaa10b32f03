from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import eval.asking
import index.encoder
import rag.pipeline
from eval.cases import SAMPLE
from index.encoder import BUNDLED, SentenceTransformerEncoder
from rag.compare import Judge
from rag.types import Evidence, Question, Verdict
from ui.cli import main

pytestmark = pytest.mark.model
QUESTION = "Apa hadiah Kim Jong Un untuk Putin?"


@pytest.fixture(scope="module")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("cli") / "store"
    assert main(["index", str(SAMPLE), "--store", str(store)]) == 0
    return store


@pytest.fixture(autouse=True)
def _one_encoder(monkeypatch: pytest.MonkeyPatch, bundled: SentenceTransformerEncoder) -> None:
    """Every command of these tests shares the one loaded model; another name is loaded for real."""
    real = SentenceTransformerEncoder

    def shared(model: str = BUNDLED) -> SentenceTransformerEncoder:
        return bundled if model == BUNDLED else real(model)

    monkeypatch.setattr(index.encoder, "SentenceTransformerEncoder", shared)


def error_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a failed command leaves on stderr, progress bars aside."""
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("silang: ")]
    assert len(lines) == 1
    return lines[0]


def test_index_reports_what_it_read_and_what_it_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "banjir.txt").write_text(
        "Banjir di Lembah\n\nAir sungai naik pada Senin malam. Dua puluh rumah terendam.\n"
    )
    (folder / "kosong.txt").write_text("")
    (folder / "rusak.jsonl").write_text(
        '{"text": "Gempa mengguncang kota kecil itu pada malam hari.", "id": "g"}\n{"text": \n'
    )
    assert main(["index", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "articles read: 2 (2 new" in out
    assert "kosong.txt" in out and "rusak.jsonl:2" in out
    assert main(["index", str(folder)]) == 0
    assert "2 unchanged); chunks embedded: 0" in capsys.readouterr().out
    assert Path(".silang/CURRENT").exists()


def test_an_answer_has_the_documented_form_and_exact_citations(
    sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", QUESTION, "--json", "--store", str(sample_store)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == "id question language status text sides citations conflict related timings_ms".split()  # fmt: skip
    assert (answer["id"], answer["question"], answer["language"]) == (None, QUESTION, "id")
    assert answer["timings_ms"]["total"] > 0
    for citation in answer["citations"] + answer["related"]:
        assert main(["show", citation["article"], "--store", str(sample_store)]) == 0
        text = capsys.readouterr().out
        assert text[citation["start"] : citation["end"]] == citation["quote"] != ""


def test_show_prints_the_stored_text_byte_for_byte(
    sample_store: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    article = json.loads(SAMPLE.read_text(encoding="utf-8").splitlines()[0])["articles"][0]
    command = [sys.executable, "-m", "ui", "show", article["id"], "--store", str(sample_store)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == article["text"].encode()


def test_ask_prints_the_reply_with_outlet_date_and_offsets(
    sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", QUESTION, "--store", str(sample_store)]) == 0
    out = capsys.readouterr().out
    assert "[1]" in out and "kunjungan-pyongyang/" in out


def test_batch_answers_each_line_and_goes_on_after_a_bad_one(
    sample_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        '{"id": "a", "question": "Siapa Kim Jong Un?"}',
        "{",
        '{"id": "b"}',
        "",
        '{"id": "c", "question": "?!"}',
        '{"question": "Who won?"}',
        '{"id": "d", "question": "Apa itu \\ud83d kuda?"}',
        '{"id": "e", "question": null}',
        "[]",
        '{"id": "q\\ud83d", "question": "\\ud83d?!"}',
        '{"id": 7, "question": "?!"}',
    ]
    (tmp_path / "q.jsonl").write_text("\ufeff" + "\n".join(lines))
    assert main(["ask", "--batch", str(tmp_path / "q.jsonl"), "--store", str(sample_store)]) == 0
    captured = capsys.readouterr()
    answers = [json.loads(line) for line in captured.out.splitlines()]
    assert [a["id"] for a in answers] == ["a", "c", None, "d", "q\ufffd", 7]
    assert answers[1]["status"] == "not_found" and "Indonesia" in answers[1]["text"]
    assert [captured.err.count(f"q.jsonl:{n}:") for n in (2, 3, 8, 9)] == [1, 1, 1, 1]


def test_articles_lists_what_is_indexed_and_its_copies(sample_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "--json", "--store", str(sample_store)]) == 0
    rows: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 20 and {row["language"] for row in rows} == {"id", "en"}
    assert [(row["id"], row["copy_of"]) for row in rows if row["copy_of"]] == [
        ("letusan-gunung-warangsa/d", "letusan-gunung-warangsa/a")
    ]
    assert main(["articles", "--store", str(sample_store)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 20


def test_two_folders_of_one_name_lose_no_article(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for year, text in (
        ("2023", "Banjir merendam jalan utama sejak pagi."),
        ("2024", "Gempa merusak rumah warga desa."),
    ):
        (tmp_path / year / "news").mkdir(parents=True)
        (tmp_path / year / "news" / "a.txt").write_text(text)
        assert main(["index", f"{year}/news"]) == 0
    assert "rename the folder" in capsys.readouterr().out
    assert main(["show", "news/a.txt"]) == 0
    assert "Banjir" in capsys.readouterr().out
    (tmp_path / "2023").rename(tmp_path / "moved")
    assert main(["index", "moved/news"]) == 0
    assert "1 unchanged" in capsys.readouterr().out


def test_an_edited_toll_in_copied_text_is_a_source_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = " Air bah datang setelah hujan deras semalaman. Warga mengungsi ke balai desa. Petugas masih mencari korban."
    rows = [{"id": n, "text": f"Sebanyak {n} orang tewas dalam banjir Lembah." + body} for n in ("24", "31")]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert main(["index", "a.jsonl"]) == 0
    assert "(0 of them copies" in capsys.readouterr().out


def test_filters_that_leave_no_article_are_said_and_not_taken_for_silence(
    sample_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", QUESTION, "--source", "Koran Yang Tidak Ada", "--store", str(sample_store)]) == 1
    line = error_line(capsys)
    assert "--source" in line and "silang articles" in line


def test_filters_reach_the_answer(sample_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "ask",
                "Kapan Putin tiba di Pyongyang?",
                "--json",
                "--language",
                "en",
                "--until",
                "2024-06-30",
                "--store",
                str(sample_store),
            ]
        )
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "answered"
    assert {c["article"] for c in answer["citations"] + answer["related"]} == {"kunjungan-pyongyang/c"}


def test_remove_takes_an_article_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "x", "text": "Gempa mengguncang kota kecil itu pada malam hari."}\n'
        '{"id": "y", "text": "Banjir merendam jalan utama sejak pagi tadi."}\n'
    )
    assert main(["index", "a.jsonl"]) == 0
    assert main(["remove", "x"]) == 0
    assert main(["show", "x"]) == 1
    assert "'x'" in error_line(capsys)
    assert main(["remove", "x", "y"]) == 1
    assert main(["show", "y"]) == 0


def test_an_index_without_paths_is_rebuilt_of_what_it_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Gempa mengguncang kota kecil itu pada malam hari. Empat rumah roboh.")
    assert main(["index", "a.txt"]) == 0
    assert main(["index", "--rebuild"]) == 0
    assert "chunks embedded: 1" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["index"])
    assert left.value.code == 2


def test_articles_come_in_on_stdin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    row = b'{"id": "x", "text": "Gempa mengguncang kota kecil itu pada malam hari."}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(row), encoding="utf-8"))
    assert main(["index", "-"]) == 0
    assert "1 new" in capsys.readouterr().out


def test_eval_prints_the_measures_writes_the_report_and_holds_the_floors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eval.asking, "cache_folder", lambda: tmp_path / "kept")
    assert main(["eval", "--json", "--gate", "--report", str(tmp_path / "report")]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert measures["questions"] == 92 and measures["missing"] == 0
    assert measures["citation_exact"] == 1.0
    assert set(measures["languages"]) == {"id", "en"}
    lines = (tmp_path / "report" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 92
    assert json.loads((tmp_path / "report" / "summary.json").read_text(encoding="utf-8")) == measures
    assert (tmp_path / "report" / "report.html").is_file()
    assert main(["eval", "sample"]) == 0
    assert "answer_accuracy" in capsys.readouterr().out


def test_a_broken_comparison_is_caught_by_the_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unrelated(question: Question, pairs: Sequence[tuple[Evidence, Evidence]], judge: Judge) -> list[Verdict]:
        return [Verdict.certain("unrelated") for _ in pairs]

    monkeypatch.setattr(eval.asking, "cache_folder", lambda: tmp_path / "kept")
    monkeypatch.setattr(rag.pipeline, "compare_evidence", unrelated)
    assert main(["eval", "--gate"]) == 1
    said = capsys.readouterr().err
    assert "below the floors" in said and re.search(r"conflict_stated 0\.0 \(floor 0\.\d+\)", said)
    assert re.search(r"\S+/q\d+ \(conflict/\w+\) -> answered", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "Siapa?"], "silang index"),
        (["articles"], "silang index"),
        (["chat"], "silang index"),
        (["index", "nowhere"], "nowhere"),
        (["index", "empty"], "no article"),
        (["index", "empty.txt"], "empty.txt"),
        (["index", "binary.txt"], "binary.txt"),
        (["index", "notext.csv"], "text"),
        (["eval", "nowhere.jsonl"], "nowhere.jsonl"),
        (["eval", "questions.jsonl"], "--store"),
        (["index", "a.txt", "--model", "no/such-model"], "no/such-model"),
        (["index", "a.txt", "--store", "a.txt"], "a.txt"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "notext.csv").write_text("judul,tanggal\nBanjir,2024-01-01\n")
    (tmp_path / "a.txt").write_text("Gempa mengguncang kota kecil itu pada malam hari. Empat rumah roboh.")
    question = {"id": "q", "language": "id", "question": "?", "expect": "unanswerable", "kind": "absent", "sides": []}
    (tmp_path / "questions.jsonl").write_text(json.dumps({"questions": [question]}))
    assert main(arguments) == 1
    assert said in error_line(capsys)


def test_what_is_left_out_of_a_question_set_is_told_also_where_nothing_is_left_to_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = {
        "id": "q",
        "language": "id",
        "question": "Apa?",
        "expect": "unanswerable",
        "kind": "absent",
        "sides": [],
    }
    undated = {"id": "a", "text": "Empat rumah roboh.", "published": "kemarin"}
    (tmp_path / "undated.jsonl").write_text(json.dumps({"articles": [undated], "questions": [question]}))
    assert main(["eval", str(tmp_path / "undated.jsonl")]) == 1
    first, *_, last = (line for line in capsys.readouterr().err.splitlines() if line)
    assert "undated.jsonl: article 1 (a): published is 'kemarin', not a date" in first
    assert "no article of the question set is left" in last


@pytest.mark.parametrize("text", ["", "?!", "金正恩是谁？", "x" * 10_000])
def test_a_question_that_cannot_be_asked_is_one_line_in_the_readers_language(
    sample_store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert main(["ask", text, "--store", str(sample_store)]) == 1
    assert "the question" in error_line(capsys)
    monkeypatch.setenv("SILANG_LANG", "id")
    assert main(["ask", text, "--store", str(sample_store)]) == 1
    assert "pertanyaannya" in error_line(capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["ask"],
        ["ask", "a", "--batch", "b"],
        ["show"],
        ["chat", "--port", "x"],
        ["chat", "--port", "0"],
        ["chat", "--port", "99999"],
        ["ask", "a", "--since", "kemarin"],
    ],
)
def test_wrong_usage_is_exit_code_2_and_said_in_a_few_lines(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert len(capsys.readouterr().err) < 1000


def test_a_store_of_another_model_says_which_command_mends_it(
    sample_store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.bundled import bundled_model_folder

    monkeypatch.setenv("SILANG_MODEL", str(bundled_model_folder()))
    assert main(["ask", "Siapa?", "--store", str(sample_store)]) == 1
    assert "silang index --rebuild --model" in error_line(capsys)


def test_a_closed_pipe_is_no_error(sample_store: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)  # at once: what is listed would fit into a pipe that is closed later
    command = [sys.executable, "-m", "ui", "articles", "--store", str(sample_store)]
    done = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, text=True)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, "")


def test_listing_does_not_wait_for_torch(sample_store: Path) -> None:
    program = f"import sys; from ui.cli import main; main(['articles', '--store', {str(sample_store)!r}]); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("option", ["--reader", "--judge"])
def test_a_reader_or_judge_that_is_not_there_is_one_line(
    sample_store: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert main(["ask", QUESTION, option, "nobody/nothing", "--store", str(sample_store)]) == 1
    assert "nobody/nothing" in error_line(capsys)
