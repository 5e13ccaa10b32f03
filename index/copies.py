"""Articles -> which of them repost another: MinHash and locality-sensitive hashing (Broder 1997; datasketch)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

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


def same_figures(one: str, other: str) -> bool:
    """Whether one text's numbers, in digits or words, are all in the other in the same order.

    A report that was copied with another toll is an update or a contradiction, and no copy; one that was cut or added
    to still is.
    """
    fewer, more = sorted((_figures(one), _figures(other)), key=len)
    left = iter(more)
    return all(figure in left for figure in fewer)


def _figures(text: str) -> list[str]:
    return [" ".join(re.split(r"[\s-]+", figure)) for figure in _FIGURE.findall(_ONE.sub("satu ", text.lower()))]


def originals(
    signatures: Mapping[str, Signature], agree: Callable[[str, str], bool] = lambda _copy, _original: True
) -> dict[str, str]:
    """Return {copy: original} over article ids given first-to-last; the original is the first of its likeness.

    `agree` is asked of two ids whose texts are alike; where it denies, they are two sources.
    """
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    found: dict[str, str] = {}
    for article, values in signatures.items():
        if not values.size:
            continue
        sketch = MinHash(num_perm=PERMUTATIONS, hashvalues=values, scheme=SCHEME)
        near = [other for other in index.query(sketch) if _likeness(values, signatures[other]) >= THRESHOLD]
        near = [other for other in near if agree(article, other)]
        if near:
            found[article] = max(near, key=lambda other: _likeness(values, signatures[other]))
        else:
            index.insert(article, sketch)
    return found


def _likeness(a: Signature, b: Signature) -> float:
    return float(np.mean(a == b))
