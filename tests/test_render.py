from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from rag.pipeline import Step
from rag.types import Answer, Citation, Conflict, Side
from ui.conversation import Conversation, Turn, new_turn
from ui.listing import listing_html
from ui.render import answer_html, conversation_html, notice_html, step_html
from ui.source import source_html

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "javascript:alert(1)",
    "[klik](javascript:alert(1))", "' onmouseover='alert(1)", "{{7*7}}", "${alert(1)}", "</article><iframe src=//x>",
]  # fmt: skip
CITATION = Citation(
    1, "a/1", "Judul", "Kabar Satu", "2024-02-14", "https://example.org/a", 10, 28, "Empat orang tewas."
)
OTHER = Citation(2, "b/1", "Lain", None, None, None, 0, 22, "Sembilan orang tewas.")
ANSWERED = Answer("Berapa?", "id", "answered", "empat: “Empat orang tewas.” [1]", (Side("empat", (1,)),), (CITATION,))
CONFLICT = Answer(
    "Berapa?", "id", "conflict", "Beda. [1] [2]", (Side("empat", (1,)), Side("sembilan", (2,))), (CITATION, OTHER),
    Conflict("number", "Sumber tidak sepakat."),
)  # fmt: skip


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def marks(page: Page) -> list[tuple[str | None, str | None]]:
    return [(b.get("data-turn"), b.get("data-n")) for b in page.all("button") if b.get("data-action") == "open"]


def test_each_excerpt_is_verbatim_and_opens_its_source() -> None:
    page = Page(answer_html(ANSWERED, turn=3))
    assert marks(page) == [("3", "1")]
    (quote,) = page.all("blockquote")
    assert (quote["data-article"], quote["data-start"], quote["data-end"]) == ("a/1", "10", "28")
    assert "Empat orang tewas." in page.text and "Kabar Satu, 14 Februari 2024" in page.text


def test_an_answer_says_how_many_sources_say_so_and_when() -> None:
    assert "Satu sumber menyebutkannya (14 Februari 2024)" in Page(answer_html(ANSWERED, 0)).text
    later = replace(OTHER, published="2024-02-17")
    two = replace(ANSWERED, sides=(Side("empat", (1, 2)),), citations=(CITATION, later))
    assert (
        "2 sumber independen menyebutkannya (14 Februari 2024 sampai 17 Februari 2024)"
        in Page(answer_html(two, 0)).text
    )


def test_one_outlet_in_two_spellings_is_one_source() -> None:
    named = [replace(CITATION, n=n, source=name) for n, name in enumerate(("Kabar.com", "KABAR.com", "kabarcom"), 1)]
    answer = replace(ANSWERED, sides=(Side("empat", (1, 2, 3)),), citations=tuple(named))
    text = Page(answer_html(answer, 0)).text
    assert "Satu sumber menyebutkannya" in text
    assert all(name in text for name in ("Kabar.com", "KABAR.com", "kabarcom"))


def test_the_words_that_differ_are_marked() -> None:
    html = answer_html(CONFLICT, 0)
    assert "<mark>Empat</mark> orang tewas." in html and "<mark>Sembilan</mark> orang tewas." in html


def test_a_conflict_shows_the_statement_and_every_side_with_its_source() -> None:
    page = Page(answer_html(CONFLICT, turn=0))
    assert "Sumber tidak sepakat." in page.text
    assert len([s for s in page.all("section") if s.get("class") == "silang-side"]) == 2
    assert "sumber tidak disebut, tanggal tidak disebut" in page.text


def test_outcomes_are_told_apart_by_words() -> None:
    missing = Answer("?", "en", "not_found", "The indexed articles do not hold it.", related=(CITATION,))
    heads = [Page(answer_html(a, 0)).text for a in (ANSWERED, CONFLICT, missing)]
    assert "Jawaban" in heads[0] and "Sumber tidak sepakat" in heads[1] and "Not in the articles" in heads[2]
    assert "they do not answer" in heads[2]


def talked(asked: str, question: str | None = None, answer: Answer | None = None) -> Conversation:
    turn: Turn = {**new_turn(asked, question or asked), "answer": answer.to_json() if answer else None}
    return {"id": "c", "title": asked, "turns": [turn]}


def test_a_question_that_was_resolved_is_shown_and_can_be_edited() -> None:
    page = Page(conversation_html(talked("dan kapan?", "kapan banjir di Bima?", ANSWERED), "id"))
    assert "Dipahami sebagai: kapan banjir di Bima?" in page.text
    assert [b["data-turn"] for b in page.all("button") if b.get("data-action") == "edit"] == ["0"]


def test_a_question_without_an_answer_can_be_asked_again_unless_it_is_being_answered() -> None:
    waiting = talked("Berapa?")
    assert "terputus" in Page(conversation_html(waiting, "id")).text
    doing = step_html(Step("read", passages=8, articles=5), "id")
    page = Page(conversation_html(waiting, "id", doing))
    assert "membaca 8 kutipan dari 5 artikel" in page.text and "terputus" not in page.text


def test_the_source_panel_highlights_exactly_what_is_cited() -> None:
    article = Article("a/1", "Pagi itu. Empat orang tewas. Habis.", "Judul", "Kabar Satu", "2024-02-14", "id")
    html = source_html(CITATION, article, "id")
    assert 'Pagi itu. <mark tabindex="-1">Empat orang tewas.</mark> Habis.' in html
    assert "Indonesia" in html and 'href="https://example.org/a"' in html
    changed = source_html(CITATION, replace(article, text="Lain sama sekali, lebih panjang dari itu."), "id")
    assert "sudah berubah" in changed and ">Empat orang tewas.</mark>" in changed
    assert "tidak ada lagi" in source_html(CITATION, None, "id")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_an_article_or_question_becomes_markup(attack: str) -> None:
    citation = Citation(1, attack, attack, attack, None, attack, 0, len(attack), attack)
    hostile = Answer(attack, "id", "conflict", attack, (Side(attack, (1,)),), (citation,), Conflict("other", attack))
    missing = replace(hostile, status="not_found", sides=(), citations=(), conflict=None, related=(citation,))
    whole = Article(attack, attack, attack, attack, None, "id", attack)
    for html in (
        conversation_html(talked(attack, attack + "?", hostile), "id"),
        conversation_html(talked(attack, None, replace(hostile, status="answered", conflict=None)), "id"),
        conversation_html(talked(attack, None, missing), "id"),
        listing_html([talked(attack)], "c", "id"),
        source_html(citation, whole, "id"),
        notice_html(attack),
    ):
        page = Page(html)
        assert {tag for tag, _ in page.tags} <= {
            "article", "section", "h2", "h3", "h4", "p", "div", "ul", "ol", "li", "span", "blockquote", "button", "mark",
            "footer", "details", "summary", "label", "input", "nav", "dl", "dt", "dd",
        }  # fmt: skip
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert attack in page.text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")))
def test_any_text_comes_back_as_text(text: str) -> None:
    assert text in Page(conversation_html(talked(text), "en")).text
