"""Blocks of a Markdown text: headings, paragraphs, list items, table rows and code, with offsets.

The structure is markdown-it's (CommonMark with tables); this module only turns its line numbers
into offsets and leaves the marks out of each block's span.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from kb.records import Block, BlockKind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LINE_END = re.compile(r"\r\n?|\n")
"""What ends a line in Markdown; `str.splitlines` also breaks at form feeds and Unicode separators."""
_MONTH = r"(?:januar|februar|mar(?:ts|s)|april|ma[ij]|juni|juli|august|september|oktober|november|de[cs]ember)\b"
_MARK = re.compile(
    rf"(?:[ \t>]*(?:[-*+]|\d{{1,9}}[.)](?![ \t]+{_MONTH}))[ \t]+)*(?:[ \t>]*\#{{1,6}}(?:[ \t]+|$)|[ \t>]+)?"
)
"""Marks before a block. The number of a date ("3. mai 2020") stays, though Markdown takes it for a list's."""
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_HEADING_END = re.compile(r"(?:(?<![ \t])[ \t]+#+|\n[ \t>]*(?:=+|-+))\s*\Z")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text` in order.

    A block's span leaves out list bullets, heading signs and quote signs before it and white
    space after it. What no block covers is marks and blank lines.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    lead: int | None = None
    for kind, level, first, last, inside_list in _spans(_parser().parse(text)):
        start, end = _trim(text, starts[first], starts[min(last, len(starts) - 1)], kind)
        if start >= end:
            continue
        number = len(blocks)
        if kind == "heading":
            path = [entry for entry in path if entry[0] < level]
        headings = tuple(title for _, title in path)
        own = lead if kind in ("item", "row") else None
        if kind == "row" and blocks and _same_table(text, blocks[-1], start):
            own = head_of(blocks, blocks[-1])
        blocks.append(Block(number, kind, start, end, level, headings, own))
        if kind == "heading":
            path.append((level, text[start:end]))
        if not inside_list:
            lead = number if kind == "paragraph" else None
    return tuple(blocks)


def _spans(tokens: list[Token]) -> list[tuple[BlockKind, int, int, int, bool]]:
    """Return (kind, level, first line, line after the last, inside a list) of each block, in order."""
    spans: list[tuple[BlockKind, int, int, int, bool]] = []
    fresh_item = False
    depth = 0
    for token in tokens:
        if token.type in ("list_item_open", "list_item_close"):
            fresh_item = token.type == "list_item_open"
            depth += token.nesting
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "heading_open":
            spans.append(("heading", int(token.tag[1:]), first, last, depth > 0))
        elif token.type == "paragraph_open":
            spans.append(("item" if fresh_item else "paragraph", 0, first, last, depth > 0))
            fresh_item = False
        elif token.type == "tr_open":
            spans.append(("row", 0, first, first + 1, depth > 0))
        elif token.type in ("fence", "code_block", "html_block"):
            spans.append(("code", 0, first, last, depth > 0))
    return spans


def head_of(blocks: Sequence[Block], row: Block) -> int:
    """Return the number of the first row, which names the columns, of the table that a row stands in."""
    return row.lead if row.lead is not None and blocks[row.lead].kind == "row" else row.number


def _same_table(text: str, before: Block, start: int) -> bool:
    """Tell whether a row that begins at `start` is of the same table as the block before it."""
    return before.kind == "row" and not _BLANK_LINE.search(text, before.end, start)


def _trim(text: str, start: int, end: int, kind: BlockKind) -> tuple[int, int]:
    """Leave out the marks before a block, and the white space and a heading's closing signs after it."""
    mark = _MARK.match(text, start, end)
    start = mark.end() if mark else start
    if kind == "heading":
        closing = _HEADING_END.search(text, start, end)
        end = closing.start() if closing else end
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-ZÆØÅÄÖÉ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|pp?|no|nr|ca|bl\.a|f\.eks|fx|jf|mv|m\.fl|m\.m|osv|inkl|dvs|t\.ex|d\.v\.s"
    r"|s\.k|o\.s\.v|kap|pkt|art|al|mio|mia|kr|St|Dr|Prof|Mr|Ms|Mrs|Inc|Ltd|approx|vol|ed|[A-ZÆØÅÄÖ]|\d{1,2})\.)$",
    re.IGNORECASE,
)


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the sentences of `text[start:end]`, which together cover all but white space.

    Abbreviations, initials and ordinals ("3. mai") do not end a sentence.
    """
    cuts = [start]
    cuts += [
        match.end()
        for match in _SENTENCE_END.finditer(text, start, end)
        if not _ABBREVIATION.search(text, max(start, match.start() - 12), match.start() + 1)
    ]
    spans = []
    for first, last in pairwise([*cuts, end]):
        stripped = text[first:last].rstrip()
        if stripped:
            spans.append((first, first + len(stripped)))
    return spans
