"""Held-out cases -> the constants that turn the reader's scores into probabilities (Platt 1999)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from index.folder import StoreFolder
from rag.adapter import load_adapter, save_adapter
from rag.reader import Calibration, ExtractiveReader, SpanScore, header_line, sentence_ends
from rag.training.data import BARE, find_wording, gold_spans, retrieved

SAME = 0.5  # a span is right when it shares this much (F1 of characters) with an accepted one
RIDGE = 1e-3


def calibrate(adapter: Path, rows: Sequence[dict[str, Any]], store: StoreFolder) -> Calibration:
    """Fit on what is retrieved for the questions of held-out cases, and write the constants into the adapter."""
    found = list(judged(ExtractiveReader(adapter), rows, store))
    x = np.array([(score.logit, score.log_share) for score, _ in found])
    fit = LogisticRegression(C=1 / RIDGE).fit(x, np.array([right for _, right in found]))
    calibration = Calibration(*(round(float(value), 4) for value in (*fit.intercept_, *fit.coef_[0])))
    tensors, metadata = load_adapter(adapter)
    held = {"calibration": asdict(calibration), "calibrated_on": f"{len(rows)} held-out cases, {len(found)} spans"}
    save_adapter(adapter, tensors, {**metadata, **held})
    return calibration


def judged(
    reader: ExtractiveReader, rows: Sequence[dict[str, Any]], store: StoreFolder
) -> Iterator[tuple[SpanScore, bool]]:
    """Yield every span that the reader gives for the cases' questions, and whether it is an accepted answer.

    A span that words the answer in a passage that is not marked as evidence is left out: it may well be right.
    """
    for _, asked, question, passages in retrieved(rows, store):
        wordings = [w for side in asked["sides"] for w in side["answers"] if w.lower() not in BARE]
        texts = [p.chunk.span.of(p.article.text) for p in passages]
        headers, ends = [header_line(p.article) for p in passages], [sentence_ends(p) for p in passages]
        scored = reader.score(question.text, headers, texts, ends)
        for passage, text, scores in zip(passages, texts, scored, strict=True):
            gold = gold_spans(asked, passage)
            for score in scores:
                worded = any(find_wording(w, text, score.start, score.end) for w in wordings)
                if gold is None or (worded and not gold):
                    continue
                yield score, bool(gold) and (worded or any(_shared(score, s, e) >= SAME for s, e in gold))


def _shared(score: SpanScore, start: int, end: int) -> float:
    both = max(0, min(score.end, end) - max(score.start, start))
    return 2 * both / (score.end - score.start + end - start)
