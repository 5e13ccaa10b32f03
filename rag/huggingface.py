"""Readers and judges of others behind the same protocols: any extractive question answering or NLI model, by name or folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForQuestionAnswering, AutoModelForSequenceClassification, AutoTokenizer

from index.encoder import quiet
from index.types import SilangError, Text
from rag.company import Company
from rag.compare import conflict_kind
from rag.reader import QUESTION_TOKENS, Calibration, best_spans
from rag.types import Evidence, Pair, Passage, Question, Verdict

BATCH = 8
WINDOW = 512
# The names under which NLI models list their labels.
_ENTAILS, _CONTRADICTS = ("entail",), ("contra",)


class TransformersReader:
    """A model with a question answering head; that a passage does not answer is its score of the CLS token.

    A span's probability is the logistic of its sentence's score over that one (Devlin et al. 2019); it is not calibrated. Raises
    SilangError when the model cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        self._tokenizer, self._model = _load(model, AutoModelForQuestionAnswering)

    @torch.inference_mode()
    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        """Return the best spans of every passage, most probable first."""
        found: list[Evidence] = []
        asked = self._cut(question.text)
        for at in range(0, len(passages), BATCH):
            batch = passages[at : at + BATCH]
            texts = [p.text for p in batch]
            encoded = self._tokenizer(
                [asked] * len(batch), texts, truncation="only_second", max_length=WINDOW, padding=True,
                return_offsets_mapping=True, return_tensors="pt",
            )  # fmt: skip
            offsets = encoded.pop("offset_mapping").tolist()
            out = self._model(**encoded)
            for i, passage in enumerate(batch):
                body = torch.tensor([part == 1 for part in encoded.sequence_ids(i)])
                silent = encoded["input_ids"][i].tolist().index(self._tokenizer.cls_token_id)
                start, end = (
                    logits[i].float() - logits[i, silent].float() for logits in (out.start_logits, out.end_logits)
                )
                found += self._spans(passage, texts[i], offsets[i], body, start, end)
        return sorted(found, key=lambda e: -e.probability)

    def _cut(self, question: str) -> str:
        """The question, of one that would leave a passage no room its beginning."""
        read = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)
        places = read["offset_mapping"][:QUESTION_TOKENS]
        return question[: places[-1][1]] if places else question

    def _spans(
        self, passage: Passage, text: str, offsets: list[list[int]], body: torch.Tensor, start: torch.Tensor,
        end: torch.Tensor,
    ) -> list[Evidence]:  # fmt: skip
        if not body.any():
            return []
        inside = [(s, e) for (s, e), held in zip(offsets, body.tolist(), strict=True) if held]
        start, end = start[body], end[body]
        # log shares plus the logarithms of what they are shares of are the scores again
        total = float(start.logsumexp(-1) + end.logsumexp(-1))
        spans = best_spans(text, inside, start.log_softmax(-1), end.log_softmax(-1), total, passage.ends)
        return [Evidence(passage, *passage.locate(s.start, s.end), Calibration().probability(s)) for s in spans]


class TransformersJudge:
    """A model of natural language inference; typed values decide where there are any.

    Each side is premise and hypothesis in turn: two that entail each other say the same, one that entails the other is
    compatible with it, and the contradictions of both directions are averaged. Raises SilangError when the model cannot
    be loaded or has no such labels.
    """

    def __init__(self, model: str) -> None:
        self._tokenizer, self._model = _load(model, AutoModelForSequenceClassification)
        labels = {int(i): str(name).lower() for i, name in self._model.config.id2label.items()}
        found = [[i for i, name in labels.items() if name.startswith(known)] for known in (_ENTAILS, _CONTRADICTS)]
        if any(len(ids) != 1 for ids in found):
            raise SilangError(
                f"the judge {model!r} labels its classes {sorted(labels.values())}, not entailment and contradiction: "
                "give a model of natural language inference",
                f"penilai {model!r} berlabel {sorted(labels.values())}, bukan entailment dan contradiction: "
                "berikan model inferensi bahasa alami",
            )
        self._entails, self._contradicts = found[0][0], found[1][0]
        self.company: Company | None = None

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Leave to the reader what answers."""
        return list(evidence)

    @torch.inference_mode()
    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return how the sides of each pair relate under the question."""
        kind, verdicts = conflict_kind(question.asks), list[Verdict]()
        for pair in pairs:
            if pair.values is not None:
                verdicts.append(Verdict.certain(pair.values, kind))
                continue
            sides = [f"{question.text} {e.answer}. {e.quote}" for e in (pair.a, pair.b)]
            encoded = self._tokenizer(
                sides, sides[::-1], truncation=True, max_length=WINDOW, padding=True, return_tensors="pt"
            )
            shares = self._model(**encoded).logits.float().softmax(-1)
            against = float(shares[:, self._contradicts].mean())
            entailed = shares[:, self._entails]
            same, either = min(float(entailed.min()), 1 - against), min(float(entailed.max()), 1 - against)
            verdicts.append(Verdict(same, either - same, against, 1 - against - either, kind))
        return verdicts


def _load(model: str, kind: Any) -> tuple[Any, Any]:
    """Return (tokenizer, model) from a folder or the local cache; nothing is fetched."""
    try:
        with quiet():
            tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True)
            loaded, report = kind.from_pretrained(model, local_files_only=True, output_loading_info=True)
        if report["missing_keys"]:
            lacking = ", ".join(sorted(report["missing_keys"])[:2])
            raise SilangError(f"it has no trained {lacking}", f"tidak memiliki {lacking} yang terlatih")
        if not tokenizer.is_fast or tokenizer.cls_token_id is None:
            raise SilangError(
                "its tokenizer gives no offsets or has no CLS token",
                "tokenizer-nya tidak memberi offset atau tidak punya token CLS",
            )
        return tokenizer, loaded.eval()
    except (SilangError, OSError, ValueError, KeyError, ImportError, SafetensorError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        reason = error.text if isinstance(error, SilangError) else Text(told, told)
        where = Text("is neither a folder nor in the local model cache", "bukan folder dan tidak ada di tembolok model")
        if Path(model).exists():
            where = Text("cannot be used", "tidak bisa dipakai")
        reads = kind is AutoModelForQuestionAnswering
        part = Text("reader", "pembaca") if reads else Text("judge", "penilai")
        option, variable = ("--reader", "SILANG_READER") if reads else ("--judge", "SILANG_JUDGE")
        raise SilangError(
            f"the {part.en} {model!r} {where.en} ({reason.en}): give the path of a downloaded model, or leave "
            f"{option} and {variable} out to use the bundled one",
            f"{part.id} {model!r} {where.id} ({reason.id}): sebutkan folder model yang sudah diunduh, atau kosongkan "
            f"{option} dan {variable} untuk memakai model bawaan",
        ) from error
