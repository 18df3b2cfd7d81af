"""The web server: Streamlit's ASGI app with our security headers, warmed up before the first visitor."""

from __future__ import annotations

import base64
import gc
import hashlib
import logging
import re
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import library, quality, state, unexpected, uploads
from app.labels import load_texts
from app.signing_in import BackToThePage
from kb.activity.keeping import purge_daily
from kb.errors import DataFolderError, KBError
from kb.settings import Settings
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).resolve().parents[1] / "streamlit_app.py"

THEME = {
    "theme.primaryColor": "#1f6f64",
    "theme.font": "Georgia, 'Iowan Old Style', 'Source Serif', serif",
    "theme.headingFont": "'Source Sans', sans-serif",
    "theme.baseRadius": "medium",
    "theme.light.backgroundColor": "#fdfcf9",
    "theme.light.secondaryBackgroundColor": "#f1efe8",
    "theme.light.textColor": "#23302e",
    "theme.dark.primaryColor": "#5fb8a8",
    "theme.dark.backgroundColor": "#161c1b",
    "theme.dark.secondaryBackgroundColor": "#212a28",
    "theme.dark.textColor": "#e6ebe8",
}


def streamlit_config(settings: Settings) -> dict[str, Any]:
    """Return Streamlit's options: ours alone, loopback by default, no usage data, no error details."""
    return {
        "server.address": settings.address,
        "server.port": settings.port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.maxUploadSize": settings.file_mb,
        "server.enableAgentApi": False,
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "runner.magicEnabled": False,
        "runner.postScriptGC": False,
        **THEME,
    }


def content_security_policy() -> str:
    """Return a policy under which the browser fetches nothing from any other host.

    Streamlit's page has inline scripts, which are allowed by their hash, and so is ours; styles are inline throughout.
    """
    import streamlit

    from app import frame

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in [*re.findall(r"<script>(.*?)</script>", page, re.S), frame.script()]
    ]
    scripts = " ".join(["'self'", "'wasm-unsafe-eval'", *(f"'sha256-{digest}'" for digest in digests)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-src 'self' blob:; worker-src 'self' blob:; frame-ancestors 'self'"
    )


class SecurityHeaders:
    """ASGI middleware that adds our headers to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = [
            (name.encode(), value.encode())
            for name, value in {
                "content-security-policy": content_security_policy(),
                "x-content-type-options": "nosniff",
                "referrer-policy": "no-referrer",
                "permissions-policy": "camera=(), microphone=(), geolocation=()",
                "cross-origin-opener-policy": "same-origin",
            }.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in self.headers}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in names]
                message["headers"] = [*kept, *self.headers]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def serve(settings: Settings, open_browser: bool) -> None:
    """Serve the app until stopped.

    Raises `IndexMissingError` where nothing was built, `DataFolderError` where the port is taken.
    """
    _refuse_taken_port(settings)
    state.configure(settings)
    purge_daily(settings)
    uploads.sweep(settings.data)
    print("Loading the models …", file=sys.stderr, flush=True)
    state.get_kb().warm_up()
    from starlette.middleware import Middleware
    from streamlit.starlette import App

    url = f"http://{settings.address}:{settings.port}"

    @asynccontextmanager
    async def lifespan(_: App) -> AsyncIterator[dict[str, Any]]:
        print(f"Tillit is at {url}  (stop it with Ctrl+C)", file=sys.stderr, flush=True)
        threading.Thread(target=warm_pages, daemon=True).start()
        if open_browser:
            threading.Timer(0.5, webbrowser.open, [url]).start()
        yield {}

    sys.argv = [str(SCRIPT)]
    middleware = [Middleware(SecurityHeaders), Middleware(BackToThePage)]
    app = App(SCRIPT, lifespan=lifespan, middleware=middleware, on_script_error=unexpected.tell)
    app.run(config=streamlit_config(settings))


def warm_pages() -> None:
    """Read what the first visitor of each page would have to wait for; what goes wrong is told there."""
    with suppress(KBError):
        for page in files("app").joinpath("texts").iterdir():
            load_texts(page.name.removesuffix(".yaml"))
        kb = state.get_kb()
        for language in LANGUAGES:
            library.shelves(kb, "", language)  # which reads the cases too
        for entry in kb.entries()[:1]:
            kb.related(entry.id, entry.language)
        measured = quality.runs(kb.data)
        for run in (measured.shipped, measured.latest):
            quality.figures(run)
    gc.freeze()  # what was loaded stays: looking through it for garbage would stop all sessions for a moment


def _refuse_taken_port(settings: Settings) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.address, settings.port))
        except OSError as error:
            raise DataFolderError(
                f"The app cannot listen at {settings.address}:{settings.port} ({error.strerror}). "
                "Choose another port with --port."
            ) from None
