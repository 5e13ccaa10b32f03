from __future__ import annotations

from collections.abc import Sequence

import gradio as gr
import pytest
from builders import Agreeing
from conftest import HashEncoder

from index.build import build_index
from index.folder import StoreFolder
from index.types import Article
from rag.pipeline import Silang
from rag.types import Answer, Citation, Conflict, Evidence, Passage, Question, Side
from ui import conversation
from ui.access import Access
from ui.chat import Chat
from ui.conversation import Conversation, markdown, new_turn, past, renamed, sound, with_answer, with_turn, without


class Silent:
    """A reader to whom nothing answers."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        return []


CITATION = Citation(
    1, "a/1", "Judul [1] *tebal*", "Kabar_Satu", "2024-02-14", "https://example.org/a", 0, 18, "Empat\norang tewas."
)
ANSWER = Answer(
    "Berapa?", "id", "conflict", "Beda.\n- Kabar: empat [1]", (Side("empat", (1,)), Side("lima", (1,))), (CITATION,),
    Conflict("number", "Beda."),
)  # fmt: skip


def grown() -> tuple[list[Conversation], str]:
    kept, id_ = with_turn([], "", new_turn("Berapa korban?", "Berapa korban?"))
    return with_answer(kept, id_, ANSWER, 3), id_


def test_a_conversation_grows_and_the_latest_stands_first() -> None:
    kept, first = grown()
    kept, second = with_turn(kept, "", new_turn("Lain?", "Lain?"))
    assert [c["id"] for c in kept] == [second, first]
    kept, same = with_turn(kept, first, new_turn("dan kapan?", "kapan?"))
    assert same == first and [len(c["turns"]) for c in kept] == [2, 1] and kept[0]["title"] == "Berapa korban?"
    assert kept[0]["turns"][0]["generation"] == 3


def test_what_was_answered_is_what_a_follow_up_builds_on() -> None:
    kept, id_ = grown()
    kept, _ = with_turn(kept, id_, new_turn("belum dijawab?", "belum dijawab?"))
    (turn,) = past(kept[0])
    assert (turn.question, turn.answers) == ("Berapa korban?", ("empat", "lima"))
    assert past(None) == []


def test_an_answer_comes_back_from_json_as_it_was() -> None:
    assert Answer.from_json(ANSWER.to_json()) == ANSWER


def test_an_answer_of_another_version_is_read_as_far_as_it_is_known() -> None:
    newer = {**ANSWER.to_json(), "mood": "calm"}
    del newer["timings_ms"]
    assert Answer.from_json(newer) == ANSWER
    with pytest.raises(ValueError, match="status"):
        Answer.from_json({**newer, "status": "perhaps"})


def test_a_conversation_is_renamed_and_deleted() -> None:
    kept, id_ = grown()
    assert renamed(kept, id_, "  Baru   sekali ")[0]["title"] == "Baru sekali"
    assert renamed(kept, id_, "  ")[0]["title"] == "Berapa korban?"
    assert without(kept, id_) == [] and without(kept, "x") == kept


def test_markdown_numbers_the_sources_and_runs_nothing() -> None:
    kept, _ = grown()
    text = markdown(kept[0], "id")
    assert "# Berapa korban?" in text and "empat [1]" in text
    assert "[1] Judul [1] \\*tebal\\* — Kabar\\_Satu, 14 Februari 2024. <https://example.org/a>" in text
    assert "“Empat orang tewas.”" in text
    hostile: Conversation = {"id": "x", "title": "<img src=x>", "turns": [new_turn("[a](javascript:b)", "# c")]}
    assert "\\<img src=x\\>" in markdown(hostile, "en") and "\\[a\\](javascript:b)" in markdown(hostile, "en")


@pytest.mark.parametrize(
    "kept",
    [None, "x", [1], [{"id": 1}], [{"id": "a", "title": "b", "turns": [{}]}],
     [{"id": "a", "title": "b", "turns": [{"asked": "q", "question": "q", "answer": {"status": "answered"}}]}]],
)  # fmt: skip
def test_what_a_browser_kept_wrongly_is_left_out(kept: object) -> None:
    assert sound(kept) == []
    assert sound([*(kept if isinstance(kept, list) else []), *grown()[0]])[0]["title"] == "Berapa korban?"


def test_the_oldest_conversations_go_when_the_browser_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "KEPT", 600)
    kept: list[Conversation] = []
    for n in range(9):
        kept, _ = with_turn(kept, "", new_turn(f"Pertanyaan {n}?", "x"))
    assert 1 <= len(kept) < 9 and kept[0]["title"] == "Pertanyaan 8?"
    kept, _ = with_turn(kept, "", new_turn("p" * 3000, "x"))
    assert len(kept) == 1


@pytest.fixture
def chat(store: StoreFolder, encoder: HashEncoder) -> Chat:
    build_index(store, [Article("a", "Empat orang tewas.", source="Kabar Satu", language="id")], encoder)
    return Chat(Silang(store, encoder, Silent(), Agreeing()), Access())


def asked(
    chat: Chat, text: str, kept: list[Conversation], id_: str, standing: str = "", outlets: Sequence[str] = ()
) -> list[tuple[object, ...]]:
    return list(chat.ask(text, kept, id_, standing, outlets, [], "", "", gr.Request(headers={})))


def test_what_is_put_before_a_person_to_edit_is_asked_as_they_leave_it(chat: Chat) -> None:
    kept, id_ = grown()
    for standing, question in (("", "kapan — korban?"), ("kapan — korban?", "dan kapan?")):
        (_, _, held, _, _), *_ = asked(chat, "dan kapan?", kept, id_, standing)
        (_, turn) = sound(held)[0]["turns"]
        assert (turn["asked"], turn["question"]) == ("dan kapan?", question)


def test_a_question_that_filters_leave_nothing_for_stays_in_its_field(chat: Chat) -> None:
    ((log, box, held, *_),) = asked(chat, "Kapan?", [], "", outlets=["Kabar satu"])
    assert "outlet: Kabar satu" in str(log) and "silang-notice" in str(log)
    assert box == held == gr.skip()


@pytest.mark.filterwarnings("error::UserWarning")
def test_a_filter_that_left_the_index_is_no_longer_chosen(chat: Chat) -> None:
    outlets, languages = chat.choices(["Kabar Satu", "Kabar Lama"], ["en"])
    assert [value for _, value in outlets.choices] == ["Kabar Satu"] == outlets.value
    assert [value for _, value in languages.choices] == ["id"] and languages.value == []
