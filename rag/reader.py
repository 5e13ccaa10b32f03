"""Question + passages -> evidence: the extractive reader, an adapter and two heads on the bundled backbone.

A passage is what is read of an article (`rag.gather`). One forward pass gives each a logit that it answers at all, and start
and end logits over its tokens (Devlin et al. 2019). Spans are scored within their passage, answerability across passages; a logistic
fit on held-out cases makes both one probability (Platt 1999). What may answer is read a second time, by an adapter of its
own, beside what the surest passage answers: its question is followed by that answer.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import torch
from torch import nn
from transformers import AutoTokenizer

from index.bundled import bundled_model_folder
from index.types import SilangError
from rag.adapter import HeadedModel, fingerprint, load_merged
from rag.header import header_line
from rag.types import Evidence, Passage, Question

ADAPTER = Path(str(files("rag") / "adapters" / "reader.safetensors"))
WINDOW = 512  # tokens the backbone has positions for
QUESTION_TOKENS = 128  # a longer question is cut
HEADER_TOKENS = 160  # of a title and its outlet; in training also of two sentences, 70 by median and 120 at most
SPAN_TOKENS = 64  # longest answer
# Logit of answering below which a passage is not read again: of those hardly one in a hundred held-out articles answers.
QUIET = -3.0
# Weight of the second reading in the mean with the first, of whether a passage answers and of where. It tells better
# whether, but where is drawn to what agrees with the answer that it is beside. Of 0 to 1 the best on held-out cases.
SECOND = 0.8
SECOND_WHERE = 0.5
TOLD = 300  # characters of another source's sentence that are read with its answer
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
    """A span in its passage's text; `logit` is of the passage answering, `log_share` of its sentence if it does.

    `beside`: the passage was read a second time, beside an answer.
    """

    start: int
    end: int
    logit: float
    log_share: float
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model gives of one passage: a logit of answering, log shares (2, tokens) of start and end at `offsets`.

    `beside`: it is the mean of two.
    """

    offsets: list[tuple[int, int]]
    logit: float
    shares: torch.Tensor
    beside: bool = False

    def mean(self, other: Reading) -> Reading:
        """Return the mean, in which the other weighs `SECOND` and, of the shares, `SECOND_WHERE`.

        What the other had no room for keeps this one's share.
        """
        read = min(self.shares.shape[1], other.shares.shape[1])
        both = torch.lerp(self.shares[:, :read], other.shares[:, :read], SECOND_WHERE)
        logit = (1 - SECOND) * self.logit + SECOND * other.logit
        return Reading(self.offsets, logit, torch.cat([both, self.shares[:, read:]], 1).log_softmax(-1), beside=True)


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(this span answers) = sigmoid(`bias` + `logit` x the passage's logit + `share` x log share of its sentence).

    Where the passage was read beside an answer too, `beside` is added to the bias and `beside_logit` to the weight of
    its logit: what the surest answers is read once, and a mean of two readings is on a scale of its own.
    """

    bias: float = 0.0
    logit: float = 1.0
    share: float = 1.0
    beside: float = 0.0
    beside_logit: float = 0.0

    def probability(self, score: SpanScore) -> float:
        """Return the probability that the passage answers with this span."""
        x = self.bias + self.logit * score.logit + self.share * score.log_share
        if score.beside:
            x += self.beside + self.beside_logit * score.logit
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

    def encode(self, questions: Sequence[str], headers: Sequence[str], passages: Sequence[str]) -> list[Encoded]:
        """Encode each question on its passage under its header; what exceeds the window is cut from the passage."""
        texts = list(dict.fromkeys([*questions, *headers, *passages]))
        known = dict(zip(texts, self.tokens(texts), strict=True))
        return [
            self.join(known[question][0], known[header][0], *known[passage])
            for question, header, passage in zip(questions, headers, passages, strict=True)
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


def beside_adapter(adapter: Path) -> Path:
    """Return where the adapter stands that reads beside an answer, for a reader's."""
    return adapter.with_stem(f"{adapter.stem}-beside")


def question_beside(question: str, header: str, text: str, ends: Sequence[int], start: int, end: int) -> str:
    """Return what is read in place of a question beside an answer to it: `question | answer | its sentence | header`.

    The answer is `text[start:end]`, whose sentences end at `ends`.
    """
    at = bisect_right(ends, start)
    first, last = ends[at - 1] if at else 0, ends[at] if at < len(ends) else len(text)
    sentence = text[first : max(last, end)].strip()[:TOLD]
    return " | ".join((question, text[start:end], sentence, header))


def _spans(text: str, reading: Reading | None, ends: Sequence[int]) -> list[SpanScore]:
    if reading is None:
        return []
    found = best_spans(text, reading.offsets, reading.shares[0], reading.shares[1], reading.logit, ends)
    return [replace(score, beside=reading.beside) for score in found]


class ExtractiveReader:
    """The bundled backbone with the reader's adapter merged in.

    `beside_adapter(adapter)`, an adapter that reads beside an answer, is used where there is one, unless `twice` is false.
    Raises SilangError where it was trained from another reader.

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
        twice: bool = True,
    ) -> None:
        self.model, self.metadata = load_merged(SpanModel, adapter, folder, embeddings, dtype)
        self.embeddings = self.model.get_submodule("backbone.embeddings.embeddings")
        self.tokenizer = PassageTokenizer(folder or bundled_model_folder())
        other = beside_adapter(adapter)
        self.second: SpanModel | None = None
        if twice and other.is_file():
            self.second, about = load_merged(SpanModel, other, folder, self.embeddings, dtype)
            if about.get("start") != fingerprint(adapter):
                raise SilangError(
                    f"{other} was trained from another reader than {adapter}: train it anew with `python -m rag.training "
                    "beside`, or remove it to read once",
                    f"{other} dilatih dari pembaca lain, bukan {adapter}: latih lagi dengan `python -m rag.training "
                    "beside`, atau hapus agar bacaan dilakukan sekali",
                )
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

    def score(
        self, question: str, headers: Sequence[str], texts: Sequence[str], ends: Sequence[Sequence[int]] | None = None
    ) -> list[list[SpanScore]]:
        """Return the best spans of each text, in the texts' order, offsets within the text.

        `ends` holds where the sentences of each text end: spans then stay within one. What may answer is read by itself
        and beside what the surest text answers, which shows what event and what kind of answer is meant; the mean of both
        readings counts.
        """
        ends = ends or [()] * len(texts)
        readings = self._read(self.model, [question] * len(texts), headers, texts)
        spans = [_spans(text, reading, end) for text, reading, end in zip(texts, readings, ends, strict=True)]
        likely = [i for i, found in enumerate(spans) if found and found[0].logit >= QUIET]
        if len(likely) < 2 or not self.second:
            return spans
        sure = max(likely, key=lambda i: spans[i][0].logit)
        told = question_beside(
            question, headers[sure], texts[sure], ends[sure], spans[sure][0].start, spans[sure][0].end
        )
        others = [i for i in likely if i != sure]
        again = self._read(self.second, [told] * len(others), [headers[i] for i in others], [texts[i] for i in others])
        for i, other in zip(others, again, strict=True):
            one = readings[i]
            if one and other:
                spans[i] = _spans(texts[i], one.mean(other), ends[i])
        return spans

    @torch.inference_mode()
    def _read(
        self, model: SpanModel, questions: Sequence[str], headers: Sequence[str], texts: Sequence[str]
    ) -> list[Reading | None]:
        """Read each text under its question; None where nothing of a text is read."""
        rows = self.tokenizer.encode(questions, headers, texts)
        readings: list[Reading | None] = [None] * len(rows)
        order = sorted((i for i, row in enumerate(rows) if row.offsets), key=lambda i: len(rows[i].ids))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            logits, shares = model(*collate([rows[i] for i in batch], self.tokenizer.pad))
            for k, i in enumerate(batch):
                body = slice(rows[i].first, rows[i].first + len(rows[i].offsets))
                readings[i] = Reading(rows[i].offsets, logits[k].item(), shares[k, :, body])
        return readings
