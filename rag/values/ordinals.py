"""Ordinals in digits and words at a token: "ketiga", "ke-12", "keempat belas", "third", "twenty-first", "21st"."""

from __future__ import annotations

from rag.values.number_words import ENGLISH, Lexicon, hyphen, lexicon
from rag.values.tokens import Tokens

__all__ = ["read_ordinal"]

_DIGITS = 4  # a longer one is a code
_TAILS = frozenset({"st", "nd", "rd", "th"})


def read_ordinal(tokens: Tokens, at: int, language: str = "id") -> tuple[int, int] | None:
    """The ordinal at the token `at` and the token after it, or None."""
    words = lexicon(language)
    return _english(tokens, at) if words is ENGLISH else _indonesian(tokens, at, words)


def _indonesian(tokens: Tokens, at: int, words: Lexicon) -> tuple[int, int] | None:
    if tokens.low(at) == "ke" and tokens.low(at + 1) == "-" and tokens.glued(at + 1) and tokens.glued(at + 2):
        value = _plain(tokens, at + 2)
        return (value, at + 3) if value is not None else None
    value = words.ordinals.get(tokens.low(at))
    following = tokens.low(at + 1)
    if value is None or (value == 2 and following == "belah"):  # "kedua belah pihak": both sides
        return None
    if value < 10 and following == "belas":
        return value + 10, at + 2
    if value < 10 and following == "puluh":
        one = words.ones.get(tokens.low(at + 2))
        return (value * 10 + one, at + 3) if one else (value * 10, at + 2)
    return value, at + 1


def _english(tokens: Tokens, at: int) -> tuple[int, int] | None:
    if tokens.low(at + 1) in _TAILS and tokens.glued(at + 1):
        value = _plain(tokens, at)
        return (value, at + 2) if value is not None else None
    value = ENGLISH.ordinals.get(tokens.low(at))
    if value is not None:
        return value, at + 1
    tens = ENGLISH.group(tokens, at)
    if tens is None or tens[0] not in range(20, 100, 10):
        return None
    last = hyphen(tokens, tens[1])
    one = ENGLISH.ordinals.get(tokens.low(last), 10)
    return (tens[0] + one, last + 1) if last > tens[1] and one < 10 else None


def _plain(tokens: Tokens, at: int) -> int | None:
    token = tokens[at]
    fits = token.kind == "digits" and token.text.isdigit() and len(token.text) <= _DIGITS
    return int(token.text) if fits else None
