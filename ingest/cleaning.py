"""Clean text from what a file held: one form of each character, no running headers, whole paragraphs.

Characters are mended by NFC and an explicit table, never by NFKC, which turns 12³ into 123. Markdown
is otherwise left as it is; plain text and PDFs are written as Markdown by `ingest.paragraphs`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.extraction import Extracted
from ingest.kinds import Format
from ingest.paragraphs import Line, Written, write_blocks
from kb.records import Page
from kb.shipped import normalise

SLIDES: tuple[Format, ...] = ("pptx",)
"""Formats whose pages are slides, written as Markdown by their reader."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """A document's text and where in it each page of the file stands.

    Pages come in order and do not overlap; one without text has `start == end`. There are none for
    a format without pages.
    """

    text: str
    pages: tuple[Page, ...]


def clean(extracted: Extracted) -> CleanText:
    """Return the text as it is stored, quoted and cited."""
    if extracted.format not in ("text", "pdf"):
        return _markup([mend_characters(page) for page in extracted.pages], extracted.format in SLIDES)
    pages = [_lines_of(page) for page in extracted.pages]
    if extracted.format == "text":
        return CleanText(_assemble(write_blocks(_flow(pages)), 0).text, ())
    return _assemble(write_blocks(_flow(_without_furniture(pages))), len(pages))


def _markup(pages: list[str], paged: bool) -> CleanText:
    """Return pages that are Markdown already as one text, with their places where they are `paged`."""
    if not paged:
        return CleanText("\n\n".join(pages), ())
    text, table = "", []
    for number, page in enumerate((page.strip("\n") for page in pages), 1):
        text += "\n\n" if text and page else ""
        table.append(Page(number, len(text), len(text) + len(page.rstrip())))
        text += page
    return CleanText(text + "\n", tuple(table))


def _ranges(*ranges: tuple[int, int]) -> list[int]:
    return [code for first, last in ranges for code in range(first, last + 1)]


_REMOVED = _ranges(
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F),  # control characters
    (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E),  # soft hyphen; marks of direction and of Mongolian
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F),  # of no width, of direction
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),  # byte order mark, annotations, hidden tags
)  # fmt: skip
_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_BULLETS_OF_SYMBOL_FONTS = (0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF076)
_CHARACTERS: dict[int, str | None] = {
    **dict.fromkeys(_REMOVED, None),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n"),
    **dict.fromkeys((0x2010, 0x2011), "-"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys(_BULLETS_OF_SYMBOL_FONTS, "•"),
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
}
_SOFT_HYPHEN_AT_LINE_END = re.compile("\xad(?=[ \t]*(?:\r?\n|\\Z))")


def mend_characters(text: str) -> str:
    """Return `text` in NFC with LF line ends, ligatures spelled out, odd spaces plain and invisible signs gone."""
    return normalise(text.translate(_CHARACTERS))


def _lines_of(page: str) -> list[str]:
    """Return the lines of a page without space at their ends; a soft hyphen that breaks a word is a hyphen."""
    text = mend_characters(_SOFT_HYPHEN_AT_LINE_END.sub("-", page))
    return [" ".join(line.split()) for line in text.split("\n")]


ZONE = 3
"""How many lines at the top and bottom of a page may be a running header or footer."""

_FURNITURE_LENGTH = 100
_SAYS_PAGE = re.compile(
    r"(?:side|sida|sidan|page|sid\.?|s\.|p\.)\s*\d{1,4}(?:\s*(?:/|av|af|of)\s*\d{1,4})?|\d{1,4}\s*(?:/|av|af|of)\s*\d{1,4}"
    r"|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"[-–—|]?\s*\d{1,4}\s*[-–—|]?")
_OUTER_NUMBER = re.compile(r"^\W*(\d{1,4})\b|(?<![\d.,])(\d{1,4})\W*$")


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Return the pages without running headers and footers and without bare page numbers."""
    keys = Counter(key for page in pages for key in {_key(page[place]) for place in _edges(page, ZONE)})
    with_text = sum(any(page) for page in pages)
    running = {key for key, count in keys.items() if key and count >= 3 and count * 2 > with_text}
    kept = []
    for page in pages:
        gone = {place for place in _edges(page, ZONE) if _key(page[place]) in running}
        kept.append([line for place, line in enumerate(page) if place not in gone])
    return _without_numbers(kept)


def _edges(page: Sequence[str], size: int) -> list[int]:
    """Return where the first and last `size` lines with text stand."""
    filled = [place for place, line in enumerate(page) if line]
    return sorted({*filled[:size], *filled[-size:]})


def _key(line: str) -> str:
    """Return what makes two running lines the same; nothing for a line that is too long or has no words."""
    letters = re.sub(r"[\W\d_]+", " ", line).strip().casefold()
    return letters if len(line) <= _FURNITURE_LENGTH else ""


def _without_numbers(pages: list[list[str]]) -> list[list[str]]:
    """Leave out page numbers: those that say so, and those at a line's end that count along with the pages.

    Of the latter, a line with words goes only if another page has it too, as headers of chapters do.
    """
    edges = [(number, place, page[place]) for number, page in enumerate(pages) for place in _edges(page, 1)]
    keys = Counter(_key(line) for _, _, line in edges)
    shifts = Counter(shift for number, _, line in edges for shift in _shifts(line, number))
    shift, count = shifts.most_common(1)[0] if shifts else (1, 0)
    usual = shift if count > 1 else 1
    gone = set()
    for number, place, line in edges:
        counts_along = usual in _shifts(line, number)
        bare = _BARE_NUMBER.fullmatch(line) or (count >= 3 and keys[_key(line)] >= 2)
        if _SAYS_PAGE.fullmatch(line) or (counts_along and bare):
            gone.add((number, place))
    return [
        [line for place, line in enumerate(page) if (number, place) not in gone] for number, page in enumerate(pages)
    ]


def _shifts(line: str, number: int) -> set[int]:
    """Return by how much the numbers at the line's ends differ from the page's, counted from 0."""
    if len(line) > _FURNITURE_LENGTH:
        return set()
    return {int(match[1] or match[2]) - number for match in _OUTER_NUMBER.finditer(line)}


def _flow(pages: list[list[str]]) -> list[Line]:
    """Return the lines with text, in order; a line of signs only (====) counts as blank."""
    flow: list[Line] = []
    for number, page in enumerate(pages):
        gap = False
        for line in page:
            if not line or _RULE.fullmatch(line):
                gap = True
            else:
                turned = bool(flow) and flow[-1].page != number
                flow.append(Line(line, number, gap and not turned))
                gap = False
    return flow


_RULE = re.compile(r"([-–—=_*~.•·#+])(?: ?\1){2,}")


def _assemble(blocks: list[Written], pages: int) -> CleanText:
    """Join the blocks by blank lines, list items by line ends, and find each page's place."""
    parts: list[str] = []
    turns: list[tuple[int, int]] = []
    length = 0
    for index, block in enumerate(blocks):
        if index:
            parts.append("\n" if block.item and block.item == blocks[index - 1].item else "\n\n")
            length += len(parts[-1])
        turns += [(page, length + offset) for page, offset in block.turns]
        parts.append(block.text)
        length += len(block.text)
    text = "".join([*parts, "\n"]) if parts else ""
    return CleanText(text, _page_table(text, turns, pages))


def _page_table(text: str, turns: list[tuple[int, int]], pages: int) -> tuple[Page, ...]:
    """Return each page's span; `turns` are (page from 0, offset) wherever a block or page begins."""
    spans: dict[int, tuple[int, int]] = {}
    for (page, start), (_, end) in pairwise([*turns, (pages, len(text))]):
        spans[page] = (spans.get(page, (start, end))[0], start + len(text[start:end].rstrip()))
    table = []
    last = 0
    for number in range(pages):
        start, last = spans.get(number, (last, last))
        table.append(Page(number + 1, start, last))
    return tuple(table)
