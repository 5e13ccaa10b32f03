"""Requests -> the same, but for files from whoever may not change the index: Gradio itself takes them from everybody."""

from __future__ import annotations

import gradio as gr
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.access import Access
from ui.chat import page_language
from ui.messages import say


class Uploads:
    """ASGI middleware of the page, which `Access` guards."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an upload with 403, or pass the request on."""
        if scope["type"] == "http" and scope["path"].rstrip("/").endswith("/upload"):
            given = Request(scope)
            request = gr.Request(given, username=_signed_in(given))
            if not self._access.may_change(request):
                await PlainTextResponse(say("readers_only", page_language(request)), 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _signed_in(request: Request) -> str | None:
    """Who is signed in, as Gradio's own `get_current_user` tells it from the cookies."""
    app = request.app
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    token = next((request.cookies[name] for name in names if request.cookies.get(name)), None)
    name: str | None = app.tokens.get(token)
    return name
