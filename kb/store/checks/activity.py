"""What visitors left behind: whether it can be read; said only where there is any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kb.activity import file, store
from kb.errors import KBError
from kb.store.checks.finding import REPAIR, Finding, counted, note, ok, wrong

CHECK = "activity"
ANY_AGE = 100_000
"""Days. The doctor does not know the retention and counts all."""


def check_activity(data: Path) -> Iterator[Finding]:
    """Tell whether the file of feedback and refused questions is whole, and what was set aside."""
    if (data / file.FILE_NAME).exists():
        yield _check_file(data)
    if (data / file.ASIDE).exists():
        yield note(CHECK, f"{file.ASIDE} is what a repair set aside", "Delete it, or erase all: tillit activity erase")


def set_aside(data: Path) -> list[str]:
    """Put the file aside where it is damaged, and return a line where that was so."""
    with suppress(KBError):  # the check tells of it
        if store.damage(data):
            return [f"{file.FILE_NAME} was damaged and lies in {file.set_aside(data)} now"]
    return []


def _check_file(data: Path) -> Finding:
    try:
        if damage := store.damage(data):
            return wrong(CHECK, f"{file.FILE_NAME} is damaged ({damage})", REPAIR)
        kept = store.entries(data, ANY_AGE)
    except KBError as error:
        return wrong(CHECK, str(error).removesuffix("."))
    today = store.utc_today().isoformat()
    if early := [entry for entry in kept if entry.day > today]:
        told = f"{counted(early, 'entry is', 'entries are')} of days to come, and no retention ends for them"
        return note(CHECK, told, "Set the clock, or erase them: tillit activity export, erase")
    return ok(CHECK, f"whole, {counted(kept, 'entry', 'entries')}")
