"""The closed classes of words by which a question is understood without its content, in Indonesian and English."""

from __future__ import annotations

import re
from collections.abc import Iterator


def any_of(words: str) -> str:
    """Return a pattern of any of the words, parted by white space; an underscore stands for the space within one."""
    return "|".join(re.escape(word.replace("_", " ")).replace(r"\ ", r"\s+") for word in words.split())


ASKING_WORDS = """
    sampai_kapan sejak_kapan siapa_saja siapa_aja apa_saja berapa_lama berapa_banyak jam_berapa pukul_berapa
    tanggal_berapa di_mana ke_mana dari_mana dimana kapan kapankah kenapa mengapa siapa siapakah berapa brp apa apakah
    mana bagaimana gimana benarkah by_how_much how_many how_much how_long how_old how_often how_far how what which who
    whom whose when where why"""
AUXILIARIES = "is are was were did does do has have had will yang sih ada"
ASKING = re.compile(rf"\b(?:{any_of(ASKING_WORDS)})\b(?:\s+(?:{any_of(AUXILIARIES)})\b)*", re.I)
# Stand for something that was named before.
PERSON = re.compile(rf"\b(?:{any_of('dia ia beliau mereka he she they him her them his their')})\b", re.I)
_NO_REFERENCE = any_of(  # end in -nya, and stand for nothing
    """biasanya sebenarnya sebenernya sebetulnya seharusnya semestinya sebaiknya akhirnya awalnya umumnya rupanya misalnya
    khususnya setidaknya sedikitnya sepertinya kayaknya tampaknya kelihatannya pokoknya bertanya"""
)
THING = re.compile(
    rf"\b(?:{any_of('itu tersebut tadi di_sana di_situ it its that those this there')})\b"
    rf"|\b(?!(?:{_NO_REFERENCE})\b)\w{{3,}}nya\b",
    re.I,
)
# "Apa itu stunting?" names what it asks about, "Apa itu sudah pasti?" does not.
NAMING = re.compile(
    rf"\b(?:apa|siapa)\s+itu\s+(?!(?:{any_of('yang sudah udah belum masih akan bisa benar betul memang juga sih ya')}"
    r"|(?:di|ter|ber|me)\w+)\b)(?=\w)",
    re.I,
)
LINKS = frozenset(
    """yang di ke dari dan atau pada untuk oleh dalam akibat soal tentang sudah udah belum masih akan telah ada adalah
    itu ini tersebut sih ya kah saja aja juga ga gak nggak tidak lagi orang kata begitu sekarang the a an of in on at to
    from by for with is are was were did does do has have had be been will would can and or not any some there it its
    that this those he she they his her their him them one got get happen happened people"""
    .split()
)  # fmt: skip
WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
BARE = 1  # content words up to which a question says no more than what it asks for


def content(text: str) -> Iterator[str]:
    """Yield the words that are neither asking nor linking."""
    for match in WORD.finditer(ASKING.sub(" ", text)):
        if match.group().lower() not in LINKS:
            yield match.group()


def is_name(word: str, text: str) -> bool:
    """Whether a word of the text is in digits, or has a capital and does not open it."""
    opening = WORD.search(text)
    return word[0].isdigit() or (word[0].isupper() and (opening is None or opening.group() != word))


def refers(text: str) -> bool:
    """Whether a word stands for something that was named before."""
    text = NAMING.sub("", text)
    return bool(PERSON.search(text) or THING.search(text))
