from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import TextContent
from pages import TIMEOUT, answers, ask, chromium, served
from playwright.sync_api import expect

from eval.cases import SAMPLE
from ui.access import account_line, save_account
from ui.cli import main

pytestmark = [pytest.mark.model, pytest.mark.browser]
QUESTION = "Kapan Putin tiba di Pyongyang?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving")
    assert main(["index", str(SAMPLE), "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture(scope="module")
def address(store: Path) -> Iterator[str]:
    with served(store, "--mcp") as url:
        yield url


def test_the_http_interface_answers_searches_and_shows(address: str) -> None:
    client = Client(address, verbose=False)
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert {"/ask", "/search", "/show"} == set(endpoints)
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer["status"] in ("answered", "conflict") and answer["citations"]
    only = client.predict(QUESTION, sources=["Portal Selasar"], api_name="/ask")
    assert {c["source"] for c in only["citations"]} == {"Portal Selasar"}
    mistyped = client.predict(QUESTION, sources=["portal selasar"], api_name="/ask")
    assert mistyped["status"] == "not_found" and "media: portal selasar" in mistyped["text"]
    passages = client.predict("Putin Pyongyang", limit=3, api_name="/search")
    assert len(passages) == 3 and passages[0]["quote"]
    article = client.predict(passages[0]["article"], api_name="/show")
    assert "path" not in article
    assert article["text"][passages[0]["start"] : passages[0]["end"]] == passages[0]["quote"]
    with pytest.raises(Exception, match="no article"):
        client.predict("nothing/x", api_name="/show")


def test_an_mcp_client_finds_the_three_tools_and_uses_them(address: str) -> None:
    async def use() -> tuple[list[str], dict[str, Any]]:
        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            assert all(tool.description for tool in tools)
            result = await session.call_tool(
                next(t.name for t in tools if t.name.endswith("ask")), {"question": QUESTION}
            )
            (said,) = result.content
            assert isinstance(said, TextContent)
            return sorted(tool.name.rsplit("_", 1)[-1] for tool in tools), ast.literal_eval(said.text)

    names, answer = asyncio.run(use())
    assert names == ["ask", "search", "show"]
    assert answer["status"] in ("answered", "conflict") and answer["citations"]


def test_accounts_are_asked_for_and_only_editors_see_the_articles(store: Path, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts"
    save_account(accounts, account_line("rina", "editor", "sandi-editor"))
    save_account(accounts, account_line("budi", "reader", "sandi-reader"))
    with served(store, "--auth", str(accounts)) as url, chromium() as browser:
        for name, password, sees in (("rina", "sandi-editor", True), ("budi", "sandi-reader", False)):
            context = browser.new_context(locale="en-US")
            page = context.new_page()
            page.set_default_timeout(TIMEOUT)
            page.goto(url)
            fields = page.locator("input")
            fields.nth(0).fill(name)
            fields.nth(1).fill("wrong")
            page.get_by_role("button", name="Login").click()
            expect(page.locator("body")).to_contain_text("Incorrect")
            fields.nth(0).fill(name)
            fields.nth(1).fill(password)
            page.get_by_role("button", name="Login").click()
            page.locator(".silang-log").wait_for(state="attached")
            expect(page.get_by_role("tab", name="Articles")).to_have_count(1 if sees else 0)
            ask(page, QUESTION)
            answers(page, 1)
            expect(page.locator("#conversations a[href=logout]")).to_have_count(1)  # not only until something is asked
            context.close()
