"""Blocks of Markdown from the lines of a plain text or a PDF: headings, list items, whole paragraphs.

Every block is written as one line, so that nothing in it is read as structure that is not there. What
is a heading or ends a paragraph is judged by blank lines, by lines broken before the margin, by
capitals and punctuation; the judgement is cautious, and in doubt lines stay one paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ingest.headings import LEADERS, SECTION, SUBSECTION, is_text, may_be_heading
from ingest.hyphens import Words, join_lines
from ingest.marks import LETTERED, SURE, Mark, ends_sentence, mark_of, opens

LONGEST_LARGE = 200
"""The most characters of a heading in larger letters."""

LARGE = 1.15
"""How much larger than the usual ones a heading's letters are."""
SAME_SIZE = 0.06
"""How much sizes of letters may differ, against the usual one, that are meant to be the same."""
LOWEST = 4
"""The lowest level of headings that is told from those above it."""
ROW = "row"
_SMALL = 0.95
"""Letters smaller than this part of the usual ones make no heading."""
_NARROW = 0.88  # a line that ends before this part of the usual width was broken there on purpose
_WRAPPED = 160  # lines that are usually longer than this were not broken at a margin
NO_BREAK_SPACE = "\xa0"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text, the page it stands on (from 0), and whether a blank line stands before it.

    `start` and `end` are its place in the page as the file gave it.
    """

    text: str
    page: int = 0
    gap: bool = False
    start: int = 0
    end: int = 0
    ends: bool = False
    """Whether two blank lines stand below it: a paragraph that ends there does not go on on the next page."""
    scale: float = 0.0
    """The size of its letters against the document's usual one; 0 where it is not known."""
    cells: tuple[Line, ...] = ()
    """The cells of a table's row; none for other lines, and empty ones without a place."""

    @property
    def large(self) -> bool:
        """Tell whether its letters are so much larger than the usual ones that it is a heading."""
        return self.scale >= LARGE


@dataclass(frozen=True, slots=True)
class Written:
    """A block as Markdown, with the lines that it was made of; `offsets` are where each begins in the text.

    The first one begins after the block's mark. `item` is the kind of a list item's mark, "row" for a table's row (its
    lines are the cells), and empty for other blocks.
    """

    text: str
    lines: tuple[Line, ...] = ()
    offsets: tuple[int, ...] = ()
    item: Literal["", "bullet", "number", "row"] = ""


@dataclass(slots=True)
class _Draft:
    lines: list[Line]
    prefix: str = ""
    sign: str = ""
    heading: bool = False

    @property
    def scale(self) -> float:
        """Return the size of a heading's letters against the usual one."""
        return self.lines[0].scale

    @property
    def length(self) -> int:
        """Return about how many characters the block has."""
        return sum(len(line.text) for line in self.lines)


def write_blocks(lines: Sequence[Line]) -> list[Written]:
    """Return the blocks that the lines make, in order."""
    words = Words.of([line.text for line in lines])
    drafts = _drafts(_Layout(lines))
    _give_levels(drafts)
    written = [_write_row(draft) if draft.sign == ROW else _write(draft, words) for draft in drafts]
    return [block for block in written if block.text]


def _give_levels(drafts: list[_Draft]) -> None:
    """Mark the title and the headings below it; those in larger letters stand above those in smaller ones."""
    text = next((place for place, draft in enumerate(drafts) if draft.length > LONGEST_LARGE), len(drafts))
    opening = [draft for draft in drafts[:text] if draft.heading and draft.lines[0].large]
    title = max(opening, key=lambda draft: draft.scale, default=drafts[0] if drafts and drafts[0].heading else None)
    place = drafts.index(title) if title else 0
    for draft in drafts[:place]:
        draft.heading = draft.heading and draft.lines[0].large
    after = next((below for below in range(place + 1, len(drafts)) if not drafts[below].heading), len(drafts))
    sizes = {draft.scale for draft in drafts[after:] if draft.heading and draft.lines[0].large}
    for draft in drafts:
        if draft.heading:
            own = draft.scale if draft.lines[0].large else LARGE
            larger = len({round(size / SAME_SIZE) for size in sizes if size > own + SAME_SIZE / 2})
            draft.prefix = "# " if draft is title else "#" * min(2 + larger, LOWEST) + " "


MISREAD = re.compile(
    r"#{1,6}(?:[ \t]|$)|>|[-+*](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|```|~~~|<[A-Za-z/!?]"
    r"|\[(?:[^\]\\]|\\.)*\]:|([-_*])(?:[ \t]*\1){2,}[ \t]*$|--$"
)
"""What Markdown would take for structure at the beginning of a paragraph of one line, or of an item ("- --")."""


def _write(draft: _Draft, words: Words) -> Written:
    """Write a block; text that Markdown would misread is kept from it by a no-break space before it."""
    text, offsets = join_lines([line.text for line in draft.lines], words)
    if not text and draft.sign == "1":  # a number that stands alone is no item
        text = draft.prefix.strip()
        draft = _Draft([replace(draft.lines[0], text=text), *draft.lines[1:]])
    if not text:
        return Written("")
    prefix = draft.prefix if draft.heading or not MISREAD.match(text) else draft.prefix + NO_BREAK_SPACE
    item: Literal["", "bullet", "number"] = ""
    if draft.sign:
        item = "bullet" if draft.prefix == "- " else "number"
    return Written(prefix + text, tuple(draft.lines), tuple(len(prefix) + offset for offset in offsets), item)


def _write_row(draft: _Draft) -> Written:
    """Write a table's row; below the first one stands a line that makes it a table."""
    text, lines, offsets = "|", [], []
    for cell in draft.lines[0].cells:
        text += " "
        if cell.text:
            lines.append(replace(cell, text=cell.text.replace("|", "\\|"), page=draft.lines[0].page))
            offsets.append(len(text))
            text += lines[-1].text
        text += " |"
    return Written(text + draft.prefix, tuple(lines), tuple(offsets), "row")


def _row_drafts(rows: Sequence[Line]) -> list[_Draft]:
    """Return the rows of a table without its head where that is shown anew on a page."""
    anew = {id(row) for above, row in pairwise(rows) if above.page != row.page and row.text == rows[0].text}
    drafts = [_Draft([row], sign=ROW) for row in rows if id(row) not in anew]
    drafts[0].prefix = "\n|" + " --- |" * len(rows[0].cells)
    return drafts


def _drafts(layout: _Layout) -> list[_Draft]:
    """Sort the lines into blocks."""
    drafts: list[_Draft] = []
    number = place = 0
    while place < len(layout.lines):
        if rows := layout.rows(place):
            drafts += _row_drafts(rows)
            number, place = 0, place + len(rows)
            continue
        line, above = layout.lines[place], drafts[-1] if drafts else None
        fresh = above is None or above.heading or above.sign == ROW or layout.ends_before(place, bool(above.sign))
        mark = layout.item(place, fresh, above.sign if above else "", number)
        after = layout.heading(place, above, mark) if fresh or layout.sentence_ends_before(place) else place
        after = max(after, layout.large_until(place))
        if after > place:
            drafts.append(_Draft(list(layout.lines[place:after]), heading=True))
            number, place = 0, after
            continue
        if mark:
            drafts.append(_Draft([replace(line, text=mark.rest)], mark.written, mark.sign))
            number = mark.number or number
        elif fresh or above is None:
            drafts.append(_Draft([line]))
        else:
            above.lines.append(line)
        place += 1
    return drafts


class _Layout:
    """The lines of a document, and what their lengths and places tell."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        lengths: dict[int, list[int]] = {}
        for line in lines:
            lengths.setdefault(line.page, []).append(len(line.text))
        whole = _usual([length for page in lengths.values() for length in page])
        self._widths = {page: _usual(found) if len(found) >= 8 else whole for page, found in lengths.items()}

    def width(self, place: int) -> int:
        """Return the usual length of a line on the page of this one."""
        return self._widths[self.lines[place].page]

    def broken(self, place: int) -> bool:
        """Tell whether the line ends although the first word of the next would have fitted on it."""
        word = self.lines[place + 1].text[:40].split(" ", 1)[0]
        return len(self.lines[place].text) + 1 + len(word) < _NARROW * self.width(place)

    def sentence_ends_before(self, place: int) -> bool:
        """Tell whether the line before ends a sentence."""
        return place == 0 or ends_sentence(self.lines[place - 1].text)

    def ends_before(self, place: int, item: bool) -> bool:
        """Tell whether a paragraph (or list item) ends before this line."""
        last, line = self.lines[place - 1], self.lines[place]
        if line.gap:
            return True
        turned = last.page != line.page
        if not opens(line.text) or last.text[-1] in "-," or not self.broken(place - 1):
            unbroken_lines = not turned and self.width(place - 1) > _WRAPPED
            return unbroken_lines and opens(line.text) and ends_sentence(last.text)
        left_item = item and not line.scale  # where sizes are known, a line that leaves an item has a gap before it
        return turned or left_item or self.width(place - 1) > _WRAPPED or ends_sentence(last.text)

    def item(self, place: int, fresh: bool, sign: str, number: int) -> Mark | None:
        """Return the mark if a list item begins here; `sign` and `number` are those of the items before."""
        mark = mark_of(self.lines[place].text)
        if mark is None or mark.sign in SURE:
            return mark
        ready = fresh or self.lines[place - 1].text[-1] in ".:;!?"
        if mark.sign == "1":
            in_row = mark.number == number + 1 and sign == "1"
            first = mark.number in (1, number + 1) and (ready or self.broken(place - 1))
            return mark if in_row or first or (fresh and opens(mark.rest)) else None
        if mark.sign == LETTERED:  # else an initial, or what is shortened ("f. eks.")
            in_row = mark.number == number + 1 and sign == LETTERED
            return mark if in_row or (mark.number == 1 and self._has_second(place)) else None
        siblings = sign == mark.sign or self._has_sibling(place, mark.sign)
        if mark.sign in "–—" and not siblings:  # a quote or an aside
            return None
        begins = ready or sign == mark.sign or (siblings and self.broken(place - 1))
        return mark if begins else None

    def _has_second(self, place: int) -> bool:
        """Tell whether an item with the next letter begins on one of the next lines."""
        marks = (mark_of(line.text) for line in self.lines[place + 1 : place + 12])
        return any(mark and mark.sign == LETTERED and mark.number == 2 for mark in marks)

    def _has_sibling(self, place: int, sign: str) -> bool:
        """Tell whether one of the next lines begins with the same sign, and not in the midst of a sentence."""
        near = pairwise(self.lines[place : place + 12])
        return any(
            line.text.startswith(f"{sign} ") and (line.gap or last.text[0] == sign or last.text[-1] in ".,:;!?")
            for last, line in near
        )

    def rows(self, place: int) -> list[Line]:
        """Return the rows of the table that begins here, all as wide as the widest; none where there is no table."""
        after = place
        while after < len(self.lines) and self.lines[after].cells:
            after += 1
        rows = self.lines[place:after] if after > place + 1 else ()
        columns = max((len(row.cells) for row in rows), default=0)
        return [replace(row, cells=row.cells + (Line(""),) * (columns - len(row.cells))) for row in rows]

    def large_until(self, place: int) -> int:
        """Return where lines of larger letters that begin here end; `place` where they cannot be a heading."""
        after = place
        while after < len(self.lines) and self.lines[after].large and (after == place or self._goes_on(after)):
            after += 1
        text = " ".join(line.text for line in self.lines[place:after])
        listed = len(text) > LONGEST_LARGE or LEADERS.search(text)
        return after if after > place and not listed and any(map(str.isalpha, text)) else place

    def _goes_on(self, place: int) -> bool:
        """Tell whether a line may belong to the same heading as the line before it."""
        last, line = self.lines[place - 1], self.lines[place]
        return not line.gap and not line.cells and abs(line.scale - last.scale) < SAME_SIZE

    def _is_listed(self, place: int, number: int) -> bool:
        """Tell whether the next number begins a line before the next blank line."""
        for line in self.lines[place + 1 :]:
            mark = None if line.gap else mark_of(line.text)
            if line.gap or (mark and mark.sign == "1"):
                return mark is not None and mark.number == number + 1
        return False

    def heading(self, place: int, above: _Draft | None, mark: Mark | None) -> int:
        """Return where the text below the heading that stands here begins, or `place` if there is no heading.

        A numbered line is a heading only where it is not one of a list's items.
        """
        if mark and (mark.sign != "1" or (above and above.sign) or self._is_listed(place, mark.number)):
            return place
        if 0 < self.lines[place].scale < _SMALL or self.lines[place].cells:
            return place
        text = ""
        for last in range(place, min(place + 3, len(self.lines))):
            line = self.lines[last]
            inner = mark_of(line.text) if last > place else None
            if last > place and (not self._goes_on(last) or (inner and inner.sign not in "–—")):
                break
            text = f"{text} {line.text}".strip()
            nested = 2 if SECTION.match(text) else int(place == 0)
            between = 2 if place == 0 else 0
            if may_be_heading(text) and self._stands_above(last + 1, text, mark is None, nested, between):
                return last + 1
        return place

    def _stands_above(self, below: int, text: str, listed: bool, nested: int, between: int = 0) -> bool:
        """Tell whether what begins at line `below` can have `text` for its heading.

        It may be `listed` items, or up to `nested` headings that follow each other; `between` them
        and a title, so many short lines with date or author may stand.
        """
        if below >= len(self.lines):
            return False
        if not self.lines[below].gap:
            return self._touches(below, text)
        if mark_of(self.lines[below].text):
            return listed
        block, after = self._block(below)
        if is_text(block, len(text)):
            return True
        if may_be_heading(block):
            return nested > 0 and self._stands_above(after, block, True, nested - 1)
        return between > 0 and self._stands_above(after, text, listed, nested, between - 1)

    def _touches(self, below: int, text: str) -> bool:
        """Tell whether the line `below`, with no blank line between, begins a paragraph under a heading."""
        line = self.lines[below]
        numbered = SUBSECTION.match(text) is not None and not SUBSECTION.match(line.text)
        long_enough = len(line.text) >= max(0.6 * self.width(below), 40)
        return (long_enough or numbered) and opens(line.text) and self.broken(below - 1)

    def _block(self, place: int) -> tuple[str, int]:
        """Return the lines from `place` up to the next blank line as one text, and where they end."""
        after = place + 1
        while after < len(self.lines) and not self.lines[after].gap and after < place + 5:
            after += 1
        return " ".join(line.text for line in self.lines[place:after]), after


def _usual(lengths: list[int]) -> int:
    """Return the length that four fifths of the lines do not exceed."""
    return sorted(lengths)[(len(lengths) * 4) // 5] if lengths else 0
