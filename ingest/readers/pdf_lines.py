"""The lines of a page of a PDF, made of the runs of text that pypdf hands over with their places.

What stands apart in a line is told by where text ends, which pypdf does not tell; PDFium does.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.marks import is_mark
from ingest.readers.pdf_dots import Dot
from kb.characters import mend_characters

SMALL, RAISED = 0.87, 0.15
"""The size of a footnote's mark at most, and how much higher it stands at least, in the size of the text before it."""
SURELY_SMALL = 0.8
"""The size of a mark that is known without its height."""
_MARK = re.compile(r"\d{1,2}(?=\D|$)[*,]?\s*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_READ_AS = str.maketrans("\t\x7f", " •")
"""Tabs part cells here; a code that the usual encoding leaves free is shown as a bullet."""
APART = 0.7
"""How far two runs of a line stand apart at least, in the size of the letters, where they are cells."""


OTHER_SIZE = 1.12
"""How much larger or smaller letters are at least than those of another block."""


LEVEL, FAR_BELOW = 0.3, 0.9
"""By how much the heights of two runs of a line differ at most, in the size of the letters, and what raised and lowered
signs never differ by."""
WORDS_APART = 1.0
"""How far the words of a text stand apart at most, in the size of the letters."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text as it stands on a page: its foot's height, its letters' size and its edges, in points.

    The right edge is 0 where it is not known.
    """

    text: str
    height: float
    size: float = 0.0
    left: float = 0.0
    right: float = 0.0


Box = tuple[float, float, float, float]
"""Left, bottom, right and top of a stretch of text, in points."""


class Boxes:
    """Where there is text on a page."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._bands: dict[int, list[Box]] = {}
        for box in sorted(boxes):
            bottom, top = box[1], min(box[3], box[1] + 10 * _BAND)
            for band in range(int(bottom // _BAND), int(top // _BAND) + 1):
                self._bands.setdefault(band, []).append(box)

    def right_of(self, piece: Piece, before: float = math.inf) -> float:
        """Return where the text ends that begins with a piece, as far as it begins `before` a place; 0 if unknown."""
        middle = piece.height + 0.25 * piece.size
        beside = self._bands.get(int(middle // _BAND), [])
        right = 0.0
        for place in range(bisect_left(beside, (piece.left - 2, 0.0, 0.0, 0.0)), len(beside)):
            start, bottom, end, top = beside[place]
            if start >= before - 1 or (right and start - right > WORDS_APART * piece.size):
                break
            right = max(right, end) if bottom <= middle <= top else right
        return right


_BAND = 6.0
"""Points."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page; `parts` are what of it stands apart, such as cells, and `pieces` all that it is made of.

    `inner` is where the text of a list item begins, and the line's left edge for other lines.
    """

    text: str
    height: float
    size: float
    left: float
    inner: float
    parts: tuple[Piece, ...]
    pieces: tuple[Piece, ...] = ()


def with_raised_marks(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces of which small digits right after larger text are raised ("12¹"), so that they touch no figure."""
    raised: list[Piece] = []
    last = Piece("", 0.0)
    for piece in pieces:
        mark = _MARK.fullmatch(piece.text) and last.text[-1:].strip() and piece.size < SMALL * last.size
        small = mark and (piece.size < SURELY_SMALL * last.size or piece.height - last.height > RAISED * last.size)
        raised.append(replace(piece, text=piece.text.translate(_RAISED)) if small else piece)
        if piece.text and not small:
            last = piece
        elif piece.text:
            last = replace(piece, size=last.size, height=last.height)
    return raised


def lines_of(pieces: Sequence[Piece], boxes: Boxes | None = None) -> list[PageLine]:
    """Return the lines that hold text, their parts as far as `boxes` tell them."""
    boxes = boxes or Boxes(())
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(piece.text.translate(_READ_AS).split("\n")):
            if number and lines[-1]:
                lines.append([])
            if text.strip() or lines[-1]:
                lines[-1].append(replace(piece, text=text))
    joined: list[list[Piece]] = []
    for line in filter(None, lines):
        if joined and _stands_beside(joined[-1], line[0], boxes):
            joined[-1] += [replace(joined[-1][-1], text=" "), *line]
        else:
            joined.append(line)
    return [_line(level, boxes) for line in joined for level in _levels(line, boxes)]


def _levels(line: Sequence[Piece], boxes: Boxes) -> list[list[Piece]]:
    """Return a line's pieces parted where they are apart and not at one height; pypdf joins what is nearly in line."""
    levels: list[list[Piece]] = [[]]
    last: Piece | None = None
    for piece in line:
        size = min(last.size, piece.size) if last and piece.text.strip() else 0.0
        if last and size:  # there is none where the text is turned
            step = abs(last.height - piece.height) / size
            apart = piece.left < last.left + 1 or 0 < boxes.right_of(last, piece.left) < piece.left - APART * piece.size
            if step > FAR_BELOW or (step > LEVEL and apart):
                levels.append([])
        levels[-1].append(piece)
        last = piece if piece.text.strip() else last
    return levels


def _stands_beside(line: Sequence[Piece], piece: Piece, boxes: Boxes) -> bool:
    """Tell whether a piece goes on with a line that pypdf ends, since the file feeds a line before it."""
    last = next(each for each in reversed(line) if each.text.strip())
    level = abs(last.height - piece.height) < LEVEL * min(last.size, piece.size)
    return level and last.left < boxes.right_of(last, piece.left) < piece.left


def _line(pieces: Sequence[Piece], boxes: Boxes) -> PageLine:
    """Return the line that pieces make."""
    if pieces[0].text.strip() == "o":  # a small circle, in the fonts of office programs
        pieces = [replace(pieces[0], text="◦ "), *pieces[1:]]
    written: list[Piece] = []
    for piece in pieces:
        if piece.text.strip() or not written:
            written.append(piece)
        else:
            written[-1] = replace(written[-1], text=written[-1].text + piece.text)
    lefts = [*(piece.left for piece in written[1:]), math.inf]
    known = [replace(each, right=boxes.right_of(each, left)) for each, left in zip(written, lefts, strict=True)]
    marked = is_mark(seen(known[0].text)) and len(known) > 1
    parts = joined(known, APART, marked)
    longest = max(known, key=lambda piece: len(piece.text.strip()))
    text = "".join(piece.text for piece in pieces)
    inner = known[1].left if marked else parts[0].left
    return PageLine(text, longest.height, longest.size, parts[0].left, inner, tuple(parts), tuple(known))


def joined(pieces: Sequence[Piece], apart: float, marked: bool = False) -> list[Piece]:
    """Return pieces of a line of which those are one that stand less than so far apart, in the size of the letters.

    Where the line is `marked`, the mark and what follows it are one.
    """
    parts = [pieces[0]]
    for number, piece in enumerate(pieces[1:]):
        last = parts[-1]
        if (marked and not number) or not 0 < last.right < piece.left - apart * piece.size:
            parts[-1] = replace(last, text=f"{last.text}{piece.text}", right=piece.right)
        else:
            parts.append(piece)
    return parts


def line_of(parts: Sequence[Piece]) -> PageLine:
    """Return the line that parts make alone; it is as high and its letters are as large as the longest part's."""
    longest = max(parts, key=lambda piece: len(piece.text.strip()))
    text = " ".join(part.text.strip() for part in parts)
    return PageLine(text, longest.height, longest.size, parts[0].left, parts[0].left, tuple(parts), tuple(parts))


def seen(text: str) -> str:
    """Return a text as it is read, without space around it."""
    return mend_characters(text).strip()


def with_dot(line: PageLine, dots: Sequence[Dot]) -> PageLine:
    """Return the line with the dot that is drawn before it as a sign."""
    for dot in dots:
        beside = 0 < line.left - dot.left < 3 * line.size and dot.size < line.size
        if beside and -0.1 * line.size < dot.height - line.height < 0.8 * line.size:
            parts = (replace(line.parts[0], text=f"• {line.parts[0].text}"), *line.parts[1:])
            return replace(line, text=f"• {line.text.lstrip()}", left=dot.left, parts=parts)
    return line
