"""PDFs: the text of each page by pypdf, with blank lines where the lines stand further apart, by PDFium, or by OCR."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from ingest.readers import EncryptedError, Reading, Verdict, verdict_of
from ingest.readers.ocr import Recogniser
from ingest.readers.pdf_page import page_lines
from ingest.readers.pdfium import SecondOpinion
from ingest.verdict import LEAST_LETTERS_IN_PDF, judge_text

HALF = 0.5
"""What pypdf reads of a page, against the letters that PDFium reads, below which PDFium's text is taken."""
LEAST_RECOGNISED = 5
"""Letters that OCR has to see on a page: in some photographs it sees a few."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a page, and what kept it from being read whole."""

    text: str = ""
    notes: tuple[str, ...] = ()
    sizes: tuple[float, ...] = ()
    problem: Exception | None = None


def read(path: Path, reading: Reading) -> Verdict:
    """Read a PDF page by page; where pypdf fails or reads hardly anything, PDFium is asked.

    Pages without text are left for OCR, if it is wanted, and read last: that takes seconds each.
    """
    scanned: dict[int, Found] = {}
    with SecondOpinion(path) as second:
        reader, fault = _opened(path)
        count = len(reader.pages) if reader else second.pages
        properties = _properties(reader) if reader else {"title": "", "created": ""}
        if count:
            reading.begin(count, properties["title"], properties["created"])
        for index in range(count):
            found = _read_page(reader, second, index)
            if reading.ocr and index < second.pages and _may_be_scanned(found):
                scanned[index] = found
            else:
                _hand_over(index, found, reading)
        recogniser = Recogniser(reading.ocr, reading.seconds / 2)
        for index, found in scanned.items():
            _hand_over(index, _recognised(second, index, found, recogniser), reading)
    return verdict_of(fault) if fault and not reading.written else "ok"


def _opened(path: Path) -> tuple[PdfReader | None, Exception | None]:
    """Return the PDF, or why it cannot be opened. Raises what tells that it is locked or too big."""
    try:
        return _open(path), None
    except Exception as error:
        if verdict_of(error) != "malformed":
            raise
        return None, error


def _read_page(reader: PdfReader | None, second: SecondOpinion, index: int) -> Found:
    """Return what pypdf or PDFium reads of a page."""
    lines: list[tuple[str, float]] = []
    problem = None
    try:
        lines = page_lines(reader.pages[index], partial(second.boxes, index)) if reader else []
    except Exception as error:  # noqa: BLE001  (a hostile page makes pypdf raise anything)
        problem = error
        if verdict_of(error) == "too-big":
            return Found(problem=error)
    text, other = "\n".join(line for line, _ in lines), second.text(index)
    notes = ("hidden",) if second.hides_text(index) else ()
    if judge_text(other, 1) == "ok" and (judge_text(text, 1) != "ok" or _letters(text) < HALF * _letters(other)):
        return Found(other, ("pdfium", *notes))
    return Found(text, notes, tuple(round(size, 1) for _, size in lines), problem)


def _may_be_scanned(found: Found) -> bool:
    """Tell whether a page may be a picture of text: it has none, a stamp's, or what cannot be read."""
    too_big = found.problem is not None and verdict_of(found.problem) == "too-big"
    return not too_big and judge_text(found.text, LEAST_LETTERS_IN_PDF) != "ok"


def _recognised(second: SecondOpinion, index: int, found: Found, recogniser: Recogniser) -> Found:
    """Return what OCR reads of a page where that is more than was found."""
    try:
        picture = second.picture(index)
        text = recogniser.read(picture) if picture else ""
    except Exception as error:  # noqa: BLE001  (a hostile page makes PDFium and Tesseract raise anything)
        return found if found.text else Found(problem=error)
    own = _letters(found.text) if judge_text(found.text, 1) == "ok" else 0
    return Found(text, ("ocr",)) if _letters(text) > max(own, LEAST_RECOGNISED - 1) else found


def _hand_over(index: int, found: Found, reading: Reading) -> None:
    """Hand over a page; one that nothing can read has failed, and does not cost the others."""
    if found.problem is not None and not found.text:
        reading.failed(index, found.problem)
    else:
        reading.page(index, found.text, *found.notes, sizes=found.sizes)


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
