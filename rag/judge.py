"""Answers under one question -> how two relate, and which of them answer: the learned judge, an adapter and its heads.

A cross-encoder reads the question and two answers in their sentences, with title, outlet, date and what stands before,
and gives probabilities of four relations and of the kind of conflict. What typed values say (`rag.compare`) is one of its
inputs. Before that it weighs of each answer how much of the question its whole article holds, beside what the reader
gives it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import get_args

import torch
from torch import nn

from index.bundled import bundled_model_folder
from rag.adapter import HeadedModel, load_merged
from rag.company import Company, logit
from rag.compare import conflict_kind
from rag.coverage import coverage
from rag.header import header_line
from rag.reader import QUESTION_TOKENS, WINDOW, Encoded, PassageTokenizer, collate
from rag.types import AnswerType, ConflictKind, Evidence, Pair, Question, Relation, Verdict

ADAPTER = Path(str(files("rag") / "adapters" / "judge.safetensors"))
RELATIONS: tuple[Relation, ...] = get_args(Relation)
KINDS: tuple[ConflictKind, ...] = get_args(ConflictKind)
BEYOND: tuple[ConflictKind, ...] = ("outdated", "opinion", "event")  # kinds that depend on the answers alone
NLI = ("entailment", "neutral", "contradiction")
# A longer side is cut at its end, which is the sentence's, and both where the question leaves less room.
SIDE_TOKENS = 200
BATCH = 8  # pairs in one forward pass, of like length
FAINT = 0.03  # less probable evidence is left out: it hardly ever answers, and comparing it takes time
# What typed values say of the two sides, as words that the judge reads behind the question.
VALUES: dict[Relation | None, str] = {
    "same": "| same value",
    "compatible": "| compatible values",
    "incompatible": "| different values",
    None: "",
}


Logits = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class SideText:
    """What the judge reads of one side: its answer, its header as in `rag.header.header_line`, its sentence."""

    answer: str
    header: str
    sentence: str

    def __str__(self) -> str:
        return " | ".join(" ".join(part.split()) for part in (self.answer, self.header, self.sentence) if part)


def side_text(evidence: Evidence) -> SideText:
    """Return what the judge reads of a piece of evidence."""
    return SideText(evidence.answer, header_line(evidence.passage.article, evidence.sentence.start), evidence.quote)


class PairModel(HeadedModel):
    """Backbone and heads on the first token: relations and kinds of conflict of two sides, and NLI, trained with them."""

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__(backbone, hidden)
        self.relations = nn.Linear(hidden, len(RELATIONS))
        self.kinds = nn.Linear(hidden, len(KINDS))
        self.nli = nn.Linear(hidden, len(NLI))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Logits:
        """Ids and mask of shape (batch, tokens) -> logits (batch, 4), (batch, kinds) and (batch, 3)."""
        first = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0].float()
        return self.relations(first), self.kinds(first), self.nli(first)


@dataclass(frozen=True, slots=True)
class PairText:
    """What the judge reads to relate two answers: the question, what typed values say, and both sides."""

    question: str
    values: Relation | None
    a: SideText
    b: SideText


def encode_pairs(texts: Sequence[PairText], tokenizer: PassageTokenizer) -> list[Encoded]:
    """Return the ids of `<s> question values </s> </s> a </s> </s> b </s>`; no offsets, for nothing is pointed at."""
    read = [part for t in texts for part in (t.question, VALUES[t.values], str(t.a), str(t.b))]
    parts = [ids for ids, _ in tokenizer.tokens(read)]
    begin, end = tokenizer.begin, tokenizer.end
    encoded = []
    for at in range(0, len(parts), 4):
        question, values, a, b = parts[at : at + 4]
        front = [begin, *question[:QUESTION_TOKENS], *values, end, end]
        room = min(SIDE_TOKENS, (WINDOW - len(front) - 3) // 2)
        encoded.append(Encoded([*front, *a[:room], end, end, *b[:room], end], 0, []))
    return encoded


def in_order(a: Evidence, b: Evidence) -> tuple[Evidence, Evidence]:
    """Return two sides the earlier first, whichever way they are given."""
    first, second = sorted((a, b), key=lambda e: (e.passage.article.published or "", e.quote, e.passage.article.id))
    return first, second


def pair_text(question: Question, pair: Pair) -> PairText:
    """Return what the judge reads of a pair under a question."""
    return PairText(question.text, pair.values, *map(side_text, in_order(pair.a, pair.b)))


@dataclass(frozen=True, slots=True)
class Weights:
    """P(answers) = sigmoid(`bias` + `reader` x logit(read) + `article` x held by it).

    `read` is the reader's probability, `held` the share of the question that the article holds (`rag.coverage`).
    """

    bias: float = 0.0
    reader: float = 1.0
    article: float = 0.0

    def probability(self, read: float, held: float) -> float:
        """Return the probability that a piece of evidence answers."""
        x = self.bias + self.reader * logit(read) + self.article * held
        return 1 / (1 + math.exp(-x))


def to_weigh(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence that is weighed, in the order given."""
    return [item for item in evidence if item.probability >= FAINT]


def kind_of(asks: AnswerType, likeliest: int) -> ConflictKind:
    """Return the kind of a conflict: what the question asks for, unless the kind is one that no question asks for.

    `likeliest` is the number in KINDS of the kind that the answers look like.
    """
    asked, looks = conflict_kind(asks), KINDS[likeliest]
    return looks if looks in BEYOND or asked == "other" else asked


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
        self.weights = Weights(**self.metadata.get("weights", {}))
        self.company = Company(**self.metadata["company"]) if "company" in self.metadata else None

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return what is not faint with its probability given how much of the question it holds, most probable first."""
        weighed = [
            replace(e, probability=self.weights.probability(e.probability, coverage(question, e.passage.article)))
            for e in to_weigh(evidence)
        ]
        return sorted(weighed, key=lambda e: -e.probability)

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return how the sides of each pair relate under the question."""
        relations, kinds, _ = self.score([pair_text(question, pair) for pair in pairs])
        shares = (relations / self.temperature).softmax(-1).tolist()
        named = [kind_of(question.asks, k) for k in kinds.argmax(-1).tolist()]
        return [Verdict(s, c, i, u, kind) for (s, c, i, u), kind in zip(shares, named, strict=True)]

    @torch.inference_mode()
    def score(self, texts: Sequence[PairText]) -> Logits:
        """Return logits of relations (texts, 4), kinds (texts, 10) and inference (texts, 3)."""
        encoded = encode_pairs(texts, self.tokenizer)
        out = [torch.zeros(len(texts), width) for width in (len(RELATIONS), len(KINDS), len(NLI))]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            ids, mask, _ = collate([encoded[i] for i in batch], self.tokenizer.pad)
            for whole, part in zip(out, self.model(ids, mask), strict=True):
                whole[batch] = part
        return out[0], out[1], out[2]
