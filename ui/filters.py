"""The page's filter fields -> `Filters`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.types import Filters, SilangError
from ui.messages import MESSAGES


def chosen(
    outlets: Sequence[str] | None, languages: Sequence[str] | None, since: str | None, until: str | None
) -> Filters:
    """Return the filters; raises SilangError for a date that is none."""
    return Filters(frozenset(outlets or ()), frozenset(languages or ()), _day(since), _day(until))


def _day(text: str | None) -> str | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        wrong = MESSAGES["bad_date"]
        raise SilangError(wrong.en.format(text=text), wrong.id.format(text=text)) from error
