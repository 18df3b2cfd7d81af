"""How many of a question's terms a text has.

Coverage is the share of the question's terms, weighted by inverse document frequency, that a
text has; a term that no text has weighs most.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.analysis import fold, stems
from kb.records import Document
from kb.store.catalogue import term_language
from kb.store.terms import other_forms
from kb.words.terms import Term

EVERYDAY_WEIGHT = 0.2
"""What an everyday word weighs against another that is as rare."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The question's terms and their weights, by the language of the texts."""

    terms: Mapping[str, tuple[Term, ...]]
    weights: Mapping[str, Mapping[str, float]]

    def of(self, language: str) -> tuple[Term, ...]:
        """Return the terms as they are searched in texts of a language."""
        return self.terms[term_language(language)]

    def covered(self, present: frozenset[str], language: str) -> float:
        """Return the weighted share of the terms that a text with these index terms has, 0 to 1."""
        terms, weights = self.of(language), self.weights[term_language(language)]
        total = sum(weights[term.stem] for term in terms)
        return sum(weights[term.stem] for term in terms if term.among(present)) / total if total else 0.0

    def missing(self, words: Collection[str], present: frozenset[str], language: str) -> float:
        """Return what those of some folded words weigh that a text with these index terms does not have."""
        terms, weights = self.of(language), self.weights[term_language(language)]
        own = [term for term in terms if fold(term.word) in words]
        return sum(weights[term.stem] for term in own if not term.among(present))


def weighted(terms: Sequence[Term], frequencies: Mapping[str, float]) -> dict[str, float]:
    """Return by stem what each term weighs: its inverse document frequency, of everyday words a part of it."""
    return {term.stem: frequencies[term.stem] * (EVERYDAY_WEIGHT if term.everyday else 1.0) for term in terms}


@lru_cache(maxsize=50_000)
def index_terms(text: str, language: str) -> frozenset[str]:
    """Return all that a text is found by: stems, parts of compounds, other forms; kept, as texts are read again."""
    return frozenset(stems(text, language)) | frozenset(other_forms(text, language))


def document_terms(document: Document) -> frozenset[str]:
    """Return the index terms of all that a document says of its matter, its own questions included."""
    fields = (document.title, document.organisation or "", " ".join(document.questions), document.text)
    return index_terms("\n".join(fields), document.language)
