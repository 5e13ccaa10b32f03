"""A question and the conversation before it -> the question as it would stand alone.

Rules on closed classes of words (connectives, pronouns, question words, prepositions) in Indonesian and English; names
are what is written with a capital or in digits, by the person or, of a single word, by the articles. Where one part of
the question before is swapped for another ("and silver?"), the word nearest in meaning gives way, by the encoder's
vectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.encoder import Encoder
from rag.function_words import (
    ASKING,
    ASKING_WORDS,
    AUXILIARIES,
    BARE,
    LINKS,
    NAMING,
    PERSON,
    WORD,
    any_of,
    content,
    is_name,
    refers,
)
from rag.values import find_values


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood, and the answers that were shown: one, several where sources disagree, or none."""

    question: str
    answers: tuple[str, ...] = ()


# "Lalu lintas" is traffic and "lalu lalang" a coming and going.
_CONNECTIVE = re.compile(
    rf"^\W*(?:(?!lalu\s+(?:lintas|lalang)\b)"
    rf"(?:{any_of('dan lalu terus trus kemudian nah kalau_begitu and but so then also')})\b(?!-)[\s,]*)+",
    re.I,
)
# What opens a question that swaps one part of the question before.
_SWAP = re.compile(
    rf"^\W*(?:{any_of('kalau kalo bagaimana_dengan gimana_dengan gimana_kalau what_about how_about')})\b\s*", re.I
)
_PREPOSITIONS = "di dari ke dalam akibat pada untuk oleh soal atas tentang in at of on from for during after into"
_PREPOSITION = re.compile(rf"\b(?:{any_of(_PREPOSITIONS)})\b", re.I)
# What follows an ordinal that stands for an answer; before a noun it counts something else ("the first man").
_PHRASE_ENDS = (
    rf"\b(?=\W*$|\s*[,;:]|\s+(?:{any_of(AUXILIARIES + ' itu tersebut tadi happen happened')})\b"
    rf"|\s+(?:(?:{any_of(_PREPOSITIONS + ' kata menurut')})\s+)?(?:{any_of(ASKING_WORDS)})\b)"
)


def _ordinal(indonesian: str, bare: str, english: str) -> re.Pattern[str]:
    """Match an ordinal that stands for an answer: "yang kedua", whatever follows where it opens, and "the second one"."""
    return re.compile(
        rf"^\W*yang\s+(?:{indonesian})\b(?!\s+kali\b)"
        rf"|\b(?:yang|angka|jawaban|sumber|versi|peristiwa)\s+(?:{indonesian}|{bare}){_PHRASE_ENDS}"
        rf"|\bthe\s+{english}\s+(?:one|figure|answer|source|version|event)\b|\bthe\s+{english}{_PHRASE_ENDS}",
        re.I,
    )


_ORDINALS = (
    _ordinal(r"pertama|ke\W?satu", "satu", "first"),
    _ordinal(r"ke\W?dua", "dua", "second"),
    _ordinal(r"ke\W?tiga", "tiga", "third"),
)
# What an event stands behind; the place or time behind the others does not tell which event it was.
_EVENT = re.compile(rf"\b(?:{any_of('dalam akibat soal tentang when after during from because_of about')})\b", re.I)
_WORD_OF_NAME = r"(?:[A-Z][\w'’-]*|\d+)"
# Lower-case words within a name: "Mohammed bin Salman".
_NAME = (
    rf"{_WORD_OF_NAME}(?:\s+(?:(?:{any_of('bin binti ibn al el van von der den de da dos del')})\s+)?{_WORD_OF_NAME})*"
)
JOINT = " — "  # between what is asked and what it is about


def resolve(
    text: str, turns: Sequence[Turn], encoder: Encoder, named: Callable[[str], bool] = lambda word: False
) -> str:
    """Return the question as it would stand alone; unchanged where it does so already.

    `named` says of a word in lower case whether it is a name, as `rag.names.named_in` does.
    """
    if not turns or JOINT in text:  # what holds the joint was resolved before
        return text
    last = turns[-1]
    body = _CONNECTIVE.sub("", text).strip() or text
    swap = _SWAP.match(body)
    rest = body[swap.end() :] if swap else body
    own = list(content(rest))
    names = [word for word in own if is_name(word, text)]
    chosen = _chosen(rest, names, last)
    if chosen is not None:
        number, asked = chosen
        return _joined(asked, _topic(last.question), last.answers[number])
    asking = ASKING.search(rest)
    if not asking and (swap or body != text) and 0 < len(own) <= 4:
        return _swapped(last.question, rest.rstrip(" ?.!"), encoder)
    if names or (NAMING.search(rest) and not refers(rest)) or (len(own) > 2 and not refers(rest)) or len(own) > 4:
        return text
    points = refers(rest) or body != text
    if not (points or len(own) <= BARE):
        return text
    # A name behind a preposition says where or when of the same thing; another is a topic of its own.
    if not (points or _PREPOSITION.search(rest)) and any(map(named, own)):
        return text
    whole = len(own) <= BARE or bool(PERSON.search(rest))
    return _joined(rest, _topic(last.question) if whole else _event(last.question))


def _chosen(text: str, names: Sequence[str], last: Turn) -> tuple[int, str] | None:
    """Which of several answers a question takes up, and what it asks of it; None where it takes up none."""
    if len(last.answers) < 2:
        return None
    words = [_words(answer) for answer in last.answers]
    # With a name that is new an ordinal belongs to another topic.
    if _words(" ".join(names)) <= _words(last.question).union(*words):
        for number, ordinal in enumerate(_ORDINALS[: len(words)]):
            if ordinal.search(text):
                return number, ordinal.sub("", text)
    asked = {w.lower() for w in content(text)}
    hits = [len(asked & (own - set().union(*(w for w in words if w is not own)))) for own in words]
    named = re.search(r"\byang\s+\w+|\bthe\s+\w+\s+one\b", text, re.I)
    return (hits.index(max(hits)), text) if named and max(hits) and hits.count(max(hits)) == 1 else None


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


def _topic(question: str) -> str:
    """A question without what it asks for and without its punctuation; of one that was resolved, what it was about."""
    return " ".join(ASKING.sub(" ", question.rpartition(JOINT)[2]).strip(" ?.!").split())


def _event(question: str) -> str:
    """The part of a question that names the event it is about; the whole topic where no preposition leads to it."""
    topic = _topic(question)
    before = _EVENT.search(topic, 1)
    event = topic[before.end() :].strip() if before else ""
    return event if any(is_name(word, "") for word in WORD.findall(event)) else topic


def _joined(*parts: str) -> str:
    first, *rest = (" ".join(part.split()).strip(" ?.!,") for part in parts)
    about = ", ".join(part for part in rest if part)
    return f"{first}{JOINT}{about}?" if first else f"{about}?"


def _swapped(question: str, new: str, encoder: Encoder) -> str:
    """The question with the part that `new` stands in for replaced by it."""
    preposition = _PREPOSITION.match(new)
    if preposition:
        # "di Kupang" and "di kabupaten Agam", but not "di mana".
        old = re.search(rf"\b{preposition.group()}\s+(?:(?!mana\b)[a-z]+\s+(?=[A-Z]))?{_NAME}", question)
        if old:
            return question[: old.start()] + new + question[old.end() :]
    if new[0].isdigit():
        old = re.search(rf"\b\d{{{len(new)}}}\b", question)
        if old:
            return question[: old.start()] + new + question[old.end() :]
    for language in ("id", "en"):
        own, dated = ([v for v in find_values(text, language) if v.when] for text in (new, question))
        if own and dated:
            return question[: dated[0].start] + new + question[dated[0].end :]
    parts = _parts(question, names=any(word[0].isupper() for word in new.split()))
    if not parts:
        return _joined(new, _topic(question))
    vector = encoder.query(new)
    nearest = max(parts, key=lambda part: float(encoder.query(part.group()) @ vector))
    return question[: nearest.start()] + new + question[nearest.end() :]


def _parts(question: str, names: bool) -> list[re.Match[str]]:
    """What can give way: the names of a question, or its other content words."""
    asking = [m.span() for m in ASKING.finditer(question)]
    pattern = rf"\b(?=[A-Z]){_NAME}" if names else r"\b[a-z][\w-]{2,}"
    return [
        m for m in re.finditer(pattern, question)
        if m.group().lower() not in LINKS and not any(s <= m.start() < e for s, e in asking)
    ]  # fmt: skip
