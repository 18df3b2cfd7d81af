"""`tillit bench`: speed and memory on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("bench", parents=[parent], help="measure speed and memory on this machine")
    parser.add_argument("--build", action="store_true", help="measure the first build too (about a minute)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print, each figure as it comes."""
    from app.bench import measure
    from app.progress import bars

    settings = common.settings_of(args)
    with bars(args.quiet) as progress:
        for figure in measure(settings, args.build, progress):
            times = f"  ({figure.times:.1f} × calibration)" if figure.times is not None else ""
            print(f"{figure.name:<36}{figure.value:>10.1f} {figure.unit}{times}", flush=True)
    return 0
