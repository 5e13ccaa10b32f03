"""Compares ways to retrieve: `python -m eval.retrieval --data DIR`.

On the answerable questions of IDK-MRC's validation split over the pooled paragraphs of its train and validation
splits: dense alone, BM25 by SQLite FTS5 and by bm25s, stemmed or not, and fusions of dense with FTS5. R@k and
MRR@10 through ir_measures. "rare" counts the questions whose paragraph BM25 ranks first and dense alone does not
bring into the first ten: what hangs on a name or a number, and which fusion must not lose.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoder import SentenceTransformerEncoder
from index.lexical import terms
from index.types import SilangError
from rag.retrieve import LEXICAL, fuse

Scores = npt.NDArray[np.float64]  # (questions, paragraphs)
DEPTH = 100


def load(data: Path) -> tuple[list[str], list[str], npt.NDArray[np.int64]]:
    """Return the pooled paragraphs, the questions, and the row of each question's paragraph."""
    rows: dict[str, int] = {}
    questions: list[str] = []
    gold: list[int] = []
    for split in ("train", "valid"):
        with (data / "qa" / f"idk_mrc_{split}.jsonl").open(encoding="utf-8") as file:
            for row in map(json.loads, file):
                paragraph = rows.setdefault(row["context"], len(rows))
                if split == "valid" and row["answers"]:
                    questions.append(row["question"])
                    gold.append(paragraph)
    return list(rows), questions, np.array(gold)


def dense(paragraphs: Sequence[str], questions: Sequence[str]) -> Scores:
    """Cosines by the bundled encoder."""
    encoder = SentenceTransformerEncoder()
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        sys.stderr.write(f"\rembedding {done}/{len(paragraphs)}")

    vectors = encoder.passages(paragraphs, tell)
    sys.stderr.write("\n")
    return np.stack([encoder.query(q) for q in questions]).astype(np.float64) @ vectors.T.astype(np.float64)


def fts5(paragraphs: Sequence[str], questions: Sequence[str], tokens: Callable[[str], list[str]]) -> Scores:
    """BM25 of SQLite's FTS5 over the given tokens, 0 where nothing matches."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE stems USING fts5 (body)")
    database.executemany("INSERT INTO stems VALUES (?)", [(" ".join(tokens(p)),) for p in paragraphs])
    scores = np.zeros((len(questions), len(paragraphs)))
    for i, question in enumerate(questions):
        match = " OR ".join(f'"{token}"' for token in dict.fromkeys(tokens(question)))
        for row, score in database.execute("SELECT rowid, bm25(stems) FROM stems WHERE stems MATCH ?", (match,)):
            scores[i, row - 1] = -score
    return scores


def bm25(paragraphs: Sequence[str], questions: Sequence[str], tokens: Callable[[str], list[str]]) -> Scores:
    """BM25 of the library bm25s over the given tokens."""
    try:
        import bm25s
    except ImportError as error:
        raise SilangError(
            "the comparison needs bm25s: pip install 'silang[bench]'",
            "perbandingan ini memerlukan bm25s: pip install 'silang[bench]'",
        ) from error

    index = bm25s.BM25()
    index.index([tokens(p) for p in paragraphs], show_progress=False)
    known = index.vocab_dict
    asked = [[token for token in tokens(q) if token in known] for q in questions]
    return np.stack([index.get_scores(a) if a else np.zeros(len(paragraphs)) for a in asked]).astype(np.float64)


def ranks(scores: Scores) -> Scores:
    """1 for the best column of each row."""
    order = np.argsort(-scores, axis=1, kind="stable")
    result = np.empty_like(scores)
    np.put_along_axis(result, order, np.broadcast_to(np.arange(1, scores.shape[1] + 1.0), scores.shape), axis=1)
    return result


def rank_fusion(first: Scores, second: Scores, weight: float = 1.0, k: int = 60) -> Scores:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009), the second ranking weighted."""
    return 1 / (k + ranks(first)) + weight / (k + ranks(second))


def score_fusion(cosines: Scores, lexical: Scores, weight: float) -> Scores:
    """What `rag.retrieve.fuse` does, on the first rows of either search."""
    fused = np.full_like(cosines, -1.0)
    for i, (near, held) in enumerate(zip(cosines, lexical, strict=True)):
        top = {int(row): float(held[row]) for row in np.argsort(-held)[:DEPTH] if held[row] > 0}
        rows = {int(row) for row in np.argsort(-near)[:DEPTH]} | top.keys()
        for row, score in fuse({row: float(near[row]) for row in rows}, top, weight):
            fused[i, row] = score
    return fused


def table(runs: Iterable[tuple[str, Scores]], gold: npt.NDArray[np.int64], rare: npt.NDArray[np.bool_]) -> list[str]:
    """One line a run: R@1, R@5, R@20, MRR@10, and the rare questions in the first ten."""
    import ir_measures
    from ir_measures import RR, R

    qrels = [ir_measures.Qrel(str(i), str(row), 1) for i, row in enumerate(gold)]
    measures = [R @ 1, R @ 5, R @ 20, RR @ 10]
    lines = [f"{'':36}" + "".join(f"{name:>9}" for name in ("R@1", "R@5", "R@20", "MRR@10", "rare"))]
    for name, scores in runs:
        run = [
            ir_measures.ScoredDoc(str(i), str(row), float(given[row]))
            for i, given in enumerate(scores)
            for row in np.argsort(-given, kind="stable")[:DEPTH]
        ]
        found = ir_measures.calc_aggregate(measures, qrels, run)
        place = ranks(scores)[np.arange(len(gold)), gold]
        kept = f"{int((place[rare] <= 10).sum())}/{int(rare.sum())}"
        lines.append(f"{name:36}" + "".join(f"{found[m]:>9.3f}" for m in measures) + f"{kept:>9}")
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with qa/idk_mrc_*.jsonl")
    data: Path = parser.parse_args().data
    paragraphs, questions, gold = load(data)
    sys.stdout.write(f"{len(questions)} questions over {len(paragraphs)} paragraphs\n")
    cosines = dense(paragraphs, questions)

    def plain(text: str) -> list[str]:
        return "".join(ch if ch.isalnum() else " " for ch in text.lower()).split()

    def stemmed(text: str) -> list[str]:
        return terms(text, "id")

    lexical = fts5(paragraphs, questions, stemmed)
    at = np.arange(len(gold))
    rare = (ranks(lexical)[at, gold] == 1) & (ranks(cosines)[at, gold] > 10)
    runs: list[tuple[str, Scores]] = [
        ("dense", cosines),
        ("FTS5", fts5(paragraphs, questions, plain)),
        ("FTS5, stemmed", lexical),
        ("bm25s", bm25(paragraphs, questions, plain)),
        ("bm25s, stemmed", bm25(paragraphs, questions, stemmed)),
        ("rank fusion, equal", rank_fusion(cosines, lexical)),
        ("rank fusion, lexical 0.5", rank_fusion(cosines, lexical, 0.5)),
        ("rank fusion, lexical 0.2, k = 10", rank_fusion(cosines, lexical, 0.2, 10)),
    ]
    runs += [
        (
            f"cosine + {weight} BM25 / best" + (" (used)" if weight == LEXICAL else ""),
            score_fusion(cosines, lexical, weight),
        )
        for weight in (0.02, 0.04, 0.06, 0.08, 0.12)
    ]
    sys.stdout.write("\n".join(table(runs, gold, rare)) + "\n")


if __name__ == "__main__":
    main()
