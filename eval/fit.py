"""Fits the first reader and the decision's thresholds: `python -m eval.fit CASES_TRAIN.jsonl` prints the constants.

Weights of `rag.read` by logistic regression (scikit-learn) on every sentence that retrieval brings up for the
training questions, labelled by whether it is gold evidence; thresholds of `rag.decide` by a grid, for the macro-F1
of the three outcomes. Never run it on a set that is used for measuring.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from functools import lru_cache, partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from eval.cases import GoldQuestion, load_cases
from eval.metrics import EXPECTED
from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import Span
from rag.compare import PolarityJudge, compare_evidence
from rag.decide import decide
from rag.question import analyse
from rag.read import Features, answer_span, sentence_features
from rag.retrieve import retrieve
from rag.types import Evidence, Passage, Question, Verdict

Relate = Callable[[Evidence, Evidence], Verdict]
ANSWERS = np.round(np.arange(0.05, 0.65, 0.05), 2)
HEARD = np.round(np.arange(0.2, 1.0, 0.1), 2)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence that retrieval brought up for a training question, and whether it is gold evidence."""

    passage: Passage
    sentence: Span
    features: Features
    gold: bool


def candidates(path: Path) -> list[tuple[GoldQuestion, Question, list[Candidate]]]:
    """Index the cases' articles, retrieve for every question, and label the sentences of what comes back."""
    cases = load_cases(path)
    encoder = SentenceTransformerEncoder()
    found = []
    with TemporaryDirectory(prefix="silang-fit-") as folder:
        store_folder = StoreFolder(folder)
        build_index(store_folder, (article for case in cases for article in case.articles), encoder)
        store = store_folder.current()
        for gold in (question for case in cases for question in case.questions):
            question = analyse(gold.question, store)
            passages = retrieve(store, encoder.query(question.text), tuple(question.weights))
            rows = [
                Candidate(passage, sentence, features, _is_gold(gold, passage, sentence))
                for passage, sentence, features in sentence_features(question, passages)
            ]
            found.append((gold, question, rows))
    return found


def _is_gold(question: GoldQuestion, passage: Passage, sentence: Span) -> bool:
    for side in question.sides:
        for article, quote in side.evidence:
            at = passage.article.text.find(quote) if article == passage.article.id else -1
            if at >= 0 and sentence.start < at + len(quote) and at < sentence.end:
                return True
    return False


def main(path: Path) -> None:
    """Fit and print the constants to be written into `rag/read.py` and `rag/decide.py`."""
    found = candidates(path)
    x = np.array([astuple(c.features) for _, _, rows in found for c in rows])
    y = np.array([c.gold for _, _, rows in found for c in rows])
    model = LogisticRegression(max_iter=2000).fit(x, y)
    lines = [f"BIAS = {model.intercept_[0]:.3f}", "WEIGHTS = Features("]
    lines += [f"    {f.name}={w:.3f}," for f, w in zip(fields(Features), model.coef_[0], strict=True)]
    lines.append(")")

    wanted = [EXPECTED[gold.expect] for gold, _, _ in found]
    judge = PolarityJudge()
    evidence: list[tuple[list[Evidence], Relate]] = []
    for _, question, rows in found:
        probable = model.predict_proba(np.array([astuple(c.features) for c in rows]))[:, 1] if rows else []
        items = [
            Evidence(c.passage, c.sentence, answer_span(question, c.passage, c.sentence), float(p))
            for c, p in zip(rows, probable, strict=True)
        ]
        # Compared once a pair, however many thresholds are tried.
        relate = lru_cache(maxsize=None)(partial(compare_evidence, question, judge=judge))
        evidence.append((sorted(items, key=lambda e: -e.probability), relate))
    best = max(
        (f1_score(wanted, _outcomes(evidence, answers, heard), average="macro"), answers, heard)
        for answers, heard in product(ANSWERS, HEARD)
    )
    lines += [f"ANSWERS = {best[1]:.2f}", f"HEARD = {best[2]:.2f}", f"# macro-F1 of the outcomes there: {best[0]:.4f}"]
    sys.stdout.write("\n".join(lines) + "\n")


def _outcomes(evidence: list[tuple[list[Evidence], Relate]], answers: float, heard: float) -> list[str]:
    return [decide(items, relate, answers=answers, heard=heard).status for items, relate in evidence]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m eval.fit CASES_TRAIN.jsonl\n")
        raise SystemExit(2)
    main(Path(sys.argv[1]))
