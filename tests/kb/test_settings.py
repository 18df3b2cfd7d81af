"""A setting comes from the command line, the environment, a file or its default, in this order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import SettingsError
from kb.settings import ANSWER_SETTINGS, Settings, load_settings, origin_of
from tests.conftest import ROOT


def write_toml(text: str) -> None:
    """Write `tillit.toml` in the working directory, which is the test's own."""
    Path("tillit.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "environment", "toml", "value", "origin"),
    [
        ({"passages": 3}, "4", "passages = 5", 3, "command line"),
        ({}, "4", "passages = 5", 4, "TILLIT_PASSAGES"),
        ({}, None, "passages = 5", 5, "tillit.toml"),
        ({}, "", "passages = 5", 5, "tillit.toml"),
        ({}, None, None, 60, "default"),
        ({"max_words": 90}, None, None, 60, "default"),
    ],
    ids=["given", "environment", "file", "empty-environment", "default", "another-one-given"],
)
def test_the_first_origin_counts(monkeypatch, given, environment, toml, value, origin):
    if environment is not None:
        monkeypatch.setenv("TILLIT_PASSAGES", environment)
    if toml is not None:
        write_toml(toml)
    assert (load_settings(**given).passages, origin_of("passages", given)) == (value, origin)


def test_each_setting_may_come_from_another_origin(monkeypatch):
    monkeypatch.setenv("TILLIT_PORT", "9000")
    write_toml("passages = 5\nsupport = 0.1\n")
    settings = load_settings(passages=3)
    assert (settings.passages, settings.port, settings.support, settings.max_words) == (3, 9000, 0.1, 600)


@pytest.mark.parametrize(
    ("given", "environment", "toml", "sentence"),
    [
        (
            {"passages": 0},
            {},
            None,
            "The setting 'passages' (command line) cannot be used: "
            "input should be greater than or equal to 1. See: tillit settings",
        ),
        (
            {},
            {"TILLIT_PASSAGES": "many"},
            None,
            "The setting 'passages' (TILLIT_PASSAGES) cannot be used: "
            "input should be a valid integer, unable to parse string as an integer. See: tillit settings",
        ),
        (
            {},
            {},
            "max_words = 79",
            "The setting 'max_words' (tillit.toml) cannot be used: "
            "input should be greater than or equal to 80. See: tillit settings",
        ),
        (
            {},
            {"TILLIT_DENSE_SEARCH": "best"},
            None,
            "The setting 'dense_search' (TILLIT_DENSE_SEARCH) cannot be used: "
            "input should be 'auto', 'exact' or 'chroma'. See: tillit settings",
        ),
        (
            {},
            {},
            "support = nan",
            "The setting 'support' (tillit.toml) cannot be used: "
            "input should be less than or equal to 1. See: tillit settings",
        ),
        (
            {},
            {},
            "colour = 'red'",
            "The setting 'colour' (tillit.toml) cannot be used: extra inputs are not permitted. See: tillit settings",
        ),
        (
            {"colour": "red"},
            {},
            None,
            "The setting 'colour' (command line) cannot be used: extra inputs are not permitted. See: tillit settings",
        ),
        ({}, {}, "passages = ", "tillit.toml is not valid TOML: Invalid value (at end of document)"),
    ],
    ids=[
        "command-line",
        "environment",
        "file",
        "choice",
        "no-number",
        "unknown-in-file",
        "unknown-given",
        "no-toml",
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_origin(monkeypatch, given, environment, toml, sentence):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if toml is not None:
        write_toml(toml)
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)
    assert str(caught.value) == sentence


def test_a_file_that_is_no_text_is_told_of():
    Path("tillit.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "tillit.toml is not valid TOML: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
    )


def test_an_unknown_name_in_the_environment_is_nobodys_business(monkeypatch):
    monkeypatch.setenv("TILLIT_COLOUR", "red")
    assert load_settings() == Settings()


def test_every_setting_is_described_and_its_default_is_allowed():
    for field in Settings.model_fields.values():
        assert field.description is not None
        assert field.description.endswith(".")
    assert Settings(**Settings().model_dump()) == Settings()


def test_settings_that_change_answers_are_settings():
    assert set(ANSWER_SETTINGS) <= set(Settings.model_fields)


def test_settings_do_not_change_once_loaded():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().passages = 3


def test_importing_them_reads_no_file_of_the_users():
    write_toml("passages = ")
    program = (
        "import sys\n"
        "touched = []\n"
        "sys.addaudithook(lambda event, args: touched.append(str(args[0])) if event == 'open' else None)\n"
        "import kb.settings\n"
        "print([name for name in touched if name.endswith(('tillit.toml', '.env'))])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"
