"""Measures the judge: `python -m eval.judging --data DIR [--adapter FILE]` prints a JSON line a file.

Inference: accuracy over three labels, precision and recall of contradiction. Events: how well the judge tells the
conflicting pairs of gold evidence from the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from eval.inputs import SETS
from rag.judge import ADAPTER, NLI, RELATIONS, LearnedJudge, kind_of
from rag.question import asked_type
from rag.training.data import read_rows
from rag.training.pairs import gold_pairs, inference

FALSE_ALARMS = 0.05


def inference_scores(judge: LearnedJudge, path: Path) -> dict[str, float]:
    """Return the measures over a file of nli/."""
    examples = list(inference(path))
    given = [NLI[i] for i in judge.score([e.text for e in examples])[2].argmax(-1).tolist()]
    labels = [e.nli for e in examples]
    contradiction = {"labels": ["contradiction"], "average": "micro"}
    return {
        "pairs": len(examples),
        "accuracy": float(accuracy_score(labels, given)),
        "contradiction precision": float(precision_score(labels, given, **contradiction)),
        "contradiction recall": float(recall_score(labels, given, **contradiction)),
    }


def case_scores(judge: LearnedJudge, path: Path) -> dict[str, float]:
    """Return the measures over the pairs of gold evidence of a case file: given that both sides answer, as they do."""
    examples = list(gold_pairs(read_rows(path)))
    relations, kinds, _ = judge.score([e.text for e in examples])
    shares = (relations / judge.temperature)[:, : RELATIONS.index("unrelated")].softmax(-1)
    against = shares[:, RELATIONS.index("incompatible")].numpy()
    conflict = np.array([e.relation == "incompatible" for e in examples])
    at = np.quantile(against[~conflict], 1 - FALSE_ALARMS)
    likeliest = kinds.argmax(-1).tolist()
    named = np.array(
        [kind_of(asked_type(e.text.question), k) == e.kind for e, k in zip(examples, likeliest, strict=True)]
    )
    return {
        "pairs": len(examples),
        "conflicts": int(conflict.sum()),
        "AUROC": float(roc_auc_score(conflict, against)),
        "recall at 5% false alarms": float((against[conflict] > at).mean()),
        "kind right": float(named[conflict].mean()),
    }


def main(arguments: Sequence[str]) -> int:
    """Measure and print one JSON line a file."""
    parser = argparse.ArgumentParser(prog="python -m eval.judging", description="Measure the judge.")
    parser.add_argument("--data", type=Path, required=True, help="folder with nli/")
    parser.add_argument("--adapter", type=Path, default=ADAPTER)
    given = parser.parse_args(arguments)
    judge = LearnedJudge(given.adapter)
    for name, scores in (
        ("indonli_val", inference_scores(judge, given.data / "nli" / "indonli_val.jsonl")),
        ("events", case_scores(judge, SETS / "events.jsonl")),
    ):
        sys.stdout.write(json.dumps({"on": name, **{k: round(v, 4) for k, v in scores.items()}}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
