"""Dots and other small signs that a PDF draws before the items of a list instead of writing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SMALLEST, LARGEST = 1.0, 9.0
"""Points."""
MOST = 2000
"""Dots of a page, above which they are a picture's."""
_LEADS = {b"m", b"l", b"c", b"v", b"y"}
_PAINTED = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"}


@dataclass(frozen=True, slots=True)
class Dot:
    """A small shape as wide as it is high: its left edge, the height of its middle and its size, in points."""

    left: float
    height: float
    size: float


class Dots:
    """The dots of a page, found while its operators pass by."""

    def __init__(self) -> None:
        self._found: list[Dot] = []
        self._path: list[tuple[float, float]] = []

    @property
    def found(self) -> list[Dot]:
        """Return the dots; none where there are as many as in a picture."""
        return self._found if len(self._found) <= MOST else []

    def draw(self, operator: bytes, operands: list[Any], shift: list[float]) -> None:
        """Take note of an operator; `shift` is the matrix that is in force."""
        if operator in _LEADS or operator == b"re":
            numbers = [float(operand) for operand in operands if isinstance(operand, int | float)]
            if operator == b"re" and len(numbers) == 4:  # width and height instead of the second corner
                numbers = [*numbers[:2], numbers[0] + numbers[2], numbers[1] + numbers[3]]
            self._add(list(zip(numbers[::2], numbers[1::2], strict=False)), shift)
        elif operator in _PAINTED or operator == b"n":
            if operator != b"n" and self._path and len(self._found) <= MOST:
                self._paint()
            self._path = []

    def _add(self, points: list[tuple[float, float]], shift: list[float]) -> None:
        moved = [(x * shift[0] + y * shift[2] + shift[4], x * shift[1] + y * shift[3] + shift[5]) for x, y in points]
        across, up = zip(*self._path, *moved, strict=True) if self._path or moved else ((), ())
        self._path = [(min(across), min(up)), (max(across), max(up))] if across else []

    def _paint(self) -> None:
        (left, foot), (right, top) = self._path
        width, height = right - left, top - foot
        if min(width, height) >= SMALLEST and max(width, height) <= min(LARGEST, 1.4 * min(width, height)):
            self._found.append(Dot(left, (foot + top) / 2, height))
