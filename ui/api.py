"""The HTTP interface and the MCP tools: `ask`, `search`, `show`. What stands here is what their callers read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

import gradio as gr

from index.build import check_model
from index.types import SilangError
from rag.cite import cite
from rag.pipeline import Silang
from rag.question import analyse
from rag.retrieve import retrieve
from ui.filters import chosen

Result = TypeVar("Result")
MOST = 20  # passages of one search


def add_endpoints(silang: Silang) -> None:
    """Add the endpoints to the page that is being laid out."""

    def ask(
        question: str, sources: list[str] | None = None, languages: list[str] | None = None, since: str | None = None,
        until: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Answer a question from the indexed news articles with verbatim excerpts.

        Args:
            question: A question in Indonesian or English that stands alone.
            sources: Only articles of these outlets, written exactly as the articles state them; all where empty.
            languages: Only articles in these languages, as "id" or "en"; all where empty.
            since: Only articles published on or after this day, as 2024-06-19.
            until: Only articles published on or before this day, as 2024-06-19.

        Returns:
            The answer: "status" is "answered", "conflict" (the sources disagree; every side is given and none is picked)
            or "not_found"; "text" is the reply with [n] markers, "citations" are the excerpts they stand for.
        """

        def answered() -> dict[str, Any]:
            narrowed = chosen(
                _names("sources", sources), _names("languages", languages), _day("since", since), _day("until", until)
            )
            return silang.reply(_text("question", question), narrowed).to_json()

        return _said(answered)

    def search(query: str, limit: int = 8) -> list[dict[str, Any]]:
        """Find the passages of the indexed news articles that are nearest to a query.

        Args:
            query: A question or keywords, in Indonesian or English.
            limit: How many passages at most, from 1 to 20.

        Returns:
            Passages, best first: article id, title, outlet, date, place in the article's text, and the text itself.
        """

        def found() -> list[dict[str, Any]]:
            store = silang.folder.current()
            check_model(store, silang.encoder, silang.folder.path)
            question = analyse(_text("query", query), store)
            vector = silang.encoder.query(question.text)
            passages = retrieve(store, vector, question, limit=max(1, min(_whole("limit", limit), MOST)), foreign=0)
            return [asdict(cite(p.article, p.chunk.span, n)) for n, p in enumerate(passages, 1)]

        return _said(found)

    def show(article: str) -> dict[str, Any]:
        """Return a whole indexed article.

        Args:
            article: The id of the article, as in the citations of an answer.

        Returns:
            Id, title, outlet, date, language, link and text of the article.
        """

        def found() -> dict[str, Any]:
            held = silang.folder.current().article(_text("article", article))
            # Not where its file lies on this machine.
            return {name: value for name, value in asdict(held).items() if name != "path"}

        return _said(found)

    for function in (ask, search, show):
        gr.api(function, api_name=function.__name__)


def _said(call: Callable[[], Result]) -> Result:
    """Turn what a person can act on into an error that reaches the caller in words."""
    try:
        return call()
    except SilangError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _text(name: str, given: object) -> str:
    if isinstance(given, str):
        return given
    raise _mistyped(name, given, "a text", "teks")


def _day(name: str, given: object) -> str | None:
    return None if given is None else _text(name, given)


def _names(name: str, given: object) -> list[str]:
    names = [given] if isinstance(given, str) else given or []
    if isinstance(names, list) and all(isinstance(one, str) for one in names):
        return names
    raise _mistyped(name, given, "a list of texts", "daftar teks")


def _whole(name: str, given: object) -> int:
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    if isinstance(given, (int, float)) and not isinstance(given, bool) and given == given // 1:
        return int(given)
    raise _mistyped(name, given, "a whole number", "bilangan bulat")


def _mistyped(name: str, given: object, en: str, id: str) -> SilangError:
    shown = repr(given)[:80]
    return SilangError(f"{name} must be {en}, not {shown}", f"{name} harus berupa {id}, bukan {shown}")
