"""A shelf of one-line texts in any languages, published by hand: what a search finds of them can be foreseen."""

from __future__ import annotations

from pathlib import Path

from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.words.glossary import Concept
from tests.conftest import HashEmbedder
from tests.kb.store.writing import document, prepared, publish

Text = tuple[str, str, str]
"""Id, language, text; texts of one id are translations of each other."""


def shelf(data: Path, *texts: Text, embedder: HashEmbedder | None = None, **settings: object) -> KnowledgeBase:
    """Return a knowledge base of these texts, titled by their ids."""
    items = [prepared(document(i, text, language, title=i), origin="shipped") for i, language, text in texts]
    publish(data, *items, embedder=embedder)
    return KnowledgeBase(load_settings(data=data, **settings), embedder or HashEmbedder())


def found(kb: KnowledgeBase, question: str, language: str, **given: object) -> list[tuple[str, str]]:
    """Return id and language of each passage that a question finds, best first."""
    passages = kb.search(question, language=language, limit=100, **given)
    return [(passage.chunk.document_id, passage.chunk.language) for passage in passages]


def concept(name: str, **terms: tuple[str, ...]) -> Concept:
    """Return a concept with these terms in each language."""
    return Concept(name, terms, dict.fromkeys(terms, "What it means."))
