from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from builders import evidence, question, random_adapter
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import query_terms
from index.types import Article
from rag.compare import compare_evidence
from rag.coverage import coverage
from rag.judge import ADAPTER, FAINT, KINDS, WEIGHED, LearnedJudge, PairModel, Weights, kind_of
from rag.question import asked_type
from rag.types import Pair, Verdict

words = st.text(st.sampled_from("abz018ﬁ½“.,() \n"), min_size=1, max_size=40).filter(str.strip)
days = st.sampled_from([None, "2024-02-14", "2024-02-17"])


@pytest.fixture(scope="session")
def judge(tiny: Path) -> LearnedJudge:
    return LearnedJudge(random_adapter(tiny, PairModel, {"temperature": 2.0}), folder=tiny, dtype=torch.float32)


@given(words, words, days, days)
def test_the_verdict_does_not_depend_on_which_side_comes_first(
    judge: LearnedJudge, first: str, second: str, day: str | None, other: str | None
) -> None:
    a, b = evidence(first, published=day), evidence(second, article="b", published=other)
    one, two = judge.judge(question(), [Pair(a, b), Pair(b, a)])
    assert one.kind == two.kind
    assert one.incompatible == pytest.approx(two.incompatible, abs=1e-6)
    assert one.same + one.compatible + one.incompatible + one.unrelated == pytest.approx(1, abs=1e-5)


def test_a_pair_is_judged_the_same_alone_and_among_others(judge: LearnedJudge) -> None:
    pairs = [Pair(evidence("kata " * n), evidence("lain", article="b")) for n in (1, 90, 3, 700)]
    among = judge.judge(question(), pairs)
    assert [v.same for v in among] == pytest.approx([judge.judge(question(), [p])[0].same for p in pairs], abs=1e-5)
    assert judge.judge(question(), []) == []


def test_a_second_look_reorders_the_surest_evidence_and_leaves_the_rest_out(judge: LearnedJudge) -> None:
    found = [evidence("kata " * n, probability=0.9 - n / 100) for n in range(1, WEIGHED + 3)]
    assert judge.weigh(question(), []) == judge.weigh(question(), [evidence("x", probability=FAINT / 2)]) == []
    kept = judge.weigh(question(), found)
    assert [e.probability for e in kept] == pytest.approx([e.probability for e in found[:WEIGHED]])
    judge.weights = Weights(bias=-1.0, reader=0.5, claim=2.0)
    weighed = judge.weigh(question(), found)
    judge.weights = Weights()
    assert [e.probability for e in weighed] == sorted((e.probability for e in weighed), reverse=True)
    assert {e.quote for e in weighed} == {e.quote for e in found[:WEIGHED]}
    assert [e.probability for e in weighed] != pytest.approx([e.probability for e in kept])


def test_a_probability_grows_with_what_either_says() -> None:
    weights = Weights(-0.5, 0.6, 0.4, 2.0)
    assert weights.probability(0.5, 1.0, 0.5) < weights.probability(0.9, 1.0, 0.5) < weights.probability(0.9, 3.0, 0.5)
    assert weights.probability(0.5, 1.0, 0.5) < weights.probability(0.5, 1.0, 1.0)
    assert all(0 <= weights.probability(p, c, 1.0) <= 1 for p in (0.0, 1.0) for c in (-99.0, 99.0))


def test_evidence_of_an_article_that_holds_the_words_of_the_question_is_weighed_up(judge: LearnedJudge) -> None:
    asked = replace(question("Siapa pilot di Sabang?"), stems=query_terms("pilot sabang"))
    elsewhere, there = (
        evidence("Pilot itu Andi.", article=name, probability=p) for name, p in (("a", 0.6), ("b", 0.5))
    )
    titled = replace(there.passage.article, title="Kecelakaan di Sabang")
    there = replace(there, passage=replace(there.passage, article=titled))
    judge.weights = Weights(coverage=4.0)
    weighed = judge.weigh(asked, [elsewhere, there])
    judge.weights = Weights()
    assert [e.passage.article.id for e in weighed] == ["b", "a"]


def test_an_article_covers_the_words_of_a_question_that_it_holds_somewhere() -> None:
    asked = replace(
        question("Berapa kios Pasar Melati yang terbakar?"), stems=query_terms("kios pasar melati terbakar")
    )
    article = Article("a", "Kebakaran melanda kemarin. Api membakar 40 kios.", "Pasar Melati Terbakar")
    assert coverage(asked, article) == 1.0
    assert coverage(asked, Article("b", "Kebakaran melanda kios di terminal.")) == 0.5
    linked = "Terminal diresmikan kemarin.\n\nBaca juga: Kios Pasar Melati Terbakar\n\nBupati hadir."
    assert coverage(asked, Article("c", linked)) == 0.0
    assert coverage(replace(asked, stems=()), article) == 1.0


def test_a_kind_follows_the_question_unless_the_answers_make_it_another() -> None:
    likeliest = {kind: number for number, kind in enumerate(KINDS)}
    assert kind_of("date", likeliest["person"]) == "date" and kind_of("duration", likeliest["place"]) == "number"
    assert kind_of("number", likeliest["outdated"]) == "outdated" and kind_of("person", likeliest["event"]) == "event"
    assert kind_of("other", likeliest["cause"]) == "cause"


PAIRS = [
    ("Berapa korban tewas?", ("Empat orang tewas.", "Empat orang"), ("Sebanyak 4 warga meninggal.", "4 warga"), False),
    ("Berapa korban tewas?", ("Empat orang tewas.", "Empat orang"), ("Sembilan orang tewas.", "Sembilan orang"), True),
    (
        "Siapa yang membuka jembatan itu?",
        ("Jembatan itu dibuka Bupati Ratna Dewi.", "Bupati Ratna Dewi"),
        ("Jembatan itu dibuka Wakil Bupati Hasan.", "Wakil Bupati Hasan"),
        True,
    ),
    (
        "Apa penyebab kebakaran pasar?",
        ("Kebakaran dipicu korsleting.", "korsleting"),
        ("The fire was started by a short circuit.", "a short circuit"),
        False,
    ),
    (
        "Apakah izin tambang dicabut?",
        ("Gubernur memastikan izin tambang sudah dicabut.", "sudah dicabut"),
        ("Izin tambang itu tidak pernah dicabut, kata kepala dinas.", "tidak pernah dicabut"),
        True,
    ),
]


@pytest.mark.model
@pytest.mark.parametrize(("asked", "first", "second", "conflicting"), PAIRS)
def test_the_shipped_judge_tells_a_conflict_from_agreement(
    shipped: LearnedJudge, asked: str, first: tuple[str, str], second: tuple[str, str], conflicting: bool
) -> None:
    a, b = evidence(*first), evidence(*second, article="b")
    (verdict,) = compare_evidence(question(asked, asks=asked_type(asked)), [(a, b)], shipped)
    assert (verdict.incompatible > 0.5) == conflicting


# What the shipped adapter gave in fp32 for the pairs above when it was trained: probability of conflict, its kind.
RECORDED: list[tuple[float, str]] = [
    (0.244, "number"),
    (0.520, "number"),
    (0.560, "person"),
    (0.229, "cause"),
    (0.603, "polarity"),
]


@pytest.mark.model
def test_the_shipped_judge_gives_what_was_recorded() -> None:
    judge = LearnedJudge(dtype=torch.float32)
    for (asked, first, second, _), (incompatible, kind) in zip(PAIRS, RECORDED, strict=True):
        pair = (evidence(*first), evidence(*second, article="b"))
        (verdict,) = compare_evidence(question(asked, asks=asked_type(asked)), [pair], judge)
        assert verdict.incompatible == pytest.approx(incompatible, abs=0.02)
        assert incompatible < 0.5 or verdict.kind == kind


@pytest.fixture(scope="session")
def shipped() -> LearnedJudge:
    assert ADAPTER.stat().st_size < 8_000_000
    return LearnedJudge()


def test_a_certain_verdict_leaves_no_doubt() -> None:
    assert Verdict.certain("incompatible", "date") == Verdict(0.0, 0.0, 1.0, 0.0, "date")
    assert Verdict.certain("compatible").supports and not Verdict.certain("unrelated").supports
