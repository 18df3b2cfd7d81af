"""`tillit ingest`: a user's own files and folders, with one verdict a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("ingest", parents=[parent], help="take in your own files and folders")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or folder (Markdown, text, PDF)")
    parser.add_argument("--id", help="the document's id (one file only; else made from its path)")
    parser.add_argument("--prune", action="store_true", help="remove documents whose files have vanished from a folder")
    metadata = parser.add_argument_group("metadata", "counts before <file>.yaml and front matter; guessed if missing")
    for name in ("title", "language", "kind", "country", "organisation", "publisher", "evidence", "stance"):
        metadata.add_argument(f"--{name}", help=f"the document's {name}")
    metadata.add_argument("--year", type=int, help="the document's year")
    metadata.add_argument("--source-url", help="where the original can be read")
    metadata.add_argument("--sectors", help="sectors, with commas")
    metadata.add_argument("--themes", help="themes, with commas")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Take in what is new or changed, and say what became of each file."""
    from ingest.service import ingest

    names = ("title", "language", "kind", "country", "organisation", "publisher", "evidence", "stance", "year")
    options = {name: getattr(args, name) for name in (*names, "source_url") if getattr(args, name) is not None}
    for name in ("sectors", "themes"):
        if getattr(args, name):
            options[name] = [value.strip() for value in getattr(args, name).split(",")]
    with common.open_workshop(args) as workshop:
        outcomes = ingest(workshop, args.paths, options, args.id, args.prune)
    for outcome in outcomes:
        told = outcome.message or (outcome.verdict if outcome.verdict != "ok" else "")
        print(f"{outcome.what:<10} {outcome.document_id}  ({outcome.path}){': ' + told if told else ''}")
    if any(outcome.what == "vanished" for outcome in outcomes):
        print("Vanished documents are still in the knowledge base. Remove them with --prune.")
    return 1 if any(outcome.what == "failed" for outcome in outcomes) else 0
