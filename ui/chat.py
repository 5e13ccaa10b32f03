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
from rag.names import named_in
from rag.phrasing import bare
from rag.pipeline import Silang, Step, check_filters
from rag.question import check_question
from rag.types import Answer
from ui import conversation as talk
from ui.access import Access
from ui.conversation import Conversation
from ui.filters import chosen
from ui.listing import listing_html
from ui.messages import say
from ui.render import VERDICTS, conversation_html, failed_html, notice_html, step_html
from ui.source import source_html

_log = logging.getLogger(__name__)
SPOKEN = {"id": "Bahasa Indonesia", "en": "English"}
# The log, the field that the question came from, the conversations kept, the id of the open one, their list.
Shown = tuple[Any, Any, Any, Any, Any]


def page_language(request: gr.Request) -> str:
    """The language that the browser asks for first, "id" or "en"."""
    return "id" if request.headers.get("accept-language", "").lower().startswith("id") else "en"


class Chat:
    """The chat over one `Silang`."""

    def __init__(self, silang: Silang, access: Access) -> None:
        self._silang, self._access = silang, access

    def load(self, kept: object, request: gr.Request) -> tuple[Any, ...]:
        """Show what the browser keeps; hand on the question of a shared link (`?q=`)."""
        language, held = page_language(request), talk.sound(kept)
        return (
            conversation_html(None, language), request.query_params.get("q", ""), held, "",
            self._listing(held, "", language),
        )  # fmt: skip

    def choices(self, outlets: Sequence[str] | None, languages: Sequence[str] | None) -> tuple[Any, Any]:
        """Return what can be filtered by, and of what is chosen that which still can: the index may have changed."""
        store = self._silang.folder.current()
        names, codes = sorted({info.source for info in store.infos() if info.source}), store.languages()
        return (
            gr.Dropdown(choices=list(names), multiselect=True, value=[name for name in outlets or () if name in names]),
            gr.Dropdown(
                choices=[(SPOKEN.get(code, code), code) for code in codes],
                multiselect=True,
                value=[code for code in languages or () if code in codes],
            ),
        )

    def ask(
        self, text: str, kept: object, current: str, standing: str, outlets: Sequence[str], languages: Sequence[str],
        since: str, until: str, request: gr.Request,
    ) -> Iterator[Shown]:  # fmt: skip
        """Put the question on the page at once, then each step of answering, then the answer; empty its field.

        `standing` is the question that stands alone which this one was made of: by editing it, by asking it again or by
        opening its link. What a person makes of it is what they mean, whatever was asked before. "" where there is none.
        """
        language, held = page_language(request), talk.sound(kept)
        if not text.strip():
            yield _only()
            return
        try:
            filters = self._filters(outlets, languages, since, until)
            question = check_question(text)
            if not standing:
                past = talk.past(talk.find(held, current))
                question = check_question(resolve(bare(text), past, self._silang.encoder, self._named))
        except SilangError as error:
            yield _only(self._log(held, current, language) + notice_html(error.say(language)))
            return
        held, current = talk.with_turn(held, current, talk.new_turn(text.strip(), question))
        number = len((talk.find(held, current) or {"turns": []})["turns"]) - 1
        doing = step_html(Step("search"), language)
        yield self._log(held, current, language, doing), "", held, current, self._listing(held, current, language)
        try:
            generation = self._silang.folder.current().generation
            steps = self._silang.steps(question, filters)
            while True:
                try:
                    step = next(steps)
                except StopIteration as end:
                    answer: Answer = end.value
                    break
                yield _only(self._log(held, current, language, step_html(step, language)))
        except Exception as error:  # noqa: BLE001 (whatever it was, the page says a sentence and the terminal the rest)
            if not isinstance(error, SilangError):
                _log.exception("answering failed")
            why = error.say(language) if isinstance(error, SilangError) else say("failed", language)
            yield _only(self._log(held, current, language, failed_html(why, number, language)))
            return
        held = talk.with_answer(held, current, answer, generation)
        yield self._log(held, current, language), gr.skip(), held, current, self._listing(held, current, language)

    def act(
        self, kept: object, current: str, outlets: Sequence[str], languages: Sequence[str], since: str, until: str,
        request: gr.Request, event: gr.EventData,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Do what was clicked in the log. A question is asked again where the filters allow it, else it stays.

        Returns (log, question box, what of it stands alone, question to ask now, conversations, source panel's text,
        source panel).
        """
        language, held, data = page_language(request), talk.sound(kept), event._data or {}
        conversation, action = talk.find(held, current), data.get("action")
        turn = _turn(conversation, data.get("turn"))
        nothing = (gr.skip(),) * 7
        if conversation is None or turn is None:
            return nothing
        answer = Answer.from_json(turn["answer"]) if turn["answer"] else None
        if action == "open" and answer:
            return (*nothing[:5], self._source(answer, data.get("n"), language), gr.Sidebar(open=True))
        if action == "edit":
            return (gr.skip(), turn["question"], turn["question"], *nothing[3:])
        if action == "again":
            try:
                self._filters(outlets, languages, since, until)
            except SilangError as error:
                return (self._log(held, current, language) + notice_html(error.say(language)), *nothing[1:])
            held = talk.without_turn(held, current, int(data["turn"]))
            return self._log(held, current, language), *nothing[1:3], turn["question"], held, *nothing[5:]
        if action == "feedback" and answer and data.get("verdict") in VERDICTS:
            note = str(data.get("note", ""))
            given = Feedback.of(turn["question"], answer.to_json(), turn["generation"], data["verdict"], note)
            try:
                record(self._silang.folder.path, given)
            except OSError:
                _log.exception("feedback could not be kept")
                said = self._log(held, current, language) + notice_html(say("not_kept", language))
                return (said, *nothing[1:])
            held = talk.changed(held, current, int(data["turn"]), feedback=data["verdict"])
            return self._log(held, current, language), *nothing[1:4], held, *nothing[5:]
        return nothing

    def organise(self, kept: object, current: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        """Do what was clicked in the list of conversations.

        Returns (log, conversations, id of the open one, their list, a file to save as JSON).
        """
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
        return log, held, current, self._listing(held, current, language), saved

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

    def _filters(self, outlets: Sequence[str], languages: Sequence[str], since: str, until: str) -> Filters:
        """The filters; raises SilangError where they leave nothing, for a question is still in its field then."""
        filters = chosen(outlets, languages, since, until)
        if filters:
            check_filters(self._silang.folder.current(), filters)
        return filters

    def _listing(self, held: Sequence[Conversation], current: str, language: str) -> str:
        leave = f'<a href="logout">{say("sign_out", language)}</a>' if self._access.required else ""
        return listing_html(held, current, language) + leave

    def _named(self, word: str) -> bool:
        return named_in(self._silang.folder.current(), word)

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


def _only(log: Any = None) -> Shown:
    """What `ask` shows when nothing but the log changes, or nothing at all."""
    return (gr.skip() if log is None else log, *(gr.skip(),) * 4)


def _turn(conversation: Conversation | None, number: object) -> talk.Turn | None:
    turns = conversation["turns"] if conversation else []
    return turns[int(str(number))] if str(number).isdecimal() and int(str(number)) < len(turns) else None
