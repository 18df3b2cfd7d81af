"""`tillit eval check`: every problem of the question set at once, checked against the documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.nuggets import carries
from eval.schema import Family, Span
from kb.analysis import fold, stemmer
from kb.blocks import parse_blocks
from kb.records import Block, Document
from kb.vocabulary import LANGUAGES
from kb.words.terms import content_words

NEAR_COPY = 0.6
"""Jaccard index of stems from which a question is a near copy of a document's own."""

Texts = Mapping[tuple[str, str], tuple[Document, tuple[Block, ...]]]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in a family."""

    family: str
    message: str


def parsed(groups: Sequence[Sequence[Document]]) -> Texts:
    """Return documents with their blocks, by id and language."""
    return {(d.id, d.language): (d, parse_blocks(d.text)) for group in groups for d in group}


def check_families(families: Sequence[Family], texts: Texts) -> list[Problem]:
    """Return every problem of a question set, sorted by family."""
    problems = [
        Problem(name, "the id is used more than once")
        for name, count in Counter(family.id for family in families).items()
        if count > 1
    ]
    own = _own_questions(texts)
    asked: dict[tuple[str, str], str] = {}
    for family in families:
        problems += (Problem(family.id, message) for message in _check(family, texts))
        problems += (Problem(family.id, message) for message in _near_copies(family, own))
        for language, question in family.questions.items():
            other = asked.setdefault((language, question.casefold()), family.id)
            if other != family.id:
                problems.append(Problem(family.id, f"{other} asks the same in '{language}'"))
    return sorted(problems)


def _check(family: Family, texts: Texts) -> Iterator[str]:
    every = [*(span for alternative in family.gold for span in alternative), *family.other_side]
    broken = list(_check_spans(every, texts))
    yield from broken
    if broken:
        return
    for number, nugget in enumerate(family.nuggets, 1):
        for language in LANGUAGES:
            if language not in nugget.aliases:
                yield f"nugget {number} has no form in '{language}'"
            elif not any(carries(_text(span, language, texts), nugget, [language]) for span in every):
                yield f"nugget {number} ({nugget.aliases[language][0]!r}) is not in its gold in '{language}'"


def _check_spans(spans: Sequence[Span], texts: Texts) -> Iterator[str]:
    for span in spans:
        if (span.document, span.language) not in texts:
            yield f"there is no document '{span.document}' in '{span.language}'"
        elif span.last >= len(texts[span.document, span.language][1]):
            yield f"'{span.document}' has no block {span.last}"
        elif " ".join(span.quote.split()) not in " ".join(_text(span, span.language, texts).split()):
            yield f"the quote is not in blocks {span.first} to {span.last} of '{span.document}': {span.quote[:60]!r}"


def _text(span: Span, language: str, texts: Texts) -> str:
    document, blocks = texts[span.document, language]
    return document.text[blocks[span.first].start : blocks[span.last].end]


def _own_questions(texts: Texts) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return by language the documents' own questions with their stems."""
    result: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for (_, language), (document, _) in texts.items():
        for question in (*document.questions, *(each.text for each in document.block_questions)):
            result.setdefault(language, []).append((question, _stems(question, language)))
    return result


def _near_copies(family: Family, own: Mapping[str, Sequence[tuple[str, frozenset[str]]]]) -> Iterator[str]:
    for asked_in, question in family.questions.items():
        language = "nb" if asked_in == "nn" else asked_in
        stems = _stems(question, language)
        for other, others in own.get(language, ()):
            shared = len(stems & others)
            if shared and shared / (len(stems) + len(others) - shared) >= NEAR_COPY:
                yield f"the question in '{asked_in}' is a near copy of a document's own: {other}"


def _stems(question: str, language: str) -> frozenset[str]:
    stem = stemmer(language)
    return frozenset(stem(fold(word)) for word in content_words(question, language))
