from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import evidence, question

from index.types import Span
from rag.compare import compare_evidence, typed_relation
from rag.types import AnswerType, Evidence, Pair, Question, Relation, Verdict


def relation(a: Evidence, b: Evidence, asks: AnswerType = "number") -> Relation | None:
    found = typed_relation(question(asks=asks), a, b)
    assert typed_relation(question(asks=asks), b, a) == found
    return found


@pytest.mark.parametrize(
    ("first", "second", "asks", "expected"),
    [
        (("Status itu berlaku 14 hari.", "14 hari"), ("Berlaku dua pekan.", "dua pekan"), "duration", "same"),
        (("Ada 40 orang luka.", "40 orang"), ("Ada empat puluh orang luka.", "empat puluh orang"), "number", "same"),
        (("Sebanyak 40 orang luka.", "40 orang"), ("Ada 52 orang luka.", "52 orang"), "number", "incompatible"),
        (
            ("12 orang tewas dan 30 orang luka.", "12 orang tewas"),
            ("30 orang tewas.", "30 orang"),
            "number",
            "incompatible",
        ),
        (("Tiba Rabu, 19 Juni 2024.", "Rabu, 19 Juni 2024"), ("Tiba 19/6.", "19/6"), "date", "same"),
        (("Tiba 18 Juni 2024.", "18 Juni 2024"), ("Tiba 19 Juni 2024.", "19 Juni 2024"), "date", "incompatible"),
        (("Tiba di dermaga.", "dermaga"), ("Tiba di bandara.", "bandara"), "place", None),
    ],
)
def test_typed_values_relate(
    first: tuple[str, str], second: tuple[str, str], asks: AnswerType, expected: Relation | None
) -> None:
    found = relation(evidence(*first), evidence(*second, article="b"), asks)
    assert found in ({expected, "compatible"} if expected == "same" else {expected})


def test_values_in_two_languages_are_compared() -> None:
    a = evidence("Sebanyak dua puluh empat orang luka.", "dua puluh empat orang")
    b = evidence("Twenty-four people were hurt.", "Twenty-four people", article="b", language="en")
    assert relation(a, b) == "same"


def test_an_account_that_gives_both_figures_contradicts_neither_source() -> None:
    both = evidence("Dinas mencatat 5 orang tewas, sedangkan warga menyebut 8 orang tewas.", "5 orang")
    assert relation(both, evidence("Sebanyak 8 orang tewas.", "8 orang", article="b")) != "incompatible"


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("Korban tewas bertambah menjadi 15 orang dari sebelumnya 12 orang.", "15 orang"),
        ("Korban tewas 15 orang, bukan 12 orang.", "15 orang"),
    ],
)
def test_what_a_sentence_also_mentions_does_not_settle_what_it_answers(sentence: str, answer: str) -> None:
    a, b = evidence(sentence, answer), evidence("Sebanyak 12 orang tewas.", "12 orang", article="b")
    for pair in ((a, b), (b, a)):
        (verdict,) = compare_evidence(question("Berapa korban tewas?", asks="number"), [pair], Contrary())
        assert verdict == Verdict.certain("incompatible")


def test_the_same_words_for_different_days_are_not_the_same() -> None:
    a = evidence("Gempa terjadi kemarin.", "kemarin", published="2024-06-19")
    b = evidence("Gempa terjadi kemarin.", "kemarin", article="b", published="2024-06-25")
    assert compare_evidence(question(asks="date"), [(a, b)], Contrary()) == [Verdict.certain("incompatible")]


def test_a_total_that_answers_is_not_taken_for_its_part() -> None:
    total = evidence("Ia satu dari sembilan orang yang disandera.", "sembilan orang")
    part = evidence("Ia satu dari sembilan orang yang disandera.", "satu dari sembilan orang")
    nine = evidence("Sembilan orang disandera.", "Sembilan orang", article="b")
    assert relation(total, nine) == "same"
    assert relation(part, nine) == "incompatible"


def test_a_figure_that_only_stands_within_one_of_the_question_is_not_taken_for_it() -> None:
    a, b = evidence("Ada 20 ekor sapi.", "20 ekor"), evidence("Ada 35 ekor sapi.", "35 ekor", article="b")
    assert typed_relation(question("Berapa sapi yang mati pada 2020?", asks="number"), a, b) == "incompatible"


def test_the_judge_is_told_what_values_say_and_has_the_last_word() -> None:
    told: list[Pair] = []

    class Contrary:
        def judge(self, question: Question, pairs: list[Pair]) -> list[Verdict]:
            told.extend(pairs)
            return [Verdict.certain("compatible") for _ in pairs]

    a, b = evidence("Ada 40 orang luka.", "40 orang"), evidence("Ada 52 orang luka.", "52 orang", article="b")
    assert compare_evidence(question(), [(a, b)], Contrary()) == [Verdict.certain("compatible")]
    assert [pair.values for pair in told] == ["incompatible"]
    assert compare_evidence(question(), [], Contrary()) == []


def test_the_same_values_are_no_conflict_whatever_the_judge_says() -> None:
    class Contrary:
        def judge(self, question: Question, pairs: list[Pair]) -> list[Verdict]:
            return [Verdict(0.1, 0.1, 0.6, 0.2) for _ in pairs]

    a, b = evidence("Ada 40 orang luka.", "40 orang"), evidence("Empat puluh luka.", "Empat puluh", article="b")
    (verdict,) = compare_evidence(question(), [(a, b)], Contrary())
    assert (verdict.incompatible, verdict.unrelated) == (0.0, 0.2) and verdict.same == pytest.approx(0.7)


class Contrary:
    """A judge to whom everything conflicts, and who counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def weigh(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        return list(evidence)

    def judge(self, question: Question, pairs: Sequence[Pair]) -> list[Verdict]:
        self.asked += len(pairs)
        return [Verdict.certain("incompatible") for _ in pairs]


@pytest.mark.parametrize(
    ("asks", "first", "second", "same"),
    [
        ("person", "Laskar Kenari", "laskar  kenari", True),
        ("person", "Ratna Dewi", "bupati terpilih, Ratna Dewi", True),
        ("person", "Bupati Ratna Dewi", "istri Bupati Ratna Dewi", False),
        ("person", "Ratna Dewi", "suaminya, bukan Ratna Dewi", False),
        ("place", "Demak", "Demak, Jawa Tengah", True),
        ("place", "Papua", "Papua Nugini", False),
        ("place", "Demak", "Kudus", False),
        ("polarity", "ditutup", "tidak ditutup", False),
        ("number", "12", "12 juta", False),
        ("number", "$5 million", "£5 million", False),
        ("number", "$5 million", "$5 million", True),
        ("number", "50%", "50", False),
        ("other", "-5 derajat", "5 derajat", False),
        ("other", "−5 derajat", "-5 derajat", True),
        ("other", "bahu-membahu", "bahu membahu", True),
        ("other", "Covid-19", "covid 19", True),
        ("number", "10-12", "10–12", True),
        ("cause", "hujan", "hujan deras", False),
    ],
)
def test_answers_in_the_same_words_are_no_conflict_whatever_the_judge_says(
    asks: AnswerType, first: str, second: str, same: bool
) -> None:
    judge, a, b = Contrary(), evidence(first, first), evidence(second, second, article="b")
    verdicts = compare_evidence(question(asks=asks), [(a, b), (a, evidence("lain", article="c"))], judge)
    assert [v.same == 1 for v in verdicts] == [same, False]
    assert judge.asked == 2 - same


@pytest.mark.parametrize(
    ("asks", "first", "second"),
    [
        ("number", "Ada [tiga gambar] yang rusak.", "Yang rusak [bukan tiga, melainkan sembilan]."),
        ("number", "Dibeli [48 unit] mobil.", "Jumlahnya dipangkas [dari 48 menjadi 30 unit]."),
        ("number", "Tarif naik [dari Rp3.500 menjadi Rp5.000].", "Tarif naik [dari Rp3.500 menjadi Rp4.000]."),
        ("number", "Polisi membantah kabar [12 orang] tewas.", "Sebanyak [12 orang] tewas."),
        ("number", "Perusahaan mencatat laba bersih [Rp3 triliun].", "Perusahaan mencatat rugi bersih [Rp3 triliun]."),
        ("date", "Digelar [kuartal II 2024].", "Digelar [kuartal IV 2024]."),
        ("date", "Selesai [awal tahun ini].", "Selesai [akhir tahun ini]."),
        ("date", "Digelar [17 dan 19 Juni 2024].", "Digelar [18 dan 19 Juni 2024]."),
        ("polarity", "Bendungan tidak [jebol].", "Bendungan [jebol]."),
        ("place", "Pesawat jatuh di luar [Jakarta].", "Pesawat jatuh di [Jakarta]."),
        ("person", "Pelakunya adik [Ratna].", "Pelakunya [Ratna]."),
        ("person", "Pelakunya [Ani, Budi, Citra].", "Pelakunya [Budi]."),
    ],
)  # fmt: skip
def test_what_words_or_values_leave_open_is_for_the_judge_to_say(asks: AnswerType, first: str, second: str) -> None:
    a, b = (marked(text, article) for text, article in ((first, "a"), (second, "b")))
    for pair in ((a, b), (b, a)):
        assert compare_evidence(question(asks=asks), [pair], Contrary()) == [Verdict.certain("incompatible")]


@pytest.mark.parametrize(
    ("asks", "first", "second"),
    [
        ("number", "Ada [dua puluh empat orang] luka.", "Yang luka [24 orang], bukan 30."),
        ("number", "Laba [Rp3 triliun] dibukukan.", "Perusahaan membukukan laba [Rp3.000 miliar]."),
        ("date", "Tiba [Rabu, 19 Juni 2024].", "Tiba pada [19/6]."),
        ("place", "Pesawat jatuh di [Jakarta].", "Pesawat jatuh ke [Jakarta]."),
        ("person", "Teknisi itu bernama [Wahyu Setiono].", "Dia adalah [Wahyu Setiono]."),
        ("other", "Gunung itu berstatus [Siaga].", "Statusnya naik menjadi [Siaga]."),
    ],
)
def test_what_is_said_alike_is_no_conflict_in_other_company(asks: AnswerType, first: str, second: str) -> None:
    a, b = (marked(text, article) for text, article in ((first, "a"), (second, "b")))
    (verdict,) = compare_evidence(question(asks=asks), [(a, b)], Contrary())
    assert verdict.incompatible == 0


def test_what_two_sentences_report_beside_their_answers_relates_nothing() -> None:
    a = evidence("Ia, 21 tahun, mencatat 11,38 detik.", "11,38 detik")
    b = evidence("Pelari 21 tahun itu mencatat 11,42 detik.", "11,42 detik", article="b")
    assert relation(a, b, "number") == "incompatible"


def marked(text: str, article: str) -> Evidence:
    """Evidence whose answer stands in brackets."""
    before, answer, after = re.split(r"[\[\]]", text)
    found = evidence(before + answer + after, answer, article=article, published="2024-06-20")
    start = len(before)
    return replace(found, span=Span(start, start + len(answer)))
