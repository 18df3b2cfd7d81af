"""Blocks of a Markdown text: headings, paragraphs, list items, table rows and code, with offsets.

The structure is markdown-it's (CommonMark with tables); this module only turns its line numbers
into offsets and leaves the marks out of each block's span.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from kb.records import Block, BlockKind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARK = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+|[ \t>]*#{1,6}[ \t]+|[ \t>]+")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text` in order.

    A block's span leaves out list bullets, heading signs and quote signs before it and white
    space after it. What no block covers is marks and blank lines.
    """
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for kind, level, first, last in _spans(_parser().parse(text)):
        start, end = _trim(text, starts[first], starts[min(last, len(starts) - 1)])
        if start >= end:
            continue
        if kind == "heading":
            path = [entry for entry in path if entry[0] < level]
        headings = tuple(title for _, title in path)
        lead = _lead(blocks) if kind == "item" else None
        blocks.append(Block(len(blocks), kind, start, end, level, headings, lead))
        if kind == "heading":
            path.append((level, text[start:end]))
    return tuple(blocks)


def _spans(tokens: list[Token]) -> list[tuple[BlockKind, int, int, int]]:
    """Return (kind, level, first line, line after the last) of each block, in order."""
    spans: list[tuple[BlockKind, int, int, int]] = []
    fresh_item = False
    for token in tokens:
        if token.type == "list_item_open":
            fresh_item = True
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "heading_open":
            spans.append(("heading", int(token.tag[1:]), first, last))
        elif token.type == "paragraph_open":
            spans.append(("item" if fresh_item else "paragraph", 0, first, last))
            fresh_item = False
        elif token.type == "tr_open":
            spans.append(("row", 0, first, first + 1))
        elif token.type in ("fence", "code_block", "html_block"):
            spans.append(("code", 0, first, last))
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the marks before and the white space (and closing heading signs) after a block."""
    mark = _MARK.match(text, start, end)
    if mark:
        start = mark.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _lead(blocks: list[Block]) -> int | None:
    """Return the number of the paragraph that introduces the list now being read."""
    if not blocks:
        return None
    if blocks[-1].kind == "item":
        return blocks[-1].lead
    return blocks[-1].number if blocks[-1].kind == "paragraph" else None


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
