"""A typing error changes one letter of a longer word, or two that stand together."""

from __future__ import annotations

from random import Random

from kb.training.typos import with_typos


def test_every_longer_word_has_one_error_and_the_others_none():
    random = Random(3)
    for _ in range(200):
        word, short = with_typos("tillidsreform fik", 1.0, random).split(" ")
        assert _letters_alike(word, "tillidsreform") + _letters_alike(word[::-1], "mrofersdillit") >= 11
        assert short == "fik"


def _letters_alike(word, other):
    """Return how many letters two words begin with alike."""
    return next((n for n, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), len(word))


def test_no_share_no_error():
    assert with_typos("tillidsreformen virker", 0.0, Random(3)) == "tillidsreformen virker"


def test_the_first_letter_stays():
    random = Random(3)
    assert {with_typos("tillid", 1.0, random)[0] for _ in range(100)} == {"t"}
