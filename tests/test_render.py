from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Answer, Citation, Conflict, Side
from ui.render import answer_html, notice_html, question_html

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


def test_each_mark_leads_to_its_excerpt() -> None:
    page = Page(answer_html(ANSWERED, turn=3))
    assert [a["href"] for a in page.all("a") if a.get("class") == "silang-mark"] == ["#excerpt-3-1"]
    assert [li.get("id") for li in page.all("li")] == ["excerpt-3-1"]
    (quote,) = page.all("blockquote")
    assert (quote["data-article"], quote["data-start"], quote["data-end"]) == ("a/1", "10", "28")
    assert "Kabar Satu, 14 Februari 2024" in page.text


def test_a_bracketed_number_that_is_no_citation_stays_text() -> None:
    page = Page(answer_html(replace(ANSWERED, text="Pasal [7] berlaku. [1]"), turn=0))
    assert len([a for a in page.all("a") if a.get("class") == "silang-mark"]) == 1
    assert "[7]" in page.text


def test_a_conflict_shows_the_statement_and_every_side_with_its_source() -> None:
    page = Page(answer_html(CONFLICT, turn=0))
    assert "Sumber tidak sepakat." in page.text
    assert len([s for s in page.all("section") if s.get("class") == "silang-side"]) == 2
    assert "sumber tidak disebut, tanggal tidak disebut" in page.text


def test_outcomes_are_told_apart_by_words() -> None:
    missing = Answer("?", "en", "not_found", "The indexed articles do not hold it.", related=(CITATION,))
    heads = [Page(answer_html(a, 0)).text for a in (ANSWERED, CONFLICT, missing)]
    assert "Jawaban" in heads[0] and "Sumber berbeda pendapat" in heads[1] and "Not in the articles" in heads[2]
    assert "they do not answer" in heads[2]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_an_article_or_question_becomes_markup(attack: str) -> None:
    citation = Citation(1, attack, attack, attack, None, attack, 0, 1, attack)
    hostile = Answer(attack, "id", "conflict", attack, (Side(attack, (1,)),), (citation,), Conflict("other", attack))
    for html in (
        answer_html(hostile, 0),
        answer_html(replace(hostile, conflict=None), 0),
        question_html(attack),
        notice_html(attack),
    ):
        page = Page(html)
        assert {tag for tag, _ in page.tags} <= {
            "article", "section", "h3", "h4", "p", "div", "ul", "ol", "li", "cite", "span", "blockquote", "a",
        }  # fmt: skip
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert all((a.get("href") or "").startswith("#") for a in page.all("a"))
        assert attack in page.text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")))
def test_any_text_comes_back_as_text(text: str) -> None:
    assert Page(question_html(text)).text == text
