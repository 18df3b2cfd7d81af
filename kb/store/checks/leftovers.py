"""What interrupted runs left behind: staged documents, generations and files that nothing uses."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from pathlib import Path

from kb.store.catalogue import State
from kb.store.checks.finding import Finding, counted, note, ok
from kb.store.checks.index import older_generations
from kb.store.checks.originals import unused_originals
from kb.store.erase import pending
from kb.store.lock import look_at_lock
from kb.store.swap import fresh_folder

CLEAR = "The next ingest takes it up or clears it away, or: tillit doctor --repair"
CLEAR_RESTORE = "Clear it away with: tillit doctor --repair"
ERASE = "Finish it with: tillit doctor --repair"
_TEMPORARY = re.compile(r"model-hashes\.\d+|.+\.partial")


def check_leftovers(data: Path, connection: sqlite3.Connection, state: State) -> list[Finding]:
    """Tell of what nothing uses. Beside a writer none of it is left over: it is being made."""
    check = "leftovers"
    if look_at_lock(data).holds:
        return [ok(check, "not looked for while somebody is writing")]
    (staged,) = connection.execute("SELECT count(*) FROM documents WHERE state = 'staged'").fetchone()
    told = [
        counted(staged, "staged text") if staged else "",
        _told(older_generations(data, state.generation), "generation"),
        _told(unused_originals(data, connection), "original"),
        _told(temporary_files(data), "temporary file"),
    ]
    findings = []
    if any(told):
        findings.append(note(check, f"an interrupted run left {', '.join(filter(None, told))}", CLEAR))
    if fresh_folder(data).is_dir():
        findings.append(note(check, f"an interrupted restore left {fresh_folder(data)}", CLEAR_RESTORE))
    if pending(data):
        findings.append(note(check, "what was removed is not erased from the disk yet", ERASE))
    return findings or [ok(check, "none")]


def _told(files: Collection[Path], what: str) -> str:
    return f"{counted(files, what)} that nothing uses" if files else ""


def temporary_files(data: Path) -> list[Path]:
    """Return the files that Tillit was writing when it was stopped."""
    return sorted(path for path in data.iterdir() if _TEMPORARY.fullmatch(path.name) and path.is_file())
