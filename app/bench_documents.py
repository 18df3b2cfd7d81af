"""What `tillit bench` takes in: files that are made of the shipped documents, and copies of these."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from pathlib import Path

from ingest.service import Workshop
from kb.blocks import parse_blocks
from kb.records import Document, Progress
from kb.vocabulary import LANGUAGES

PAGES = (2, 3, 4)
"""How many pages the PDFs have, in turn."""
PAGE_LINES, LINE_CHARACTERS = 46, 88
_TEXT_SIZE, _HEADING_SIZE, _LEADING, _TOP, _LEFT = 11, 15, 15, 780, 72

Line = tuple[int, str]
"""The size of its letters in points, and what it says."""


def write_files(folder: Path, groups: Sequence[Sequence[Document]], number: int, progress: Progress) -> None:
    """Write so many files into a new folder, in turn a PDF of some pages and Markdown, and in turn in each language.

    They say what shipped documents say, each under a title of its own, so that all chunks are embedded anew.
    """
    folder.mkdir()
    for place in range(number):
        language = LANGUAGES[place // 2 % len(LANGUAGES)]
        texts = [next(d for d in groups[(place + more) % len(groups)] if d.language == language) for more in range(8)]
        title = f"{texts[0].title} {place + 1}"
        if place % 2:
            text = texts[0].text.removeprefix(f"# {texts[0].title}\n")
            (folder / f"{place:05}.md").write_text(f"# {title}\n{text}", encoding="utf-8")
        else:
            lines = islice(_lines(title, texts), PAGE_LINES * PAGES[place // 2 % len(PAGES)])
            (folder / f"{place:05}.pdf").write_bytes(pdf_of(list(lines)))
        progress("making", place + 1, number)


def _lines(title: str, texts: Sequence[Document]) -> Iterator[Line]:
    """Yield the lines of documents as they are printed one after the other; an empty one parts two blocks."""
    yield from _wrapped(title, _HEADING_SIZE)
    for number, document in enumerate(texts):
        for block in parse_blocks(document.text)[0 if number else 1 :]:
            sign = "• " if block.kind == "item" else ""
            size = _HEADING_SIZE if block.kind == "heading" else _TEXT_SIZE
            yield from _wrapped(sign + document.text[block.start : block.end], size)


def _wrapped(text: str, size: int) -> Iterator[Line]:
    yield from ((size, line) for line in textwrap.wrap(text, LINE_CHARACTERS * _TEXT_SIZE // size))
    yield size, ""


def pdf_of(lines: Sequence[Line]) -> bytes:
    """Return a PDF of these lines in Helvetica on pages of A4; signs that are not in Windows-1252 become "?"."""
    pages = [lines[first : first + PAGE_LINES] for first in range(0, len(lines), PAGE_LINES)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 595 842] >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for page in pages:
        entries = b"/Type /Page /Parent 2 0 R /Resources << /Font << /F 3 0 R >> >>"
        objects.append(b"<< %s /Contents %d 0 R >>" % (entries, len(objects) + 2))
        shown = zlib.compress(_operators(page))
        head = b"<< /Length %d /Filter /FlateDecode >>" % len(shown)
        objects.append(head + b"\nstream\n" + shown + b"\nendstream")
    return _file_of(objects)


def _operators(page: Sequence[Line]) -> bytes:
    """Return what draws the lines of a page."""
    drawn = []
    for row, (size, line) in enumerate(page):
        shown = line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        drawn.append(b"BT /F %d Tf %d %d Td (%s) Tj ET" % (size, _LEFT, _TOP - row * _LEADING, shown))
    return b"\n".join(drawn)


def _file_of(objects: Sequence[bytes]) -> bytes:
    """Return a PDF file of these objects, of which the first is the catalogue."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size, table = len(objects) + 1, len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    return bytes(data)


def build_copies(workshop: Workshop, groups: Sequence[Sequence[Document]], copies: int, enough: int = 0) -> None:
    """Build an index of copies of documents; each has a title of its own, so that all its chunks are embedded.

    It ends before if there are `enough` chunks.
    """
    from ingest import pipeline

    with workshop.writing() as connection:
        steps = pipeline.storing_steps(connection, workshop.embedder, workshop.window)
        chunks, total = 0, copies * len(groups)
        for done, (number, group) in enumerate(product(range(1, copies + 1), groups), 1):
            copied = [replace(d, id=f"{d.id}-{number}", title=f"{d.title} {number}") for d in group]
            nodes = pipeline.run(steps, [pipeline.document_node(document, "shipped") for document in copied])
            chunks += len(nodes) - len(copied)
            ended = 0 < enough <= chunks
            workshop.progress("documents", done, done if ended else total)
            if ended:
                break
        workshop.publish(connection)
