"""`tillit search`: ranked passages with the matching words marked."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("search", parents=[parent], help="find passages")
    common.add_question_options(parser)
    parser.add_argument("--limit", type=int, default=10, help="passages to show (default 10, at most 100)")
    parser.set_defaults(run=partial(run, parser))


def run(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Search for one question, or a batch."""
    from app import batch, terminal, wire
    from kb.answering.wording import searched
    from kb.language import detect
    from kb.records import Document

    common.refuse_both(args, parser)
    if not 1 <= args.limit <= 100:
        parser.error("--limit takes a number from 1 to 100")
    kb = common.open_kb(args)
    if args.batch:
        with common.batch_lines(args.batch) as lines:
            for line in batch.run(lines, batch.search_line(kb, args.limit)):
                print(line, flush=True)
        return 0
    language = args.language or detect(args.question)
    passages = kb.search(args.question, language=language, filters=common.filters_of(args), limit=args.limit)
    if args.json:
        results = [{**wire.passage_json(p), "text": p.chunk.text, "headings": p.chunk.headings} for p in passages]
        print(json.dumps({"question": args.question, "results": results}, ensure_ascii=False, indent=1))
        return 0
    documents: dict[tuple[str, str], Document] = {}
    for passage in passages:
        found = kb.document(passage.chunk.document_id, passage.chunk.language)
        if found:
            documents[found[0].id, found[0].language] = found[0]
    understanding = kb.understanding(args.question, language=language)
    shown = terminal.passage_lines(passages, documents, understanding, sys.stdout.isatty())
    print("\n".join(shown) or "Nothing found.")
    for line in searched(understanding.mended, understanding.also_searched([language]), language):
        print(terminal.wrap(line))
    return 0
