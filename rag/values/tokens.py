"""Text in, words, digit strings and signs with their offsets out: what every reader of values walks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# A digit string keeps its inner points and commas: what they mean depends on the language and on what follows.
# A blank line is a token of its own, so that nothing is read across paragraphs.
_TOKEN = re.compile(
    r"(?P<digits>[0-9]+(?:[.,][0-9]+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<blank>\n[^\S\n]*\n)"
    r"|(?P<sign>[^\s\w]|[\d_])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: code-point offsets `[start, end)`, and its text as it stands and in small letters.

    `kind` is digits, word, blank (an empty line) or sign (any other single character).
    """

    text: str
    low: str
    start: int
    end: int
    kind: str

    @property
    def capital(self) -> bool:
        """Whether it is a word with a capital first letter."""
        return self.kind == "word" and self.text[0].isupper()


class Tokens:
    """The tokens of one text. Reading beyond either end gives an empty sign, so that readers need no bounds checks."""

    _END = Token("", "", -1, -1, "sign")

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = [
            Token(m[0], m[0].casefold().replace("’", "'"), m.start(), m.end(), m.lastgroup or "sign")
            for m in _TOKEN.finditer(text)
        ]

        self._lows = [token.low for token in self._tokens]
        # What a reader found at a token, kept because several readers ask for the same one.
        self.memo: dict[tuple[str, int], Any] = {}

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, at: int) -> Token:
        return self._tokens[at] if 0 <= at < len(self._tokens) else self._END

    def low(self, at: int) -> str:
        """The small-letter text of the token at `at`, or the empty string beyond the ends."""
        return self._lows[at] if 0 <= at < len(self._lows) else ""

    def glued(self, at: int) -> bool:
        """Whether no space stands between the token at `at` and the one before it."""
        return 0 < at < len(self._tokens) and self._tokens[at - 1].end == self._tokens[at].start

    def match(self, at: int, phrase: Sequence[str]) -> bool:
        """Whether the small-letter words of `phrase` stand at `at`."""
        return all(self.low(at + k) == word for k, word in enumerate(phrase))

    def starts_sentence(self, at: int) -> bool:
        """Whether the token at `at` is the first of the text, of a line or of a sentence."""
        return at <= 0 or self[at - 1].text in {".", "!", "?", ":", '"', "“", "(", ";"} or self[at - 1].kind == "blank"


def word_set(words: str) -> frozenset[str]:
    """The words of a string as a set: how long word lists stay readable."""
    return frozenset(words.split())


class Phrases(Generic[T]):
    """A table of phrases that is asked for the longest one standing at a token."""

    def __init__(self, table: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, payload in table.items():
            words = tuple(token.low for token in Tokens(phrase))
            self._by_first.setdefault(words[0], []).append((words, payload))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Tokens, at: int) -> tuple[T, int] | None:
        """What the longest phrase at `at` stands for and the token after it, or None."""
        for words, payload in self._by_first.get(tokens.low(at), ()):
            if tokens.match(at, words):
                return payload, at + len(words)
        return None

    def before(self, tokens: Tokens, at: int, longest: int = 4) -> tuple[T, int] | None:
        """What the longest phrase that ends just before `at` stands for and its first token, or None."""
        for start in range(max(0, at - longest), at):
            found = self.at(tokens, start)
            if found is not None and found[1] == at:
                return found[0], start
        return None
