"""Searching among cases: by words and meaning, with exact phrases in quotation marks, and what matches of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from app.cases import Case, Span
from app.marking import matching_spans
from kb.blocks import split_sentences
from kb.knowledge_base import KnowledgeBase
from kb.language import detect
from kb.words.terms import Understanding

PASSAGES = 500
"""Passages that are looked at, best first; each document counts by its best one."""
LEAST_SCORE, LEAST_SHARE = 1.0, 0.2
"""What a document's best passage must score, and which share of the best one's score, to be found. Of the documents
that 25 questions for cases look for, .91 are, among 73 at the median of all 246 (from a score of 1.5, .82 among 38)."""
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]')
_MARKS = re.compile(r'["“”„«»]')


@dataclass(frozen=True)
class Place:
    """Where a search finds a document: the score of its best passage and the numbers of the blocks that this covers."""

    score: float
    first: int
    last: int


@dataclass(frozen=True)
class Search:
    """What is looked for, and where it was found by document id."""

    phrases: tuple[re.Pattern[str], ...] = ()
    understanding: Understanding | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    language: str = "en"
    """The language of what was typed."""

    @property
    def scores(self) -> dict[str, float]:
        """Return the score of each document."""
        return {name: place.score for name, place in self.places.items()}

    def found(self, cases: Iterable[Case]) -> list[Case]:
        """Return the cases that are found: those with every phrase, or, without phrases, those that come near."""
        if self.understanding is None:
            return list(cases)
        if self.phrases:
            return [each for each in cases if all(phrase.search(each.document.text) for phrase in self.phrases)]
        least = max(LEAST_SCORE, LEAST_SHARE * max(self.scores.values(), default=0.0))
        return [each for each in cases if each.id in self.places and self.places[each.id].score >= least]

    def spans(self, case: Case, span: Span) -> list[Span]:
        """Return what matches in a passage: its phrases, and the words by which it was searched for."""
        start, end = span
        exact = [found.span() for phrase in self.phrases for found in phrase.finditer(case.document.text, start, end)]
        return _merged([*exact, *self._words(case.text(span), case.document.language, start)])

    def in_text(self, text: str, language: str) -> list[Span]:
        """Return what matches in a text of its own, such as a title."""
        exact = [found.span() for phrase in self.phrases for found in phrase.finditer(text)]
        return _merged([*exact, *self._words(text, language, 0)])

    def _words(self, text: str, language: str, offset: int) -> list[Span]:
        if self.understanding is None:
            return []
        found = matching_spans(text, self.understanding, language)
        return [(start + offset, end + offset) for start, end in found]

    def excerpt(self, case: Case, shown: Iterable[Span]) -> Span | None:
        """Return the sentence that matches best, None where what is shown already tells why the document was found."""
        shown = list(shown)
        text = case.document.text
        for phrase in self.phrases:
            found = [match.span() for match in phrase.finditer(text)]
            if not phrase.search(case.document.title) and not any(
                a <= x and y <= b for x, y in found for a, b in shown
            ):
                return _sentence(case, found[0]) if found else None
        if self.phrases:
            return None
        place = self.places.get(case.id)
        if place is None or any(self.spans(case, span) for span in shown):
            return None
        blocks = [each for each in case.blocks[place.first : place.last + 1] if each.kind != "heading"]
        sentences = [span for each in blocks for span in split_sentences(text, each.start, each.end)]
        best = max(sentences, key=lambda span: len(self.spans(case, span)), default=None)
        return best if best and self.spans(case, best) else None


def _merged(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _sentence(case: Case, span: Span) -> Span:
    """Return the sentences over which a passage runs."""
    touched = [each for each in case.blocks if each.start < span[1] and span[0] < each.end]
    sentences = [part for each in touched for part in split_sentences(case.document.text, each.start, each.end)]
    inside = [part for part in sentences if part[0] < span[1] and span[0] < part[1]]
    return (inside[0][0], inside[-1][1]) if inside else span


def current_search(kb: KnowledgeBase, text: str, language: str) -> Search:
    """Return the search for what a visitor typed; raises `KBError`."""
    return _search(kb, kb.status().index, text.strip(), language)


@lru_cache(maxsize=128)
def _search(kb: KnowledgeBase, _fingerprint: str, text: str, language: str) -> Search:
    """Return what `current_search` does; `_fingerprint` tells one state of the documents from another."""
    words = " ".join(_MARKS.sub(" ", text).split())
    if not any(letter.isalnum() for letter in words):
        return Search()
    asked_in = detect(words, default=language)
    places: dict[str, Place] = {}
    for passage in kb.search(words, language=asked_in, limit=PASSAGES):
        chunk = passage.chunk
        places.setdefault(chunk.document_id, Place(passage.score, chunk.block_first, chunk.block_last))
    phrases = [phrase for phrase in map(phrase_pattern, _QUOTED.findall(text)) if phrase]
    return Search(tuple(phrases), kb.understanding(words, language=asked_in), places, asked_in)


def phrase_pattern(phrase: str) -> re.Pattern[str] | None:
    """Return what finds a phrase word by word, whatever the case of its letters and the white space between them."""
    words = unicodedata.normalize("NFC", phrase).split()
    if not any(letter.isalnum() for letter in phrase):
        return None
    before = r"(?<!\w)" if words[0][0].isalnum() else ""
    after = r"(?!\w)" if words[-1][-1].isalnum() else ""
    return re.compile(before + r"\s+".join(map(re.escape, words)) + after, re.IGNORECASE)
