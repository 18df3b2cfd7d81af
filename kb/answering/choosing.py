"""Choosing what to quote: the blocks that are likeliest to answer, in the form that the question's type asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.answering.question import Asked
from kb.answering.quoting import LIST_WORDS, LONG_BLOCK, Quote, Score, count_words, list_around, quote_of, widened
from kb.answering.ranking import Ranked


@dataclass(frozen=True, slots=True)
class Form:
    """How long an answer of a type is and from how many places it quotes."""

    words: int
    """Words of all quotes together."""
    documents: int
    per_document: int
    enough: float
    """Share of the candidates' weight at which nothing more is quoted."""
    floor: float
    """Share, against the best one's, that a further quote needs."""
    long: int = LONG_BLOCK
    """Words above which only the best sentences of a block are quoted."""
    least: int = 0
    """Words up to which more is quoted though there is enough."""
    repeat: float = 1.0
    """What a further quote of the same document counts for: below 1, others are preferred."""
    item: float = 2.0
    """Share of what a list weighs at which one item of it is quoted without the others; above 1, never."""


PARTS_WORDS, PARTS_LONG = 290, 65
"""Words of an answer to several questions at once, and above which only the best sentences of a block are quoted."""
SIDES_WORDS, SIDES_DOCUMENTS = 240, 4
"""Words and documents of an answer to one question about several that are named, at least."""

FORMS: dict[str, Form] = {
    "fact": Form(95, 2, 3, 0.92, 0.1, 60, item=0.9),
    "fact, way": Form(110, 1, 3, 0.95, 0.05, 60, item=0.9),
    "definition": Form(140, 2, 2, 0.75, 0.25),
    "list": Form(170, 3, 2, 0.92, 0.08),
    "how-to": Form(200, 3, 2, 0.9, 0.15),
    "comparison": Form(255, 6, 2, 0.97, 0.03, 65, repeat=0.4),
    "objections": Form(215, 2, 4, 0.98, 0.01, 60, repeat=0.7, least=150),
}


def form_of(asked: Asked) -> Form:
    """Return the form of the answer to a question; one that asks for more gets up to twice the words."""
    form = FORMS.get(f"{asked.type}, {asked.wants}", FORMS[asked.type])
    if not asked.longer:
        return form
    return replace(form, words=2 * form.words, per_document=2 * form.per_document, enough=1.0, floor=form.floor / 4)


def choose(ranked: Sequence[Ranked], form: Form, score: Score, taken: Sequence[Quote] = ()) -> list[Quote]:
    """Return the quotes of an answer, best first, none of which repeats what is `taken`.

    Quotes of blocks that stand together are one.
    """
    chosen: list[Quote] = []
    counts: dict[str, int] = {}
    waiting = _with_lists(ranked, form)
    share, best = 0.0, max((each.share for each in waiting), default=0.0)
    while waiting and (share < form.enough or sum(quote.words for quote in chosen) < form.least):
        place = max(range(len(waiting)), key=lambda n: (_worth(waiting[n], form, counts), -n))
        each = waiting.pop(place)
        if _worth(each, form, counts) < form.floor * best:
            break
        document = each.candidate.read.document.id
        if counts.get(document, 0) >= form.per_document or (document not in counts and len(counts) >= form.documents):
            continue
        room = form.words - sum(quote.words for quote in chosen)
        quote = _quote(each, form, score, room, (*chosen, *taken))
        if quote is None:
            continue
        share += each.share
        counts[document] = counts.get(document, 0) + 1
        chosen = _with(chosen, quote)
    return _bridged(chosen, ranked, form, score, taken)


def _quote(each: Ranked, form: Form, score: Score, room: int, others: Sequence[Quote]) -> Quote | None:
    """Return the quote of a candidate that has room beside the others; what points back stands alone where it must."""
    read, words = each.candidate.read, max(room, 25)
    list_words = 0 if each.alone else LIST_WORDS
    alone = quote_of(read, each.candidate.block, score, words, form.long, alone=True, list_words=list_words)
    if alone is None:
        return None
    wider = widened(read, alone, min(form.long, words))
    tried = [wider] if wider is alone else [wider, alone]
    return next((quote for quote in tried if quote.words <= room and not quote.told_by(others)), None)


def _with_lists(ranked: Sequence[Ranked], form: Form) -> list[Ranked]:
    """Return candidates with one of each list's blocks in place of all: what they weigh, they weigh together."""
    lists: dict[tuple[str, int], list[Ranked]] = {}
    for each in ranked:
        read, block = each.candidate.read, each.candidate.block
        lists.setdefault((read.document.id, list_around(read.blocks, block)[0]), []).append(each)
    whole = [_of_list(own, form) for own in lists.values() if _whole_list(own[0])]
    single = [each for own in lists.values() if not _whole_list(own[0]) for each in own]
    return sorted([*whole, *single], key=lambda each: -each.share)


def _of_list(own: Sequence[Ranked], form: Form) -> Ranked:
    """Return the best block of a list, best first, with what all weigh; an item by itself where it weighs the most.

    Of the others an item comes first, which can be quoted by itself where there is no room for the list.
    """
    share = sum(each.share for each in own)
    items = [each for each in own if each.candidate.block.kind == "item"]
    alone = items[:1] == list(own[:1]) and own[0].share >= form.item * share
    return replace((items or own)[0], share=share, alone=alone)


def _whole_list(each: Ranked) -> bool:
    """Tell whether a block is of a list that is quoted whole."""
    read = each.candidate.read
    first, last = list_around(read.blocks, each.candidate.block)
    text = read.document.text[read.blocks[first].start : read.blocks[last].end]
    return last > first and count_words(text) <= LIST_WORDS


def _bridged(
    chosen: list[Quote], ranked: Sequence[Ranked], form: Form, score: Score, taken: Sequence[Quote]
) -> list[Quote]:
    """Return quotes with what stands alone between two of them, where there is room: without it there is a gap."""
    for each in ranked:
        read, number = each.candidate.read, each.candidate.block.number
        body = [block.number for block in read.blocks if block.kind != "heading"]
        place = body.index(number)
        beside = {*body[max(0, place - 1) : place], *body[place + 1 : place + 2]}
        quoted = {n for q in chosen if q.document is read.document for n in range(q.first, q.last + 1)}
        if number in quoted or len(beside & quoted) < 2:
            continue
        room = form.words - sum(other.words for other in chosen)
        quote = _quote(each, form, score, room, (*chosen, *taken))
        if quote:
            chosen = _with(chosen, quote)
    return chosen


def _worth(each: Ranked, form: Form, counts: dict[str, int]) -> float:
    return each.share * form.repeat ** counts.get(each.candidate.read.document.id, 0)


def _with(chosen: Sequence[Quote], quote: Quote) -> list[Quote]:
    """Return quotes with one more, joined to those beside which it stands, in the first one's place."""
    beside = [place for place, other in enumerate(chosen) if other.joined(quote)]
    if not beside:
        return [*chosen, quote]
    for place in beside:
        quote = chosen[place].joined(quote) or quote
    return [quote if place == beside[0] else other for place, other in enumerate(chosen) if place not in beside[1:]]


def within_limit(form: Form, max_words: int) -> Form:
    """Return a form that keeps to the words an answer may have at most."""
    return replace(form, words=min(form.words, max_words))


def for_parts(form: Form, parts: int) -> Form:
    """Return the form for each of several parts of a question."""
    if parts < 2:
        return form
    words = max(form.words, PARTS_WORDS) // parts
    return replace(form, words=max(words, LONG_BLOCK), long=min(form.long, PARTS_LONG))


def for_side(form: Form, sides: int) -> Form:
    """Return the form for each of several sides of a question."""
    if sides < 2:
        return form
    words, documents = max(form.words, SIDES_WORDS) // sides, max(form.documents, SIDES_DOCUMENTS) // sides
    return replace(form, words=max(words, LONG_BLOCK), documents=max(1, documents))


def by_document(quotes: Iterable[Quote]) -> list[Quote]:
    """Return quotes with those of the same document beside each other, in reading order, best document first.

    What leads in a list stands before the first of its items only; it promises more than one item that stands alone,
    and is left out there, unless the item goes on from it, is one of a numbered list or says little by itself.
    """
    grouped: dict[str, list[Quote]] = {}
    for quote in quotes:
        grouped.setdefault(quote.document.id, []).append(quote)
    result: list[Quote] = []
    for group in grouped.values():
        led: set[int] = set()
        places = Counter(quote.lead for quote in group)
        for quote in sorted(group, key=lambda quote: quote.start):
            alone = quote.first == quote.last and places[quote.lead] == 1
            lonely = alone and quote.begins_anew and not quote.is_numbered and not quote.is_scrap
            result.append(replace(quote, lead=None) if quote.lead in led or lonely else quote)
            led |= {quote.lead} if quote.lead is not None else set()
    return result
