"""`tillit remove`: take a user's own documents out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any

from app.commands import common

PATIENCE = 2.0
"""Seconds after which what takes so long is told."""
LONG = (
    "The index is made anew without what is removed; then a running Tillit is given some seconds to let go of the one "
    "before …"
)


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("remove", parents=[parent], help="remove documents of your own")
    parser.add_argument("ids", nargs="+", metavar="ID", help="the document's id")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Remove the documents."""
    from ingest.service import remove

    with common.open_workshop(args) as workshop, telling(PATIENCE, args.quiet):
        outcomes, erased = remove(workshop, args.ids)
    for outcome in outcomes:
        print(f"removed    {outcome.document_id}  ({outcome.path})")
    print("\n".join(erased.messages))
    return 0


@contextmanager
def telling(seconds: float, quiet: bool) -> Iterator[None]:
    """Tell on standard error what is being done where the block takes longer than so many seconds."""
    from tqdm import tqdm

    timer = Timer(seconds, tqdm.write, [LONG, sys.stderr])  # which leaves the bars whole
    timer.daemon = True
    if not quiet:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
