"""What the papers say is so: commands exist, the README is short and its example is what the program prints."""

from __future__ import annotations

import re

import pytest

from app.cli import COMMANDS, build_parser
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "OPERATING.md", "LICENSE", "NOTICE")


def test_the_readme_has_at_most_150_lines():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command):
    assert f"tillit {command}" in README


def test_every_command_line_of_the_papers_parses():
    lines = [
        line.split("#")[0].strip().removeprefix(".venv/bin/")
        for name in PAPERS
        for block in re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)
        for line in block.splitlines()
    ]
    ours = [line for line in lines if line.startswith("tillit ")]
    assert len(ours) >= 6
    import shlex

    for line in ours:
        assert build_parser().parse_args(shlex.split(line)[1:]).run


def test_every_option_that_the_papers_name_exists():
    import io
    from contextlib import redirect_stdout

    helped = io.StringIO()
    for command in COMMANDS:
        for arguments in ([command, "--help"], [command, "check", "--help"]):
            with redirect_stdout(helped), pytest.raises(SystemExit):
                build_parser().parse_args(arguments)
    named = {option for name in PAPERS for option in re.findall(r"`[^`]*?(--[a-z][a-z-]+)", (ROOT / name).read_text())}
    assert {option for option in named if option not in helped.getvalue()} == set()


@pytest.mark.model
def test_the_example_of_the_readme_is_what_the_program_prints(shipped_kb, monkeypatch):
    from app.terminal import answer_lines

    monkeypatch.setenv("COLUMNS", "100")
    (example,) = re.findall(r"```text\n(.*?)```", README, re.S)
    printed = "\n".join(answer_lines(shipped_kb.ask("How did the gardeners on Bornholm get more freedom?")))
    assert printed.startswith(example.rstrip())


def test_no_paper_names_a_file_that_is_not_there():
    named = {
        path
        for name in PAPERS
        for path in re.findall(r"`((?:kb|app|ingest|eval|tests)/[\w./]+\.\w+)`", (ROOT / name).read_text())
    }
    assert {path for path in named if not (ROOT / path).exists()} == set()
