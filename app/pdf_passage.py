"""Where passages of a page, as one program read it, stand in the same page as another program reads it.

Both see the same letters and digits, but not the same spaces, hyphens, ligatures and order of columns and cells. So
letters and digits alone are compared, in stretches as long as they can be; what comes before and after a stretch tells
which of several like it is meant.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import takewhile

Span = tuple[int, int]
"""Start and end in a text, in code points."""

LEAST = 8
"""Letters and digits of a stretch at least; a shorter one may stand anywhere."""
ENOUGH = 0.5
"""The part of a passage that has to be found: with less of it marked, the mark would mislead."""


class _Folded:
    """The letters and digits of a text, folded, each with its place in that text."""

    def __init__(self, text: Sequence[str]) -> None:
        folded = [
            (sign, place)
            for place, char in enumerate(text)
            for sign in unicodedata.normalize("NFKD", char).casefold()
            if sign.isalnum()
        ]
        self.text = "".join(sign for sign, _ in folded)
        self.places = [place for _, place in folded]

    def span(self, start: int, end: int) -> Span:
        """Return which of the letters stand in a part of the text."""
        return bisect_left(self.places, start), bisect_left(self.places, end)


def find_passage(raw: str, lines: Sequence[Span], page: Sequence[str]) -> list[int]:
    """Return the places in `page`, a character each, of the passage that stands in `lines` of `raw`.

    They are in the passage's order, with the signs between and beside its letters; there are none where less than half
    of it is found.
    """
    source, target = _Folded(raw), _Folded(page)
    found: dict[int, None] = {}
    wanted = reached = 0
    for start, end, after in _joined(source, lines):
        wanted += end - start
        for first, last, at in _stretches(source.text, start, end, target.text):
            reached += last - first
            begin, stop = target.places[first], target.places[last - 1] + 1
            if at + last - first == end:
                stop = _with_signs(page, stop, raw[source.places[end - 1] + 1 : after])
            found.update(dict.fromkeys(place for place in range(begin, stop) if not page[place].isspace()))
    return list(found) if reached and reached >= ENOUGH * wanted else []


def _with_signs(page: Sequence[str], place: int, signs: str) -> int:
    """Return the end of a passage that goes on with some signs (a full stop, a closing quotation mark)."""
    for sign in "".join(signs.split()):
        if place == len(page) or page[place] != sign:
            break
        place += 1
    return place


def _joined(source: _Folded, lines: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Return the letters of lines, those that follow each other as one, and where each ends in the text."""
    joined: list[tuple[int, int, int]] = []
    for line in lines:
        start, end = source.span(*line)
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end, line[1]
        elif start < end:
            joined.append((start, end, line[1]))
    return joined


def _stretches(source: str, start: int, end: int, target: str) -> Iterator[tuple[int, int, int]]:
    """Yield where `source[start:end]` stands in the target, in stretches as long as they can be.

    Each has its start and end in the target and its start in the source.
    """
    least = min(LEAST, end - start)
    while end - start >= least:
        length = _longest(source, start, end, target)
        if length < least:
            start += 1
            continue
        place = max(_occurrences(source[start : start + length], target), key=_Alike(source, start, target))
        yield place, place + length, start
        start += length


def _longest(source: str, start: int, end: int, target: str) -> int:
    """Return how much of `source[start:end]`, from its beginning, the target has somewhere in one piece."""
    lengths = range(1, end - start + 1)
    return bisect_left(lengths, True, key=lambda length: source[start : start + length] not in target)


def _occurrences(stretch: str, target: str) -> Iterator[int]:
    place = target.find(stretch)
    while place >= 0:
        yield place
        place = target.find(stretch, place + 1)


class _Alike:
    """How many characters around a place of the target are those around the place in the source."""

    def __init__(self, source: str, start: int, target: str) -> None:
        self.before, self.after, self.target = source[:start][::-1], source[start:], target

    def __call__(self, place: int) -> int:
        return _common(self.before, self.target[:place][::-1]) + _common(self.after, self.target[place:])


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginnings."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
