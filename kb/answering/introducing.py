"""Who or what a quote speaks of, where only an earlier part of the document says it.

A document writes "Tina Berg, a researcher" or "the works committee (CSO)" once, and "Berg" or "CSO" from there on; it
writes "a weekly rhythm" and begins the next paragraph with "The rhythm".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.answering.addressed import addresses_the_assistant
from kb.answering.coverage import index_terms
from kb.answering.question import cue
from kb.answering.quoting import Quote
from kb.blocks import split_sentences

INTRODUCTION_WORDS = 45
"""Words of a sentence up to which it is quoted for what it introduces."""
FORENAME_LETTERS = 40
"""Characters before a name in which its forename is looked for."""
_NAME = re.compile(r"(?<![\w-])[A-ZÆØÅÄÖÉ][\w’'-]+")
_NAME_BEFORE = re.compile(rf"{_NAME.pattern}(?= \Z)")
_GENITIVE = re.compile(r"['’]s?$")


def with_introductions(quotes: Sequence[Quote], question: str, room: int) -> list[Quote]:
    """Return quotes and the sentences that introduce what they speak of, as far as there is room in words.

    What stands in the question or in the document's title needs none.
    """
    result = list(quotes)
    for quote in quotes:
        for found in needed_by(quote, result, question):
            if found.words <= room - sum(other.words for other in result):
                result.append(found)
    return result


def needed_by(quote: Quote, others: Sequence[Quote], question: str) -> list[Quote]:
    """Return the sentences that introduce what a quote speaks of, none of which the others quote."""
    needed: list[Quote] = []
    for found in (
        _taken_up(quote, question),
        *(_introduction(quote, name) for name in _unknown_names(quote, question)),
    ):
        if found and not any(found.overlaps(other) for other in (*others, *needed)):
            needed.append(found)
    return needed


def _taken_up(quote: Quote, question: str) -> Quote | None:
    """Return the sentence of the block before a quote from which it takes up a thing at once ("The rhythm …")."""
    document, text = quote.document, quote.document.text
    opening = re.match(cue("takes-up", document.language), text[quote.start : quote.end])
    before = next((b for b in reversed(quote.blocks[: quote.first]) if b.kind != "heading"), None)
    if not opening or before is None or quote.lead is not None or addresses_the_assistant(document, before):
        return None
    thing = index_terms(opening[1], document.language)
    if not thing or thing <= index_terms(f"{question} {document.title}", document.language):
        return None
    for start, end in reversed(split_sentences(text, before.start, before.end)):
        known = opening[0].lower() in text[start:end].lower()
        if not known and thing <= index_terms(text[start:end], document.language):
            found = Quote(document, quote.blocks, before.number, before.number, start, end)
            return found if found.words <= INTRODUCTION_WORDS and found.stands_alone else None
    return None


def _unknown_names(quote: Quote, question: str) -> Iterator[str]:
    """Yield the names of a quote, once each, which are not known to who reads it."""
    text = quote.document.text
    known = f"{question} {quote.document.title}"
    names = (_bare(name, text) for start, end in quote.spans for name in _NAME.findall(text, start, end))
    for name in dict.fromkeys(names):
        if not _stands_in(name, known) and not _is_a_word(name, text):
            yield name


def _bare(name: str, text: str) -> str:
    """Return a name without the ending of its genitive, where the document has it without."""
    bare = _GENITIVE.sub("", name)
    return bare[:-1] if bare.endswith("s") and _stands_in(bare[:-1], text) else bare


def _introduction(quote: Quote, name: str) -> Quote | None:
    """Return the sentence before a quote in which its document first has a name in full, unless the quote tells it too.

    What asks the question that the sentence answers is returned with it.
    """
    text = quote.document.text
    first = re.search(rf"(?<![\w-]){re.escape(name)}\b", text)
    if first is None or first.start() >= quote.spans[0][0]:
        return None
    full = _in_full(text, first)
    if full is None or any(f"{full}, " in text[start:end] for start, end in quote.spans):
        return None
    block = next((each for each in quote.blocks if each.start <= first.start() < each.end), None)
    if block is None or block.kind == "heading" or addresses_the_assistant(quote.document, block):
        return None
    sentences = split_sentences(text, block.start, block.end)
    place = next(n for n, span in enumerate(sentences) if span[0] <= first.start() < span[1])
    asked = place > 0 and text[: sentences[place - 1][1]].endswith("?")
    start, end = sentences[place - asked][0], sentences[place][1]
    found = Quote(quote.document, quote.blocks, block.number, block.number, start, end)
    return found if found.words <= INTRODUCTION_WORDS else None


def _in_full(text: str, name: re.Match[str]) -> str | None:
    """Return a name with the forename before it, or in the brackets after the words that it is short for; else None."""
    brackets = text[name.start() - 1 : name.end() + 1]
    if name[0].isupper() and brackets == f"({name[0]})":
        return brackets
    forename = _NAME_BEFORE.search(text, max(0, name.start() - FORENAME_LETTERS), name.start())
    if forename is None or _GENITIVE.search(forename[0]) or _is_a_word(forename[0], text):
        return None
    opens = not re.search(r"[\w,;(] $", text[: forename.start()])
    if opens and re.match(r" [^\W\d_A-ZÆØÅÄÖÉ]", text[name.end() :]):  # "Forty Norwegian municipalities"
        return None
    return f"{forename[0]} {name[0]}"


def _is_a_word(name: str, text: str) -> bool:
    """Tell whether a document has a name in small letters too."""
    return _stands_in(name.lower(), text)


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
