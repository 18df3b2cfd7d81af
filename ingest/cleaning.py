"""Clean text from what a file held: one form of each character, no running headers, whole paragraphs.

Characters are mended by NFC and an explicit table, never by NFKC, which turns 12³ into 123. Markdown
is otherwise left as it is; plain text and PDFs are written as Markdown by `ingest.paragraphs`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.extraction import Extracted
from ingest.kinds import Format
from ingest.paragraphs import Line, Written, write_blocks
from kb.characters import mend_characters, offset_of, visible
from kb.records import Page, SourceLine, SourcePage

SMALL = 0.93
"""How large the letters of a running line are at most, against most of the text's, where there are two pages only."""
SLIDES: tuple[Format, ...] = ("pptx",)
"""Formats whose pages are slides, written as Markdown by their reader."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """A document's text and where in it each page of the file stands.

    Pages come in order and do not overlap; one without text has `start == end`. There are none for
    a format without pages. `raw` are the pages as the file gave them, with the place of each line that was kept; none
    where the reader wrote Markdown.
    """

    text: str
    pages: tuple[Page, ...]
    raw: tuple[SourcePage, ...] = ()


def clean(extracted: Extracted) -> CleanText:
    """Return the text as it is stored, quoted and cited."""
    if extracted.format == "markdown":
        return CleanText(mend_characters(extracted.pages[0]), ())
    if extracted.format not in ("text", "pdf"):  # their readers write clean Markdown
        return _markup(extracted.pages, extracted.format in SLIDES)
    paged = extracted.format == "pdf"
    pages = _with_sizes([_lines_of(page, rows=paged) for page in extracted.pages], extracted)
    blocks = write_blocks(_flow(_without_furniture(pages) if paged else pages))
    return _assemble(blocks, extracted.pages, paged)


def _markup(pages: Sequence[str], paged: bool) -> CleanText:
    """Return pages that are Markdown already as one text, with their places where they are `paged`."""
    if not paged:
        return CleanText("\n\n".join(pages), ())
    text, table = "", []
    for number, page in enumerate((page.strip("\n") for page in pages), 1):
        text += "\n\n" if text and page else ""
        table.append(Page(number, len(text), len(text) + len(page.rstrip())))
        text += page
    return CleanText(text + "\n", tuple(table))


_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_SOFT_HYPHEN_AT_LINE_END = re.compile("\xad(?=[ \t]*\\Z)")


def _lines_of(page: str, rows: bool) -> list[Line]:
    """Return the lines of a page without space at their ends; a soft hyphen that breaks a word is a hyphen.

    Where there may be `rows`, tabs part the cells of one.
    """
    ends = [*(match.span() for match in _LINE_END.finditer(page)), (len(page), len(page))]
    lines, start = [], 0
    for end, following in ends:
        cells = _cells_of(page, start, end) if rows and "\t" in page[start:end] else ()
        lines.append(Line(_mended(page[start:end]), start=start, end=end, cells=cells))
        start = following
    blank = [not line.text for line in (*lines, *lines[-2:])]
    return [
        replace(line, ends=True) if blank[place + 1 : place + 3] == [True, True] else line
        for place, line in enumerate(lines)
    ]


def _cells_of(page: str, start: int, end: int) -> tuple[Line, ...]:
    cells = []
    for raw in page[start:end].split("\t"):
        cells.append(Line(_mended(raw), start=start, end=start + len(raw)))
        start += len(raw) + 1
    return tuple(cells)


def _with_sizes(pages: list[list[Line]], extracted: Extracted) -> list[list[Line]]:
    """Return lines that know how large their letters are against most of the text's."""
    known = zip(pages, extracted.pages, extracted.sizes, strict=False)
    sizes = [_sizes(page, text, own) for page, text, own in known]
    letters: Counter[float] = Counter()
    for page, own in zip(pages, sizes, strict=False):
        for line, size in zip(page, own, strict=True):
            letters[size] += len(line.text) if size else 0
    usual = max(letters, key=lambda size: (letters[size], -size), default=0.0)
    if not usual:
        return pages
    return [
        [replace(line, scale=round(size / usual, 2)) for line, size in zip(page, own, strict=True)]
        for page, own in zip(pages, sizes, strict=True)
    ]


def _sizes(page: list[Line], text: str, sizes: Sequence[float]) -> list[float]:
    """Return the size of each line of a page, 0 where it is not known."""
    places = [text.count("\n", 0, line.start) for line in page]
    return [sizes[place] if place < len(sizes) else 0.0 for place in places]


def _mended(raw: str) -> str:
    return " ".join(mend_characters(_SOFT_HYPHEN_AT_LINE_END.sub("-", raw)).split())


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


def _without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without running headers and footers and without bare page numbers."""
    keys = Counter(key for page in pages for key in {_key(page[place].text) for place in _edges(page, ZONE)})
    with_text = sum(any(line.text for line in page) for page in pages)
    running = {key for key, count in keys.items() if key and count >= 3 and count * 2 > with_text}
    if with_text == 2:
        small = {_key(line.text) for page in pages for line in page if 0 < line.scale < SMALL}
        running = {key for key in small if key and keys[key] == 2}
    kept = []
    for page in pages:
        gone = {place for place in _edges(page, ZONE) if _key(page[place].text) in running}
        kept.append([line for place, line in enumerate(page) if place not in gone])
    return _without_numbers(kept)


def _edges(page: Sequence[Line], size: int) -> list[int]:
    """Return where the first and last `size` lines with text stand."""
    filled = [place for place, line in enumerate(page) if line.text]
    return sorted({*filled[:size], *filled[-size:]})


def _key(line: str) -> str:
    """Return what makes two running lines the same; nothing for a line that is too long or has no words."""
    letters = re.sub(r"[\W\d_]+", " ", line).strip().casefold()
    return letters if len(line) <= _FURNITURE_LENGTH else ""


def _without_numbers(pages: list[list[Line]]) -> list[list[Line]]:
    """Leave out page numbers: those that say so, and those at a line's end that count along with the pages.

    Of the latter, a line with words goes only if another page has it too, as headers of chapters do.
    """
    edges = [(number, place, page[place].text) for number, page in enumerate(pages) for place in _outermost(page)]
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


def _outermost(page: Sequence[Line]) -> list[int]:
    """Return where the first and last line with text stand, and near them those in small letters."""
    small = (place for place in _edges(page, ZONE) if 0 < page[place].scale < SMALL)
    return sorted({*_edges(page, 1), *small})


def _shifts(line: str, number: int) -> set[int]:
    """Return by how much the numbers at the line's ends differ from the page's, counted from 0."""
    if len(line) > _FURNITURE_LENGTH:
        return set()
    return {int(match[1] or match[2]) - number for match in _OUTER_NUMBER.finditer(line)}


def _flow(pages: list[list[Line]]) -> list[Line]:
    """Return the lines with text, in order; a line of signs only (====) counts as blank."""
    flow: list[Line] = []
    for number, page in enumerate(pages):
        gap = False
        for line in page:
            if not line.text or _RULE.fullmatch(line.text):
                gap = True
            else:
                turned = bool(flow) and flow[-1].page != number
                flow.append(replace(line, page=number, gap=flow[-1].ends if turned else gap))
                gap = False
    return flow


_RULE = re.compile(r"([-–—=_*~.•·#+])(?: ?\1){2,}")


def _assemble(blocks: list[Written], raw: Sequence[str], paged: bool) -> CleanText:
    """Join the blocks by blank lines, list items by line ends, and find the place of each page and of each line."""
    parts: list[str] = []
    turns: list[tuple[int, int]] = []
    places: dict[int, list[SourceLine]] = {}
    length = 0
    for index, block in enumerate(blocks):
        if index:
            goes_on = block.item and block.item == blocks[index - 1].item and "\n" not in block.text  # a table's head
            parts.append("\n" if goes_on else "\n\n")
            length += len(parts[-1])
        for number, (line, start, end) in enumerate(_placed(block)):
            if not number or line.page != turns[-1][0]:
                turns.append((line.page, length + (start if number else 0)))
            begin = line.start + _mark_length(raw[line.page][line.start : line.end], line.text)
            places.setdefault(line.page, []).append(SourceLine(length + start, length + end, begin, line.end))
        parts.append(block.text)
        length += len(block.text)
    text = "".join([*parts, "\n"]) if parts else ""
    table = _page_table(text, turns, len(raw) if paged else 0)
    pages = (SourcePage(number + 1, page, tuple(places.get(number, ()))) for number, page in enumerate(raw))
    return CleanText(text, table, tuple(pages))


def _mark_length(raw: str, text: str) -> int:
    """Return the length of the list mark at the beginning of a raw line of which only `text` was kept."""
    return offset_of(raw, len(visible(mend_characters(raw))) - len(visible(text)))


def _placed(block: Written) -> Iterator[tuple[Line, int, int]]:
    """Yield each line of a block with where it begins and ends in the block's text."""
    for line, (start, after) in zip(block.lines, pairwise([*block.offsets, len(block.text)]), strict=True):
        yield line, start, start + len(block.text[start:after].rstrip() if block.item != "row" else line.text)


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
