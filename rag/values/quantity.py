"""A typed value of a text, and whether two of them can be the same fact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rag.values.dates import Date, Relation, relate_dates
from rag.values.units import Kind

__all__ = ["Bounds", "Kind", "Relation", "Value", "compare"]

Bounds = Literal["exact", "approx", "at_least", "at_most", "range"]

# How far a hedged amount reaches, as shares of it. Set by what reports of one event put side by side: "sekitar 40"
# with 43, "lebih dari seribu" with 1.340, "hampir 3.000" with 2.974; beyond, the accounts differ.
_APPROX = Fraction(3, 20)
_CLOSE = Fraction(1, 5)
_MORE = Fraction(1, 2)
_FEWER = Fraction(1, 2)
_MONTH_DAYS = (28, 31)  # days of a month, where months meet days
_DAY = 86400
_SHORT = {"second": 1, "minute": 60, "hour": 3600}
_MANTISSA = 10  # two stated digits: "1,5 triliun" rounds 1,48 triliun, "3 triliun" does not round 3,4 triliun


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value found in a text at code points `[start, end)`.

    `amount` is exact and in the canonical `unit` of its `kind`: s or month (duration), m, m2, kg, l, km/h, W, "%",
    an ISO currency, "person" and other counted things; None for a bare number. A range or a score has `upper` too.
    `noun` is what a number counts as it is written, "language:word word". `per` is the unit it is stated for ("day",
    "person", "m2"). `step` is the worth of the last stated digit (0 if
    spelt as a fraction). A date or time has `when` and no amount.
    """

    kind: Kind
    start: int
    end: int
    amount: Fraction | None = None
    upper: Fraction | None = None
    unit: str | None = None
    noun: str | None = None
    per: str | None = None
    bounds: Bounds = "exact"
    step: Fraction = Fraction(0)
    change: int = 0  # 1 of a gain ("naik 3 persen"), -1 of a loss, 0 where neither is said
    close: bool = False  # "hampir", "just over": the bound is near
    part: Fraction | None = None  # of a share as "tiga dari empat orang" the three, for it may be a count
    total: Value | None = None  # of a count as "28 dari 65 kursi" the 65, within the same place of the text
    when: Date | None = None

    def interval(self) -> tuple[Fraction, Fraction]:
        """The lowest and highest amount that the words allow, in the canonical unit."""
        if self.amount is None:
            raise ValueError(f"a {self.kind} has no amount: compare it by its `when`")
        if self.bounds == "range" and self.upper is not None:
            return min(self.amount, self.upper), max(self.amount, self.upper)
        size = abs(self.amount)
        if self.bounds == "approx":
            return self.amount - size * _APPROX, self.amount + size * _APPROX
        if self.bounds == "at_least":
            return self.amount, self.amount + size * (_CLOSE if self.close else _MORE)
        if self.bounds == "at_most":
            return self.amount - size * (_CLOSE if self.close else _FEWER), self.amount
        return self.amount, self.amount


def compare(a: Value, b: Value) -> Relation:
    """Whether two values are the same, can both be true, exclude each other, or say nothing of each other. Symmetric.

    - Dates and times: see `rag.values.dates.relate_dates`.
    - "same": equal amounts in whatever form, equally hedged; the part of a share and a count of it.
    - "compatible": the intervals meet. About: 15 % either way. Almost: down to 20 % less, "just over": up to 20 %
      more. More than, at least: up to half more. At most, less than: down to half. An exact amount with a scale or
      a decimal and two stated digits also stands for what rounds to it. A month is 28 to 31 days. A score fits
      itself read from the other side.
    - "incompatible": the same kind and unit, and the amounts do not meet: one above 50 and one below it neither. Nor do
      a gain and a loss.
    - "unrelated": kinds or units that do not convert, different counted things, or another "per" that does not convert.
      A number without a unit compares with any count, and with a magnitude.
    """
    if a.when is not None or b.when is not None:
        return relate_dates(a.when, b.when) if a.when is not None and b.when is not None else "unrelated"
    if a.kind == b.kind == "score":
        return _scores(a, b)
    if _same_count(a, b) or _same_count(b, a):
        return "same"
    if a.kind != b.kind and {(a.kind, a.unit), (b.kind, b.unit)} != {("number", None), ("magnitude", "M")}:
        return "unrelated"
    if a.per is not None and b.per is not None and a.per != b.per:
        return _rates(a, b)
    one, other = (a, b) if (a.unit or "") <= (b.unit or "") else (b, a)
    if one.unit == "month" and other.unit == "s":
        return _months_and_seconds(one, other)
    if {a.unit, b.unit} == {"C", "F"}:
        return _meet(_celsius(a), _celsius(b))
    if a.unit != b.unit and None not in (a.unit, b.unit) and "degree" not in (a.unit, b.unit):
        return "unrelated"
    if a.change * b.change < 0:
        return "incompatible"
    if a.amount == b.amount and a.upper == b.upper and a.bounds == b.bounds:
        return "same"
    if _count_other_things(a, b):
        return "unrelated"
    if a.amount == b.amount and {a.bounds, b.bounds} == {"at_least", "at_most"}:
        return "incompatible"
    return "compatible" if _rounds(a, b) else _meet(a.interval(), b.interval())


def _scores(a: Value, b: Value) -> Relation:
    if (a.amount, a.upper) == (b.amount, b.upper):
        return "same"
    return "compatible" if (a.amount, a.upper) == (b.upper, b.amount) else "incompatible"


def _same_count(share: Value, count: Value) -> bool:
    """Whether a share that may be a count ("tiga dari empat orang") is that count ("3 korban")."""
    alike = (count.kind, count.bounds, count.amount) == ("number", "exact", share.part)
    return share.part is not None and alike and not _count_other_things(share, count)


def _rates(a: Value, b: Value) -> Relation:
    """Rates over different times: seconds to hours convert; a day's and a year's amount seldom mean one measurement."""
    if a.unit != b.unit or a.per not in _SHORT or b.per not in _SHORT:
        return "unrelated"
    (low, high), (least, most) = a.interval(), b.interval()
    mine, other = _SHORT[a.per], _SHORT[b.per]
    if a.bounds == b.bounds and low * other == least * mine and high * other == most * mine:
        return "same"
    return _meet((low / mine, high / mine), (least / other, most / other))


def _count_other_things(a: Value, b: Value) -> bool:
    """Whether the nouns of one language that two numbers count share no word ("42 rumah", "tiga ruang kelas").

    Two of known units are told apart by these; a person is called by too many nouns for an unknown one to differ.
    """
    if a.noun is None or b.noun is None or "person" in (a.unit, b.unit) or "times" in (a.unit, b.unit):
        return False
    if a.unit and a.unit == b.unit:
        return False
    (language, _, words), (other, _, others) = a.noun.partition(":"), b.noun.partition(":")
    return language == other and not set(words.split()) & set(others.split())


def _meet(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> Relation:
    return "compatible" if a[0] <= b[1] and b[0] <= a[1] else "incompatible"


def _months_and_seconds(months: Value, seconds: Value) -> Relation:
    low, high = months.interval()
    return _meet((low * _MONTH_DAYS[0] * _DAY, high * _MONTH_DAYS[1] * _DAY), seconds.interval())


def _celsius(value: Value) -> tuple[Fraction, Fraction]:
    low, high = value.interval()
    if value.unit == "C":
        return low, high
    half = value.step / 2
    return (low - half - 32) * Fraction(5, 9), (high + half - 32) * Fraction(5, 9)


def _rounds(a: Value, b: Value) -> bool:
    """Whether one exact amount is the other rounded to its last stated digit."""
    if a.amount is None or b.amount is None or not a.bounds == b.bounds == "exact":
        return False
    coarse = a if a.step >= b.step else b
    if coarse.step <= min(a.step, b.step) or abs(coarse.amount or Fraction(0)) < _MANTISSA * coarse.step:
        return False
    return 2 * abs(a.amount - b.amount) <= coarse.step
