"""A tidy question -> as fingers type it: without capitals or its question mark, with a slip or two."""

from __future__ import annotations

import random
import re

LOWER = 0.6  # share that lose their capitals, and of those that lose their question mark; no others were tried
UNMARKED = 0.7
SLIPS = (0, 0, 1, 1, 2)  # how many slips, each as likely as it is often here
_SLIPPING = re.compile(r"\b[a-z]{5,}\b")  # words that slip: long ones, no names
PART = " | "  # what follows the question in what is read beside an answer


def as_typed(question: str, draw: random.Random) -> str:
    """Return the question as it might be typed in a hurry; what stands behind it stays as it is."""
    asked, part, behind = question.partition(PART)
    for _ in range(draw.choice(SLIPS)):
        words = list(_SLIPPING.finditer(asked))
        if words:
            word = draw.choice(words)
            asked = asked[: word.start()] + _slip(word.group(), draw) + asked[word.end() :]
    if draw.random() < LOWER:
        asked = asked.lower()
    if draw.random() < UNMARKED:
        asked = asked.rstrip("?. ")
    return asked + part + behind


def _slip(word: str, draw: random.Random) -> str:
    """Leave a letter out, double it, or let it change places with the next; the first letter stays."""
    at = draw.randrange(1, len(word) - 1)
    left, letter, right = word[:at], word[at], word[at + 1 :]
    return draw.choice((left + right, left + letter + letter + right, left + right[0] + letter + right[1:]))
