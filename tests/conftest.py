"""Shared by all tests: a quick encoder, the real one loaded once, and an environment that is nobody's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import settings
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.bundled import _tokenizer
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.store import Vectors
from ui.access import account_line, save_account

settings.register_profile("silang", deadline=None, max_examples=100, derandomize=True)
settings.load_profile("silang")


class HashEncoder:
    """Bags of hashed words: quick, deterministic, and near for texts that share words."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name, self.dimension, self.max_tokens = name, dimension, 512
        self.embedded = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[int(sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        return vector / max(float(np.linalg.norm(vector)), 1e-9)

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.embedded += len(texts)
        if progress:
            progress(len(texts))
        return np.stack([self._vector(text) for text in texts])

    def query(self, text: str) -> Vectors:
        return self._vector(text)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SILANG_STORE", "SILANG_MODEL", "SILANG_READER", "SILANG_JUDGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SILANG_LANG", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def store(tmp_path: Path) -> StoreFolder:
    return StoreFolder(tmp_path / "store")


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    """The accounts of an editor and of a reader of the page."""
    path = tmp_path / "accounts"
    save_account(path, account_line("rina", "editor", "sandi panjang"))
    save_account(path, account_line("budi", "reader", "lain"))
    return path


@pytest.fixture(scope="session")
def bundled() -> Iterator[SentenceTransformerEncoder]:
    yield SentenceTransformerEncoder()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer backbone with a piece for every ASCII letter and a few words."""
    folder = tmp_path_factory.mktemp("tiny")
    words = ["▁", "▁orang", "▁tujuh", "an", "ang"]
    letters = [chr(c) for c in range(33, 127)]
    pieces = [(p, 0.0) for p in ("<s>", "<pad>", "</s>", "<unk>")] + [(w, -3.0) for w in words + letters]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(pieces, bos=0, eos=2, unk=3),
        bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>", unk_token="<unk>",
    )  # fmt: skip
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=512, type_vocab_size=1, pad_token_id=1,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder
