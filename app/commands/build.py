"""`tillit build`: the index of the shipped documents, made or brought up to date."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("build", parents=[parent], help="build or update the index of the shipped documents")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Build what differs."""
    from ingest.service import build

    with common.open_workshop(args) as workshop:
        outcomes = build(workshop)
    if not outcomes:
        print("The index is up to date.")
        return 0
    if outcomes[0].what == "mended":
        print("The index was mended. No text has changed.")
        return 0
    counts = {what: sum(1 for o in outcomes if o.what == what) for what in ("added", "changed", "removed")}
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    print(f"The index is ready: {told} (texts, a document in each of its languages).")
    return 0
