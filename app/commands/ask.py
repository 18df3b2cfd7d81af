"""`tillit ask`: a cited answer, or a reasoned refusal."""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import Any

from app.commands import common
from kb.vocabulary import LANGUAGES


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("ask", parents=[parent], help="answer a question with citations")
    common.add_question_options(parser)
    parser.add_argument("--answer-language", choices=LANGUAGES, help="quote in this language (else the question's)")
    parser.add_argument("--max-words", type=int, help="words of the answer and its other side together")
    parser.add_argument(
        "--original", action="store_true", help="show the English text beside what was translated from it"
    )
    parser.add_argument("--trace", action="store_true", help="tell how the answer came about (not with --batch)")
    parser.add_argument("--timing", action="store_true", help="add elapsed_ms to each line of a batch")
    parser.set_defaults(run=partial(run, parser))


def run(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    """Ask one question, or a batch."""
    from app import batch, terminal, wire

    common.refuse_both(args, parser)
    kb = common.open_kb(args, max_words=args.max_words)
    if args.batch:
        with common.batch_lines(args.batch) as lines:
            for line in batch.run(lines, batch.ask_line(kb, args.timing, args.original)):
                print(line, flush=True)
        return 0
    answer = kb.ask(
        args.question, language=args.language, answer_language=args.answer_language, filters=common.filters_of(args)
    )
    original = kb.original if args.original else None
    if args.json:
        told = wire.answer_json(None, answer, original)
        if args.trace:
            told["trace"] = [list(step) for step in answer.trace]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join(terminal.answer_lines(answer, original)))
        if args.trace:
            print("\n".join(terminal.trace_lines(answer)))
    return 0
