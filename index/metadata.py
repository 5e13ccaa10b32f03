"""What an article states about itself, in its fields or at the top of its text -> normalised metadata. Never a guess.

From the text come only a dateline ("JAKARTA, Portal X - ") and a line that is nothing but a date; a date inside a
sentence is an event's, and the address of a page is not the name of its outlet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.decode import clean
from index.language import article_language
from index.types import Span

# What a field may be called in rows, columns, front matter and header lines; only letters and digits matter.
NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "isi", "article"),
    "title": ("title", "judul"),
    "source": ("source", "outlet", "sumber", "media", "publisher"),
    "published": ("published", "date", "tanggal", "published_at", "publish_date"),
    "language": ("language", "lang", "bahasa"),
    "url": ("url", "link"),
    "id": ("id",),
}
_EMPTY = {"", "-", "nan", "none", "null", "n/a", "na"}  # what spreadsheets and data frames write for nothing
_LANGUAGES = {"in": "id", "ind": "id", "indonesia": "id", "indonesian": "id", "bahasa indonesia": "id",
              "bahasa": "id", "eng": "en", "english": "en", "inggris": "en", "bahasa inggris": "en"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """The metadata of an article, normalised; None where nothing is stated."""

    title: str | None = None
    source: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None


def field(fields: Mapping[str, object], what: str) -> object | None:
    """The first value that is not empty under one of the accepted names of `what` (a key of `NAMES`)."""
    by_name: dict[str, object] = {}
    for key, value in fields.items():
        by_name.setdefault(_plain(key), value)
    for name in NAMES[what]:
        value = by_name.get(_plain(name))
        if not _is_empty(value):
            return value
    return None


def stated(fields: Mapping[str, object], text: str = "") -> Stated:
    """The metadata in a row, a front matter or the header lines of the article `text`: names -> values of any kind."""
    language = language_code(_words(field(fields, "language")))
    given = field(fields, "published")
    published = parse_date(given)
    # The language of the text is detected only where the date hangs on it: that takes longer than all else here.
    if published != parse_date(given, day_first=False) and not is_day_first(language, text):
        published = None
    return Stated(
        title=_words(field(fields, "title")),
        source=_words(field(fields, "source")),
        published=published,
        language=language,
        url=_words(field(fields, "url")),
    )


def is_day_first(language: str | None, text: str) -> bool:
    """Whether '03/04/2024' in an article can only be the third of April: unless it is in English, stated or detected."""
    return (language or article_language(text)) != "en"


def language_code(value: str | None) -> str | None:
    """'Indonesian', 'id-ID', 'in' -> 'id'; another two-letter code stays, in lower case; anything else is None."""
    if value is None:
        return None
    word = value.strip().casefold()
    code = re.split(r"[-_]", word)[0]
    code = _LANGUAGES.get(word) or _LANGUAGES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2}", code) else None


def _is_empty(value: object) -> bool:
    """Whether a value says nothing, as `NaN` does, which data frames write into JSON without quotation marks."""
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is None or (isinstance(value, str) and value.strip().casefold() in _EMPTY)


def _plain(name: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name).casefold())


def _words(value: object) -> str | None:
    if isinstance(value, Mapping):  # {"id": ..., "name": ...}, as news interfaces and JSON-LD give an outlet
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or _is_empty(value):
        return None
    return " ".join(clean(str(value)).split()) or None


_MONTH_NAMES = """
jan januari january | feb februari pebruari february | mar maret march | apr april | mei may | jun juni june |
jul juli july | agu agt ags agus agust agustus aug august | sep sept september | okt oktober oct october |
nov nop november nopember | des desember dec december"""
_MONTHS = {name: i for i, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}
_WEEKDAY = (
    r"(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
_ZONE = r"(?:z|[a-z]{3,4}(?:[+-]\d{1,4})?|[+-]\d\d(?::?\d\d)?)"
_CLOCK = rf"\d{{1,2}}[.:]\d{{2}}(?:[.:]\d{{2}}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*{_ZONE}?"
_DATE = re.compile(
    rf"""(?:(?:published|posted|publish(?:ed)?\ date|diterbitkan|dipublikasikan|terbit|tayang|tanggal|date)
            (?:\s+(?:on|at|pada))?\s*:?\s*)?
    (?:{_WEEKDAY}\.?\s*[,(]?\s*)?
    (?: (?P<iso>\d{{4}})(?P<sep>[-/.])(?P<iso_month>\d{{1,2}})(?P=sep)(?P<iso_day>\d{{1,2}})
      | (?P<packed>(?:19|20)\d{{6}})
      | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?P<month>[a-z]{{3,9}})\.?[\s.,/-]+(?P<year>\d{{4}})
      | (?P<c_month>[a-z]{{3}})\s+(?P<c_day>\d{{1,2}})\s+{_CLOCK}\s+(?P<c_year>\d{{4}})
      | (?P<us_month>[a-z]{{3,9}})\.?\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<us_year>\d{{4}})
      | (?P<first>\d{{1,2}})(?P<dot>[-/.])(?P<second>\d{{1,2}})(?P=dot)(?P<number_year>\d{{4}}) )
    \)?
    (?:(?:t|[\s,|•·/–—-]+(?:(?:pukul|jam|at)\s+)?)(?P<clock>{_CLOCK})|t\d{{4}}(?:\d\d)?{_ZONE}?)?
    (?:\s*\([^()]*\))?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_DATE = 110  # characters; longer is a sentence
_BETWEEN = re.compile(r"\s[|–—-]\s+")


def parse_date(value: object, *, day_first: bool = True) -> str | None:
    """A stated date in any usual form -> `YYYY-MM-DD`, the day as written (no time zone is converted); else None.

    Takes ISO 8601, RFC 2822, C's asctime, Indonesian and English month names, numbers with the year last, and Unix time (10 or
    13 digits, in UTC). '03/04/2024' is the third of April, as Indonesian and British outlets write it; without
    `day_first` it is ambiguous and gives None.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(int(value)) if abs(value) < 1e15 else ""
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    if re.fullmatch(r"([0-9]{10}|[0-9]{13})(\.0*)?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).date().isoformat()
    match = _DATE.fullmatch(text) if len(text) <= _LONGEST_DATE else None
    return _iso(match, day_first) if match else None


def date_line(line: str, *, day_first: bool = True) -> str | None:
    """The date of a line that is nothing else, or 'Portal - 19/06/2024, 14:05 WIB'; None for any other line.

    `day_first` as for `parse_date`.
    """
    line = " ".join(line.split())
    if len(line) > _LONGEST_DATE:
        return None
    for start in (0, *(name.end() for name in _BETWEEN.finditer(line))):
        match = _DATE.fullmatch(line, start)
        # After a name and without a time of day it may be an event's date in a heading.
        if match and (match["clock"] or not start):
            return _iso(match, day_first)
    return None


def is_bare_day(line: str) -> bool:
    """Whether a line is a date and nothing else, not even a time of day."""
    line = " ".join(line.split())
    match = _DATE.fullmatch(line) if len(line) <= _LONGEST_DATE else None
    return match is not None and not (match["clock"] or match["c_year"])


def _iso(match: re.Match[str], day_first: bool) -> str | None:
    part = match.groupdict()
    if part["iso"]:
        year, month, day = int(part["iso"]), int(part["iso_month"]), int(part["iso_day"])
    elif packed := part["packed"]:
        year, month, day = int(packed[:4]), int(packed[4:6]), int(packed[6:])
    elif part["number_year"]:
        year, day, month = int(part["number_year"]), int(part["first"]), int(part["second"])
        if month > 12:
            day, month = month, day
        elif not day_first and day <= 12 and day != month:
            return None
    else:
        name, day, year = next(
            (part[f"{kind}month"], int(part[f"{kind}day"]), int(part[f"{kind}year"]))
            for kind in ("", "us_", "c_")
            if part[f"{kind}year"]
        )
        month = _MONTHS.get(name.casefold(), 0)
    try:
        return date(year, month, day).isoformat() if 1800 <= year <= 2200 else None
    except ValueError:
        return None


_GAP = r"[ \t\xa0]*"
_DASH = rf"{_GAP}(?:--+|[–—]|-)"
_SPACED_DASH = rf"(?:{_GAP}(?:--+|[–—])|[ \t\xa0]+-|{_GAP}-(?=[ \t\xa0]))"
_WORD = r"[A-Z0-9À-Þ][\w.'’&/-]*"
_NAME = rf"{_WORD}(?:[ \xa0]+(?:{_WORD}|de|la|of|al)){{0,4}}"
_PLACE = rf"{_NAME}(?:,{_GAP}{_NAME})?"
_DAY = r"(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|(?:\d{1,2} )?[A-Z][a-z]{2,8}\.?(?: \d{1,2})?(?:,? \d{4})?)"
_CAPITALS = r"[A-ZÀ-Þ](?:[ .'’/-]?[A-ZÀ-Þ]){3,30}"
_SITE = r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)*\.(?i:com|co|id|net|org|tv|news|info)\b"
# Tried in this order. What stands in brackets or after a comma may be a region, a day or a name; so a dateline shows
# itself by an outlet or by a place in capitals, or "Prabowo - Gibran" would be one.
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PLACE}(?:,{_GAP}{_DAY})?{_GAP}\((?P<outlet>[^()\n]{{2,40}})\){_DASH}",
        rf"(?P<outlet>{_SITE})(?:,{_GAP}{_PLACE})?{_DASH}",
        rf"{_PLACE},{_GAP}(?P<outlet>{_SITE}){_DASH}",
        rf"{_PLACE},{_GAP}(?P<outlet>{_NAME})(?:,?{_GAP}\(?{_DAY}\)?)?{_SPACED_DASH}",
        rf"{_CAPITALS}(?:,{_GAP}{_DAY})?{_SPACED_DASH}",
    )
)
_PLACE_IN_CAPITALS = re.compile(rf"(?:^|,{_GAP}){_CAPITALS}(?={_GAP}[,(–—-])")
_PRESS = re.compile(
    r"(?i)\b(?:post?|news|times|wire|daily|herald|tribune?|press|media|online|ekspres|express|raya pos|update|"
    r"today|kini|terkini|kita|harian|kabar|warta|berita|radar|suara|portal|tv|koran|tabloid|"
    r"majalah|magazine|gazette|chronicle|journal|indonesia\.?com)\b"
)
_ONE_WORD = re.compile(
    r"(?i)(?:antara|kompas|tempo|republika|detik(?:com|news)?|viva|okezone|sindonews|liputan6|merdeka|kumparan|tirto|bisnis|"
    r"kontan|tribunnews|jawapos|suara|inews|beritasatu|inilahcom|jpnn|poskota|waspada|reuters|afp|bbc|cnn|cnbc|voa)"
    r"(?: indonesia)?"
)


def dateline(text: str, start: int = 0) -> tuple[Span, str | None] | None:
    """The dateline that begins at `start`, up to and including its dash, and the outlet that it names, if it does.

    'JAKARTA, Portal X - ', 'Jakarta (ANTARA News)--', 'Suara.com-', 'JAKARTA - '. None where there is no dateline.
    """
    for pattern in _DATELINES:
        if match := pattern.match(text, start):
            name = match.groupdict().get("outlet")
            outlet = name if name and is_outlet(name) else None
            if outlet or _PLACE_IN_CAPITALS.search(match[0]):
                return Span(start, match.end()), outlet
    return None


def is_outlet(name: str) -> bool:
    """Whether a name can only be an outlet's: "Tanah Abang" and "Anies Baswedan" look like any other two words."""
    return bool(re.fullmatch(_SITE, name) or _PRESS.search(name) or _ONE_WORD.fullmatch(name))


def outlet_key(name: str) -> str:
    """By which outlets are told apart: "Kompas.com", "KOMPAS.com" and "kompascom" are one."""
    return re.sub(r"[\W_]", "", name.casefold()) or name
