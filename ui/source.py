"""An article and a place in it -> HTML for the source panel. Pure; everything is escaped."""

from __future__ import annotations

import re
from html import escape

from index.types import Article
from rag.types import Citation
from rag.write import spoken_date
from ui.messages import say

_SAFE_LINK = re.compile(r"https?://[^\s<>\"']+\Z", re.IGNORECASE)


def source_html(citation: Citation, article: Article | None, language: str) -> str:
    """The whole article with exactly the cited text highlighted.

    Where the article has gone or changed since it was cited, that is said, and the excerpt stands alone.
    """
    if article is None or article.text[citation.start : citation.end] != citation.quote:
        key = "article_gone" if article is None else "article_changed"
        body = f'<p class="silang-notice" role="status">{escape(say(key, language))}</p>'
        body += f'<div class="silang-text"><mark tabindex="-1">{escape(citation.quote)}</mark></div>'
    else:
        before, after = escape(article.text[: citation.start]), escape(article.text[citation.end :])
        mark = f'<mark tabindex="-1">{escape(citation.quote)}</mark>'
        body = f'<div class="silang-text" lang="{escape(article.language or "")}">{before}{mark}{after}</div>'
    return (
        f'<section class="silang-source" aria-label="{escape(say("source", language))}">'
        f"<h3>{escape(citation.title or citation.article)}</h3>{_facts(citation, article, language)}{body}</section>"
    )


def _facts(citation: Citation, article: Article | None, language: str) -> str:
    spoken = {"id": say("in_id", language), "en": say("in_en", language)}
    code = article.language if article else None
    rows = [
        (say("outlet", language), escape(citation.source or say("unnamed", language))),
        (say("date", language), escape(spoken_date(citation.published, language) if citation.published else say("undated", language))),
        (say("language", language), escape(spoken.get(code or "", code or "—"))),
    ]  # fmt: skip
    if citation.url and _SAFE_LINK.match(citation.url):
        label, url = escape(say("open_link", language)), escape(citation.url)
        rows.append(
            (say("address", language), f'<a href="{url}" target="_blank" rel="noopener noreferrer">{label}</a>')
        )
    return f"<dl>{''.join(f'<div><dt>{escape(name)}</dt><dd>{value}</dd></div>' for name, value in rows)}</dl>"
