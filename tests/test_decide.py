from __future__ import annotations

from builders import evidence
from hypothesis import given
from hypothesis import strategies as st

from rag.decide import SOURCES, decide
from rag.types import Evidence, Verdict


def by_answer(a: Evidence, b: Evidence) -> Verdict:
    return Verdict("same" if a.answer == b.answer else "incompatible", "number")


def voices(*answers: tuple[str, float]) -> list[Evidence]:
    return [evidence(text, article=f"a{i}", probability=p) for i, (text, p) in enumerate(answers)]


def test_nothing_probable_enough_is_not_found() -> None:
    assert decide([], by_answer).status == "not_found"
    assert decide(voices(("4", 0.39)), by_answer, answers=0.4, heard=0.5).status == "not_found"


def test_sources_that_agree_are_one_side() -> None:
    decision = decide(voices(("4", 0.9), ("4", 0.8), ("4", 0.7)), by_answer, answers=0.4, heard=0.5)
    assert decision.status == "answered"
    assert [len(side) for side in decision.sides] == [3]


def test_sources_that_differ_are_a_conflict_with_every_side() -> None:
    decision = decide(voices(("4", 0.9), ("9", 0.8), ("4", 0.7)), by_answer, answers=0.4, heard=0.5)
    assert (decision.status, decision.kind) == ("conflict", "number")
    assert [[e.answer for e in side] for side in decision.sides] == [["4", "4"], ["9"]]


def test_a_source_far_less_sure_than_the_best_takes_no_part() -> None:
    assert decide(voices(("4", 0.9), ("9", 0.4)), by_answer, answers=0.4, heard=0.5).status == "answered"


def test_a_source_and_its_copies_speak_once_and_never_against_themselves() -> None:
    items = [evidence("4", article="a", probability=0.9), evidence("9", article="b", origin="a", probability=0.8)]
    decision = decide(items, by_answer, answers=0.4, heard=0.5)
    assert decision.status == "answered" and len(decision.sides[0]) == 1


def test_a_source_is_not_credited_with_an_answer_that_it_does_not_give() -> None:
    items = voices(("4", 0.9), ("hujan turun", 0.6), ("4", 0.6))

    def relate(a: Evidence, b: Evidence) -> Verdict:
        return Verdict("same" if a.answer == b.answer else "unrelated", "number")

    decision = decide(items, relate, answers=0.7, heard=0.5)
    assert [e.answer for e in decision.sides[0]] == ["4", "4"]
    surer = decide(items, relate, answers=0.5, heard=0.5)
    assert [e.answer for e in surer.sides[0]] == ["4", "hujan turun", "4"]


def test_at_most_a_few_sources_are_compared() -> None:
    decision = decide(voices(*[(str(i), 0.9) for i in range(9)]), by_answer, answers=0.4, heard=0.5)
    assert len(decision.sides) == SOURCES


@given(st.lists(st.tuples(st.sampled_from("49"), st.floats(0, 1)), max_size=6), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_turns_silence_into_an_answer(
    answers: list[tuple[str, float]], low: float, high: float
) -> None:
    items = sorted(voices(*answers), key=lambda e: -e.probability)
    low, high = sorted((low, high))
    if decide(items, by_answer, answers=low).status == "not_found":
        assert decide(items, by_answer, answers=high).status == "not_found"
