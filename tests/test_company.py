from __future__ import annotations

from itertools import combinations, product
from math import exp, prod

import pytest
from builders import evidence
from hypothesis import given
from hypothesis import strategies as st

from rag.company import Company, logit, pair_signs, settle, states
from rag.decide import Thresholds, decide, lookup
from rag.types import Verdict

PROBABILITIES = st.floats(0.001, 0.999)
SHARES = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(
    lambda parts: Verdict(*(p / sum(parts) for p in parts))
)
WEIGHED = Company(alone=0.4, pair=-1.0, related=0.3, support=1.2)


@st.composite
def companies(draw: st.DrawFn) -> tuple[list[float], list[Verdict]]:
    answering = draw(st.lists(PROBABILITIES, min_size=1, max_size=5))
    pairs = len(list(combinations(answering, 2)))
    return answering, draw(st.lists(SHARES, min_size=pairs, max_size=pairs))


@given(companies())
def test_with_weights_of_nothing_each_source_stands_for_itself(drawn: tuple[list[float], list[Verdict]]) -> None:
    answering, verdicts = drawn
    given_ = [evidence("4", probability=p) for p in answering]
    assert settle(given_, verdicts, None) == (given_, verdicts, max((v.probability for v in given_), default=0.0))
    voices, settled, _ = settle(given_, verdicts, Company())
    assert [v.probability for v in voices] == pytest.approx(answering, abs=1e-6)
    for (p, q), before, after in zip(combinations(answering, 2), verdicts, settled, strict=True):
        assert after.both == pytest.approx(p * q, abs=1e-6)
        assert after.conflict == pytest.approx(p * q * before.incompatible / (1 - before.unrelated), abs=1e-6)
        assert before.conflict == before.incompatible


@given(companies())
def test_all_states_are_counted(drawn: tuple[list[float], list[Verdict]]) -> None:
    answering, verdicts = drawn
    weight = {}
    for state in product((0, 1), repeat=len(answering)):
        alone = prod(exp(logit(p) + WEIGHED.alone) for p, answers in zip(answering, state, strict=True) if answers)
        pairs = zip(combinations(state, 2), verdicts, strict=True)
        weight[state] = alone * prod(exp(WEIGHED.worth(v)) for (a, b), v in pairs if a and b)
    voices, _, answerable = settle([evidence("4", probability=p) for p in answering], verdicts, WEIGHED)
    for n, voice in enumerate(voices):
        expected = sum(w for state, w in weight.items() if state[n]) / sum(weight.values())
        assert voice.probability == pytest.approx(expected, rel=1e-4)
    silent = weight[(0,) * len(answering)] / sum(weight.values())
    assert 1 - answerable == pytest.approx(silent, rel=1e-4, abs=1e-9)


def test_a_source_that_says_the_same_as_another_is_likelier_to_answer_and_one_apart_less() -> None:
    alone = evidence("4", article="a", probability=0.9), evidence("9", article="b", probability=0.5)
    agreeing, _, _ = settle(alone, [Verdict.certain("same")], WEIGHED)
    apart, _, _ = settle(alone, [Verdict.certain("unrelated")], WEIGHED)
    assert apart[1].probability < agreeing[1].probability and apart[0].probability < agreeing[0].probability


def test_nobody_is_nobody() -> None:
    assert settle([], [], WEIGHED) == ([], [], 0.0)
    assert states(2).tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert pair_signs(Verdict.certain("compatible"))[1] == 1
    assert Verdict(0.0, 0.0, 0.0, 1.0, both=0.5).conflict == 0.0


def test_two_that_say_the_same_are_one_side_however_unsure_they_are() -> None:
    items = [evidence("3", article="a", probability=0.9), *(evidence("4", article=n, probability=0.4) for n in "bc")]
    against, same = Verdict.certain("incompatible"), Verdict.certain("same")
    voices, verdicts, _ = settle(items, [against, against, same], Company())
    decision = decide(voices, lookup(voices, verdicts), Thresholds(0.3, 0.3, 0.3))
    assert [[e.answer for e in side] for side in decision.sides] == [["3"], ["4", "4"]]
