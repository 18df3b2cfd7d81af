"""Matching words are marked by stem, in the text's language."""

from __future__ import annotations

import pytest

from app.marking import marked, matching_spans


@pytest.mark.parametrize(
    ("text", "question", "language", "expected"),
    [
        ("The gardeners mow.", "gardener", "en", "The [gardeners] mow."),
        ("Hjemmeplejens teams", "hjemmeplejen", "da", "[Hjemmeplejens] teams"),
        ("Nothing here.", "gardener", "en", "Nothing here."),
        ("tillit, Tillit – tilliten", "tillit", "nb", "[tillit], [Tillit] – [tilliten]"),
        ("", "gardener", "en", ""),
    ],
    ids=["plural", "genitive", "none", "several", "empty"],
)
def test_words_are_marked_by_stem(text, question, language, expected):
    assert marked(text, matching_spans(text, question, language), "[", "]") == expected
