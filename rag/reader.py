"""Question + passages -> evidence: the extractive reader, an adapter and two heads on the bundled backbone.

A passage is what is read of an article (`rag.gather`). One forward pass gives each a logit that it answers at all, and start
and end logits over its tokens (Devlin et al. 2019). Spans are scored within their passage, answerability across passages; a logistic
fit on held-out cases makes both one probability (Platt 1999).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import torch
from torch import nn
from transformers import AutoTokenizer

from index.bundled import bundled_model_folder
from rag.adapter import HeadedModel, load_merged
from rag.header import header_line
from rag.types import Evidence, Passage, Question

ADAPTER = Path(str(files("rag") / "adapters" / "reader.safetensors"))
WINDOW = 512  # tokens the backbone has positions for
QUESTION_TOKENS = 128  # a longer question is cut
HEADER_TOKENS = 160  # of a title and its outlet; in training also of two sentences, 70 by median and 120 at most
SPAN_TOKENS = 64  # longest answer
SPANS = 3  # sentences of a passage that a span is taken from
WEAKEST = -4.0  # a sentence whose log share is so far behind the passage's best is left out
BATCH = 5  # passages in one forward pass, of like length


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of one question on one passage; token `first + i` covers `offsets[i]` of the passage's text."""

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class SpanScore:
    """A span in its passage's text; `logit` is of the passage answering, `log_share` of its sentence if it does."""

    start: int
    end: int
    logit: float
    log_share: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(this span answers) = sigmoid(`bias` + `logit` x the passage's logit + `share` x log share of its sentence)."""

    bias: float = 0.0
    logit: float = 1.0
    share: float = 1.0

    def probability(self, score: SpanScore) -> float:
        """Return the probability that the passage answers with this span."""
        x = self.bias + self.logit * score.logit + self.share * score.log_share
        return 1 / (1 + math.exp(-x)) if x > -500 else 0.0


class PassageTokenizer:
    """Questions, headers and passages -> ids of `<s> question </s> </s> header passage </s>`, with offsets."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        self.pad = int(self._tokenizer.pad_token_id)
        self.begin = int(self._tokenizer.cls_token_id)
        self.end = int(self._tokenizer.sep_token_id)

    def tokens(self, texts: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Return (ids, offsets) of each text without special tokens; offsets hold no white space at their ends."""
        if not texts:
            return []
        out = self._tokenizer(
            list(texts), add_special_tokens=False, truncation=False, return_offsets_mapping=True, verbose=False
        )
        return [
            (ids, [_stripped(text, s, e) for s, e in offsets])
            for text, ids, offsets in zip(texts, out["input_ids"], out["offset_mapping"], strict=True)
        ]

    def encode(self, question: str, headers: Sequence[str], passages: Sequence[str]) -> list[Encoded]:
        """Encode one question on each passage under its header; what exceeds the window is cut from the passage."""
        rows = self.tokens([question, *headers, *passages])
        asked = rows[0][0][:QUESTION_TOKENS]
        return [
            self.join(asked, head, body, offsets)
            for (head, _), (body, offsets) in zip(rows[1 : 1 + len(headers)], rows[1 + len(headers) :], strict=True)
        ]

    def join(
        self, question: list[int], header: list[int], passage: list[int], offsets: list[tuple[int, int]]
    ) -> Encoded:
        """Put the parts together between their special tokens."""
        front = [self.begin, *question[:QUESTION_TOKENS], self.end, self.end, *header[:HEADER_TOKENS]]
        room = WINDOW - len(front) - 1
        return Encoded([*front, *passage[:room], self.end], len(front), offsets[:room])


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


class SpanModel(HeadedModel):
    """Backbone and heads: a logit of answering from the first token, start and end logits from every token."""

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__(backbone, hidden)
        self.spans = nn.Linear(hidden, 2)
        self.answers = nn.Linear(hidden, 1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, body: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids, mask and body (1 where a span may be) of shape (batch, tokens) -> logits.

        Answering logits have shape (batch,), log shares of start and end (batch, 2, tokens): softmax over the body.
        """
        hidden = self.backbone(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        logits = self.spans(hidden).transpose(1, 2).masked_fill(body[:, None] == 0, -1e4)
        return self.answers(hidden[:, 0]).squeeze(-1), logits.log_softmax(-1)


def collate(rows: Sequence[Encoded], pad: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and body, each (batch, longest), padded on the right."""
    longest = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), longest), pad)
    mask, body = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        mask[i, : len(row.ids)] = 1
        body[i, row.first : row.first + len(row.offsets)] = 1
    return ids, mask, body


def best_spans(
    text: str,
    offsets: Sequence[tuple[int, int]],
    start: torch.Tensor,
    end: torch.Tensor,
    logit: float,
    ends: Sequence[int] = (),
) -> list[SpanScore]:
    """Return the best span of each of the best sentences, best first, from log shares of shape (tokens,) of start and end.

    `ends` are the places in the text where its sentences end; without them it counts as one. A sentence weighs what all
    spans within it weigh together: whether "450 meters" or "some 450 meters" is cut out, and whether a sentence names
    one thing or three, says nothing about whether it answers. Spans are widened to whole words and hold no white space
    at their ends.
    """
    tokens = len(offsets)
    near = torch.ones(tokens, tokens, dtype=torch.bool).triu().tril(SPAN_TOKENS - 1)
    sentence = torch.tensor([bisect_right(ends, s) for s, _ in offsets])
    joint = (start[:, None] + end).masked_fill(~(near & (sentence[:, None] == sentence)), -math.inf)
    shares = torch.zeros(len(ends) + 1).index_add(0, sentence, joint.exp().sum(1)).log()
    tops, last = joint.max(1)
    found: list[SpanScore] = []
    values, order = shares.topk(min(SPANS, len(shares)))
    for share, chosen in zip(values.tolist(), order.tolist(), strict=True):
        if share == -math.inf or (found and share < found[0].log_share + WEAKEST):
            break
        first = int(tops.masked_fill(sentence != chosen, -math.inf).argmax())
        s, e = _whole_words(text, offsets[first][0], offsets[int(last[first])][1])
        if s < e:
            found.append(SpanScore(s, e, logit, share))
    return found


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while 0 < start < end and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return _stripped(text, start, end)


class ExtractiveReader:
    """The bundled backbone with the reader's adapter merged in.

    `embeddings` is the embedding module of the same backbone where it is already in memory, so that its word matrix
    (384 MB in fp32) is not held twice; the reader's own attribute of that name is what it uses. Reading is deterministic.
    """

    def __init__(
        self,
        adapter: Path = ADAPTER,
        *,
        folder: Path | None = None,
        embeddings: nn.Module | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        self.model, self.metadata = load_merged(SpanModel, adapter, folder, embeddings, dtype)
        self.embeddings = self.model.get_submodule("backbone.embeddings.embeddings")
        self.tokenizer = PassageTokenizer(folder or bundled_model_folder())
        self.calibration = Calibration(**self.metadata.get("calibration", {}))

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        """Return the best spans of every passage, most probable first; `sentence` holds the span whole."""
        headers = [header_line(p.article) for p in passages]
        scored = self.score(question.text, headers, [p.text for p in passages], [p.ends for p in passages])
        found = [
            Evidence(passage, *passage.locate(score.start, score.end), self.calibration.probability(score))
            for passage, scores in zip(passages, scored, strict=True)
            for score in scores
        ]
        return sorted(found, key=lambda e: -e.probability)

    @torch.inference_mode()
    def score(
        self, question: str, headers: Sequence[str], texts: Sequence[str], ends: Sequence[Sequence[int]] | None = None
    ) -> list[list[SpanScore]]:
        """Return the best spans of each text, in the texts' order, offsets within the text.

        `ends` holds where the sentences of each text end: spans then stay within one.
        """
        rows = self.tokenizer.encode(question, headers, texts)
        scored: list[list[SpanScore]] = [[] for _ in rows]
        order = sorted((i for i, row in enumerate(rows) if row.offsets), key=lambda i: len(rows[i].ids))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            logits, shares = self.model(*collate([rows[i] for i in batch], self.tokenizer.pad))
            for k, i in enumerate(batch):
                body = slice(rows[i].first, rows[i].first + len(rows[i].offsets))
                scored[i] = best_spans(
                    texts[i],
                    rows[i].offsets,
                    shares[k, 0, body],
                    shares[k, 1, body],
                    logits[k].item(),
                    ends[i] if ends else (),
                )
        return scored
