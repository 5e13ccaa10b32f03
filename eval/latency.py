"""Times one question by stage: `python -m eval.latency CASES.jsonl --store DIR` prints medians and peak memory."""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.cases import load_cases
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from rag.pipeline import Silang

WARM_UP = 5  # questions that are asked before any is timed


def main(arguments: Sequence[str]) -> int:
    """Print the 50th and 95th percentile of each stage in milliseconds as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m eval.latency", description="Time one question by stage.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=60, help="how many to ask, spread over the set")
    given = parser.parse_args(arguments)
    if given.questions < 1:
        parser.error("--questions: at least 1")
    silang = Silang.with_defaults(StoreFolder(given.store), SentenceTransformerEncoder())
    questions = [question.question for case in load_cases(given.cases) for question in case.questions]
    places = np.linspace(0, len(questions), min(given.questions, len(questions)), endpoint=False, dtype=int)
    questions = [questions[place] for place in places]
    for question in questions[:WARM_UP]:
        silang.ask(question)
    timings = [silang.ask(question).timings_ms for question in questions]
    stages = {
        stage: [round(float(np.percentile([t.get(stage, 0.0) for t in timings], q)), 1) for q in (50, 95)]
        for stage in timings[0]
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"questions": len(timings), "ms p50, p95": stages, "peak MB": round(peak)}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
