"""`tillit bench`: speed and memory on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import common

SESSIONS, MOST_SESSIONS = 50, 200
"""How many visitors of the app come at once, where no number is given, and at most."""


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("bench", parents=[parent], help="measure speed and memory on this machine")
    parser.add_argument("--build", action="store_true", help="measure the first build too (about a minute)")
    parser.add_argument("--large", action="store_true", help="measure 50,000 chunks too (some minutes)")
    parser.add_argument(
        "--ingest",
        nargs="*",
        type=_number,
        metavar="FILES",
        help="measure taking in so many files too (100 1000 10000; else 100), and one more in 20,000 chunks",
    )
    parser.add_argument(
        "--load",
        nargs="?",
        type=_sessions,
        const=SESSIONS,
        default=0,
        metavar="SESSIONS",
        help=f"measure so many visitors of the app at once too (up to {MOST_SESSIONS}; else {SESSIONS})",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print, each figure as it comes."""
    from app.bench import measure
    from app.progress import bars

    settings = common.settings_of(args)
    sizes = args.ingest if args.ingest or args.ingest is None else [100]
    with bars(args.quiet) as progress:
        for figure in measure(settings, args.build, args.large, progress, sizes or (), args.load):
            times = _times(figure.times) if figure.times is not None else ""
            told = f"target: {figure.target}" if figure.target else figure.rates
            value = f"{figure.value:,.2f}" if figure.value < 10 else f"{figure.value:,.0f}"
            print(f"{figure.name:<36}{value:>10} {figure.unit:<4}{times:<26}{told}".rstrip(), flush=True)
    return 0


def _number(given: str) -> int:
    """Return a number of files, from 1."""
    number = int(given)
    if number < 1:
        raise ValueError
    return number


def _sessions(given: str) -> int:
    """Return a number of sessions, from 1 to as many as this machine can be asked for."""
    number = _number(given)
    if number > MOST_SESSIONS:
        raise ValueError
    return number


def _times(times: float) -> str:
    return f"{times:,.1f} × calibration" if times >= 1 else f"{times:.4f} × calibration"
