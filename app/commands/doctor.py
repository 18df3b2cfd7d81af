"""`tillit doctor`: whether the data folder, its index and the program are as they ought to be; `--repair` mends."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import common

if TYPE_CHECKING:
    from kb.settings import Settings
    from kb.store.checks.finding import Finding
    from kb.store.doctor import Surroundings


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("doctor", parents=[parent], help="check that nothing is damaged; mend it")
    parser.add_argument("--repair", action="store_true", help="mend what can be made anew from the catalogue")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Mend if that is asked for, then check; return 1 where something is wrong."""
    from app.progress import bars
    from kb.errors import CatalogueError
    from kb.store.doctor import examine, is_well
    from kb.store.repair import repair

    settings = common.settings_of(args)
    around, mended = surroundings(settings), []
    with bars(args.quiet) as progress:
        if args.repair:
            with suppress(CatalogueError):  # the checks tell of it
                mended = repair(settings.data, around, settings.lock_seconds, progress)
        findings = examine(settings.data, around, progress)
    print(_as_json(settings.data, findings, mended) if args.json else "\n".join(_lines(findings, mended)))
    return 0 if is_well(findings) else 1


def surroundings(settings: Settings) -> Surroundings:
    """Return the model that is set and what else lies outside the data folder.

    No notes of hashes are read or written, so that the files of the model are read whole.
    """
    from kb.models.registry import open_embedder
    from kb.store.doctor import Surroundings

    apart = settings.model_copy(update={"data": settings.data / "no-notes"})

    def chunker() -> str:
        from ingest.chunking import Window

        model = open_embedder(apart)
        return Window(model.count_tokens, model.window, model.id).version

    return Surroundings(lambda: open_embedder(apart), chunker, _pandoc, _reader, _ocr)


def _pandoc() -> str | None:
    """Return the version of the program that reads Word, OpenDocument, EPUB, HTML and RTF, None where it is not."""
    from importlib import import_module

    try:
        return str(import_module("pypandoc").get_pandoc_version())
    except (ImportError, OSError):
        return None


def _ocr() -> str | None:
    """Return the languages in which scanned pages can be read, None where they cannot."""
    from ingest.readers.ocr import installed_languages
    from kb.errors import SettingsError

    try:
        return installed_languages().replace("+", ", ")
    except SettingsError:
        return None


def _reader() -> str | None:
    """Read a small page as an ingestion would, and return why that cannot be done, None where it can."""
    from tempfile import TemporaryDirectory

    from ingest.extraction import extract
    from kb.errors import KBError

    with TemporaryDirectory(prefix="tillit-") as folder:
        page = Path(folder) / "page.html"
        page.write_text("<!doctype html><title>A page</title><p>Some words.</p>", encoding="utf-8")
        try:
            extract(page)
        except KBError as error:
            return str(error).removesuffix(".")
    return None


def _lines(findings: Sequence[Finding], mended: Sequence[str]) -> list[str]:
    """Return a line for each thing that was mended, each finding, and the whole."""
    lines = [f"mended  {line}" for line in mended]
    for finding in findings:
        advice = f". {finding.advice}" if finding.advice else ""
        lines.append(f"{finding.verdict:<7} {finding.check:<12} {finding.message}{advice}")
    faults = sum(1 for finding in findings if finding.verdict == "wrong")
    told = "Nothing is wrong." if not faults else f"{faults} thing{'s are' if faults > 1 else ' is'} wrong."
    return [*lines, told]


def _as_json(data: Path, findings: Sequence[Finding], mended: Sequence[str]) -> str:
    from kb.store.doctor import is_well

    found = [asdict(finding) for finding in findings]
    report = {"well": is_well(findings), "data": str(data), "mended": list(mended), "findings": found}
    return json.dumps(report, ensure_ascii=False, indent=1)
