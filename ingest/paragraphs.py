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

from ingest.hyphens import Words, join_lines

LONGEST_HEADING = (90, 12)
LONGEST_QUESTION = (120, 20)
"""The most characters and words of a heading, and of a question that is one."""

LONGEST_LARGE = 200
"""The most characters of a heading in larger letters."""

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
    large: bool = False
    """Whether its letters are larger than the document's usual ones."""


@dataclass(frozen=True, slots=True)
class Written:
    """A block as Markdown, with the lines that it was made of; `offsets` are where each begins in the text.

    The first one begins after the block's mark. `item` is the kind of a list item's mark, and empty for other blocks.
    """

    text: str
    lines: tuple[Line, ...] = ()
    offsets: tuple[int, ...] = ()
    item: Literal["", "bullet", "number"] = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """The mark of a list item: what it was, what is written for it, its number, and the text after it."""

    sign: str
    written: str
    rest: str
    number: int = 0


@dataclass(slots=True)
class _Draft:
    lines: list[Line]
    prefix: str = ""
    sign: str = ""
    heading: bool = False


_SURE = "•‣▪■●◦○▸►➢✓"
_BULLET = re.compile(rf"([{_SURE}])\s*(.*)|([›*·∙–—-])\s+(\S.*)")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)](?:\s+(\S.*))?$")
_LETTER = re.compile(r"\(?[a-zæøå]\)\s+\S")
_DATE = re.compile(r"\d{1,2}\. ?(?:jan|feb|mar|apr|ma[jiy]|jun|jul|aug|sep|o[kc]t|nov|de[cs])", re.IGNORECASE)


def _mark_of(text: str) -> _Mark | None:
    """Return the list item's mark that a line seems to begin with."""
    if bullet := _BULLET.match(text):
        sign, rest = bullet[1] or bullet[3], bullet[2] if bullet[1] else bullet[4]
        inner = _mark_of(rest) if _NUMBER.match(rest) else None
        return replace(inner, sign=sign) if inner else _Mark(sign, "- ", rest)
    if (number := _NUMBER.match(text)) and not _DATE.match(text):
        return _Mark("1", f"{number[1]}. ", number[2] or "", int(number[1]))
    return _Mark("a", "- ", text) if _LETTER.match(text) else None


def write_blocks(lines: Sequence[Line]) -> list[Written]:
    """Return the blocks that the lines make, in order."""
    words = Words.of([line.text for line in lines])
    written = [_write(draft, words) for draft in _drafts(_Layout(lines))]
    return [block for block in written if block.text]


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


def _drafts(layout: _Layout) -> list[_Draft]:
    """Sort the lines into blocks."""
    drafts: list[_Draft] = []
    number = place = 0
    while place < len(layout.lines):
        line = layout.lines[place]
        above = drafts[-1] if drafts else None
        fresh = above is None or above.heading or layout.ends_before(place, bool(above.sign))
        mark = layout.item(place, fresh, above.sign if above else "", number)
        after = layout.heading(place, above, mark) if fresh or layout.sentence_ends_before(place) else place
        after = max(after, layout.large_until(place))
        if after > place:
            drafts.append(_Draft(list(layout.lines[place:after]), "## " if drafts else "# ", heading=True))
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


_SENTENCE_END = re.compile(r"(?:[.!?…]|[^\W\d_]{2}[.!?]\d{1,2})[\"'”’»)\]]*$")
_OPENING = "\"'“”«»‘„([ "


def _opens(text: str) -> bool:
    """Tell whether a line may begin a sentence."""
    first = text.lstrip(_OPENING)[:1]
    return first.isupper() or first.isdigit()


def _ends_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text[-12:]) is not None


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
        return place == 0 or _ends_sentence(self.lines[place - 1].text)

    def ends_before(self, place: int, item: bool) -> bool:
        """Tell whether a paragraph (or list item) ends before this line."""
        last, line = self.lines[place - 1], self.lines[place]
        if line.gap:
            return True
        turned = last.page != line.page
        if not _opens(line.text) or last.text[-1] in "-," or not self.broken(place - 1):
            unbroken_lines = not turned and self.width(place - 1) > _WRAPPED
            return unbroken_lines and _opens(line.text) and _ends_sentence(last.text)
        return turned or item or self.width(place - 1) > _WRAPPED or _ends_sentence(last.text)

    def item(self, place: int, fresh: bool, sign: str, number: int) -> _Mark | None:
        """Return the mark if a list item begins here; `sign` and `number` are those of the items before."""
        mark = _mark_of(self.lines[place].text)
        if mark is None or mark.sign in _SURE:
            return mark
        ready = fresh or self.lines[place - 1].text[-1] in ".:;!?"
        if mark.sign == "1":
            in_row = mark.number == number + 1 and sign == "1"
            first = mark.number in (1, number + 1) and (ready or self.broken(place - 1))
            return mark if in_row or first or (fresh and _opens(mark.rest)) else None
        siblings = sign == mark.sign or self._has_sibling(place, mark.sign)
        if mark.sign in "–—" and not siblings:  # a quote or an aside
            return None
        begins = ready or sign == mark.sign or (siblings and self.broken(place - 1))
        return mark if begins else None

    def _has_sibling(self, place: int, sign: str) -> bool:
        """Tell whether one of the next lines begins with the same sign, and not in the midst of a sentence."""
        near = pairwise(self.lines[place : place + 12])
        return any(
            line.text.startswith(f"{sign} ") and (line.gap or last.text[0] == sign or last.text[-1] in ".,:;!?")
            for last, line in near
        )

    def large_until(self, place: int) -> int:
        """Return where lines of larger letters that begin here end; `place` where they cannot be a heading."""
        after = place
        while after < len(self.lines) and self.lines[after].large and (after == place or not self.lines[after].gap):
            after += 1
        text = " ".join(line.text for line in self.lines[place:after])
        return after if after > place and len(text) <= LONGEST_LARGE and any(map(str.isalpha, text)) else place

    def heading(self, place: int, above: _Draft | None, mark: _Mark | None) -> int:
        """Return where the text below the heading that stands here begins, or `place` if there is no heading.

        A numbered line is a heading only where it is not one of a list's items.
        """
        if mark and (mark.sign != "1" or (above and above.sign)):
            return place
        text = ""
        for last in range(place, min(place + 3, len(self.lines))):
            line = self.lines[last]
            inner = _mark_of(line.text) if last > place else None
            if last > place and (line.gap or (inner and inner.sign not in "–—")):
                break
            text = f"{text} {line.text}".strip()
            nested = 2 if _SECTION.match(text) else int(place == 0)
            between = 2 if place == 0 else 0
            if _may_be_heading(text) and self._stands_above(last + 1, text, mark is None, nested, between):
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
        if _mark_of(self.lines[below].text):
            return listed
        block, after = self._block(below)
        if _is_text(block, len(text)):
            return True
        if _may_be_heading(block):
            return nested > 0 and self._stands_above(after, block, True, nested - 1)
        return between > 0 and self._stands_above(after, text, listed, nested, between - 1)

    def _touches(self, below: int, text: str) -> bool:
        """Tell whether the line `below`, with no blank line between, begins a paragraph under a heading."""
        line = self.lines[below]
        numbered = _SUBSECTION.match(text) is not None and not _SUBSECTION.match(line.text)
        long_enough = len(line.text) >= max(0.6 * self.width(below), 40)
        return (long_enough or numbered) and _opens(line.text) and self.broken(below - 1)

    def _block(self, place: int) -> tuple[str, int]:
        """Return the lines from `place` up to the next blank line as one text, and where they end."""
        after = place + 1
        while after < len(self.lines) and not self.lines[after].gap and after < place + 5:
            after += 1
        return " ".join(line.text for line in self.lines[place:after]), after


def _usual(lengths: list[int]) -> int:
    """Return the length that four fifths of the lines do not exceed."""
    return sorted(lengths)[(len(lengths) * 4) // 5] if lengths else 0


_SECTION = re.compile(r"\d+(?:\.\d+)*\.?\s|(?:chapter|kapit\w*|part|del|bilag|vedlegg|bilaga|annex)\s", re.IGNORECASE)
_SUBSECTION = re.compile(r"\d+(?:\.\d+)+\.?\s.*\D$")
_NO_HEADING = re.compile(r"@|https?:|www\.|\.{4}|(?:\. ){4}|^\d[\d.]*\s.*\s\d{1,3}$")


def _may_be_heading(text: str) -> bool:
    """Tell whether a text looks like a heading: short, beginning like a sentence, not ending like one."""
    core = text.rstrip("\"'”’»)]")
    characters, words = LONGEST_QUESTION if core.endswith("?") else LONGEST_HEADING
    if not core or len(text) > characters or len(text.split()) > words or core[-1] in ".,;:…-–" or not _opens(text):
        return False
    section = _SECTION.match(text)
    title = text[section.end() :] if section else text
    letters = sum(char.isalpha() for char in title)
    row = letters < 2 or letters * 2 < len(title.replace(" ", "")) or len(re.findall(r"\d+", title)) > 2
    return not row and not _NO_HEADING.search(text)


def _is_text(block: str, heading: int) -> bool:
    """Tell whether a block is text below a heading of that length, and not another short line."""
    characters, words = LONGEST_HEADING
    finished = len(block) > heading and block[-1] in '.:;!?…”"»)'
    return len(block) > characters or len(block.split()) > words or finished
