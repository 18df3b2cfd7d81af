"""Choosing what to quote: blocks of the best documents, within a budget of words.

A block is quoted whole where it is short; of a long one the sentences around the best match are
taken. List items of one list that stand together are quoted with the line that leads them in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.answering.addressed import addresses_the_assistant
from kb.answering.support import Wanted, index_terms
from kb.blocks import split_sentences
from kb.records import Block, Document, Passage
from kb.vocabulary import QUALIFYING_ROLES, section_role

_WORD = re.compile(r"\S+")
LONG_BLOCK = 75
"""Words above which only the best sentences of a block are quoted."""
LIST_WORDS = 110
"""Words up to which a list is quoted whole, with the line that leads it in; of a longer one, single items."""
SENTENCE_SPAN = 55
"""Words that are quoted of a long block."""
BLOCKS_PER_DOCUMENT = 3
LATER_DOCUMENT = 0.8
"""Share of the best passage's score that another document's passage needs to be quoted too."""
SAME_DOCUMENT = 0.45
"""Share of the best passage's score that another passage of the same document needs."""
OTHER_SIDE_WORDS = 50
SECTION_PRIOR = {
    "change": 1.2,
    "result": 1.15,
    "finding": 1.15,
    "agreed": 1.15,
    "principle": 1.1,
    "opening": 0.8,
    "method": 0.9,
    "caveat": 0.85,
    "limit": 0.85,
}
"""How much a section counts among those of its document: what was done and found comes before how it was studied."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a document that is to be quoted, over the blocks `first` to `last`."""

    document: Document
    blocks: tuple[Block, ...]
    first: int
    last: int
    start: int
    end: int

    @property
    def words(self) -> int:
        """Return the number of words in the quote."""
        return count_words(self.document.text[self.start : self.end])


@dataclass(frozen=True, slots=True)
class Read:
    """A document as the answer reads it: its text, blocks, and its passages as they were retrieved."""

    document: Document
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]


def count_words(text: str) -> int:
    """Return the number of words of a text, separated by white space."""
    return len(text.split())


def answer_words(max_words: int) -> int:
    """Return how many words an answer may have so that its other side has room, one block at the least."""
    return max(max_words - OTHER_SIDE_WORDS, min(max_words, LONG_BLOCK))


def within(quotes: Sequence[Quote], max_words: int) -> list[Quote]:
    """Return the quotes for which there is room, in order."""
    kept: list[Quote] = []
    for quote in quotes:
        if sum(other.words for other in kept) + quote.words <= max_words:
            kept.append(quote)
    return kept


def choose(reads: Sequence[Read], wanted: Wanted, max_words: int) -> list[Quote]:
    """Return the quotes of an answer: the best document's first, each document's in reading order.

    They have at most `max_words` words together.
    """
    chosen: list[Quote] = []
    words = 0
    for read in reads:
        if not chosen:
            best = read.passages[0].score
        leads = not chosen
        own: list[Quote] = []
        for score, passage in _by_section(read):
            share = SAME_DOCUMENT if leads or own else LATER_DOCUMENT
            if best > 0 and score < share * best and (own or not leads):
                break
            for quote in _quotes(read, passage, wanted, max_words):
                if len(own) < BLOCKS_PER_DOCUMENT and not _overlaps(quote, own):
                    if words + quote.words > max_words:
                        continue
                    own.append(quote)
                    words += quote.words
        chosen += sorted(own, key=lambda quote: quote.start)
    return chosen


def _by_section(read: Read) -> list[tuple[float, Passage]]:
    """Return a document's passages with their scores weighted by section, best first."""
    weighted = []
    for passage in read.passages:
        heading = passage.chunk.headings[-1] if passage.chunk.headings else ""
        role = section_role(heading, read.document.kind, read.document.language)
        opening = heading == read.document.title and read.document.text_by == "tillit"
        weighted.append((passage.score * SECTION_PRIOR.get("opening" if opening else role or "", 1.0), passage))
    return sorted(weighted, key=lambda pair: (-pair[0], pair[1].rank))


def _overlaps(quote: Quote, others: Sequence[Quote]) -> bool:
    return any(quote.start < other.end and other.start < quote.end for other in others)


def _quotes(read: Read, passage: Passage, wanted: Wanted, max_words: int) -> Iterator[Quote]:
    """Yield what can be quoted of a passage, its best block first, each within `max_words`."""
    numbers = range(passage.chunk.block_first, passage.chunk.block_last + 1)
    blocks = [read.blocks[number] for number in numbers if number < len(read.blocks)]
    blocks = [block for block in blocks if block.kind != "heading"]
    scored = [(_coverage(read.document, block.start, block.end, wanted), block) for block in blocks]
    for _, block in sorted(scored, key=lambda pair: (-pair[0], pair[1].number)):
        quote = whole_or_part(read, block, wanted, max_words)
        if quote and not _commands(quote):
            yield quote


def _commands(quote: Quote) -> bool:
    """Tell whether a quote speaks to the assistant."""
    return any(addresses_the_assistant(quote.document, block) for block in quote.blocks[quote.first : quote.last + 1])


def whole_or_part(read: Read, block: Block, wanted: Wanted, max_words: int) -> Quote | None:
    """Return the quote of a block: whole, its best sentences, or the list that it belongs to, within `max_words`.

    None for the line that leads in a list which is too long to quote: it says nothing by itself.
    """
    first, last = _list_around(read.blocks, block)
    start, end = read.blocks[first].start, read.blocks[last].end
    limit = LIST_WORDS if last > first else LONG_BLOCK
    if count_words(read.document.text[start:end]) <= min(limit, max_words):
        return Quote(read.document, read.blocks, first, last, start, end)
    if last > first and block.kind != "item":
        return None
    if count_words(read.document.text[block.start : block.end]) <= min(LONG_BLOCK, max_words):
        return Quote(read.document, read.blocks, block.number, block.number, block.start, block.end)
    start, end = _best_sentences(read.document, block, wanted, max_words)
    return Quote(read.document, read.blocks, block.number, block.number, start, end)


def _list_around(blocks: Sequence[Block], block: Block) -> tuple[int, int]:
    """Return the numbers of the first and last block of the list that a block leads in or stands in."""
    first = last = block.number
    if block.kind == "item":
        while first > 0 and blocks[first - 1].kind == "item":
            first -= 1
        if blocks[first].lead == first - 1:
            first -= 1
    elif last + 1 == len(blocks) or blocks[last + 1].lead != block.number:
        return first, last
    while last + 1 < len(blocks) and blocks[last + 1].kind == "item":
        last += 1
    return first, last


def _best_sentences(document: Document, block: Block, wanted: Wanted, max_words: int) -> tuple[int, int]:
    """Return the span of consecutive sentences, up to `SENTENCE_SPAN` words, that covers the terms best.

    Where each sentence is longer than any quote, as in a table without full stops, the best is broken off after a word.
    """
    text, limit = document.text, min(LONG_BLOCK, max_words)
    spans = split_sentences(text, block.start, block.end)
    best, best_key = spans[0], (False, -1.0)
    for place, (start, first_end) in enumerate(spans):
        end = first_end
        for _, later in spans[place + 1 :]:
            if count_words(text[start:later]) > min(SENTENCE_SPAN, max_words):
                break
            end = later
        key = (count_words(text[start:end]) <= limit, _coverage(document, start, end, wanted))
        if key > best_key:
            best, best_key = (start, end), key
    return best[0], list(_WORD.finditer(text, *best))[:limit][-1].end()


def aligned(blocks: Sequence[Block], others: Sequence[Block]) -> bool:
    """Tell whether two texts of a document have the same blocks."""
    return [(block.kind, block.level) for block in blocks] == [(block.kind, block.level) for block in others]


def in_text(quote: Quote, document: Document, blocks: tuple[Block, ...]) -> Quote:
    """Return a quote in another text of its document, which aligns: the same blocks, of a part the same sentences."""
    start, end = blocks[quote.first].start, blocks[quote.last].end
    own = split_sentences(quote.document.text, quote.blocks[quote.first].start, quote.blocks[quote.last].end)
    theirs = split_sentences(document.text, start, end)
    if len(own) == len(theirs):
        same = [span for mine, span in zip(own, theirs, strict=True) if mine[0] < quote.end and quote.start < mine[1]]
        start, end = same[0][0], same[-1][1]
    return Quote(document, blocks, quote.first, quote.last, start, end)


def _coverage(document: Document, start: int, end: int, wanted: Wanted) -> float:
    return wanted.covered(index_terms(document.text[start:end], document.language), document.language)


def qualifying(read: Read, chosen: Sequence[Quote], wanted: Wanted, max_words: int) -> list[Quote]:
    """Return what may qualify an answer: of the best document's caveats, limits or objections the best match.

    Nothing where the answer itself quotes them.
    """
    candidates = [
        block
        for block in read.blocks
        if block.kind != "heading"
        and block.headings
        and not addresses_the_assistant(read.document, block)
        and section_role(block.headings[-1], read.document.kind, read.document.language) in QUALIFYING_ROLES
    ]
    if not candidates or any(_overlaps_blocks(quote, read, candidates) for quote in chosen):
        return []
    best = max(candidates, key=lambda b: (_coverage(read.document, b.start, b.end, wanted), -b.number))
    quote = whole_or_part(read, best, wanted, max(max_words, OTHER_SIDE_WORDS))
    return [quote] if quote and quote.words <= max_words and not _commands(quote) else []


def _overlaps_blocks(quote: Quote, read: Read, blocks: Sequence[Block]) -> bool:
    return quote.document is read.document and any(
        quote.start < block.end and block.start < quote.end for block in blocks
    )
