"""Trains the reader's adapter: examples -> `reader.safetensors`, with checkpoints."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import combined, fingerprint, load_adapter, save_adapter, start_from
from rag.reader import HEADER_TOKENS, Encoded, PassageTokenizer, SpanModel, beside_adapter, collate
from rag.training.data import Example, Pool
from rag.training.loop import BEFORE, Phase, Settings, adapted_backbone, batches_of, fit
from rag.training.typed import as_typed

ATTRIBUTION = (
    "IDK-MRC (CC BY-SA 4.0), FacQA of IndoNLU (MIT), SQuAD 2.0 in Indonesian (Muis & Purwarianti 2020, CC BY-SA 4.0), "
    "IndoNLI (CC BY-SA 4.0), Silang's own training data"
)

# Files of qa/ with their pool, and every how many-th of their questions is taken: the translated ones are many and noisy.
FILES: dict[str, tuple[Pool, int]] = {
    "idk_mrc_train": ("wiki", 1), "facqa_train": ("wiki", 1), "squad2_id_valid": ("translated", 2),
}  # fmt: skip
INFERENCE_STEP = 2  # every how many-th pair of natural language inference is read as a yes/no question
LONGEST = 480  # tokens of a training row: what is read of an article, its title and the question
# Shares of the human-made questions that are read again with the news, and in the last phase, lest they be forgotten.
REHEARSED = 0.7
REHEARSED_LAST = 0.25
# Shares of what the last phase reads beside all that is near: so much that what answers and what does not are of like
# number. No others were tried.
SILENT = 0.5  # of the passages that do not answer
EVIDENCE = 0.4  # of the sentences all of which do
# Shares of what a further round reads, so that half of its rows are of news; no others were tried.
AGAIN: dict[Pool, float] = {"news": 1.0, "wiki": 0.4, "claim": 0.25, "evidence": 0.15}
ROUNDS = 2  # of learning to read beside an answer, each from the one before on
BESIDE_RATE = 1e-4  # of learning to read beside an answer; no other was tried
# Shares of what a round reads in which reading beside an answer is learnt; no others were tried.
BESIDE_ROUND: dict[Pool, float] = {"beside": 1.0, "news": 0.12, "wiki": 0.07, "claim": 0.12, "evidence": 0.12}


@dataclass(frozen=True, slots=True)
class Row:
    """An encoded example; `spans` are accepted (first, last) positions among its ids, empty where it does not answer."""

    encoded: Encoded
    spans: tuple[tuple[int, int], ...]


def encode(examples: Sequence[Example], tokenizer: PassageTokenizer, settings: Settings, seed: int) -> list[Row]:
    """Encode examples; a passage that is too long is cut to a window, one that holds the answer where there is one."""
    draw = random.Random(seed)
    asked = [as_typed(e.question, draw) if draw.random() < settings.typed else e.question for e in examples]
    texts = list(dict.fromkeys([*asked, *(text for e in examples for text in (e.header, e.passage))]))
    known = dict(zip(texts, tokenizer.tokens(texts), strict=True))
    rows = []
    for e, written in zip(examples, asked, strict=True):
        question, (ids, offsets) = known[written][0], known[e.passage]
        header = [] if draw.random() < settings.headerless else known[e.header][0][:HEADER_TOKENS]
        spans = [span for s, t in e.spans if (span := token_span(offsets, s, t))]
        if e.spans and not spans:
            continue
        room = max(64, LONGEST - len(question) - len(header) - 4)
        start = 0
        if len(ids) > room:
            low, high = 0, len(ids) - room
            if spans:
                low, high = max(0, spans[0][1] + 1 - room), min(high, spans[0][0])
            start = draw.randint(min(low, high), max(low, high))
        encoded = tokenizer.join(question, header, ids[start : start + room], offsets[start : start + room])
        shift, held = encoded.first - start, range(start, start + len(encoded.offsets))
        inside = tuple((a + shift, b + shift) for a, b in spans if a in held and b in held)
        if e.spans and not inside:
            continue
        rows.append(Row(encoded, inside))
    return rows


def token_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Return (first, last) token that touch characters [start, end), or None."""
    touched = [i for i, (s, e) in enumerate(offsets) if s < end and e > start]
    return (touched[0], touched[-1]) if touched else None


def loss_of(model: SpanModel, rows: Sequence[Row], pad: int) -> torch.Tensor:
    """Binary cross-entropy of answering plus, where answerable, minus the log probability of the accepted spans."""
    logits, shares = model(*collate([row.encoded for row in rows], pad))
    answerable = torch.tensor([float(bool(row.spans)) for row in rows])
    loss = nn.functional.binary_cross_entropy_with_logits(logits, answerable)
    spans = [
        torch.stack([shares[i, 0, a] + shares[i, 1, b] for a, b in row.spans]).logsumexp(0)
        for i, row in enumerate(rows)
        if row.spans
    ]
    # Halved: the start's and the end's share are two losses. Divided by all rows, so that batches weigh alike.
    return loss - (torch.stack(spans).sum() / (2 * len(rows)) if spans else 0.0)


def phases_of(examples: Sequence[Example], seed: int) -> dict[str, list[Example]]:
    """Return what each phase reads, in order: question answering, its human-made part, the news, news with sentences."""
    draw = random.Random(seed)

    def share(of: Sequence[Example], part: float) -> list[Example]:
        return draw.sample(of, round(len(of) * part))

    made = [e for e in examples if e.pool == "wiki"]
    news = [e for e in examples if e.pool == "news"]
    return {
        "wiki": [e for e in examples if e.pool in ("wiki", "translated")],
        "wiki-again": made,
        "news": news + share(made, REHEARSED),
        "last": [
            *(e for e in news if e.spans),
            *share([e for e in news if not e.spans], SILENT),
            *(e for e in examples if e.pool == "claim"),
            *share([e for e in examples if e.pool == "evidence"], EVIDENCE),
            *share(made, REHEARSED_LAST),
        ],
    }


def round_of(examples: Sequence[Example], shares: Mapping[Pool, float], seed: int) -> list[Example]:
    """Return what one round reads: the shares of each pool."""
    draw = random.Random(seed)
    pools = {pool: [e for e in examples if e.pool == pool] for pool in shares}
    return [e for pool, of in pools.items() for e in draw.sample(of, round(len(of) * shares[pool]))]


def train(examples: Sequence[Example], out: Path, settings: Settings, start: Path | None = None) -> Path:
    """Train phase after phase, or one more round from the adapter `start` on; return the adapter's path."""
    phases = {"again": round_of(examples, AGAIN, settings.seed)} if start else phases_of(examples, settings.seed)
    return _train("reader", phases, out, settings, start, BEFORE)


def train_beside(
    examples: Mapping[int, Sequence[Example]], out: Path, settings: Settings, reader: Path, start: Path | None = None
) -> Path:
    """Train, from `reader` on, the adapter that reads beside an answer; return its path.

    It is the mean of the weights after each of the rounds (LAWA, Kaddour 2022), one for each seed of `examples`, in
    their order. The reader does not know such a question, so no mean with it is taken. With `start`, such an adapter of
    this reader, it is a further round of that, which ends at the mean of before and after like any other.
    """
    adapter = out / beside_adapter(reader).name
    at, before = (start, BEFORE) if start else (reader, 0.0)
    rounds = []
    for seed, read in examples.items():
        phases = {"again": round_of(read, BESIDE_ROUND, seed)}
        at = _train(f"{adapter.stem}-{seed}", phases, out, replace(settings, seed=seed), at, before)
        rounds.append(load_adapter(at))
    metadata = {**rounds[0][1], "start": fingerprint(reader), "mean_of": list(examples)}
    if start:
        metadata["further_round_from"] = fingerprint(start)
    mean = combined([tensors for tensors, _ in rounds], [1 / len(rounds)] * len(rounds), settings.stored_rank)
    save_adapter(adapter, mean, metadata)
    return adapter


def carry_over(adapter: Path, start: Path) -> bool:
    """Add what a further round changed in the reader to the adapter that reads beside an answer, if `start` has one of its own.

    Task arithmetic (Ilharco et al. 2023): what is learnt need not be learnt twice. Return whether it has one.
    """
    second = beside_adapter(start)
    if not second.is_file():
        return False
    (tensors, metadata), (after, _), (before, _) = map(load_adapter, (second, adapter, start))
    if metadata.get("start") != fingerprint(start):
        return False
    moved = combined([tensors, after, before], [1, 1, -1], metadata["settings"]["stored_rank"])
    save_adapter(
        beside_adapter(adapter), moved, {**metadata, "start": fingerprint(adapter), "carried": fingerprint(start)}
    )
    return True


def _train(
    name: str,
    phases: Mapping[str, Sequence[Example]],
    out: Path,
    settings: Settings,
    start: Path | None,
    before: float,
) -> Path:
    tokenizer = PassageTokenizer(bundled_model_folder())
    backbone, hidden = adapted_backbone(settings)
    model = SpanModel(backbone, hidden)
    if start:
        tensors = load_adapter(start)[0]
        start_from(backbone, tensors)
        model.load_heads(tensors)

    def phase(called: str, read: Sequence[Example], seed: int) -> Phase:
        rows = encode(read, tokenizer, settings, seed)
        lengths = [len(row.encoded.ids) for row in rows]
        order = random.Random(seed)
        shuffled = order.sample(range(len(rows)), len(rows))
        batches = batches_of(shuffled, lengths, settings.batch_tokens, order)
        return Phase(called, rows, batches, lengths, lambda part: loss_of(model, part, tokenizer.pad))

    encoded = [phase(*read, settings.seed + n) for n, read in enumerate(phases.items())]
    return fit(name, model, backbone, model.heads, encoded, out, settings, ATTRIBUTION, start, before)
