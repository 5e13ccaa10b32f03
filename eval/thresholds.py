"""Tunes the thresholds of `rag.decide`: `python -m eval.thresholds [--adapters DIR]` prints them.

On the cases that are held out from reader and judge, asked over their own articles: a grid for the balanced share of
right outcomes where at most one answerable question in twenty is called a conflict. Many come within half a point of the
highest; of these that tenth counts that picks a side silently the least, for nothing misleads more, and of the tenth
those that hear the least, for what is heard is cited. The middle of them is taken. Also how far the share falls when the
thresholds are tuned on other cases than those they are measured on (cross-validation by case; the calibration of reader
and judge has seen them all). Never run it on a set that is used for measuring.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from eval.cases import load_cases
from eval.outcomes import Found, balanced, find_all, right, statuses
from index.encoder import SentenceTransformerEncoder
from index.types import SilangError
from rag.decide import Thresholds
from rag.judge import ADAPTER as JUDGE
from rag.judge import LearnedJudge
from rag.pipeline import Silang
from rag.reader import ADAPTER as READER
from rag.reader import ExtractiveReader
from rag.training.cases import case_store, cases
from rag.training.data import own

GRID = [
    Thresholds(*map(float, values))
    for values in product(
        np.round(np.arange(0.5, 1.0, 0.05), 2),
        (0.1, 0.2, 0.3, 0.4, 0.5),
        np.round(np.arange(0.05, 0.71, 0.025), 3),
    )
]
FOLDS = 5
FALSE_CONFLICTS = 0.05  # of the answerable questions, at most: the share that is aimed at
SILENT = 0.1  # share of the near-best thresholds, those with the fewest silent picks, of which one is taken


def best(rights: npt.NDArray[np.bool_], came: npt.NDArray[np.str_], found: Found) -> int:
    """Return the place in the grid of the chosen thresholds, given which questions come out right under each and how.

    `rights` and `came` (`eval.outcomes`) have shape (thresholds, questions found).

    Raises ValueError where every one calls too many answers a conflict.
    """
    expects = np.array([question.expect for question, _ in found])
    allowed = (came[:, expects == "answer"] == "conflict").mean(axis=1) <= FALSE_CONFLICTS
    if not allowed.any():
        raise ValueError(
            f"no thresholds of the grid keep false conflicts at {FALSE_CONFLICTS}: the judge needs training"
        )
    scores = np.where(allowed, balanced(rights, found), -1.0)
    near = np.flatnonzero(scores >= scores.max() - 0.005)
    silent = (came[near][:, expects == "conflict"] == "answered").mean(axis=1)
    near = near[silent <= np.quantile(silent, SILENT)]
    heard = np.array([t.heard for t in GRID])[near]
    near = near[heard == heard.max()]
    values = np.array([(t.answers, t.conflict) for t in GRID])[near]
    return int(near[np.abs(values - np.median(values, axis=0)).sum(axis=1).argmin()])


def main(arguments: Sequence[str]) -> int:
    """Print the constants to be written into `rag/decide.py`."""
    parser = argparse.ArgumentParser(prog="python -m eval.thresholds", description="Tune the thresholds of a decision.")
    parser.add_argument("--adapters", type=Path, help="folder with the adapters, as training leaves them")
    given = parser.parse_args(arguments)
    try:
        held = load_cases(*own("cases_held.jsonl"))
    except SilangError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    encoder = SentenceTransformerEncoder()
    reader = ExtractiveReader(given.adapters / READER.name if given.adapters else READER, embeddings=encoder.embeddings)
    judge = LearnedJudge(given.adapters / JUDGE.name if given.adapters else JUDGE, embeddings=encoder.embeddings)
    with TemporaryDirectory(prefix="silang-thresholds-") as folder:
        silang = Silang(case_store(Path(folder), cases("held")), encoder, reader, judge)
        found = find_all(silang, (question for case in held for question in case.questions))
        rights, came = right(silang, found, GRID), statuses(found, GRID)
    case_of = np.array([n for n, case in enumerate(held) for _ in case.questions])
    across = []
    for fold in range(FOLDS):
        unseen = case_of % FOLDS == fold
        others = [item for item, new in zip(found, unseen, strict=True) if not new]
        across.append(rights[best(rights[:, ~unseen], came[:, ~unseen], others)] & unseen)
    scores, place = balanced(rights, found), best(rights, came, found)
    unseen_score = balanced(np.any(across, axis=0)[None], found)[0]
    sys.stdout.write(
        f"{GRID[place]}\nbalanced {scores[place]:.4f} on {len(held)} held-out cases, "
        f"{unseen_score:.4f} where tuned on the others\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
