"""Two answers under one question -> how they relate: the learned judge, an adapter and two heads on the backbone.

A cross-encoder reads the question and both answers in their sentences, with outlet and date, and gives probabilities
of four relations and of the kind of conflict. What typed values say (`rag.compare`) is one of its inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import get_args

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import HeadedModel, load_merged
from rag.reader import QUESTION_TOKENS, Encoded, PassageTokenizer, collate, header_line
from rag.types import ConflictKind, Evidence, Pair, Question, Relation, Verdict

ADAPTER = Path(str(files("rag") / "adapters" / "judge.safetensors"))
RELATIONS: tuple[Relation, ...] = get_args(Relation)
KINDS: tuple[ConflictKind, ...] = get_args(ConflictKind)
NLI = ("entailment", "neutral", "contradiction")
SIDE_TOKENS = 160  # a longer sentence is cut; answer and header stand before it
BATCH = 8  # pairs in one forward pass, of like length
# What typed values say of the two sides, as words that the judge reads behind the question.
VALUES: dict[Relation | None, str] = {
    "same": "| same value",
    "compatible": "| compatible values",
    "incompatible": "| different values",
    None: "",
}


@dataclass(frozen=True, slots=True)
class SideText:
    """What the judge reads of one side: its answer, where it is from ("Title — Outlet, 2024-06-19"), its sentence."""

    answer: str
    header: str
    sentence: str

    def __str__(self) -> str:
        return " | ".join(" ".join(part.split()) for part in (self.answer, self.header, self.sentence) if part)


def side_text(evidence: Evidence) -> SideText:
    """Return what the judge reads of a piece of evidence."""
    return SideText(evidence.answer, header_line(evidence.passage.article), evidence.quote)


class PairModel(HeadedModel):
    """Backbone and heads on the first token: relations, kinds of conflict, and NLI, which it is trained with."""

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__(backbone, hidden)
        self.relations = nn.Linear(hidden, len(RELATIONS))
        self.kinds = nn.Linear(hidden, len(KINDS))
        self.nli = nn.Linear(hidden, len(NLI))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Ids and mask of shape (batch, tokens) -> logits (batch, 4), (batch, kinds) and (batch, 3)."""
        first = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0].float()
        return self.relations(first), self.kinds(first), self.nli(first)


@dataclass(frozen=True, slots=True)
class PairText:
    """What the judge reads: the question, what typed values say, and both sides."""

    question: str
    values: Relation | None
    a: SideText
    b: SideText


def encode_pairs(texts: Sequence[PairText], tokenizer: PassageTokenizer) -> list[Encoded]:
    """Return the ids of `<s> question values </s> </s> a </s> </s> b </s>`; no offsets, for nothing is pointed at."""
    parts = [
        ids
        for ids, _ in tokenizer.tokens([p for t in texts for p in (t.question, VALUES[t.values], str(t.a), str(t.b))])
    ]
    begin, end = tokenizer.begin, tokenizer.end
    encoded = []
    for at in range(0, len(parts), 4):
        question, values, a, b = parts[at : at + 4]
        front = [begin, *question[:QUESTION_TOKENS], *values, end, end]
        encoded.append(Encoded([*front, *a[:SIDE_TOKENS], end, end, *b[:SIDE_TOKENS], end], 0, []))
    return encoded


def in_order(a: Evidence, b: Evidence) -> tuple[Evidence, Evidence]:
    """Return two sides the earlier first, whichever way they are given."""
    first, second = sorted((a, b), key=lambda e: (e.passage.article.published or "", e.quote, e.passage.article.id))
    return first, second


class LearnedJudge:
    """The bundled backbone with the judge's adapter merged in.

    `embeddings` as in `rag.reader.ExtractiveReader`. Symmetric by construction: the sides are put in order before they
    are read.
    """

    def __init__(
        self,
        adapter: Path = ADAPTER,
        *,
        folder: Path | None = None,
        embeddings: nn.Module | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        self.model, self.metadata = load_merged(PairModel, adapter, folder, embeddings, dtype)
        self.tokenizer = PassageTokenizer(folder or bundled_model_folder())
        self.temperature = float(self.metadata.get("temperature", 1.0))

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return how the sides of each pair relate under the question."""
        texts = [PairText(question.text, pair.values, *map(side_text, in_order(pair.a, pair.b))) for pair in pairs]
        relations, kinds, _ = self.score(texts)
        shares = (relations / self.temperature).softmax(-1).tolist()
        likeliest = kinds.argmax(-1).tolist()
        return [Verdict(s, c, i, u, KINDS[k]) for (s, c, i, u), k in zip(shares, likeliest, strict=True)]

    @torch.inference_mode()
    def score(self, texts: Sequence[PairText]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return logits of relations (texts, 4), kinds (texts, 10) and inference (texts, 3), in the texts' order."""
        encoded = encode_pairs(texts, self.tokenizer)
        out = [torch.zeros(len(texts), len(names)) for names in (RELATIONS, KINDS, NLI)]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            ids, mask, _ = collate([encoded[i] for i in batch], self.tokenizer.pad)
            for whole, part in zip(out, self.model(ids, mask), strict=True):
                whole[batch] = part
        return out[0], out[1], out[2]
