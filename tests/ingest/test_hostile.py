"""A folder of files that harm their readers: each gets one verdict, in bounded time and memory, and harms nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingest import intake
from ingest.verdict import SENTENCES
from tests.ingest.hostile import FILES

TAKEN_IN = """
import json, re, sys
from pathlib import Path
from ingest.child import Limits
from ingest.intake import ingest
from ingest.service import Workshop
from kb.store.catalogue import reading, stored_documents
from tests.conftest import HashEmbedder

limits = Limits(seconds=8, memory_bytes=1 << 30, max_chars=2_000_000)
outcomes = ingest(Workshop(Path(sys.argv[1]), HashEmbedder(), limits), [Path(sys.argv[2])])
found = [[o.path, o.what, o.verdict, o.message] for o in outcomes]
with reading(Path(sys.argv[1])) as connection:
    texts = {s.document.id: s.document.text[:5000] for s in stored_documents(connection)}
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps({"outcomes": found, "texts": texts, "kilobytes": int(peak[1])}))
"""
GOOD = {"text.md": "The ferry to the island sails at dawn.", "last.txt": "The bus leaves for the town at noon."}


pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run over all hostile files, and two good ones, told."""
    root = tmp_path_factory.mktemp("hostile")
    folder = root / "files"
    folder.mkdir()
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    for name, text in GOOD.items():
        (folder / name).write_text(text)
    command = [sys.executable, "-c", TAKEN_IN, str(root / "data"), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(intake.__file__).parents[1])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=540, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_every_file_gets_one_verdict(told):
    assert len(FILES) >= 40
    assert Counter(path for path, *_ in told["outcomes"]) == Counter([*FILES, *GOOD])
    verdicts = {"ok", "partial", "duplicate", "document", *SENTENCES}
    assert {verdict for _, _, verdict, _ in told["outcomes"]} <= verdicts


@pytest.mark.slow
def test_the_good_files_beside_them_are_taken_in(told):
    assert [what for path, what, _, _ in told["outcomes"] if path in GOOD] == ["added", "added"]


@pytest.mark.slow
def test_what_failed_is_told_in_one_sentence(told):
    failed = [(path, message) for path, what, _, message in told["outcomes"] if what == "failed"]
    assert len(failed) >= 25
    for path, message in failed:
        assert path in message or "cannot be used" in message, (path, message)
        assert "\n" not in message
        assert "Traceback" not in message


@pytest.mark.slow
def test_the_program_keeps_within_a_gigabyte(told):
    """By what the kernel counts since the program began: `ru_maxrss` counts that of the process before it as well."""
    assert told["kilobytes"] < 1_000_000


@pytest.mark.slow
def test_nothing_of_this_machine_is_read_into_a_document(told):
    assert not [name for name, text in told["texts"].items() if "root:" in text or "alert(1)" in text]
