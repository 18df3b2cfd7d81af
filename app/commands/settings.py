"""`tillit settings`: every setting with its value and where that comes from."""

from __future__ import annotations

import argparse
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("settings", parents=[parent], help="print each setting and where it comes from")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the settings."""
    from kb.settings import Settings, origin_of

    settings = common.settings_of(args)
    given = {"data": args.data} if args.data else {}
    for name, field in Settings.model_fields.items():
        print(f"{name} = {getattr(settings, name)}  ({origin_of(name, given)})")
        print(f"    {field.description}")
    return 0
