"""The child process that reads one PDF under limits: `python -m ingest.pdf_worker PATH OUTFILE`.

A PDF can make its reader hang, crash or eat all memory, so this runs apart from the program. What
was read is written at once, one JSON object a line: `started`, then the number of pages and the
document's properties, then each page, then the verdict. A child that is killed leaves its pages.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

if sys.platform != "win32":
    import resource

Write = Callable[[dict[str, Any]], None]

_BYTES_PER_CHARACTER = 12  # the most that one character takes as JSON in ASCII
_ROOM_FOR_THE_REST = 1 << 20
_PROPERTY_LENGTH = 500


def main() -> None:
    """Read the file named on the command line."""
    options = _options()
    with options.report.open("w", encoding="ascii", buffering=1) as stream:

        def write(record: dict[str, Any]) -> None:
            stream.write(json.dumps(record) + "\n")

        logging.disable(logging.CRITICAL)
        _limit(options)
        write({"started": True})
        write({"verdict": _read(options, write)})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Read a PDF under limits.")
    parser.add_argument("path")
    parser.add_argument("report", type=Path)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--characters", type=int, required=True)
    return parser.parse_args()


def _limit(options: argparse.Namespace) -> None:
    """Limit this process; where the platform cannot, the parent's clock alone holds."""
    if sys.platform == "win32":
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: options.seconds,
        resource.RLIMIT_FSIZE: options.characters * _BYTES_PER_CHARACTER + _ROOM_FOR_THE_REST,
        resource.RLIMIT_AS: options.memory,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (limit, hard))
        except (ValueError, OSError):
            logging.getLogger(__name__).warning("limit %s cannot be set here", kind)


def _read(options: argparse.Namespace, write: Write) -> str:
    try:
        reader = PdfReader(options.path)
        if reader.is_encrypted and not reader.decrypt(""):
            return "encrypted"
        count = len(reader.pages)
    except (FileNotDecryptedError, DependencyError):
        return "encrypted"
    except Exception as error:  # noqa: BLE001  (a hostile file makes pypdf raise anything)
        return _reason(error)
    if count > options.pages:
        return "too-big"
    write({"pages": count, **_properties(reader)})
    return _read_pages(reader, count, options.characters, write)


def _read_pages(reader: PdfReader, count: int, most: int, write: Write) -> str:
    characters = 0
    for index in range(count):
        try:
            text = _page_text(reader.pages[index])
            characters += len(text)
            if characters > most:
                return "too-big"
            write({"page": index, "text": text})
        except Exception as error:  # noqa: BLE001  (one page's fault must not cost the others)
            write({"page": index, "failed": _reason(error)})
    return "ok"


def _reason(error: BaseException | None) -> str:
    """Return the verdict that an error means, seen through those that pypdf has wrapped it in."""
    while error is not None:
        if isinstance(error, MemoryError | LimitReachedError):
            return "too-big"
        error = error.__cause__ or error.__context__
    return "malformed"


def _properties(reader: PdfReader) -> dict[str, str]:
    """Return title and date as the file has them, as far as they can be read."""
    found = {}
    for name, key in (("title", "/Title"), ("created", "/CreationDate")):
        found[name] = ""
        try:
            value = reader.metadata[key] if reader.metadata else ""
            found[name] = str(value)[:_PROPERTY_LENGTH] if isinstance(value, str) else ""
        except Exception as error:  # noqa: BLE001  (a missing or broken property is no reason to refuse the text)
            logging.getLogger(__name__).info("no %s: %s", name, error)
    return found


def _page_text(page: PageObject) -> str:
    """Return the page's text, with a blank line where the lines on the page stand further apart."""
    pieces: list[tuple[str, float]] = []

    def visit(text: str, shift: list[float], place: list[float], *_: object) -> None:
        pieces.append((text, place[4] * shift[1] + place[5] * shift[3] + shift[5]))

    plain = page.extract_text(visitor_text=visit)
    if "".join(text for text, _ in pieces) != plain:
        return plain
    return with_gaps(pieces)


def with_gaps(pieces: list[tuple[str, float]]) -> str:
    """Return the text of `pieces` with a blank line wherever the step down is clearly larger than its neighbours.

    Each piece comes with its height on the page; a line stands where its longest piece stands.
    """
    lines = _lines(pieces)
    steps = [upper[1] - lower[1] for upper, lower in pairwise(lines)]
    usual = _usual_step(steps)
    written = [lines[0][0]] if lines else []
    for index, step in enumerate(steps):
        beside = [other for other in steps[max(0, index - 1) : index + 2] if other >= usual / 2]
        if step > usual / 2 > 0 and (step > 1.3 * min(beside) or step > 1.8 * usual):
            written.append("")
        written.append(lines[index + 1][0])
    return "\n".join(written)


def _lines(pieces: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the lines that hold text, each with its height."""
    lines: list[tuple[str, float]] = []
    text, height, longest = "", 0.0, 0
    for piece, place in [*pieces, ("\n", 0.0)]:
        for number, part in enumerate(piece.split("\n")):
            if number:
                if text.strip():
                    lines.append((text, height))
                text, longest = "", 0
            text += part
            if len(part.strip()) > longest:
                height, longest = place, len(part.strip())
    return lines


def _usual_step(steps: list[float]) -> float:
    """Return the most common step down (the smallest of equals), or 0 where there is none."""
    counts = Counter(round(step * 2) / 2 for step in steps if step > 1)
    return min(counts, key=lambda step: (-counts[step], step), default=0.0)


if __name__ == "__main__":
    main()
