"""Records for tests of the pure steps, and articles for tests of the index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import BertModel

from index.folder import StoreFolder
from index.types import Article, Chunk, Span
from rag.adapter import HeadedModel, adapter_tensors, attach, save_adapter
from rag.company import Company
from rag.reader import SpanScore
from rag.types import AnswerType, Evidence, Pair, Passage, Question, Verdict

FLOOD = Article(
    "flood",
    "Air sungai naik pada malam hari. Warga desa mengungsi ke sekolah. Petugas membawa perahu.",
    "Banjir",
    "Kabar Satu",
    "2024-06-01",
)
QUAKE = Article(
    "quake",
    "Gempa mengguncang kota kecil itu. Empat rumah roboh. Listrik padam sampai pagi hari.",
    "Gempa",
    "Kabar Dua",
    "2024-06-02",
)
FERRY = Article(
    "ferry",
    "The ferry left the harbour at dawn. Forty people were on board. The crew saw the storm late.",
    "Ferry",
    "The Post",
    None,
    "en",
)


def texts(store: StoreFolder) -> dict[str, str]:
    """The texts that a store holds, by id."""
    current = store.current()
    return {info.id: current.article(info.id).text for info in current.infos()}


class Agreeing:
    """A judge to whom all say the same."""

    company: Company | None = None

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Leave to the reader what answers."""
        return list(evidence)

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        return [Verdict.certain("same") for _ in pairs]


class LongestFirst:
    """A reader that takes the first word of every passage, the surer the longer the passage."""

    def score(
        self, question: str, headers: Sequence[str], texts: Sequence[str], ends: Sequence[Sequence[int]] | None = None
    ) -> list[list[SpanScore]]:
        return [[SpanScore(0, len(text.split()[0]), float(len(text)), 0.0)] for text in texts]


def question(text: str = "Berapa korban?", asks: AnswerType = "number", language: str = "id") -> Question:
    return Question(text, language, asks, ())


def evidence(
    text: str, answer: str | None = None, *, article: str = "a", probability: float = 0.9, published: str | None = None,
    origin: str | None = None, language: str = "id", source: str | None = None,
) -> Evidence:  # fmt: skip
    """Evidence of an article that consists of the sentence `text`."""
    whole = Article(article, text, source=source or f"Kabar {article}", published=published, language=language)
    sentence = Span(0, len(text))
    at = text.index(answer) if answer else 0
    span = Span(at, at + len(answer)) if answer else sentence
    passage = Passage(whole, Chunk(article, 0, len(text), (sentence,)), origin or article)
    return Evidence(passage, sentence, span, probability)


def random_adapter(path: Path, tiny: Path, kind: type[HeadedModel], metadata: dict[str, object], seed: int = 0) -> Path:
    """Store in `path` factors and heads, drawn by the seed, for a model of that kind on the tiny backbone; return it."""
    torch.manual_seed(seed)
    backbone = BertModel.from_pretrained(tiny, add_pooling_layer=False)
    attach(backbone, rank=2, scale=1.0)
    model = kind(backbone, 16)
    for name, parameter in model.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.normal_(parameter, std=0.5)
    save_adapter(path, {**adapter_tensors(backbone, 2), **model.heads()}, metadata)
    return path
