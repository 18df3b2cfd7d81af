"""An error that nobody foresaw is one sentence of ours, in the visitor's language."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app import server, state
from app.labels import Labels
from kb.settings import load_settings
from kb.vocabulary import LANGUAGES
from tests.app.serving import free_port

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def page():
    from app import unexpected

    assert unexpected.tell(ZeroDivisionError("of the visitor's own <b>words</b>")) is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_visitor_reads_what_to_do_and_nothing_of_the_error(language):
    shown = AppTest.from_function(page)
    shown.session_state["language"] = language
    shown.run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [Labels("app", language)("unexpected")]


def test_the_server_tells_every_error_that_way(small_kb, tmp_path, monkeypatch):
    made = {}

    class App:
        def __init__(self, script, **given):
            made.update(given)

        def run(self, config):
            made["config"] = config

    monkeypatch.setattr("streamlit.starlette.App", App)
    monkeypatch.setattr(state, "get_kb", lambda: small_kb)
    monkeypatch.setattr(state, "configure", lambda settings: None)
    monkeypatch.setattr(server, "purge_daily", lambda settings: None)
    monkeypatch.setattr("sys.argv", [])
    server.serve(load_settings(data=tmp_path, port=free_port()), open_browser=False)
    assert made["on_script_error"].__module__ == "app.unexpected"
    assert made["config"]["client.showErrorDetails"] == "none"
