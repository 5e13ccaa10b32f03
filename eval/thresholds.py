"""Tunes the thresholds of `rag.decide`: `python -m eval.thresholds CASES_TRAIN.jsonl` prints them.

On the cases that the training of the reader held out, asked over the articles of all cases of the file: a grid for
the macro-F1 of the three outcomes. Never run it on a set that is used for measuring.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.metrics import f1_score

from eval.cases import load_cases
from eval.metrics import EXPECTED
from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from rag.compare import PolarityJudge, compare_evidence
from rag.decide import decide
from rag.question import analyse
from rag.reader import ExtractiveReader
from rag.retrieve import retrieve
from rag.training.data import split_cases
from rag.training.reader import Settings
from rag.types import Evidence, Verdict

Relate = Callable[[Evidence, Evidence], Verdict]
ANSWERS = np.round(np.arange(0.05, 0.95, 0.05), 2)
HEARD = np.round(np.arange(0.1, 1.0, 0.1), 2)


def asked(path: Path) -> tuple[list[str], list[tuple[list[Evidence], Relate]]]:
    """Return the expected status of each held-out question, and its evidence with the comparison of any two."""
    cases = load_cases(path)
    held = {row["case"] for row in split_cases(path, Settings().seed)[1]}
    encoder = SentenceTransformerEncoder()
    reader, judge = ExtractiveReader(embeddings=encoder.embeddings), PolarityJudge()
    wanted: list[str] = []
    found: list[tuple[list[Evidence], Relate]] = []
    with TemporaryDirectory(prefix="silang-thresholds-") as folder:
        store_folder = StoreFolder(folder)
        build_index(store_folder, (article for case in cases for article in case.articles), encoder)
        store = store_folder.current()
        for gold in (question for case in cases if case.name in held for question in case.questions):
            question = analyse(gold.question, store)
            passages = retrieve(store, encoder.query(question.text), question.stems)
            # Compared once a pair, however many thresholds are tried.
            relate = lru_cache(maxsize=None)(partial(compare_evidence, question, judge=judge))
            found.append((reader.read(question, passages), relate))
            wanted.append(EXPECTED[gold.expect])
    return wanted, found


def main(path: Path) -> None:
    """Print the constants to be written into `rag/decide.py`."""
    wanted, found = asked(path)
    scored = []
    for answers, heard in product(ANSWERS, HEARD):
        given = [decide(items, relate, answers=answers, heard=heard).status for items, relate in found]
        scored.append((f1_score(wanted, given, average="macro"), answers, heard))
    best, answers, heard = max(scored)
    sys.stdout.write(
        f"ANSWERS = {answers:.2f}\nHEARD = {heard:.2f}\n# macro-F1 {best:.4f} on {len(wanted)} held-out questions\n"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m eval.thresholds CASES_TRAIN.jsonl\n")
        raise SystemExit(2)
    main(Path(sys.argv[1]))
