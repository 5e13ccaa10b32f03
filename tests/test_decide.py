from __future__ import annotations

from builders import evidence
from hypothesis import given
from hypothesis import strategies as st

from rag.decide import SIGN, SOURCES, Thresholds, confidence, decide, lookup, sources
from rag.types import Evidence, Verdict

AT = Thresholds(answers=0.4, heard=0.3, conflict=0.5)


def by_answer(a: Evidence, b: Evidence) -> Verdict:
    return Verdict.certain("same" if a.answer == b.answer else "incompatible", "number")


def voices(*answers: tuple[str, float]) -> list[Evidence]:
    return [evidence(text, article=f"a{i}", probability=p) for i, (text, p) in enumerate(answers)]


def test_nothing_probable_enough_is_not_found() -> None:
    assert decide([], by_answer).status == "not_found"
    assert decide(voices(("4", 0.39)), by_answer, AT).status == "not_found"


def test_of_several_unsure_sources_one_may_well_answer() -> None:
    unsure = voices(("4", 0.35), ("4", 0.35))
    assert decide(unsure, by_answer, AT).status == "not_found"
    assert decide(unsure, by_answer, AT, answerable=0.5).status == "answered"
    assert decide(voices(("4", 0.9)), by_answer, AT, answerable=0.39).status == "not_found"


def test_sources_that_agree_are_one_side() -> None:
    decision = decide(voices(("4", 0.9), ("4", 0.8), ("4", 0.7)), by_answer, AT)
    assert decision.status == "answered"
    assert [len(side) for side in decision.sides] == [3]


def test_sources_that_differ_are_a_conflict_with_every_side() -> None:
    decision = decide(voices(("4", 0.9), ("9", 0.8), ("4", 0.7)), by_answer, AT)
    assert (decision.status, decision.kind) == ("conflict", "number")
    assert [[e.answer for e in side] for side in decision.sides] == [["4", "4"], ["9"]]


def test_a_source_that_hardly_answers_takes_no_part() -> None:
    assert decide(voices(("4", 0.9), ("9", 0.29)), by_answer, AT).status == "answered"


def test_a_source_and_its_copies_speak_once_and_never_against_themselves() -> None:
    items = [evidence("4", article="a", probability=0.9), evidence("9", article="b", origin="a", probability=0.8)]
    assert sources(items) == items[:1]


def test_a_source_without_a_sign_of_an_answer_is_not_compared() -> None:
    assert len(sources(voices(("4", 0.9), ("9", SIGN), ("7", SIGN / 2)))) == 2


def test_a_source_is_not_credited_with_an_answer_that_it_does_not_give() -> None:
    items = voices(("4", 0.9), ("hujan turun", 0.6), ("4", 0.6))

    def relate(a: Evidence, b: Evidence) -> Verdict:
        return Verdict.certain("same" if a.answer == b.answer else "unrelated")

    assert [e.answer for e in decide(items, relate, AT).sides[0]] == ["4", "4"]


def test_a_lone_outlier_is_a_side_of_its_own_against_several_and_however_unsure() -> None:
    decision = decide(voices(("4", 0.9), ("4", 0.9), ("4", 0.8), ("9", 0.31)), by_answer, AT)
    assert decision.status == "conflict"
    assert [len(side) for side in decision.sides] == [3, 1]


def test_updates_stand_latest_first() -> None:
    early = evidence("4", article="a", published="2024-02-14", probability=0.9)
    late = evidence("9", article="b", published="2024-02-17", probability=0.8)

    def relate(a: Evidence, b: Evidence) -> Verdict:
        return Verdict.certain("incompatible", "outdated")

    assert [side[0].answer for side in decide([early, late], relate, AT).sides] == ["9", "4"]


def test_at_most_a_few_sources_are_compared() -> None:
    items = voices(*[(str(i), 0.9) for i in range(9)])
    assert sources(items) == items[:SOURCES]


def test_each_outlet_is_heard_before_a_second_article_of_any() -> None:
    own = [evidence("9", article=f"a{i}", source="Harian Pagi", probability=0.95) for i in range(SOURCES + 1)]
    other = evidence("13", article="b", source="Warta Kota", probability=0.9)
    assert sources([*own, other]) == [*own[: SOURCES - 1], other]
    # One outlet in two spellings is no second one.
    again = evidence("9", article="c", source="HARIAN.Pagi", probability=0.93)
    assert sources([*own[: SOURCES - 1], again, other]) == [*own[: SOURCES - 1], other]


def test_a_figure_that_is_reported_again_is_not_superseded() -> None:
    days = (("10", "2024-06-01"), ("12", "2024-06-03"), ("10", "2024-06-05"))
    items = [evidence(text, article=day, published=day, probability=0.9) for text, day in days]

    def relate(a: Evidence, b: Evidence) -> Verdict:
        return Verdict.certain("same" if a.answer == b.answer else "incompatible", "outdated")

    decision = decide(items, relate, AT)
    assert decision.kind == "number" and [side[0].answer for side in decision.sides] == ["10", "12"]
    decision = decide(items[:2], relate, AT)
    assert decision.kind == "outdated" and [side[0].answer for side in decision.sides] == ["12", "10"]


def test_updates_without_two_dates_only_differ_in_what_is_asked_for() -> None:
    def relate(a: Evidence, b: Evidence) -> Verdict:
        return Verdict.certain("incompatible", "outdated")

    assert decide(voices(("4", 0.9), ("9", 0.8)), relate, AT).kind == "number"
    assert decide(voices(("4", 0.9), ("9", 0.8)), relate, AT, asked="person").kind == "person"


def test_a_conflict_is_as_sure_and_of_the_kind_as_its_surest_clash() -> None:
    leader, follower, rival = items = voices(("4", 0.9), ("4", 0.8), ("9", 0.7))

    def relate(a: Evidence, b: Evidence) -> Verdict:
        if {a.answer, b.answer} == {"4"}:
            return Verdict.certain("same")
        surer = follower in (a, b)
        return Verdict(0.0, 0.1, 0.5 if surer else 0.2, 0.4 if surer else 0.7, "date" if surer else "number")

    decision = decide(items, relate, Thresholds(0.4, 0.3, 0.3))
    assert decision.kind == "date" and decision.sides == ((leader, follower), (rival,))
    assert confidence(0.9, items, relate, decision) == 0.5


def test_a_voice_that_contradicts_one_side_and_supports_none_is_a_side() -> None:
    a, b, c = voices(("4", 0.9), ("9", 0.8), ("7", 0.7))

    def relate(x: Evidence, y: Evidence) -> Verdict:
        return Verdict.certain("unrelated" if {x.answer, y.answer} == {"9", "7"} else "incompatible")

    assert [side[0].answer for side in decide([a, b, c], relate, AT).sides] == ["4", "9", "7"]


def test_a_probable_contradiction_is_never_cited_as_support() -> None:
    def relate(a: Evidence, b: Evidence) -> Verdict:
        return Verdict(0.3, 0.1, 0.6, 0.0)

    decision = decide(voices(("4", 0.9), ("9", 0.8)), relate, Thresholds(0.4, 0.3, 0.7))
    assert decision.status == "answered" and [e.answer for e in decision.sides[0]] == ["4"]


def test_verdicts_are_found_whichever_side_is_named_first() -> None:
    items = voices(("4", 0.9), ("9", 0.8), ("7", 0.7))
    verdicts = [Verdict.certain(relation) for relation in ("same", "compatible", "incompatible")]
    relate = lookup(items, verdicts)
    assert relate(items[2], items[0]) == relate(items[0], items[2]) == verdicts[1]
    assert relate(items[2], items[1]) == verdicts[2]


PROBABILITIES = st.floats(0, 1)
ANSWERS = st.lists(st.tuples(st.sampled_from("49"), PROBABILITIES), max_size=6)


@given(ANSWERS, PROBABILITIES, PROBABILITIES)
def test_a_higher_threshold_of_answering_never_turns_silence_into_an_answer(
    answers: list[tuple[str, float]], low: float, high: float
) -> None:
    items = sorted(voices(*answers), key=lambda e: -e.probability)
    low, high = sorted((low, high))
    if decide(items, by_answer, Thresholds(low, 0.0, 0.5)).status == "not_found":
        assert decide(items, by_answer, Thresholds(high, 0.0, 0.5)).status == "not_found"


@given(ANSWERS, PROBABILITIES, PROBABILITIES, PROBABILITIES)
def test_a_higher_threshold_of_conflict_never_makes_a_conflict_of_an_answer(
    answers: list[tuple[str, float]], doubt: float, low: float, high: float
) -> None:
    items = sorted(voices(*answers), key=lambda e: -e.probability)
    low, high = sorted((low, high))

    def relate(a: Evidence, b: Evidence) -> Verdict:
        against = 0.0 if a.answer == b.answer else doubt
        return Verdict(1 - against, 0.0, against, 0.0)

    if decide(items, relate, Thresholds(0.1, 0.0, low)).status == "answered":
        assert decide(items, relate, Thresholds(0.1, 0.0, high)).status == "answered"
