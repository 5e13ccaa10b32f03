"""Turns -> HTML for the chat. Pure; whatever comes from a question or an article is escaped.

What can be clicked carries `data-action`; `ui/page.js` hands it to the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import chain

from index.metadata import outlet_key
from rag.pipeline import Step
from rag.types import Answer, Citation, Side
from rag.write import spoken_date
from ui.conversation import Conversation, Turn, answer_markdown
from ui.messages import say

_MARK = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
# Told apart by their word and sign; colour only repeats it.
_SIGN = {"answered": "✓", "conflict": "⇄", "not_found": "∅"}
VERDICTS = ("useful", "wrong_answer", "missed_conflict", "wrong_citation")


def conversation_html(conversation: Conversation | None, language: str, doing: str = "") -> str:
    """All turns of a conversation; `doing` is what is being done for the last one, as HTML."""
    turns = conversation["turns"] if conversation else []
    if not turns:
        return f'<div class="silang-log silang-empty" role="log"><p>{escape(say("intro", language))}</p></div>'
    parts = [_turn(turn, n, language, doing if n == len(turns) - 1 else "") for n, turn in enumerate(turns)]
    return f'<div class="silang-log" role="log" aria-live="polite">{"".join(parts)}</div>'


def _turn(turn: Turn, number: int, language: str, doing: str) -> str:
    asked = f'<p class="silang-question">{escape(turn["asked"])}</p>'
    if turn["question"] != turn["asked"]:
        edit = _button("edit", say("edit", language), turn=number)
        asked += (
            f'<p class="silang-understood">{escape(say("understood", language))} {escape(turn["question"])} {edit}</p>'
        )
    given = turn["answer"]
    if given is None:
        return asked + (doing or failed_html(say("unanswered", language), number, language))
    return asked + answer_html(Answer.from_json(given), number, turn["feedback"])


def failed_html(text: str, turn: int, language: str) -> str:
    """Why there is no answer to the turn of that number, and a button that asks again."""
    return notice_html(text, _button("again", say("ask_again", language), turn=turn))


def step_html(step: Step, language: str) -> str:
    """What is being done now."""
    text = say(f"step_{step.stage}", language, passages=step.passages, articles=step.articles, sources=step.sources)
    return f'<p class="silang-step" role="status">{escape(text)}</p>'


def notice_html(text: str, more: str = "") -> str:
    """A sentence from Silang itself: a question that cannot be asked, a failure."""
    return f'<p class="silang-notice" role="status">{escape(text)} {more}</p>'


def answer_html(answer: Answer, turn: int, feedback: str | None = None) -> str:
    """One reply as the card of its outcome; `turn` is its number in the conversation."""
    language, status = answer.language, answer.status
    head = f'<h3><span aria-hidden="true">{_SIGN[status]}</span> {escape(say(status, language))}</h3>'
    body = {"answered": _answered, "conflict": _conflict, "not_found": _not_found}[status](answer, turn)
    return (
        f'<article class="silang-answer silang-{status}" lang="{language}" data-turn="{turn}">{head}{body}'
        f"{_footer(answer, turn, feedback)}</article>"
    )


def _answered(answer: Answer, turn: int) -> str:
    (side,), cited = answer.sides, {c.n: c for c in answer.citations}
    quotes = [cited[n] for n in side.citations]
    return (
        f'<p class="silang-short">{escape(side.answer)}</p>'
        f"<p>{escape(_agreeing(quotes, answer.language))}</p>"
        f"{_excerpts(answer.citations, turn, answer.language, side.answer)}"
    )


def _agreeing(quotes: Sequence[Citation], language: str) -> str:
    """How many independent sources say so (an outlet is one, and so are copies of one text), and when."""
    sources = len({outlet_key(c.source) if c.source else c.article for c in quotes})
    days = sorted(c.published for c in quotes if c.published)
    if not days:
        when = say("undated", language)
    elif days[0] == days[-1]:
        when = spoken_date(days[0], language)
    else:
        when = say("between", language, first=spoken_date(days[0], language), last=spoken_date(days[-1], language))
    return say("one_source" if sources == 1 else "sources", language, n=sources, when=when)


def _conflict(answer: Answer, turn: int) -> str:
    language, cited = answer.language, {c.n: c for c in answer.citations}
    if answer.conflict is None:
        return ""
    sides = "".join(_side(side, n, answer.sides, cited, turn, language) for n, side in enumerate(answer.sides, 1))
    kind = say(f"kind_{answer.conflict.kind}", language)
    return (
        f'<p class="silang-kind"><span>{escape(say("kind", language))}</span> {escape(kind)}</p>'
        f'<p>{escape(answer.conflict.statement)}</p><div class="silang-sides">{sides}</div>'
    )


def _side(
    side: Side, number: int, sides: Sequence[Side], cited: Mapping[int, Citation], turn: int, language: str
) -> str:
    others = {w.lower() for other in sides if other is not side for w in _WORD.findall(other.answer)}
    differing = [w for w in _WORD.findall(side.answer) if w.lower() not in others] or _WORD.findall(side.answer)
    quotes = "".join(_excerpt(cited[n], turn, language, differing) for n in side.citations)
    return (
        f'<section class="silang-side"><h4>{escape(say("side", language))} {number}</h4>'
        f'<p class="silang-short">{escape(side.answer)}</p><ol class="silang-excerpts">{quotes}</ol></section>'
    )


def _not_found(answer: Answer, turn: int) -> str:
    text = "".join(f"<p>{escape(line)}</p>" for line in answer.text.splitlines())
    if not answer.related:
        return text
    label = f"<h4>{escape(say('related', answer.language))}</h4>"
    return f'{text}<div class="silang-related">{label}{_excerpts(answer.related, turn, answer.language)}</div>'


def _excerpts(citations: Sequence[Citation], turn: int, language: str, answer: str = "") -> str:
    words = _WORD.findall(answer)
    items = "".join(_excerpt(c, turn, language, words) for c in citations)
    return f'<ol class="silang-excerpts">{items}</ol>'


def _excerpt(citation: Citation, turn: int, language: str, marked: Sequence[str] = ()) -> str:
    label = say("open_source", language, n=citation.n)
    return (
        f'<li value="{citation.n}"><blockquote data-article="{escape(citation.article)}" '
        f'data-start="{citation.start}" data-end="{citation.end}">{_marked(citation.quote, marked)}</blockquote>'
        f'<p class="silang-byline"><button type="button" class="silang-mark" data-action="open" data-turn="{turn}" '
        f'data-n="{citation.n}" aria-label="{escape(label)}">[{citation.n}]</button> {escape(byline(citation, language))}'
        f"</p></li>"
    )


def byline(citation: Citation, language: str) -> str:
    """Outlet and date."""
    outlet = citation.source or say("unnamed", language)
    day = spoken_date(citation.published, language) if citation.published else say("undated", language)
    return f"{outlet}, {day}"


def _marked(quote: str, words: Sequence[str]) -> str:
    """Escape a quotation and mark the words in it: together where they stand together, else each of them."""
    together = r"\W+".join(re.escape(word) for word in words)
    patterns = [rf"(?<!\w){together}(?!\w)", *(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)] if words else []
    found = next((spans for p in patterns[:1] if (spans := [m.span() for m in re.finditer(p, quote, re.I)])), None)
    spans = found or sorted(chain.from_iterable((m.span() for m in re.finditer(p, quote, re.I)) for p in patterns[1:]))
    pieces, at = list[str](), 0
    for start, end in spans:
        if start >= at:
            pieces += [escape(quote[at:start]), f"<mark>{escape(quote[start:end])}</mark>"]
            at = end
    return "".join([*pieces, escape(quote[at:])])


def _footer(answer: Answer, turn: int, feedback: str | None) -> str:
    language = answer.language
    copied = escape(answer_markdown(answer))
    tools = _button("copy", say("copy", language), text=copied, done=say("copied", language)) + _button(
        "share", say("share", language), question=escape(answer.question), done=say("copied", language)
    )
    if feedback:
        said = f'<span class="silang-thanks" role="status">{escape(say("thanks", language))}</span>'
    else:
        choices = "".join(_button("feedback", say(f"verdict_{v}", language), turn=turn, verdict=v) for v in VERDICTS)
        said = (
            f'<details class="silang-feedback"><summary>{escape(say("feedback", language))}</summary>'
            f'<label>{escape(say("note", language))} <input type="text" maxlength="500"></label> {choices}</details>'
        )
    return f'<footer class="silang-tools">{tools}{said}</footer>'


def _button(action: str, label: str, **data: object) -> str:
    values = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<button type="button" data-action="{action}"{values}>{escape(label)}</button>'
