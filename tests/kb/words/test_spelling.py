"""An unknown word is taken for a known one where it was probably mistyped, and left alone else."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from kb.analysis import stemmer, tokens
from kb.training.sources import read_own
from kb.vocabulary import LANGUAGES
from kb.words.spelling import Spelling, plain

KNOWN = {
    "tillid": 50, "tillidsreform": 9, "ledelse": 40, "kommune": 30, "kommunerne": 8, "møde": 7, "reform": 20,
    "reformer": 4, "faglig": 6, "organiseret": 5, "brev": 2, "bred": 3, "selvstyre": 3, "skole": 9, "skala": 2,
    "lærer": 5, "evaluering": 6, "åben": 4, "2013": 5,
}  # fmt: skip
LETTERS = {"en": "", "da": "æøå", "nb": "æøå", "sv": "åäö"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("tilid", "tillid"),
        ("tillidd", "tillid"),
        ("mode", None),
        ("möde", "møde"),
        ("aaben", "åben"),
        ("reefrom", None),
        ("refrom", "reform"),
        ("ldelse", "ledelse"),
        ("evaleuring", "evaluering"),
        ("tillisdrefrom", "tillidsreform"),
        ("kommnue", "kommune"),
    ],
)
def test_a_slip_is_set_right(word, expected):
    assert Spelling(KNOWN).nearest(word) == expected


def test_words_spelled_alike_but_for_doubled_letters_and_marks_are_one():
    assert plain("kommission") == plain("komision")
    assert plain("møde") == plain("möde")
    assert plain("idé") == plain("ide")
    assert plain("aaben") == plain("åben")


@pytest.mark.parametrize("word", sorted(KNOWN))
def test_a_known_word_is_never_changed(word):
    assert Spelling(KNOWN).nearest(word) is None


@pytest.mark.parametrize("word", ["reforms", "lederskoler", "tillidens", "skolereform", "kommunereform"])
def test_a_known_word_with_another_ending_or_two_known_words_are_left_alone(word):
    assert Spelling(KNOWN).nearest(word) is None


@pytest.mark.parametrize("word", ["til", "", "20113", "tillid2", "xylofon"])
def test_short_words_numbers_and_strange_words_are_left_alone(word):
    assert Spelling(KNOWN).nearest(word) is None


@pytest.mark.parametrize("word", ["daglig", "uorganiseret", "bret"])
def test_another_first_letter_a_no_and_a_changed_letter_of_four_make_another_word(word):
    assert Spelling(KNOWN).nearest(word) is None


def test_the_commoner_of_two_equally_near_words_is_meant_then_the_first_in_the_alphabet():
    assert Spelling({"lederne": 2, "legerne": 5}).nearest("leberne") == "legerne"
    assert Spelling({"legerne": 2, "lederne": 2}).nearest("leberne") == "lederne"


def test_without_words_nothing_is_near():
    assert Spelling({}).nearest("tillid") is None


def _mistyped(word, rng, letters):
    at = rng.randrange(len(word) - 1)
    letter = rng.choice(letters)
    return rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


@pytest.fixture(scope="module")
def counts(shipped_groups):
    """In how many paragraphs of the documents each word stands, by language."""
    found = {language: Counter() for language in LANGUAGES}
    for group in shipped_groups:
        for document in group:
            for paragraph in document.text.split("\n\n"):
                found[document.language].update(set(tokens(paragraph)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_in_five_slips_are_set_right(language, counts):
    rng, known = random.Random(7), counts[language]
    words = rng.sample(sorted(word for word in known if len(word) >= 4 and word.isalpha()), 500)
    letters = "abcdefghijklmnopqrstuvwxyz" + LETTERS[language]
    slips = {_mistyped(word, rng, letters): word for word in words}
    slips = {slip: word for slip, word in slips.items() if slip not in known and len(slip) >= 4}
    spelling = Spelling(known)
    assert sum(1 for slip, word in slips.items() if spelling.nearest(slip) == word) / len(slips) > 0.8


@pytest.mark.parametrize(("language", "most"), [("en", 0.1), ("da", 0.06), ("nb", 0.06), ("sv", 0.06)])
def test_few_rare_words_are_taken_for_others(language, most, counts):
    stem, spelling = stemmer(language), Spelling(counts[language])
    words = {word for row in read_own() for word in tokens(row[language]) if len(word) >= 4 and word.isalpha()}
    rare = sorted(words - counts[language].keys())
    changed = [word for word in rare if (near := spelling.nearest(word)) and stem(near) != stem(word)]
    assert len(changed) / len(rare) < most


def test_a_word_takes_two_milliseconds_at_most_among_twenty_thousand():
    rng = random.Random(1)
    words = ["".join(rng.choices("abdefgiklmnorstuv", k=rng.randrange(4, 14))) for _ in range(20_000)]
    spelling = Spelling(dict.fromkeys(words, 1))
    asked = ["".join(rng.choices("abdefgiklmnorstuv", k=rng.randrange(6, 12))) for _ in range(100)]
    spelling.nearest("warming")
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        for word in asked:
            spelling.nearest(word)
        rounds.append((time.perf_counter() - start) / len(asked))
    assert min(rounds) < 0.002
