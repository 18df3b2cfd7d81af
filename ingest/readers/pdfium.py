"""The second opinion on a PDF, by PDFium: the text of pages that pypdf cannot read, and text that nobody can see."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

LIGHT, CONTRAST = 224, 24
"""The least of red, green and blue that makes a colour light, and the least difference of greys that can be told."""
TINY = 2.0
"""Height in points below which letters cannot be read."""
MOST_BOXES = 20_000
"""Stretches of text of a page whose places are told."""
LEAST_HIDDEN = 3
"""Letters that have to be hidden for a page to be told of."""
DOTS = 300
"""Pixels an inch of a page that is read as a picture."""
LONGEST = 5000
"""Pixels of its longer side at most (A3 has 4,961)."""
_INVISIBLE = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)


class SecondOpinion:
    """A PDF as PDFium reads it; every page is nothing where it cannot open the file."""

    def __init__(self, path: Path) -> None:
        self._document: Any = None
        try:
            self._document = pdfium.PdfDocument(path)
        except pdfium.PdfiumError:
            return

    def __enter__(self) -> SecondOpinion:
        """Return the opinion itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        if self._document is not None:
            self._document.close()

    @property
    def pages(self) -> int:
        """Return the number of pages, 0 where the file cannot be opened."""
        return len(self._document) if self._document is not None else 0

    def text(self, index: int) -> str:
        """Return the text of a page, lines as they stand in the file; nothing where there is none."""
        if index >= self.pages:
            return ""
        try:
            page = self._document[index]
            text = str(page.get_textpage().get_text_range())
            return text.replace("\r\n", "\n").replace("\x02", "-").replace("\ufffe", "-\n")  # marks of broken words
        except pdfium.PdfiumError:
            return ""

    def boxes(self, index: int) -> list[tuple[float, float, float, float]]:
        """Return left, bottom, right and top of each stretch of a page's text, in points; none if it cannot be read."""
        if index >= self.pages:
            return []
        try:
            textpage = self._document[index].get_textpage()
            return [textpage.get_rect(number) for number in range(min(textpage.count_rects(), MOST_BOXES))]
        except pdfium.PdfiumError:
            return []

    def picture(self, index: int) -> Image | None:
        """Return a page in shades of grey, as fine as text recognition wants it; None for an empty one.

        Raises `PdfiumError` where it cannot be drawn: PDFium leaves out images that are damaged or take too much room.
        """
        import numpy as np

        page = self._document[index]
        scale = min(DOTS / 72, LONGEST / max(page.get_size()))
        picture: Image = page.render(scale=scale, grayscale=True).to_pil()
        if np.ptp(np.asarray(picture)) >= CONTRAST:
            return picture
        if any(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])):
            raise pdfium.PdfiumError("The page has an image, of which nothing is drawn.")
        return None

    def hides_text(self, index: int) -> bool:
        """Tell whether a page has text that cannot be seen: off the page, too small, or of the colour of its ground."""
        if index >= self.pages:
            return False
        try:
            return _letters_hidden(self._document[index]) >= LEAST_HIDDEN
        except pdfium.PdfiumError:
            return False


def _letters_hidden(page: Any) -> int:
    textpage = page.get_textpage()
    width, height = page.get_size()
    hidden, faint = 0, []
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], textpage=textpage):
        left, bottom, right, top = item.get_bounds()
        letters = sum(char.isalpha() for char in item.extract())
        if right < 0 or top < 0 or left > width or bottom > height or top - bottom < TINY:
            hidden += letters
        elif letters and _may_be_unseen(item):
            faint.append((letters, (left, bottom, right, top)))
    if faint:
        grey = _rendered(page)
        hidden += sum(letters for letters, box in faint if _even(grey, box, height))
    return hidden


def _may_be_unseen(item: Any) -> bool:
    """Tell whether text is drawn in a light colour, or is not drawn at all."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    drawn = pdfium_c.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    light = drawn and min(red.value, green.value, blue.value) >= LIGHT
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
    return bool(light or alpha.value < 255 - LIGHT or mode in _INVISIBLE)


def _rendered(page: Any) -> NDArray[np.uint8]:
    """Return the page as shades of grey, a point a pixel, shape (height, width)."""
    import numpy as np

    return np.asarray(page.render(scale=1, grayscale=True).to_numpy()).squeeze()


def _even(grey: NDArray[np.uint8], box: tuple[float, float, float, float], height: float) -> bool:
    """Tell whether nothing can be told apart in a part of a page."""
    left, bottom, right, top = box
    part = grey[max(0, int(height - top)) : int(height - bottom) + 1, max(0, int(left)) : int(right) + 1]
    return not part.size or int(part.max()) - int(part.min()) < CONTRAST
