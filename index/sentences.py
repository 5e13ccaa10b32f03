"""Text -> spans of its sentences, for scraped Indonesian and English news.

Handles what news portals do to text: hard-wrapped lines, a missing space after a full stop ("strategis.Meskipun"),
abbreviations, initials, grouped numbers and dates written with dots, and quotations that end inside a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from index.types import Span

# A run without sentence marks (a table, a transcript) is divided at white space into pieces of at most this many
# characters, so that no "sentence" outgrows an encoder's window of 512 tokens.
MAX_SENTENCE = 1200
# Text wrapped at more columns than this is not hard-wrapped: its line ends are paragraph ends.
MAX_WRAP = 120

# A full stop after these never ends a sentence: a name or a place must follow, or they stand inside a clause.
_NEVER_LAST = frozenset(
    """jl jln jend irjen brigjen letjen mayjen kombes akp akbp bripka pol dr drg drs dra prof ir pdt hj kh moh muh abd kec
        kab kel kep gn tj bpk sdr sdri tn ny ust pt cv dkk vs rp mr mrs ms messrs st mt a.n u.p s.d""".split()
)
# These are also words, or syllables of names: only with a capital are they titles.
_TITLES = frozenset(
    """H Kol Kapt Letkol Lettu Letda Serka Sertu Serda Kompol Iptu Ipda Aiptu Aipda Briptu Bripda Inf Kav Sp Mgr Gen Col Lt
    Sgt Capt Cpt Maj Adm Sen Rep Gov Rev Hon Pres Tgk Gg Ds""".split()
)
# These are abbreviations only before a number: "No. 5", "Sept. 3".
_BEFORE_NUMBER = frozenset(
    """no nomor hlm hal tgl pkl km kav telp vol ext fig jan feb mar apr jun jul agt ags aug sep sept okt oct nov des
    dec""".split()
)
# And so is what has no vowel, as "Kpt"; but in "5 kg" it is a measure, and "RS" and "KPK" may end a sentence.
_NO_VOWEL = re.compile(r"[^\W\d_aeiouyAEIOUY][^\W\d_aeiouyA-Z]{1,3}")
# After "5 p.m." a capital begins a sentence, but not when it is a day or a time zone.
_CLOCK = frozenset(["a.m", "p.m"])
_AFTER_CLOCK = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|WI[BT]A?|[A-Z]{2,4}T\b|GMT|UTC")
_MARK = re.compile(r"[.!?…]+")
_CLOSERS = "\"'”’»)]"
_OPENERS = "\"'“‘«(["
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘']+\Z")
_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])*")  # "Joko A. Santoso", "the U.S. Navy"
_NEAR = 60  # characters looked back over for the word before a mark: it keeps a page of "a.B.c" linear
_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v\u00a0]*\n\s*")


def split_sentences(text: str, excluded: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return the spans of the sentences of `text` outside the `excluded` spans, in order.

    Spans begin and end at a character that is not white space; every such character outside `excluded` is in exactly
    one of them. `excluded` must be sorted and disjoint. Offsets count code points.
    """
    found: list[Span] = []
    for island in _islands(len(text), excluded):
        for block in _blocks(text, island):
            found.extend(_split_block(text, block))
    return tuple(found)


def _islands(length: int, excluded: Sequence[Span]) -> Iterator[Span]:
    at = 0
    for span in excluded:
        if span.start > at:
            yield Span(at, span.start)
        at = max(at, span.end)
    if at < length:
        yield Span(at, length)


def _blocks(text: str, island: Span) -> Iterator[Span]:
    """Paragraphs: parted by blank lines, and by single line ends that are not a hard wrap."""
    at = island.start
    for match in [*_BLANK_LINE.finditer(text, island.start, island.end), None]:
        end = match.start() if match else island.end
        yield from _unwrap(text, Span(at, end))
        at = match.end() if match else end


def _unwrap(text: str, paragraph: Span) -> Iterator[Span]:
    """Divide a paragraph at the line ends that an author set, and keep those that a fixed width set.

    A line end is a hard wrap when the next line's first word would not have fitted on the line, judged by the longest
    line of the paragraph, or when the sentence visibly goes on in lower case.
    """
    lines = []
    at = paragraph.start
    for piece in text[paragraph.start : paragraph.end].splitlines(keepends=True):
        lines.append(Span(at, at + len(piece)))
        at += len(piece)
    width = max((len(line.of(text).rstrip()) for line in lines), default=0)
    start = paragraph.start
    for line, following in zip(lines, lines[1:], strict=False):
        here, there = line.of(text).rstrip(), following.of(text).strip()
        goes_on = there[:1].islower() and here[-1:] not in tuple(".!?…" + _CLOSERS)
        word = there.split(maxsplit=1)[0] if there else ""
        wrapped = width <= MAX_WRAP and len(here) + 1 + len(word) > width
        if not (wrapped or goes_on):
            yield Span(start, line.end)
            start = line.end
    if start < paragraph.end:
        yield Span(start, paragraph.end)


def _split_block(text: str, block: Span) -> Iterator[Span]:
    start = block.start
    quotes = {sign: [m.start() for m in re.finditer(sign, text[block.start : block.end])] for sign in "\"'"}
    for match in _MARK.finditer(text, block.start, block.end):
        end = _sentence_end(text, block, match, quotes)
        if end is not None and end > start:
            yield from _trimmed(text, start, end)
            start = end
    yield from _trimmed(text, start, block.end)


def _sentence_end(text: str, block: Span, mark: re.Match[str], quotes: Mapping[str, list[int]]) -> int | None:
    """Where the sentence ends that this run of marks may close, or None when it goes on."""
    end = mark.end()
    while end < block.end and text[end] in _CLOSERS:
        # A straight quote before a letter opens a quotation unless one is open in this paragraph.
        opens = text[end] in quotes and text[end + 1 : end + 2].isalnum()
        if opens and bisect_left(quotes[text[end]], end - block.start) % 2 == 0:
            break
        end += 1
    gap = _SPACE.match(text, end, block.end)
    follows = gap.end() if gap else end
    if follows >= block.end:
        return end
    begins = text[follows]
    if begins in _OPENERS and follows + 1 < block.end:
        begins = text[follows + 1]
    if not gap:
        return end if _missing_space(text, block, mark, end, begins) else None
    if begins.islower() or begins in ",;:":
        return None
    if mark.group() == "." and end == mark.end() and _abbreviated(text, block, mark.start(), follows):
        return None
    return end


def _missing_space(text: str, block: Span, mark: re.Match[str], end: int, begins: str) -> bool:
    """'strategis.Meskipun' ends a sentence; 'Kompas.Com', 'PT.Pertamina', 'dr.Andi', 'U.S.Navy' and '1.500' do not."""
    if not begins.isupper() or mark.group() == "...":
        return False
    word = _WORD_BEFORE.search(text, max(block.start, mark.start() - _NEAR), mark.start())
    before = word.group() if word else ""
    after = re.match(r"[^\W\d_]+", text[end : min(end + 40, block.end)].lstrip(_OPENERS))
    if after is None or (len(after.group()) > 1 and after.group().isupper() and before.isupper()):
        return False
    if any(sign in before for sign in ("@", "//", "www")) or before.lower() in _NEVER_LAST or before in _TITLES:
        return False
    if end > mark.end():  # a closing quote or bracket stands between
        return True
    if before[-1:] in ")]":  # "(3/4/2024).Jembatan"
        return True
    tail = re.search(r"[^\W_]+\Z", before)
    return tail is not None and (tail.group()[-1].isdigit() or (len(tail.group()) > 2 and not tail.group().isupper()))


def _abbreviated(text: str, block: Span, at: int, follows: int) -> bool:
    """Whether the full stop at `at` belongs to an abbreviation or a list number, given what `follows` the space."""
    word = _WORD_BEFORE.search(text, max(block.start, at - _NEAR), at)
    if word is None:
        return False
    before, lower = word.group(), word.group().lower()
    if lower in _NEVER_LAST or before in _TITLES:
        return True
    earlier = text[max(block.start, word.start() - _NEAR) : word.start()].rstrip()
    if lower in _BEFORE_NUMBER:
        return text[follows].isdigit()
    if text[follows].isdigit() and _NO_VOWEL.fullmatch(before):
        return not earlier[-1:].isdigit()
    if lower in _CLOCK:
        return _AFTER_CLOCK.match(text, follows) is not None
    if _INITIALS.fullmatch(before):
        return True
    if before.isdigit() and len(before) <= 2:  # "1. Nama" in a list
        return not earlier or earlier[-1] in ".!?:;"
    return False


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
    while end - start > MAX_SENTENCE:
        cut = max(
            (m.start() for m in _SPACE.finditer(text, start + 1, start + MAX_SENTENCE)),
            default=start + MAX_SENTENCE,
        )
        yield Span(start, cut)
        start = cut
        while text[start].isspace():
            start += 1
    if start < end:
        yield Span(start, end)
