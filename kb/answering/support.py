"""How well documents support a question, by features that do not depend on the other documents.

Coverage is the share of the question's terms, weighted by inverse document frequency, that a
document has; a term that no document has weighs most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.analysis import stems
from kb.records import Document
from kb.store.catalogue import term_language
from kb.store.terms import other_forms
from kb.words.terms import Term

COSINE_FLOOR, COSINE_CEILING = 0.2, 0.7
"""Cosines between which a question's nearest chunk says something about support."""
COSINE_SHARE = 0.4


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


@dataclass(frozen=True, slots=True)
class Support:
    """What a document has of a question: `score` from 0 to 1, the terms found and not found."""

    document: Document
    score: float
    found: tuple[str, ...]
    missing: tuple[str, ...]


def index_terms(text: str, language: str) -> frozenset[str]:
    """Return all that a text is found by: stems, parts of compounds, other forms of its words."""
    return frozenset(stems(text, language)) | frozenset(other_forms(text, language))


def document_terms(document: Document) -> frozenset[str]:
    """Return the index terms of all that a document says of its matter, its own questions included."""
    fields = (document.title, document.organisation or "", " ".join(document.questions), document.text)
    return index_terms("\n".join(fields), document.language)


def support(document: Document, wanted: Wanted, cosine: float | None) -> Support:
    """Return how well a document supports a question; `cosine` is the nearest chunk's where there is a model."""
    present = document_terms(document)
    score = wanted.covered(present, document.language)
    if cosine is not None:
        near = min(max((cosine - COSINE_FLOOR) / (COSINE_CEILING - COSINE_FLOOR), 0.0), 1.0)
        score = (1 - COSINE_SHARE) * score + COSINE_SHARE * near
    terms = wanted.of(document.language)
    return Support(
        document=document,
        score=score,
        found=tuple(term.word for term in terms if term.among(present)),
        missing=tuple(term.word for term in terms if not term.among(present)),
    )
