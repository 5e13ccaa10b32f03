"""How names are written: by the person who asks, or else by the articles."""

from __future__ import annotations

import re
from collections import Counter

from index.lexical import query_terms
from index.store import Store
from index.types import Filters
from rag.function_words import WORD, content, is_name

_TWICE = re.compile(r"\b([a-z]{3,})2(nya)?(?![\w.])")  # "gara2", but neither "co2" nor "pm2.5"
LOOKED_AT = 20  # chunks that tell how a word is written


def named_in(store: Store, word: str) -> bool:
    """Whether a store's articles hold a word within their sentences, and with a capital wherever they do."""
    return written_in(store, word)[0].isupper()


def written_in(store: Store, word: str) -> str:
    """Return how a store's articles write a word within their sentences, where always with a capital; else the word."""
    within = re.compile(rf"(?<=[\w,] ){re.escape(word)}\b", re.I)
    chunks = store.chunks([row for row, _ in store.lexical(query_terms(word), LOOKED_AT, Filters())])
    texts = {name: store.article(name).text for name in {stored.chunk.article for stored in chunks}}
    found = [
        written for stored in chunks for sentence in stored.chunk.sentences
        for written in within.findall(sentence.of(texts[stored.chunk.article]))
    ]  # fmt: skip
    return Counter(found).most_common(1)[0][0] if found and all(w[0].isupper() for w in found) else word


def doubled(text: str, store: Store) -> str:
    """Return a question with words such as "gara2" said twice, unless a store's articles write them so ("moto2")."""

    def twice(match: re.Match[str]) -> str:
        known = store.lexical(query_terms(match.group()), 1, Filters())
        return match.group() if known else f"{match[1]}-{match[1]}{match[2] or ''}"

    return _TWICE.sub(twice, text)


def with_names(text: str, store: Store) -> str:
    """Return a question that is typed without capitals with its names as the store's articles write them."""
    if any(is_name(word, text) and not word[0].isdigit() for word in WORD.findall(text)):
        return text
    written = {word: written_in(store, word) for word in content(text) if word.isalpha()}
    return WORD.sub(lambda match: written.get(match.group(), match.group()), text)
