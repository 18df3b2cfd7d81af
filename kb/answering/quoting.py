"""Quotes: spans of a document over whole blocks, or the best sentences of a long one, in any of its languages.

A block is quoted whole where it is short; of a long one the sentences around the best match are
taken. List items of one list that stand together are quoted with the line that leads them in, and so are the rows of
a table; of a longer table a row is quoted below the first, which names the columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.answering.addressed import addresses_the_assistant
from kb.answering.candidates import Read
from kb.answering.coverage import index_terms
from kb.answering.question import cue
from kb.blocks import head_of, split_sentences
from kb.records import Block, Document

_WORD = re.compile(r"\S+")
_MARK = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+")
"""What stands before the text of a list's item."""
LONG_BLOCK = 75
"""Words above which only the best sentences of a block are quoted."""
LIST_WORDS = 130
"""Words up to which a list is quoted whole, with the line that leads it in; of a longer one, single items."""
SCRAP_WORDS = 12
"""Words below which one item of a list says little without what leads it in."""
SENTENCE_SPAN = 55
"""Words that are quoted of a long block."""

THE_SAME, FEW_TERMS = 0.6, 8
"""Share of the shorter quote's terms that the longer one has where both say the same, and terms that it must have."""
LEANS = 0.3
"""What is taken from the score of sentences that point back to one for which there is no room."""

Score = Callable[[str], float]
"""How well a text answers the question."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of a document that is to be quoted, over the blocks `first` to `last`."""

    document: Document
    blocks: tuple[Block, ...]
    first: int
    last: int
    start: int
    end: int
    lead: int | None = None
    """The block that leads in the list of which single items are quoted; it is quoted with them."""

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Return the spans that are quoted: what leads in a list, then the quote itself."""
        lead = [self.blocks[self.lead]] if self.lead is not None else []
        return [*((block.start, block.end) for block in lead), (self._opening, self.end)]

    @property
    def _opening(self) -> int:
        alone = self.first == self.last and self.lead is None
        return self.start if alone else _with_mark(self.document, self.blocks[self.first], self.start)

    @property
    def words(self) -> int:
        """Return the number of words in the quote."""
        return sum(count_words(self.document.text[start:end]) for start, end in self.spans)

    @property
    def begins_anew(self) -> bool:
        """Tell whether the quote begins like a sentence, not like the rest of one that leads it in."""
        return not self.document.text[self.start : self.end].lstrip("*_\"'“”«»(")[:1].islower()

    @property
    def points_back(self) -> bool:
        """Tell whether the quote begins with a word for what stands before it."""
        return _points_back(self.document.text[self.start : self.end], self.document.language)

    @property
    def is_numbered(self) -> bool:
        """Tell whether the quote begins with an item of a numbered list."""
        block = self.blocks[self.first]
        return block.kind == "item" and self.document.text[_with_mark(self.document, block, self.start)].isdigit()

    @property
    def stands_alone(self) -> bool:
        """Tell whether the quote reads well alone: neither points back nor speaks of the summary, as the card does."""
        text = self.document.text[self.start : self.end]
        return not (self.points_back or re.search(cue("of-the-text", self.document.language), text, re.IGNORECASE))

    @property
    def is_scrap(self) -> bool:
        """Tell whether the quote is one short item of a list or one row, which say little by themselves."""
        kind = self.blocks[self.first].kind if self.first == self.last else None
        few = kind == "item" and count_words(self.document.text[self.start : self.end]) < SCRAP_WORDS
        return few or kind == "row"

    def overlaps(self, other: Quote) -> bool:
        """Tell whether two quotes share text."""
        same = self.document.id == other.document.id
        return same and self.first <= other.last and other.first <= self.last and self._shares_text(other)

    def told_by(self, others: Sequence[Quote]) -> bool:
        """Tell whether one of the others shares text with this quote, or says the same."""
        return any(self.overlaps(other) or self._repeats(other) for other in others)

    def _repeats(self, other: Quote) -> bool:
        """Tell whether the shorter of two quotes has hardly a term that the other does not have."""
        if self.document.language != other.document.language:
            return False
        language = self.document.language
        texts = (quote.document.text[quote.start : quote.end] for quote in (self, other))
        mine, theirs = (index_terms(text, language) for text in texts)
        shorter = min(len(mine), len(theirs))
        return shorter >= FEW_TERMS and len(mine & theirs) >= THE_SAME * shorter

    def _shares_text(self, other: Quote) -> bool:
        """Tell whether two quotes of the same blocks share text; in different languages offsets say nothing."""
        if self.document.language != other.document.language:
            return True
        return self.start < other.end and other.start < self.end

    def joined(self, other: Quote) -> Quote | None:
        """Return both as one quote where the later one's block follows under the same heading, else None."""
        first, second = sorted((self, other), key=lambda quote: quote.start)
        beside = first.document is second.document and second.first - first.last <= 1 and first.lead == second.lead
        if not beside or first.blocks[first.last].headings != second.blocks[second.first].headings:
            return None
        whole = first.end >= first.blocks[first.last].end and second.start <= second.blocks[second.first].start
        if not whole and first.last != second.first:
            return None
        return replace(first, last=second.last, end=max(first.end, second.end))


def _with_mark(document: Document, block: Block, start: int) -> int:
    """Return where a quote that begins at `start` in a block begins: of a list's item, with its mark."""
    line = document.text.rfind("\n", 0, start) + 1
    return line if block.kind == "item" and _MARK.fullmatch(document.text, line, start) else start


def count_words(text: str) -> int:
    """Return the number of words of a text, separated by white space."""
    return len(text.split())


def quote_of(
    read: Read,
    block: Block,
    score: Score,
    max_words: int,
    long: int = LONG_BLOCK,
    *,
    alone: bool = False,
    list_words: int = LIST_WORDS,
) -> Quote | None:
    """Return the quote of a block: whole, its best sentences, or the list that it belongs to, within `max_words`.

    Of a block of more than `long` words the best sentences are taken, of a list of more than `list_words` the item;
    one that begins by pointing back is quoted with the one before it, where there is room, unless it is to stand
    `alone`. None for a block that speaks to the assistant, and for the line that leads in a list, or names the columns
    of a table, which cannot be quoted whole: it says nothing by itself.
    """
    if addresses_the_assistant(read.document, block):
        return None
    first, last = list_around(read.blocks, block)
    start, end = read.blocks[first].start, read.blocks[last].end
    limit = list_words if last > first else long
    opening = _with_mark(read.document, read.blocks[first], start)
    fits = count_words(read.document.text[opening:end]) <= min(limit, max_words)
    if fits and not any(addresses_the_assistant(read.document, each) for each in read.blocks[first : last + 1]):
        quote = Quote(read.document, read.blocks, first, last, start, end)
    elif last > first and not _is_part(read.blocks, block):
        return None
    else:
        begins = block.lead if block.kind == "row" else first
        quote = _part(read, block, score, min(long, max_words), begins if last > first else None)
    return quote if alone else widened(read, quote, min(long, max_words))


def _part(read: Read, block: Block, score: Score, max_words: int, first: int | None) -> Quote:
    """Return the quote of a block by itself, or of its best sentences; `first` is where its list begins."""
    lead = _lead(read, first) if first is not None else None
    start, end = block.start, block.end
    mark = count_words(read.document.text[_with_mark(read.document, block, start) : start])
    room = max_words - mark - (count_words(read.text(read.blocks[lead])) if lead is not None else 0)
    if count_words(read.text(block)) > room:
        start, end = best_sentences(read.document, block, score, max(1, room))
    return Quote(read.document, read.blocks, block.number, block.number, start, end, lead)


def widened(read: Read, quote: Quote, max_words: int) -> Quote:
    """Return a quote that begins by pointing back with the block before it, of the same section and kind."""
    block, before = read.blocks[quote.first], read.blocks[max(0, quote.first - 1)]
    if quote.start > block.start or not quote.points_back or before is block:
        return quote
    wider = replace(quote, first=before.number, start=before.start)
    beside = before.headings == block.headings and before.kind == block.kind
    beside = beside and not addresses_the_assistant(read.document, before)
    return wider if beside and wider.words <= max_words else quote


def _lead(read: Read, first: int) -> int | None:
    """Return the block that leads in the list which begins at `first`, if it may be quoted with single items of it."""
    block = read.blocks[first]
    return first if block.kind != "item" and not addresses_the_assistant(read.document, block) else None


def list_around(blocks: Sequence[Block], block: Block) -> tuple[int, int]:
    """Return the numbers of the first and last block of the list or table that a block leads in or stands in."""
    first = last = block.number
    if block.kind == "item":
        while first > 0 and blocks[first - 1].kind == "item":
            first -= 1
    elif block.kind == "row":
        first = head_of(blocks, block)
    elif last + 1 == len(blocks) or blocks[last + 1].lead != block.number:
        return first, last
    else:
        block = blocks[last + 1]
    if blocks[first].lead == first - 1:
        first -= 1
    while last + 1 < len(blocks) and _beside(blocks, block, blocks[last + 1]):
        last += 1
    return first, last


def _is_part(blocks: Sequence[Block], block: Block) -> bool:
    """Tell whether a block is an item of a list, or a row of a table below the one that names the columns."""
    return block.kind == "item" or (block.kind == "row" and head_of(blocks, block) != block.number)


def _beside(blocks: Sequence[Block], one: Block, other: Block) -> bool:
    """Tell whether two items stand in one list, or two rows in one table."""
    same = one.kind == "item" or head_of(blocks, one) == head_of(blocks, other)
    return one.kind == other.kind and same


def best_sentences(document: Document, block: Block, score: Score, max_words: int) -> tuple[int, int]:
    """Return the span of consecutive sentences of a block, up to `SENTENCE_SPAN` words, that scores best.

    A sentence that begins by pointing back ("It …") is quoted with the one before it where both have room. A sentence
    is never broken off but where it is longer than any quote, as in a table without full stops.
    """
    text, spans = document.text, split_sentences(document.text, block.start, block.end)
    best, best_key = spans[0], (False, -1.0)
    for place, (start, first_end) in enumerate(spans):
        leans = place > 0 and _leans(text[slice(*spans[place - 1])], text[start:first_end], document.language)
        before = spans[place - 1][0] if leans else start
        begin = before if count_words(text[before:first_end]) <= max_words else start
        end = first_end
        for _, later in spans[place + 1 :]:
            if count_words(text[begin:later]) > SENTENCE_SPAN * max_words // LONG_BLOCK:
                break
            end = later
        alone = LEANS * (leans and begin == start)
        key = (count_words(text[begin:end]) <= max_words, score(text[begin:end]) - alone)
        if key > best_key:
            best, best_key = (begin, end), key
    return best[0], list(_WORD.finditer(text, *best))[:LONG_BLOCK][-1].end()


def _leans(before: str, sentence: str, language: str) -> bool:
    """Tell whether a sentence answers the one before it, or begins by pointing back to it."""
    return before.endswith("?") or _points_back(sentence, language)


def _points_back(sentence: str, language: str) -> bool:
    """Tell whether a sentence begins with a word for what the one before it names, or goes on from it soon after."""
    return any(re.match(cue(name, language), sentence, re.IGNORECASE) for name in ("points-back", "goes-on"))


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
    return Quote(document, blocks, quote.first, quote.last, start, end, quote.lead)


def within(quotes: Sequence[Quote], max_words: int) -> list[Quote]:
    """Return the quotes for which there is room, in order."""
    kept: list[Quote] = []
    for quote in quotes:
        if sum(other.words for other in kept) + quote.words <= max_words:
            kept.append(quote)
    return kept
