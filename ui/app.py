"""The chat page: Gradio wiring only; what is shown is made in `ui/render.py`, what is answered in `rag/`."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index.types import SilangError
from rag.pipeline import Silang
from ui.messages import LANGUAGES, interface_language, say
from ui.render import answer_html, notice_html, question_html

STYLE = Path(__file__).with_name("style.css")
# System fonts: the page asks no other host for anything.
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
_MONO = ["ui-monospace", "Consolas", "monospace"]

_PAGE_WORDS = ("intro", "ask_here", "examples")
_I18N = gr.I18n(**{code: {key: say(key, code) for key in _PAGE_WORDS} for code in LANGUAGES})
# A reply can be longer than the window: the question goes to its top, so that reading begins at the beginning.
_TO_LAST_QUESTION = """() => requestAnimationFrame(() =>
    [...document.querySelectorAll('.silang-question')].at(-1)?.scrollIntoView({block: 'start', behavior: 'smooth'}))"""

_log = logging.getLogger(__name__)


def build_page(silang: Silang, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page: heading, conversation, question box, examples. A conversation lives in its browser tab alone."""

    def show(text: str, conversation: list[Any]) -> tuple[str, list[Any], str]:
        """Put the question on the page at once, empty the box, and hand the question on."""
        return "", [*conversation, _message("user", question_html(text))], text

    def answer(text: str, conversation: list[Any], request: gr.Request) -> list[Any]:
        language = _language(request)
        try:
            html = answer_html(silang.ask(text), turn=len(conversation))
        except SilangError as error:
            html = notice_html(error.say(language))
        except Exception:  # noqa: BLE001 (whatever it was, the page must say a sentence and the terminal the rest)
            _log.exception("answering failed")
            html = notice_html(say("failed", language))
        return [*conversation, _message("assistant", html)]

    with gr.Blocks(title="Silang", analytics_enabled=False, fill_height=True) as page:
        gr.Markdown("# Silang")
        gr.Markdown(_I18N("intro"))
        chat = gr.Chatbot(
            label="Silang", show_label=False, height="65vh", buttons=[], elem_id="conversation", feedback_options=None,
            autoscroll=False,
        )  # fmt: skip
        box = gr.Textbox(
            label=_I18N("ask_here"), placeholder=_I18N("ask_here"), show_label=False, submit_btn=True, autofocus=True,
            elem_id="question",
        )  # fmt: skip
        asked = gr.State("")
        if examples:
            gr.Examples([*examples], box, label=_I18N("examples"))
        shown = box.submit(show, [box, chat], [box, chat, asked], queue=False, api_visibility="private")
        replied = shown.then(answer, [asked, chat], chat, api_visibility="private")
        for step in (shown, replied):
            step.then(None, js=_TO_LAST_QUESTION)
    return page


def _language(request: gr.Request) -> str:
    """The language that the browser asks for first, "id" or "en"."""
    return "id" if request.headers.get("accept-language", "").lower().startswith("id") else "en"


def _message(role: str, html: str) -> dict[str, Any]:
    return {"role": role, "content": gr.HTML(html)}


def serve(silang: Silang, host: str, port: int, examples: Sequence[str] = ()) -> None:
    """Serve the page until interrupted; raises SilangError when the port is taken or the address is not ours."""
    language = interface_language()
    theme = gr.themes.Default(font=_SANS, font_mono=_MONO)
    page = build_page(silang, examples)
    try:
        _, url, _ = page.queue(default_concurrency_limit=2).launch(
            server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, share=False, footer_links=[],
            theme=theme, css_paths=STYLE, show_error=False, i18n=_I18N,
        )  # fmt: skip
    except OSError as error:
        raise SilangError(
            f"cannot serve on {host}:{port} ({error}): name another --host or --port, for example --port {port + 1}",
            f"tidak bisa melayani di {host}:{port} ({error}): sebutkan --host atau --port lain, misalnya --port {port + 1}",
        ) from error
    print(say("chat_at", language, url=url), flush=True)  # noqa: T201 (the person needs the address)
    page.block_thread()
