"""`tillit ui`: the web app, on this machine by default."""

from __future__ import annotations

import argparse
import os
from typing import Any

from app.commands import common


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("ui", parents=[parent], help="open the app in the browser")
    parser.add_argument("--address", help="address to listen at (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen at (default 8501)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. Raises `KBError` at once where there is no index."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported; visitors keep the other cores busy
    from app.server import serve

    settings = common.settings_of(args, address=args.address, port=args.port)
    serve(settings, open_browser=not args.no_browser)
    return 0
