"""Real PDFs for tests, whole ones and hostile ones, made of pypdf's generic objects or of bytes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

TOP, LEADING = 780, 14


class Run(NamedTuple):
    """A text that is set at a place of a page: its left edge, the height of its foot and its size, in points."""

    text: str
    left: float
    height: float
    size: float = 11


def pdf(
    *pages: Sequence[str], title: str | None = None, created: str | None = None, password: str | None = None
) -> bytes:
    """Return a PDF of these pages in Helvetica; an empty line leaves half a line's room."""
    writer = _written([_text_operators(lines) for lines in pages])
    properties = {"/Title": title, "/CreationDate": created}
    writer.add_metadata({key: value for key, value in properties.items() if value is not None})
    if password is not None:
        writer.encrypt(password, "owner", algorithm="AES-256")
    return _bytes(writer)


def pdf_of_runs(*pages: Sequence[Run], drawn: bytes = b"") -> bytes:
    """Return a PDF of texts that are set where they say, in this order; on each page `drawn` is drawn first."""
    return _bytes(_written([b"\n".join([drawn, *map(_set, runs)]) for runs in pages]))


def _written(contents: Sequence[bytes]) -> PdfWriter:
    """Return pages of A4 with these content streams, which may use Helvetica under the name /F."""
    writer = PdfWriter()
    font = writer._add_object(_names(Type="Font", Subtype="Type1", BaseFont="Helvetica", Encoding="WinAnsiEncoding"))
    for operators in contents:
        page = writer.add_blank_page(595, 842)
        content = StreamObject()
        content.set_data(operators)
        page[NameObject("/Contents")] = writer._add_object(content)
        fonts = DictionaryObject({NameObject("/F"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    return writer


def _bytes(writer: PdfWriter) -> bytes:
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _names(**entries: str) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in entries.items()})


def _text_operators(lines: Sequence[str]) -> bytes:
    operators, height = [], TOP
    for line in lines:
        height -= LEADING if line else LEADING // 2
        if line:
            operators.append(_set(Run(line, 72, height)))
    return b"\n".join(operators)


def _set(run: Run) -> bytes:
    shown = run.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F %g Tf %g %g Td (%s) Tj ET" % (run.size, run.left, run.height, shown)


def pdf_of_objects(*objects: bytes) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(data)


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def stream_object(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream, packed."""
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def pdf_of_streams(*contents: bytes, form: bytes = b"") -> bytes:
    """Return a PDF with a page for each packed content stream (given as an object), and one form named /X."""
    pages = b" ".join(b"%d 0 R" % (5 + 2 * index) for index in range(len(contents)))
    objects = [
        CATALOGUE,
        b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 595 842] >>" % (pages, len(contents)),
        FONT,
        form or b"null",
    ]
    for index, content in enumerate(contents):
        resources = b"<< /Font << /F 3 0 R >> /XObject << /X 4 0 R >> >>"
        page = b"<< /Type /Page /Parent 2 0 R /Resources %s /Contents %d 0 R >>" % (resources, 6 + 2 * index)
        objects += [page, content]
    return pdf_of_objects(*objects)


def words(text: str) -> bytes:
    """Return the content stream of a page with one line of text, as an object."""
    return stream_object(_text_operators([text]))


def endless_page() -> bytes:
    """Return the content of a page that shows the form /X thousands of times."""
    return stream_object(b"/X Do " * 4000)


def long_form() -> bytes:
    """Return a form that takes seconds to show each time."""
    operators = b"BT /F 11 Tf (a) Tj ET " * 60_000
    return stream_object(
        operators, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 3 0 R >> >>"
    )


def bomb(gigabytes: int) -> bytes:
    """Return as an object a stream of spaces that is packed twice, so that a few kilobytes become gigabytes."""
    packer = zlib.compressobj(9)
    head = packer.compress(b" ") + packer.flush(zlib.Z_FULL_FLUSH)
    megabyte = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(head + megabyte * (gigabytes << 10), 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(packed), filters, packed)
