"""Conversations as the browser keeps them: turns of question and answer, and their form as Markdown."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from typing import Any, TypedDict, cast

from rag.followup import Turn as Past
from rag.types import Answer
from rag.write import spoken_date
from ui.messages import say

TITLE = 60  # characters of the first question that name a conversation
KEPT = 1_500_000  # bytes of JSON that are kept: a browser gives a page some five million, and encoding takes its share
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!~])")


class Turn(TypedDict):
    """A question as typed and as it was understood; `answer` is None until there is one."""

    asked: str
    question: str
    answer: dict[str, Any] | None
    generation: int
    feedback: str | None


class Conversation(TypedDict):
    """Turns under an id and a title that can be changed."""

    id: str
    title: str
    turns: list[Turn]


def new_turn(asked: str, question: str) -> Turn:
    """Return a turn that waits for its answer."""
    return {"asked": asked, "question": question, "answer": None, "generation": 0, "feedback": None}


def find(kept: Sequence[Conversation], id_: str) -> Conversation | None:
    """Return the conversation of that id, None where there is none."""
    return next((c for c in kept if c["id"] == id_), None)


def with_turn(kept: Sequence[Conversation], id_: str, turn: Turn) -> tuple[list[Conversation], str]:
    """Return (conversations with a turn added to that of the id, or to a new one; its id). The latest stands first."""
    held = find(kept, id_)
    title = turn["asked"][:TITLE].strip()
    grown: Conversation = held or {"id": secrets.token_hex(8), "title": title, "turns": []}
    grown = {**grown, "turns": [*grown["turns"], turn]}
    return _fitting([grown, *(c for c in kept if c["id"] != grown["id"])]), grown["id"]


def with_answer(kept: Sequence[Conversation], id_: str, answer: Answer, generation: int) -> list[Conversation]:
    """Return the conversations with the answer to the last turn of that of the id."""
    return changed(kept, id_, -1, answer=answer.to_json(), generation=generation)


def changed(kept: Sequence[Conversation], id_: str, number: int, **fields: object) -> list[Conversation]:
    """Return the conversations with fields of one turn changed; as they were where there is no such turn."""
    out: list[Conversation] = []
    for conversation in kept:
        turns = list(conversation["turns"])
        if conversation["id"] == id_ and -len(turns) <= number < len(turns):
            turns[number] = cast(Turn, {**turns[number], **fields})
        out.append({**conversation, "turns": turns})
    return out


def without_turn(kept: Sequence[Conversation], id_: str, number: int) -> list[Conversation]:
    """Return the conversations with that of the id short of one turn."""
    return [{**c, "turns": [t for n, t in enumerate(c["turns"]) if n != number]} if c["id"] == id_ else c for c in kept]


def renamed(kept: Sequence[Conversation], id_: str, title: str) -> list[Conversation]:
    """Return the conversations with that of the id under another title."""
    title = " ".join(title.split())[:TITLE]
    return [{**c, "title": title} if c["id"] == id_ and title else c for c in kept]


def without(kept: Sequence[Conversation], id_: str) -> list[Conversation]:
    """Return the conversations but that of the id."""
    return [c for c in kept if c["id"] != id_]


def past(conversation: Conversation | None) -> list[Past]:
    """Return what `rag.followup` needs of a conversation: what was asked and answered."""
    answered = [(t, t["answer"]) for t in (conversation["turns"] if conversation else []) if t["answer"]]
    return [Past(turn["question"], tuple(side["answer"] for side in answer["sides"])) for turn, answer in answered]


def sound(kept: object) -> list[Conversation]:
    """Return those of what a browser gave that have the shape of a conversation."""
    if not isinstance(kept, list):
        return []
    return [
        cast(Conversation, c) for c in kept
        if isinstance(c, dict) and isinstance(c.get("id"), str) and isinstance(c.get("title"), str)
        and isinstance(c.get("turns"), list) and all(_is_turn(t) for t in c["turns"])
    ]  # fmt: skip


def _is_turn(turn: object) -> bool:
    if not isinstance(turn, dict) or not all(isinstance(turn.get(key), str) for key in ("asked", "question")):
        return False
    try:
        return turn.get("answer") is None or bool(Answer.from_json(turn["answer"]))
    except (TypeError, KeyError, ValueError, AttributeError):
        return False


def _fitting(kept: list[Conversation]) -> list[Conversation]:
    """Drop the oldest conversations until the rest fits into the browser; the first always stays."""
    total, fit = 0, list[Conversation]()
    for conversation in kept:
        total += len(json.dumps(conversation, ensure_ascii=False).encode())
        if fit and total > KEPT:
            break
        fit.append(conversation)
    return fit


def answer_markdown(answer: Answer) -> str:
    """An answer with its numbered sources, as Markdown."""
    language = answer.language
    lines = [f"**{say(answer.status, language)}**", "", *(_plain(line) for line in answer.text.splitlines()), ""]
    if answer.related:
        lines += [f"_{say('related', language)}_", ""]
    for c in answer.citations or answer.related:
        day = spoken_date(c.published, language) if c.published else say("undated", language)
        outlet = c.source or say("unnamed", language)
        link = f" <{c.url}>" if c.url and re.match(r"https?://\S+\Z", c.url) and not set("<>") & set(c.url) else ""
        lines += [f"[{c.n}] {_plain(c.title or c.article)} — {_plain(outlet)}, {day}.{link}  ",
                  f"“{_plain(' '.join(c.quote.split()))}”", ""]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def markdown(conversation: Conversation, language: str) -> str:
    """A whole conversation as Markdown."""
    parts = [f"# {_plain(conversation['title'])}\n"]
    for turn in conversation["turns"]:
        parts.append(f"## {_plain(turn['asked'])}\n")
        if turn["question"] != turn["asked"]:
            parts.append(f"_{say('understood', language)} {_plain(turn['question'])}_\n")
        given = turn["answer"]
        parts.append(answer_markdown(Answer.from_json(given)) if given else say("unanswered", language) + "\n")
    return "\n".join(parts)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is; the [n] of citations stay."""
    return re.sub(r"\\\[(\d+)\\\]", r"[\1]", _MARKDOWN.sub(r"\\\1", text))
