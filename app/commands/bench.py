"""`tillit bench`: speed and memory on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("bench", parents=[parent], help="measure speed and memory on this machine")
    parser.add_argument("--build", action="store_true", help="measure the first build too (about a minute)")
    parser.add_argument("--large", action="store_true", help="measure 50,000 chunks too (some minutes)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print, each figure as it comes."""
    from app.bench import measure
    from app.progress import bars

    settings = common.settings_of(args)
    with bars(args.quiet) as progress:
        for figure in measure(settings, args.build, args.large, progress):
            times = _times(figure.times) if figure.times is not None else ""
            target = f"target: {figure.target}" if figure.target else ""
            value = f"{figure.value:,.2f}" if figure.value < 10 else f"{figure.value:,.0f}"
            print(f"{figure.name:<36}{value:>10} {figure.unit:<4}{times:<26}{target}".rstrip(), flush=True)
    return 0


def _times(times: float) -> str:
    return f"{times:,.1f} × calibration" if times >= 1 else f"{times:.4f} × calibration"
