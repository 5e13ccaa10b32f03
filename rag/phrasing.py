"""A question as it is typed -> the question that it asks, as an editor would write it.

People greet, ask a favour, tell what they are at, abbreviate, and repeat what they heard before they ask whether it is
true. Reader and judge have learnt questions of one tidy sentence, and a "ya" or a "halo" costs them a source. Rules on
closed classes of words, in Indonesian and English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.sentences import split_sentences
from rag.courtesy import FAVOUR, ME, marked, without_courtesy
from rag.function_words import ASKING, BARE, WORD, content, is_name, refers

TRUE = "benarkah?"  # in place of a sentence that asks no more than whether another is true
_NOT = r"(?:nggak|ngga|gak|ga|enggak|engga|ndak|kagak|tidak)"
_TRUE = rf"""(?:
    (?:(?:apa(?:kah)?\s+)?(?:(?:itu|hal\s+itu|ini|memang|emang)\s+)?(?:benar|betul|bener|valid)(?:\s?kah)?
    | (?:apa\s+)?i?ya | true | correct | right
    | (?:is|was)\s+(?:that|this|it)\s+(?:really\s+)?(?:true|right|correct|so|the\s+case))
    (?:\s+(?:(?:(?:atau|apa)\s+)?{_NOT} | atau\s+(?:hoaks|hoax|bukan) | tidaknya|demikian|begitu|itu|sih|ya|tuh
    | kabar\s+itu | or\s+not))*)"""
_CHECK = rf"""(?:
    (?:(?:{FAVOUR}|dibantu)\s+)*(?:di)?(?:konfirmasi|cek|pastikan|verifikasi|luruskan|koreksi)(?:kan|in)?
        (?:\s+(?:kebenarannya|dulu|dong|ya|bila|jika|kalau|keliru|salah))*
    | (?:(?:please|can|could|you)\s+)+(?:confirm|verify|check)(?:\s+(?:this|that|it|whether|if|is|so|true))*)"""
_TRUE_ALONE = re.compile(rf"^\W*(?:{_CHECK}(?:[\s,]+{_TRUE})?|{_TRUE})\W*$", re.I | re.X)
_TRUE_LAST = re.compile(rf"[,;.–—-]+\s*{_TRUE}\s*\?+$ | \s+(?:bener|benar|betul)\s+{_NOT}\W*$", re.I | re.X)
_TRUE_FIRST = re.compile(
    rf"""^\W*(?:apa(?:kah)?\s+(?:benar|betul|bener)(?:\s+atau\s+{_NOT})? | (?:bener|betul|benar)(?:an)?\s+(?:apa\s+)?{_NOT}
    | betulkah)(?:\s+(?:sih|ya|nih))*
    (?:\s+(?:kabar|berita|info)(?=\s+(?:bahwa|kalau|kalo)\b))?(?:\s+(?:bahwa|kalau|kalo|jika))?,?\s+(?=\w)""",
    re.I | re.X,
)
# "Is he coming or not", as it is said: "datang nggak ya". Written tidily ("datang atau tidak?") it stays.
_OR_NOT = re.compile(
    rf"""(?:,?\s+i?ya)?(?:\s+(?:atau|apa))?,?\s+(?!tidak){_NOT}(?:\s+(?:ya|sih|nih))*(?=\W*$)
    | \s+(?!tidak){_NOT}\s+(?:ya|sih)\b""",
    re.X,
)
_READ = rf"{ME}\s+(?:(?:tadi|pernah|sempat|baru|lagi|sedang)\s+)?(?:baca|membaca|dengar|denger|mendengar|lihat)"
_HEARSAY = re.compile(
    rf"""^\W*(?:
    (?:katanya | kabarnya | konon | setahu\s+saya | kalau\s+(?:tidak|nggak|gak)\s+salah | den?gar[ -]den?gar
        | kata\s+(?:orang|teman|tetangga)(?:\s+(?:saya|aku|gue))?(?=,)
        | ada\s+(?:kabar|info|yang\s+(?:bilang|ngomong|mengatakan|menyebut(?:kan)?|menulis|menyampaikan)
            (?:\s+kepada\s+saya)?)
        | (?:{_READ}|{ME}\s+dapat\s+(?:info|kabar))(?:\s+di\s+\w+)? | (?:beredar|menurut)\s+(?:kabar|info\w*))
        (?:\s+(?:kalau|kalo|bahwa|jika|katanya))?
    | (?:(?:i|we)(?:['’]ve)?\s+(?:read|heard|saw|seen|understand|was\s+told|were\s+told)(?:\s+(?:somewhere|online))?
        | (?:they|people)\s+(?:keep\s+)?say(?:ing)? | apparently | supposedly | so(?!\s+(?:far|many|much|long|few|called)\b)
        | rumou?r\s+has\s+it
        | if\s+i(?:['’]m|\s+am)\s+not\s+mistaken | someone\s+(?:said|says|told\s+me))(?:\s+that)?
    )\b[,:]?\s+""",
    re.I | re.X,
)
_TOPIC = re.compile(
    rf"""^\W*(?:(?:ini|{_READ}(?:\s+berita)?)\s+)?
    (?:soal|tentang|mengenai|perihal|terkait|about|regarding|concerning)\s+""",
    re.I | re.X,
)
_SO = re.compile(r"\b(?:be)?gitu\b|\bdemikian\b|\blike\s+that\b", re.I)
# Of the person who asks a sentence is when it begins so; "Anggota DPR kami ..." is of others. "US" is a country.
_I = rf"(?:{ME}|i|i['’](?:m|ve|d)|we|my|our|me|(?-i:us))\b"
_MYSELF = re.compile(rf"^\W*(?:\w+\W+)?(?:(?-i:[a-z])\w*\W+){{0,2}}{_I}", re.I)
# Where something happened, whose name may be in lower case; "di tabel kami" is no such place.
_PLACED = re.compile(rf"^(?!.*\b{_I}).*\b(?:di|in|at|near)\s+\w", re.I | re.S)
_ENGLISH = re.compile(r"\b(?:the|was|were|is|are|has|had|did)\b")
_ENGLISH_TAG = re.compile(r"\b(?:right|correct|true)\b", re.I)


def bare(text: str) -> str:
    """Return what is asked, without courtesies and what the person says of themselves; the text where nothing is left.

    Of several sentences those are kept that the question needs to be understood.
    """
    told = [part for sentence in _sentences(text) if (part := _part(sentence))]
    asking = [part for part in told if "?" in part]
    if len(told) > 1 and asking:
        told = _needed(told, [part for part in asking if part != TRUE] or asking)
    asked = " ".join(_confirmed(part) if "?" in part else part for part in told)
    if not asked or _letters(asked) == _letters(text):
        return text
    return asked[0].upper() + asked[1:].rstrip(" .!,?") + "?"


def _letters(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _sentences(text: str) -> Iterator[str]:
    for span in split_sentences(text):
        yield from re.split(r"(?<=[?!])\s+", span.of(text))


def _part(sentence: str) -> str:
    """What is left of a sentence; `TRUE` for one that asks whether another is true."""
    if _TRUE_ALONE.match(sentence):
        return TRUE
    sentence = without_courtesy(sentence)
    return marked(sentence) if _OR_NOT.search(sentence) else sentence


def _needed(told: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Which of several sentences are needed: those that ask, and of the others what names or is what they refer to."""
    others = [part for part in told if part not in asked and part != TRUE]
    if asked[0] == TRUE:
        claims = [part for part in others if _HEARSAY.match(part) or not _MYSELF.search(part)]
        return [f"{_HEARSAY.sub('', claims[-1]).rstrip(' .!')}, {TRUE}"] if claims else list(told)
    first = _TOPIC.sub("", asked[0])
    depends = refers(first) or bool(_SO.search(first)) or len(list(content(first))) <= BARE
    about = [part for part in others if _TOPIC.match(part) or not _MYSELF.search(part)]
    about = [p for p in about if depends or _TOPIC.match(p) or refers(p) or _PLACED.search(p) or _names(p)]
    about = about or (others if depends else [])
    return [_TOPIC.sub("", part) for part in told if part in about or part in asked]


def _names(text: str) -> bool:
    return any(is_name(word, text) for word in content(text))


def _confirmed(text: str) -> str:
    """A claim that is to be confirmed as a question of yes or no."""
    claim, english = _TRUE_FIRST.sub("", text), False
    for pattern in (_TRUE_LAST, _OR_NOT):
        if claim == text:
            claim = pattern.sub("", text)
            if claim != text and ASKING.search(claim):
                return text
            english = bool(_ENGLISH.search(claim) or _ENGLISH_TAG.search(text, len(claim)))
    if claim == text:
        return text
    claim = _HEARSAY.sub("", claim).rstrip(" ?.!,")
    return f"{'Is it true that' if english else 'Apakah'} {claim}?"
