"""`tillit activity`: what visitors left behind, for those who run the app: as a file, erased, counted."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import common

if TYPE_CHECKING:
    from kb.activity.records import Entry


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("activity", help="what visitors left behind: feedback, refused questions")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    exporting = actions.add_parser("export", parents=[parent], help="write what was kept to a file")
    exporting.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a new file (else it is printed)")
    exporting.add_argument(
        "--format",
        choices=sorted(FORMATS),
        default="jsonl",
        help="an entry a line as JSON, or candidates for the evaluation set (default jsonl)",
    )
    erasing = actions.add_parser("erase", parents=[parent], help="erase all of it, or one entry")
    erasing.add_argument("--id", type=int, metavar="N", help="only the entry of this id")
    erasing.add_argument("--yes", action="store_true", help="do not ask before all is erased")
    telling = actions.add_parser("status", parents=[parent], help="what is kept, how much of it, and for how long")
    for action, run in ((exporting, export), (erasing, erase), (telling, status)):
        action.set_defaults(run=run)


def export(args: argparse.Namespace) -> int:
    """Print what was kept, or write it to a file that others cannot read. Raises `ActivityError` where it exists."""
    from kb.activity.store import entries
    from kb.errors import ActivityError

    settings = common.settings_of(args)
    kept = entries(settings.data, settings.activity_days)
    text = FORMATS[args.format](kept)
    if args.file is None:
        sys.stdout.write(text)
        return 0
    try:
        descriptor = os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ActivityError(f"{args.file} exists already. Name another file.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{_entries(len(kept))} written to {args.file}. It holds what people asked: delete it when it is done with.")
    return 0


def erase(args: argparse.Namespace) -> int:
    """Erase one entry, or all after a question; return 1 where the answer is no."""
    from kb.activity import store

    data = common.settings_of(args).data
    if args.id is not None:
        store.erase_one(data, args.id)
        print("1 entry erased.")
        return 0
    if not args.yes and not _agreed(f"Erase all that visitors left behind in {data}? [y/N] "):
        print("Nothing was erased. Erase without a question: tillit activity erase --yes", file=sys.stderr)
        return 1
    print(f"{_entries(store.erase(data))} erased. Backups and exports that were made before may still hold them.")
    return 0


def status(args: argparse.Namespace) -> int:
    """Print what the settings keep, where, for how long, and how much there is."""
    from kb.activity.file import FILE_NAME
    from kb.activity.store import entries, utc_today

    settings = common.settings_of(args)
    kept = entries(settings.data, settings.activity_days)
    thumbs = Counter(thumb for entry in kept if (thumb := getattr(entry.what, "thumb", None)))
    feedback = [entry for entry in kept if entry.kind == "feedback"]
    refused = [entry for entry in kept if entry.kind == "refused"]
    lines = [
        ("File", str(settings.data / FILE_NAME)),
        ("Keeps", KEEPS[settings.activity]),
        ("For", f"{settings.activity_days} days"),
        ("Feedback", f"{len(feedback)}, thumbs up {thumbs['up']}, down {thumbs['down']}{_span(feedback)}"),
        ("Refused", f"{len(refused)}{_span(refused)}"),
    ]
    if early := sum(entry.day > utc_today().isoformat() for entry in kept):
        lines.append(
            ("To come", f"{early} dated in days to come, for which no retention ends: set the clock, or erase")
        )
    print("\n".join(f"{name:<12} {value}" for name, value in lines))
    return 0


KEEPS = {
    "feedback": "what visitors send by thumbs (activity = feedback)",
    "refused": "what visitors send by thumbs, and questions that were refused (activity = refused)",
    "none": "nothing (activity = none)",
}


def _agreed(question: str) -> bool:
    """Ask on a terminal; elsewhere nobody agrees."""
    return sys.stdin.isatty() and input(question).strip().casefold() in ("y", "yes")


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _span(entries: Sequence[Entry]) -> str:
    return f", {entries[0].day} to {entries[-1].day}" if entries else ""


def _json_lines(entries: Sequence[Entry]) -> str:
    lines = ({"id": entry.id, "day": entry.day, "kind": entry.kind, **asdict(entry.what)} for entry in entries)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _questions(entries: Sequence[Entry]) -> str:
    from eval.candidates import candidates

    return candidates(entries)


FORMATS: dict[str, Callable[[Sequence[Entry]], str]] = {"jsonl": _json_lines, "questions": _questions}
