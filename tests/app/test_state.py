"""What all sessions share: who may change what is known."""

from __future__ import annotations

import pytest

from app import state
from kb.settings import load_settings


@pytest.mark.parametrize(
    ("address", "headers", "user", "may"),
    [
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, {}, True),
        ("localhost", {"Host": "localhost:8501"}, {}, True),
        ("::1", {"Host": "[::1]:8501"}, {}, True),
        ("127.0.0.1", {}, {}, True),
        ("0.0.0.0", {"Host": "127.0.0.1:8501"}, {}, False),
        ("127.0.0.1", {"Host": "tillit.example.org"}, {}, False),
        ("127.0.0.1", {"Host": "127.0.0.1:8501", "X-Forwarded-For": "192.0.2.1"}, {}, False),
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, {"is_logged_in": False}, False),
        ("0.0.0.0", {"Host": "tillit.example.org"}, {"is_logged_in": True}, True),
    ],
)
@pytest.mark.parametrize("uploading", [True, False])
def test_who_may_add_documents(monkeypatch, address, headers, user, may, uploading):
    import streamlit as st

    class User(dict):
        def __getattr__(self, name):
            return self[name]

    monkeypatch.setattr(st, "user", User(user))
    monkeypatch.setattr(type(st.context), "headers", headers)
    monkeypatch.setattr(state, "settings", lambda: load_settings(address=address, uploads=uploading))
    assert state.may_maintain() is may
    assert ("documents" in state.pages()) is (may and uploading)
