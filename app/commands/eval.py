"""`tillit eval`: the question set and what the knowledge base makes of it."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("eval", help="evaluate the answers on the question set")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check_parser = actions.add_parser("check", parents=[parent], help="print every problem of the question set")
    check_parser.add_argument("--questions", type=Path, metavar="FOLDER", help="another question set than the shipped")
    check_parser.add_argument("--only", metavar="TYPE", help="only the families of one type")
    check_parser.set_defaults(run=check)


def check(args: argparse.Namespace) -> int:
    """Print the problems and the counts; exit code 1 if there are problems."""
    from eval.check import check_families, parsed
    from eval.schema import load_families
    from kb.shipped import load_shipped

    families = [f for f in load_families(args.questions) if args.only in (None, f.type)]
    problems = check_families(families, parsed(load_shipped()))
    for problem in problems:
        print(f"{problem.family}: {problem.message}")
    rows = sum(len(family.questions) for family in families)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(f.type for f in families).items()))
    print(f"{len(problems)} problems in {len(families)} families, {rows} questions ({kinds})")
    return 1 if problems else 0
