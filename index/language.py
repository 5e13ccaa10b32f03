"""Which language a text is in: langdetect, seeded, and for short questions held to the languages that are possible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

from langdetect import LangDetectException, detector_factory

SEED = 0
# langdetect needs some text; below this many letters an article's language is left unknown.
FEWEST_LETTERS = 40
# Read at most this many characters of an article: enough to be sure, and quick.
MOST_CHARACTERS = 4000
SURE = 0.8

# Words by which a short question shows its language where letter statistics cannot (a name, and little else).
_QUESTION_WORDS = {
    "id": frozenset(
        """apa apakah siapa siapakah berapa berapakah kapan kapankah mana manakah dimana kenapa mengapa
            bagaimana""".split()
    ),
    "en": frozenset("what who whom whose which when where why how".split()),
}
_FUNCTION_WORDS = {
    "id": frozenset(
        """yang di ke dari dan atau untuk dengan pada oleh itu ini ada tidak bukan sudah belum akan karena dalam
            adalah saja para soal jumlah terjadi tentang menurut antara sebelum sesudah setelah saat ketika""".split()
    )
    | _QUESTION_WORDS["id"],
    "en": frozenset(
        """is are was were did does do has have had the a an of in on
            at to from by for with and or not about many much any there this that it its their his her after before
            during""".split()
    )
    | _QUESTION_WORDS["en"],
}


@lru_cache(maxsize=8)
def _factory(languages: frozenset[str] | None) -> detector_factory.DetectorFactory:
    """A detector over the given languages only, or over all that langdetect knows."""
    profiles = Path(detector_factory.PROFILES_DIRECTORY)
    known = [p for p in sorted(profiles.iterdir()) if languages is None or p.name in languages]
    factory = detector_factory.DetectorFactory()
    factory.seed = SEED
    if len(known) > 1:  # langdetect refuses to choose from fewer
        factory.load_json_profile([p.read_text(encoding="utf-8") for p in known])
    return factory


def _detect(text: str, languages: frozenset[str] | None) -> list[tuple[str, float]]:
    factory = _factory(languages)
    if not factory.langlist:
        return []
    detector = factory.create()
    detector.seed = SEED
    detector.append(text)
    try:
        return [(guess.lang, guess.prob) for guess in detector.get_probabilities()]
    except LangDetectException:  # no letters to judge by
        return []


def article_language(text: str) -> str | None:
    """Return the ISO 639-1 code of an article's body, or None when it is too short or too mixed to tell."""
    sample = text[:MOST_CHARACTERS]
    if sum(map(str.isalpha, sample)) < FEWEST_LETTERS:
        return None
    guesses = _detect(sample, None)
    return guesses[0][0] if guesses and guesses[0][1] >= SURE else None


def question_language(question: str, held: Sequence[str]) -> str:
    """Return which of the languages `held` (most frequent first), Indonesian or English a question is in.

    Question words decide first: "Siapa vokalis The Beatles?" names what is English and asks in Indonesian. Then function
    words, since they are what a short question surely has of its own; then langdetect over the profiles of the held
    languages alone (over all, it calls "Siapa Kim Jong Un?" Tagalog); then the most frequent language.
    """
    possible = tuple(dict.fromkeys([*held, *_FUNCTION_WORDS]))
    written = re.findall(r"[^\W\d_]+", question)
    words = [word.lower() for word in written]
    # With a capital it may be part of a name, but for the first word: "Doctor Who", "WHO".
    asking = {word for word in written if word.islower()} | {word.lower() for word in written[:1] if not word.isupper()}
    asked = [code for code, known in _QUESTION_WORDS.items() if asking & known]
    if len(asked) == 1:
        return asked[0]
    votes = {code: sum(word in _FUNCTION_WORDS[code] for word in words) for code in possible if code in _FUNCTION_WORDS}
    best = max(votes.values(), default=0)
    leaders = [code for code, count in votes.items() if count == best]
    if best and len(leaders) == 1:
        return leaders[0]
    guesses = _detect(question, frozenset(possible))
    if guesses and guesses[0][1] >= SURE:
        return guesses[0][0]
    return possible[0]


def reply_language(code: str) -> str:
    """Replies exist in Indonesian and English: Indonesian (and Malay, its neighbour) or else English."""
    return "id" if code in ("id", "ms") else "en"


def readable(question: str, scripts: Collection[str] = ("LATIN",)) -> bool:
    """Whether a question has a letter or a digit of a script that Indonesian and English are written in."""
    return any(ch.isdigit() or (ch.isalpha() and unicodedata.name(ch, "").split(" ")[0] in scripts) for ch in question)
