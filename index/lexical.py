"""Text -> stemmed terms for the full-text index, in Indonesian and English (Snowball stemmers)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from threading import local
from typing import Any

import snowballstemmer

_TOKEN = re.compile(r"\w+")
_GROUPING = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_ALGORITHMS = {"id": "indonesian", "ms": "indonesian", "en": "english"}
# Deny what stands beside them.
DENIALS = frozenset(
    """tidak tak tiada bukan bukanlah belum tanpa batal gagal bantah membantah dibantah bantahan menepis menampik
    menyangkal menolak keliru hoaks not no never nor neither without cannot deny denies denied denying false wrong failed
    isn't wasn't aren't weren't didn't doesn't don't hasn't haven't hadn't won't can't"""
    .split()
)  # fmt: skip
_stemmers = local()  # a Snowball stemmer keeps the word it works on in itself: one for each thread


def _stemmer(language: str) -> Any:
    algorithm = _ALGORITHMS.get(language, "indonesian")
    if not hasattr(_stemmers, algorithm):
        setattr(_stemmers, algorithm, snowballstemmer.stemmer(algorithm))
    return getattr(_stemmers, algorithm)


def terms(text: str, language: str | None) -> list[str]:
    """Return the stemmed words of a text in order, in lower case and without diacritics, as FTS5 folds them too.

    Digits lose their grouping, so 1.240 and 1,240 meet, while 2,5 stays 2 and 5.
    """
    folded = "".join(ch for ch in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(ch))
    words = _TOKEN.findall(_GROUPING.sub("", folded))
    return [str(stem) for stem in _stemmer(language or "id").stemWords(words)]


@lru_cache(maxsize=512)
def query_terms(question: str, languages: Sequence[str] = ("id", "en")) -> tuple[str, ...]:
    """Return the distinct stems of a question under every stemmer that the index may have used."""
    return tuple(dict.fromkeys(stem for language in languages for stem in terms(question, language)))
