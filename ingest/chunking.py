"""Cut documents into chunks along their structure.

A chunk is one or a few blocks of one section; headings are not part of it, since the heading path
is embedded with it. Only headings under which nothing stands are chunks themselves, lest they could
not be found. A document and its translations are cut at the same blocks: the cut is made
where the longest language still fits the model's window. Only a block that is too long by itself
is cut inside, at sentences (at words where a sentence is too long).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from kb.blocks import split_sentences
from kb.records import Block, Chunk, Document
from kb.store.terms import TERMS_VERSION
from kb.store.writer import text_to_embed

LONGEST = 16
"""Characters for each token of the window that are tried at most: counting the tokens of a whole book takes long."""
LEAST = 40
"""Characters that a piece has at least, where even the title leaves it no room."""

VERSION = "4"
"""Part of the index's fingerprint; raised whenever chunks of an unchanged document may change."""


@dataclass(frozen=True, slots=True)
class Window:
    """The model's window: how tokens are counted and how many fit."""

    count: Callable[[str], int]
    size: int
    model: str
    """The id of the model whose tokens are counted."""

    @property
    def version(self) -> str:
        """Return the chunker's version, and that of the index terms, with the size it cuts for and the model."""
        return f"{VERSION}/{TERMS_VERSION}/{self.size}/{self.model}"

    def fits(self, document: Document, blocks: Sequence[Block], start: int, end: int) -> bool:
        """Tell whether a span of these blocks can be embedded whole."""
        if end - start > LONGEST * self.size:
            return False
        return self.count(text_to_embed(document, _chunk(document, blocks, start, end))) <= self.size


Parsed = tuple[Document, tuple[Block, ...]]


def chunk_group(group: Sequence[Parsed], window: Window) -> list[tuple[Chunk, ...]]:
    """Return the chunks of each document of a group of translations, in the group's order.

    Documents whose blocks do not align with the first one's are cut by themselves.
    """
    shape = _shape(group[0][1])
    aligned = [parsed for parsed in group if _shape(parsed[1]) == shape]
    runs = list(_runs(aligned, window))
    chunks = []
    for parsed in group:
        own = runs if parsed in aligned else _runs([parsed], window)
        chunks.append(tuple(chunk for run in own for chunk in _cut(parsed, run, window)))
    return chunks


def _shape(blocks: Sequence[Block]) -> list[tuple[str, int]]:
    return [(block.kind, block.level) for block in blocks]


def _runs(group: Sequence[Parsed], window: Window) -> Iterator[list[int]]:
    """Yield lists of block numbers that make one chunk each, of the same section, fitting in every language."""
    blocks = group[0][1]
    bare = {block.number for block, after in pairwise([*blocks, None]) if block and _is_bare(block, after)}
    body = [block for block in blocks if block.kind != "heading" or block.number in bare]
    own = (block.number if block.kind == "heading" and block.number not in bare else -1 for block in blocks)
    sections = list(accumulate(own, max))
    for _, section in groupby(body, key=lambda block: (sections[block.number], block.headings, block.number in bare)):
        run: list[int] = []
        for block in section:
            if run and not _all_fit(group, [*run, block.number], window):
                yield run
                run = []
            run.append(block.number)
        if run:
            yield run


def _is_bare(block: Block, after: Block | None) -> bool:
    """Tell whether a block is a heading under which nothing stands; `after` is the next block."""
    ends = after is None or (after.kind == "heading" and after.level <= block.level)
    return block.kind == "heading" and ends


def _all_fit(group: Sequence[Parsed], run: list[int], window: Window) -> bool:
    return all(
        window.fits(document, [blocks[n] for n in run], blocks[run[0]].start, blocks[run[-1]].end)
        for document, blocks in group
    )


def _cut(parsed: Parsed, run: list[int], window: Window) -> Iterator[Chunk]:
    """Yield the chunk of a run, or several where its only block is too long."""
    document, blocks = parsed
    covered = [blocks[number] for number in run]
    start, end = covered[0].start, covered[-1].end
    if window.fits(document, covered, start, end):
        yield _chunk(document, covered, start, end)
        return
    first = last = start
    for _, stop in _pieces(document, covered, window):
        if last > first and not window.fits(document, covered, first, stop):
            yield _chunk(document, covered, first, last)
            first = _skip_space(document.text, last)
        last = stop
    yield _chunk(document, covered, first, end)


def _pieces(document: Document, covered: Sequence[Block], window: Window) -> Iterator[tuple[int, int]]:
    """Yield spans that fit by themselves: sentences, or parts of a sentence that is too long."""
    for first, end in split_sentences(document.text, covered[0].start, covered[-1].end):
        start = first
        while end - start > LEAST and not window.fits(document, covered, start, end):
            stop = _longest_fit(document, covered, start, end, window)
            yield start, stop
            start = _skip_space(document.text, stop)
        yield start, end


def _longest_fit(document: Document, covered: Sequence[Block], start: int, end: int, window: Window) -> int:
    """Return where to cut a sentence that is too long: after the last word that fits, by bisection."""
    low, high = start + LEAST, end
    while low < high:
        middle = (low + high + 1) // 2
        if window.fits(document, covered, start, middle):
            low = middle
        else:
            high = middle - 1
    space = document.text.rfind(" ", start + 1, low + 1)
    stop = space if space > start else low
    return start + len(document.text[start:stop].rstrip())


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _chunk(document: Document, blocks: Sequence[Block], start: int, end: int) -> Chunk:
    return Chunk(
        document_id=document.id,
        language=document.language,
        block_first=blocks[0].number,
        block_last=blocks[-1].number,
        start=start,
        end=end,
        text=document.text[start:end],
        headings=blocks[0].headings,
    )
