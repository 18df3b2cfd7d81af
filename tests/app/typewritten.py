"""PDFs set in a typewriter's letters, so that tests know where each letter stands: 6 points wide at a size of 10."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.ingest.pdfs import CATALOGUE, pdf_of_objects, stream_object

SIZE, ADVANCE = 10, 6
"""Points of a letter: its size and its width."""
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding << /Differences [1 /fi] >> >>"
"""Courier with the ligature fi as the character 1."""


class Words(NamedTuple):
    """A text at a place of a page: its left edge and the height of its foot."""

    text: str
    left: float
    height: float

    def part(self, part: str) -> tuple[float, float, float]:
        """Return left, right and foot of a part of the text."""
        start = self.left + ADVANCE * self.text.index(part)
        return start, start + ADVANCE * len(part), self.height


def typewritten(*pages: Sequence[Words], box: str = "0 0 595 842", rotated: int = 0) -> bytes:
    """Return a PDF of pages whose texts are set in this order."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [CATALOGUE, f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(), FONT]
    for number, words in enumerate(pages):
        page = f"/Type /Page /Parent 2 0 R /MediaBox [{box}] /Rotate {rotated} /Contents {5 + 2 * number} 0 R"
        objects += [f"<< {page} /Resources << /Font << /F 3 0 R >> >> >>".encode()]
        objects += [stream_object(b"\n".join(map(_set, words)))]
    return pdf_of_objects(*objects)


def _set(words: Words) -> bytes:
    shown = words.text.replace("\N{LATIN SMALL LIGATURE FI}", "\1").encode("cp1252")
    return b"BT /F %d Tf %g %g Td (%s) Tj ET" % (SIZE, words.left, words.height, shown)
