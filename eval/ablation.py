"""What each part brings: `python -m eval.ablation CASES.jsonl --store DIR --plain FILE` prints a row of measures a step.

The steps: a reader trained on question answering alone and its top span (what a plain pipeline says), the same with
the reader trained on news, typed values compared, the learned judge with the question's words in the article, the
sources weighed together, articles read beside the surest's answer too, and the tuned thresholds. FILE is the
`reader-wiki-again.safetensors` that `python -m rag.training reader` leaves beside the adapter.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from copy import copy
from pathlib import Path

from eval.cases import load_cases
from eval.outcomes import find_all, outcome
from eval.peers import NoJudge
from eval.run import stored_texts
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from rag.decide import TUNED, Thresholds
from rag.judge import LearnedJudge
from rag.pipeline import Silang
from rag.reader import ExtractiveReader

# Half is where a probability is taken for a yes before anything is tuned.
PLAIN = Thresholds(answers=0.5, heard=0.5, conflict=0.5)
SHOWN = (
    "answer_accuracy", "conflict_stated", "silent_pick", "false_conflict", "false_refusal", "refused_unanswerable",
    "citation_exact", "citation_precision", "status_macro_f1",
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Print a JSON line of measures for each step."""
    parser = argparse.ArgumentParser(prog="python -m eval.ablation", description="Measure what each part brings.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("--store", type=Path, required=True, help="an index that holds the cases' articles")
    parser.add_argument("--plain", type=Path, required=True, help="the reader's adapter before the news")
    given = parser.parse_args(arguments)
    cases = load_cases(given.cases)
    questions = [question for case in cases for question in case.questions]
    store, encoder = StoreFolder(given.store), SentenceTransformerEncoder()
    texts = stored_texts(store)
    shared = encoder.embeddings
    plain, reader = ExtractiveReader(given.plain, embeddings=shared), ExtractiveReader(embeddings=shared)
    judge = LearnedJudge(embeddings=shared)
    once, apart = copy(reader), copy(judge)
    once.second, apart.company = None, None
    whole = Silang(store, encoder, reader, judge)
    found = find_all(whole, questions)
    for name, silang, thresholds in (
        ("question answering, top span", Silang(store, encoder, plain, NoJudge(typed=False)), PLAIN),
        ("+ news", Silang(store, encoder, once, NoJudge(typed=False)), PLAIN),
        ("+ typed values", Silang(store, encoder, once, NoJudge(typed=True)), PLAIN),
        ("+ judge", Silang(store, encoder, once, apart), PLAIN),
        ("+ company", Silang(store, encoder, once, judge), PLAIN),
        ("+ second reading", whole, PLAIN),
        ("+ thresholds", whole, TUNED),
    ):
        measures = outcome(silang, found if silang is whole else find_all(silang, questions), thresholds, texts)
        sys.stdout.write(json.dumps({"step": name, **{key: getattr(measures, key) for key in SHOWN}}) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
