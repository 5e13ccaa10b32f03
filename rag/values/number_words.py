"""The number words of Indonesian and English, and how either language builds a number below a thousand from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rag.values.tokens import Tokens, word_set

Group = Callable[[Tokens, int], "tuple[int, int] | None"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The number words of one language; `group` reads a number below a thousand (or "fifteen hundred") at a token."""

    group: Group
    ones: dict[str, int]
    scales: dict[str, int]  # follow a group and multiply it
    one_scales: dict[str, int]  # hold their own "one": seribu
    dozens: dict[str, int]  # as scales, at the end of a number
    one_dozens: dict[str, int]
    halves: tuple[tuple[str, ...], ...]  # after a group: one half more
    half: frozenset[str]
    point: str
    shares: dict[str, int]  # the lower part of a fraction: perempat, quarters
    one_shares: dict[str, int]  # a whole fraction: seperempat
    vague: frozenset[str]  # puluhan, dozens: no number
    loose: dict[str, int]  # after a number, about so many times it: empat ribuan
    some: frozenset[str]  # before a scale, no number: beberapa ratus
    in_every: tuple[tuple[str, ...], ...]  # between the parts of a ratio: one in five
    ordinals: dict[str, int]


def hyphen(tokens: Tokens, at: int) -> int:
    """The token after a hyphen that joins two words at `at`, or `at` if there is none."""
    return at + 1 if tokens.low(at) in {"-", "‑"} and tokens.glued(at) and tokens.glued(at + 1) else at


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * k for k, word in enumerate(words.split())}


_ID_ONES = _numbered("satu dua tiga empat lima enam tujuh delapan sembilan", 1)
_EN_ONES = _numbered("one two three four five six seven eight nine", 1)
_EN_TEENS = _numbered("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_EN_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)


def _id_one(tokens: Tokens, at: int) -> int | None:
    token = tokens[at]
    if token.kind == "digits":
        return int(token.text) if len(token.text) == 1 and token.text != "0" else None
    return _ID_ONES.get(token.low)


def _id_group(tokens: Tokens, at: int) -> tuple[int, int] | None:
    total, i = 0, at
    one = _id_one(tokens, i)
    if tokens.low(i) == "seratus":
        total, i = 100, i + 1
    elif one and tokens.low(i + 1) == "ratus":
        total, i = one * 100, i + 2
    one, following = _id_one(tokens, i), tokens.low(i + 1)
    if tokens.low(i) in {"sepuluh", "sebelas"}:
        total, i = total + (10 if tokens.low(i) == "sepuluh" else 11), i + 1
    elif one and following == "belas":
        total, i = total + 10 + one, i + 2
    elif one and following == "puluh":
        total, i = total + 10 * one, i + 2
        one = _ID_ONES.get(tokens.low(i))
        if one and tokens.low(i + 1) not in {"ratus", "puluh", "belas"}:
            total, i = total + one, i + 1
    elif one and following != "ratus" and tokens[i].kind == "word":
        total, i = total + one, i + 1
    elif total == 0 and tokens.low(i) == "nol":
        return 0, i + 1
    return (total, i) if i > at else None


def _en_tens(tokens: Tokens, at: int) -> tuple[int, int] | None:
    low = tokens.low(at)
    if low in _EN_TENS:
        after = hyphen(tokens, at + 1)
        one = _EN_ONES.get(tokens.low(after))
        return (_EN_TENS[low] + one, after + 1) if one else (_EN_TENS[low], at + 1)
    value = _EN_ONES.get(low) or _EN_TEENS.get(low)
    return (value, at + 1) if value else None


def _en_group(tokens: Tokens, at: int) -> tuple[int, int] | None:
    if tokens.low(at) in {"zero", "nil"}:
        return 0, at + 1
    is_a = tokens.low(at) == "a"
    found = (1, at + 1) if is_a else _en_tens(tokens, at)
    if found is None:
        return None
    value, i = found
    if tokens.low(hyphen(tokens, i)) != "hundred":
        return None if is_a else found
    value, i = value * 100, hyphen(tokens, i) + 1
    rest = _en_tens(tokens, i + 1) if tokens.low(i) == "and" else _en_tens(tokens, i)
    return (value + rest[0], rest[1]) if rest else (value, i)


_ID_TENS = {
    "sepuluh": 10, "sebelas": 11, "dua belas": 12, "tiga belas": 13, "empat belas": 14, "lima belas": 15,
    "enam belas": 16, "tujuh belas": 17, "delapan belas": 18, "sembilan belas": 19, "dua puluh": 20, "seratus": 100,
}  # fmt: skip
_EN_ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    1,
)
_EN_SHARES = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}

INDONESIAN = Lexicon(
    group=_id_group,
    ones=_ID_ONES,
    scales={
        "ribu": 10**3,
        "rb": 10**3,
        "juta": 10**6,
        "jt": 10**6,
        "miliar": 10**9,
        "milyar": 10**9,
        "milliar": 10**9,
        "triliun": 10**12,
        "trilyun": 10**12,
        "triliyun": 10**12,
    },  # fmt: skip
    one_scales={
        "seribu": 10**3,
        "sejuta": 10**6,
        "semiliar": 10**9,
        "semilyar": 10**9,
        "setriliun": 10**12,
    },  # fmt: skip
    dozens={"lusin": 12, "kodi": 20, "gros": 144},
    one_dozens={"selusin": 12, "sekodi": 20, "segros": 144},
    halves=(("setengah",),),
    half=frozenset({"setengah", "separuh", "separo"}),
    point="koma",
    shares={f"per{word}": n for word, n in (_ID_ONES | _ID_TENS).items() if n > 1 and " " not in word},
    one_shares={f"seper{word}": n for word, n in (_ID_ONES | _ID_TENS).items() if n > 1 and " " not in word},
    vague=word_set("belasan puluhan ratusan ribuan jutaan miliaran milyaran triliunan lusinan"),
    loose={"ratusan": 10**2, "ribuan": 10**3, "jutaan": 10**6, "miliaran": 10**9, "triliunan": 10**12},
    some=frozenset({"beberapa", "sejumlah", "sekian"}),
    in_every=(("dari", "setiap"), ("dari", "tiap"), ("dari", "antara"), ("dari",)),
    ordinals={"pertama": 1} | {f"ke{word}": n for word, n in (_ID_ONES | _ID_TENS).items() if n > 1},
)

ENGLISH = Lexicon(
    group=_en_group,
    ones=_EN_ONES,
    scales={
        "thousand": 10**3,
        "million": 10**6,
        "mn": 10**6,
        "billion": 10**9,
        "bn": 10**9,
        "trillion": 10**12,
        "tn": 10**12,
    },  # fmt: skip
    one_scales={},
    dozens={"dozen": 12},
    one_dozens={},
    halves=(("and", "a", "half"),),
    half=frozenset({"half"}),
    point="point",
    shares=_EN_SHARES | {f"{word}s": n for word, n in _EN_SHARES.items()},
    one_shares={},
    vague=word_set("dozens hundreds thousands tens millions billions trillions"),
    loose={},
    some=frozenset({"several", "few", "many", "couple", "some"}),
    in_every=(("out", "of", "every"), ("in", "every"), ("of", "every"), ("in",), ("out", "of")),
    ordinals=_EN_ORDINALS,
)


def lexicon(language: str) -> Lexicon:
    """The words of `language`: English for "en", Indonesian for anything else."""
    return ENGLISH if language == "en" else INDONESIAN
