"""A string of digits with points and commas to an exact number."""

from __future__ import annotations

from fractions import Fraction

_LONGEST = 30  # characters; a longer run is a code, not a quantity


def parse_digits(text: str, language: str = "id", *, decimal_likely: bool = False) -> tuple[Fraction, Fraction] | None:
    """The number that `text` writes and the size of its last digit, or None if it writes none.

    Three digits after the only mark are a group ("1.240" and "1,240" are both 1240), any other count is a decimal
    fraction, so that a mark used the other language's way is still read. `decimal_likely` says that a scale word or
    a percent sign follows: the language's own decimal mark is then one whatever the count ("1,125 triliun").
    Numbers with a leading zero ("0812", "007") and runs of over twelve digits without marks are codes: None.
    """
    if len(text) > _LONGEST:
        return None
    point = "." if language == "en" else ","
    marks = {c for c in text if c in ".,"}
    if not marks:
        return None if (text[0] == "0" and len(text) > 1) or len(text) > 12 else (Fraction(int(text)), Fraction(1))
    if len(marks) == 2:
        last = max(marks, key=text.rfind)
        whole, _, decimals = text.rpartition(last)
        other = (marks - {last}).pop()
        return _decimal(whole.replace(other, ""), decimals) if _grouped(whole.split(other)) else None
    mark = marks.pop()
    parts = text.split(mark)
    if _grouped(parts) and not (decimal_likely and mark == point and len(parts) == 2):
        return Fraction(int("".join(parts))), Fraction(1)
    if len(parts) > 2 or (parts[0][0] == "0" and len(parts[0]) > 1):
        return None
    return _decimal(*parts)


def _grouped(parts: list[str]) -> bool:
    """Whether the parts between grouping marks are one to three digits, then threes."""
    head, *rest = parts
    return (
        bool(rest)
        and head.isdigit()
        and len(head) <= 3
        and head[0] != "0"
        and all(len(part) == 3 and part.isdigit() for part in rest)
    )


def _decimal(whole: str, decimals: str) -> tuple[Fraction, Fraction]:
    step = Fraction(1, 10 ** len(decimals))
    return int(whole + decimals) * step, step
