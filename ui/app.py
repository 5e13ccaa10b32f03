"""The chat page: Gradio layout and wiring only; what happens is in `ui/chat.py`, what is shown in `ui/render.py`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware

from index.types import SilangError
from rag.pipeline import Silang
from ui.access import Access
from ui.api import add_endpoints
from ui.articles import Articles, articles_tab
from ui.chat import Chat
from ui.listing import listing_html
from ui.messages import LANGUAGES, MESSAGES, interface_language, say
from ui.uploads import Uploads

_HERE = Path(__file__).parent
LARGEST = "200mb"  # of an uploaded file
# System fonts: the page asks no other host for anything.
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
_MONO = ["ui-monospace", "Consolas", "monospace"]
# What the theme prints too faintly to be read by everybody.
_CONTRAST = {
    "button_primary_background_fill": "*primary_800", "button_primary_background_fill_hover": "*primary_700",
    "button_primary_background_fill_dark": "*primary_800", "button_primary_text_color": "white",
    "body_text_color_subdued": "*neutral_700", "body_text_color_subdued_dark": "*neutral_300",
    "input_placeholder_color": "*neutral_600", "input_placeholder_color_dark": "*neutral_300",
}  # fmt: skip
# A sentence with {fields} is filled in on the server; the rest may stand in the layout.
_I18N = gr.I18n(
    **{code: {key: say(key, code) for key, text in MESSAGES.items() if "{" not in text.en} for code in LANGUAGES}
)
_CLICKS = (_HERE / "page.js").read_text(encoding="utf-8")
# A reply can be longer than the window: the question goes to its top, so that reading begins at the beginning.
_TO_LAST_QUESTION = """() => requestAnimationFrame(() =>
    [...document.querySelectorAll('.silang-question')].at(-1)?.scrollIntoView({block: 'start', behavior: 'smooth'}))"""
# After a click in the log: to the excerpt that was opened, or to the box that a question was put into.
_FOCUS = """() => setTimeout(() => {
    const mark = document.querySelector('.silang-source mark');
    if (window.silangDid === 'open') { mark?.scrollIntoView({block: 'center'}); mark?.focus({preventScroll: true}); }
    if (window.silangDid === 'edit') document.querySelector('#question textarea').focus(); }, 300)"""
# What is edited is the question put into the box for it, until the box is empty: sent, or cleared for another one.
_EDITED = "(text, edited) => text.trim() ? edited : ''"
_FORGET_LINK = "() => history.replaceState(null, '', location.pathname)"
_NOTHING = "() => ''"  # left to ask, whatever became of it: the next click in the log would ask it again
_SAVE = """(saved) => { if (!saved) return;
    const { name, text } = JSON.parse(saved);
    const link = Object.assign(document.createElement('a'),
        {href: URL.createObjectURL(new Blob([text], {type: 'text/markdown'})), download: name});
    link.click(); URL.revokeObjectURL(link.href); }"""


def build_page(silang: Silang, access: Access, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page: conversations on the left, the chat, the source on the right; the articles for who may change them."""
    chat, articles = Chat(silang, access), Articles(silang.folder, silang.encoder, access)
    with gr.Blocks(title="Silang", analytics_enabled=False, fill_height=True, delete_cache=(3600, 86400)) as page:
        add_endpoints(silang)  # first, so that no handler of the page takes their names
        kept = gr.BrowserState([], storage_key="silang-conversations", secret="silang")
        # In the page, so that nothing is forgotten when the server is started anew.
        current, edited, linked, saved = (gr.Textbox(visible="hidden") for _ in range(4))
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
                    gr.Examples([*examples], box, label=_I18N("examples"), elem_id="examples")
                with gr.Accordion(_I18N("filters"), open=False, elem_id="filters") as narrowing:
                    with gr.Row():
                        outlets = gr.Dropdown([], label=_I18N("outlets"), multiselect=True, elem_id="outlets")
                        languages = gr.Dropdown([], label=_I18N("languages"), multiselect=True, elem_id="languages")
                    with gr.Row():
                        since = gr.Textbox(label=_I18N("since"), elem_id="since", max_lines=1)
                        until = gr.Textbox(label=_I18N("until"), elem_id="until", max_lines=1)
                    count = gr.HTML(elem_id="count")
            with gr.Tab(_I18N("articles_tab"), visible=False) as tab:
                articles_tab(articles, _I18N, tab)
        with gr.Sidebar(open=False, position="right", width=440, elem_id="source") as panel:
            source = gr.HTML(_I18N("no_source"))
        filters, conversation = [outlets, languages, since, until], [kept, current, listing]
        # Values as the browser sends them: before anything is asked, a server that was started anew has offered none of the
        # choices that stand in an open page, and Gradio would refuse them all. `check_filters` names what is unknown.
        quiet = {"api_visibility": "private", "show_progress": "hidden", "preprocess": False}

        box.submit(chat.ask, [box, kept, current, edited, *filters], [log, box, *conversation], **quiet).then(
            None, js=_TO_LAST_QUESTION
        )
        box.change(None, [box, edited], edited, js=_EDITED)
        asked = [linked, kept, current, linked, *filters]
        asking = {"fn": chat.ask, "inputs": asked, "outputs": [log, linked, *conversation]}
        log.click(chat.act, [kept, current, *filters], [log, box, edited, linked, kept, source, panel], **quiet).then(
            **asking, **quiet
        ).then(None, None, linked, js=_NOTHING).then(None, js=_FOCUS)
        listing.click(chat.organise, [kept, current], [log, *conversation, saved], **quiet).then(None, saved, js=_SAVE)
        for field in filters:
            field.change(chat.count, filters, count, **quiet)
        for opened in (page.load, narrowing.expand):
            opened(chat.choices, [outlets, languages], [outlets, languages], **quiet)
        loaded = page.load(chat.load, kept, [log, linked, *conversation], **quiet)
        loaded.then(**asking, **quiet).then(None, None, linked, js=_NOTHING).then(None, js=_FORGET_LINK)
        page.load(chat.count, filters, count, **quiet)
        page.load(articles.tab, None, tab, **quiet)
    return page


def serve(
    silang: Silang, host: str, port: int, examples: Sequence[str] = (), auth: Path | None = None, mcp: bool = False
) -> None:
    """Serve the page until interrupted; raises SilangError when the port is taken or the address is not ours."""
    language, access = interface_language(), Access(auth, host)
    theme = gr.themes.Default(font=_SANS, font_mono=_MONO).set(**_CONTRAST)
    page = build_page(silang, access, examples)
    bare = host.strip("[]")  # an IPv6 address, which stands in brackets in a URL
    try:
        _, url, _ = page.queue(default_concurrency_limit=2).launch(
            server_name=f"[{bare}]" if ":" in bare else bare, server_port=port, prevent_thread_lock=True, quiet=True,
            share=False, footer_links=[], theme=theme, css_paths=_HERE / "style.css", show_error=True, i18n=_I18N,
            mcp_server=mcp, auth=access.sign_in if access.required else None, max_file_size=LARGEST,
            app_kwargs={"middleware": [Middleware(Uploads, access=access)]},
        )  # fmt: skip
    except OSError as error:
        raise SilangError(
            f"cannot serve on {host}:{port} ({error}): name another --host or --port, for example --port {port + 1}",
            f"tidak bisa melayani di {host}:{port} ({error}): sebutkan --host atau --port lain, misalnya --port {port + 1}",
        ) from error
    print(say("chat_at", language, url=url), flush=True)  # noqa: T201 (the person needs the address)
    page.block_thread()
