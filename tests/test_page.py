from __future__ import annotations

import json
import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from pages import TIMEOUT, answers, ask, assert_accessible, chromium, free_port, served
from playwright.sync_api import Browser, Page, expect

from eval.cases import SAMPLE
from ui.cli import main

pytestmark = [pytest.mark.model, pytest.mark.browser]
ATTACK = {
    "id": "attack", "title": "<img src=x onerror=\"document.title='run'\">", "source": "${document.title='run'}",
    "published": "2024-01-01", "language": "id", "url": "javascript:document.title='run'",
    "text": "Walikota Brantakusuma meresmikan <script>document.title='run'</script> menara jam bernama Sadewa pada Senin pagi.",
}  # fmt: skip
TEXTS = {a["id"]: a["text"] for line in SAMPLE.read_text().splitlines() for a in json.loads(line)["articles"]}
QUESTIONS = [q for line in SAMPLE.read_text().splitlines() for q in json.loads(line)["questions"]]
ANSWERED = "What was the gift from Kim Jong Un to Putin?"
MISSING = "Berapa harga tiket konser dangdut di Palembang?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample and one hostile article."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "attack.jsonl").write_text(json.dumps(ATTACK))
    assert main(["index", str(SAMPLE), str(folder / "attack.jsonl"), "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture(scope="module")
def address(store: Path) -> Iterator[str]:
    with served(store) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, whose every request is watched: none may leave this host."""
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(TIMEOUT)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(address)
    opened.locator(".silang-log").wait_for(state="attached")
    yield opened
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert hosts == {"127.0.0.1"}


def conflict_question() -> str:
    return str(next(q["question"] for q in QUESTIONS if q["expect"] == "conflict" and q["kind"] == "number"))


def open_list(page: Page) -> None:
    page.locator("#conversations").get_by_role("button").first.click()
    page.locator(".silang-new").wait_for()


def test_a_person_asks_reads_the_reply_and_finds_the_excerpt_in_its_article(page: Page) -> None:
    page.evaluate("""() => { window.steps = new Set(); new MutationObserver(() => document.querySelectorAll('.silang-step')
        .forEach(s => window.steps.add(s.textContent)))
        .observe(document.body, {childList: true, characterData: true, subtree: true}); }""")
    ask(page, ANSWERED)
    answers(page, 1)
    expect(page.locator("#question textarea")).to_have_value("")
    expect(page.locator(".silang-question")).to_have_text(ANSWERED)
    steps = page.evaluate("() => [...window.steps].join(' | ')")
    assert re.search(r"searching.* reading \d+ excerpts of \d+ articles.* comparing \d+ sources", steps), steps
    reply = page.locator(".silang-answer")
    assert reply.locator("blockquote").count()
    for n, excerpt in enumerate(reply.locator("blockquote").all()):
        article, start, end = (excerpt.get_attribute(f"data-{name}") for name in ("article", "start", "end"))
        cited = TEXTS[str(article)][int(start or 0) : int(end or 0)]
        assert excerpt.text_content() == cited
        reply.locator(".silang-mark").nth(n).click()
        mark = page.locator(".silang-source mark")
        expect(mark).to_have_text(re.compile(re.escape(" ".join(cited.split())[:30]).replace(r"\ ", r"\s+")))
        assert mark.text_content() == cited
        assert page.locator(".silang-text").text_content() == TEXTS[str(article)]
        expect(mark).to_be_in_viewport()


def test_a_conflict_shows_its_sides_and_says_that_it_will_not_choose(page: Page) -> None:
    for n, question in enumerate([q for q in QUESTIONS if q["expect"] == "conflict" and q["language"] == "id"][:6], 1):
        ask(page, question["question"])
        answers(page, n)
    conflict = page.locator(".silang-conflict").first
    assert conflict.locator(".silang-side").count() >= 2
    assert conflict.locator(".silang-side blockquote mark").count() >= 2
    expect(conflict).to_contain_text("tidak memilih")
    expect(conflict).to_contain_text("Yang berbeda:")


def test_what_the_articles_do_not_hold_is_said_beside_what_is_nearest(page: Page) -> None:
    ask(page, MISSING)
    expect(page.locator(".silang-not_found")).to_contain_text("Tidak ada di artikel")
    expect(page.locator(".silang-related")).to_contain_text("tidak menjawab")


def test_a_follow_up_is_resolved_shown_and_can_be_edited(page: Page) -> None:
    ask(page, "Kapan Putin tiba di Pyongyang?")
    answers(page, 1)
    ask(page, "Oke, makasih. Dan kenapa ya?")
    answers(page, 2)
    understood = page.locator(".silang-understood")
    expect(understood).to_contain_text("kenapa — Putin tiba di Pyongyang?")
    understood.get_by_role("button").click()
    expect(page.locator("#question textarea")).to_have_value("kenapa — Putin tiba di Pyongyang?")
    ask(page, "kenapa tiba?")  # as it was left, though it would be a follow-up
    answers(page, 3)
    expect(understood).to_have_count(1)
    ask(page, "kenapa tiba?")  # what was sent is no longer being edited
    answers(page, 4)
    expect(understood).to_have_count(2)
    understood.last.get_by_role("button").click()
    expect(page.locator("#question textarea")).to_have_value(re.compile("kenapa tiba — "))
    page.locator("#question textarea").fill("")  # nor is what was cleared
    page.wait_for_timeout(1000)
    ask(page, "dan kapan?")
    answers(page, 5)
    expect(understood).to_have_count(3)


def test_filters_say_how_many_articles_remain_and_narrow_the_answer(page: Page) -> None:
    page.locator("#filters > button").click()
    expect(page.locator("#count")).to_contain_text(re.compile(r"(\d+) of \1 articles"))
    outlets = page.locator("#outlets input")
    outlets.click()
    outlets.fill("Portal Selasar")
    outlets.press("Enter")
    expect(page.locator("#count")).to_contain_text(re.compile(r"^\s*[1-9] of \d+ articles"))
    ask(page, "Kapan Putin tiba di Pyongyang?")
    answers(page, 1)
    bylines = page.locator(".silang-byline").all_text_contents()
    assert bylines and all("Portal Selasar" in byline for byline in bylines)
    page.locator("#since textarea, #since input").fill("2030-01-01")
    ask(page, "Kapan Putin tiba di Pyongyang?")
    expect(page.locator(".silang-notice").last).to_contain_text("outlet: Portal Selasar; from: 2030-01-01")
    expect(page.locator("#question textarea")).to_have_value("Kapan Putin tiba di Pyongyang?")
    page.locator("#since textarea, #since input").fill("kemarin")
    expect(page.locator("#count")).to_contain_text("is not a date")


def test_articles_are_added_searched_and_removed_while_the_chat_goes_on(page: Page, tmp_path: Path) -> None:
    (tmp_path / "kabar.txt").write_text(
        "Pabrik kerupuk Sumber Renyah di Sidoarjo mempekerjakan 417 orang sejak Januari 2025."
    )
    (tmp_path / "rusak.pdf").write_bytes(b"PK\x03\x04 not a pdf at all")
    row = {"id": "kerupuk-2", "source": "Harian Renyah", "text": "Kerupuk Sumber Renyah dijual sampai ke Brunei."}
    (tmp_path / "baris.jsonl").write_text(json.dumps(row))
    page.get_by_role("tab", name="Articles").click()
    expect(page.locator("#articles")).to_contain_text("kunjungan-pyongyang/a")
    page.locator("#upload input[type=file]").set_input_files(
        [tmp_path / "kabar.txt", tmp_path / "baris.jsonl", tmp_path / "rusak.pdf"]
    )
    expect(page.locator("#upload")).to_contain_text("kabar")
    page.locator("#add").click()
    report = page.locator(".silang-report")
    expect(report).to_contain_text("2 new", timeout=TIMEOUT)
    expect(report).to_contain_text("rusak.pdf")
    page.get_by_role("tab", name="Chat").click()
    ask(page, "Berapa orang yang bekerja di pabrik kerupuk Sumber Renyah?")
    answers(page, 1)
    expect(page.locator(".silang-answer")).to_contain_text("417")
    page.locator("#filters button").first.click()
    page.locator("#outlets input").click()
    expect(page.get_by_role("option", name="Harian Renyah")).to_be_visible()  # the filters know what was added
    page.get_by_role("tab", name="Articles").click()
    ids = page.locator("#ids input")
    ids.click()
    ids.fill("kabar")
    ids.press("Enter")
    page.locator("#remove").click()
    expect(page.locator("#remove-sure")).to_contain_text("leave the index")
    page.locator("#remove-sure").get_by_role("button", name="Cancel").click()
    expect(page.locator("#remove-sure")).to_have_count(0)
    expect(page.locator("#report")).not_to_contain_text("articles removed")
    page.locator("#remove").click()
    page.locator("#remove-go").click()
    expect(page.locator("#report")).to_contain_text("articles removed: 1", timeout=TIMEOUT)


def test_conversations_are_kept_renamed_exported_and_deleted(page: Page, address: str) -> None:
    ask(page, ANSWERED)
    answers(page, 1)
    page.reload()
    page.locator(".silang-log").wait_for(state="attached")
    open_list(page)
    chosen = page.locator(".silang-choose")
    expect(chosen).to_have_text(ANSWERED)
    chosen.click()
    answers(page, 1)
    page.once("dialog", lambda dialog: dialog.accept("Hadiah <b>Kim</b>"))
    page.locator("[data-action=rename]").click()
    expect(chosen).to_have_text("Hadiah <b>Kim</b>")
    with page.expect_download() as download:
        page.locator("[data-action=export]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "# Hadiah \\<b\\>Kim" in text and ANSWERED in text and re.search(r"^\[1\] .+\n“", text, re.M)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-action=delete]").click()
    expect(chosen).to_have_count(0)
    expect(page.locator(".silang-answer")).to_have_count(0)


def test_a_shared_link_asks_its_question(page: Page, address: str) -> None:
    page.goto(f"{address}?q={quote(ANSWERED)}")
    answers(page, 1)
    expect(page.locator(".silang-question")).to_have_text(ANSWERED)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-action=share]").click()
    expect(page.locator("[data-action=share]")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{address}?q={quote(ANSWERED, safe='')}"
    page.locator("[data-action=copy]").click()
    expect(page.locator("[data-action=copy]")).to_have_text("Copied")
    assert "[1]" in page.evaluate("() => navigator.clipboard.readText()")


def test_a_shared_link_that_cannot_be_asked_is_said_once(page: Page, address: str) -> None:
    page.goto(f"{address}?q={quote('?!')}")
    expect(page.locator(".silang-notice")).to_be_visible()
    ask(page, ANSWERED)
    answers(page, 1)
    page.locator("[data-action=open]").first.click()
    page.locator(".silang-source mark").wait_for()
    page.wait_for_timeout(1000)  # what follows a click has run
    expect(page.locator(".silang-notice")).to_have_count(0)
    expect(page.locator(".silang-question")).to_have_count(1)


def test_a_verdict_on_an_answer_is_kept_beside_the_index(page: Page, store: Path) -> None:
    ask(page, ANSWERED)
    answers(page, 1)
    page.locator(".silang-feedback summary").click()
    page.locator(".silang-feedback input").fill("cangkir juga")
    page.locator("[data-verdict=wrong_answer]").click()
    expect(page.locator(".silang-thanks")).to_be_visible()
    kept = json.loads((store / "feedback.jsonl").read_text().splitlines()[-1])
    assert (kept["question"], kept["verdict"], kept["note"]) == (ANSWERED, "wrong_answer", "cangkir juga")
    assert kept["answer"]["status"] and kept["generation"] >= 1


def test_a_question_that_cannot_be_asked_gets_a_sentence(page: Page) -> None:
    ask(page, "?!")
    expect(page.locator(".silang-notice")).to_have_text(re.compile("pertanyaan|question"))
    page.locator("#question textarea").fill("apa " * 25_000)
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".silang-notice")).to_contain_text("1000")


def test_nothing_in_an_article_or_question_runs(page: Page) -> None:
    ask(page, "Siapa meresmikan menara jam Sadewa? <img src=x onerror=\"document.title='run'\">")
    answers(page, 1)
    expect(page.locator(".silang-answer")).to_contain_text("Brantakusuma")
    page.locator(".silang-mark").first.click()
    expect(page.locator(".silang-source")).to_contain_text("menara jam")
    open_list(page)
    assert page.title() != "run"
    for part in (".silang-log", ".silang-source", ".silang-list"):
        assert page.locator(f"{part} img, {part} script, {part} a[href^=javascript]").count() == 0


def test_two_browsers_keep_their_own_conversations(browser: Browser, address: str, page: Page) -> None:
    other = browser.new_context()
    second = other.new_page()
    second.goto(address)
    second.locator(".silang-log").wait_for(state="attached", timeout=TIMEOUT)
    ask(page, "Siapa Kim Jong Un?")
    ask(second, MISSING)
    answers(page, 1)
    answers(second, 1)
    expect(page.locator(".silang-question")).to_have_text("Siapa Kim Jong Un?")
    expect(second.locator(".silang-question")).to_have_text(MISSING)
    other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_is_accessible_and_fits(browser: Browser, address: str, scheme: str, width: int) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}, locale="id-ID"
    )
    page = context.new_page()
    page.goto(f"{address}?q={quote(ANSWERED)}")
    answers(page, 1)
    for n, question in enumerate((conflict_question(), MISSING), 2):
        ask(page, question)
        answers(page, n)
    assert_accessible(page)
    page.locator(".silang-mark").first.click()
    page.locator(".silang-source mark").wait_for()
    assert_accessible(page)
    if width > 1000:
        page.get_by_role("tab", name="Artikel").click()
        expect(page.locator("#articles")).to_contain_text("kunjungan-pyongyang/a", timeout=TIMEOUT)
        assert_accessible(page)
    context.close()


def test_a_reader_cannot_change_the_index_past_the_page(address: str, store: Path) -> None:
    """The handlers of the articles tab, called as the page calls them, by a visitor who comes from elsewhere."""
    config = json.loads(urllib.request.urlopen(f"{address}config").read())
    numbers = {str(d["api_name"]): d["id"] for d in config["dependencies"]}
    before, said = (store / "CURRENT").read_text(), {}
    for name, data in (("rebuild", []), ("remove", [["kunjungan-pyongyang/a"]])):
        body = json.dumps({"data": data, "fn_index": numbers[name], "session_hash": name})
        request = urllib.request.Request(
            f"{address}gradio_api/queue/join", body.encode(),
            {"Content-Type": "application/json", "X-Forwarded-For": "10.0.0.1"},
        )  # fmt: skip
        assert urllib.request.urlopen(request).status == 200
        events = urllib.request.urlopen(f"{address}gradio_api/queue/data?session_hash={name}", timeout=60)
        said[name] = next(line for line in events if b"process_completed" in line).decode()
    assert re.search("not change the index|tidak mengubah indeks", said["rebuild"]), said
    assert '"success":false' in said["remove"].replace(" ", "")  # nothing was offered to this session for removal
    assert (store / "CURRENT").read_text() == before


def test_the_first_paint_comes_within_two_seconds(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#question").wait_for()
    paint = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint < 2000


def test_an_index_that_goes_and_a_server_that_stops_are_said_and_lose_nothing(
    browser: Browser, store: Path, tmp_path: Path
) -> None:
    copied, port = tmp_path / "store", free_port()
    shutil.copytree(store, copied)
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    with served(copied, port=port) as url:
        page.goto(url)
        page.locator(".silang-log").wait_for(state="attached", timeout=TIMEOUT)
        ask(page, ANSWERED)
        answers(page, 1)
        shutil.move(copied, tmp_path / "gone")
        ask(page, "Siapa juara Piala Telaga 2024?")
        expect(page.locator(".silang-notice")).to_contain_text("there is no index", timeout=TIMEOUT)
        shutil.move(tmp_path / "gone", copied)
    time.sleep(1)
    ask(page, "Siapa Kim Jong Un?")
    expect(page.locator("body")).to_contain_text(re.compile("connection|koneksi", re.I), timeout=TIMEOUT)
    with served(copied, port=port):
        page.goto(url)
        page.locator(".silang-log").wait_for(state="attached", timeout=TIMEOUT)
        open_list(page)
        page.locator(".silang-choose").first.click()
        answers(page, 1)
        expect(page.locator(".silang-question").first).to_have_text(ANSWERED)
        expect(page.locator(".silang-notice").first).to_contain_text("interrupted")
        # Asked again under a filter that cannot be, it stays where it is.
        page.locator("#filters > button").click()
        page.locator("#since textarea, #since input").fill("2024-13-01")
        page.locator("[data-action=again]").click()
        expect(page.locator(".silang-notice").last).to_contain_text("is not a date", timeout=TIMEOUT)
        expect(page.locator(".silang-question").last).to_have_text("Siapa juara Piala Telaga 2024?")
        page.locator("#since textarea, #since input").fill("")
        page.locator("[data-action=again]").click()
        answers(page, 2)
        expect(page.locator(".silang-question")).to_have_count(2)
    context.close()
