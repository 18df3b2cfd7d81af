"""What a check found: one line that says that all is well, or what is not and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "wrong"]

REPAIR = "Mend it with: tillit doctor --repair"
BUILD = "Mend it with: tillit build"
REPAIR_THEN_BUILD = "Mend it with: tillit doctor --repair, then: tillit build"
RESTORE = "Put back a backup with: tillit restore FILE --force"
NAMED = 5
"""How many of several are named in a line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. A note is worth knowing, but nothing is lost and answers are right; wrong is neither."""

    check: str
    verdict: Verdict
    message: str
    advice: str = ""


def ok(check: str, message: str) -> Finding:
    """Return that all is well."""
    return Finding(check, "ok", message)


def note(check: str, message: str, advice: str = "") -> Finding:
    """Return what is worth knowing."""
    return Finding(check, "note", message, advice)


def wrong(check: str, message: str, advice: str = "") -> Finding:
    """Return what is wrong and what to do about it."""
    return Finding(check, "wrong", message, advice)


def named(names: Iterable[object]) -> str:
    """Return names in a line, the first ones only where there are many."""
    every = [str(name) for name in names]
    more = len(every) - NAMED
    return ", ".join(every[:NAMED]) + (f" and {more} more" if more > 0 else "")


def counted(things: int | Collection[object], one: str, many: str = "") -> str:
    """Return a number with the word for what is counted."""
    number = things if isinstance(things, int) else len(things)
    return f"{number:,} {one if number == 1 else many or one + 's'}"
