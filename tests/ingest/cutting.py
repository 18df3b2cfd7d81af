"""What holds of the chunks of any document, for the tests that cut documents of every sort."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.records import Block, Chunk, Document


def is_bare(blocks: Sequence[Block], number: int) -> bool:
    """Tell whether a block is a heading before another of its level or a higher one, or at the end."""
    block, after = blocks[number], blocks[number + 1 : number + 2]
    return block.kind == "heading" and all(each.kind == "heading" and each.level <= block.level for each in after)


def assert_sound(of: Document, blocks: Sequence[Block], chunks: Sequence[Chunk]) -> None:
    """Check what holds of the chunks of any document."""
    for chunk in chunks:
        assert of.text[chunk.start : chunk.end] == chunk.text
        assert chunk.text.removeprefix("\xa0") == chunk.text.strip() != ""  # which keeps it from being misread
        assert (chunk.document_id, chunk.language) == (of.id, of.language)
        assert chunk.headings == blocks[chunk.block_first].headings == blocks[chunk.block_last].headings
        assert blocks[chunk.block_first].start <= chunk.start < chunk.end <= blocks[chunk.block_last].end
        covered = blocks[chunk.block_first : chunk.block_last + 1]
        assert {is_bare(blocks, block.number) if block.kind == "heading" else None for block in covered} in (
            {None},
            {True},
        )
        assert chunk.block_first == chunk.block_last or (chunk.start, chunk.end) == (covered[0].start, covered[-1].end)
    for one, other in pairwise(chunks):
        assert one.end <= other.start
        assert one.block_last <= other.block_first
    held = bytearray(len(of.text))
    for chunk in chunks:
        held[chunk.start : chunk.end] = b"\1" * (chunk.end - chunk.start)
    for block in blocks:
        missing = "".join(of.text[at] for at in range(block.start, block.end) if not held[at])
        assert not missing.strip() or (block.kind == "heading" and not is_bare(blocks, block.number))
