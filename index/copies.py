"""Articles -> which of them repost another: MinHash and locality-sensitive hashing (Broder 1997; datasketch)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from datasketch import MinHash, MinHashLSH

PERMUTATIONS = 128
SCHEME = "affine32"  # datasketch's permutations; stored signatures are only comparable under the same one
SHINGLE = 3  # words; two reporters on one event share few runs of three words, a repost nearly all
# Estimated Jaccard similarity from which one text is a copy of another. On the training cases two outlets' own
# reports of one event stay under 0.2, and a repost with one word in ten changed is above 0.5.
THRESHOLD = 0.5
_WORD = re.compile(r"\w+")
_SCALE = (
    r"(?:belas|puluh|ratus|ribu|juta|mil[iy]ar|triliun)(?:an)?|jt|"
    r"(?:dozen|hundred|thousand|million|billion|trillion)s?|bn"
)
_NUMBER_WORD = (
    rf"(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|{_SCALE}|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
)
# A number with all the words it is made of: "12 juta", "tiga belas", "one hundred".
_FIGURE = re.compile(rf"(?:\d+(?:[.,]\d+)*|\b{_NUMBER_WORD})(?:[\s-]*{_NUMBER_WORD})*")
_ONE = re.compile(rf"\bse(?=(?:orang|buah|ekor|{_SCALE})\b)")  # "seorang" is "satu orang", "seratus" "satu ratus"

_TOKEN = re.compile(r"\w+(?:['’]\w+)*")
_DENIALS = frozenset(
    "tidak tak bukan belum tanpa no not never without cannot didn't wasn't isn't hasn't haven't won't don't doesn't".split()
)
CLOSEST = 16  # of the earlier texts that one is like, how many are compared with it word by word
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
    match = SequenceMatcher(None, [w.low for w in a], [w.low for w in b], autojunk=False)
    known = {w.low for w in a}, {w.low for w in b}
    changes = ((a[i:j], b[k:n]) for tag, i, j, k, n in match.get_opcodes() if tag != "equal")
    return not any(_contradict(x, y, *known) for x, y in changes if not _is_passage(x, y))


class _Word(NamedTuple):
    low: str
    named: bool  # it has a capital, and begins no sentence
    begins: bool


def _words(text: str) -> list[_Word]:
    words = []
    for m in _TOKEN.finditer(text):
        before = text[max(0, m.start() - 4) : m.start()].rstrip(" \"'“‘(")
        begins = not before or before[-1] in ".!?:\n"
        words.append(_Word(m[0].lower(), m[0][0].isupper() and not begins, begins))
    return words


def _is_passage(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    """Whether a change is a passage cut out, added or replaced, and no other wording of the same place."""
    longer = max(one, other, key=len)
    return len(longer) > CHANGED or (not (one and other) and len(longer) >= SHINGLE and any(w.begins for w in longer))


def _contradict(one: Sequence[_Word], other: Sequence[_Word], of_one: set[str], of_other: set[str]) -> bool:
    """Whether of two wordings of one place one denies, or each names what the other's text does not know."""
    if sum(w.low in _DENIALS for w in one) != sum(w.low in _DENIALS for w in other):
        return True
    named = any(w.named and w.low not in of_other for w in one)
    return named and any(w.named and w.low not in of_one for w in other)


def figures(text: str) -> list[str]:
    """Return the numbers of a text with all the words that they are made of, in their order."""
    return [" ".join(re.split(r"[\s-]+", figure)) for figure in _FIGURE.findall(_ONE.sub("satu ", text.lower()))]


def originals(signatures: Mapping[str, Signature], body: Callable[[str], str] | None = None) -> dict[str, str]:
    """Return {copy: original} over article ids given first-to-last; the original is the likest, of equals the first.

    Where `body` gives the text of an id, two that differ in a figure, a name, a day or a denial are two sources.
    Figures are looked for once in each text, for what is written from a template, as the price of gold is every day, is
    alike but for them; words are compared with those of the `CLOSEST` of the others.
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
