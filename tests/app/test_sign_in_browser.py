"""Signing in by OIDC in headless Chromium: there and back, out again, and what does not open the door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from ingest.service import Workshop, build
from kb.models.static import StaticModel
from tests.app import provider
from tests.app.browsing import IN_A_BROWSER
from tests.app.documents import FERRY
from tests.app.provider import providing
from tests.app.serving import free_port, serving

pytestmark = IN_A_BROWSER

COOKIE_SECRET = "what the cookies are signed by"
SECRETS = """[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "{client}"
client_secret = "{client_secret}"
server_metadata_url = "http://127.0.0.1:{port}/.well-known/openid-configuration"
"""
FAILED = "Signing in did not work. Try again, or ask those who run the app; its log says why."


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def address(small_documents: Path, port, log, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("signing-in")
    build(Workshop(folder / "data", StaticModel()), small_documents)
    (folder / ".streamlit").mkdir()
    client = {"client": provider.CLIENT, "client_secret": provider.CLIENT_SECRET}
    secrets = SECRETS.format(port=port, cookie_secret=COOKIE_SECRET, **client)
    (folder / ".streamlit" / "secrets.toml").write_text(secrets)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # Streamlit looks for its secrets there
        patch.setenv("TILLIT_UPLOADS", "true")
        with serving(folder / "data", log) as url:
            yield url


@pytest.fixture
def page(browser, address):
    page = browser.new_context().new_page()
    page.blocked = []
    page.on("console", lambda said: page.blocked.append(said.text) if "Security Policy" in said.text else None)
    page.goto(f"{address}/documents")
    page.get_by_text("Only people who are signed in can add documents.").wait_for(timeout=60_000)
    assert page.locator("input[type=file]").count() == 0
    yield page
    assert page.blocked == []
    page.context.close()


def sign_in(page):
    page.get_by_role("button", name="Sign in").click()


def test_a_maintainer_signs_in_reads_a_file_and_signs_out(page, address, port):
    with providing(port) as there:
        sign_in(page)
        page.get_by_role("heading", name="Add documents").wait_for(timeout=60_000)
        expect(page).to_have_url(f"{address}/documents")
        page.locator("input[type=file]").set_input_files(
            {"name": "ferry.md", "mimeType": "text/markdown", "buffer": f"# Ferries\n\n{FERRY}".encode()}
        )
        page.get_by_role("button", name="Read the files").click()
        page.get_by_text("ferry.md: Can be added").wait_for(timeout=30_000)
        page.reload()
        page.get_by_role("button", name="Sign out").click(timeout=60_000)
        expect(page).to_have_url(f"{address}/", timeout=30_000)
        page.get_by_test_id("stChatInputTextArea").wait_for(timeout=60_000)
        assert there.visited == ["authorize", "logout"]
    assert page.get_by_role("link", name="Add documents").count() == 0
    page.goto(f"{address}/documents")
    page.get_by_role("button", name="Sign in").wait_for(timeout=60_000)
    assert page.locator("input[type=file]").count() == 0


def test_signing_in_is_reached_from_the_page_on_quality(page, address):
    page.goto(f"{address}/quality")
    page.get_by_role("link", name="Sign in").click(timeout=60_000)
    page.get_by_role("button", name="Sign in").wait_for(timeout=30_000)


def it_failed(page, log, port):
    page.get_by_text(FAILED).wait_for(timeout=60_000)
    assert page.locator("input[type=file]").count() == 0
    assert not [word for word in ("Traceback", "httpx", f":{port}", "secret") if word in page.content()]
    told = log.read_text()
    assert provider.CLIENT_SECRET not in told
    assert COOKIE_SECRET not in told
    return told


def test_that_the_provider_is_down_is_said_in_a_sentence(page, log, port):
    sign_in(page)
    assert "All connection attempts failed" in it_failed(page, log, port)


@pytest.mark.parametrize(
    ("fault", "reason"), [("refuse", "access_denied"), ("forge", "bad_signature")], ids=["refused", "forged"]
)
def test_who_is_not_let_in_by_the_provider_is_told_so(page, log, port, fault, reason):
    with providing(port) as there:
        getattr(there, fault)()
        sign_in(page)
        assert reason in it_failed(page, log, port)


def person(address, secret):
    """The cookie of someone who is signed in, by a secret."""
    said = json.dumps({**provider.PERSON, "origin": address, "is_logged_in": True, "provider": "default"})
    return create_signed_value(secret, "_streamlit_user", said).decode()


def drawn(address, headers, cookie):
    """The kinds of elements on the page, for a visitor with these headers and this cookie."""
    token = generate_xsrf_token_string()
    cookies = f"_streamlit_xsrf={token}; _streamlit_user={cookie}"
    wanted = BackMsg()
    wanted.rerun_script.page_name = "documents"
    with connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(address),
        subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
        additional_headers={**headers, "Cookie": cookies},
        max_size=None,
        proxy=None,
    ) as socket:
        socket.send(wanted.SerializeToString())
        kinds = set()
        while (message := ForwardMsg.FromString(socket.recv(timeout=60))).WhichOneof("type") != "script_finished":
            if message.delta.WhichOneof("type") == "new_element":
                kinds.add(message.delta.new_element.WhichOneof("type"))
    return kinds


@pytest.mark.parametrize(
    ("headers", "secret", "origin", "opens"),
    [
        ({}, COOKIE_SECRET, None, True),
        ({}, "another secret, of a stranger", None, False),
        ({}, COOKIE_SECRET, "http://127.0.0.1:1", False),
        ({"X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1"}, "", None, False),
        (
            {"X-Forwarded-User": "maja", "X-Forwarded-Email": "maja@vandby.example", "Remote-User": "maja"},
            "",
            None,
            False,
        ),
        ({"X-Streamlit-User": "eyJlbWFpbCI6ICJtYWphIn0=", "Is-Logged-In": "true"}, "", None, False),
    ],
    ids=["signed in", "another secret", "another app", "a proxy", "a proxy that names someone", "Streamlit's own"],
)
def test_nothing_opens_the_door_but_a_cookie_that_the_app_has_signed(address, headers, secret, origin, opens):
    kinds = drawn(address, headers, person(origin or address, secret) if secret else "")
    assert ("file_uploader" in kinds, "alert" in kinds) == (opens, not opens)
