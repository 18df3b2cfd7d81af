"""Signing in by OIDC ends at the page where it began, also where it failed.

Streamlit's own routes do the work. Left alone they end at the first page, whether it worked or not, and at a bare line
where the identity provider cannot be reached.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
"""Where Streamlit sends a visitor to the provider, and where the provider sends them back to."""
TRIED = "sign-in"
"""The parameter by which the page knows that signing in was tried; who is not signed in then, failed."""
PAGE = f"/documents?{TRIED}=tried"


class BackToThePage:
    """ASGI middleware that leads whoever tried to sign in back to the page on which it is offered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        from starlette.datastructures import MutableHeaders

        async def send_back(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if ends(scope["path"], scope["query_string"].decode("latin-1"), headers.get("location", "")):
                    message["status"], headers["location"] = 302, PAGE
            await send(message)

        ours = scope["type"] == "http" and scope["path"] in (LOGIN, CALLBACK)
        await self.app(scope, receive, send_back if ours else send)


def ends(path: str, query: str, location: str) -> bool:
    """Tell whether an answer of Streamlit's ends a try to sign in: it leads no further, to another host.

    Who comes back from signing out brings no state.
    """
    return "://" not in location and (path == LOGIN or "state" in parse_qs(query))
