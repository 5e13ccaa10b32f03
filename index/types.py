"""The records that pass between the steps of indexing, and the one base error. No I/O, no third-party import."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for a person, in English and Indonesian."""

    en: str
    id: str

    def __str__(self) -> str:
        return self.en

    def say(self, language: str) -> str:
        """The sentence in "id", or else in English."""
        return self.id if language == "id" else self.en


class SilangError(Exception):
    """Something a person can act on: the message says what is wrong, where, and how to mend it, in one line."""

    def __init__(self, en: str, id: str) -> None:
        super().__init__(en)
        self.text = Text(en, id)

    def say(self, language: str) -> str:
        """The message in "id", or else in English."""
        return self.text.say(language)


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was given.

    `text` is the decoded original: offsets anywhere in the project count code points of it. Metadata that the
    source does not state is None, never guessed, but for `language`: indexing detects it from the text. `published` is
    an ISO 8601 date (`YYYY-MM-DD`). `path` is the file that it was read from, or None where it came without one.
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    path: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything a reader can see of it: the article is unchanged iff this is."""
        parts = (self.text, self.title, self.source, self.published, self.language, self.url)
        return sha256("\x1f".join("\x00" if p is None else p for p in parts).encode()).hexdigest()

    def with_language(self, language: str | None) -> Article:
        """The same article with its language filled in."""
        return replace(self, language=language)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range `[start, end)` of code points in an article's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive whole sentences of one article; `sentences` are their spans, in the article's offsets."""

    article: str
    start: int
    end: int
    sentences: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From the first character of its first sentence to the end of its last."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something given that was not read: `where` names the file (and line), `why` says it and how to mend it."""

    where: str
    why: Text


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer. Empty means all; dates are ISO and inclusive, an undated article passes none."""

    sources: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return bool(self.sources or self.languages or self.since or self.until)
