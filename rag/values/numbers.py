"""Numbers in digits and words, Indonesian and English, to exact values.

Vague ones ("ratusan", "dozens") are recognised, so that nothing inside them is read as exact, and have no value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from rag.values.digits import parse_digits
from rag.values.number_words import ENGLISH, Lexicon, hyphen, lexicon
from rag.values.tokens import Tokens
from rag.values.units import units

__all__ = ["Number", "read_fraction", "read_number"]

_HALF = Fraction(1, 2)
# "tiga dari empat" is a share; "5 dari 40" says that five of forty did, which is a count.
_ROUND_WHOLES = frozenset({3, 4, 5, 6, 8, 10, 100, 1000})


@dataclass(frozen=True, slots=True)
class Number:
    """A number read at a token.

    `value` is None when the words are vague. `step` is what one more in the last stated digit would add (100
    million for "1,5 miliar"), 0 for a fraction in words. `stop` is the token after it.
    """

    value: Fraction | None
    step: Fraction
    stop: int
    share: bool = False  # a part of a whole: "sepertiga", "one in four"
    part: Fraction | None = None  # of a share as "tiga dari empat" the three, which may be meant as a count
    weak: bool = False  # "a" and "one": a number only where a unit follows
    about: bool = False  # "40-an", "empat ribuan"
    scaled: bool = False  # holds a scale word or is spelt out, so a following "m" or a year is not meant


def read_number(tokens: Tokens, at: int, language: str = "id") -> Number | None:
    """The longest number that starts at the token `at`, or None."""
    key = (language, at)
    if key not in tokens.memo:
        tokens.memo[key] = _read(tokens, at, language)
    found: Number | None = tokens.memo[key]
    return found


def read_fraction(tokens: Tokens, at: int, language: str = "id") -> tuple[Fraction, int] | None:
    """The value of "3/4" and the token after it, where what follows can be divided; else it is a date or a code."""
    top, bottom, stop = tokens[at].text, tokens[at + 2].text, at + 3
    if tokens.low(at + 1) != "/" or not (tokens.glued(at + 1) and tokens.glued(at + 2)) or tokens.glued(at):
        return None
    if not (top.isdecimal() and bottom.isdecimal() and max(len(top), len(bottom)) <= 2 and 0 < int(top) < int(bottom)):
        return None
    if tokens[at - 1].kind == "digits":  # "1 1/2 jam"
        return None
    unit = units(language).at(tokens, stop + (tokens.low(stop) in {"a", "an"}))
    measured = unit is not None and tokens[unit[1]].kind != "digits"  # not "3/4 jam 10.00"
    if not (measured or tokens.low(stop) in {"dari", "of", "bagian"} or _before_scale(tokens, stop, lexicon(language))):
        return None
    return Fraction(int(top), int(bottom)), stop


def _read(tokens: Tokens, at: int, language: str) -> Number | None:
    words = lexicon(language)
    vague = _vague(tokens, at, words)
    if vague is not None:
        return vague
    number = _share(tokens, at, words, language) or _cardinal(tokens, at, words, language)
    if number is None and words is ENGLISH and tokens.low(at) in {"a", "an"}:
        return Number(Fraction(1), Fraction(1), at + 1, weak=True)
    return number and _ratio(tokens, number, words, language)


def _vague(tokens: Tokens, at: int, words: Lexicon) -> Number | None:
    i = at
    if tokens.low(i) in words.some:
        i += 2 if tokens.low(i + 1) == "of" else 1
        i += tokens.low(i) == "a"
        if tokens.low(i) not in words.vague | words.scales.keys() | words.dozens.keys() | {"hundred", "ratus", "puluh"}:
            return None
    elif tokens.low(i) not in words.vague:
        return None
    while True:
        low = tokens.low(i)
        if low in words.vague | words.scales.keys() | words.dozens.keys() | {"hundred", "ratus", "puluh"}:
            i += 1
        elif low == "of" and tokens.low(i + 1) in words.vague:
            i += 2
        else:
            return Number(None, Fraction(0), i)


def _cardinal(tokens: Tokens, at: int, words: Lexicon, language: str) -> Number | None:
    """Groups below a thousand with descending scales: "2 juta tiga ratus ribu", "one million, two hundred thousand"."""
    total, step, last, i = Fraction(0), Fraction(1), 0, at
    weak = spelt = False
    while True:
        scale = words.one_scales.get(tokens.low(i)) or words.one_dozens.get(tokens.low(i))
        if scale and (not last or scale < last):
            total, step, last, spelt, i = total + scale, Fraction(scale), scale, True, i + 1
            bigger = words.scales.get(tokens.low(i), 0)
            if total == scale and bigger > scale >= 1000:  # "seribu triliun"
                total, step, last, i = total * bigger, step * bigger, bigger, i + 1
            continue
        comma = words is ENGLISH and bool(last) and tokens.low(i) == ","
        group = _group(tokens, i + comma, words, language, first=not last)
        if group is None:
            break
        value, size, stop, is_word = group
        scale = words.scales.get(tokens.low(hyphen(tokens, stop))) or words.dozens.get(tokens.low(hyphen(tokens, stop)))
        if comma and not (is_word and scale and scale >= 1000):
            break  # "one million, two people"
        if scale and (not last or scale < last):
            i = hyphen(tokens, stop) + 1
            total, step, last, spelt = total + value * scale, size * scale, scale, True
            bigger = words.scales.get(tokens.low(i), 0)
            if total == value * scale and bigger > scale >= 1000:  # "200 ribu miliar"
                total, step, last, i = total * bigger, step * bigger, bigger, i + 1
            continue
        if last and (not is_word or value >= last):
            break  # "2 juta 300 orang": a new number
        total, step, spelt = total + value, size, spelt or (is_word and bool(last))
        weak = is_word and not last and value == 1 and words is ENGLISH
        i = stop
        break
    if i == at:
        return None
    return _loosened(tokens, Number(total, step, i, weak=weak, scaled=bool(last) or spelt), words)


def _group(
    tokens: Tokens, at: int, words: Lexicon, language: str, *, first: bool
) -> tuple[Fraction, Fraction, int, bool] | None:
    """One factor of a scale: value, size of its last digit, the token after it, whether it is in words."""
    low = tokens.low(at)
    if not first and low == "and" and words is ENGLISH:
        found = words.group(tokens, at + 1)
        return (Fraction(found[0]), Fraction(1), found[1], True) if found and found[0] < 100 else None
    if low in words.half and first and (stop := _before_scale(tokens, at + 1, words)):
        return _HALF, _HALF, stop, True
    if low in {"a", "an"} and words is ENGLISH:
        if tokens.low(at + 1) in words.scales.keys() | words.dozens.keys():
            return Fraction(1), Fraction(1), at + 1, True
        if tokens.low(at + 1) == "half" and first and (stop := _before_scale(tokens, at + 2, words)):
            return _HALF, _HALF, stop, True
    found = words.group(tokens, at)
    if found is not None:
        value, size, stop = Fraction(found[0]), Fraction(1), found[1]
        if tokens.low(stop) == words.point and (decimals := _spelt_decimals(tokens, stop + 1, words)):
            size = Fraction(1, 10 ** len(decimals))
            value, stop = value + int(decimals) * size, stop + 1 + len(decimals)
        is_word = tokens[at].kind == "word"
    elif tokens[at].kind == "digits":
        following = tokens.low(at + 1)
        likely = following in words.scales or following in {"%", "persen", "percent", "per"}
        parsed = parse_digits(tokens[at].text, language, decimal_likely=likely)
        if parsed is None:
            return None
        (value, size), stop, is_word = parsed, at + 1, False
    else:
        return None
    for half in words.halves:
        after = hyphen(tokens, stop)
        flat = [after, hyphen(tokens, after + 1), hyphen(tokens, hyphen(tokens, after + 1) + 1)]
        if all(tokens.low(where) == word for where, word in zip(flat, half, strict=False)):
            return value + _HALF, _HALF, flat[len(half) - 1] + 1, True
    return value, size, stop, is_word


def _before_scale(tokens: Tokens, at: int, words: Lexicon) -> int | None:
    """The token of a scale at `at`, past "a" or "of a", or None if none stands there."""
    i = hyphen(tokens, at)
    i += tokens.low(i) == "of"
    i = hyphen(tokens, i + (tokens.low(i) in {"a", "an"}))
    return i if tokens.low(i) in words.scales.keys() | words.dozens.keys() else None


def _spelt_decimals(tokens: Tokens, at: int, words: Lexicon) -> str:
    digits = ""
    zeros = {"nol", "kosong"} if words is not ENGLISH else {"zero", "oh"}
    while len(digits) < 6:
        low = tokens.low(at + len(digits))
        if low not in words.ones and low not in zeros:
            break
        digits += str(words.ones.get(low, 0))
    return digits


def _loosened(tokens: Tokens, number: Number, words: Lexicon) -> Number:
    """The number with what makes it inexact read off its end: "40-an", "empat ribuan", "dua puluhan"."""
    stop, low = number.stop, tokens.low(number.stop)
    if words is ENGLISH or number.value is None:
        return number
    if low == "-" and tokens.low(stop + 1) == "an" and tokens.glued(stop) and tokens.glued(stop + 1):
        return replace(number, stop=stop + 2, about=True)
    if low in words.loose:
        times = words.loose[low]
        return replace(number, value=number.value * times, step=Fraction(times), stop=stop + 1, about=True, scaled=True)
    if low in words.vague:
        return Number(None, Fraction(0), stop + 1)
    return number


def _share(tokens: Tokens, at: int, words: Lexicon, language: str) -> Number | None:
    """A fraction; one that a scale follows is a number ("tiga perempat miliar")."""
    low, value = tokens.low(at), None
    stop = at + 1
    if fraction := read_fraction(tokens, at, language):
        value, stop = fraction
    elif low in words.one_shares:
        value = Fraction(1, words.one_shares[low])
    elif low in words.shares and words is ENGLISH and tokens.low(stop) == "of" and _before_scale(tokens, stop, words):
        value = Fraction(1, words.shares[low])  # "quarter of a million"
    elif low in words.half:
        if words is not ENGLISH or _whole_follows(tokens, stop):
            value = _HALF
    elif (top := 1 if low in {"a", "an"} else words.ones.get(low)) and words.shares:
        after = hyphen(tokens, at + 1)
        lower = words.shares.get(tokens.low(after))
        if low in {"a", "an"} and not _whole_follows(tokens, after + 1):
            lower = None
        stop = after + 1
        if words is not ENGLISH and lower is None and tokens.low(at + 1) == "per":  # "dua per tiga"
            lower, stop = words.ones.get(tokens.low(at + 2)), at + 3
        if lower and lower > top:
            value = Fraction(top, lower)
    if value is None:
        return None
    scale_at = _before_scale(tokens, stop, words)
    if scale_at is None:
        return Number(value, Fraction(0), stop, share=True)
    scale = words.scales.get(tokens.low(scale_at)) or words.dozens[tokens.low(scale_at)]
    return Number(value * scale, value * scale, scale_at + 1, scaled=True)


def _whole_follows(tokens: Tokens, at: int) -> bool:
    """Whether an English fraction may end before `at`: "half of", "a third." but not "a third man"."""
    return tokens[at].kind != "word" or tokens.low(at) in {"of", "a", "an", "the", "its", "their", "his", "her", "all"}


def _ratio(tokens: Tokens, number: Number, words: Lexicon, language: str) -> Number:
    """The share that "one in four" and "tiga dari tiap lima" mean, or the number itself."""
    if number.value is None or number.share:
        return number
    for between in words.in_every:
        if not tokens.match(number.stop, between):
            continue
        whole = _cardinal(tokens, number.stop + len(between), words, language)
        if whole is None or whole.value is None or not 0 < number.value < whole.value:
            return number
        spelt = tokens[number.stop - 1].kind == tokens[whole.stop - 1].kind == "word"
        every = len(between) > 1 and between != ("out", "of")
        if every or (spelt and whole.value in _ROUND_WHOLES):
            part = number.value if between[-1] in {"dari", "of"} else None
            return Number(number.value / whole.value, Fraction(0), whole.stop, share=True, part=part)
        return number
    return number
