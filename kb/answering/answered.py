"""Whether a part of a question is answered: by what was chosen for it, or by what another part brought along."""

from __future__ import annotations

from collections.abc import Sequence

from kb.answering.candidates import counting
from kb.answering.coverage import index_terms
from kb.answering.question import COUNTED, holding
from kb.answering.quoting import Quote
from kb.answering.reading import Reading
from kb.answering.support import LOOKED_AT
from kb.blocks import split_sentences
from kb.store.catalogue import term_language

COVERED, COVERED_COUNTED = 0.6, 0.15
"""How much of a part's terms a quoted sentence has that answers it, and how much, with its title, where it has the sum
or the number of the very thing that the part asks for. Of 27 unlocked questions with a part that was told as
unanswered, three parts stood answered in a quote: these, and no other, are above."""


def is_answered(part: Reading, supported: Sequence[Reading], quotes: Sequence[Quote]) -> bool:
    """Tell whether a part of a question is answered in quotes, of which some were chosen for the supported parts.

    What is not supported by itself is answered too where its very best block is quoted, and has no word that the
    documents do not have: to tell that it is not answered would be untrue under that quote.
    """
    looked_at = LOOKED_AT if part in supported else int(_all_found(part))
    return _quotes_best(quotes, part, looked_at) or any(_said_in(quote, part) for quote in quotes)


def _quotes_best(quotes: Sequence[Quote], part: Reading, looked_at: int) -> bool:
    """Tell whether one of the quotes is of a document's block that was ranked among the best for a part."""
    best = {(r.candidate.read.document.id, r.candidate.block.number) for r in part.ranked[:looked_at]}
    return any((quote.document.id, n) in best for quote in quotes for n in range(quote.first, quote.last + 1))


def _all_found(part: Reading) -> bool:
    """Tell whether each word of a part is in one of the nearest documents."""
    terms = [term for own in part.wanted.terms.values() for term in own]
    return all(term.everyday or term.word in part.found for term in terms)


def _said_in(quote: Quote, part: Reading) -> bool:
    """Tell whether a sentence of a quote has what a part asks for, and what it asks about."""
    asked, document = part.asked, quote.document
    if term_language(document.language) not in part.wanted.weights:
        return False
    counted = asked.wants == "money" or (asked.wants in COUNTED and bool(asked.focus))
    title = index_terms(document.title, document.language)
    for start, end in (place for span in quote.spans for place in split_sentences(document.text, *span)):
        text = document.text[start:end]
        own = index_terms(text, document.language)
        fits = holding(asked.wants, text) * counting(asked, part.wanted.of(document.language), text, document.language)
        enough = part.wanted.covered(own, document.language) >= COVERED
        if fits and (enough or (counted and part.wanted.covered(own | title, document.language) >= COVERED_COUNTED)):
            return True
    return False
