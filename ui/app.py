"""The chat page: Gradio layout and wiring only; what happens is in `ui/chat.py`, what is shown in `ui/render.py`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from index.types import SilangError
from rag.pipeline import Silang
from ui.access import Access
from ui.api import add_endpoints
from ui.articles import Articles, articles_tab
from ui.chat import Chat
from ui.listing import listing_html
from ui.messages import LANGUAGES, MESSAGES, interface_language, say

_HERE = Path(__file__).parent
# System fonts: the page asks no other host for anything.
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
_MONO = ["ui-monospace", "Consolas", "monospace"]
_SPOKEN = {"id": "Bahasa Indonesia", "en": "English"}
# A sentence with {fields} is filled in on the server; the rest may stand in the layout.
_I18N = gr.I18n(
    **{code: {key: say(key, code) for key, text in MESSAGES.items() if "{" not in text.en} for code in LANGUAGES}
)
_CLICKS = (_HERE / "page.js").read_text(encoding="utf-8")
# A reply can be longer than the window: the question goes to its top, so that reading begins at the beginning.
_TO_LAST_QUESTION = """() => requestAnimationFrame(() =>
    [...document.querySelectorAll('.silang-question')].at(-1)?.scrollIntoView({block: 'start', behavior: 'smooth'}))"""
_TO_EXCERPT = """() => setTimeout(() => {
    const mark = document.querySelector('.silang-source mark');
    mark?.scrollIntoView({block: 'center'}); mark?.focus({preventScroll: true}); }, 300)"""
_SAVE = """(saved) => { if (!saved) return;
    const { name, text } = JSON.parse(saved);
    const link = Object.assign(document.createElement('a'),
        {href: URL.createObjectURL(new Blob([text], {type: 'text/markdown'})), download: name});
    link.click(); URL.revokeObjectURL(link.href); }"""


def build_page(silang: Silang, access: Access, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page: conversations on the left, the chat, the source on the right; the articles for who may change them."""
    chat, articles = Chat(silang), Articles(silang.folder, silang.encoder, access)
    infos = silang.folder.current().infos()
    with gr.Blocks(title="Silang", analytics_enabled=False, fill_height=True) as page:
        kept = gr.BrowserState([], storage_key="silang-conversations", secret="silang")
        current, saved = gr.State(""), gr.Textbox(visible="hidden")
        with gr.Sidebar(open=False, position="left", width=300, elem_id="conversations"):
            listing = gr.HTML(listing_html([], "", "en"), js_on_load=_CLICKS)
        gr.Markdown("# Silang", elem_id="name")
        with gr.Accordion(_I18N("what_is_this"), open=False, elem_id="about"):
            gr.Markdown(_I18N("intro"))
        with gr.Tabs():
            with gr.Tab(_I18N("chat_tab")):
                log = gr.HTML("", js_on_load=_CLICKS, elem_id="conversation")
                box = gr.Textbox(
                    label=_I18N("ask_here"), placeholder=_I18N("ask_here"), show_label=False, submit_btn=True,
                    autofocus=True, elem_id="question", max_lines=6,
                )  # fmt: skip
                if examples:
                    gr.Examples([*examples], box, label=_I18N("examples"))
                with gr.Accordion(_I18N("filters"), open=False, elem_id="filters"):
                    with gr.Row():
                        outlets = gr.Dropdown(
                            sorted({i.source for i in infos if i.source}), label=_I18N("outlets"), multiselect=True,
                            elem_id="outlets",
                        )  # fmt: skip
                        languages = gr.Dropdown(
                            [(_SPOKEN.get(code, code), code) for code in silang.folder.current().languages()],
                            label=_I18N("languages"), multiselect=True, elem_id="languages",
                        )  # fmt: skip
                    with gr.Row():
                        since = gr.Textbox(label=_I18N("since"), elem_id="since", max_lines=1)
                        until = gr.Textbox(label=_I18N("until"), elem_id="until", max_lines=1)
                    count = gr.HTML(elem_id="count")
            with gr.Tab(_I18N("articles_tab"), visible=False) as tab:
                articles_tab(articles, _I18N, tab)
        with gr.Sidebar(open=False, position="right", width=440, elem_id="source") as panel:
            source = gr.HTML(_I18N("no_source"))
        filters = [outlets, languages, since, until]
        conversation = [log, box, kept, current, listing]
        asking = {"fn": chat.ask, "inputs": [box, kept, current, *filters], "outputs": conversation}

        box.submit(**asking, api_visibility="private", show_progress="hidden").then(None, js=_TO_LAST_QUESTION)
        log.click(
            chat.act, [kept, current], [log, box, kept, source, panel], api_visibility="private", show_progress="hidden"
        ).then(None, js=_TO_EXCERPT)
        listing.click(
            chat.organise, [kept, current], [*conversation, saved], api_visibility="private", show_progress="hidden"
        ).then(None, saved, js=_SAVE)
        for field in filters:
            field.change(chat.count, filters, count, api_visibility="private", show_progress="hidden")
        page.load(chat.load, kept, conversation, api_visibility="private").then(
            **asking, api_visibility="private", show_progress="hidden"
        )
        page.load(chat.count, filters, count, api_visibility="private")
        page.load(articles.tab, None, tab, api_visibility="private")
        add_endpoints(silang)
    return page


def serve(
    silang: Silang, host: str, port: int, examples: Sequence[str] = (), auth: Path | None = None, mcp: bool = False
) -> None:
    """Serve the page until interrupted; raises SilangError when the port is taken or the address is not ours."""
    language, access = interface_language(), Access(auth, host)
    theme = gr.themes.Default(font=_SANS, font_mono=_MONO)
    page = build_page(silang, access, examples)
    try:
        _, url, _ = page.queue(default_concurrency_limit=2).launch(
            server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, share=False, footer_links=[],
            theme=theme, css_paths=_HERE / "style.css", show_error=True, i18n=_I18N, mcp_server=mcp,
            auth=access.check if access.required else None,
        )  # fmt: skip
    except OSError as error:
        raise SilangError(
            f"cannot serve on {host}:{port} ({error}): name another --host or --port, for example --port {port + 1}",
            f"tidak bisa melayani di {host}:{port} ({error}): sebutkan --host atau --port lain, misalnya --port {port + 1}",
        ) from error
    print(say("chat_at", language, url=url), flush=True)  # noqa: T201 (the person needs the address)
    page.block_thread()
