"""Conversations -> HTML for the list beside the chat. Pure; titles are escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ui.conversation import Conversation
from ui.messages import say


def listing_html(kept: Sequence[Conversation], current: str, language: str) -> str:
    """A button for a new conversation, and for each kept one: open, rename, export, delete."""
    new = f'<button type="button" class="silang-new" data-action="new">+ {escape(say("new", language))}</button>'
    items = "".join(_item(c, c["id"] == current, language) for c in kept)
    label = escape(say("conversations", language))
    return f'<nav class="silang-list" aria-label="{label}"><h2>{label}</h2>{new}<ul>{items}</ul></nav>'


def _item(conversation: Conversation, is_open: bool, language: str) -> str:
    id_, title = escape(conversation["id"]), escape(conversation["title"])
    here = ' aria-current="true"' if is_open else ""

    def tool(action: str, sign: str, **data: str) -> str:
        values = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
        name = escape(f"{say(action, language)}: {conversation['title']}")
        return f'<button type="button" data-action="{action}" data-id="{id_}"{values} title="{name}" aria-label="{name}">{sign}</button>'

    return (
        f'<li{here}><button type="button" class="silang-choose" data-action="choose" data-id="{id_}">{title}</button>'
        + tool("rename", "✎", title=conversation["title"], ask=say("new_title", language))
        + tool("export", "⤓")
        + tool("delete", "✕", ask=say("delete_really", language, title=conversation["title"]))
        + "</li>"
    )
