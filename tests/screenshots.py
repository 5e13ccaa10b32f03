"""Takes the pictures of the README: `make screenshots` writes those of the README to
ui/screenshots/; `python tests/screenshots.py FOLDER` writes them all, in both looks and sizes."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pages import TIMEOUT, answers, ask, chromium, served
from playwright.sync_api import Page, ViewportSize

from eval.cases import SAMPLE
from ui.cli import main

FOLDER = Path(__file__).parents[1] / "ui" / "screenshots"
QUESTIONS = {
    "answered": "Apa hadiah Kim Jong Un untuk Putin?",
    "conflict": "Kapan Putin tiba di Pyongyang?",
    "not-found": "Berapa harga tiket pesawat ke Pyongyang?",
}
SHOWN = frozenset({"source", "conflict-dark"})  # in the README
_DESK: ViewportSize = {"width": 1280, "height": 860}
_PHONE: ViewportSize = {"width": 360, "height": 740}
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "": (_DESK, "light"), "-dark": (_DESK, "dark"), "-phone": (_PHONE, "light"), "-phone-dark": (_PHONE, "dark"),
}  # fmt: skip


def take(folder: Path, kept: frozenset[str]) -> None:
    """Write the pictures that are named into a folder; all where none is."""

    def picture(page: Page, name: str) -> None:
        page.wait_for_timeout(800)  # what slides in has come to rest
        if not kept or name in kept:
            page.screenshot(path=folder / f"{name}.png")

    with TemporaryDirectory(prefix="silang-") as temporary:
        store = Path(temporary) / "store"
        main(["index", str(SAMPLE), "--store", str(store)])
        with served(store) as url, chromium() as browser:
            for look, (size, scheme) in LOOKS.items():
                for name, question in QUESTIONS.items():
                    context = browser.new_context(locale="id-ID", viewport=size, color_scheme=scheme)
                    page = context.new_page()
                    page.set_default_timeout(TIMEOUT)
                    page.goto(url)
                    page.locator(".silang-log").wait_for()
                    ask(page, question)
                    answers(page, 1)
                    picture(page, name + look)
                    if name == "conflict":
                        page.locator(".silang-mark").first.click()
                        page.locator(".silang-source mark").wait_for()
                        picture(page, "source" + look)
                    if name == "not-found":
                        page.get_by_role("tab", name="Artikel").click()
                        page.locator("#articles .cell-wrap:visible").first.wait_for()
                        picture(page, "articles" + look)
                    context.close()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    take(target, frozenset() if len(sys.argv) > 1 else SHOWN)
