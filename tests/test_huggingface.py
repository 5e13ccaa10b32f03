from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from builders import evidence, question
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
)

from index.types import SilangError
from rag.huggingface import TransformersJudge, TransformersReader
from rag.types import Pair


def folder(tiny: Path, out: Path, kind: type, **config: object) -> str:
    """A tiny model of another's making, as its author would save it."""
    torch.manual_seed(3)
    kind(BertConfig.from_pretrained(tiny, **config)).save_pretrained(out)
    AutoTokenizer.from_pretrained(tiny).save_pretrained(out)
    return str(out)


def test_any_question_answering_model_reads_passages(tiny: Path, tmp_path: Path) -> None:
    reader = TransformersReader(folder(tiny, tmp_path / "qa", BertForQuestionAnswering))
    texts = ["Tujuh orang tewas. Dua luka.", "Hujan turun sejak pagi.", "kata " * 900]
    passages = [evidence(text, article=str(n)).passage for n, text in enumerate(texts)]
    found = reader.read(question(), passages)
    assert {e.passage.article.id for e in found} == {"0", "1", "2"}
    assert [e.probability for e in found] == sorted((e.probability for e in found), reverse=True)
    assert reader.read(question(), []) == []
    assert reader.read(question("7 " * 498 + "?"), passages)  # a question as long as the window leaves room


def test_a_sentence_is_as_probable_as_the_scores_of_its_spans_over_that_of_silence(tiny: Path, tmp_path: Path) -> None:
    name = folder(tiny, tmp_path / "qa", BertForQuestionAnswering)
    model, tokenizer = BertForQuestionAnswering.from_pretrained(name).eval(), AutoTokenizer.from_pretrained(name)
    best = TransformersReader(name).read(question(), [evidence("Tujuh orang tewas").passage])[0]
    encoded = tokenizer(question().text, "Tujuh orang tewas", return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    body = [i for i, part in enumerate(encoded.sequence_ids(0)) if part == 1]
    with torch.inference_mode():
        out = model(**encoded)
    scores = {
        (i, j): float(out.start_logits[0, i] + out.end_logits[0, j] - out.start_logits[0, 0] - out.end_logits[0, 0])
        for i in body
        for j in body
        if i <= j
    }
    i, j = max(scores, key=scores.__getitem__)
    score = math.log(sum(math.exp(value) for value in scores.values()))
    assert best.span.start <= offsets[i][0] and offsets[j][1] <= best.span.end
    assert best.probability == pytest.approx(1 / (1 + math.exp(-score)), abs=1e-4)


def test_a_model_without_the_head_that_is_needed_is_refused(tiny: Path) -> None:
    with pytest.raises(SilangError, match="has no trained"):
        TransformersReader(str(tiny))


NLI = {0: "ENTAILMENT", 1: "neutral", 2: "contradiction"}


def test_any_inference_model_judges_pairs_and_values_come_first(tiny: Path, tmp_path: Path) -> None:
    judge = TransformersJudge(folder(tiny, tmp_path / "nli", BertForSequenceClassification, id2label=NLI))
    a, b = evidence("Bupati membuka pasar."), evidence("Pasar dibuka camat.", article="b")
    one, two, typed = judge.judge(question(), [Pair(a, b), Pair(b, a), Pair(a, b, "incompatible")])
    assert one.incompatible == pytest.approx(two.incompatible, abs=1e-6)
    assert one.same + one.compatible + one.incompatible + one.unrelated == pytest.approx(1, abs=1e-6)
    assert typed.incompatible == 1.0


def test_a_model_without_inference_labels_is_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(SilangError, match="entailment"):
        TransformersJudge(folder(tiny, tmp_path / "x", BertForSequenceClassification, id2label={0: "a", 1: "b"}))


def test_a_model_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SilangError, match="neither a folder nor in the local model cache"):
        TransformersReader("nobody/nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SilangError, match="cannot be used"):
        TransformersJudge(str(tmp_path / "empty"))
