from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
import torch
from builders import random_adapter
from hypothesis import given
from hypothesis import strategies as st
from transformers import BertModel

import rag.reader
from index.bundled import bundled_model_folder
from index.chunk import chunk_article
from index.types import Article, Chunk, SilangError, Span
from rag.adapter import adapter_tensors, attach, fingerprint, load_adapter, merge, save_adapter
from rag.header import header_line
from rag.reader import (
    ADAPTER,
    SECOND,
    SECOND_WHERE,
    Calibration,
    ExtractiveReader,
    PassageTokenizer,
    Reading,
    SpanModel,
    SpanScore,
    beside_adapter,
    best_spans,
    question_beside,
)
from rag.training.cases import gold_spans
from rag.training.data import Example
from rag.training.loop import Settings
from rag.training.reader import LONGEST, encode
from rag.types import Evidence, Passage, Question
from rag.wording import find_wording

TEXT = (
    "SOLOK SELATAN, Lintas Nusa -  Lubang tambang runtuh pada Kamis (26/9/2024) sore.\n\n"
    "Hingga pukul 22.00 WIB, tujuh orang\nditemukan meninggal dunia. “Tanahnya jenuh air,” kata Irwan. Biayanya Rp１００ juta."
)
# Words of both languages, white space of all kinds, ligatures, full-width and combining characters, control characters.
texts = st.text(st.sampled_from("abzÄé18ﬁ½１Ｒ…“”.,()/- \n\t\u00a0\u3000\u200b\u0301\u00ad字🙂İ"), max_size=60)


@pytest.fixture(scope="session")
def adapter(tiny: Path) -> Path:
    return random_adapter(tiny / "read.safetensors", tiny, SpanModel, {})


@pytest.fixture(scope="session")
def reader(tiny: Path, adapter: Path) -> ExtractiveReader:
    return ExtractiveReader(adapter, folder=tiny, dtype=torch.float32)


def passage(text: str, article: Article | None = None) -> Passage:
    article = article or Article("a", text, "Judul", "Kabar", "2024-09-26", "id")
    chunks = chunk_article(article, (), lambda texts: [len(t.split()) for t in texts])
    chunk = chunks[0] if chunks else Chunk("a", 0, len(text), (Span(0, len(text)),))
    return Passage(article, chunk, "a")


def asked(text: str = "Berapa orang meninggal?") -> Question:
    return Question(text, "id", "number", {})


def check(found: list[Evidence]) -> None:
    for e in found:
        text = e.passage.article.text
        assert e.answer == text[e.span.start : e.span.end]
        assert e.answer and e.answer == e.answer.strip()
        assert e.sentence.start <= e.span.start < e.span.end <= e.sentence.end
        assert e.passage.chunk.start <= e.span.start and e.span.end <= e.passage.chunk.end
        assert 0 <= e.probability <= 1
        assert not (text[e.span.start].isalnum() and e.span.start and text[e.span.start - 1].isalnum())
    assert [e.probability for e in found] == sorted((e.probability for e in found), reverse=True)


@given(texts)
def test_offsets_point_into_the_text_as_given(reader: ExtractiveReader, text: str) -> None:
    ids, offsets = reader.tokenizer.tokens([text])[0]
    assert len(ids) == len(offsets)
    for start, end in offsets:
        assert 0 <= start <= end <= len(text)
        assert text[start:end] == text[start:end].strip()
    assert offsets == sorted(offsets)
    covered = {i for start, end in offsets for i in range(start, end)}
    assert {i for i, ch in enumerate(text) if ch.isalnum()} <= covered


@given(st.lists(texts, min_size=1, max_size=3))
def test_every_span_is_an_excerpt_whatever_the_text(reader: ExtractiveReader, bodies: list[str]) -> None:
    check(reader.read(asked(), [passage(body) for body in bodies]))


def test_spans_of_a_passage_do_not_overlap_and_lie_in_its_sentences(reader: ExtractiveReader) -> None:
    whole = passage(TEXT)
    found = reader.read(asked(), [whole])
    check(found)
    spans = sorted((e.span.start, e.span.end) for e in found)
    assert spans and all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_a_passage_is_scored_the_same_alone_and_among_others(reader: ExtractiveReader) -> None:
    alone = reader.score("Berapa?", ["Judul"], [TEXT])[0]
    among = reader.score("Berapa?", ["Judul", "", "x"], [TEXT, "Pendek.", TEXT * 4])[0]
    assert [(s.start, s.end) for s in alone] == [(s.start, s.end) for s in among]
    assert all(abs(a.logit - b.logit) < 1e-4 for a, b in zip(alone, among, strict=True))


def test_what_may_answer_is_read_again_beside_what_the_surest_answers(
    tiny: Path, adapter: Path, reader: ExtractiveReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paired = Path(shutil.copy(adapter, tmp_path / "paired.safetensors"))
    other = random_adapter(beside_adapter(paired), tiny, SpanModel, {"start": fingerprint(paired)}, seed=1)
    second = ExtractiveReader(other, folder=tiny, dtype=torch.float32)
    twice = ExtractiveReader(paired, folder=tiny, dtype=torch.float32)
    assert twice.second and twice.second.get_submodule("backbone.embeddings.embeddings") is twice.embeddings

    headers, bodies = ["Judul", "", "x"], [TEXT, "Pendek.", "Tiga. Empat orang hilang."]
    given = "Berapa?", headers, bodies, [[66, 150], [7], [5, 25]]
    alone = reader.score(*given)
    logits = [spans[0].logit for spans in alone]
    quiet, likely, sure = sorted(range(3), key=lambda i: logits[i])
    monkeypatch.setattr(rag.reader, "QUIET", (logits[quiet] + logits[likely]) / 2)
    found, best = twice.score(*given), alone[sure][0]
    told = question_beside("Berapa?", headers[sure], bodies[sure], given[3][sure], best.start, best.end)
    again = second.score(told, *([part[likely]] for part in given[1:]))[0][0].logit
    assert found[likely][0].logit == pytest.approx((1 - SECOND) * logits[likely] + SECOND * again, abs=1e-3)
    assert abs(again - logits[likely]) > 1e-2  # or the mean would show nothing
    assert all(score.beside for score in found[likely])
    # The surest has no other to be read beside, and what is quiet hardly answers.
    assert (found[sure], found[quiet]) == (alone[sure], alone[quiet])
    monkeypatch.setattr(rag.reader, "QUIET", (logits[likely] + logits[sure]) / 2)
    assert twice.score(*given) == alone
    monkeypatch.undo()
    assert twice.score(given[0], *([part[0]] for part in given[1:])) == alone[:1]
    assert ExtractiveReader(paired, folder=tiny, dtype=torch.float32, twice=False).score(*given) == alone


def test_an_adapter_that_reads_beside_an_answer_of_another_reader_is_refused(tiny: Path, tmp_path: Path) -> None:
    reader = random_adapter(tmp_path / "reader.safetensors", tiny, SpanModel, {})
    random_adapter(beside_adapter(reader), tiny, SpanModel, {"start": fingerprint(reader)}, seed=1)
    random_adapter(reader, tiny, SpanModel, {}, seed=2)
    with pytest.raises(SilangError, match="from another reader"):
        ExtractiveReader(reader, folder=tiny, dtype=torch.float32)
    assert not ExtractiveReader(reader, folder=tiny, dtype=torch.float32, twice=False).second


def test_the_mean_of_two_readings_keeps_what_only_one_had_room_for() -> None:
    long = Reading([(0, 1), (2, 3), (4, 5)], 1.0, torch.tensor([[0.5, 0.25, 0.25]] * 2).log())
    short = Reading([(0, 1), (2, 3)], 3.0, torch.tensor([[0.5, 0.5]] * 2).log())
    mean = long.mean(short)
    assert (mean.logit, mean.offsets) == (pytest.approx(1 + 2 * SECOND), long.offsets)
    assert torch.allclose(mean.shares.exp().sum(1), torch.ones(2))
    weights = torch.tensor([0.5, 0.25 ** (1 - SECOND_WHERE) * 0.5**SECOND_WHERE, 0.25])
    assert torch.allclose(mean.shares[0].exp(), weights / weights.sum())


def test_an_answer_is_told_in_its_sentence() -> None:
    text = "Dua tewas. Tiga hilang. Empat luka."
    assert question_beside("Berapa?", "Judul", text, [10, 23, 35], 11, 15) == "Berapa? | Tiga | Tiga hilang. | Judul"
    assert question_beside("Berapa?", "", text, [], 0, 3) == f"Berapa? | Dua | {text} | "


def test_long_questions_and_passages_are_cut_to_the_window(reader: ExtractiveReader) -> None:
    check(reader.read(asked("Mengapa? " * 100), [passage("kata " * 2000)]))
    assert reader.read(asked(), []) == []


@given(st.lists(st.floats(-20, 0), min_size=2, max_size=24))
def test_best_spans_come_best_first_as_whole_words(values: list[float]) -> None:
    text = "aa bb cc dd ee ff gg hh ii jj kk ll"
    count = len(values) // 2
    offsets = [(3 * i, 3 * i + 1) for i in range(count)]  # tokens that end inside words
    start, end = torch.tensor(values[:count]), torch.tensor(values[count : 2 * count])
    found = best_spans(text, offsets, start, end, 1.5, ends=[9, 21, 30])
    assert [s.log_share for s in found] == sorted((s.log_share for s in found), reverse=True)
    assert all(len(part) == 2 for s in found for part in text[s.start : s.end].split())
    assert all(a.end <= b.start or b.end <= a.start for a in found for b in found if a is not b)


def test_a_place_in_what_is_read_is_found_in_the_article() -> None:
    whole = passage("Satu dua.\n\nTiga empat.  Lima enam.")
    assert whole.text == "Satu dua. Tiga empat. Lima enam." and [whole.text[e - 1] for e in whole.ends] == [*"..."]
    for word in whole.text.split():
        at = whole.text.index(word)
        sentence, span = whole.locate(at, at + len(word))
        assert span.of(whole.article.text) == word and word in sentence.of(whole.article.text)
        assert sentence in whole.chunk.sentences


def test_probability_grows_with_both_scores() -> None:
    fit = Calibration(-1.0, 0.8, 0.5)
    at = [fit.probability(SpanScore(0, 1, logit, -1.0)) for logit in (-900.0, -2.0, 0.0, 2.0)]
    assert at == sorted(at) and at[0] == 0.0
    assert fit.probability(SpanScore(0, 1, 0.0, -3.0)) < fit.probability(SpanScore(0, 1, 0.0, -0.1))


def test_what_is_read_twice_has_a_scale_of_its_own() -> None:
    fit, once, twice = (
        Calibration(-1.0, 0.8, 0.5, -2.0, 0.5),
        SpanScore(0, 1, 3.0, -1.0),
        SpanScore(0, 1, 3.0, -1.0, True),
    )
    assert fit.probability(once) == Calibration(-1.0, 0.8, 0.5).probability(twice)
    assert fit.probability(twice) == Calibration(-3.0, 1.3, 0.5).probability(once)


def test_a_span_stays_within_one_sentence() -> None:
    text, offsets = "aa. bb. cc.", [(0, 2), (4, 6), (8, 10)]
    start, end = torch.tensor([0.0, -9.0, -9.0]), torch.tensor([-9.0, -9.0, 0.0])
    assert [text[s.start : s.end] for s in best_spans(text, offsets, start, end, 1.0)][0] == "aa. bb. cc"
    within = best_spans(text, offsets, start, end, 1.0, ends=[3, 7, 11])
    assert {text[s.start : s.end] for s in within} == {"aa", "cc"}


def test_a_sentence_that_names_two_things_weighs_as_much_as_one_that_names_one() -> None:
    text, offsets = "aa bb. cc dd.", [(0, 2), (3, 5), (7, 9), (10, 12)]
    shares = torch.tensor([0.25, 0.25, 0.4, 0.1]).log()
    found = best_spans(text, offsets, shares, shares, 1.0, ends=[6, 13])
    assert [text[s.start : s.end] for s in found] == ["cc", "aa"]
    inside = [0.25**2 * 3, 0.4**2 + 0.4 * 0.1 + 0.1**2]
    assert sorted(math.exp(s.log_share) for s in found) == pytest.approx(sorted(inside))


def test_an_adapter_of_full_rank_is_stored_as_its_nearest_factors(tiny: Path) -> None:
    adapted, plain = (BertModel.from_pretrained(tiny, add_pooling_layer=False).eval() for _ in range(2))
    attach(adapted, rank=0, scale=1.0, frozen=1)
    for name, parameter in adapted.named_parameters():
        if name.endswith(".delta"):
            torch.nn.init.normal_(parameter, std=0.1)
    ids = torch.arange(4, 24)[None]
    tensors = adapter_tensors(adapted, rank=16)  # the whole rank of a layer 16 wide
    assert tensors and not any(".layer.0." in name for name in tensors)
    merge(plain, tensors)
    assert torch.allclose(adapted(ids).last_hidden_state, plain(ids).last_hidden_state, atol=1e-4)
    assert adapter_tensors(adapted, rank=3)["encoder.layer.1.attention.self.query.up"].shape == (16, 3)


def test_the_header_says_what_is_known() -> None:
    assert header_line(Article("a", "", "Judul", "Kabar", "2024-06-19")) == "Judul — Kabar, 2024-06-19"
    assert header_line(Article("a", "", None, None, "2024-06-19")) == "2024-06-19"
    assert header_line(Article("a", "")) == ""


def test_above_a_passage_stand_how_its_article_begins_and_the_sentence_before() -> None:
    text = "Pasar terbakar Senin.\n\nBaca juga: Terminal Diresmikan\n\nDua kios habis. Tiga lagi rusak. Polisi menyelidiki."
    article = Article("a", text, "Kebakaran")
    at = text.index
    assert header_line(article, at("Dua")) == "Kebakaran | Pasar terbakar Senin."
    assert header_line(article, at("Tiga")) == "Kebakaran | Pasar terbakar Senin. | Dua kios habis."
    assert header_line(article, at("Polisi")) == "Kebakaran | Pasar terbakar Senin. | Tiga lagi rusak."
    long = Article("a", f"Satu kios. Kata {'kata ' * 90}akhir. Tiga kios.")
    above = header_line(long, long.text.index("Tiga"))
    assert above.startswith("Satu kios. | kata") and above.endswith("kata akhir.") and len(above) < 220


def test_a_merged_adapter_computes_what_the_attached_one_does(tiny: Path, tmp_path: Path) -> None:
    adapted, plain = (BertModel.from_pretrained(tiny, add_pooling_layer=False).eval() for _ in range(2))
    attach(adapted, rank=4, scale=2.0)
    ids = torch.arange(4, 24)[None]
    assert torch.allclose(adapted(ids).last_hidden_state, plain(ids).last_hidden_state, atol=1e-6)
    for name, parameter in adapted.named_parameters():
        if name.endswith(".up"):
            torch.nn.init.normal_(parameter, std=0.3)
    given = adapter_tensors(adapted, 4)
    save_adapter(tmp_path / "a.safetensors", given, {"seed": 7})
    tensors, metadata = load_adapter(tmp_path / "a.safetensors")
    assert metadata == {"seed": 7} and len(tensors) == 2 * 2 * 6
    for name, tensor in tensors.items():  # in int8: off by half a step of 127 at most, for each rank
        steps = given[name].abs().amax(1 if name.endswith(".down") else 0, keepdim=True) / 127
        assert ((tensor - given[name]).abs() <= 0.5001 * steps).all()
    merge(plain, given)
    assert torch.allclose(adapted(ids).last_hidden_state, plain(ids).last_hidden_state, atol=1e-4)


def test_the_word_matrix_can_be_shared(tiny: Path, adapter: Path, reader: ExtractiveReader) -> None:
    other = BertModel.from_pretrained(tiny, add_pooling_layer=False).eval()
    shared = ExtractiveReader(adapter, folder=tiny, embeddings=other.embeddings, dtype=torch.float32)
    assert any(p is other.embeddings.word_embeddings.weight for p in shared.model.parameters())
    assert shared.score("Apa?", [""], [TEXT]) == reader.score("Apa?", [""], [TEXT])


def test_training_rows_keep_the_answer_whatever_is_cut(tiny: Path) -> None:
    tokenizer = PassageTokenizer(tiny)
    text = "kata " * 100 + "tujuh orang " + "kata " * 100
    at = text.index("tujuh orang")
    examples = [Example("Berapa?", "Judul", text, ((at, at + 11),), "news"), Example("Apa?", "", text, (), "wiki")]
    for seed in range(5):
        rows = encode(examples, tokenizer, Settings(headerless=0.0, typed=0.5), seed)
        offsets = rows[0].encoded.offsets
        (first, last) = (position - rows[0].encoded.first for position in rows[0].spans[0])
        assert text[offsets[first][0] : offsets[last][1]] == "tujuh orang"
        assert len(rows) == 2 and rows[1].spans == () and len(rows[1].encoded.ids) <= LONGEST


def test_gold_spans_are_the_wording_inside_the_evidence() -> None:
    whole = passage(TEXT)
    quote = "Hingga pukul 22.00 WIB, tujuh orang\nditemukan meninggal dunia."
    side = {"answers": ["tujuh orang ditemukan", "ya"], "evidence": [{"article": "a", "quote": quote}]}
    spans = gold_spans({"sides": [side]}, whole)
    assert spans and [whole.text[s:e] for s, e in spans] == ["tujuh orang\nditemukan"]
    assert gold_spans({"sides": []}, whole) == ()
    unworded = gold_spans({"sides": [{**side, "answers": ["ya"]}]}, whole)
    assert unworded and [whole.text[s:e] for s, e in unworded] == [quote]


def test_a_wording_is_found_as_whole_words_only() -> None:
    assert find_wording("no", "a notice. No") == (10, 12)
    assert find_wording("7 orang", "17 orang") is None


@pytest.mark.model
def test_the_shipped_reader_answers_and_stays_silent() -> None:
    reader = ExtractiveReader()
    whole = passage(TEXT)
    found = reader.read(asked("Berapa orang yang meninggal?"), [whole])
    check(found)
    assert "tujuh" in found[0].answer
    absent = reader.read(asked("Siapa bupati yang memecat kepala desa?"), [whole])
    assert absent[0].probability < found[0].probability
    covered = {i for s, e in PassageTokenizer(bundled_model_folder()).tokens([TEXT])[0][1] for i in range(s, e)}
    assert {i for i, ch in enumerate(TEXT) if ch.isalnum()} <= covered
    assert all(path.stat().st_size < 12_000_000 for path in (ADAPTER, beside_adapter(ADAPTER)))


# What the shipped adapter gave in fp32 when it was trained: question, answer, probability.
RECORDED: list[tuple[str, str, float]] = [
    ("Berapa orang yang meninggal?", "tujuh orang", 0.965),
    ("Kapan tambang itu runtuh?", "Kamis (26/9/2024) sore", 0.95),
    ("How much did it cost?", "Rp１００ juta", 0.964),
    ("Siapa bupati yang memecat kepala desa?", "Lintas Nusa", 0.004),
]


@pytest.mark.model
def test_the_shipped_reader_gives_what_was_recorded() -> None:
    reader = ExtractiveReader(dtype=torch.float32)
    for text, answer, probability in RECORDED:
        best = reader.read(asked(text), [passage(TEXT)])[0]
        assert (best.answer, best.probability) == (answer, pytest.approx(probability, abs=0.02))
    # Beside that answer another source's is read again.
    other = passage("Tambang emas di Solok Selatan longsor. Wali nagari mencatat sembilan orang meninggal.")
    found = {e.answer: e.probability for e in reader.read(asked(RECORDED[0][0]), [passage(TEXT), other])}
    assert found["tujuh orang"] == pytest.approx(RECORDED[0][2], abs=0.02)
    assert found["sembilan orang"] == pytest.approx(0.843, abs=0.02)
