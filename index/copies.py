"""Articles -> which of them repost another: MinHash and locality-sensitive hashing (Broder 1997; datasketch)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from datasketch import MinHash, MinHashLSH

from index.lexical import DENIALS

PERMUTATIONS = 128
SCHEME = "affine32"  # datasketch's permutations; stored signatures are only comparable under the same one
SHINGLE = 3  # words; two reporters on one event share few runs of three words, a repost nearly all
# Estimated Jaccard similarity from which one text is a copy of another. On the training cases two outlets' own
# reports of one event stay under 0.2, and a repost with one word in ten changed is above 0.5.
THRESHOLD = 0.5
_WORD = re.compile(r"\w+")
_ONES = "satu dua tiga empat lima enam tujuh delapan sembilan", "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {
    **{word: n for ones in _ONES for n, word in enumerate(ones.split(), 1)},
    **{word: n for n, word in enumerate(_TEENS.split(), 10)},
    **{word: n for n, word in zip(range(20, 100, 10), _TENS.split(), strict=True)},
}
_SCALES = {
    "puluh": 10, "dozen": 12, "ratus": 100, "hundred": 100, "ribu": 10**3, "thousand": 10**3, "juta": 10**6, "jt": 10**6,
    "million": 10**6, "miliar": 10**9, "milyar": 10**9, "billion": 10**9, "bn": 10**9, "triliun": 10**12,
    "trillion": 10**12,
}  # fmt: skip
_NUMBER_WORD = rf"(?:{'|'.join(_UNITS)}|(?:belas|{'|'.join(_SCALES)})(?:an|s)?)\b"
# A number with all the words it is made of: "12 juta", "tiga belas", "one hundred".
_FIGURE = re.compile(rf"(?:\d+(?:[.,:]\d+)*|\b{_NUMBER_WORD})(?:[\s-]*{_NUMBER_WORD})*")
_ONE = re.compile(rf"\bse(?=(?:orang|buah|ekor|(?:belas|{'|'.join(_SCALES)})(?:an)?)\b)")  # "seratus" is "satu ratus"
_GROUPED = re.compile(r"\d{1,3}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*")

_TOKEN = re.compile(r"\w+(?:['’]\w+)*")
CLOSEST = 16  # of the earlier texts that one is like, how many are compared with it word by word
MOST_PAIRS = 250_000  # of words, in all places where two texts differ; what differs in more is no copy
CHANGED = 8  # words; what is longer is another passage, not another wording of the same place

Signature = npt.NDArray[np.uint64]


def signature(body: str) -> Signature:
    """Return the MinHash values of a text's word shingles, shape (PERMUTATIONS,).

    A text of fewer words than a shingle has an empty signature and is a copy of nothing.
    """
    words = _WORD.findall(body.lower())
    if len(words) < SHINGLE:
        return np.empty(0, np.uint64)
    sketch = MinHash(num_perm=PERMUTATIONS, scheme=SCHEME)
    sketch.update_batch([" ".join(words[i : i + SHINGLE]).encode() for i in range(len(words) - SHINGLE + 1)])
    return np.asarray(sketch.hashvalues, np.uint64)


def same_figures(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the fewer of two texts' figures are among the others, in their order.

    A report that was copied with another toll is an update or a contradiction, and no copy; one that was cut still is.
    """
    fewer, more = sorted((one, other), key=len)
    left = iter(more)
    return all(figure in left for figure in fewer)


def same_wording(one: str, other: str) -> bool:
    """Whether two like texts differ in no name, named day or denial, as far as words show it.

    A report that was copied with another suspect is no copy; one that was cut, added to or worded otherwise still is.
    """
    a, b = _words(one), _words(other)
    low = [w.low for w in a], [w.low for w in b]
    known = set(low[0]), set(low[1])
    places = list(_places(*low))
    if sum((j - i) * (n - k) for i, j, k, n in places) > MOST_PAIRS:
        return False
    changes = (
        (a[i + p : i + q], b[k + r : k + s])
        for i, j, k, n in places
        for tag, p, q, r, s in SequenceMatcher(None, low[0][i:j], low[1][k:n], autojunk=False).get_opcodes()
        if tag != "equal"
    )
    return not any(_contradict(x, y, *known) for x, y in changes if not _is_passage(x, y))


def _places(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where two texts differ, in a[i:j] and b[k:n]: between the runs of words that either has once.

    As in Cohen's patience diff: to compare all of two long texts word by word takes the square of their length.
    """
    once, other = _once(a), _once(b)
    i = k = 0
    for j, n in [*_rising([(j, other[run]) for run, j in once.items() if run in other]), (len(a), len(b))]:
        if a[i:j] != b[k:n]:
            yield i, j, k, n
        i, k = j, n


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Where each run of `SHINGLE` words begins that a text has once, in the text's order."""
    runs = list(zip(*(words[n:] for n in range(SHINGLE)), strict=False))
    count = Counter(runs)
    return {run: n for n, run in enumerate(runs) if count[run] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of pairs, sorted by their first number, in which the second rises too."""
    ends: list[int] = []  # the least second number with which so many pairs can end
    last: list[int] = []  # its place in `pairs`
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        ends[length : length + 1] = [second]
        last[length : length + 1] = [at]
        before.append(last[length - 1] if length else -1)
    found, at = [], last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


class _Word(NamedTuple):
    low: str
    named: bool  # it has a capital, and begins no sentence
    begins: bool


def _words(text: str) -> list[_Word]:
    words = []
    for m in _TOKEN.finditer(text):
        before = text[max(0, m.start() - 4) : m.start()].rstrip(" \"'“‘(")
        begins = not before or before[-1] in ".!?:\n"
        # What holds a digit ("Rp12", "A320") is compared as a figure.
        named = m[0][0].isupper() and not begins and not any(map(str.isdigit, m[0]))
        words.append(_Word(m[0].lower(), named, begins))
    return words


def _is_passage(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    """Whether a change is a passage cut out, added or replaced, and no other wording of the same place."""
    longer = max(one, other, key=len)
    return len(longer) > CHANGED or (not (one and other) and len(longer) >= SHINGLE and any(w.begins for w in longer))


def _contradict(one: Sequence[_Word], other: Sequence[_Word], of_one: set[str], of_other: set[str]) -> bool:
    """Whether of two wordings of one place one denies, or each names what the other's text does not know."""
    if sum(w.low in DENIALS for w in one) != sum(w.low in DENIALS for w in other):
        return True
    named = any(w.named and w.low not in of_other for w in one)
    return named and any(w.named and w.low not in of_one for w in other)


def figures(text: str) -> list[str]:
    """Return the numbers of a text in their order, each in one spelling: "12 juta", "dua belas juta", "12.000.000".

    So are "19.30" and "19:30", and the parts of "19/6/2024" and "19/06/2024"; "ratusan" and "hundreds" stay words.
    """
    return [number for figure in _FIGURE.findall(_ONE.sub("satu ", text.lower())) for number in _numbers(figure)]


def _numbers(figure: str) -> Iterator[str]:
    """The numbers that stand in a run of digits and number words: of "pada 2024 dua orang" they are two."""
    number: list[str] = []
    for part in re.findall(r"\d+(?:[.,:]\d+)*|[a-z]+", figure):
        # "twenty five" is one number, as "dua ratus lima" is; "tiga empat" is three or four.
        last = number[-1] if number else ""
        goes_on = last in _SCALES or last == "belas" or _UNITS.get(last, 0) >= 20
        if number and not goes_on and (part[0].isdigit() or part in _UNITS):
            yield _spelled(number)
            number = []
        number.append(part)
    yield _spelled(number)


def _spelled(number: Sequence[str]) -> str:
    """One spelling of a number given as its parts; what is not exact ("ratusan") stays as it is."""
    first, *rest = number
    if first[0].isdigit():
        first = re.sub("[.,]", "", first) if _GROUPED.fullmatch(first) else re.sub("[,:]", ".", first)
        if not rest:
            return re.sub(r"^0+(?=\d)", "", first)
    exact = first in _UNITS or re.fullmatch(r"\d+(?:\.\d+)?", first)
    if not exact or not all(part in _UNITS or part in _SCALES or part == "belas" for part in rest):
        return " ".join(number)
    total, group = Decimal(0), Decimal(_UNITS.get(first, first))
    last = group
    for part in rest:
        scale = _SCALES.get(part, 0)
        if part == "belas":
            group += 10
        elif scale >= 1000:
            total, group = total + group * scale, Decimal(0)
        elif scale:
            group += last * (scale - 1)
        else:
            last = Decimal(_UNITS[part])
            group += last
    return re.sub(r"\.?0+$", "", f"{total + group:.12f}")


def originals(signatures: Mapping[str, Signature], body: Callable[[str], str] | None = None) -> dict[str, str]:
    """Return {copy: original} over article ids given first-to-last; the original is the likest, of equals the first.

    Where `body` gives the text of an id, two that differ in a figure, a name, a day or a denial are two sources. Figures
    are looked for once in each text, for what is written from a template, as the price of gold is every day, is alike but
    for them; words are compared with those of the `CLOSEST` of the others.
    """
    stated = cache(lambda article: figures(body(article)) if body else [])
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    place = {article: n for n, article in enumerate(signatures)}
    found: dict[str, str] = {}
    for article, values in signatures.items():
        if not values.size:
            continue
        sketch = MinHash(num_perm=PERMUTATIONS, hashvalues=values, scheme=SCHEME)
        near = sorted(index.query(sketch), key=place.__getitem__)
        shares = np.mean([signatures[other] for other in near] == values, axis=1) if near else np.empty(0)
        nearest = [near[i] for i in np.argsort(-shares, kind="stable") if shares[i] >= THRESHOLD]
        same = [other for other in nearest if same_figures(stated(article), stated(other))][:CLOSEST]
        original = next((other for other in same if body is None or same_wording(body(article), body(other))), None)
        if original is None:
            index.insert(article, sketch)
        else:
            found[article] = original
    return found


def likeness(a: Signature, b: Signature) -> float:
    """Return the estimated Jaccard similarity of two texts' shingles, 0 where one has none."""
    if not (a.size and b.size):
        return 0.0
    return float(np.mean(a == b))
