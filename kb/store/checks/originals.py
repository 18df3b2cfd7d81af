"""The originals of a user's own documents: each is there, is the file that its name says, and is used."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kb.records import Progress
from kb.store.checks.documents import take_in_again
from kb.store.checks.finding import Finding, counted, named, ok, wrong

FOLDER = "originals"


@dataclass(frozen=True, slots=True)
class Lost:
    """A document's original that is not there, or is not the file that its name says; `file` is where it came from."""

    key: int
    name: str
    original: str
    file: str
    damaged: bool
    marked: bool


def check_originals(data: Path, connection: sqlite3.Connection, progress: Progress) -> list[Finding]:
    """Tell of originals that are missing or damaged."""
    lost = lost_originals(data, connection, progress)
    findings = []
    for damaged, told in ((False, "missing"), (True, "damaged")):
        some = [each for each in lost if each.damaged == damaged]
        if some:
            message = f"{counted(some, 'original is', 'originals are')} {told}: {named(each.name for each in some)}"
            advice = take_in_again([each.file for each in some], all(each.marked for each in some))
            findings.append(wrong("originals", message, advice))
    if findings:
        return findings
    (number,) = connection.execute(
        "SELECT count(DISTINCT original) FROM documents WHERE state = 'live' AND original IS NOT NULL"
    ).fetchone()
    return [ok("originals", f"{counted(number, 'file')} of your own, each with the hash that its name says")]


def lost_originals(data: Path, connection: sqlite3.Connection, progress: Progress) -> list[Lost]:
    """Return the live documents whose original is missing or damaged, by id."""
    rows = connection.execute(
        "SELECT key, id, original, folder, path, source FROM documents "
        "WHERE state = 'live' AND original IS NOT NULL ORDER BY id, language"
    ).fetchall()
    lost = []
    for done, (key, name, original, folder, path, source) in enumerate(rows, 1):
        file = data / FOLDER / Path(original).name
        there = file.is_file()
        if not there or hash_of(file) != hash_in(original):
            lost.append(Lost(key, name, original, f"{folder}/{path}", there, source == ""))
        progress("originals", done, len(rows))
    return lost


def unused_originals(data: Path, connection: sqlite3.Connection) -> list[Path]:
    """Return the files under originals/ that no document uses, those of an interrupted copy among them."""
    used = {name for (name,) in connection.execute("SELECT original FROM documents WHERE original IS NOT NULL")}
    folder = data / FOLDER
    return sorted(file for file in (folder.iterdir() if folder.is_dir() else ()) if file.name not in used)


def hash_of(file: Path) -> str | None:
    """Return the SHA-256 of a file, None where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def hash_in(original: str) -> str:
    """Return the hash that an original's name says."""
    return original.split(".", 1)[0]
