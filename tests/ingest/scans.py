"""Scanned pages for tests, and a stand-in for Tesseract that reads what it is told."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from ingest.readers.pdfium import SecondOpinion
from tests.ingest import pdfs

COLUMNS = ("level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width", "height")


def picture_of(folder: Path, lines: Sequence[str]) -> Image.Image:
    """Return a page with these lines as a grey picture of 300 dots an inch."""
    (folder / "text.pdf").write_bytes(pdfs.pdf(lines))
    with SecondOpinion(folder / "text.pdf") as opinion:
        picture = opinion.picture(0)
    assert picture is not None
    return picture


def shown(picture: Image.Image) -> bytes:
    """Return the form /X of `pdfs.pdf_of_streams` that shows a picture."""
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
    return pdfs.stream_object(picture.tobytes(), entries % picture.size)


SCANNED = pdfs.stream_object(b"q 595 0 0 842 0 0 cm /X Do Q")
"""The content of an A4 page that is a picture."""


def scan(picture: Image.Image, *contents: bytes) -> bytes:
    """Return a PDF of pages with these contents (one `SCANNED` page if none are given), which may show the picture."""
    return pdfs.pdf_of_streams(*(contents or (SCANNED,)), form=shown(picture))


def grey_page() -> Image.Image:
    """Return a picture with something on it, for those that do not read it."""
    return Image.linear_gradient("L")


def columns_of(*lines: Sequence[tuple[str, float]], paragraph: Sequence[int] = ()) -> str:
    """Return what Tesseract tells of lines of words with their confidence; lines are in one paragraph if not told."""
    rows = ["\t".join((*COLUMNS, "conf", "text"))]
    for number, line in enumerate(lines):
        where = paragraph[number] if paragraph else 1
        rows += [
            f"5\t1\t1\t{where}\t{number}\t{place}\t0\t0\t9\t9\t{conf}\t{word}"
            for place, (word, conf) in enumerate(line)
        ]
    return "\n".join(rows) + "\n"


def sure(text: str) -> str:
    """Return what Tesseract tells of text of which it is sure."""
    return columns_of(*([(word, 96.5) for word in line.split()] for line in text.splitlines()))


class Stand:
    """A program named tesseract that is found first: it knows `languages` and answers with `columns`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, languages: str = "dan eng nor swe") -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self.languages = languages
        self.answer(sure("Tillit er noget, man giver hinanden."))
        monkeypatch.setenv("PATH", f"{self.folder}{os.pathsep}{os.environ['PATH']}")

    def answer(self, columns: str, before: str = "") -> None:
        """Answer with these columns from now on, after the shell commands `before`."""
        (self.folder / "columns").write_text(columns, encoding="utf-8")
        listed = "\\n".join(self.languages.split())
        program = self.folder / "tesseract"
        program.write_text(
            "#!/bin/sh\n"
            f'if [ "$1" = --list-langs ]; then printf "List of languages (9):\\n{listed}\\n"; exit; fi\n'
            '[ "$1" = --version ] && echo "tesseract 5.3.0" && exit\n'
            f'echo "$4 threads=$OMP_THREAD_LIMIT memory=$(ulimit -v) in=$(dirname "$1")" >> "{self.folder}/asked"\n'
            f"{before}\n"
            f'cat "{self.folder}/columns" > "$2.tsv"\n'
        )
        program.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        """Return what it was asked so far: languages, limits, and where the picture was."""
        asked = self.folder / "asked"
        return asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []
