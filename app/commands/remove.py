"""`tillit remove`: take a user's own documents out."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("remove", parents=[parent], help="remove documents of your own")
    parser.add_argument("ids", nargs="+", metavar="ID", help="the document's id")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Remove the documents."""
    from ingest.service import remove

    with common.open_workshop(args) as workshop:
        outcomes, erased = remove(workshop, args.ids)
    for outcome in outcomes:
        print(f"removed    {outcome.document_id}  ({outcome.path})")
    print("\n".join(erased.messages))
    return 0
