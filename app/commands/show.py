"""`tillit show`: one document, with what is known of it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from app.commands import common
from kb.errors import DocumentError


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("show", parents=[parent], help="print a document")
    parser.add_argument("id", metavar="ID", help="the document's id")
    parser.add_argument("--language", metavar="xx", help="in which language (else English, else what there is)")
    parser.add_argument("--text", action="store_true", help="print exactly the stored text and nothing else")
    parser.add_argument("--blocks", action="store_true", help="print the blocks with their numbers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the document. Raises `DocumentError` where it is not there."""
    from app import terminal
    from kb.answering.wording import whose_words

    found = common.open_kb(args).document(args.id, args.language)
    if found is None:
        where = f" in the language '{args.language}'" if args.language else ""
        raise DocumentError(f"There is no document '{args.id}'{where}. See: tillit status --documents")
    document, blocks = found
    if args.text:
        sys.stdout.write(document.text)
        return 0
    if args.blocks:
        for block in blocks:
            print(f"[{block.number}] {block.kind}: {document.text[block.start : block.end]}")
        return 0
    if args.json:
        print(json.dumps({**asdict(document), "blocks": [asdict(b) for b in blocks]}, ensure_ascii=False, indent=1))
        return 0
    print(terminal.wrap(f"{document.title} ({terminal.facts(document)})"))
    print(terminal.wrap(whose_words(document.text_by, document.basis, document.language)))
    for label, value in (("Organisation", document.organisation), ("Source", document.source_url)):
        if value:
            print(f"{label}: {value}")
    if document.guessed:
        print(f"Guessed: {', '.join(document.guessed)}")
    print()
    print(terminal.wrap(document.text))
    return 0
