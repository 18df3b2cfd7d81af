"""`tillit quarantine`: the files that could not be taken in, and why."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("quarantine", parents=[parent], help="the files that could not be taken in, and why")
    parser.add_argument("--forget", nargs="+", metavar="FILE", help="let go of these files (their paths as listed)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the quarantine, or let go of files."""
    from kb.store import journal
    from kb.store.catalogue import reading

    if args.forget:
        with common.open_workshop(args) as workshop, workshop.writing(resume=True) as connection:
            journal.release(connection, args.forget)
    with reading(common.settings_of(args).data) as connection:
        held = journal.quarantine(connection)
    if args.json:
        print(json.dumps([asdict(each) for each in held], ensure_ascii=False, indent=1))
        return 0
    for each in held:
        print(f"{each.verdict:<11} {each.file}  ({each.at[:10]})\n            {each.message}")
    print("Try them again with: tillit ingest --retry" if held else "Nothing is in quarantine.")
    return 0
