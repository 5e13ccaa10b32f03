"""Measures the reader: `python -m eval.reading --data DIR [--adapter FILE]` prints a table of it on files held out.

Question answering: exact match and F1 (Rajpurkar et al. 2018) of the best span, the passage refused below the
threshold that is best for each, and the AUROC of answerability. Events: whether articles and questions are told
that answer from those that do not, and where the best span lies.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from eval.inputs import SETS
from eval.metrics import exact_and_f1, same_answer
from rag.gather import gather
from rag.reader import ADAPTER, ExtractiveReader
from rag.training.cases import case_store, gold_spans, retrieved
from rag.training.data import question_answering, read_rows

Floats = npt.NDArray[np.float64]


def with_refusal(scores: Floats, answered: Floats, answerable: npt.NDArray[np.bool_]) -> float:
    """Return the best mean over thresholds: `answered` is earned above it, 1 below it where nothing answers."""
    order = np.argsort(-scores)
    gained = np.concatenate([[0.0], np.cumsum(answered[order])])
    refused = (~answerable).sum() - np.concatenate([[0], np.cumsum(~answerable[order])])
    return float((gained + refused).max() / len(scores))


def question_answering_scores(reader: ExtractiveReader, path: Path) -> dict[str, float]:
    """Return EM and F1 in percent and, where the file holds questions without answer, the AUROC of answerability."""
    logits, exact, f1, answerable = [], [], [], []
    for example in question_answering(path):
        spans = reader.score(example.question, [""], [example.passage])[0]
        em, f = exact_and_f1(example.passage[spans[0].start : spans[0].end], example.answers) if spans else (0.0, 0.0)
        logits.append(spans[0].logit if spans else -99.0)
        exact.append(em)
        f1.append(f)
        answerable.append(bool(example.spans))
    y = np.array(answerable)
    if y.all():
        return {"questions": len(y), "EM": 100 * float(np.mean(exact)), "F1": 100 * float(np.mean(f1))}
    return {
        "questions": len(y),
        "EM": 100 * with_refusal(np.array(logits), np.array(exact), y),
        "F1": 100 * with_refusal(np.array(logits), np.array(f1), y),
        "EM of answerable": 100 * float(np.mean(np.array(exact)[y])),
        "F1 of answerable": 100 * float(np.mean(np.array(f1)[y])),
        "AUROC": float(roc_auc_score(answerable, logits)),
    }


def case_scores(reader: ExtractiveReader, path: Path, folder: Path) -> dict[str, float]:
    """Return the measures over what retrieval brings up for the questions of a case file, all cases in one store."""
    articles: list[tuple[float, bool]] = []
    best: list[tuple[float, str]] = []
    right: Counter[str] = Counter()
    asked_of: Counter[str] = Counter()
    took: list[float] = []
    rows = read_rows(path)
    for _, asked, question, passages in retrieved(rows, case_store(folder, rows)):
        found = gather(passages)
        began = time.perf_counter()
        evidence = reader.read(question, found)
        took.append(1000 * (time.perf_counter() - began))
        for passage in found:
            of_it = [e.probability for e in evidence if e.passage is passage]
            articles.append((max(of_it, default=0.0), gold_spans(asked, passage) != ()))
        best.append((evidence[0].probability if evidence else 0.0, asked["expect"]))
        if asked["sides"]:
            wordings = [w for side in asked["sides"] for w in side["answers"]]
            asked_of[asked["expect"]] += 1
            asked_of[asked["kind"]] += 1
            said = evidence[0].answer if evidence else ""
            hit = any(same_answer(w, said) for w in wordings)
            right.update([asked["expect"], asked["kind"]] if hit else [])
    kinds = {f"top span right, {name}": right[name] / total for name, total in sorted(asked_of.items())}
    refused = [p for p, expect in best if expect == "unanswerable"]
    answers = np.array([p for p, expect in best if expect != "unanswerable"])
    return {
        "articles": len(articles),
        "AUROC of articles": float(roc_auc_score([y for _, y in articles], [p for p, _ in articles])),
        "AUROC of questions": float(
            roc_auc_score([expect != "unanswerable" for _, expect in best], [p for p, _ in best])
        ),
        "unanswerable refused at 8% false refusals": float(np.mean(np.array(refused) < np.quantile(answers, 0.08))),
        "brier of articles": float(np.mean([(p - y) ** 2 for p, y in articles])),
        "ms a question, median": float(np.median(took)),
        **kinds,
    }


def main(arguments: Sequence[str]) -> int:
    """Measure and print one JSON line a file."""
    parser = argparse.ArgumentParser(prog="python -m eval.reading", description="Measure the reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder with qa/")
    parser.add_argument("--adapter", type=Path, default=ADAPTER)
    given = parser.parse_args(arguments)
    reader = ExtractiveReader(given.adapter)
    for name in ("idk_mrc_valid", "facqa_valid"):
        _print(name, question_answering_scores(reader, given.data / "qa" / f"{name}.jsonl"))
    with TemporaryDirectory(prefix="silang-reading-") as folder:
        _print("events", case_scores(reader, SETS / "events.jsonl", Path(folder)))
    return 0


def _print(name: str, scores: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({"on": name, **{k: round(v, 4) for k, v in scores.items()}}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
