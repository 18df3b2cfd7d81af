"""Concepts of the glossary as HTML for its page: pure functions, every text escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kb.vocabulary import LANGUAGES
from kb.words.wording import OWN_NAMES

if TYPE_CHECKING:
    from kb.words.glossary import Concept


def concept_html(concept: Concept, language: str) -> str:
    """Return a concept's card: the usual term and its synonyms, the definition, the terms in the other languages."""
    usual, *synonyms = concept.terms(language)
    also = f' <span class="facts">{escape(", ".join(synonyms))}</span>' if synonyms else ""
    others = "".join(
        f'<div class="facts" lang="{code}">{OWN_NAMES[code]}: {escape(", ".join(concept.terms(code)))}</div>'
        for code in LANGUAGES
        if code != language
    )
    return (
        f'<div class="tillit" lang="{escape(language)}"><div class="card"><strong>{escape(usual)}</strong>{also}'
        f"<p>{escape(concept.definition(language))}</p>{others}</div></div>"
    )
