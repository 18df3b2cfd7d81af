"""PDFs: the text of each page by pypdf, with a blank line where the lines on a page stand further apart."""

from __future__ import annotations

import logging
from collections import Counter
from itertools import pairwise
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from ingest.readers import EncryptedError, Reading, TooBigError, Verdict


def read(path: Path, reading: Reading) -> Verdict:
    """Read a PDF page by page; a page that fails does not cost the others."""
    reader = _open(path)
    count = len(reader.pages)
    properties = _properties(reader)
    reading.begin(count, properties["title"], properties["created"])
    for index in range(count):
        try:
            reading.page(index, _page_text(reader.pages[index]))
        except TooBigError:
            raise
        except Exception as error:  # noqa: BLE001  (one page's fault must not cost the others)
            reading.failed(index, error)
    return "ok"


def _open(path: Path) -> PdfReader:
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedError
        len(reader.pages)
    except (FileNotDecryptedError, DependencyError):
        raise EncryptedError from None
    return reader


def _properties(reader: PdfReader) -> dict[str, str]:
    """Return title and date as the file has them, as far as they can be read."""
    found = {}
    for name, key in (("title", "/Title"), ("created", "/CreationDate")):
        found[name] = ""
        try:
            value = reader.metadata[key] if reader.metadata else ""
            found[name] = str(value) if isinstance(value, str) else ""
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
