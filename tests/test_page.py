from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from eval.cases import SAMPLE
from ui.cli import main

pytestmark = [pytest.mark.model, pytest.mark.browser]
ATTACK = {
    "id": "attack", "title": "<img src=x onerror=\"document.title='run'\">", "source": "${document.title='run'}",
    "published": "2024-01-01", "language": "id", "url": "javascript:document.title='run'",
    "text": "Walikota Brantakusuma meresmikan <script>document.title='run'</script> menara jam bernama Sadewa pada Senin pagi.",
}  # fmt: skip
ANSWER_TIMEOUT = 60_000  # milliseconds; the first question waits for the model to warm up


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A chat served as a person serves it, on the sample and one hostile article."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "attack.jsonl").write_text(json.dumps(ATTACK))
    assert main(["index", str(SAMPLE), str(folder / "attack.jsonl"), "--store", str(folder / "store")]) == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui", "chat", "--store", str(folder / "store"), "--port", str(port)]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        url = f"http://127.0.0.1:{port}/"
        for _ in range(240):
            try:
                urllib.request.urlopen(url, timeout=5).read()
                break
            except OSError:
                assert process.poll() is None, Path(log.name).read_text()
                time.sleep(0.5)
        else:
            pytest.fail(f"the page never came up:\n{Path(log.name).read_text()}")
        yield url
        process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, whose every request is watched: none may leave this host."""
    context = browser.new_context()
    context.set_default_timeout(ANSWER_TIMEOUT)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(address)
    yield opened
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert hosts == {"127.0.0.1"}


def ask(page: Page, question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def test_a_person_asks_reads_the_reply_and_finds_the_excerpt(page: Page, address: str) -> None:
    ask(page, "What was the gift from Kim Jong Un to Putin?")
    reply = page.locator(".silang-answer")
    expect(reply).to_have_count(1, timeout=ANSWER_TIMEOUT)
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator(".silang-question")).to_have_text("What was the gift from Kim Jong Un to Putin?")
    texts = {a["id"]: a["text"] for line in SAMPLE.read_text().splitlines() for a in json.loads(line)["articles"]}
    excerpts = reply.locator("blockquote").all()
    assert excerpts
    for excerpt in excerpts:
        article, start, end = (excerpt.get_attribute(f"data-{name}") for name in ("article", "start", "end"))
        assert excerpt.text_content() == texts[str(article)][int(start or 0) : int(end or 0)]
    mark = reply.locator(".silang-mark").first
    target = str(mark.get_attribute("href"))
    mark.click()
    expect(reply.locator(f"li{target}")).to_be_in_viewport()


def test_a_conflict_shows_its_sides_and_says_that_it_will_not_choose(page: Page) -> None:
    questions = [
        q for line in SAMPLE.read_text().splitlines() for q in json.loads(line)["questions"]
        if q["expect"] == "conflict" and q["kind"] in ("number", "date") and q["language"] == "id"
    ]  # fmt: skip
    for n, question in enumerate(questions, 1):
        ask(page, question["question"])
        expect(page.locator(".silang-answer")).to_have_count(n, timeout=ANSWER_TIMEOUT)
    conflict = page.locator(".silang-conflict").first
    assert conflict.locator(".silang-side").count() >= 2
    expect(conflict).to_contain_text("tidak memilih")


def test_what_the_articles_do_not_hold_is_said(page: Page) -> None:
    ask(page, "Berapa harga tiket konser dangdut di Palembang?")
    expect(page.locator(".silang-not_found")).to_contain_text("Tidak ada di artikel")


def test_a_question_that_cannot_be_asked_gets_a_sentence(page: Page) -> None:
    ask(page, "?!")
    expect(page.locator(".silang-notice")).to_have_text(re.compile("pertanyaan|question"))


def test_nothing_in_an_article_or_question_runs(page: Page) -> None:
    ask(page, "Siapa meresmikan menara jam Sadewa? <img src=x onerror=\"document.title='run'\">")
    expect(page.locator(".silang-answer")).to_contain_text("Brantakusuma")
    assert page.title() != "run"
    assert page.locator(".silang-answer img, .silang-answer script, .silang-question img").count() == 0


def test_two_browsers_keep_their_own_conversations(browser: Browser, address: str, page: Page) -> None:
    other = browser.new_context()
    second = other.new_page()
    second.goto(address)
    ask(page, "Siapa Kim Jong Un?")
    expect(page.locator(".silang-answer")).to_have_count(1, timeout=ANSWER_TIMEOUT)
    expect(second.locator(".silang-answer")).to_have_count(0)
    other.close()
