"""Adapters on a frozen backbone: attach for training, store as low-rank factors, merge when loaded.

Trained either as low-rank factors (LoRA, Hu et al. 2021) or in full and then cut to the same rank by its singular values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from transformers import BertConfig, BertModel

from index.bundled import bundled_model_folder

Headed = TypeVar("Headed", bound="HeadedModel")

SCALE = ".scale"  # ends the name of what a stored tensor is to be multiplied with
# The dense layers of a BERT block that are adapted: q, k, v, attention output, feed-forward in and out.
ADAPTED = ("query", "key", "value", "output.dense", "intermediate.dense")


class LoraLinear(nn.Module):
    """A frozen dense layer plus `scale * B A x`; `down` (A) has shape (rank, in), `up` (B) (out, rank), both fp32."""

    def __init__(self, base: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.scale = scale
        self.down = nn.Parameter(torch.empty(rank, base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))
        nn.init.normal_(self.down, std=base.in_features**-0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (..., in) to (..., out) in the dtype of the base layer."""
        low = nn.functional.linear(x, self.down.to(x.dtype))
        high = nn.functional.linear(low, (self.up * self.scale).to(x.dtype))
        return nn.functional.linear(x, self.base.weight, self.base.bias) + high


class _CastEmbeddings(nn.Module):
    """Embeddings kept (and shared) in their own dtype, handed on in that of the layers."""

    def __init__(self, embeddings: nn.Module, dtype: torch.dtype) -> None:
        super().__init__()
        self.embeddings = embeddings
        self.dtype = dtype

    def forward(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        """Return the embeddings' output, cast."""
        out: torch.Tensor = self.embeddings(*args, **kwargs)
        return out.to(self.dtype)


def load_backbone(folder: Path, dtype: torch.dtype, attention: str, embeddings: nn.Module | None = None) -> BertModel:
    """Return the frozen backbone of a sentence-transformers folder with its layers in `dtype`.

    `embeddings` is the embedding module of a model of the same backbone that is already in memory; it is used in place
    of a second copy. `attention` is the implementation: "eager" trains faster on a CPU, "sdpa" reads faster.
    """
    config = BertConfig.from_pretrained(folder, local_files_only=True, attn_implementation=attention)
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    with safe_open(str(folder / "model.safetensors"), framework="pt") as file:
        for part in ("encoder.",) if embeddings is not None else ("encoder.", "embeddings."):
            every = file.keys()
            names = [name for name in every if name.startswith(part)]
            held = {name: file.get_tensor(name).to(dtype if part == "encoder." else torch.float32) for name in names}
            model.load_state_dict(held, strict=False, assign=True)
    if embeddings is None:
        embeddings = model.embeddings
        # The two buffers are computed, not stored, so the file does not bring them off the meta device.
        embeddings.position_ids = torch.arange(config.max_position_embeddings)[None]
        embeddings.token_type_ids = torch.zeros_like(embeddings.position_ids)
    model.embeddings = _CastEmbeddings(embeddings, dtype)
    return model.requires_grad_(False).eval()


class DeltaLinear(nn.Module):
    """A frozen dense layer plus a trained fp32 difference of full rank, zero at first."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.delta = nn.Parameter(torch.zeros(base.out_features, base.in_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (..., in) to (..., out) in the dtype of the base layer."""
        return nn.functional.linear(x, self.base.weight + self.delta.to(x.dtype), self.base.bias)


def reading_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it natively, else float32."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("amx_bf16") or able.get("avx512_bf16") else torch.float32


class HeadedModel(nn.Module):
    """A backbone with heads; a subclass adds the heads, for states `hidden` wide, and says what they give."""

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__()
        self.backbone = backbone

    def heads(self) -> dict[str, torch.Tensor]:
        """Return the tensors of the heads by name."""
        return {name: p.detach() for name, p in self.named_parameters() if not name.startswith("backbone.")}

    @torch.no_grad()
    def load_heads(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take the heads from a stored adapter; raises KeyError where one is missing."""
        for name in self.heads():
            self.get_parameter(name).copy_(tensors[name])


def load_merged(
    kind: type[Headed],
    adapter: Path,
    folder: Path | None = None,
    embeddings: nn.Module | None = None,
    dtype: torch.dtype | None = None,
) -> tuple[Headed, dict[str, Any]]:
    """Return (a model for reading with the adapter merged in and its heads loaded, the adapter's metadata).

    `folder` is the bundled backbone's where it is None, `dtype` the one that `reading_dtype` gives; `embeddings` as in
    `load_backbone`.
    """
    dtype = dtype or reading_dtype()
    tensors, metadata = load_adapter(adapter)
    backbone = load_backbone(folder or bundled_model_folder(), torch.float32, "sdpa", embeddings)
    merge(backbone, tensors)
    backbone.encoder.to(dtype)
    backbone.embeddings.dtype = dtype
    model = kind(backbone, backbone.config.hidden_size)
    model.load_heads(tensors)
    return model.eval(), metadata


def _adapted(model: nn.Module) -> Iterator[tuple[nn.Module, str, str]]:
    """Yield (parent, attribute, full name) of each dense layer that is adapted."""
    for name, module in list(model.named_modules()):
        if isinstance(module, (nn.Linear, LoraLinear, DeltaLinear)) and name.endswith(ADAPTED) and ".layer." in name:
            parent, _, attribute = name.rpartition(".")
            yield model.get_submodule(parent), attribute, name


def attach(model: nn.Module, rank: int, scale: float, frozen: int = 0) -> None:
    """Put a fresh adapter on the blocks above the `frozen` lowest; the output is unchanged until it is trained.

    Rank 0 makes them of full rank.
    """
    for parent, attribute, name in _adapted(model):
        if int(name.split(".layer.")[1].split(".")[0]) < frozen:
            continue
        base = getattr(parent, attribute)
        setattr(parent, attribute, LoraLinear(base, rank, scale) if rank else DeltaLinear(base))


@torch.no_grad()
def start_from(model: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Let an attached adapter begin as a stored one, of the same rank where it is low."""
    for parent, attribute, name in _adapted(model):
        layer = getattr(parent, attribute)
        if isinstance(layer, LoraLinear):
            layer.down.copy_(tensors[f"{name}.down"])
            layer.up.copy_(tensors[f"{name}.up"] / layer.scale)
        elif isinstance(layer, DeltaLinear):
            layer.delta.copy_(tensors[f"{name}.up"] @ tensors[f"{name}.down"])


@torch.no_grad()
def adapter_tensors(model: nn.Module, rank: int) -> dict[str, torch.Tensor]:
    """Return the factors of an attached adapter: `NAME.down` (rank, in) and `NAME.up` (out, rank), scale included.

    A difference of full rank is cut to the nearest matrix of that rank.
    """
    tensors = {}
    for parent, attribute, name in _adapted(model):
        layer = getattr(parent, attribute)
        if isinstance(layer, LoraLinear):
            tensors[f"{name}.down"] = layer.down.detach()
            tensors[f"{name}.up"] = layer.up * layer.scale
        elif isinstance(layer, DeltaLinear):
            tensors[f"{name}.down"], tensors[f"{name}.up"] = _factors(layer.delta, rank)
    return tensors


def _factors(delta: torch.Tensor, rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (down, up) of the nearest matrix of that rank: the largest singular values (Eckart & Young 1936)."""
    u, s, v = torch.linalg.svd(delta, full_matrices=False)
    root = s[:rank].sqrt()
    return root[:, None] * v[:rank], u[:, :rank] * root


@torch.no_grad()
def combined(
    adapters: Sequence[Mapping[str, torch.Tensor]], shares: Sequence[float], rank: int
) -> dict[str, torch.Tensor]:
    """Return the adapter nearest to the sum of adapters of the same layers, each times its share, its factors of that rank.

    With n shares of 1 / n it is their mean, with 1, 1, -1 the first with what the second knows beyond the third.
    """
    tensors = {}
    for name in adapters[0]:
        layer = name.removesuffix(".up")
        if layer != name:
            deltas = [share * (a[name] @ a[f"{layer}.down"]) for a, share in zip(adapters, shares, strict=True)]
            tensors[f"{layer}.down"], tensors[name] = _factors(torch.stack(deltas).sum(0), rank)
        elif not name.endswith(".down"):
            heads = [share * a[name] for a, share in zip(adapters, shares, strict=True)]
            tensors[name] = torch.stack(heads).sum(0)
    return tensors


@torch.no_grad()
def merge(model: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Add stored factors to the weights of a plain backbone, in fp32, so that reading costs nothing more."""
    for parent, attribute, name in _adapted(model):
        if f"{name}.down" in tensors:
            layer: nn.Linear = getattr(parent, attribute)
            delta = tensors[f"{name}.up"].float() @ tensors[f"{name}.down"].float()
            layer.weight.data = (layer.weight.float() + delta).to(layer.weight.dtype)


def save_adapter(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, object]) -> None:
    """Write tensors, with JSON metadata, by one rename: factors in int8 with a scale for each rank, heads in fp16."""
    held: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith((".down", ".up")):
            scale = tensor.detach().abs().amax(1 if name.endswith(".down") else 0, keepdim=True) / 127
            held[name] = (tensor.detach() / scale.clamp_min(1e-12)).round().to(torch.int8).contiguous()
            held[name + SCALE] = scale.contiguous()
        else:
            held[name] = tensor.detach().half().contiguous()
    temporary = path.with_suffix(".tmp")
    save_file(held, str(temporary), {"silang": json.dumps(dict(metadata), sort_keys=True)})
    temporary.rename(path)


def fingerprint(path: Path) -> str:
    """Return a name for an adapter's weights: another calibration is in its metadata, and makes no other weights."""
    tensors, _ = load_adapter(path)
    return f"{crc32(b''.join(tensor.numpy().tobytes() for _, tensor in sorted(tensors.items()))):08x}"


def load_adapter(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Return (tensors in fp32, metadata) of a stored adapter."""
    with safe_open(str(path), framework="pt") as file:
        names = file.keys()
        held = {name: file.get_tensor(name).float() for name in names}
        metadata = json.loads((file.metadata() or {}).get("silang", "{}"))
    tensors = {name: t * held.get(name + SCALE, 1.0) for name, t in held.items() if not name.endswith(SCALE)}
    return tensors, metadata
