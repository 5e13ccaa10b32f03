"""A chat served as a person serves it, and a browser to open it with."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

TIMEOUT = 60_000  # milliseconds; the first question waits for the model to warm up


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(store: Path, *options: str, port: int | None = None) -> Iterator[str]:
    """Yield the address of `silang chat` on a store."""
    port = port or free_port()
    command = [sys.executable, "-m", "ui", "chat", "--store", str(store), "--port", str(port), *options]
    log_path = store.parent / f"log-{port}"
    with log_path.open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        url = f"http://127.0.0.1:{port}/"
        try:
            for _ in range(360):
                try:
                    urllib.request.urlopen(url, timeout=5).read()
                    break
                except OSError:
                    assert process.poll() is None, log_path.read_text()
                    time.sleep(0.5)
            else:
                pytest.fail(f"the page never came up:\n{log_path.read_text()}")
            yield url
        finally:
            process.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield launched
        launched.close()


def ask(page: Page, question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def answers(page: Page, n: int) -> None:
    """Wait until the page shows n answers."""
    page.locator(".silang-answer").nth(n - 1).wait_for(timeout=TIMEOUT)


def assert_accessible(page: Page) -> None:
    """Nothing that axe finds serious, and nothing wider than the window."""
    page.wait_for_timeout(500)  # what slides in has come to rest
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        f"{v['id']}: {n['html'][:200]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]
    ]
    assert not serious, serious
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
