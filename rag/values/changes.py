"""Words that make the amount after them a gain or a loss, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping

_GAINS = {
    "id": "naik menaik meningkat bertambah tumbuh menguat melonjak melambung kenaikan peningkatan pertumbuhan penguatan "
    "surplus untung keuntungan",
    "en": "rise rises rose risen rising increase increases increased gain gains gained grew grown growth climbed "
    "jumped surged up surplus profit",
}
_LOSSES = {
    "id": "turun menurun berkurang merosot melemah anjlok menyusut terkontraksi penurunan pengurangan pelemahan "
    "penyusutan defisit rugi kerugian",
    "en": "fall falls fell fallen falling decrease decreases decreased drop drops dropped decline declines declined "
    "shrank shrunk plunged down deficit loss",
}
_BY_LANGUAGE = {
    language: dict.fromkeys(_GAINS[language].split(), 1) | dict.fromkeys(_LOSSES[language].split(), -1)
    for language in _GAINS
}

BY = frozenset({"sebesar", "sebanyak", "by", "of"})
"""What may stand between such a word and its amount. After "menjadi" and "to" stands a level."""


def changes(language: str) -> Mapping[str, int]:
    """The words of `language`, 1 for a gain and -1 for a loss: English for "en", Indonesian for anything else."""
    return _BY_LANGUAGE["en" if language == "en" else "id"]
