"""With sockets blocked the main job runs: build, ingest, search, ask; and nothing even tries to connect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PROGRAM = """
import socket, sys

def refuse(*args, **kwargs):
    raise AssertionError(f"a socket was wanted: {args}")

socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.socket.sendto = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse

from pathlib import Path
from app.cli import main

data, own = sys.argv[1:]
for arguments in (
    ["build", "--data", data],
    ["ingest", own, "--data", data],
    ["search", "hemtjänst", "--data", data],
    ["ask", "How did the gardeners on Bornholm get more freedom?", "--data", data],
    ["ask", "Hvad er en zebrafinks livret?", "--data", data],
):
    assert main(arguments) == 0, arguments
"""


@pytest.mark.slow
@pytest.mark.model
def test_the_main_job_needs_no_network(shipped_data: Path, tmp_path: Path):
    import shutil

    data = tmp_path / "copy"
    shutil.copytree(shipped_data, data)
    own = tmp_path / "zebra.md"
    own.write_text("# The zebra finch\n\nThe favourite food of the zebra finch in the town hall is millet.\n")
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(data), str(own)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "7 cm" in result.stdout
