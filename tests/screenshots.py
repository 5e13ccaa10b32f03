"""Takes the pictures of the README: `python tests/screenshots.py` (or `make screenshots`) writes ui/screenshots/."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from pages import TIMEOUT, answers, ask, chromium, served

from eval.cases import SAMPLE
from ui.cli import main

FOLDER = Path(__file__).parents[1] / "ui" / "screenshots"
QUESTIONS = {
    "answered": "Apa hadiah Kim Jong Un untuk Putin?",
    "conflict": "Kapan Putin tiba di Pyongyang?",
    "not-found": "Berapa harga tiket pesawat ke Pyongyang?",
}
LOOKS = {
    "": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "-dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "-phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "-phone-dark": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
}


def take(folder: Path, kept: frozenset[str]) -> None:
    """Write the pictures that are named into a folder; all where none is."""
    with TemporaryDirectory(prefix="silang-") as temporary:
        store = Path(temporary) / "store"
        main(["index", str(SAMPLE), "--store", str(store)])
        with served(store) as url, chromium() as browser:
            for look, settings in LOOKS.items():
                for name, question in QUESTIONS.items():
                    context = browser.new_context(locale="id-ID", **settings)  # type: ignore[arg-type]
                    page = context.new_page()
                    page.set_default_timeout(TIMEOUT)

                    def picture(what: str, look: str = look) -> None:
                        if not kept or what + look in kept:
                            page.screenshot(path=folder / f"{what}{look}.png")  # noqa: B023 (called in this round)

                    page.goto(url)
                    page.locator(".silang-log").wait_for()
                    ask(page, question)
                    answers(page, 1)
                    page.wait_for_timeout(800)
                    picture(name)
                    if name == "answered":
                        page.locator(".silang-mark").first.click()
                        page.locator(".silang-source mark").wait_for()
                        page.wait_for_timeout(800)
                        picture("source")
                        page.keyboard.press("Escape")
                    if name == "not-found":
                        page.get_by_role("tab", name="Artikel").click()
                        page.wait_for_timeout(1500)
                        picture("articles")
                    context.close()


if __name__ == "__main__":
    import sys

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    target.mkdir(parents=True, exist_ok=True)
    take(target, frozenset() if len(sys.argv) > 1 else frozenset({"source", "conflict-dark"}))
