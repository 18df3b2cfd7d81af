"""The words of a text that match a question, by stem, for marking them."""

from __future__ import annotations

import re

from kb.analysis import fold, question_terms, stemmer

_WORD = re.compile(r"[^\W_]+")


def matching_spans(text: str, question: str, language: str) -> list[tuple[int, int]]:
    """Return the spans of the words of `text` that are terms of the question, in order."""
    wanted = {term.stem for term in question_terms(question, language)}
    stem = stemmer(language)
    return [match.span() for match in _WORD.finditer(text) if stem(fold(match.group())) in wanted]


def marked(text: str, spans: list[tuple[int, int]], before: str, after: str) -> str:
    """Return `text` with `before` and `after` around each span."""
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], before, text[start:end], after]
        position = end
    return "".join([*parts, text[position:]])
