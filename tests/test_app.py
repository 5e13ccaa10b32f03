from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from builders import FERRY, FLOOD, QUAKE, Agreeing
from conftest import HashEncoder
from fastapi.testclient import TestClient
from gradio.routes import App
from gradio.state_holder import SessionState
from starlette.middleware import Middleware

from index.build import build_index
from index.folder import StoreFolder
from rag.pipeline import Silang
from rag.types import Evidence, Passage, Question
from ui import app as app_module
from ui.access import Access
from ui.app import build_page
from ui.cli import main
from ui.uploads import Uploads


class Silent:
    """A reader that finds nothing."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[Evidence]:
        return []


@pytest.fixture
def silang(store: StoreFolder, encoder: HashEncoder) -> Silang:
    build_index(store, [FLOOD, QUAKE, FERRY], encoder)
    return Silang(store, encoder, Silent(), Agreeing())


def test_a_filter_chosen_before_the_server_was_started_anew_still_works(silang: Silang) -> None:
    page = build_page(silang, Access())
    count = next(fn for fn in page.fns.values() if fn.name == "count")

    def said(outlet: str) -> str:
        request = gr.Request(headers={"accept-language": "id"})
        given = [[outlet], [], "", ""]
        return str(asyncio.run(page.process_api(count, given, SessionState(page), request))["data"][0])

    assert "1 dari 3 artikel" in said("Kabar Satu")
    assert "0 dari 3 artikel" in said("Kabar Lain")


@pytest.mark.parametrize(
    ("endpoint", "given", "wrong"),
    [
        ("ask", [None, None, None, None, None], "question must be a text, not None"),
        ("ask", ["Apa?", 5, None, None, None], "sources must be a list of texts, not 5"),
        ("ask", ["Apa?", None, [5], None, None], "languages must be a list of texts, not [5]"),
        ("ask", ["Apa?", None, None, 2024, None], "since must be a text, not 2024"),
        ("search", ["banjir", None], "limit must be a whole number, not None"),
        ("search", ["banjir", float("nan")], "limit must be a whole number, not nan"),
        ("show", [["a"]], "article must be a text, not ['a']"),
    ],
)
def test_a_wrong_type_is_said_in_one_line(silang: Silang, endpoint: str, given: list[object], wrong: str) -> None:
    page = build_page(silang, Access())
    function = next(fn for fn in page.fns.values() if fn.api_name == endpoint)
    with pytest.raises(gr.Error, match=re.escape(wrong)):
        function.fn(*given)


def test_a_title_cannot_steer_the_terminal(
    store: StoreFolder, encoder: HashEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    build_index(store, [replace(FLOOD, title="Judul \x1b]0;x\x07\x1b[31mmerah\x9b1m")], encoder)
    assert main(["articles", "--store", str(store.path)]) == 0
    assert "Judul ]0;x[31mmerah1m" in capsys.readouterr().out


def visitor(access: Access, host: str) -> TestClient:
    with gr.Blocks() as page:
        gr.File()
    page.auth = access.sign_in if access.required else None
    page.max_file_size = None  # as `launch` sets it
    page.queue()
    app = App.create_app(page, app_kwargs={"middleware": [Middleware(Uploads, access=access)]})
    return TestClient(app, base_url=f"http://{host}")


def upload(client: TestClient) -> Any:
    return client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}, headers={"accept-language": "id"})


def test_without_accounts_only_this_machine_may_upload() -> None:
    assert upload(visitor(Access(None, "127.0.0.1"), "127.0.0.1:7860")).status_code == 200
    for host in ("127.0.0.1:7860", "10.0.0.5:7860"):
        refused = upload(visitor(Access(None, "0.0.0.0"), host))
        assert refused.status_code == 403 and "tidak mengubah indeks" in refused.text


def test_editors_alone_may_upload(accounts: Path) -> None:
    for name, password, code in (("rina", "sandi panjang", 200), ("budi", "lain", 403)):
        client = visitor(Access(accounts), "10.0.0.5:7860")
        assert upload(client).status_code == 403
        assert client.post("/login", data={"username": name, "password": password}).status_code == 200
        assert upload(client).status_code == code


def test_the_page_is_served_with_that_guard(silang: Silang, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def launch(self: gr.Blocks, **options: Any) -> tuple[None, str, None]:
        given.update(options)
        return None, "http://127.0.0.1", None

    monkeypatch.setattr(gr.Blocks, "launch", launch)
    monkeypatch.setattr(gr.Blocks, "block_thread", lambda self: None)
    app_module.serve(silang, "0.0.0.0", 7860)
    assert [guard.cls for guard in given["app_kwargs"]["middleware"]] == [Uploads]
