"""What commands share: settings from the command line, the workshop for changes, filters as options."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from ingest.child import Limits
    from ingest.service import Workshop
    from kb.knowledge_base import KnowledgeBase
    from kb.settings import Settings

FILTERS = ("kind", "country", "sector", "theme", "evidence", "stance")


def settings_of(args: argparse.Namespace, **given: Any) -> Settings:
    """Return the settings with what the command line said."""
    from kb.settings import load_settings

    if args.data:
        given["data"] = args.data
    return load_settings(**{name: value for name, value in given.items() if value is not None})


def open_kb(args: argparse.Namespace, **given: Any) -> KnowledgeBase:
    """Return the knowledge base that the command line names."""
    from kb.knowledge_base import KnowledgeBase
    from kb.models.registry import open_embedder

    settings = settings_of(args, **given)
    return KnowledgeBase(settings, open_embedder(settings, None if args.quiet else _tell_of_loading))


def _tell_of_loading() -> None:
    """Say on a terminal why nothing happens for some seconds."""
    if sys.stderr.isatty():
        print("Loading the language model …", file=sys.stderr, flush=True)


@contextmanager
def open_workshop(args: argparse.Namespace, ocr: str = "") -> Iterator[Workshop]:
    """Give what building and ingesting need, with progress bars; `ocr` are languages as in `ingest.child.Limits`."""
    from app.progress import bars
    from ingest.service import Workshop
    from kb.models.registry import open_embedder

    settings = settings_of(args)
    with bars(args.quiet) as progress:
        limits = limits_of(settings, ocr)
        yield Workshop(settings.data, open_embedder(settings), limits, settings.lock_seconds, progress)


def limits_of(settings: Settings, ocr: str = "") -> Limits:
    """Return how much of everything one file may take; `ocr` are languages as in `ingest.child.Limits`."""
    from ingest.child import Limits

    return Limits(
        max_bytes=settings.file_mb * 1_000_000,
        max_pages=settings.pdf_pages,
        seconds=settings.pdf_seconds,
        memory_bytes=settings.memory_mb << 20,
        ocr=ocr,
    )


def add_question_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a question: its language, filters, batch, JSON."""
    parser.add_argument("question", nargs="?", help="the question, in Danish, Norwegian, Swedish or English")
    parser.add_argument(
        "--batch", metavar="FILE", help="read questions from a file of JSON lines ('-': standard input)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--language", choices=LANGUAGES, help="the question's language (else it is detected)")
    filters = parser.add_argument_group("filters", "each can be given several times, or with commas")
    for name in FILTERS:
        filters.add_argument(f"--{name}", action="append", metavar="VALUE", help=f"only documents of this {name}")
    filters.add_argument("--year", metavar="YEAR", help="only of this year, or of years: 2015-2020, 2015-, -2020")
    filters.add_argument("--in-language", action="append", metavar="xx", help="only texts in this language")


def filters_of(args: argparse.Namespace) -> dict[str, Any]:
    """Return the filters that were given as options."""
    filters: dict[str, Any] = {name: _split(getattr(args, name)) for name in FILTERS if getattr(args, name)}
    if args.in_language:
        filters["language"] = _split(args.in_language)
    if args.year:
        first, dash, last = args.year.partition("-")
        filters["year"] = {"from": first or None, "to": (last or None) if dash else first}
    return filters


def _split(values: list[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


@contextmanager
def batch_lines(name: str) -> Iterator[Any]:
    """Give the lines of a batch file as bytes; '-' is standard input."""
    if name == "-":
        yield sys.stdin.buffer
    else:
        with Path(name).open("rb") as file:
            yield file


def refuse_both(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """End with a usage error unless exactly one of question and --batch is given."""
    if (args.question is None) == (args.batch is None):
        parser.error("give a question, or --batch FILE")
