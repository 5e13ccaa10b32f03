from __future__ import annotations

import random

from rag.training.typed import PART, as_typed

TIDY = "Berapa penumpang yang meninggal di Pyongyang?"


def test_a_question_is_typed_in_many_ways_and_keeps_its_names() -> None:
    draw = random.Random(7)
    ways = {as_typed(TIDY, draw) for _ in range(300)}
    assert len(ways) > 50 and TIDY in ways
    assert all("pyongyang" in way.lower() for way in ways)
    assert any(way == way.lower() for way in ways) and any(not way.endswith("?") for way in ways)
    assert all(abs(len(way) - len(TIDY)) <= 3 for way in ways)


def test_what_stands_beside_a_question_stays() -> None:
    draw = random.Random(7)
    behind = PART.join(("tujuh orang", "Tujuh orang Meninggal.", "Judul"))
    assert all(as_typed(f"{TIDY}{PART}{behind}", draw).endswith(f"{PART}{behind}") for _ in range(50))


def test_the_same_draw_types_the_same() -> None:
    assert [as_typed(TIDY, random.Random(n)) for n in range(9)] == [as_typed(TIDY, random.Random(n)) for n in range(9)]
    assert as_typed("Apa?", random.Random(1)).lower().startswith("apa")
