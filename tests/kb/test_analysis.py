"""Index terms: tokens, folded and stemmed."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.analysis import fold, stemmer, stems, tokens
from kb.stopwords import STOPWORDS
from kb.vocabulary import LANGUAGES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trust, control!", ["trust", "control"]),
        ("tillids-reform", ["tillids", "reform"]),
        ("snake_case", ["snake", "case"]),
        ("12³ ½ ﬁne", ["12", "3", "1", "2", "fine"]),
        ("Blåbær ÖL", ["blåbær", "öl"]),
        ("Straße", ["strasse"]),
        ("don't", ["don", "t"]),
        ("7 cm, 2016", ["7", "cm", "2016"]),
        ("Ｆｕｌｌ width", ["full", "width"]),
        ("?! … —", []),
        ("", []),
    ],
    ids=["words", "hyphen", "underscore", "figures", "nordic", "sharp-s", "quote", "numbers", "wide", "signs", "empty"],
)
def test_tokens_are_folded_words_and_numbers(text, expected):
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("managers", "en", "manag"),
        ("lederne", "da", "led"),
        ("ledelsen", "nb", "led"),
        ("ledarna", "sv", "led"),
        ("managers", "und", "manag"),
        ("managers", "fi", "manag"),
    ],
    ids=["english", "danish", "norwegian", "swedish", "undetermined", "another"],
)
def test_a_word_is_stemmed_in_its_language(word, language, expected):
    assert stems(word, language) == [expected]


def test_stems_keep_stop_words_and_order():
    assert stems("The managers and the staff", "en") == ["the", "manag", "and", "the", "staff"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_are_single_folded_tokens(language):
    assert [word for word in STOPWORDS[language] if tokens(word) != [word]] == []


@given(st.text(max_size=40))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_folding_a_folded_token_changes_nothing(text):
    assert [tokens(token) for token in tokens(text)] == [[fold(token)] for token in tokens(text)]


def test_threads_that_stem_at_once_do_not_mix_their_words():
    endings = ("e", "er", "erne", "ernes", "ighed", "ende", "elsen", "elserne", "lige", "hederne")
    words = [f"{root}{letter}{ending}" for root in ROOTS for letter in "abcdefghijklm" for ending in endings]
    alone = [str(snowballstemmer.stemmer("danish").stemWord(word)) for word in words]
    stemmer.cache_clear()
    shared = stemmer("da")
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(shared, words)) == alone
    finally:
        sys.setswitchinterval(interval)


ROOTS = ("ansvar", "bekymr", "tillid", "skole", "frihed")
