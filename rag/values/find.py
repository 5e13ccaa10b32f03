"""Finds the typed values of a text: numbers, money, shares, durations, measures, scores, ordinals, dates and times.

`compare` then says whether two values can be the same fact.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from rag.values.amounts import Amount, money_scale, read_amount
from rag.values.changes import BY, changes
from rag.values.date_text import DateReader
from rag.values.dates import Date
from rag.values.hedges import Hedge, hedges
from rag.values.number_words import hyphen
from rag.values.numbers import read_number
from rag.values.ordinals import read_ordinal
from rag.values.quantity import Kind, Value
from rag.values.tokens import Tokens
from rag.values.units import units

__all__ = ["find_values"]

_RANGE = {"-", "–", "—", "sampai", "hingga", "to", "s/d", "atau", "or"}
_AFTER = frozenset({"setelah", "sesudah", "usai", "seusai", "after"})
_BEFORE = frozenset({"sebelum", "menjelang", "jelang", "before"})
_GOVERNED = 4  # words between "setelah" and its date
_OF = frozenset({"dari", "total", "sebanyak", "of", "out", "the", "a"})
_MOST_HEDGES = 3
_EXACT: Hedge = ("exact", False)
_SCALES = (10**12, 10**9, 10**6, 10**3)


@lru_cache(maxsize=8192)  # each sentence is read again for each comparison of its answer
def find_values(text: str, language: str = "id", anchor: str | None = None) -> tuple[Value, ...]:
    """Every typed value in `text`, in order and without overlap, the longest reading at each place.

    `language` is "en" or "id" (which any other stands for) and decides the words and the decimal mark. `anchor` is
    the ISO publication date that "kemarin" and dates without a year are counted from. Vague amounts ("ratusan",
    "dozens") and numbers that are names ("G20", "PT 123", phone numbers) are left out. Never raises on any text;
    the time is linear in its length.
    """
    finder = _Finder(text, language, anchor)
    found, at = [], 0
    while at < len(finder.tokens):
        value, at = finder.at(at)
        if value is not None:
            found.append(value)
    return tuple(found)


class _Finder:
    """Reads the values of one text at given tokens."""

    def __init__(self, text: str, language: str, anchor: str | None) -> None:
        self.tokens = Tokens(text)
        self._language = language
        self._dates = DateReader(self.tokens, language, anchor)

    def at(self, at: int) -> tuple[Value | None, int]:
        """The value at the token `at` and the token to go on from; no value where there is none or a vague one."""
        dated = self._dates.read(at)
        counted = self._quantity(at)
        if dated is not None and (counted is None or dated[1] >= counted[1]) and not self._is_count(at, dated):
            when, stop = self._after_or_before(at, dated[0]), dated[1]
            kind: Kind = "date" if when.has_day or not when.has_time else "time"
            return Value(kind, self.tokens[at].start, self.tokens[stop - 1].end, when=when), stop
        return counted if counted is not None else (None, self._past_code(at))

    def _after_or_before(self, at: int, when: Date) -> Date:
        """The date, or the bound that it is in "sehari setelah Iduladha 17 Juni" and "before Friday"."""
        for k in range(at - 1, max(-1, at - 1 - _GOVERNED), -1):
            token = self.tokens[k]
            if token.kind != "word":
                break
            if token.low in _AFTER:
                return Date(earliest=when.only_day())
            if token.low in _BEFORE:
                return Date(latest=when.only_day())
        return when

    def _past_code(self, at: int) -> int:
        """The token after `at`, or after all of a code whose parts hyphens and points join."""
        i = at + 1
        if self.tokens[at].kind == "digits":
            while self.tokens.glued(i) and (self.tokens[i].kind == "digits" or self.tokens.low(i) == "-"):
                i += 1
        return i

    def _is_count(self, at: int, dated: tuple[Date, int]) -> bool:
        """Whether what reads as a bare year is an amount: "2000 orang"."""
        alone = dated[1] == at + 1 and self.tokens[at].kind == "digits"
        led = self.tokens.low(at - 1) in {"tahun", "pada", "sejak", "in", "since"}
        return alone and not led and units(self._language).at(self.tokens, at + 1) is not None

    def _quantity(self, at: int) -> tuple[Value | None, int] | None:
        tokens, start, hedge, between = self.tokens, at, _EXACT, False
        for _ in range(_MOST_HEDGES):  # "sampai kira-kira"
            named = hedges(self._language).at(tokens, at)
            if named is None:
                break
            hedge, at = named
        if at == start:
            ordinal = read_ordinal(tokens, at, self._language)
            if ordinal is not None:
                return self._value("ordinal", start, ordinal[1], Fraction(ordinal[0])), ordinal[1]
            score = self._score(at)
            if score is not None:
                return score
            between = tokens.low(at) in {"antara", "between"}
            at += between
        elif (dated := self._dates.read(at)) is not None and not self._is_count(at, dated):
            return None  # "sampai 31 Agustus": a date, which follows
        first = read_amount(tokens, at, self._language)
        if first is None:
            return None
        if first.value is None:
            return None, first.stop
        ranged = self._range(first, between)
        if ranged is not None:
            low, high, stop = ranged
            value = self._amount(start, stop, high, ("range", False), low.value, high.value)
            return value, stop
        if between:
            start = at
        first, total = self._of_total(first)
        bound = hedge
        if bound[0] == "exact":
            bound = ("at_least", False) if first.over else ("approx", False) if first.about else bound
        return replace(self._amount(start, first.stop, first, bound, first.value, None), total=total), first.stop

    def _amount(
        self, start: int, stop: int, amount: Amount, bound: Hedge, value: Fraction | None, upper: Fraction | None
    ) -> Value:
        unit = amount.unit
        change = 0 if bound == ("at_most", False) else self._change(start)
        if change > 0 and value is not None and value < 0 and upper is None:  # "tumbuh minus 3 persen"
            change, value = -1, -value
        return Value(
            kind=unit.kind if unit else "number",
            start=self.tokens[start].start,
            end=self.tokens[stop - 1].end,
            amount=value,
            upper=upper,
            unit=unit.name if unit else None,
            noun=amount.noun,
            per=amount.per,
            bounds=bound[0],
            step=amount.step,
            change=change,
            close=bound[1],
            part=amount.part,
        )

    def _change(self, start: int) -> int:
        """1 after a word of gain, -1 after one of loss, 0 otherwise: "naik menjadi 3 persen" is a level, no change."""
        return changes(self._language).get(self.tokens.low(start - 1 - (self.tokens.low(start - 1) in BY)), 0)

    def _value(self, kind: Kind, start: int, stop: int, amount: Fraction, upper: Fraction | None = None) -> Value:
        first, last = self.tokens[start], self.tokens[stop - 1]
        return Value(kind, first.start, last.end, amount=amount, upper=upper, step=Fraction(1))

    def _range(self, first: Amount, between: bool) -> tuple[Amount, Amount, int] | None:
        """ "10-15 orang", "Rp10 miliar hingga Rp15 miliar", "between one and two weeks"."""
        low = self.tokens.low(first.stop)
        if low not in _RANGE and not (between and low in {"dan", "and"}):
            return None
        i = first.stop + 1
        second = self._short(first, i) or read_amount(self.tokens, i, self._language) or self._joined(i)
        if second is None or second.value is None or first.value is None or second.share != first.share:
            return None
        value, unit = first.value, first.unit
        if unit is None and second.unit is not None:
            unit = second.unit
            value *= unit.factor
        elif second.unit is None and unit is not None:
            second = Amount(
                second.value * unit.factor, second.step * unit.factor, unit, second.per, second.stop,
                scaled=second.scaled,
            )  # fmt: skip
        elif unit is not None and second.unit is not None and unit.name != second.unit.name:
            return None
        top = second.value or Fraction(0)
        if second.scaled and not first.scaled:  # "10-15 juta": the scale is said once
            scale = next((scale for scale in _SCALES if scale * (unit.factor if unit else 1) <= top), 1)
            value = value * scale if value * scale < top else value
        if value >= top:
            return None
        return Amount(value, first.step, unit, second.per, first.stop), second, second.stop

    def _of_total(self, first: Amount) -> tuple[Amount, Value | None]:
        """The count in "28 dari 65 kursi" and "28 of the 65 seats", which takes its unit from the total and covers it, and that."""
        i = first.stop
        if self.tokens.low(i) not in {"dari", "of", "out"} or (first.unit is not None and first.unit.kind != "number"):
            return first, None
        while self.tokens.low(i) in _OF and i < first.stop + len(_OF):
            i += 1
        total = read_amount(self.tokens, i, self._language)
        if total is None or total.value is None or first.value is None or total.share or first.share:
            return first, None
        unit = first.unit or total.unit
        if (total.unit or unit) != unit or (unit is not None and unit.kind != "number") or first.value > total.value:
            return first, None
        count = replace(first, unit=unit, noun=first.noun or total.noun, stop=total.stop)
        return count, self._amount(i, total.stop, replace(total, unit=unit), _EXACT, total.value, None)

    def _short(self, first: Amount, at: int) -> Amount | None:
        """The upper end of a range of money that a letter scales: "Rp1,2-1,5 M", "$3-4m"."""
        number = read_number(self.tokens, at, self._language) if first.unit and first.unit.kind == "money" else None
        scale = money_scale(self.tokens, number.stop, self._language) if number and not number.scaled else None
        if number is None or number.value is None or scale is None:
            return None
        return Amount(number.value * scale, number.step * scale, first.unit, None, number.stop + 1, scaled=True)

    def _joined(self, at: int) -> Amount | None:
        """The upper end of a range behind a glued hyphen, which `read_amount` takes for a code."""
        number = read_number(self.tokens, at, self._language)
        if number is None or number.value is None or self.tokens.low(number.stop) in {"-", "–"}:
            return None
        named = units(self._language).at(self.tokens, hyphen(self.tokens, number.stop))
        unit, stop = named if named else (None, number.stop)
        factor = unit.factor if unit else Fraction(1)
        return Amount(number.value * factor, number.step * factor, unit, None, stop, scaled=number.scaled)

    def _score(self, at: int) -> tuple[Value | None, int] | None:
        """3-1, 25-21, "tiga set berbanding satu"."""
        tokens = self.tokens
        left = read_number(tokens, at, self._language)
        if left is None or left.value is None or left.value >= 1000 or left.value.denominator != 1 or left.share:
            return None
        stop, spelt = left.stop, False
        if tokens.low(stop) in {"-", "–"} and tokens[at].kind == tokens[stop + 1].kind == "digits":
            if at and tokens.glued(at) and (tokens[at - 1].kind == "word" or tokens.low(at - 1) in {"-", "/", "."}):
                return None
            if not (tokens.glued(stop) and tokens.glued(stop + 1)):
                return None
        else:
            stop += tokens.low(stop) != "berbanding"
            spelt = tokens.low(stop) == "berbanding"
            if not spelt:
                return None
        right = read_number(tokens, stop + 1, self._language)
        if right is None or right.value is None or right.value >= 1000 or right.value.denominator != 1:
            return None
        follows = units(self._language).at(tokens, hyphen(tokens, right.stop))
        code = tokens.glued(right.stop) and (tokens.low(right.stop) in {"-", "/"} or tokens[right.stop].kind == "word")
        named = tokens[at - 1].capital and max(left.value, right.value) >= 200  # Boeing 737-800
        if not spelt and (follows is not None or code or named or right.scaled):
            return None
        return self._value("score", at, right.stop, left.value, right.value), right.stop
