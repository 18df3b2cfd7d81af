"""Where a try to sign in ends."""

from __future__ import annotations

import asyncio

import pytest

from app.signing_in import CALLBACK, LOGIN, PAGE, BackToThePage


def answered(path, query, status, location):
    """What Streamlit's answer becomes: its status, and where it leads."""
    sent = []

    async def app(scope, receive, send):
        headers = [(b"location", location.encode())] if location else []
        await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"set-cookie", b"kept")]})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "query_string": query.encode()}
    asyncio.run(BackToThePage(app)(scope, None, send))
    headers = dict(sent[0]["headers"])
    assert headers[b"set-cookie"] == b"kept"
    assert len(sent) == 2
    return sent[0]["status"], headers.get(b"location", b"").decode()


@pytest.mark.parametrize(
    ("path", "query", "status", "location", "expected"),
    [
        (LOGIN, "provider=x", 302, "https://id.example/authorize", (302, "https://id.example/authorize")),
        (LOGIN, "provider=x", 400, "", (302, PAGE)),
        (LOGIN, "provider=stale", 302, "/", (302, PAGE)),
        (CALLBACK, "code=a&state=b", 302, "/", (302, PAGE)),
        (CALLBACK, "error=access_denied&state=b", 302, "/", (302, PAGE)),
        (CALLBACK, "", 302, "/", (302, "/")),
        ("/auth/logout", "state=b", 302, "/", (302, "/")),
        ("/documents", "state=b", 404, "", (404, "")),
    ],
    ids=["on to the provider", "no provider", "stale", "signed in", "refused", "signed out", "out", "another page"],
)
def test_a_try_to_sign_in_ends_at_the_page_where_it_began(path, query, status, location, expected):
    assert answered(path, query, status, location) == expected
