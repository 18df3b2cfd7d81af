"""`tillit backup`: all that cannot be made again in one file, also while the app runs and others write."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("backup", parents=[parent], help="write documents, vectors and originals to a file")
    parser.add_argument("file", type=Path, metavar="FILE", help="where the backup is written (a ZIP)")
    parser.add_argument("--force", action="store_true", help="overwrite the file")
    parser.add_argument(
        "--activity",
        action="store_true",
        help="with what visitors left behind (feedback, refused questions), which is left out otherwise",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the backup; return 1 where an original is missing in it."""
    from app.progress import bars
    from kb.knowledge_base import program_version
    from kb.store.backup import back_up
    from kb.store.checks.finding import named
    from kb.store.checks.folder import megabytes

    settings = common.settings_of(args)
    with bars(args.quiet) as progress:
        manifest = back_up(settings.data, args.file, program_version(), args.force, progress, args.activity)
    size = megabytes(args.file.stat().st_size)
    print(f"{manifest.texts} texts are in {args.file} ({size}, index {manifest.fingerprint[:12]}).")
    if manifest.missing:
        print(f"Originals that are not in it, since they are missing: {named(manifest.missing)}. See: tillit doctor")
    return 1 if manifest.missing else 0
