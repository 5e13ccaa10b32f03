"""Trains the reader's adapter: examples -> `reader.safetensors`, with checkpoints and a log line every minute."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import adapter_tensors, attach, load_backbone, save_adapter
from rag.reader import Encoded, PassageTokenizer, SpanModel, collate
from rag.training.data import Example

ATTRIBUTION = "IDK-MRC (CC BY-SA 4.0), FacQA of IndoNLU (MIT), Silang's own training data"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made of; `minutes` ends it in time by thinning out batches, 0 lets it take what it takes."""

    seed: int = 7
    rank: int = 32
    scale: float = 2.0
    rate: float = 1e-3
    epochs: float = 1.0  # over everything, before the pass that is mostly news
    news_epochs: float = 1.0
    wiki_share: float = 0.25  # of the wiki examples in the last pass
    batch_tokens: int = 4000
    longest: int = 400  # tokens of a training row
    headerless: float = 0.1  # share of rows that lose their header, for articles come without one too
    clip: float = 1.0
    minutes: float = 0.0
    checkpoint_minutes: float = 4.0


@dataclass(frozen=True, slots=True)
class Row:
    """An encoded example; `spans` are accepted (first, last) positions among its ids, empty where it does not answer."""

    encoded: Encoded
    spans: tuple[tuple[int, int], ...]
    pool: str


def encode(examples: Sequence[Example], tokenizer: PassageTokenizer, settings: Settings) -> list[Row]:
    """Encode examples; a passage that is too long is cut to a window, one that holds the answer where there is one."""
    draw = random.Random(settings.seed)
    texts = list(dict.fromkeys(text for e in examples for text in (e.question, e.header, e.passage)))
    known = dict(zip(texts, tokenizer.tokens(texts), strict=True))
    rows = []
    for e in examples:
        question, (ids, offsets) = known[e.question][0], known[e.passage]
        header = [] if draw.random() < settings.headerless else known[e.header][0]
        spans = [span for s, t in e.spans if (span := token_span(offsets, s, t))]
        if e.spans and not spans:
            continue
        room = max(64, settings.longest - len(question) - len(header) - 4)
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
        rows.append(Row(encoded, inside, e.pool))
    return rows


def token_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Return (first, last) token that touch characters [start, end), or None."""
    touched = [i for i, (s, e) in enumerate(offsets) if s < end and e > start]
    return (touched[0], touched[-1]) if touched else None


def plan(rows: Sequence[Row], settings: Settings) -> list[list[int]]:
    """Return batches of row numbers: passes over everything, then passes over the news and some of the rest."""
    draw = random.Random(settings.seed)
    everything = list(range(len(rows)))
    news = [i for i in everything if rows[i].pool == "news"]
    wiki = [i for i in everything if rows[i].pool != "news"]
    batches: list[list[int]] = []
    for share, last in ((settings.epochs, False), (settings.news_epochs, True)):
        while share > 0:
            chosen = news + draw.sample(wiki, int(len(wiki) * settings.wiki_share)) if last else everything
            batches += _batches(draw.sample(chosen, int(len(chosen) * min(1.0, share))), rows, settings, draw)
            share -= 1
    return batches


def _batches(chosen: list[int], rows: Sequence[Row], settings: Settings, draw: random.Random) -> list[list[int]]:
    """Cut shuffled rows into batches of like length under the token budget, in random order."""
    batches: list[list[int]] = []
    for start in range(0, len(chosen), 1024):
        part = sorted(chosen[start : start + 1024], key=lambda i: len(rows[i].encoded.ids))
        batch: list[int] = []
        for i in part:
            if batch and (len(batch) + 1) * len(rows[i].encoded.ids) > settings.batch_tokens:
                batches.append(batch)
                batch = []
            batch.append(i)
        batches.append(batch)
    draw.shuffle(batches)
    return batches


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


def new_model(settings: Settings) -> SpanModel:
    """Return the backbone in bfloat16 with fresh adapters and heads in fp32."""
    torch.manual_seed(settings.seed)
    backbone = load_backbone(bundled_model_folder(), torch.bfloat16, "eager")
    attach(backbone, settings.rank, settings.scale)
    return SpanModel(backbone, backbone.config.hidden_size)


def train(examples: Sequence[Example], out: Path, settings: Settings) -> Path:
    """Train, resuming from `out` where a run of the same settings was stopped; return the adapter's path."""
    tokenizer = PassageTokenizer(bundled_model_folder())
    rows = encode(examples, tokenizer, settings)
    batches = plan(rows, settings)
    sizes = [len(b) * max(len(rows[i].encoded.ids) for i in b) for b in batches]
    total = sum(sizes)
    model = new_model(settings)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=settings.rate, weight_decay=0.01, betas=(0.9, 0.98))
    state = out / "state.pt"
    first, spent = 0, 0.0
    if state.is_file():
        held = torch.load(state, weights_only=True)
        if held["settings"] == _identity(settings):
            with torch.no_grad():
                for parameter, value in zip(trained, held["trained"], strict=True):
                    parameter.copy_(value)
            optimiser.load_state_dict(held["optimiser"])
            first, spent = held["next"], held["spent"]
    _say(f"{len(rows)} rows, {len(batches)} batches, {total / 1e6:.2f}M tokens; starting at batch {first}")

    began, logged, saved = time.monotonic() - spent, time.monotonic(), time.monotonic()
    done, tokens, losses = sum(sizes[:first]), 0, [0.0]
    for number in range(first, len(batches)):
        now = time.monotonic()
        clock = (now - began) / (60 * settings.minutes) if settings.minutes else 0.0
        done += sizes[number]
        if done / total < clock:
            continue
        progress = max(clock, (done - sizes[number]) / total)
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * min(1.0, (progress + 1e-3) / 0.04) * (1 - progress)
        loss = loss_of(model, [rows[i] for i in batches[number]], tokenizer.pad)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(trained, settings.clip)
        optimiser.step()
        tokens, losses = tokens + sizes[number], [*losses[-50:], loss.item()]
        now = time.monotonic()
        if now - logged > 60 or number == first + 10:
            speed = tokens / (now - began - spent)
            left = (total - done) / speed / 60
            left = min(left, settings.minutes - (now - began) / 60) if settings.minutes else left
            _say(
                f"batch {number + 1}/{len(batches)}  loss {sum(losses) / len(losses):.3f}  "
                f"{speed:.0f} tokens/s  {left:.1f} min left"
            )
            logged = now
        if now - saved > 60 * settings.checkpoint_minutes:
            _save(out, model, settings, optimiser, trained, number + 1, now - began)
            saved = now
    _save(out, model, settings, optimiser, trained, len(batches), time.monotonic() - began)
    return out / "reader.safetensors"


def _save(
    out: Path,
    model: SpanModel,
    settings: Settings,
    optimiser: torch.optim.Optimizer,
    trained: Sequence[nn.Parameter],
    following: int,
    spent: float,
) -> None:
    save_adapter(
        out / "reader.safetensors",
        {**adapter_tensors(model.backbone), **model.heads()},
        {"settings": asdict(settings), "attribution": ATTRIBUTION},
    )
    held = {
        "settings": _identity(settings),
        "trained": [p.detach() for p in trained],
        "optimiser": optimiser.state_dict(),
        "next": following,
        "spent": spent,
    }
    torch.save(held, out / "state.tmp")
    (out / "state.tmp").rename(out / "state.pt")


def _identity(settings: Settings) -> str:
    """What a stopped run must share with the one that goes on: all but the time it may take."""
    return json.dumps(asdict(replace(settings, minutes=0.0, checkpoint_minutes=0.0)))


def _say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()
