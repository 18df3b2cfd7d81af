"""`tillit restore`: a backup in the place of the data folder, checked before anything is touched."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("restore", parents=[parent], help="put a backup in the place of the data folder")
    parser.add_argument("file", type=Path, metavar="FILE", help="what `tillit backup` wrote")
    parser.add_argument("--force", action="store_true", help="replace a folder that holds something; it is kept beside")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Restore, and return 1 where something is wrong with what was restored."""
    from app.commands.doctor import surroundings
    from app.progress import bars
    from kb.store.restore import restore

    settings = common.settings_of(args)
    with bars(args.quiet) as progress:
        restored = restore(
            settings.data, args.file, surroundings(settings), settings.lock_seconds, args.force, progress
        )
    manifest = restored.manifest
    print(f"{manifest.texts} texts of {manifest.created} are in {settings.data} (index {manifest.fingerprint[:12]}).")
    if restored.kept:
        print(f"What was there before is kept in {restored.kept}. Delete it when you no longer need it.")
    for finding in restored.findings:
        print(f"{finding.verdict:<7} {finding.check:<12} {finding.message}. {finding.advice}")
    return 1 if restored.findings else 0
