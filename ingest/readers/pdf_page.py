"""The text of a page of a PDF as a reader sees it: lines in order, with a blank line where a paragraph ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pypdf import PageObject

from ingest.readers.pdf_columns import with_columns
from ingest.readers.pdf_dots import Dots
from ingest.readers.pdf_gaps import with_gaps
from ingest.readers.pdf_lines import (
    Box,
    Boxes,
    Piece,
    lines_of,
    with_dot,
    with_raised_marks,
)
from ingest.readers.pdf_tables import with_rows


def page_lines(page: PageObject, boxes: Callable[[], Sequence[Box]]) -> list[tuple[str, float]]:
    """Return the page's lines with the size of their letters, 0 for a blank line and where nothing tells it.

    `boxes` gives where there is text on the page; it is asked once pypdf has read it.
    """
    pieces: list[Piece] = []
    dots = Dots()

    def visit(text: str, shift: list[float], place: list[float], _: object, size: float) -> None:
        left = place[4] * shift[0] + place[5] * shift[2] + shift[4]
        height = place[4] * shift[1] + place[5] * shift[3] + shift[5]
        pieces.append(Piece(text, height, abs(size * place[3] * shift[3]), left))

    def draw(operator: bytes, operands: list[Any], shift: list[float], _: object) -> None:
        dots.draw(operator, operands, shift)

    plain = page.extract_text(visitor_text=visit, visitor_operand_before=draw)
    if "".join(piece.text for piece in pieces) != plain:
        return [(line, 0.0) for line in plain.split("\n")]
    found = dots.found
    lines = [with_dot(line, found) for line in lines_of(with_raised_marks(pieces), Boxes(boxes()))]
    return with_gaps(with_rows(with_columns(lines)))
