"""The child process that draws a page of a PDF with its passages marked: `python -m app.pdf_drawing FOLDER`.

A file can make PDFium hang, crash or eat all memory, so this runs apart from the server, in limits. The folder has what
is asked for (`Request`), and gets the picture and what it holds (`Drawn`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import cos, radians, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.pdf_passage import Span, find_passage
from ingest.worker import limit

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels from the picture's upper left corner."""

REQUEST, DRAWN, PICTURE = "request.json", "drawn.json", "page.webp"
"""Files in the folder."""
LARGEST_SCALE, MOST_PIXELS = 6.0, 4_000_000
"""The most pixels a point, and of a picture: a page can be as small as a stamp, or kilometres long."""
MOST_CHARACTERS = 100_000
"""Characters of a page that are looked at."""
MOST_BYTES = 400_000
"""Bytes of a picture without loss; a larger one, of photographs, is packed with loss."""
FILE_BYTES = 32 << 20
EVEN = 0.7
"""The cosine of an angle above which a line is even rather than upright."""
MARKER, UNDERLINE = (255, 226, 138), (176, 124, 0)
"""The colours of a passage and of the line below it, by which it is told without colours."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be drawn: a page (from 1) of a file, its text as it was read, and its passages by lines of that."""

    file: str
    page: int
    width: int
    text: str
    passages: Sequence[Sequence[Span]]
    seconds: int
    memory: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The size of a picture in pixels, and the lines of each passage; none of one that was not found."""

    width: int
    height: int
    boxes: Sequence[Sequence[Box]]


def main() -> None:
    """Draw what the folder on the command line asks for."""
    folder = Path(sys.argv[1])
    request = Request(**json.loads((folder / REQUEST).read_text(encoding="utf-8")))
    limit(request.seconds, request.memory, FILE_BYTES)
    drawn = draw(request, folder / PICTURE)
    (folder / DRAWN).write_text(json.dumps(asdict(drawn)), encoding="ascii")


def draw(request: Request, picture: Path) -> Drawn:
    """Draw a page into a file. Raises `PdfiumError` where PDFium cannot read it."""
    import pypdfium2 as pdfium

    page = pdfium.PdfDocument(request.file)[request.page - 1]
    width, height = page.get_size()
    scale = min(request.width / width, sqrt(MOST_PIXELS / (width * height)), LARGEST_SCALE)
    bitmap = page.render(scale=scale, rev_byteorder=True)
    characters = _Characters(page, bitmap.get_posconv(page))
    found = [find_passage(request.text, passage, characters.text) for passage in request.passages]
    boxes = [characters.lines(places) for places in found]
    image = marked(bitmap.to_pil().convert("RGB"), [box for passage in boxes for box in passage])
    _save(image, picture)
    return Drawn(image.width, image.height, boxes)


class _Characters:
    """The characters of a page as PDFium reads them, with the place of each in the picture."""

    def __init__(self, page: Any, places: Any) -> None:
        import pypdfium2.raw as pdfium_c

        self.page, self.places, self.rotation = page.get_textpage(), places, radians(page.get_rotation())
        count = min(self.page.count_chars(), MOST_CHARACTERS)
        codes = [pdfium_c.FPDFText_GetUnicode(self.page, place) for place in range(count)]
        self.text = [chr(code) if code <= sys.maxunicode else "" for code in codes]

    def lines(self, places: Sequence[int]) -> list[Box]:
        """Return the rectangles of the lines that some characters, in reading order, stand in."""
        import pypdfium2.raw as pdfium_c

        boxes = [self._box(place) for place in places]
        if not places or abs(cos(pdfium_c.FPDFText_GetCharAngle(self.page, places[0]) + self.rotation)) > EVEN:
            return lines_of(boxes)
        return [_turned(line) for line in lines_of(map(_turned, boxes))]

    def _box(self, place: int) -> Box:
        left, bottom, right, top = self.page.get_charbox(place, loose=True)
        one, other = self.places.to_bitmap(left, top), self.places.to_bitmap(right, bottom)
        (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        return x0, y0, x1, y1


def _turned(box: Box) -> Box:
    return box[1], box[0], box[3], box[2]


def lines_of(boxes: Iterable[Box]) -> list[Box]:
    """Return the rectangles of the lines, from left to right, that the characters in these boxes stand in."""
    lines: list[Box] = []
    for box in boxes:
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        if lines and _beside(lines[-1], box):
            lines[-1] = _around(lines[-1], box)
        else:
            lines.append(box)
    return lines


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _beside(line: Box, box: Box) -> bool:
    """Tell whether a character goes on with a line: as high as it, and not far from it."""
    height = min(line[3] - line[1], box[3] - box[1])
    common = min(line[3], box[3]) - max(line[1], box[1])
    return 2 * common >= height and line[0] - 2 * height <= box[2] and box[0] <= line[2] + 2 * height


def marked(image: Image, boxes: Sequence[Box]) -> Image:
    """Return a picture with rectangles marked as by a text marker, with a line below each."""
    from PIL import Image, ImageChops, ImageDraw

    marker = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(marker)
    for box in boxes:
        pen.rectangle(box, fill=MARKER)
    for left, _, right, bottom in boxes:
        pen.line((left, bottom, right, bottom), fill=UNDERLINE, width=3)
    return ImageChops.multiply(image, marker)


def _save(image: Image, file: Path) -> None:
    """Write a picture: without loss, which is crisp and least for text, or with as much loss as it takes."""
    image.save(file, lossless=True)
    for quality in (80, 50, 20):
        if file.stat().st_size <= MOST_BYTES:
            return
        image.save(file, quality=quality)


if __name__ == "__main__":
    main()
