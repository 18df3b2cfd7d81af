"""How well documents support a question, by features that do not depend on the other documents.

Coverage is the share of the question's terms, weighted by inverse document frequency, that a
document has; a term that no document has weighs most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.analysis import Term, stems
from kb.records import Document

COSINE_FLOOR, COSINE_CEILING = 0.2, 0.7
"""Cosines of MiniLM between which a question's nearest chunk says something about support."""
COSINE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Support:
    """What a document has of a question: `score` from 0 to 1, the terms found and not found."""

    document: Document
    score: float
    found: tuple[str, ...]
    missing: tuple[str, ...]


def document_stems(document: Document) -> frozenset[str]:
    """Return the index terms of all that a document says of its matter, its own questions included."""
    fields = (document.title, document.organisation or "", " ".join(document.questions), document.text)
    return frozenset(stem for field in fields for stem in stems(field, document.language))


def covered(terms: Iterable[Term], weights: Mapping[str, float], present: frozenset[str]) -> float:
    """Return the weighted share of terms that are present, 0 to 1."""
    total = sum(weights[term.stem] for term in terms)
    return sum(weights[term.stem] for term in terms if term.stem in present) / total if total else 0.0


def support(document: Document, terms: tuple[Term, ...], weights: Mapping[str, float], cosine: float | None) -> Support:
    """Return how well a document supports a question; `cosine` is the nearest chunk's where there is a model."""
    present = document_stems(document)
    score = covered(terms, weights, present)
    if cosine is not None:
        near = min(max((cosine - COSINE_FLOOR) / (COSINE_CEILING - COSINE_FLOOR), 0.0), 1.0)
        score = (1 - COSINE_SHARE) * score + COSINE_SHARE * near
    return Support(
        document=document,
        score=score,
        found=tuple(term.word for term in terms if term.stem in present),
        missing=tuple(term.word for term in terms if term.stem not in present),
    )
