"""A word in nynorsk is known by its bokmål form, and bokmål is left alone."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

import pytest

from kb.analysis import fold, stemmer, tokens
from kb.training.sources import read_own
from kb.words.nynorsk import FORMS, bokmaal

ROWS = [row.split("\t") for row in files("kb.words").joinpath(FORMS).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("nynorsk", "expected"),
    [
        ("korleis", "hvordan"),
        ("leiinga", "ledelsen"),
        ("kommunane", "kommunene"),
        ("sjukeheim", "sykehjem"),
        ("tilsette", "ansatte"),
        ("offentlege", "offentlige"),
    ],
)
def test_a_word_of_the_list_has_its_bokmaal_form(nynorsk, expected):
    assert bokmaal(nynorsk) == expected


@pytest.mark.parametrize(
    ("nynorsk", "expected"),
    [
        ("heimesjukepleieordning", "hjemmesykepleieordning"),
        ("hovudverksemd", "hovedvirksomhet"),
        ("ordførarane", "ordførerne"),
        ("skuleleiing", "skoleledelse"),
    ],
)
def test_rules_meet_words_that_are_not_listed(nynorsk, expected):
    assert bokmaal(nynorsk) == expected


@pytest.mark.parametrize(
    "word",
    ["tillit", "reformen", "gjeld", "vert", "kor", "same", "fastlege", "sykehuslege", "trondheim", "innleie", "2013"],
)
def test_bokmaal_and_words_with_another_meaning_there_are_left_alone(word):
    assert bokmaal(word) is None


def test_the_list_is_sorted_and_has_each_word_once_with_another_on_the_right():
    assert [row for row in ROWS if len(row) != 2 or row[0] == row[1] or not all(row)] == []
    left = [row[0] for row in ROWS]
    assert left == sorted(set(left))
    assert [row for row in ROWS if row[1] in set(left)] == []


def test_the_list_is_folded_words():
    words = [word for row in ROWS for word in row]
    assert [word for word in words if word != fold(word) or unicodedata.normalize("NFC", word) != word] == []
    assert [word for word in words if not re.fullmatch(r"[^\W\d_]+", word)] == []


def test_nine_in_ten_nynorsk_words_meet_the_bokmaal_sentence():
    stem = stemmer("nb")
    met, before, total = 0, 0, 0
    for row in read_own():
        beside = {stem(word) for word in tokens(row["nb"])}
        words = tokens(row["nn"])
        total += len(words)
        before += sum(1 for word in words if stem(word) in beside)
        met += sum(1 for word in words if stem(bokmaal(word) or word) in beside)
    assert before / total < 0.7
    assert met / total > 0.88


def test_hardly_a_word_of_the_bokmaal_documents_is_changed(shipped_groups):
    stem = stemmer("nb")
    words = {word for group in shipped_groups for d in group if d.language == "nb" for word in tokens(d.text)}
    changed = {word for word in words if (other := bokmaal(word)) and stem(other) != stem(word)}
    assert len(changed) / len(words) < 0.003
