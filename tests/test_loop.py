from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from builders import random_adapter
from transformers import BertModel

import rag.training.loop
from rag.adapter import attach, load_adapter
from rag.reader import SpanModel
from rag.training.data import Example, Pool
from rag.training.loop import BEFORE, PIECE, Phase, Settings, batches_of, fit, run_phase
from rag.training.reader import AGAIN, BESIDE_ROUND, phases_of, round_of


def test_the_last_phase_reads_every_near_miss_and_news_that_answer_with_a_share_of_the_rest() -> None:
    def some(pool: Pool, number: int, spans: tuple[tuple[int, int], ...] = ()) -> list[Example]:
        return [Example(f"{pool} {spans} {n}", "", "isi", spans, pool) for n in range(number)]

    answering, silent, near = some("news", 4, ((0, 3),)), some("news", 8), some("claim", 5)
    examples = [*some("wiki", 20), *some("translated", 6), *answering, *silent, *near, *some("evidence", 10, ((0, 3),))]
    phases = phases_of(examples, 7)
    assert [len(read) for read in phases.values()] == [26, 20, 12 + 14, 4 + 4 + 5 + 4 + 5]
    assert [e for e in phases["last"] if e.pool == "news" and e.spans] == answering
    assert [e for e in phases["last"] if e.pool == "claim"] == near
    assert all(len(set(read)) == len(read) for read in phases.values()) and phases == phases_of(examples, 7)


def test_every_row_is_trained_on_once_a_pass_under_the_token_budget() -> None:
    lengths = [5 * n for n in range(1, 60)]
    batches = batches_of(range(len(lengths)), lengths, 600, random.Random(7))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[i] for i in batch) <= 600 for batch in batches)
    assert batches == batches_of(range(len(lengths)), lengths, 600, random.Random(7))


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.training.loop, "CHECKPOINT_MINUTES", 0.0)

    def run(state: Path, stop: int = 99) -> torch.Tensor:
        torch.manual_seed(1)
        model, steps = torch.nn.Linear(2, 1), iter(range(99))

        def loss(batch: Sequence[int]) -> torch.Tensor:
            if next(steps) == stop:
                raise KeyboardInterrupt
            return model(torch.tensor([[float(i), 1.0] for i in batch])).pow(2).mean()

        phase = Phase("once", range(5), [[i % 5, (i * 3) % 5] for i in range(12)], [1] * 5, loss)
        run_phase(phase, model, state, Settings())
        return model.weight.detach()

    whole = run(tmp_path / "whole.pt")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "stopped.pt", stop=7)
    assert torch.equal(run(tmp_path / "stopped.pt"), whole)


@pytest.mark.parametrize(("length", "read_in"), [(1, [5]), (PIECE // 2, [2, 2, 1]), (PIECE * 2, [1] * 5)])
def test_a_batch_that_is_read_in_pieces_has_the_gradient_of_the_whole(
    tmp_path: Path, length: int, read_in: list[int]
) -> None:
    torch.manual_seed(1)
    model, read = torch.nn.Linear(2, 1), list[int]()

    def loss_of(batch: Sequence[int]) -> torch.Tensor:
        return 0.001 * model(torch.tensor([[float(i), 1.0] for i in batch])).pow(2).mean()

    def loss(batch: Sequence[int]) -> torch.Tensor:
        read.append(len(batch))
        return loss_of(batch)

    (whole,) = torch.autograd.grad(loss_of(range(5)), [model.weight])
    run_phase(Phase("once", range(5), [range(5)], [length] * 5, loss), model, tmp_path / "state.pt", Settings())
    assert model.weight.grad is not None and torch.allclose(model.weight.grad, whole, rtol=1e-4) and read == read_in


@pytest.mark.parametrize("shares", [AGAIN, BESIDE_ROUND])
def test_a_round_reads_a_share_of_every_pool_and_nothing_else(shares: dict[Pool, float]) -> None:
    pools: list[Pool] = ["news", "wiki", "claim", "evidence", "translated", "beside"]
    read = round_of([Example(f"{pool} {n}", "", "isi", (), pool) for pool in pools for n in range(50)], shares, 7)
    assert Counter(e.pool for e in read) == {pool: round(50 * part) for pool, part in shares.items()}
    assert len(set(read)) == len(read)


QUERY = "encoder.layer.1.attention.self.query"


def further_round(
    tiny: Path, out: Path, start: Path, stop: int = 99, before: float = BEFORE, first: float = 0.5
) -> dict[str, torch.Tensor]:
    """Train one weight from `first` towards 0, as if it were of `start`; return its difference by the adapter's name."""
    torch.manual_seed(1)
    backbone = BertModel.from_pretrained(tiny, add_pooling_layer=False)
    attach(backbone, rank=0, scale=1.0)
    model, steps = SpanModel(backbone.requires_grad_(False), 16), iter(range(99))
    trained = backbone.get_parameter(f"{QUERY}.delta").requires_grad_(True)
    trained.data.fill_(first)

    def loss(_: Sequence[int]) -> torch.Tensor:
        if next(steps) == stop:
            raise KeyboardInterrupt
        return trained.square().sum()

    phase = Phase("again", ["row"], [[0]] * 4, [8], loss)
    settings = Settings(rate=0.05)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rag.training.loop, "CHECKPOINT_MINUTES", 0.0)
        fit("reader", model, backbone, model.heads, [phase], out, settings, "", start, before)
    stored = {stem: load_adapter(out / f"{stem}.safetensors")[0] for stem in ("reader-again", "reader")}
    return {stem: tensors[f"{QUERY}.up"] @ tensors[f"{QUERY}.down"] for stem, tensors in stored.items()}


def test_a_further_round_ends_between_what_was_and_what_came_of_it_also_when_it_was_stopped(
    tiny: Path, tmp_path: Path
) -> None:
    start = random_adapter(tmp_path / "start.safetensors", tiny, SpanModel, {})
    held = further_round(tiny, tmp_path, start)
    assert (held["reader-again"] - 0.5).abs().min() > 0.02
    assert torch.allclose(held["reader"], 0.5 * BEFORE + held["reader-again"] * (1 - BEFORE), atol=0.005)
    alone = further_round(tiny, tmp_path, start, before=0.0)
    assert torch.equal(alone["reader"], alone["reader-again"])
    out = tmp_path / "stopped"
    out.mkdir()
    with pytest.raises(KeyboardInterrupt):
        further_round(tiny, out, start, stop=2)
    again_started = further_round(tiny, out, start)
    assert all(torch.equal(again_started[stem], held[stem]) for stem in held)
    # The checkpoint is of other weights: nothing of it is used.
    with pytest.raises(KeyboardInterrupt):
        further_round(tiny, out, start, stop=3, first=0.4)


def test_a_second_phase_goes_on_from_no_checkpoint_of_another_first_phase_or_other_rows(tmp_path: Path) -> None:
    def run(*targets: float) -> list[int]:
        """Train a phase towards each target in turn; return how many batches each of them read."""
        torch.manual_seed(1)
        model, read = torch.nn.Linear(1, 1), [0] * len(targets)

        def phase(n: int) -> Phase:
            def loss(batch: Sequence[int]) -> torch.Tensor:
                read[n] += 1
                return (model(torch.ones(len(batch), 1)) - targets[n]).square().mean()

            return Phase(f"{n}", [("row", targets[n])] * 2, [[0, 1]] * 3, [1, 1], loss)

        for n in range(len(targets)):
            run_phase(phase(n), model, tmp_path / f"{n}.pt", Settings())
        return read

    assert run(1.0, 2.0) == [3, 3]
    assert run(1.0, 2.0) == [0, 0]
    assert run(1.0, 3.0) == [0, 3]  # as many tokens, other labels
    assert run(-5.0, 3.0) == [3, 3]  # the first phase is another, so the second begins with other weights
