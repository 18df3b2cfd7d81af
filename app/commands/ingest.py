"""`tillit ingest`: a user's own files and folders, with one verdict a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import common

if TYPE_CHECKING:
    from ingest.service import Outcome

SHOWN = 5
"""Files that were passed over of which the names are told."""


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("ingest", parents=[parent], help="take in your own files and folders")
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a file or folder (PDF, Word, PowerPoint, Excel, OpenDocument, HTML, EPUB, RTF, Markdown, text)",
    )
    parser.add_argument("--id", help="the document's id (one file only; else made from its path)")
    parser.add_argument("--prune", action="store_true", help="remove documents whose files have vanished from a folder")
    parser.add_argument("--resume", action="store_true", help="go on with the run that was interrupted")
    parser.add_argument("--retry", action="store_true", help="try again what is in quarantine (see tillit quarantine)")
    parser.add_argument(
        "--ocr",
        action=argparse.BooleanOptionalAction,
        help="read pages of PDFs that have no text by Tesseract (see the setting ocr)",
    )
    metadata = parser.add_argument_group("metadata", "counts before <file>.yaml and front matter; guessed if missing")
    for name in ("title", "language", "kind", "country", "organisation", "publisher", "evidence", "stance"):
        metadata.add_argument(f"--{name}", help=f"the document's {name}")
    metadata.add_argument("--year", type=int, help="the document's year")
    metadata.add_argument("--source-url", help="where the original can be read")
    metadata.add_argument("--sectors", help="sectors, with commas")
    metadata.add_argument("--themes", help="themes, with commas")
    parser.set_defaults(run=partial(run, parser=parser))


def run(args: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Take in what is new or changed, and say what became of each file."""
    from ingest import intake

    if sum((bool(args.paths), args.resume, args.retry)) != 1:
        parser.error("name files or folders to take in, or give --resume, or --retry")
    with common.open_workshop(args, _ocr_languages(args)) as workshop:
        if args.paths:
            outcomes = intake.ingest(workshop, args.paths, _options(args), args.id, args.prune)
        else:
            outcomes = intake.resume(workshop) if args.resume else intake.retry(workshop)
    _tell(outcomes)
    return 1 if any(outcome.what == "failed" for outcome in outcomes) else 0


def _ocr_languages(args: argparse.Namespace) -> str:
    """Return the languages in which pages are read by OCR, none where they are not; tell of those that are missing.

    Raises `SettingsError` where it is wanted and cannot be had.
    """
    from ingest.readers import ocr
    from kb.vocabulary import LANGUAGE_NAMES

    if not common.settings_of(args, ocr=args.ocr).ocr:
        return ""
    found = ocr.installed_languages()
    missing = [LANGUAGE_NAMES[ours] for name, ours in ocr.LANGUAGES.items() if name not in found.split("+")]
    if missing:
        print(f"Tesseract has no data for {', '.join(missing)}: scanned pages in it are misread.", file=sys.stderr)
    return found


def _options(args: argparse.Namespace) -> dict[str, Any]:
    names = ("title", "language", "kind", "country", "organisation", "publisher", "evidence", "stance", "year")
    options = {name: getattr(args, name) for name in (*names, "source_url") if getattr(args, name) is not None}
    for name in ("sectors", "themes"):
        if getattr(args, name):
            options[name] = [value.strip() for value in getattr(args, name).split(",")]
    return options


def _tell(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.what != "passed over":
            told = outcome.message or (outcome.verdict if outcome.verdict != "ok" else "")
            print(f"{outcome.what:<10} {outcome.document_id}  ({outcome.path}){': ' + told if told else ''}")
    others = [outcome.path for outcome in outcomes if outcome.what == "passed over"]
    if others:
        names = ", ".join(Path(path).name for path in others[:SHOWN]) + (", …" if len(others) > SHOWN else "")
        print(f"Passed over, since files of these kinds are not read: {len(others)} ({names}).")
    if any(outcome.what == "vanished" for outcome in outcomes):
        print("Vanished documents are still in the knowledge base. Remove them with --prune.")
    if any(outcome.what == "failed" for outcome in outcomes):
        print("What failed waits in quarantine. Mend or replace the files and run: tillit ingest --retry")
