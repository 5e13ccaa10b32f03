from __future__ import annotations

import pytest
from builders import evidence, question

from rag.compare import PolarityJudge, compare_evidence
from rag.types import AnswerType, Evidence, Verdict

JUDGE = PolarityJudge()


def verdict(a: Evidence, b: Evidence, asks: AnswerType = "number") -> Verdict:
    found = compare_evidence(question(asks=asks), a, b, JUDGE)
    assert compare_evidence(question(asks=asks), b, a, JUDGE) == found
    return found


@pytest.mark.parametrize(
    ("first", "second", "asks", "relation"),
    [
        (("Status itu berlaku 14 hari.", "14 hari"), ("Berlaku dua pekan.", "dua pekan"), "duration", "same"),
        (
            ("Sebanyak 40 orang luka.", "40 orang"),
            ("Ada empat puluh orang luka.", "empat puluh orang"),
            "number",
            "same",
        ),
        (("Sebanyak 40 orang luka.", "40 orang"), ("Ada 52 orang luka.", "52 orang"), "number", "incompatible"),
        (("Tiba Rabu, 19 Juni 2024.", "Rabu, 19 Juni 2024"), ("Tiba 19/6.", "19/6"), "date", "same"),
        (("Tiba 18 Juni 2024.", "18 Juni 2024"), ("Tiba 19 Juni 2024.", "19 Juni 2024"), "date", "incompatible"),
    ],
)
def test_typed_values_decide_first(
    first: tuple[str, str], second: tuple[str, str], asks: AnswerType, relation: str
) -> None:
    a, b = evidence(*first), evidence(*second, article="b")
    found = compare_evidence(question(asks=asks), a, b, JUDGE)
    assert found.relation in ({relation, "compatible"} if relation == "same" else {relation})


def test_values_in_two_languages_are_compared() -> None:
    a = evidence("Sebanyak dua puluh empat orang luka.", "dua puluh empat orang")
    b = evidence("Twenty-four people were hurt.", "Twenty-four people", article="b", language="en")
    assert verdict(a, b).relation == "same"


def test_a_later_figure_is_an_update() -> None:
    a = evidence("Empat orang tewas.", "Empat orang", published="2024-02-14")
    b = evidence("Sembilan orang tewas.", "Sembilan orang", article="b", published="2024-02-17")
    assert verdict(a, b) == Verdict("incompatible", "outdated")


def test_an_account_that_gives_both_figures_contradicts_neither_source() -> None:
    both = evidence("Dinas mencatat 5 orang tewas, sedangkan warga menyebut 8 orang tewas.", "5 orang")
    assert verdict(both, evidence("Sebanyak 8 orang tewas.", "8 orang", article="b")).relation != "incompatible"


def test_a_denial_contradicts_the_claim_in_the_same_words() -> None:
    a = evidence("Hakim mengabulkan tuntutan ganti rugi warga desa itu.")
    b = evidence("Hakim tidak mengabulkan tuntutan ganti rugi warga desa itu.", article="b")
    assert verdict(a, b, "polarity") == Verdict("incompatible", "polarity")


def test_two_sentences_on_different_matters_are_no_conflict_for_a_negation() -> None:
    a = evidence("Hakim mengabulkan tuntutan ganti rugi warga desa itu.")
    b = evidence("Cuaca di pelabuhan tidak memungkinkan kapal berangkat malam ini.", article="b")
    assert verdict(a, b, "polarity").relation == "unrelated"
