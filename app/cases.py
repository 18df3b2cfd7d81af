"""The documents as cases that can be set beside each other: their sections, facets, order and places to open."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.labels import value
from kb.answering.citing import cite
from kb.answering.quoting import count_words
from kb.blocks import split_sentences
from kb.knowledge_base import KnowledgeBase
from kb.records import Block, Citation, Document
from kb.retrieval.filters import ALLOWED, Entry, Filters
from kb.retrieval.snapshot import in_language
from kb.vocabulary import LANGUAGES, SECTIONS, section_role

Span = tuple[int, int]
"""Start and end of a passage in a document's text, in code points."""

FACETS = ("kind", "country", "sector", "theme", "evidence", "stance")
ON_CARDS: Mapping[str, tuple[str, ...]] = {
    kind: ("change", "result") if kind == "case" else roles[:2] for kind, roles in SECTIONS.items()
}
"""The sections that a card begins to tell, by kind."""
OPENING = "opening"
"""What stands before the first section; a user's own document may have nothing else."""
CARD_WORDS, CARD_SENTENCES, MOST_WORDS = 45, 2, 75
"""Words of a section on a card; its first two sentences stand there up to more words, since the second often says what
came of it or what did not, and its first in any case. Cards have 85 words at the median of all documents."""
ORDERS = ("relevance", "year", "title", "country")
_LAST_LETTERS = {"da": "æøå", "nb": "æøå", "sv": "åäö"}


@dataclass(frozen=True, eq=False)
class Case:
    """A document in the language in which a visitor reads it; `sections` are the places of those with a known role."""

    entry: Entry
    document: Document
    blocks: tuple[Block, ...]
    sections: Mapping[str, Span]

    @property
    def id(self) -> str:
        """Return the document's id."""
        return self.document.id

    def text(self, span: Span) -> str:
        """Return a part of the document's text."""
        return self.document.text[slice(*span)]

    def brief(self, role: str) -> Span:
        """Return the first sentences of a section, as many as a card tells."""
        start, end = self.sections[role]
        inside = [block for block in self.blocks if block.kind != "heading" and start <= block.start < end]
        ends = [stop for each in inside for _, stop in split_sentences(self.document.text, each.start, each.end)]
        fit = [
            stop
            for place, stop in enumerate(ends)
            if count_words(self.text((start, stop))) <= (MOST_WORDS if place < CARD_SENTENCES else CARD_WORDS)
        ]
        return start, (fit or ends[:1])[-1]

    def on_card(self) -> list[str]:
        """Return the roles that a card tells: its kind's, or the opening where the document has none of them."""
        return [role for role in ON_CARDS.get(self.document.kind, ()) if role in self.sections] or [
            role for role in (OPENING,) if role in self.sections
        ]


def current_cases(kb: KnowledgeBase, language: str) -> Mapping[str, Case]:
    """Return all documents by id, as a visitor of one of our languages reads them; raises `KBError`."""
    return _cases(kb, kb.status().index)[language]


@lru_cache(maxsize=1)  # all texts lie in it
def _cases(kb: KnowledgeBase, _fingerprint: str) -> Mapping[str, Mapping[str, Case]]:
    """Return what `current_cases` does, by language; `_fingerprint` tells one state of the documents from another."""
    texts: dict[str, dict[str, Case]] = {}
    for entry, document, blocks in kb.texts():
        texts.setdefault(entry.id, {})[entry.language] = Case(entry, document, blocks, _sections(document, blocks))
    return {code: {name: in_language(each, code) for name, each in texts.items()} for code in LANGUAGES}


def _sections(document: Document, blocks: Sequence[Block]) -> dict[str, Span]:
    sections: dict[str, Span] = {}
    for block in blocks:
        if block.kind == "heading":
            continue
        roles = (section_role(each, document.kind, document.language) for each in block.headings)
        role = next((role for role in roles if role), None if set(sections) - {OPENING} else OPENING)
        if role:
            line = document.text.rfind("\n", 0, block.start) + 1  # with the sign before an item
            sections[role] = sections.get(role, (line, 0))[0], block.end
    return sections


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a visitor narrows the cases down to: those that pass `wanted` and have none of the `unwanted` values."""

    wanted: Filters = field(default_factory=Filters)
    unwanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def match(self, entry: Entry) -> bool:
        """Tell whether a text passes."""
        return self.wanted.match(entry) and not any(
            set(entry.values(name)) & set(values) for name, values in self.unwanted.items()
        )

    def without(self, name: str) -> Narrowing:
        """Return what is left when a facet is not looked at."""
        wanted = {of: chosen for of, chosen in self.wanted.values.items() if of != name}
        unwanted = {of: chosen for of, chosen in self.unwanted.items() if of != name}
        return Narrowing(replace(self.wanted, values=wanted), unwanted)


CASES_ALONE = Narrowing(Filters({"kind": ("case",)}))
"""What is shown at first."""


def narrowed(cases: Iterable[Case], to: Narrowing) -> list[Case]:
    """Return the cases that pass."""
    return [case for case in cases if to.match(case.entry)]


def facet_counts(cases: Sequence[Case], to: Narrowing) -> dict[str, Counter[str]]:
    """Return for each facet how many cases have each of its values, among those that the other facets leave."""
    return {
        name: Counter(of for case in narrowed(cases, to.without(name)) for of in case.entry.values(name))
        for name in FACETS
    }


def facet_values(cases: Iterable[Case]) -> dict[str, list[str]]:
    """Return the values that each facet has, those of most cases first; short lists in the vocabulary's order."""
    everything = facet_counts(list(cases), Narrowing())
    by_size = {"country", "sector", "theme"}
    return {
        name: sorted(count, key=lambda of: (-count[of] if name in by_size else 0, ALLOWED[name].index(of)))
        for name, count in everything.items()
    }


def ordered(cases: Iterable[Case], order: str, language: str, scores: Mapping[str, float]) -> list[Case]:
    """Return cases in one of the `ORDERS`, newest first within it; without `scores` relevance is by year."""
    newest = sorted(cases, key=lambda case: (-(case.document.year or 0), alphabetic(case.document.title, language)))
    if order == "relevance":
        return sorted(newest, key=lambda case: -scores.get(case.id, 0.0))
    if order == "title":
        return sorted(newest, key=lambda case: alphabetic(case.document.title, language))
    if order == "country":
        return sorted(newest, key=lambda case: alphabetic(value(case.document.country or "", language), language))
    return newest


def alphabetic(text: str, language: str) -> tuple[bool, str]:
    """Return by what a text is sorted in a language: a text without letters comes last."""
    last = _LAST_LETTERS.get(language, "")
    own = {letter: chr(ord("{") + place) for place, letter in enumerate(last)}  # after "z"
    letters = [own.get(letter, unicodedata.normalize("NFD", letter)[0]) for letter in text.casefold()]
    kept = "".join(letter for letter in letters if letter.isalnum() or letter in own.values() or letter == " ")
    return not kept.strip(), kept.strip()


def citation_at(case: Case, span: Span | None = None) -> Citation:
    """Return the citation of a passage, or one of nothing at the beginning, with which the whole document opens."""
    document, blocks = case.document, case.blocks
    if span:
        return cite(document, blocks, *span)
    start = blocks[0].start
    return replace(cite(document, blocks, start, blocks[0].end), end=start, quote="")
