"""Command line of training: `python -m rag.training reader --data DIR --out DIR`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rag.training.calibration import calibrate
from rag.training.data import Example, cases, question_answering, reading, split_cases
from rag.training.reader import Settings, train


def examples(data: Path, out: Path, seed: int) -> list[Example]:
    """Read every training file under `data`; what retrieval brings up for the cases is kept in `out`."""
    kept, held = split_cases(data / "cases_train.jsonl", seed)
    found: list[Example] = []
    for name in ("idk_mrc_train", "facqa_train"):
        found += question_answering(data / "qa" / f"{name}.jsonl")
    found += reading(data / "reading_news.jsonl")
    mined = out / f"cases-{seed}.jsonl"
    if not mined.is_file():
        out.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(asdict(e), ensure_ascii=False) for e in cases([*kept, *held])]
        mined.write_text("\n".join(lines) + "\n", encoding="utf-8")
    names = {row["case"] for row in kept}
    found += [e for e in stored(mined) if e.case in names]
    return found


def stored(path: Path) -> list[Example]:
    """Read back examples that were written as JSON Lines."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(**{**row, "spans": tuple((s, e) for s, e in row["spans"]), "answers": tuple(row["answers"])})
        for row in rows
    ]


def main(arguments: Sequence[str]) -> int:
    """Train what is named; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m rag.training", description="Train an adapter on the backbone.")
    parser.add_argument("what", choices=["reader", "calibrate"], help="calibrate: only the last step")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the adapter")
    defaults = Settings()
    for name in ("seed", "rank", "rate", "epochs", "news_epochs", "minutes"):
        value = getattr(defaults, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args(arguments))
    what = given.pop("what")
    data, out = given.pop("data"), given.pop("out")
    settings = replace(defaults, **given)
    out.mkdir(parents=True, exist_ok=True)
    if what == "reader":
        train(examples(data, out, settings.seed), out, settings)
    fitted = calibrate(out / "reader.safetensors", split_cases(data / "cases_train.jsonl", settings.seed)[1])
    sys.stderr.write(f"{fitted}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
