from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import SAMPLE, GoldQuestion, GoldSide, load_cases
from eval.metrics import exact_and_f1, measure, measure_by, same_answer
from rag.types import Answer, Citation, Side

TEXTS = {"a": "Empat orang tewas. Ini isi a.", "b": "Sembilan orang tewas. Ini isi b."}


def citation(n: int, article: str, quote: str) -> Citation:
    start = TEXTS[article].find(quote)
    return Citation(n, article, None, None, None, None, start, start + len(quote), quote)


A, B = citation(1, "a", "Empat orang tewas."), citation(2, "b", "Sembilan orang tewas.")
FOUR, NINE = GoldSide(("empat orang",), (("a", A.quote),)), GoldSide(("sembilan orang",), (("b", B.quote),))
AGREE = GoldQuestion("q1", "id", "?", "answer", "agree", (FOUR,))
CLASH = GoldQuestion("q2", "id", "?", "conflict", "number", (FOUR, NINE))
SILENT = GoldQuestion("q3", "en", "?", "unanswerable", "absent", ())
QUESTIONS = [AGREE, CLASH, SILENT]


def answered(side: str = "empat orang", *citations: Citation) -> Answer:
    return Answer("?", "id", "answered", "", (Side(side, tuple(c.n for c in citations)),), citations)


def conflict(*sides: tuple[str, Citation]) -> Answer:
    given = tuple(Side(text, (c.n,)) for text, c in sides)
    return Answer("?", "id", "conflict", "", given, tuple(c for _, c in sides))


REFUSED = Answer("?", "id", "not_found", "")


def test_all_right_scores_one_everywhere() -> None:
    found = measure(
        QUESTIONS,
        {"q1": answered("Empat orang", A), "q2": conflict(("empat", A), ("sembilan orang", B)), "q3": REFUSED},
        TEXTS,
    )
    assert (found.status_macro_f1, found.answer_accuracy, found.conflict_stated) == (1, 1, 1)
    assert (found.silent_pick, found.false_conflict, found.false_refusal) == (0, 0, 0)
    assert (found.refused_unanswerable, found.citation_exact, found.citation_precision) == (1, 1, 1)
    assert found.misses == ()


def test_a_conflict_answered_with_one_side_is_a_silent_pick() -> None:
    found = measure([CLASH], {"q2": answered("empat orang", A)}, TEXTS)
    assert (found.conflict_stated, found.silent_pick) == (0, 1)


def test_a_conflict_with_the_same_side_twice_is_not_stated() -> None:
    found = measure([CLASH], {"q2": conflict(("empat orang", A), ("empat", A))}, TEXTS)
    assert found.conflict_stated == 0


def test_refusing_and_crying_conflict_over_an_answer_are_counted_apart() -> None:
    found = measure([AGREE], {"q1": REFUSED}, TEXTS)
    assert (found.false_refusal, found.false_conflict) == (1, 0)
    found = measure([AGREE], {"q1": conflict(("empat", A), ("sembilan", B))}, TEXTS)
    assert (found.false_refusal, found.false_conflict, found.citation_precision) == (0, 1, 0.5)


def test_a_quote_that_was_changed_by_one_character_is_not_exact() -> None:
    wrong = Citation(1, "a", None, None, None, None, A.start, A.end, A.quote.replace("E", "e"))
    assert measure([AGREE], {"q1": answered("empat orang", wrong)}, TEXTS).citation_exact == 0


def test_an_answer_without_sides_gives_no_answer() -> None:
    found = measure([AGREE], {"q1": Answer("?", "id", "answered", "")}, TEXTS)
    assert (found.exact_match, found.answer_f1, found.answer_accuracy) == (0, 0, 0)


def test_citations_are_counted_one_by_one_though_two_have_one_number() -> None:
    found = measure([AGREE], {"q1": answered("empat orang", A, A)}, TEXTS)
    assert found.citation_precision == 1


def test_a_missing_answer_is_counted_and_named() -> None:
    found = measure(QUESTIONS, {}, TEXTS)
    assert found.missing == 3
    assert found.misses[0] == ("q1", "no answer line")


@pytest.mark.parametrize(
    ("gold", "given", "match"),
    [
        ("empat orang", "Sebanyak empat orang tewas", True),
        ("sekitar 40 orang", "40 orang", True),
        ("BPBD mencatat 1.240 rumah rusak di lima desa", "1.240", False),
        ("19 Juni 2024", "19 juni 2024.", True),
        ("empat", "", False),
        ("lima warga desa", "warga desa lima", True),
        ("4", "40", False),
    ],
)
def test_wordings_match_by_containment_or_token_overlap(gold: str, given: str, match: bool) -> None:
    assert same_answer(gold, given) is match


def test_a_side_is_supported_by_an_article_that_is_evidence_for_it() -> None:
    both = conflict(("empat orang", A), ("sembilan orang", B))
    assert measure([CLASH], {"q2": both}, TEXTS).citation_recall == 1
    assert measure([AGREE], {"q1": both}, TEXTS).citation_recall == 0.5
    assert measure([AGREE], {"q1": answered("empat orang", B)}, TEXTS).citation_recall == 0


def test_a_right_refusal_counts_for_the_short_answer_and_a_conflict_has_none() -> None:
    found = measure(QUESTIONS, {"q1": answered("Empat orang luka", A), "q2": REFUSED, "q3": REFUSED}, TEXTS)
    assert (found.exact_match, found.answer_f1) == (0.5, 0.9)
    assert exact_and_f1("%", ["-"]) == (0.0, 0.0) == exact_and_f1("empat", [])


def test_macro_f1_is_of_sets_that_expect_all_three_outcomes() -> None:
    assert measure([AGREE, SILENT], {"q1": answered("empat", A), "q3": REFUSED}, TEXTS).status_macro_f1 is None


def test_languages_are_measured_apart() -> None:
    found = measure_by(lambda q: q.language, QUESTIONS, {"q3": REFUSED}, TEXTS)
    assert (found["en"].questions, found["en"].refused_unanswerable) == (1, 1)
    assert (found["id"].questions, found["id"].missing) == (2, 2)


def answer_of(row: dict[str, object]) -> Answer:
    sides = tuple(Side(s["answer"], tuple(s["citations"])) for s in row["sides"])  # type: ignore[index, attr-defined]
    citations = tuple(Citation(**c) for c in row["citations"])  # type: ignore[attr-defined]
    return Answer("", "id", row["status"], "", sides, citations)  # type: ignore[arg-type]


def test_the_figures_are_those_of_the_reference_scorer_on_the_same_answers() -> None:
    """`scored.json` holds answers to the sample set and what the reference scorer printed for them."""
    recorded = json.loads((Path(__file__).parent / "scored.json").read_text(encoding="utf-8"))
    cases = load_cases(SAMPLE)
    questions = [q for case in cases for q in case.questions]
    found = measure(
        questions,
        {row["id"]: answer_of(row) for row in recorded["answers"]},
        {a.id: a.text for case in cases for a in case.articles},
    )
    expected = recorded["figures"]
    assert {k: v for k, v in expected.items() if not isinstance(v, (dict, list))} == {
        name: getattr(found, name) for name in expected if not isinstance(expected[name], (dict, list))
    }
    assert expected["by_kind"] == {kind: f"{right}/{total}" for kind, (right, total) in found.by_kind.items()}
    assert expected["confusion"] == found.confusion
    assert [tuple(miss) for miss in expected["misses"]] == list(found.misses)
