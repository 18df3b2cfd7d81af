"""The words of a text that match a question, for marking them: by all that each word was searched for."""

from __future__ import annotations

import re

from kb.analysis import fold, stemmer
from kb.store.catalogue import term_language
from kb.store.terms import other_forms
from kb.words.terms import Understanding

_WORD = re.compile(r"[^\W_]+")


def matching_spans(text: str, understanding: Understanding, language: str) -> list[tuple[int, int]]:
    """Return the spans of the words of `text` by which the question finds it, in order."""
    language = term_language(language)
    terms = understanding.terms[language]
    wanted = {form for term in terms for form in (*term.same, *term.parts, *term.synonyms)}
    stem = stemmer(language)
    words = list(_WORD.finditer(text))
    stems = [stem(fold(word.group())) for word in words]
    found = {
        place
        for place, word in enumerate(words)
        if stems[place] in wanted or not wanted.isdisjoint(other_forms(word.group(), language))
    }
    for phrase in (form.split(" ") for form in wanted if " " in form):
        for place in range(len(words) - len(phrase) + 1):
            if stems[place : place + len(phrase)] == phrase:
                found.update(range(place, place + len(phrase)))
    return [words[place].span() for place in sorted(found)]


def marked(text: str, spans: list[tuple[int, int]], before: str, after: str) -> str:
    """Return `text` with `before` and `after` around each span."""
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], before, text[start:end], after]
        position = end
    return "".join([*parts, text[position:]])
