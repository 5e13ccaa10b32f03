"""The articles tab: what is indexed as a table; adding, removing and rebuilding with live progress and a report."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from html import escape
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr

from index.articles import read_paths
from index.build import Report, build_index, remove_articles
from index.encoder import Encoder
from index.folder import StoreFolder
from index.types import SilangError
from index.writer import Progress
from ui.access import Access
from ui.chat import page_language
from ui.messages import listed, say
from ui.render import notice_html

_log = logging.getLogger(__name__)
# Gradio gives the table's search field a hint but no name.
_NAME_SEARCH = """() => document.querySelectorAll('#articles .search-input')
    .forEach(field => field.setAttribute('aria-label', field.placeholder))"""
LIVE = gr.Progress()  # as a default it asks Gradio for the one of the request
COLUMNS = ("column_id", "column_title", "outlet", "date", "language", "column_chunks", "column_copy")


class Articles:
    """The handlers of the tab over one store. One build runs at a time; questions are answered meanwhile."""

    def __init__(self, store: StoreFolder, encoder: Encoder, access: Access) -> None:
        self._store, self._encoder, self._access = store, encoder, access

    def tab(self, request: gr.Request) -> Any:
        """Show the tab to who may change the index."""
        return gr.Tab(visible=self._access.may_change(request))

    def show(self, request: gr.Request) -> tuple[Any, Any]:
        """Return the table and the choice of articles to remove."""
        language, infos = page_language(request), self._store.current().infos()
        rows = [[i.id, i.title, i.source, i.published, i.language, i.chunks, i.copy_of] for i in infos]
        headers = [say(column, language) for column in COLUMNS]
        return gr.Dataframe(value=rows, headers=headers), gr.Dropdown(
            choices=[i.id for i in infos], multiselect=True, value=[]
        )

    def add(self, files: Sequence[str] | None, request: gr.Request, progress: gr.Progress = LIVE) -> str:
        """Index uploaded files."""
        if not files:
            return notice_html(say("no_files", page_language(request)))
        return self._change(request, lambda: self._added(files, _shown(progress, request)))

    def _added(self, files: Sequence[str], progress: Progress) -> Report:
        """Index uploads under their own names, so that a file that is uploaded again takes the place of the first.

        Of different files with one name in one upload the later ones are numbered.
        """
        with TemporaryDirectory(prefix="silang-") as folder:
            uploads = Path(folder) / "uploads"
            uploads.mkdir()
            copies = [shutil.copy(file, _free(uploads / Path(file).name)) for file in dict.fromkeys(files)]
            return build_index(self._store, read_paths(copies), self._encoder, progress=progress)

    def remove(self, ids: Sequence[str] | None, request: gr.Request) -> str:
        """Take articles out of the index."""
        if not ids:
            return notice_html(say("no_ids", page_language(request)))
        return self._change(request, lambda: remove_articles(self._store, ids))

    def rebuild(self, request: gr.Request, progress: gr.Progress = LIVE) -> str:
        """Chunk and embed everything that is indexed anew."""
        return self._change(
            request,
            lambda: build_index(self._store, None, self._encoder, rebuild=True, progress=_shown(progress, request)),
        )

    def _change(self, request: gr.Request, change: Callable[[], Report]) -> str:
        language = page_language(request)
        if not self._access.may_change(request):
            return notice_html(say("readers_only", language))
        try:
            return report_html(change(), language)
        except SilangError as error:
            return notice_html(error.say(language))
        except Exception:  # noqa: BLE001 (whatever it was, the page says a sentence and the terminal the rest)
            _log.exception("changing the index failed")
            return notice_html(say("build_failed", language))


def _free(path: Path) -> Path:
    """The path, or where it is taken the first numbered one that is not: "berita (2).txt"."""
    numbered = (path.with_stem(f"{path.stem} ({n})") for n in count(2))
    return next(free for free in chain([path], numbered) if not free.exists())


def _shown(progress: gr.Progress, request: gr.Request) -> Progress:
    language = page_language(request)

    def show(stage: str, done: int, total: int | None) -> None:
        progress((done, total) if total else None, desc=f"{say(stage, language)}: {done}")

    return show


def report_html(report: Report, language: str) -> str:
    """What a change of the index did, and what was skipped and why."""
    values = {name: getattr(report, name) for name in report.__slots__}
    lines = [say("removed" if report.removed else "report", language, **values)]
    if report.replaced:
        lines.append(say("replaced", language, n=len(report.replaced), ids=listed(report.replaced)))
    lines.append(say("holds", language, **values))
    skipped = "".join(f"<li><b>{escape(s.where)}</b>: {escape(s.why.say(language))}</li>" for s in report.skipped)
    if skipped:
        lines.append(say("skipped", language, n=len(report.skipped)))
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="silang-report" role="status">{said}<ul>{skipped}</ul></div>'


def articles_tab(articles: Articles, words: Callable[[str], Any], tab: gr.Tab) -> None:
    """Lay the tab out inside the current context and wire it; the table is read when the tab is opened."""
    table = gr.Dataframe(
        headers=[say(column, "en") for column in COLUMNS], interactive=False, wrap=True, show_search="filter",
        max_height=520, elem_id="articles", show_label=False,
        column_widths=[180, 320, 140, 110, 90, 110, 180],
    )  # fmt: skip
    with gr.Row():
        with gr.Column():
            files = gr.File(label=words("upload"), file_count="multiple", type="filepath", elem_id="upload")
            add = gr.Button(words("add"), variant="primary", elem_id="add")
        with gr.Column():
            ids = gr.Dropdown(label=words("ids"), multiselect=True, elem_id="ids")
            remove = _confirmed(gr.Button(words("remove"), elem_id="remove"), "remove", words)
            rebuild = _confirmed(gr.Button(words("rebuild"), elem_id="rebuild"), "rebuild", words)
    report = gr.HTML(elem_id="report")
    for button, handler, inputs in (
        (add, articles.add, files),
        (remove, articles.remove, ids),
        (rebuild, articles.rebuild, None),
    ):
        done = button.click(
            handler, inputs, report, concurrency_id="build", concurrency_limit=1, api_visibility="private"
        )
        if button is add:
            done = done.then(lambda: None, None, files, api_visibility="private", show_progress="hidden")
        done.then(articles.show, None, [table, ids], api_visibility="private", show_progress="hidden")
    tab.select(articles.show, None, [table, ids], api_visibility="private", show_progress="hidden").then(
        None, js=_NAME_SEARCH
    )


def _confirmed(button: gr.Button, name: str, words: Callable[[str], Any]) -> gr.Button:
    """Return a second button, which `button` shows under it together with what it is going to do."""
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    with gr.Column(visible=False, variant="panel", elem_id=f"{name}-sure") as sure:
        gr.Markdown(words(f"{name}_sure"), padding=True)
        with gr.Row():
            go = gr.Button(words("go_on"), variant="stop", elem_id=f"{name}-go")
            stay = gr.Button(words("cancel"))
    button.click(lambda: gr.Column(visible=True), None, sure, **quiet)
    for answer in (go, stay):
        answer.click(lambda: gr.Column(visible=False), None, sure, **quiet)
    return go
