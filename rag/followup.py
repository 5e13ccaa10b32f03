"""A question and the conversation before it -> the question as it would stand alone.

Rules on closed classes of words (connectives, pronouns, question words, prepositions) in Indonesian and English; names
are what is written with a capital or in digits, by the person or, of a single word, by the articles. Where one part of
the question before is swapped for another ("and silver?"), the word nearest in meaning gives way, by the encoder's
vectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.encoder import Encoder
from index.lexical import query_terms
from index.store import Store
from index.types import Filters


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood, and the answers that were shown: one, several where sources disagree, or none."""

    question: str
    answers: tuple[str, ...] = ()


def _any(words: str) -> str:
    return "|".join(re.escape(word.replace("_", " ")).replace(r"\ ", r"\s+") for word in words.split())


# "Lalu lintas" is traffic and "lalu lalang" a coming and going.
_CONNECTIVE = re.compile(
    rf"^\W*(?:(?!lalu\s+(?:lintas|lalang)\b)"
    rf"(?:{_any('dan lalu terus trus kemudian nah kalau_begitu and but so then also')})\b(?!-)[\s,]*)+",
    re.I,
)
# What opens a question that swaps one part of the question before.
_SWAP = re.compile(
    rf"^\W*(?:{_any('kalau kalo bagaimana_dengan gimana_dengan gimana_kalau what_about how_about')})\b\s*", re.I
)
_ASKING_WORDS = """
    sampai_kapan sejak_kapan siapa_saja siapa_aja apa_saja berapa_lama berapa_banyak jam_berapa pukul_berapa
    tanggal_berapa di_mana ke_mana dari_mana dimana kapan kapankah kenapa mengapa siapa siapakah berapa brp apa apakah
    mana bagaimana gimana benarkah by_how_much how_many how_much how_long how_old how_often how_far how what which who
    whom whose when where why"""
_AUXILIARIES = "is are was were did does do has have had will yang sih ada"
_ASKING = re.compile(rf"\b(?:{_any(_ASKING_WORDS)})\b(?:\s+(?:{_any(_AUXILIARIES)})\b)*", re.I)
# Stand for something that was named before.
_PERSON = re.compile(rf"\b(?:{_any('dia ia beliau mereka he she they him her them his their')})\b", re.I)
_THING = re.compile(
    rf"\b(?:{_any('itu tersebut tadi di_sana di_situ it its that those this there')})\b|\b\w{{3,}}nya\b", re.I
)
_PREPOSITIONS = "di dari ke dalam akibat pada untuk oleh soal atas tentang in at of on from for during after into"
_PREPOSITION = re.compile(rf"\b(?:{_any(_PREPOSITIONS)})\b", re.I)
# What follows an ordinal that stands for an answer; before a noun it counts something else ("the first man").
_PHRASE_ENDS = (
    rf"\b(?=\W*$|\s*[,;:]|\s+(?:{_any(_AUXILIARIES + ' itu tersebut tadi happen happened')})\b"
    rf"|\s+(?:(?:{_any(_PREPOSITIONS + ' kata menurut')})\s+)?(?:{_any(_ASKING_WORDS)})\b)"
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
_EVENT = re.compile(rf"\b(?:{_any('dalam akibat soal tentang when after during from because_of about')})\b", re.I)
_LINKS = frozenset(
    """yang di ke dari dan atau pada untuk oleh dalam akibat soal tentang sudah udah belum masih akan telah ada adalah
    itu ini tersebut sih ya kah saja aja juga ga gak nggak tidak lagi orang kata begitu sekarang the a an of in on at to
    from by for with is are was were did does do has have had be been will would can and or not any some there it its
    that this those he she they his her their him them one got get happen happened people"""
    .split()
)  # fmt: skip
_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
JOINT = " — "  # between what is asked and what it is about
_BARE = 1  # content words up to which a question says no more than what it asks for
_LOOKED_AT = 20  # chunks that tell how a word is written


def named_in(store: Store, word: str) -> bool:
    """Whether a store's articles hold a word within their sentences, and with a capital wherever they do."""
    within = re.compile(rf"(?<=[\w,] ){re.escape(word)}\b", re.I)
    chunks = store.chunks([row for row, _ in store.lexical(query_terms(word), _LOOKED_AT, Filters())])
    found = [
        written for stored in chunks for sentence in stored.chunk.sentences
        for written in within.findall(sentence.of(store.article(stored.chunk.article).text))
    ]  # fmt: skip
    return bool(found) and all(written[0].isupper() for written in found)


def resolve(
    text: str, turns: Sequence[Turn], encoder: Encoder, named: Callable[[str], bool] = lambda word: False
) -> str:
    """Return the question as it would stand alone; unchanged where it does so already.

    `named` says of a word in lower case whether it is a name, as `named_in` does.
    """
    if not turns or JOINT in text:  # what holds the joint was resolved before
        return text
    last = turns[-1]
    body = _CONNECTIVE.sub("", text).strip() or text
    swap = _SWAP.match(body)
    rest = body[swap.end() :] if swap else body
    own = list(_content(rest))
    names = [word for word in own if _is_name(word, text)]
    chosen = _chosen(rest, names, last)
    if chosen is not None:
        number, asked = chosen
        return _joined(asked, _topic(last.question), last.answers[number])
    asking = _ASKING.search(rest)
    if not asking and (swap or body != text) and 0 < len(own) <= 4:
        return _swapped(last.question, rest.rstrip(" ?.!"), encoder)
    if names or (len(own) > 2 and not _refers(rest)) or len(own) > 4:
        return text
    refers = _refers(rest) or body != text
    if not (refers or len(own) <= _BARE):
        return text
    # A name behind a preposition says where or when of the same thing; another is a topic of its own.
    if not (refers or _PREPOSITION.search(rest)) and any(map(named, own)):
        return text
    whole = len(own) <= _BARE or bool(_PERSON.search(rest))
    return _joined(rest, _topic(last.question) if whole else _event(last.question))


def _content(text: str) -> Iterator[str]:
    """Yield the words that are neither asking nor linking."""
    for match in _WORD.finditer(_ASKING.sub(" ", text)):
        if match.group().lower() not in _LINKS:
            yield match.group()


def _is_name(word: str, text: str) -> bool:
    return word[0].isdigit() or (word[0].isupper() and not text.lstrip(" \"'“").startswith(word))


def _refers(text: str) -> bool:
    return bool(_PERSON.search(text) or _THING.search(text))


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
    asked = {w.lower() for w in _content(text)}
    hits = [len(asked & (own - set().union(*(w for w in words if w is not own)))) for own in words]
    named = re.search(r"\byang\s+\w+|\bthe\s+\w+\s+one\b", text, re.I)
    return (hits.index(max(hits)), text) if named and max(hits) and hits.count(max(hits)) == 1 else None


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _topic(question: str) -> str:
    """A question without what it asks for and without its punctuation; of one that was resolved, what it was about."""
    return " ".join(_ASKING.sub(" ", question.rpartition(JOINT)[2]).strip(" ?.!").split())


def _event(question: str) -> str:
    """The part of a question that names the event it is about; the whole topic where no preposition leads to it."""
    topic = _topic(question)
    before = _EVENT.search(topic, 1)
    event = topic[before.end() :].strip() if before else ""
    return event if any(_is_name(word, "") for word in _WORD.findall(event)) else topic


def _joined(*parts: str) -> str:
    first, *rest = (" ".join(part.split()).strip(" ?.!,") for part in parts)
    about = ", ".join(part for part in rest if part)
    return f"{first}{JOINT}{about}?" if first else f"{about}?"


def _swapped(question: str, new: str, encoder: Encoder) -> str:
    """The question with the part that `new` stands in for replaced by it."""
    preposition = _PREPOSITION.match(new)
    if preposition:
        old = re.search(rf"\b{preposition.group()}\s+(?:[A-Z][\w-]*|\d+)(?:\s+(?:[A-Z][\w-]*|\d+))*", question)
        if old:
            return question[: old.start()] + new + question[old.end() :]
    if new[0].isdigit():
        old = re.search(rf"\b\d{{{len(new)}}}\b", question)
        if old:
            return question[: old.start()] + new + question[old.end() :]
    parts = _parts(question, names=any(word[0].isupper() for word in new.split()))
    if not parts:
        return _joined(new, _topic(question))
    vector = encoder.query(new)
    nearest = max(parts, key=lambda part: float(encoder.query(part.group()) @ vector))
    return question[: nearest.start()] + new + question[nearest.end() :]


def _parts(question: str, names: bool) -> list[re.Match[str]]:
    """What can give way: the names of a question, or its other content words."""
    asking = [m.span() for m in _ASKING.finditer(question)]
    pattern = r"\b[A-Z][\w-]*(?:\s+[A-Z\d][\w-]*)*" if names else r"\b[a-z][\w-]{2,}"
    return [
        m for m in re.finditer(pattern, question)
        if m.group().lower() not in _LINKS and not any(s <= m.start() < e for s, e in asking)
    ]  # fmt: skip
