"""What the chat does: handlers between the page's components and `rag`. What is shown is made in `ui/render.py`.

Everything a person asked lives in their browser (`gr.BrowserState`) and comes in with each call; nothing of it is held
here, so sessions cannot mix.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from index.types import Filters, SilangError
from rag.feedback import Feedback, record
from rag.followup import resolve
from rag.pipeline import Silang, Step
from rag.question import check_question
from rag.types import Answer
from ui import conversation as talk
from ui.conversation import Conversation
from ui.filters import chosen
from ui.listing import listing_html
from ui.messages import say
from ui.render import VERDICTS, conversation_html, notice_html, step_html
from ui.source import source_html

_log = logging.getLogger(__name__)
# What the handlers return: the log, the question box, the conversations kept, the id of the open one, their list.
Shown = tuple[Any, Any, Any, Any, Any]


def page_language(request: gr.Request) -> str:
    """The language that the browser asks for first, "id" or "en"."""
    return "id" if request.headers.get("accept-language", "").lower().startswith("id") else "en"


class Chat:
    """The chat over one `Silang`."""

    def __init__(self, silang: Silang) -> None:
        self._silang = silang

    def load(self, kept: object, request: gr.Request) -> Shown:
        """Show what the browser keeps, and put the question of a shared link (`?q=`) into the box."""
        language, held = page_language(request), talk.sound(kept)
        asked = request.query_params.get("q", "")
        return (
            conversation_html(None, language), asked or gr.skip(), held, "",  # what is being typed already stays
            listing_html(held, "", language),
        )  # fmt: skip

    def ask(
        self, text: str, kept: object, current: str, outlets: Sequence[str], languages: Sequence[str], since: str,
        until: str, request: gr.Request,
    ) -> Iterator[Shown]:  # fmt: skip
        """Put the question on the page at once, then each step of answering, then the answer."""
        language, held = page_language(request), talk.sound(kept)
        if not text.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        try:
            filters = chosen(outlets, languages, since, until)
            question = resolve(check_question(text), talk.past(talk.find(held, current)), self._silang.encoder)
        except SilangError as error:
            shown = conversation_html(talk.find(held, current), language) + notice_html(error.say(language))
            yield shown, gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        held, current = talk.with_turn(held, current, talk.new_turn(text.strip(), question))
        doing = step_html(Step("search"), language)
        yield self._log(held, current, language, doing), "", held, current, listing_html(held, current, language)
        try:
            generation = self._silang.folder.current().generation
            steps = self._silang.steps(question, filters)
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    answer: Answer = end.value
                    break
                doing = step_html(step, language)
                yield self._log(held, current, language, doing), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        except Exception as error:  # noqa: BLE001 (whatever it was, the page says a sentence and the terminal the rest)
            if not isinstance(error, SilangError):
                _log.exception("answering failed")
            why = error.say(language) if isinstance(error, SilangError) else say("failed", language)
            yield self._log(held, current, language, notice_html(why)), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        held = talk.with_answer(held, current, answer, generation)
        yield self._log(held, current, language), gr.skip(), held, gr.skip(), gr.skip()

    def act(self, kept: object, current: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """Do what was clicked in the log; return (log, box, conversations, source panel's text, source panel)."""
        language, held, data = page_language(request), talk.sound(kept), event._data or {}
        open_one = talk.find(held, current)
        turn = _turn(open_one, data.get("turn"))
        nothing = (gr.skip(),) * 5
        if open_one is None or turn is None:
            return nothing
        number, action = int(data["turn"]), data.get("action")
        if action == "open" and turn["answer"]:
            return (
                *nothing[:3],
                self._source(Answer.from_json(turn["answer"]), data.get("n"), language),
                gr.Sidebar(open=True),
            )
        if action in ("edit", "again"):
            if action == "again":
                held = [{**c, "turns": [t for t in c["turns"] if t is not turn]} if c is open_one else c for c in held]
            return self._log(held, current, language), turn["question"], held, *nothing[3:]
        if action == "feedback" and turn["answer"] and data.get("verdict") in VERDICTS:
            given = Feedback.of(
                turn["question"], turn["answer"], turn["generation"], data["verdict"], data.get("note", "")
            )
            record(self._silang.folder.path, given)
            held = talk.changed(held, current, number, feedback=data["verdict"])
            return self._log(held, current, language), gr.skip(), held, *nothing[3:]
        return nothing

    def organise(self, kept: object, current: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """Do what was clicked in the list of conversations; return what `ask` does, and a file to save as JSON."""
        language, held, data = page_language(request), talk.sound(kept), event._data or {}
        action, id_ = data.get("action"), str(data.get("id", ""))
        saved = ""
        if action == "new":
            current = ""
        elif action == "choose" and talk.find(held, id_):
            current = id_
        elif action == "rename":
            held = talk.renamed(held, id_, str(data.get("title", "")))
        elif action == "delete":
            held, current = talk.without(held, id_), "" if current == id_ else current
        elif action == "export" and (chosen_one := talk.find(held, id_)):
            saved = json.dumps({"name": f"{chosen_one['title']}.md", "text": talk.markdown(chosen_one, language)})
        log = gr.skip() if action in ("rename", "export") else self._log(held, current, language)
        return log, gr.skip(), held, current, listing_html(held, current, language), saved

    def count(
        self, outlets: Sequence[str], languages: Sequence[str], since: str, until: str, request: gr.Request
    ) -> str:
        """Say how many articles the filters leave."""
        language = page_language(request)
        try:
            store = self._silang.folder.current()
            left, of = store.count(chosen(outlets, languages, since, until)), store.count(Filters())
        except SilangError as error:
            return notice_html(error.say(language))
        return f'<p class="silang-count" role="status">{say("remain", language, n=left, of=of)}</p>'

    def _source(self, answer: Answer, number: object, language: str) -> str:
        cited = next((c for c in (*answer.citations, *answer.related) if str(c.n) == str(number)), None)
        if cited is None:
            return ""
        try:
            article = self._silang.folder.current().article(cited.article)
        except SilangError:
            article = None
        return source_html(cited, article, language)

    @staticmethod
    def _log(held: Sequence[Conversation], current: str, language: str, doing: str = "") -> str:
        return conversation_html(talk.find(held, current), language, doing)


def _turn(conversation: Conversation | None, number: object) -> talk.Turn | None:
    turns = conversation["turns"] if conversation else []
    return turns[int(str(number))] if str(number).isdecimal() and int(str(number)) < len(turns) else None
