from __future__ import annotations

import socket
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from builders import Agreeing
from conftest import HashEncoder

from eval.cases import SAMPLE, load_cases
from index.build import build_index
from index.encoder import SentenceTransformerEncoder
from index.folder import StoreFolder
from index.types import Article, Filters, SilangError
from rag.pipeline import Silang
from rag.types import Answer, Evidence, Passage, Question

CASES = load_cases(SAMPLE)
TEXTS = {article.id: article.text for case in CASES for article in case.articles}


@pytest.fixture(scope="module")
def silang(tmp_path_factory: pytest.TempPathFactory, bundled: SentenceTransformerEncoder) -> Silang:
    store = StoreFolder(tmp_path_factory.mktemp("pipeline") / "store")
    build_index(store, [article for case in CASES for article in case.articles], bundled)
    return Silang.with_defaults(store, bundled)


@pytest.mark.model
def test_every_answer_to_the_sample_is_well_formed_and_verbatim(silang: Silang) -> None:
    for question in (q for case in CASES for q in case.questions):
        answer = silang.ask(question.question)
        fewest = {"answered": 1, "conflict": 2, "not_found": 0}[answer.status]
        assert len(answer.sides) >= fewest and (answer.status == "conflict") == (len(answer.sides) > 1)
        numbers = [c.n for c in answer.citations]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(side.citations and set(side.citations) <= set(numbers) for side in answer.sides)
        assert len({side.citations for side in answer.sides}) == len(answer.sides)
        assert (answer.conflict is not None) == (answer.status == "conflict")
        assert bool(answer.related) == (answer.status == "not_found")
        for citation in (*answer.citations, *answer.related):
            assert TEXTS[citation.article][citation.start : citation.end] == citation.quote
        assert all(f"[{n}]" in answer.text for n in numbers)


@pytest.mark.model
def test_a_conflict_is_stated_however_politely_the_question_is_typed(silang: Silang) -> None:
    for typed in (
        "Halo kak, mau tanya, kapan ya Putin tiba di Pyongyang? Makasih.",
        "kapan sih putin tiba di pyongyang",
    ):
        answer = silang.ask(typed)
        assert (answer.status, answer.question) == ("conflict", typed)


@pytest.mark.model
def test_sources_that_give_two_dates_are_stated_as_a_conflict(silang: Silang) -> None:
    answer = silang.ask("Kapan Putin tiba di Pyongyang?")
    assert (answer.status, answer.language) == ("conflict", "id")
    assert answer.conflict is not None and answer.conflict.kind == "date"
    assert len({c.article for c in answer.citations}) >= 2
    found = silang.find("Kapan Putin tiba di Pyongyang?")
    pairs = [found.relate(a, b) for a, b in combinations(found.voices, 2)]
    assert len(pairs) > 2 and all(pair.both is not None for pair in pairs)  # the sources were weighed together
    assert [v.probability for v in found.voices] == sorted((v.probability for v in found.voices), reverse=True)


@pytest.mark.model
def test_what_no_article_speaks_of_is_not_found(silang: Silang) -> None:
    answer = silang.ask("Berapa harga tiket konser dangdut di Palembang?")
    assert (answer.status, answer.sides) == ("not_found", ())


@pytest.mark.model
def test_the_reply_is_in_the_language_of_the_question(silang: Silang) -> None:
    assert silang.ask("Siapa Kim Jong Un?").language == "id"
    assert silang.ask("Who is Kim Jong Un?").language == "en"


@pytest.mark.model
def test_a_repost_is_never_a_second_source(silang: Silang) -> None:
    copies = {info.id: info.copy_of for info in silang.folder.current().infos() if info.copy_of}
    assert copies
    for question in (q for case in CASES for q in case.questions):
        cited = {c.article for c in silang.ask(question.question).citations}
        assert not any(copy in cited and original in cited for copy, original in copies.items())


@pytest.mark.model
def test_filters_decide_who_may_answer(silang: Silang) -> None:
    only = silang.ask("Kapan Putin tiba di Pyongyang?", Filters(sources=frozenset({"Portal Selasar"})))
    assert {c.source for c in (*only.citations, *only.related)} == {"Portal Selasar"}


@pytest.mark.model
def test_answering_opens_no_connection(silang: Silang, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert isinstance(silang.ask("Siapa Kim Jong Un?"), Answer)


def test_a_running_chat_answers_from_the_new_generation(store: StoreFolder, encoder: HashEncoder) -> None:
    first = Article("a", "Jembatan Lengis dibuka pada 3 Maret 2024 oleh bupati.", language="id")
    build_index(store, [first], encoder)
    silang = Silang(StoreFolder(store.path), encoder, EveryFirstSentence(), Agreeing())
    assert silang.ask("Kapan jembatan dibuka?").citations[0].quote == first.text
    build_index(store, [replace(first, text=first.text.replace("3 Maret", "9 April"))], encoder)
    assert "9 April" in silang.ask("Kapan jembatan dibuka?").citations[0].quote


def test_a_question_that_cannot_be_asked_raises_or_replies(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [Article("a", "Jembatan Lengis dibuka pada 3 Maret 2024 oleh bupati.")], encoder)
    silang = Silang(store, encoder, EveryFirstSentence(), Agreeing())
    with pytest.raises(SilangError):
        silang.ask("?!")
    reply = silang.reply("?!")
    assert reply.status == "not_found" and reply.text


def test_filters_that_leave_no_article_raise_or_reply_and_are_not_taken_for_silence(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    text = "Jembatan Lengis dibuka pada 3 Maret 2024 oleh bupati."
    build_index(store, [Article("a", text, source="Harian Pagi", language="id")], encoder)
    silang = Silang(store, encoder, EveryFirstSentence(), Agreeing())
    mistyped = Filters(sources=frozenset({"Harian pagi"}), since="2024-01-01")
    with pytest.raises(SilangError, match=r"no article .*outlet: Harian pagi; from: 2024-01-01"):
        silang.ask("Kapan Jembatan Lengis dibuka?", mistyped)
    reply = silang.reply("Kapan Jembatan Lengis dibuka?", mistyped)
    assert (reply.status, reply.related) == ("not_found", ())
    assert "tidak ada artikel" in reply.text and "media: Harian pagi; sejak: 2024-01-01" in reply.text
    assert silang.reply("Kapan dibuka?", Filters(sources=frozenset({"Harian Pagi"}))).status == "answered"


def test_a_refusal_under_filters_says_so(store: StoreFolder, encoder: HashEncoder) -> None:
    class Silent(EveryFirstSentence):
        def read(self, question: Question, passages: list[Passage]) -> list[Evidence]:
            return []

    build_index(store, [Article("a", "Jembatan Lengis dibuka.", source="Harian Pagi", language="id")], encoder)
    silang = Silang(store, encoder, Silent(), Agreeing())
    refused = silang.ask("Kapan Jembatan Lengis dibuka?", Filters(languages=frozenset({"id"})))
    assert refused.status == "not_found" and "(bahasa: id)" in refused.text and refused.related
    assert "saringan" not in silang.ask("Kapan Jembatan Lengis dibuka?").text


def test_a_model_other_than_the_stores_is_refused(store: StoreFolder, encoder: HashEncoder) -> None:
    build_index(store, [Article("a", "Jembatan Lengis dibuka pada 3 Maret 2024 oleh bupati.")], encoder)
    with pytest.raises(SilangError, match="--rebuild --model other"):
        Silang(store, HashEncoder("other"), EveryFirstSentence(), Agreeing()).ask("Kapan?")


class EveryFirstSentence:
    """A reader that is sure of each passage's first sentence."""

    def read(self, question: Question, passages: list[Passage]) -> list[Evidence]:
        return [Evidence(p, p.chunk.sentences[0], p.chunk.sentences[0], 0.9) for p in passages]


def test_an_article_is_read_once_with_what_stands_around_what_was_retrieved(
    store: StoreFolder, encoder: HashEncoder
) -> None:
    # Three chunks and more, of which two are retrieved.
    text = " ".join(f"Di Lengis ada {n} ya." for n in range(100))
    build_index(store, [Article("a", text), Article("b", "Jembatan Lengis dibuka camat. Hujan turun.")], encoder)
    given: list[Passage] = []

    class Watching(EveryFirstSentence):
        def read(self, question: Question, passages: list[Passage]) -> list[Evidence]:
            given.extend(passages)
            return super().read(question, passages)

    found = Silang(store, encoder, Watching(), Agreeing()).find("Kapan Jembatan Lengis dibuka?")
    retrieved = [p.article.id for p in found.passages]
    assert sorted(p.article.id for p in given) == ["a", "b"] and len(retrieved) > 2
    read = next(p for p in given if p.article.id == "a").chunk.sentences
    chunks = [p.chunk.sentences for p in found.passages if p.article.id == "a"]
    assert read[0].start == 0 and {s for chunk in chunks for s in chunk} < {*read}


def test_another_reader_takes_the_place_of_the_bundled_one(
    store: StoreFolder, encoder: HashEncoder, tmp_path: Path
) -> None:
    build_index(store, [Article("a", "Langit cerah hari ini. Jembatan dibuka 3 Maret 2024.")], encoder)
    answer = Silang(store, encoder, EveryFirstSentence(), Agreeing()).ask("Bagaimana cuaca?")
    assert (answer.status, answer.citations[0].quote) == ("answered", "Langit cerah hari ini.")
