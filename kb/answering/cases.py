"""Case search: a card for each case, with how its document opens and what was changed there or came of it.

Documents are ranked by their best passage, by how near the question is to what the document as a whole was said to
be an example of, and by the kind of service that is asked for. Countries and years that are named are filters.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.answering.candidates import Candidate, Read
from kb.answering.introducing import needed_by
from kb.answering.kept import Kept, kept_to
from kb.answering.quoting import LONG_BLOCK, Quote, count_words, list_around, quote_of
from kb.answering.reading import Reading
from kb.blocks import split_sentences
from kb.models.matching import OPENING, section_of

CASES = 12
"""Cards at most. Of the cases of 25 unlocked searches .74 are among 12 by passages, examples, service and kind, and
.80 with how well the examples match token by token (weights fitted on all searches but the one that is asked)."""
LEAST_CASES, BEHIND = 4, 8.0
"""Cards that are shown in any case, and how far behind the best one the others may be: within 6, 8 and 10, .59, .51 and
.41 of the cards were right and .74, .78 and .80 of the cases found."""
OPENING_WORDS, DETAIL_WORDS = 34, 34
"""Words of a card: of how the document opens, and of what came of it."""
TOLD = frozenset({"result", "change", "finding", "agreed", "practice"})
"""Sections that say what was done and what came of it."""
CHANGE = "change"
"""The section that is quoted where no other is: what was done is what a document opens with."""
EXAMPLE_WEIGHT, MATCH_WEIGHT, SECTOR_WEIGHT, CASE_WEIGHT = 15.0, 14.0, 4.4, 3.1
"""What counts besides the fused score of a document's best passage: the cosine with what the document is an example of,
how well that matches token by token, that it is about the service that is asked for, that it is a case."""


def find_cases(reading: Reading) -> list[Quote]:
    """Return the quotes of each of the cases that a question looks for, best case first."""
    kept = kept_to(reading.asked.text)
    own: dict[str, list[Candidate]] = {}
    for each in reading.ranked:
        own.setdefault(each.candidate.read.document.id, []).append(each.candidate)
    worth = {name: _worth(reading, blocks[0].read, kept) for name, blocks in own.items()}
    order = sorted(own, key=lambda name: -worth[name])
    near = [name for place, name in enumerate(order) if place < LEAST_CASES or worth[name] >= worth[order[0]] - BEHIND]
    return [quote for name in near[:CASES] for quote in _card(own[name], reading)]


def _card(blocks: Sequence[Candidate], reading: Reading) -> list[Quote]:
    """Return what a card quotes: how the document opens, which says what was done where, and what came of it."""
    opening = next((each for each in blocks if section_of(each.read.document, each.block) == OPENING), None)
    told = [each for each in blocks if each.read.role(each.block) in TOLD] or [b for b in blocks if b is not opening]
    told.sort(key=lambda each: opening is not None and each.read.role(each.block) == CHANGE)
    first = _opening(opening) if opening else None
    quotes = [first] if first else []
    found = (quote_of(each.read, each.block, reading.score, DETAIL_WORDS) for each in told)
    details = (detail for detail in found if detail and not detail.told_by(quotes))
    told_well = [detail for detail in details if detail.stands_alone and not detail.is_scrap]
    known = (each for each in told_well if not needed_by(each, quotes, reading.asked.text))
    return [*quotes, next(known, told_well[0])] if told_well else quotes


def _opening(candidate: Candidate) -> Quote | None:
    """Return the first sentences of an opening, one at least: they say what was done where."""
    read, block = candidate.read, candidate.block
    spans = split_sentences(read.document.text, block.start, block.end)
    fit = [end for _, end in spans if count_words(read.document.text[block.start : end]) <= OPENING_WORDS]
    if fit and read.document.text.endswith("?", 0, fit[-1]):
        fit = [end for _, end in spans[: len(fit) + 1]]
    if list_around(read.blocks, block) != (block.number, block.number) or not (
        fit or count_words(read.document.text[block.start : spans[0][1]]) <= LONG_BLOCK
    ):
        return quote_of(read, block, lambda _: 0.0, OPENING_WORDS)
    return Quote(read.document, read.blocks, block.number, block.number, block.start, (fit or [spans[0][1]])[-1])


def _worth(reading: Reading, read: Read, kept: Kept) -> float:
    """Return how well a document is a case of what is looked for."""
    document = read.document
    near = max(reading.cosines(document.examples), default=0.0)
    texts = document.examples or (document.title,)
    matched = max(reading.matching.match(reading.asked.text, texts, [""] * len(texts)).mean)
    alike = bool(set(document.sectors) & set(kept.sectors))
    worth = read.passages[0].score + EXAMPLE_WEIGHT * near + MATCH_WEIGHT * float(matched)
    return round(worth + SECTOR_WEIGHT * alike + CASE_WEIGHT * (document.kind == "case"), 9)
