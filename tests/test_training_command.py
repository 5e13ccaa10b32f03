from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from builders import LongestFirst, random_adapter

import index
import rag
import rag.training.__main__ as command
import rag.training.cases
import rag.training.data
import rag.training.reader
from eval.thresholds import main as tune
from index.types import SilangError
from rag.adapter import combined, fingerprint, load_adapter
from rag.judge import ADAPTER as JUDGE
from rag.reader import ADAPTER, ExtractiveReader, SpanModel, beside_adapter
from rag.training.data import Example
from rag.training.loop import BEFORE, Settings
from rag.training.reader import BESIDE_RATE, carry_over


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with the files that training reads of --data, empty."""
    for name in {name for names in command.READ.values() for name in names}:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "data"


def products(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The differences to each layer that factors stand for, and the heads."""
    layers = {
        name[:-3]: tensor @ tensors[f"{name[:-3]}.down"] for name, tensor in tensors.items() if name.endswith(".up")
    }
    return layers | {name: tensor for name, tensor in tensors.items() if not name.endswith((".up", ".down"))}


def test_the_mean_of_adapters_is_that_of_their_weights(tiny: Path, tmp_path: Path) -> None:
    several = [load_adapter(random_adapter(tmp_path / "a", tiny, SpanModel, {}, seed=n))[0] for n in range(3)]
    mean, (one, two, three) = products(combined(several, [1 / 3] * 3, rank=6)), map(products, several)
    assert mean.keys() == one.keys() and len(mean) > 12
    for name, tensor in mean.items():
        assert torch.allclose(tensor, (one[name] + two[name] + three[name]) / 3, atol=1e-4)
    assert not torch.allclose(one["encoder.layer.0.attention.self.query"], two["encoder.layer.0.attention.self.query"])


def test_what_a_further_round_changes_in_the_reader_is_carried_over_to_the_one_that_reads_beside_an_answer(
    tiny: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("before", "after")]
    for folder in folders:
        folder.mkdir()
    before, after = (
        random_adapter(folder / "reader.safetensors", tiny, SpanModel, {}, n) for n, folder in enumerate(folders)
    )
    assert not carry_over(after, before)
    told = {"settings": {"stored_rank": 6}, "start": fingerprint(after)}
    second = random_adapter(beside_adapter(before), tiny, SpanModel, told, seed=2)
    assert not carry_over(after, before) and not beside_adapter(after).exists()  # it is another reader's
    random_adapter(second, tiny, SpanModel, {**told, "start": fingerprint(before)}, seed=2)
    assert carry_over(after, before)
    moved, of, new, old = (products(load_adapter(path)[0]) for path in (beside_adapter(after), second, after, before))
    for name, tensor in moved.items():
        assert torch.allclose(tensor, of[name] + new[name] - old[name], atol=0.05)
    assert not torch.allclose(moved["encoder.layer.0.attention.self.query"], of["encoder.layer.0.attention.self.query"])
    assert ExtractiveReader(after, folder=tiny, dtype=torch.float32).second


def test_an_adapter_is_known_by_its_weights_whatever_its_calibration(tiny: Path, tmp_path: Path) -> None:
    one, calibrated, other = (
        random_adapter(tmp_path / f"{n}", tiny, SpanModel, {"calibration": n}, seed) for n, seed in enumerate((1, 1, 2))
    )
    assert fingerprint(one) == fingerprint(calibrated) != fingerprint(other)


@dataclass
class Beside:
    """What the command for reading beside an answer is asked to do, over 40 cases, without training."""

    adapter: Path
    options: list[str]
    asked: list[tuple[str, int]] = field(default_factory=list)
    trained: list[tuple[Sequence[Example], Settings, Path, float]] = field(default_factory=list)
    calibrated: list[tuple[Path, Path, bool]] = field(default_factory=list)


@pytest.fixture
def beside(tiny: Path, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    options = ["beside", "--data", str(data), "--out", str(tmp_path), "--seed", "5", "--events"]
    done = Beside(random_adapter(tmp_path / "reader.safetensors", tiny, SpanModel, {}), options)
    rows = [
        {
            "case": f"{n}",
            "articles": [{"language": "en" if n < 3 else "id"}],
            "questions": [{"as": "short"}, {}] if 3 <= n < 20 else [{}],
        }
        for n in range(40)
    ]

    def mined(out: Path, rows: Sequence[dict[str, Any]]) -> list[Example]:
        assert rows
        done.asked.extend((row["case"], len(row["questions"])) for row in rows)
        return [
            Example(
                "Berapa?",
                f"Judul {n}",
                "Ada tiga orang.",
                ((4, 8),),
                "news",
                row["case"],
                (),
                row["articles"][0]["language"],
            )
            for row in rows
            for n in range(2)
        ]

    def train(
        name: str, phases: dict[str, Sequence[Example]], out: Path, settings: Settings, start: Path, before: float
    ) -> Path:
        done.trained.append((phases["again"], settings, start, before))
        metadata = {"start": fingerprint(start)}
        return random_adapter(out / f"{name}.safetensors", tiny, SpanModel, metadata, settings.seed)

    monkeypatch.setattr(command, "cases", lambda *_: rows)
    monkeypatch.setattr(command, "_mined", mined)
    monkeypatch.setattr(command, "_questions", lambda _: [])
    monkeypatch.setattr(command, "_sentences", lambda: [])
    monkeypatch.setattr(command, "ExtractiveReader", lambda *_, **__: LongestFirst())
    monkeypatch.setattr(command, "_calibrate", lambda *given, twice: done.calibrated.append((*given, twice)))
    monkeypatch.setattr(rag.training.reader, "_train", train)
    return done


def test_each_round_beside_an_answer_reads_other_examples_and_their_mean_is_kept(
    beside: Beside, tiny: Path, tmp_path: Path, data: Path
) -> None:
    adapter = beside.adapter
    assert command.main([*beside.options, "20"]) == 0

    assert [(settings.seed, settings.rate, start, before) for _, settings, start, before in beside.trained] == [
        (5, BESIDE_RATE, adapter, 0.0), (6, BESIDE_RATE, tmp_path / "reader-beside-5.safetensors", 0.0),
    ]  # fmt: skip
    told = [{e.id for e in read if e.pool == "beside"} for read, *_ in beside.trained]
    # All that is asked as people type is read, of events that are drawn and, without the rest, of the others.
    read = dict(beside.asked)
    assert len(read) == len(beside.asked) and {f"{n}" for n in range(20)} <= read.keys()
    assert {number for case, number in beside.asked if 3 <= int(case) < 20} == {1, 2}
    # All that is in English, and another part of the rest in each round.
    assert told[0] != told[1] and all({"0", "1", "2"} < ids for ids in told)
    tensors, metadata = load_adapter(beside_adapter(adapter))
    rounds = [products(load_adapter(tmp_path / f"reader-beside-{seed}.safetensors")[0]) for seed in (5, 6)]
    for name, tensor in products(tensors).items():
        assert torch.allclose(tensor, (rounds[0][name] + rounds[1][name]) / 2, atol=0.05)
    assert metadata["mean_of"] == [5, 6] and beside.calibrated == [(adapter, tmp_path, True)]

    def refused() -> str:
        return command._refused("judge", data, tmp_path, None, None, 0)

    assert "not calibrated with it" in refused()
    random_adapter(adapter, tiny, SpanModel, {"beside": fingerprint(beside_adapter(adapter))})
    assert refused() == ""
    random_adapter(adapter, tiny, SpanModel, {}, seed=9)  # trained again
    assert "not calibrated with it" in refused()
    assert command.main([*beside.options, "40"]) == 0  # all events drawn: none in English is left to add


def test_a_further_round_beside_an_answer_goes_on_from_that_adapter_and_stays_the_reader_s(
    beside: Beside, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = random_adapter(tmp_path / "before.safetensors", tiny, SpanModel, {"start": "another reader"}, seed=1)
    with pytest.raises(SystemExit):
        command.main([*beside.options, "20", "--start", str(start)])
    assert f"beside an answer of {beside.adapter}" in capsys.readouterr().err and not beside.asked

    random_adapter(start, tiny, SpanModel, {"start": fingerprint(beside.adapter)}, seed=1)
    assert command.main([*beside.options, "20", "--start", str(start)]) == 0
    assert [(settings.seed, at, before) for _, settings, at, before in beside.trained] == [(5, start, BEFORE)]
    metadata = load_adapter(beside_adapter(beside.adapter))[1]
    assert metadata["start"] == fingerprint(beside.adapter) and metadata["further_round_from"] == fingerprint(start)
    assert beside.calibrated == [(beside.adapter, tmp_path, True)]
    assert ExtractiveReader(beside.adapter, folder=tiny, dtype=torch.float32).second


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--events", "9"], "--start"),
        (["--start", "nowhere.safetensors"], "there is no file nowhere.safetensors"),
        (["--start", "{judge}"], "is not the finished adapter of a reader"),
        (["--start", "{beside}"], "is not the finished adapter of a reader"),
        (["--start", __file__], "is not the finished adapter of a reader"),
        (["--start", "{reader}", "--out", "{folder}"], "would be overwritten"),
        (["--start", "{reader}", "--rank", "8"], "leave --rank away"),
        (["--start", "{reader}", "--events", "0"], "at least"),
    ],
)
def test_a_further_round_that_cannot_be_is_refused_at_once(
    options: list[str], said: str, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = {"{reader}": ADAPTER, "{judge}": JUDGE, "{beside}": beside_adapter(ADAPTER), "{folder}": ADAPTER.parent}
    given = [str(known.get(option, option)) for option in options]
    with pytest.raises(SystemExit):
        command.main(["reader", "--data", str(data), "--out", str(tmp_path), *given])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("what", "options", "said"),
    [
        ("beside", [], "train the reader first"),
        ("judge", [], "train the reader first"),
        (
            "beside",
            ["--out", str(ADAPTER.parent), "--start", str(ADAPTER)],
            "is not the finished adapter that reads beside",
        ),
        ("beside", ["--out", str(ADAPTER.parent), "--start", str(beside_adapter(ADAPTER))], "would be overwritten"),
        ("beside", ["--out", str(ADAPTER.parent), "--rank", "8"], "leave --rank away"),
        ("beside", ["--out", str(ADAPTER.parent), "--events", "2"], "at least"),
    ],
)
def test_what_is_learnt_after_the_reader_is_refused_where_it_cannot_be(
    what: str, options: list[str], said: str, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main([what, "--data", str(data), "--out", str(tmp_path), *options])
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("lacking", ["nli/indonli_train.jsonl", "qa/idk_mrc_train.jsonl"])
def test_a_file_of_the_data_that_is_missing_is_named_before_anything_is_mined(
    lacking: str, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / lacking).unlink()
    with pytest.raises(SystemExit):
        command.main(["reader", "--data", str(data), "--out", str(tmp_path / "out")])
    assert f"--data: {data} holds no {lacking}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("package", [index, rag], ids=lambda package: package.__name__)
def test_what_was_mined_by_other_code_of_either_package_is_not_taken(
    package: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = command._digest([])
    assert command._digest([]) == before != command._digest([{}])
    (tmp_path / "code.py").write_text("changed = True")
    monkeypatch.setattr(package, "__file__", str(tmp_path / "__init__.py"))
    assert command._digest([]) != before


def test_where_only_the_package_is_installed_training_asks_for_a_checkout(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rag.training.data, "OWN", tmp_path / "sets")
    for run in (lambda: command.main(["reader", "--data", str(data), "--out", str(tmp_path)]), lambda: tune([])):
        assert run() == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "training needs a checkout of the repository" in line
    with pytest.raises(SilangError, match="checkout") as refused:
        rag.training.cases.cases("held")
    assert "salinan repositori" in refused.value.text.id
