"""The words of a wording, and where it stands in a text as whole words."""

from __future__ import annotations

import re

_WORDS = re.compile(r"\w+|[$£€¥%°]|(?<!\w)-(?=\d)")


def signed_words(text: str) -> list[str]:
    """Return the words of a text in small letters with the signs that tell figures apart: $5 is not £5, nor -5 per cent 5."""
    return _WORDS.findall(text.lower().replace("−", "-"))


def find_wording(wording: str, text: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
    """Return where whole words of `text[start:end]` are the wording, whatever the case and white space between."""
    pattern = r"\s+".join(re.escape(word) for word in wording.split())
    if not pattern:
        return None
    found = re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE).search(text, start, len(text) if end is None else end)
    return found.span() if found else None
