"""Texts -> unit vectors: the `Encoder` protocol and the sentence-transformers encoder behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from torch import nn
from transformers.utils import logging as transformers_logging

from index.bundled import NAME, VERSION, bundled_model_folder
from index.store import Vectors
from index.types import SilangError, Text

BUNDLED = f"{NAME}-{VERSION}"
BATCH = 16  # passages in one forward pass; 8 and 32 were slower on 2 cores


class Encoder(Protocol):
    """What the index and retrieval need of an embedding model."""

    @property
    def name(self) -> str:
        """Identifies the model: a store made by another name is refused."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest passage in tokens that is read without being cut, special tokens and prompt included."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without special tokens and prompt."""

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Return unit vectors, shape (len(texts), dimension); `progress` is told how many more are done."""

    def query(self, text: str) -> Vectors:
        """Return one unit vector, shape (dimension,)."""


class SentenceTransformerEncoder:
    """The bundled model, or any other sentence-transformers model by name or folder.

    A model states its own prompts (`query`, `document`); they are put before the text as it says. Nothing is fetched:
    a name must be in the local Hugging Face cache. Raises SilangError when the model cannot be loaded.
    """

    def __init__(self, model: str = BUNDLED) -> None:
        # A folder is the same model from wherever it is named.
        self._name = str(Path(model).resolve()) if Path(model).is_dir() else model
        folder = str(bundled_model_folder()) if model == BUNDLED else model
        try:
            with quiet():
                self._model = SentenceTransformer(
                    folder, device="cpu", local_files_only=True, model_kwargs={"dtype": torch.float32}
                )
        except (OSError, ValueError, KeyError, ImportError, SafetensorError) as error:
            where = Text(
                "is neither a folder nor in the local model cache",
                "bukan folder dan tidak ada di tembolok model",
            )
            if Path(model).exists():
                where = Text("is not a sentence-transformers folder", "bukan folder sentence-transformers")
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SilangError(
                f"the model {model!r} {where.en} ({reason}): give the path of a downloaded model, "
                "or leave --model and SILANG_MODEL out to use the bundled one",
                f"model {model!r} {where.id} ({reason}): sebutkan folder model yang sudah diunduh, "
                "atau kosongkan --model dan SILANG_MODEL untuk memakai model bawaan",
            ) from error
        self._model.eval()

    @property
    def name(self) -> str:
        """The bundled model's name and version, or the name or folder that was asked for."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """The model's window."""
        return int(self._model.max_seq_length or 512)

    @property
    def embeddings(self) -> nn.Module | None:
        """The bundled backbone's embedding module, for whatever else runs on that backbone; None for another model."""
        return self._model[0].auto_model.embeddings if self._name == BUNDLED else None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without special tokens and prompt."""
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Return unit vectors of shape (len(texts), dimension), in the texts' order."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        # Longest first over the whole input: a batch then holds texts of like length and pads little.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._model.encode_document(
                [texts[i] for i in batch],
                batch_size=BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress:
                progress(len(batch))
        return vectors

    def query(self, text: str) -> Vectors:
        """Return one unit vector of shape (dimension,)."""
        vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, np.float32)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers' loading bars and weight reports off the terminal while a model loads."""
    verbosity = transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()
