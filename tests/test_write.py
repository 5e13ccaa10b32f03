from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest
from builders import evidence

from index.types import Filters
from rag.cite import cite_sides
from rag.types import ConflictKind, Status
from rag.write import TemplateWriter, spoken_date

WRITER = TemplateWriter()
A = evidence("Hingga malam, empat\norang tewas.", "empat\norang", published="2024-02-14")
C = evidence("Ada empat\norang tewas.", "empat\norang", article="c", published="2024-02-14")
B = evidence("Sembilan orang tewas.", "Sembilan orang", article="b")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("status", "groups", "kind"), [("answered", [[A, B]], None), ("conflict", [[A], [B]], "outdated")]
)
def test_every_citation_is_marked_in_the_reply(
    language: str, status: Status, groups: list[list[object]], kind: ConflictKind | None
) -> None:
    sides, citations = cite_sides(groups)  # type: ignore[arg-type]
    reply = WRITER.reply(status, language, sides, citations, kind)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", reply)} == {c.n for c in citations}


def test_a_conflict_says_that_it_will_not_choose_and_names_outlet_and_date_of_each_side() -> None:
    sides, citations = cite_sides([[A], [B]])
    reply = WRITER.reply("conflict", "id", sides, citations, "number")
    assert "tidak memilih" in reply
    assert "Kabar a (14 Februari 2024) menulis: empat orang [1]" in reply
    assert "do not pick" in WRITER.reply("conflict", "en", sides, citations, "number")
    assert "Kabar a (14 February 2024) says: empat orang [1]" in WRITER.reply(
        "conflict", "en", sides, citations, "number"
    )


def test_two_outlets_of_one_side_say_it_together() -> None:
    sides, citations = cite_sides([[A, C], [B]])
    assert ", Kabar c (14 February 2024) say: empat orang [1][2]" in WRITER.reply(
        "conflict", "en", sides, citations, "number"
    )


def test_two_events_are_told_apart_and_updates_are_called_so() -> None:
    sides, citations = cite_sides([[A], [B]])
    titled = tuple(replace(c, title=f"Banjir {c.n}") for c in citations)
    assert "“Banjir 1”: empat orang [1]" in WRITER.reply("conflict", "id", sides, titled, "event")
    assert "lebih dari satu peristiwa" in WRITER.statement("event", "id")
    assert "latest comes first" in WRITER.reply("conflict", "en", sides, citations, "outdated")
    for language in ("id", "en"):
        assert all(WRITER.statement(kind, language).endswith(".") for kind in get_args(ConflictKind))


def test_what_is_not_found_is_said_with_or_without_nearest_excerpts() -> None:
    _, citations = cite_sides([[A]])
    assert WRITER.reply("not_found", "id", (), citations, None).count(".") == 2
    assert (
        WRITER.reply("not_found", "en", (), (), None) == "The indexed articles do not hold the answer to this question."
    )


def test_a_refusal_under_filters_says_that_only_what_they_keep_was_searched() -> None:
    filters = Filters(frozenset({"Kabar B", "Kabar A"}), frozenset({"id"}), "2024-01-01", "2024-06-30")
    reply = WRITER.reply("not_found", "en", (), (), None, filters)
    assert "Only the articles within the filters" in reply
    assert "(outlet: Kabar A, Kabar B; language: id; from: 2024-01-01; until: 2024-06-30)" in reply
    reply = WRITER.reply("not_found", "id", (), (), None, Filters(since="2024-01-01"))
    assert "Hanya artikel dalam saringan (sejak: 2024-01-01)" in reply
    plain = WRITER.reply("not_found", "id", (), (), None)
    assert WRITER.reply("not_found", "id", (), (), None, Filters()) == plain and "saringan" not in plain


def test_dates_are_spoken_in_both_languages() -> None:
    assert (spoken_date("2024-05-09", "id"), spoken_date("2024-05-09", "en")) == ("9 Mei 2024", "9 May 2024")
