"""Reads one amount at a token: a number with its unit before or after it, and what it is stated per."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from rag.values.number_words import hyphen
from rag.values.numbers import Number, read_number
from rag.values.tokens import Tokens, word_set
from rag.values.units import ONE_OF, PREFIXES, Unit, units

# A number after one of these names a thing ("PT 123", "Pasal 12") and counts nothing.
_LABELS = word_set(
    "pt cv no nomor pasal ayat rt rw sma smp sd sman smpn sdn smk smkn negeri blok kav gang jalan jl halaman petak "
    "pos bab seri tipe type flight route section article page room gate boeing airbus model number covid kelas "
    "grade peringkat level nopol kilometer km"
)
_LONGEST_BARE = 9  # digits; a longer run without marks, unit or scale is a phone or an identity number
_OLDEST = 120  # years
_NOUN_WORDS = 3
_FUNCTION = word_set(
    "di ke dari pada untuk yang dan atau dengan dalam oleh saat ketika sejak hingga sampai itu ini sudah telah akan "
    "masih tak tidak adalah karena akibat menjadi the a an of in on at to for and or by with from were was is are had "
    "has have will that who which after before when as per"
)
# Amounts said in a larger and a smaller unit ("2 kilogram 300 gram"), and what may stand between the two.
_JOINTS: dict[str, frozenset[str]] = {
    "duration": frozenset({"dan", "and", ","}), "length": frozenset(), "mass": frozenset(),
}  # fmt: skip
_MINUS = frozenset({"minus", "negatif", "negative"})
# "-5 orang" is an item of a list, and who plays "minus 5 pemain" lacks five.
_BELOW_ZERO = frozenset({"percent", "temperature", "money"})
# "1.340 burung" and "seribu ekor" may count the same thing.
_CLASSIFIERS = word_set("ekor buah unit batang lembar butir helai keping biji pucuk bungkus paket set hal jenis macam")
_MONEY_SHORT = {"en": {"m": 10**6, "b": 10**9, "k": 10**3}, "id": {"M": 10**9, "T": 10**12, "k": 10**3, "K": 10**3}}
_PER_NAMES = {
    ("s", 1): "second", ("s", 60): "minute", ("s", 3600): "hour", ("s", 86400): "day", ("s", 604800): "week",
    ("month", 1): "month", ("month", 12): "year",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in the unit's canonical name; `value` is None when the words are vague. `stop`: the token after."""

    value: Fraction | None
    step: Fraction
    unit: Unit | None
    per: str | None
    stop: int
    noun: str | None = None
    share: bool = False
    part: Fraction | None = None  # as that of `rag.values.numbers.Number`
    about: bool = False
    over: bool = False  # "300 lebih", "300+"
    scaled: bool = False


def read_amount(tokens: Tokens, at: int, language: str = "id") -> Amount | None:
    """The longest amount that starts at the token `at`, or None if none does or it is part of a name or code."""
    if not _is_minus(tokens, at):
        return _unsigned(tokens, at, language)
    amount = _unsigned(tokens, at + 1, language)
    if amount is None or amount.value is None:
        return None
    unit = amount.unit
    if unit is None:  # "-5 hingga -2 derajat"
        end = amount.stop + 1
        upper = _unsigned(tokens, end + _is_minus(tokens, end), language)
        unit = upper.unit if upper else None
    alone = tokens[amount.stop].kind != "word" or tokens.low(amount.stop) in _FUNCTION
    bare = amount.unit is None and alone and tokens.low(at) in _MINUS
    return replace(amount, value=-amount.value) if bare or (unit and unit.kind in _BELOW_ZERO) else None


def _is_minus(tokens: Tokens, at: int) -> bool:
    """Whether a word or a sign may make what follows negative: no hyphen that joins, and no mark of a list."""
    if tokens.low(at) in _MINUS:
        return True
    before, token = tokens[at - 1], tokens[at]
    signs = tokens[at + 1].kind == "digits" or PREFIXES.at(tokens, at + 1) is not None
    if token.low not in {"-", "−", "–"} or not tokens.glued(at + 1) or not signs:
        return False
    if tokens.glued(at):
        return before.low in {"(", '"', "“"}
    return before.kind != "digits" and "\n" not in tokens.text[max(before.end, 0) : token.start]


def _unsigned(tokens: Tokens, at: int, language: str) -> Amount | None:
    first = _single(tokens, at, language)
    if first is None or first.value is None or first.unit is None or first.unit.kind not in _JOINTS:
        return first
    joints = _JOINTS[first.unit.kind]
    total = _half_more(tokens, first, language)
    over, stop = _over(tokens, total.stop, language)
    if over and total.per is None:  # "dua tahun lebih"
        return replace(total, over=True, stop=stop)
    while total.per is None:  # "1 jam 20 menit", "two years and three months"
        i = total.stop + (tokens.low(total.stop) in joints)
        more = _single(tokens, i, language)
        if (
            more is None or more.value is None or more.unit is None or total.unit is None or total.value is None
            or more.unit.name != total.unit.name or more.unit.factor >= total.unit.factor or more.about
        ):  # fmt: skip
            return total
        total = replace(more, value=total.value + more.value, over=False)
    return total


def _single(tokens: Tokens, at: int, language: str) -> Amount | None:
    one = ONE_OF.at(tokens, at) if language != "en" else None
    if one is not None:
        if tokens.low(at - 1) in {"salah", "setiap", "tiap"} or tokens.low(one[1]) in {"diri", "pun"}:
            return None
        return Amount(one[0].factor, one[0].factor, one[0], None, one[1])
    prefix = PREFIXES.at(tokens, at)
    before = tokens[at - 1].text
    if prefix is not None and tokens.low(at) == "$" and tokens.glued(at) and before.isupper() and len(before) <= 3:
        prefix = Unit("money", f"{before}$"), prefix[1]  # a dollar of another country than those known
    if prefix is not None and prefix[0].kind == "magnitude" and tokens.low(at) == "m" and tokens[at].text != "M":
        prefix = None
    start = prefix[1] if prefix else at
    if prefix is None and _in_name(tokens, at):
        return None
    number = read_number(tokens, start, language)
    if number is None:
        return None
    if number.value is None:
        after = units(language).at(tokens, number.stop)
        return Amount(None, Fraction(0), None, None, after[1] if after else number.stop)
    return _prefixed(tokens, number, prefix[0], language) if prefix else _measured(tokens, at, number, language)


def _in_name(tokens: Tokens, at: int) -> bool:
    """Whether the digits at `at` belong to a name: G20, B-52, COVID-19, +62..., 12-34-56."""
    token, before = tokens[at], tokens[at - 1]
    if token.kind == "word":
        return (
            before.low == "salah"
            or (tokens.low(at) == "satu" and tokens.low(at + 1) in {"-", "sama", "per", "pun"})
            or (before.low in {"kepulauan", "pulau", "pulau-pulau"} and token.capital)
        )
    if not tokens.glued(at):
        return False
    return (
        before.kind == "word"
        or before.low in {"+", "#", "/", ".", "_"}
        or (before.low in {"-", "–"} and tokens.glued(at - 1) and tokens[at - 2].kind in {"word", "digits"})
    )


def _prefixed(tokens: Tokens, number: Number, unit: Unit, language: str) -> Amount | None:
    value, step, stop = number.value or Fraction(0), number.step, number.stop
    if unit.kind == "money":
        if (short := money_scale(tokens, stop, language)) and not number.scaled:
            value, step, stop = value * short, step * short, stop + 1
        again = units(language).at(tokens, stop)
        stop = again[1] if again and again[0].kind == "money" else stop
    elif tokens[number.stop - 1].kind != "digits":
        return None
    over, stop = _over(tokens, stop, language)
    per, stop = _per(tokens, stop, language)
    return Amount(value, step, unit, per, stop, about=number.about, over=over, scaled=number.scaled)


def money_scale(tokens: Tokens, at: int, language: str) -> int | None:
    """The scale that a letter behind an amount of money stands for: "Rp1,5 M", "$3m"."""
    return _MONEY_SHORT["en" if language == "en" else "id"].get(tokens[at].text)


def _measured(tokens: Tokens, at: int, number: Number, language: str) -> Amount | None:
    value, step = number.value or Fraction(0), number.step
    over, stop = _over(tokens, number.stop, language)
    unit_at = hyphen(tokens, stop)
    if number.share and language == "en":  # "half an hour", "a fifth of a metre"
        unit_at += tokens.low(unit_at) == "of"
        unit_at += tokens.low(unit_at) in {"a", "an"}
    named = units(language).at(tokens, unit_at)
    if named and named[0].kind == "duration" and _is_year(tokens, named[1]) and tokens[at].kind == "digits":
        return None  # "Nomor 24 Tahun 2024"
    article = number.weak and tokens.low(at) in {"a", "an"}
    if named and article and (named[0].kind == "number" or tokens.low(unit_at) in {"second", "foot"}):
        return None
    if named and not (number.share and named[0].kind == "number"):
        unit, stop = named
        if stop == unit_at + 1 and language == "en" and tokens.match(stop, ("-", "old")):
            stop += 2
        if not over and unit.kind != "duration":
            over, stop = _over(tokens, stop, language)
        per, stop = _per(tokens, stop, language)
        noun = _noun(tokens, unit_at, language) if unit.kind == "number" else None
        return Amount(
            value * unit.factor, step * unit.factor, unit, per, stop, noun, about=number.about, over=over,
            scaled=number.scaled,
        )  # fmt: skip
    if number.share:
        noun = _noun(tokens, number.stop, language) if number.part is not None else None
        return Amount(value * 100, Fraction(0), Unit("percent", "%"), None, number.stop, noun, True, number.part)
    if number.weak and not (number.stop - at == len(tokens) == 1 and not article):
        return None
    if _is_code(tokens, at, number):
        return None
    per, stop = _per(tokens, stop, language) if tokens.low(stop) in {"per", "/"} else (None, stop)
    noun = _noun(tokens, stop, language)
    age = _age(tokens, at, number)
    if age is not None:
        return age
    return Amount(value, step, None, per, stop, noun, about=number.about, over=over, scaled=number.scaled)


def _noun(tokens: Tokens, at: int, language: str) -> str | None:
    """The lower-case words right after a number, up to three, as "language:words"; None if a function word follows."""
    words: list[str] = []
    while len(words) < _NOUN_WORDS and (token := tokens[at + len(words)]).kind == "word":
        if token.low in _FUNCTION or (token.capital and words):
            break
        words.append(token.low)
    return f"{'en' if language == 'en' else 'id'}:{' '.join(words)}" if words and words[0] not in _CLASSIFIERS else None


def _age(tokens: Tokens, at: int, number: Number) -> Amount | None:
    """The age in "Rahmat (34)" and "Suparti, 47," as a duration."""
    sign, following = tokens.low(at - 1), tokens.low(number.stop)
    plain = tokens[at].kind == "digits" and tokens[at].text.isdigit() and number.stop == at + 1
    if not plain or not tokens[at - 2].capital or not 0 < int(tokens[at].text) < _OLDEST:
        return None
    if (sign, following) == ("(", ")") or (sign == "," and following in {",", ".", ""}):
        year = Unit("duration", "month", Fraction(12))
        return Amount(int(tokens[at].text) * year.factor, year.factor, year, None, number.stop)
    return None


def _is_code(tokens: Tokens, at: int, number: Number) -> bool:
    """Whether a number without a unit is a label, a code, or a name such as Raja Ampat or Simpang Lima."""
    before, token = tokens[at - 1], tokens[at]
    if before.low in _LABELS or (before.low == "." and tokens.low(at - 2) in {"no", "jl"}):
        return True
    if token.kind == "word" and token.capital and not tokens.starts_sentence(at) and before.capital:
        return True
    following = tokens[number.stop]
    if following.low == "/" and tokens.glued(number.stop) and tokens[number.stop + 1].kind == "digits":
        return True  # "24/7"
    if following.low in {"/", "-", "–"} and tokens.glued(number.stop) and _is_year(tokens, at):
        return True  # "2023/2024"
    if following.low == "besar" and number.stop == at + 1:
        return True  # "babak delapan besar"
    if token.kind == "word":
        return False
    if before.capital and not tokens.starts_sentence(at - 1) and (following.kind != "word" or following.capital):
        return True  # "Liga 1", "SMA Widya Wacana 1"
    glued = tokens.glued(number.stop) and tokens[number.stop].kind == "word"
    return glued or (token.text.isdigit() and len(token.text) > _LONGEST_BARE and not number.scaled)


def _is_year(tokens: Tokens, at: int) -> bool:
    text = tokens[at].text
    return tokens[at].kind == "digits" and len(text) == 4 and text.isdigit() and 1900 <= int(text) < 2100


def _over(tokens: Tokens, at: int, language: str) -> tuple[bool, int]:
    """Whether "lebih", "+" or "or more" follows, and the token after it."""
    if tokens.low(at) == "+" and tokens.glued(at):
        return True, at + 1
    if language == "en":
        return (True, at + 2) if tokens.match(at, ("or", "more")) else (False, at)
    ends = tokens[at + 1].kind != "word" or units(language).at(tokens, at + 1) is not None
    return (True, at + 1) if tokens.low(at) == "lebih" and ends else (False, at)


def _per(tokens: Tokens, at: int, language: str) -> tuple[str | None, int]:
    """What an amount is stated per ("per hari", "sebulan", "an hour", "ton beras per hektare"), and the token after."""
    for gap in range(3):
        i, low = at + gap, tokens.low(at + gap)
        if low in {"per", "/", "tiap", "setiap"} and not (gap and low != "per"):
            named = units(language).at(tokens, i + 1)
            if named is None and tokens[i + 1].kind != "word":
                return None, at
            return (_per_name(named[0]), named[1]) if named else (tokens.low(i + 1), i + 2)
        if tokens[i].kind != "word" or tokens[i].capital:
            break
    if language == "en":
        named = units(language).at(tokens, at + 1) if tokens.low(at) in {"a", "an", "every"} else None
    else:
        named = ONE_OF.at(tokens, at)
        named = named if named and (named[0].kind in {"duration", "mass"} or tokens.low(at - 1) == "rupiah") else None
    return (_per_name(named[0]), named[1]) if named else (None, at)


def _per_name(unit: Unit) -> str:
    plain = unit.name if unit.factor == 1 else f"{unit.factor} {unit.name}"
    return _PER_NAMES.get((unit.name, int(unit.factor)), plain)


def _half_more(tokens: Tokens, amount: Amount, language: str) -> Amount:
    """The amount with "setengah" or "and a half" after its unit: "setahun setengah", "a day and a half"."""
    phrase = ("and", "a", "half") if language == "en" else ("setengah",)
    if amount.unit is None or amount.value is None or not tokens.match(amount.stop, phrase):
        return amount
    half, stop = amount.unit.factor / 2, amount.stop + len(phrase)
    if units(language).at(tokens, stop) is not None:  # "5 kilometer setengah jam"
        return amount
    return replace(amount, value=amount.value + half, step=half, stop=stop)
