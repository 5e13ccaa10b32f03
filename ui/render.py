"""Answers -> HTML for the page. Pure; whatever comes from a question or an article is escaped."""

from __future__ import annotations

import re
from html import escape

from rag.types import Answer, Citation, Side
from rag.write import spoken_date
from ui.messages import say

_MARK = re.compile(r"\[(\d+)\]")
# Told apart by their word and sign; colour only repeats it.
_SIGN = {"answered": "✓", "conflict": "⇄", "not_found": "∅"}
_SAFE_LINK = re.compile(r"https?://[^\s<>\"']+\Z", re.IGNORECASE)


def question_html(text: str) -> str:
    """The question as it was typed."""
    return f'<p class="silang-question">{escape(text)}</p>'


def notice_html(text: str) -> str:
    """A sentence from Silang itself: a question that cannot be asked, a failure."""
    return f'<p class="silang-notice" role="status">{escape(text)}</p>'


def answer_html(answer: Answer, turn: int) -> str:
    """One reply: its outcome, what is said with [n] markers, each side of a conflict, the excerpts.

    `turn` makes the excerpts' anchors unique on the page.
    """
    language, status = answer.language, answer.status
    head = f'<h3><span aria-hidden="true">{_SIGN[status]}</span> {escape(say(status, language))}</h3>'
    cited = {c.n: c for c in answer.citations}
    if answer.conflict:
        sides = "".join(_side(side, cited, n, turn, language) for n, side in enumerate(answer.sides, 1))
        body = f'<p>{escape(answer.conflict.statement)}</p><div class="silang-sides">{sides}</div>'
    else:
        body = "".join(f"<p>{_marked(line, cited, turn)}</p>" for line in answer.text.splitlines())
    excerpts = "".join(_excerpt(c, turn, language) for c in answer.citations or answer.related)
    title = say("related" if answer.related else "excerpts", language)
    if excerpts:
        excerpts = f'<section class="silang-excerpts"><h4>{escape(title)}</h4><ol>{excerpts}</ol></section>'
    return f'<article class="silang-answer silang-{status}" lang="{language}">{head}{body}{excerpts}</article>'


def _side(side: Side, cited: dict[int, Citation], n: int, turn: int, language: str) -> str:
    outlets = "".join(f"<li>{escape(_byline(cited[k], language))} {_link(k, turn)}</li>" for k in side.citations)
    return (
        f'<section class="silang-side"><h4>{escape(say("side", language))} {n}</h4>'
        f"<p>{escape(side.answer)}</p><ul>{outlets}</ul></section>"
    )


def _excerpt(citation: Citation, turn: int, language: str) -> str:
    title = escape(citation.title or citation.article)
    if citation.url and _SAFE_LINK.match(citation.url):
        more = escape(say("open_link", language))
        title += f' (<a href="{escape(citation.url)}" target="_blank" rel="noopener noreferrer">{more}</a>)'
    return (
        f'<li id="{_anchor(citation.n, turn)}" value="{citation.n}"><cite>{title}</cite> '
        f'<span class="silang-byline">{escape(_byline(citation, language))}</span>'
        f'<blockquote data-article="{escape(citation.article)}" data-start="{citation.start}" data-end="{citation.end}">'
        f"{escape(citation.quote)}</blockquote></li>"
    )


def _byline(citation: Citation, language: str) -> str:
    outlet = citation.source or say("unnamed", language)
    day = spoken_date(citation.published, language) if citation.published else say("undated", language)
    return f"{outlet}, {day}"


def _marked(line: str, cited: dict[int, Citation], turn: int) -> str:
    """Escape a line and make a link of each [n] that is a citation of the answer."""
    pieces, at = [], 0
    for match in _MARK.finditer(line):
        if int(match.group(1)) in cited:
            pieces += [escape(line[at : match.start()]), _link(int(match.group(1)), turn)]
            at = match.end()
    return "".join([*pieces, escape(line[at:])])


def _link(n: int, turn: int) -> str:
    return f'<a class="silang-mark" href="#{_anchor(n, turn)}">[{n}]</a>'


def _anchor(n: int, turn: int) -> str:
    return f"excerpt-{turn}-{n}"
