"""What a term means: which texts say it, and what the glossary says of it."""

from __future__ import annotations

from kb.answering.coverage import Wanted, index_terms
from kb.answering.question import Asked, holding
from kb.answering.wording import defined
from kb.blocks import split_sentences
from kb.records import Document
from kb.words.terms import Understanding

ITS_OWN = 0.5
"""Share of a question's words that a term of the glossary has to be for the question to ask what it means."""


def meaning(asked: Asked, wanted: Wanted, text: str, language: str) -> float:
    """Return the most of the question's terms that one sentence of those has that say what something means, 0 to 1.

    0 where the question does not ask for it.
    """
    if asked.wants != "meaning":
        return 0.0
    sentences = (text[start:end] for start, end in split_sentences(text, 0, len(text)))
    defining = (each for each in sentences if holding("meaning", each))
    return max((wanted.covered(index_terms(each, language), language) for each in defining), default=0.0)


def introducing(asked: Asked, wanted: Wanted, document: Document) -> float:
    """Return the share of the question's terms that a document is about by its title; 0 where no meaning is asked."""
    if asked.wants != "meaning":
        return 0.0
    return wanted.covered(index_terms(document.title, document.language), document.language)


def glossary_says(asked: Asked, understanding: Understanding, language: str) -> tuple[str, ...]:
    """Return what the glossary says of the term of which a question asks the meaning; nothing for other questions."""
    if asked.type != "definition":
        return ()
    words = len(understanding.terms[asked.language])
    concepts = {
        match.concept.id: match.concept
        for match in understanding.matches
        if match.last - match.first + 1 >= ITS_OWN * words
    }
    return tuple(
        defined((concept.terms(language) or concept.terms("en"))[0], concept.definition(language), language)
        for concept in concepts.values()
    )
