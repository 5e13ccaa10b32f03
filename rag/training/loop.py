"""The loop that trains every adapter: phases of batches of like length, a linear rate, checkpoints, a line a minute.

A further round of reader or judge ends at the mean of the weights before and after (WiSE-FT, Wortsman et al. 2022).
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import adapter_tensors, attach, fingerprint, load_backbone, save_adapter

CLIP = 1.0  # largest norm of the gradients
WARM_UP = 0.04  # share of a phase in which the rate rises
WEIGHT_DECAY = 0.01
BETAS = (0.9, 0.98)
SHUFFLED = 1024  # rows that are sorted by length together
# Padded tokens that go through the model at once. The attention weights of a whole batch do not fit into a processor's
# cache: of rows of 400 tokens, 1,500 tokens a second were read in tens, 3,400 in threes (2 cores of an AMD EPYC).
PIECE = 1300
BEFORE = 0.5  # share of the weights before in the mean; on held-out cases it was better than either but once
CHECKPOINT_MINUTES = 4.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made of. One that was stopped goes on where it was if its settings, rows and first weights are the same.

    `rank` 0 trains every adapted layer in full; what is stored has rank `stored_rank` then. `rate` is for that; of
    low-rank factors it is to be about ten times as high.
    """

    seed: int = 7
    frozen: int = 0  # blocks at the bottom that are left as they are: four of them spare a fifth of the time
    rank: int = 0
    scale: float = 2.0
    rate: float = 1.5e-4
    stored_rank: int = 128
    batch_tokens: int = 4000
    headerless: float = 0.1  # share of texts that lose their header, for articles come without one too
    typed: float = 0.2  # share of questions that are read as fingers type them


@dataclass(frozen=True, slots=True)
class Phase:
    """Rows with their labels, batches of their numbers, `lengths` (tokens of each row), and the loss of some rows."""

    name: str
    rows: Sequence[Any]
    batches: Sequence[Sequence[int]]
    lengths: Sequence[int]
    loss: Callable[[Sequence[Any]], torch.Tensor]

    def pieces(self, batch: Sequence[int]) -> Iterator[Sequence[int]]:
        """Cut a batch into pieces of at most `PIECE` padded tokens, or one row."""
        rows = max(1, PIECE // max(self.lengths[i] for i in batch))
        return (batch[at : at + rows] for at in range(0, len(batch), rows))

    @property
    def sizes(self) -> list[int]:
        """Padded tokens of each batch."""
        return [len(batch) * max(self.lengths[i] for i in batch) for batch in self.batches]

    @property
    def digest(self) -> int:
        """A checksum of the rows, by what they print, and of the order in which they are read."""
        found = crc32(repr([list(batch) for batch in self.batches]).encode())
        for row in self.rows:
            found = crc32(repr(row).encode(), found)
        return found


def adapted_backbone(settings: Settings) -> tuple[nn.Module, int]:
    """Return the backbone in bfloat16 with fresh adapters in fp32, and its width."""
    torch.manual_seed(settings.seed)
    backbone = load_backbone(bundled_model_folder(), torch.bfloat16, "eager")
    attach(backbone, settings.rank, settings.scale, settings.frozen)
    return backbone, int(backbone.config.hidden_size)


def batches_of(chosen: Sequence[int], lengths: Sequence[int], tokens: int, draw: random.Random) -> list[list[int]]:
    """Cut shuffled row numbers into batches of like length of at most `tokens` padded tokens, in random order."""
    batches: list[list[int]] = []
    for start in range(0, len(chosen), SHUFFLED):
        batch: list[int] = []
        for i in sorted(chosen[start : start + SHUFFLED], key=lambda i: lengths[i]):
            if batch and (len(batch) + 1) * lengths[i] > tokens:
                batches.append(batch)
                batch = []
            batch.append(i)
        batches.append(batch)
    draw.shuffle(batches)
    return batches


def fit(
    name: str,
    model: nn.Module,
    backbone: nn.Module,
    heads: Callable[[], Mapping[str, torch.Tensor]],
    phases: Sequence[Phase],
    out: Path,
    settings: Settings,
    attribution: str,
    start: Path | None = None,
    before: float = BEFORE,
) -> Path:
    """Train phase after phase and return the adapter's path, `out/name.safetensors`; `name-phase` is it so far.

    `start` is the adapter, of full rank, that the model is when it is given: what is returned is the mean of it, with the
    share `before`, and what the model becomes.
    """
    metadata = {"settings": asdict(settings), "attribution": attribution}
    if start:
        metadata["start"] = fingerprint(start)
    adapter = out / f"{name}.safetensors"
    trained = [p for p in model.parameters() if p.requires_grad]
    origins = [p.detach().clone() for p in trained] if start else []
    for phase in phases:
        run_phase(phase, model, out / f"{name}-{phase.name}.pt", settings)
        tensors = {**adapter_tensors(backbone, settings.stored_rank), **heads()}
        save_adapter(out / f"{name}-{phase.name}.safetensors", tensors, metadata)
    if start:
        with torch.no_grad():
            for parameter, value in zip(trained, origins, strict=True):
                parameter.lerp_(value, before)
        tensors = {**adapter_tensors(backbone, settings.stored_rank), **heads()}
    save_adapter(adapter, tensors, metadata)
    return adapter


def run_phase(phase: Phase, model: nn.Module, state: Path, settings: Settings) -> None:
    """Train one phase, resuming from its checkpoint: the trained parameters, the optimiser's state, the next batch.

    A checkpoint of other settings, other rows or a phase that began with other weights is not gone on from.
    """
    sizes = phase.sizes
    total, trained = sum(sizes), [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=settings.rate, weight_decay=WEIGHT_DECAY, betas=BETAS)
    identity, first = json.dumps([asdict(settings), phase.digest, weights_digest(trained)]), 0
    held = torch.load(state, weights_only=True) if state.is_file() else {}
    if held.get("identity") == identity:
        with torch.no_grad():
            for parameter, value in zip(trained, held["trained"], strict=True):
                parameter.copy_(value)
        optimiser.load_state_dict(held["optimiser"])
        first = held["next"]

    def checkpoint(following: int) -> None:
        parameters = [p.detach() for p in trained]
        held = {"identity": identity, "trained": parameters, "optimiser": optimiser.state_dict(), "next": following}
        torch.save(held, state.with_suffix(".tmp"))
        state.with_suffix(".tmp").rename(state)

    say(f"{phase.name}: {len(phase.lengths)} rows, {len(sizes)} batches, {total / 1e6:.2f}M tokens; from batch {first}")
    began = logged = saved = time.monotonic()
    done, tokens, losses = sum(sizes[:first]), 0, list[float]()
    for number in range(first, len(sizes)):
        progress = done / total
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * min(1.0, (progress + 1e-3) / WARM_UP) * (1 - progress)
        batch, whole = phase.batches[number], 0.0
        optimiser.zero_grad()
        for piece in phase.pieces(batch):
            loss = phase.loss([phase.rows[i] for i in piece]) * (len(piece) / len(batch))
            torch.autograd.backward(loss)
            whole += loss.item()
        nn.utils.clip_grad_norm_(trained, CLIP)
        optimiser.step()
        done, tokens, losses = done + sizes[number], tokens + sizes[number], [*losses[-49:], whole]
        now = time.monotonic()
        if now - logged > 60 or number == first + 10:
            speed = tokens / (now - began)
            say(
                f"{phase.name}: batch {number + 1}/{len(sizes)}  loss {sum(losses) / len(losses):.3f}  "
                f"{speed:.0f} tokens/s  {(total - done) / speed / 60:.1f} min left"
            )
            logged = now
        if now - saved > 60 * CHECKPOINT_MINUTES:
            checkpoint(number + 1)
            saved = now
    if first < len(sizes):
        checkpoint(len(sizes))


def weights_digest(parameters: Sequence[torch.Tensor]) -> int:
    """Return a checksum of parameters as they are."""
    found = 0
    for parameter in parameters:
        found = crc32(parameter.detach().numpy().tobytes(), found)
    return found


def say(line: str) -> None:
    """Print a line with the time of day to stderr."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()
