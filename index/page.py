"""A web page -> a raw article: text by trafilatura, metadata from JSON-LD and `<meta>`."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import trafilatura
from trafilatura.metadata import extract_title

from index.decode import clean, decode
from index.metadata import stated
from index.raw import Raw, quiet, skipped
from index.types import SilangError, Skipped

_ARTICLE = re.compile(r"Article|BlogPosting|Report\b")  # types of schema.org


def read_html(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A web page: the text of its article, one line a paragraph; metadata from JSON-LD and `<meta>`."""
    try:
        yield _page(decode(stream.read()), where)
    except SilangError as error:
        yield Skipped(where, error.text)


@quiet()
def _page(page: str, where: str) -> Raw | Skipped:
    try:
        tree = trafilatura.load_html(page)
        found = None if tree is None else trafilatura.bare_extraction(tree, include_comments=False)
        fields = {} if tree is None else _page_fields(tree)
    except Exception as error:  # noqa: BLE001 - a page can be broken in any way
        return skipped(where, f"the page cannot be read ({error})", f"halaman ini tidak bisa dibaca ({error})")
    if found is None or not found.text:
        return skipped(
            where,
            "no article text was found in the page: save the article as .txt",
            "tidak ada teks artikel di halaman ini: simpan artikelnya sebagai .txt",
        )
    text = clean(found.text)
    return Raw(where, text, stated(fields, text))


def _page_fields(tree: Any) -> dict[str, object]:
    """What a page states, under the names of `metadata.NAMES`.

    Not its `<html lang>`, which is that of the portal's theme, and not the dates and site names that trafilatura
    works out from the address or from anywhere in the text.
    """
    meta: dict[str, str] = {}
    for element in tree.iter("meta", "time"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        meta.setdefault(name.casefold(), element.get("content") or element.get("datetime") or "")
    things = list(_linked_data(tree))
    linked = next((thing for thing in things if _ARTICLE.search(str(thing.get("@type")))), {})
    name = _name(linked.get("publisher"), things) or meta.get("og:site_name", "")
    title = html.unescape(str(linked.get("headline") or meta.get("og:title") or extract_title(tree) or ""))
    canonical = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
    return {
        "title": re.sub(rf"\s+[|–—-]\s+{re.escape(name)}\s*$", "", title),
        "source": name,
        "published": linked.get("datePublished")
        or next((meta[key] for key in ("article:published_time", "datepublished", "date") if meta.get(key)), None),
        "language": linked.get("inLanguage"),
        "url": meta.get("og:url") or canonical,
    }


def _linked_data(tree: Any) -> Iterator[Mapping[str, object]]:
    """The things that the page's JSON-LD (schema.org) speaks of, in their order."""
    for script in tree.iter("script"):
        if not (script.get("type") or "").strip().casefold().startswith("application/ld+json"):
            continue
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting = item + waiting
            elif isinstance(item, dict):
                yield item
                waiting.extend(value for key, value in item.items() if key in ("@graph", "mainEntity"))


def _name(thing: object, things: Sequence[Mapping[str, object]]) -> str:
    """What a thing is called: words, an object with a name, the first of a list, or a reference to one of `things`."""
    if isinstance(thing, list):
        thing = next(iter(thing), None)
    if isinstance(thing, Mapping) and not thing.get("name"):
        meant = thing.get("@id")
        thing = next((other for other in things if other.get("name") and meant and other.get("@id") == meant), None)
    name = thing.get("name") if isinstance(thing, Mapping) else thing
    return name.strip() if isinstance(name, str) else ""
