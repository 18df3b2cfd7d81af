"""The server: what it tells browsers, and what it refuses before it starts."""

from __future__ import annotations

import os
import socket
import urllib.request
from datetime import date

import pytest

from app import server
from app.cases import current_cases
from app.cli import main
from app.library import shelves
from app.server import content_security_policy, streamlit_config
from kb.activity import store
from kb.activity.file import FILE_NAME
from kb.activity.records import Refused
from kb.errors import IndexMissingError
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.vocabulary import LANGUAGES
from tests.app.serving import free_port, serving


def test_the_policy_names_no_other_host_and_no_unsafe_script():
    policy = dict(part.strip().split(" ", 1) for part in content_security_policy().split(";"))
    assert policy["default-src"] == "'self'"
    assert "unsafe-inline" not in policy["script-src"]
    assert "unsafe-eval" not in policy["script-src"].replace("wasm-unsafe-eval", "")
    assert not [value for value in policy.values() if "http" in value or "*" in value]


def test_usage_data_error_details_and_the_agent_api_are_off():
    config = streamlit_config(load_settings())
    assert config["server.address"] == "127.0.0.1"
    assert config["browser.gatherUsageStats"] is False
    assert config["client.showErrorDetails"] == "none"
    assert config["server.enableAgentApi"] is False
    assert config["server.enableXsrfProtection"] is True
    assert config["runner.postScriptGC"] is False


def test_streamlit_knows_every_option():
    from streamlit import config

    known = set(config._config_options_template)
    assert set(streamlit_config(load_settings())) <= known


def test_a_taken_port_is_told_in_one_sentence(capsys, small_data, monkeypatch, embedder):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setattr("kb.knowledge_base.open_embedder", lambda *_: embedder)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["ui", "--no-browser", "--data", str(small_data), "--port", str(port)]) == 3
    expected = f"The app cannot listen at 127.0.0.1:{port} (Address already in use). Choose another port with --port."
    assert capsys.readouterr().err == f"error: {expected}\n"


@pytest.mark.parametrize("damaged", [False, True])
def test_what_visitors_left_too_long_ago_is_erased_at_the_start(tmp_path, monkeypatch, damaged):
    settings = load_settings(data=tmp_path, port=free_port())
    store.keep(tmp_path, Refused("Of days before?", "en", "no-match"), 10_000, date(2020, 1, 1))
    if damaged:
        (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    monkeypatch.setattr(server.state, "_settings", [])
    monkeypatch.setattr(server.state, "KnowledgeBase", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        server.serve(settings, open_browser=False)
    assert damaged or store.entries(tmp_path, 10_000) == []


def test_what_the_pages_read_is_read_before_the_first_visitor_comes(small_kb, monkeypatch):
    frozen = []
    monkeypatch.setattr(server.gc, "freeze", lambda: frozen.append(True))
    monkeypatch.setattr(server.state, "get_kb", lambda: small_kb)
    server.warm_pages()
    assert frozen
    monkeypatch.setattr(small_kb, "texts", lambda: pytest.fail("the documents were read again"))
    for language in LANGUAGES:
        assert len(current_cases(small_kb, language)) == 6
        assert sum(map(len, shelves(small_kb, "", language).values())) == 6


def test_what_cannot_be_read_beforehand_is_left_to_the_pages(tmp_path, monkeypatch, embedder):
    missing = KnowledgeBase(load_settings(data=tmp_path), embedder)
    monkeypatch.setattr(server.gc, "freeze", lambda: None)
    monkeypatch.setattr(server.state, "get_kb", lambda: missing)
    server.warm_pages()
    with pytest.raises(IndexMissingError):
        current_cases(missing, "en")


@pytest.mark.parametrize(("given", "threads"), [(None, "1"), ("3", "3")])
def test_numpy_keeps_to_one_thread_unless_told_otherwise(monkeypatch, given, threads):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if given:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", given)
    monkeypatch.setattr(server, "serve", lambda *_, **__: None)
    assert main(["ui", "--no-browser"]) == 0
    assert os.environ["OPENBLAS_NUM_THREADS"] == threads


@pytest.mark.model
@pytest.mark.slow
def test_a_response_carries_the_headers(shipped_data, tmp_path):
    log = tmp_path / "log"
    with serving(shipped_data, log) as address, urllib.request.urlopen(address, timeout=10) as response:
        assert response.headers["content-security-policy"] == content_security_policy()
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
