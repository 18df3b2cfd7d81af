"""PDFs: the text of each page by pypdf, with blank lines where the lines stand further apart, or by PDFium."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from ingest.readers import EncryptedError, Reading, Verdict, verdict_of
from ingest.readers.pdfium import SecondOpinion
from ingest.verdict import judge_text

SMALL = 0.8
"""The height of a footnote's mark at most, against the text that it follows."""
_MARK = re.compile(r"\d{1,2}(?=\D|$)[*,]?\s*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
HALF = 0.5
"""What pypdf reads of a page, against the letters that PDFium reads, below which PDFium's text is taken."""


def read(path: Path, reading: Reading) -> Verdict:
    """Read a PDF page by page; where pypdf fails or reads hardly anything, PDFium is asked."""
    with SecondOpinion(path) as second:
        reader, fault = _opened(path)
        count = len(reader.pages) if reader else second.pages
        properties = _properties(reader) if reader else {"title": "", "created": ""}
        if count:
            reading.begin(count, properties["title"], properties["created"])
        for index in range(count):
            _read_page(reader, second, index, reading)
    return verdict_of(fault) if fault and not reading.written else "ok"


def _opened(path: Path) -> tuple[PdfReader | None, Exception | None]:
    """Return the PDF, or why it cannot be opened. Raises what tells that it is locked or too big."""
    try:
        return _open(path), None
    except Exception as error:
        if verdict_of(error) != "malformed":
            raise
        return None, error


def _read_page(reader: PdfReader | None, second: SecondOpinion, index: int, reading: Reading) -> None:
    """Hand over a page; one that neither can read has failed, and does not cost the others."""
    lines: list[tuple[str, float]] = []
    problem = None
    try:
        lines = _page_lines(reader.pages[index]) if reader else []
    except Exception as error:  # noqa: BLE001  (a hostile page makes pypdf raise anything)
        problem = error
        if verdict_of(error) == "too-big":
            reading.failed(index, error)
            return
    text, other = "\n".join(line for line, _ in lines), second.text(index)
    notes = ["hidden"] if second.hides_text(index) else []
    if judge_text(other, 1) == "ok" and (judge_text(text, 1) != "ok" or _letters(text) < HALF * _letters(other)):
        reading.page(index, other, "pdfium", *notes)
    elif problem is not None and not text:
        reading.failed(index, problem)
    else:
        reading.page(index, text, *notes, sizes=[round(size, 1) for _, size in lines])


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


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


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text as it stands on a page: the height of its foot and the size of its letters, in points."""

    text: str
    height: float
    size: float = 0.0


def _page_lines(page: PageObject) -> list[tuple[str, float]]:
    """Return the page's lines with the size of their letters, 0 for a blank line and where nothing tells it."""
    pieces: list[Piece] = []

    def visit(text: str, shift: list[float], place: list[float], _: object, size: float) -> None:
        height = place[4] * shift[1] + place[5] * shift[3] + shift[5]
        pieces.append(Piece(text, height, abs(size * place[3] * shift[3])))

    plain = page.extract_text(visitor_text=visit)
    if "".join(piece.text for piece in pieces) != plain:
        return [(line, 0.0) for line in plain.split("\n")]
    return with_gaps(with_raised_marks(pieces))


def with_raised_marks(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces of which small digits right after larger text are raised ("12¹"), so that they touch no figure."""
    raised: list[Piece] = []
    last = Piece("", 0.0)
    for piece in pieces:
        small = _MARK.fullmatch(piece.text) and piece.size < SMALL * last.size and last.text[-1:].strip()
        raised.append(replace(piece, text=piece.text.translate(_RAISED)) if small else piece)
        if piece.text:
            last = replace(piece, size=last.size if small else piece.size)
    return raised


def with_gaps(pieces: Sequence[Piece]) -> list[tuple[str, float]]:
    """Return lines and their sizes, with a blank line wherever the step down is clearly larger than its neighbours.

    A line stands where its longest piece stands, and is as large.
    """
    lines = _lines(pieces)
    steps = [upper.height - lower.height for upper, lower in pairwise(lines)]
    usual = _usual_step(steps)
    written = [(line.text, line.size) for line in lines[:1]]
    for index, step in enumerate(steps):
        beside = [other for other in steps[max(0, index - 1) : index + 2] if other >= usual / 2]
        if step > usual / 2 > 0 and (step > 1.3 * min(beside) or step > 1.8 * usual):
            written.append(("", 0.0))
        written.append((lines[index + 1].text, lines[index + 1].size))
    return written


def _lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the lines that hold text."""
    lines: list[Piece] = []
    text, longest = "", Piece("", 0.0)
    for piece in [*pieces, Piece("\n", 0.0)]:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                if text.strip():
                    lines.append(replace(longest, text=text))
                text, longest = "", Piece("", 0.0)
            text += part
            if len(part.strip()) > len(longest.text.strip()):
                longest = replace(piece, text=part)
    return lines


def _usual_step(steps: list[float]) -> float:
    """Return the most common step down (the smallest of equals), or 0 where there is none."""
    counts = Counter(round(step * 2) / 2 for step in steps if step > 1)
    return min(counts, key=lambda step: (-counts[step], step), default=0.0)
