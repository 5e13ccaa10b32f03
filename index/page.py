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
from index.language import article_language
from index.metadata import language_code, parse_date, stated
from index.raw import Raw, quiet, skipped
from index.types import SilangError, Skipped

_ARTICLE = re.compile(r"Article|BlogPosting|Report\b")  # types of schema.org
_BESIDE = frozenset({"aside", "footer", "nav", "form"})
_LONG = 60  # characters of a paragraph that is no label


def read_html(stream: BinaryIO, where: str, limit: int) -> Iterator[Raw | Skipped]:
    """A web page: the text of its article, one line a paragraph; metadata from JSON-LD and `<meta>`."""
    try:
        yield from _page(decode(stream.read()), where)
    except SilangError as error:
        yield Skipped(where, error.text)


@quiet()
def _page(page: str, where: str) -> Sequence[Raw | Skipped]:
    try:
        tree = trafilatura.load_html(page)
        others = [] if tree is None else list(_articles(tree))
        found = None if tree is None else trafilatura.bare_extraction(tree, include_comments=False)
        fields = {} if tree is None else _page_fields(tree)
    except Exception as error:  # noqa: BLE001 - a page can be broken in any way
        return [skipped(where, f"the page cannot be read ({error})", f"halaman ini tidak bisa dibaca ({error})")]
    if found is None or not found.text:
        none = skipped(
            where,
            "no article text was found in the page: save the article as .txt",
            "tidak ada teks artikel di halaman ini: simpan artikelnya sebagai .txt",
        )
        return [none]
    text = clean(found.text)
    # A theme's setting says nothing of the text, unless that leaves it open.
    detected = article_language(text)
    if detected and language_code(str(fields.get("language"))) != detected:
        fields["language"] = None
    items: list[Raw | Skipped] = [Raw(where, text, stated(fields, text))]
    read = " ".join(text.split())
    if left := sum(not any(paragraph in read for paragraph in paragraphs) for paragraphs in others):
        items.append(
            skipped(
                where,
                f"of the articles in this page {left} more could not be read with the first: save each as a file of its own",
                f"{left} artikel lain di halaman ini tidak terbaca bersama yang pertama: simpan masing-masing sebagai berkas "
                "sendiri",
            )
        )
    return items


def _articles(tree: Any) -> Iterator[list[str]]:
    """The long paragraphs of each article of a page that has several; a teaser is none, which has one at most."""
    for article in tree.iter("article"):
        nested = next(article.iterancestors("article"), None) is not None
        if nested or any(map(_is_beside, [article, *article.iterancestors()])):
            continue
        paragraphs = [" ".join(p.text_content().split()) for p in article.iter("p")]
        long = [paragraph for paragraph in paragraphs if len(paragraph) >= _LONG]
        if len(long) > 1:
            yield long


def _is_beside(element: Any) -> bool:
    """Whether an element holds what stands beside a page's articles: comments, teasers of others."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
    return element.tag in _BESIDE or any(word in named for word in ("comment", "respond", "related"))


def _page_fields(tree: Any) -> dict[str, object]:
    """What a page states, under the names of `metadata.NAMES`.

    Not its `<html lang>`, which is that of the portal's theme, and not the dates and site names that trafilatura
    works out from the address or from anywhere in the text.
    """
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        meta.setdefault(name.casefold(), element.get("content") or "")
    things = list(_linked_data(tree))
    linked = next((thing for thing in things if _ARTICLE.search(str(thing.get("@type")))), {})
    name = _name(linked.get("publisher"), things) or meta.get("og:site_name", "")
    title = html.unescape(_name(linked.get("headline"), things) or meta.get("og:title") or extract_title(tree) or "")
    canonical = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
    return {
        "title": re.sub(rf"\s+[|–—-]\s+{re.escape(name)}\s*$", "", title),
        "source": name,
        "published": next((day for day in _dates(tree, linked, meta) if parse_date(day)), None),
        "language": linked.get("inLanguage"),
        "url": meta.get("og:url") or canonical,
    }


def _dates(tree: Any, linked: Mapping[str, object], meta: Mapping[str, str]) -> Iterator[object]:
    """What may be the date of a page's article, surest first."""
    stated = linked.get("datePublished")
    yield from stated if isinstance(stated, list) else [stated]
    yield from (meta.get(key) for key in ("article:published_time", "datepublished", "date"))
    # A sidebar dates its articles as well: which is the page's own shows only where all say the same.
    times = [
        e.get("datetime")
        for e in tree.iter("time")
        if (e.get("itemprop") or e.get("property") or "").casefold() == "datepublished"
    ]
    if len({parse_date(time) for time in times}) == 1:
        yield times[0]


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
