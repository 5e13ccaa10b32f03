"""Words that make an amount a bound or an approximation, in Indonesian and English."""

from __future__ import annotations

from rag.values.quantity import Bounds
from rag.values.tokens import Phrases

Hedge = tuple[Bounds, bool]  # the bound, and whether the amount is close to it

_ROWS: dict[str, dict[Hedge, str]] = {
    "id": {
        ("approx", False): "sekitar|kira-kira|kurang lebih|lebih kurang|kira kira|kisaran|di kisaran|ditaksir|"
        "ditaksir sekitar|diperkirakan|diperkirakan sekitar|sekira",
        ("at_most", True): "hampir|nyaris|mendekati|kurang sedikit dari",
        ("at_least", True): "sedikit di atas|lebih sedikit dari|tak jauh di atas",
        ("at_least", False): "lebih dari|di atas|sedikitnya|setidaknya|setidak-tidaknya|minimal|paling sedikit|"
        "paling tidak|tak kurang dari|tidak kurang dari|melebihi|melampaui|lebih|sekurangnya|sekurang-kurangnya",
        ("at_most", False): "maksimal|maksimum|paling banyak|paling lama|hingga|sampai|tidak lebih dari|"
        "tak lebih dari|kurang dari|di bawah|tak sampai|tidak sampai|belum sampai|belum genap|tak genap|tidak genap",
    },
    "en": {
        ("approx", False): "about|around|roughly|approximately|some|an estimated|estimated|circa|close to",
        ("at_most", True): "nearly|almost|just under|just below|just short of|not quite",
        ("at_least", True): "just over|slightly more than|just above|a little over",
        ("at_least", False): "more than|over|above|at least|no fewer than|no less than|not less than|upwards of|"
        "exceeding|a minimum of",
        ("at_most", False): "up to|at most|no more than|not more than|less than|fewer than|under|below|a maximum of",
    },
}

_BY_LANGUAGE = {
    language: Phrases({phrase: hedge for hedge, phrases in rows.items() for phrase in phrases.split("|")})
    for language, rows in _ROWS.items()
}


def hedges(language: str) -> Phrases[Hedge]:
    """The hedges of `language`: English for "en", Indonesian for anything else."""
    return _BY_LANGUAGE["en" if language == "en" else "id"]
