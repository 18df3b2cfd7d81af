"""The pages of a PDF on which a passage stands, as pictures with the passage marked.

What draws them runs apart (`app.pdf_drawing`); this finds the stored original and what is to be marked, and keeps the
last pictures, so that a source that is opened again is there at once.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

from app.pdf_drawing import DRAWN, PICTURE, REQUEST, Box, Request
from app.pdf_passage import Span
from ingest.child import run_apart
from ingest.kinds import HEAD, UnreadableError, sniff
from kb.records import Citation
from kb.store.catalogue import find_document, reading
from kb.store.checks.originals import FOLDER, hash_in, hash_of
from kb.store.sources import source_lines

WIDTH = 1280
"""Pixels of a picture: twice those of the drawer, for screens that have two a pixel."""
SECONDS, MEMORY = 10, 1 << 30
"""What drawing one page may take."""
MOST_PAGES = 3
"""Pages of one passage that are shown."""
KEPT = 32
"""Pictures that are kept, of 20 to 400 KB each."""

_drawing = BoundedSemaphore(2)
"""Pages that are drawn at once, so that many visitors do not take the processors from those who ask."""


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page (from 1) of a PDF, its text as it was read, and its passages by lines of that text."""

    file: Path
    number: int
    text: str
    passages: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a WebP picture, its size in pixels, and the lines of each passage; none of one that was not found."""

    number: int
    data: bytes
    width: int
    height: int
    boxes: tuple[tuple[Box, ...], ...]

    @property
    def marked(self) -> bool:
        """Tell whether the first passage, the one that is cited, was found and is marked."""
        return bool(self.boxes and self.boxes[0])


def cited_pages(data: Path, citation: Citation, beside: Sequence[Citation] = ()) -> list[MarkedPage]:
    """Return the pages on which a citation stands, with those beside it that are on the same pages.

    `beside` are quotes of the same text. There are none where the document is no PDF, or its original is missing,
    changed or of another text. Raises `KBError` where the catalogue cannot be read.
    """
    with reading(data) as connection:
        stored = find_document(connection, citation.document_id, citation.language)
        if stored is None or stored.document.sha256 != citation.sha256 or not stored.original or citation.page is None:
            return []
        file = data / FOLDER / Path(stored.original).name
        if not _is_intact_pdf(file):
            return []
        pages = source_lines(connection, stored.key, citation.start, citation.end)[:MOST_PAGES]
        passages = {page.number: [lines] for page, lines in pages}
        for other in beside:
            if other.page in passages and (other.start, other.end) != (citation.start, citation.end):
                for page, lines in source_lines(connection, stored.key, other.start, other.end):
                    passages.get(page.number, []).append(lines)
    return [MarkedPage(file, page.number, page.text, tuple(passages[page.number])) for page, _ in pages]


def _is_intact_pdf(file: Path) -> bool:
    """Tell whether a stored original is there, is the file that its name says, and is a PDF."""
    try:
        state = file.stat()
        return _checked(file, state.st_size, state.st_mtime_ns)
    except OSError:
        return False


@lru_cache(maxsize=KEPT)
def _checked(file: Path, size: int, changed: int) -> bool:  # noqa: ARG001 - looked at again only where it has changed
    try:
        with file.open("rb") as stream:
            kind = sniff(file.name, stream.read(HEAD), stream)
    except UnreadableError:
        return False
    return kind == "pdf" and hash_of(file) == hash_in(file.name)


def page_image(page: MarkedPage) -> PageImage | None:
    """Return the picture of a page, None where the file does not let itself be drawn."""
    try:
        return _drawn(page, WIDTH)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=KEPT)
def _drawn(page: MarkedPage, width: int) -> PageImage | None:
    """Draw a page in a child process. Raises `OSError` where none can be had."""
    asked = Request(str(page.file.absolute()), page.number, width, page.text, page.passages, SECONDS + 1, MEMORY)
    with _drawing, TemporaryDirectory(prefix="tillit-") as name:
        folder = Path(name)
        (folder / REQUEST).write_text(json.dumps(asdict(asked)), encoding="utf-8")
        if run_apart("app.pdf_drawing", [name], folder, SECONDS) != 0:
            return None
        drawn = json.loads((folder / DRAWN).read_text(encoding="ascii"))
        data = (folder / PICTURE).read_bytes()
    boxes = tuple(tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in passage) for passage in drawn["boxes"])
    return PageImage(page.number, data, int(drawn["width"]), int(drawn["height"]), boxes)


def page_html(image: PageImage, alt: str, anchor: bool) -> str:
    """Return the picture of a page as HTML, told by `alt`; with `anchor` its passage is what the page scrolls to."""
    height = math.floor(100 * image.boxes[0][0][1] / image.height) if image.marked else 0
    place = f'<span id="passage" tabindex="-1" style="top: {height}%"></span>' if anchor else ""
    source = f"data:image/webp;base64,{base64.b64encode(image.data).decode('ascii')}"
    return (
        f'<figure class="tillit pdf-page" id="pdf-page-{image.number}">{place}<img src="{source}" '
        f'width="{image.width}" height="{image.height}" alt="{escape(alt, quote=True)}"></figure>'
    )
