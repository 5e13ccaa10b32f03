"""Two answers under one question -> how they relate: the learned judge, an adapter and two heads on the backbone.

A cross-encoder reads the question and both answers in their sentences, with outlet and date, and gives probabilities
of four relations and of the kind of conflict. What typed values say (`rag.compare`) is one of its inputs. Of a single
answer it gives how likely it is one: a second look beside the reader's, at the sentence instead of the passage (the
verifier of Zhang et al. 2021, "Retrospective Reader"), which also weighs how much of the question the article holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from typing import get_args

import torch
from torch import nn

from index.bundled import bundled_model_folder
from index.sentences import split_sentences
from index.types import Span
from rag.adapter import HeadedModel, load_merged
from rag.compare import conflict_kind
from rag.coverage import coverage
from rag.reader import QUESTION_TOKENS, Encoded, PassageTokenizer, collate, header_line
from rag.types import AnswerType, ConflictKind, Evidence, Pair, Question, Relation, Verdict

ADAPTER = Path(str(files("rag") / "adapters" / "judge.safetensors"))
RELATIONS: tuple[Relation, ...] = get_args(Relation)
KINDS: tuple[ConflictKind, ...] = get_args(ConflictKind)
BEYOND: tuple[ConflictKind, ...] = ("outdated", "opinion", "event")  # kinds that depend on the answers alone
NLI = ("entailment", "neutral", "contradiction")
SIDE_TOKENS = 160  # a longer sentence is cut; answer, header and lead stand before it
LEAD = 200  # characters of it
BATCH = 8  # pairs in one forward pass, of like length
WEIGHED = 10  # pieces of evidence that are looked at a second time at most, the reader's surest
# Less probable evidence is not looked at again: of 427 pieces that came to be heard it would have lost none.
FAINT = 0.03
SURE = 1e-6  # no probability is nearer to 0 or 1 than that, so that it has a logit
# What typed values say of the two sides, as words that the judge reads behind the question.
VALUES: dict[Relation | None, str] = {
    "same": "| same value",
    "compatible": "| compatible values",
    "incompatible": "| different values",
    None: "",
}


Logits = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class SideText:
    """What the judge reads of one side: its answer, where it is from ("Title — Outlet, 2024-06-19"), its sentence.

    `lead` is how the article begins, which is where news say what happened, when and where; empty if that is the
    sentence itself.
    """

    answer: str
    header: str
    sentence: str
    lead: str = ""

    def __str__(self) -> str:
        parts = (self.answer, self.header, self.lead, self.sentence)
        return " | ".join(" ".join(part.split()) for part in parts if part)


def side_text(evidence: Evidence) -> SideText:
    """Return what the judge reads of a piece of evidence."""
    article = evidence.passage.article
    first = _first_sentence(article.text[: 3 * LEAD])
    apart = first.of(article.text) if first and first.end <= evidence.sentence.start else ""
    lead = shorten(apart, LEAD, placeholder="")  # cut between words, without a mark
    return SideText(evidence.answer, header_line(article), evidence.quote, lead)


@lru_cache(maxsize=256)
def _first_sentence(beginning: str) -> Span | None:
    """Return the first sentence of a text; kept, for an article is looked at once for each answer and each pair."""
    return next(iter(split_sentences(beginning)), None)


class PairModel(HeadedModel):
    """Backbone and heads on the first token: relations and kinds of conflict of two sides, whether one side answers.

    And NLI, which it is trained with.
    """

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__(backbone, hidden)
        self.relations = nn.Linear(hidden, len(RELATIONS))
        self.kinds = nn.Linear(hidden, len(KINDS))
        self.nli = nn.Linear(hidden, len(NLI))
        self.answers = nn.Linear(hidden, 1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> Logits:
        """Ids and mask of shape (batch, tokens) -> logits (batch, 4), (batch, kinds), (batch, 3) and (batch, 1)."""
        first = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0].float()
        return self.relations(first), self.kinds(first), self.nli(first), self.answers(first)


@dataclass(frozen=True, slots=True)
class PairText:
    """What the judge reads: the question, what typed values say, and both sides, or one."""

    question: str
    values: Relation | None
    a: SideText
    b: SideText | None = None


def encode_pairs(texts: Sequence[PairText], tokenizer: PassageTokenizer) -> list[Encoded]:
    """Return the ids of `<s> question values </s> </s> a </s> </s> b </s>`; no offsets, for nothing is pointed at."""
    read = [part for t in texts for part in (t.question, VALUES[t.values], str(t.a), str(t.b or ""))]
    parts = [ids for ids, _ in tokenizer.tokens(read)]
    begin, end = tokenizer.begin, tokenizer.end
    encoded = []
    for at in range(0, len(parts), 4):
        question, values, a, b = parts[at : at + 4]
        front = [begin, *question[:QUESTION_TOKENS], *values, end, end]
        second = [end, end, *b[:SIDE_TOKENS]] if b else []
        encoded.append(Encoded([*front, *a[:SIDE_TOKENS], *second, end], 0, []))
    return encoded


def in_order(a: Evidence, b: Evidence) -> tuple[Evidence, Evidence]:
    """Return two sides the earlier first, whichever way they are given."""
    first, second = sorted((a, b), key=lambda e: (e.passage.article.published or "", e.quote, e.passage.article.id))
    return first, second


@dataclass(frozen=True, slots=True)
class Weights:
    """P(answers) = sigmoid(`bias` + `reader` x logit(read) + `claim` x claim + `coverage` x covered).

    `read` is the reader's probability, `claim` the judge's logit, `covered` the coverage of the article (`rag.coverage`).
    """

    bias: float = 0.0
    reader: float = 1.0
    claim: float = 0.0
    coverage: float = 0.0

    def probability(self, read: float, claim: float, covered: float) -> float:
        """Return the probability that a piece of evidence answers."""
        x = self.bias + self.reader * logit(read) + self.claim * claim + self.coverage * covered
        return 1 / (1 + math.exp(-x))


def logit(probability: float) -> float:
    """Return the logarithm of the odds."""
    held = min(max(probability, SURE), 1 - SURE)
    return math.log(held / (1 - held))


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

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return the surest evidence with what a second look makes of its probability, most probable first."""
        surest = [e for e in evidence[:WEIGHED] if e.probability >= FAINT]
        if not surest:
            return []
        claims = self.score([PairText(question.text, None, side_text(e)) for e in surest])[3].squeeze(-1).tolist()
        weighed = [
            replace(
                e, probability=self.weights.probability(e.probability, claim, coverage(question, e.passage.article))
            )
            for e, claim in zip(surest, claims, strict=True)
        ]
        return sorted(weighed, key=lambda e: -e.probability)

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return how the sides of each pair relate under the question."""
        texts = [PairText(question.text, pair.values, *map(side_text, in_order(pair.a, pair.b))) for pair in pairs]
        relations, kinds, _, _ = self.score(texts)
        shares = (relations / self.temperature).softmax(-1).tolist()
        named = [kind_of(question.asks, k) for k in kinds.argmax(-1).tolist()]
        return [Verdict(s, c, i, u, kind) for (s, c, i, u), kind in zip(shares, named, strict=True)]

    @torch.inference_mode()
    def score(self, texts: Sequence[PairText]) -> Logits:
        """Return logits of relations (texts, 4), kinds (texts, 10), inference (texts, 3) and answering (texts, 1)."""
        encoded = encode_pairs(texts, self.tokenizer)
        out = [torch.zeros(len(texts), width) for width in (len(RELATIONS), len(KINDS), len(NLI), 1)]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            ids, mask, _ = collate([encoded[i] for i in batch], self.tokenizer.pad)
            for whole, part in zip(out, self.model(ids, mask), strict=True):
                whole[batch] = part
        return out[0], out[1], out[2], out[3]
