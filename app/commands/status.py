"""`tillit status`: what is in the knowledge base, with its fingerprints."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("status", parents=[parent], help="what the knowledge base holds")
    parser.add_argument("--documents", action="store_true", help="list the documents too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the status."""
    kb = common.open_kb(args)
    status = kb.status()
    entries = kb.entries() if args.documents else ()
    if args.json:
        listed = {"texts_listed": [asdict(entry) for entry in entries]} if args.documents else {}
        print(json.dumps({**asdict(status), "data": str(kb.data), **listed}, ensure_ascii=False, indent=1))
        return 0
    texts = ", ".join(f"{language} {count}" for language, count in sorted(status.texts.items()))
    lines = (
        ("Data folder", str(kb.data)),
        ("Documents", f"{status.documents}, of them your own: {status.own_documents}"),
        ("Texts", texts),
        ("Chunks", f"{status.chunks}, with a vector: {status.vectors}"),
        ("Model", status.model or "none"),
        ("Updated", status.updated),
        ("Corpus", status.corpus[:12]),
        ("Index", status.index[:12]),
        ("Answers", status.answer[:12]),
    )
    print("\n".join(f"{name:<12} {value}" for name, value in lines))
    for entry in entries:
        print(f"{entry.origin:<8} {entry.language:<3} {entry.kind:<10} {entry.id}  {entry.title}")
    return 0
