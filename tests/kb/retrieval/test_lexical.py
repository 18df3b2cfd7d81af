"""Lexical search is BM25 over stems, one table a language, for whatever is asked."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.analysis import stems, tokens
from kb.retrieval import lexical
from kb.retrieval.lexical import (
    COLUMN_WEIGHTS,
    any_of,
    bm25,
    chunk_count,
    inverse_frequencies,
    vocabulary,
    with_phrases,
)
from kb.store.catalogue import open_catalogue
from kb.words.terms import Term, understand

CHUNKS = {
    1: {"title": "Mowing", "headings": "Result", "text": "The grass is cut when it is high"},
    2: {"title": "Mowing", "headings": "Caveats", "text": "Nobody measured the cost"},
    3: {"title": "Home care", "headings": "Result", "text": "Nurses plan the care and the cost", "questions": "Who?"},
    4: {"title": "Home care", "headings": "Caveats", "text": "The care was cheap", "questions": "Which nurses?"},
    5: {"title": "School", "headings": "Result", "text": "Care"},
    6: {"title": "Police", "headings": "Result", "text": "Beats are walked", "forms": "street patrol"},
    7: {"title": "Tax", "headings": "Result", "text": "Forms are short"},
}
STEMMED = ("title", "headings", "text", "questions", "forms")


@pytest.fixture
def connection(tmp_path) -> Iterator[sqlite3.Connection]:
    """A catalogue with nothing but index terms in English."""
    opened = open_catalogue(tmp_path / "data")
    for key, row in CHUNKS.items():
        columns = [" ".join(stems(row.get(name, ""), "en")) for name in STEMMED]
        exact = " ".join(tokens(row["text"]))
        opened.execute(
            "INSERT INTO terms_en (rowid, title, headings, text, questions, forms, exact) VALUES (?,?,?,?,?,?,?)",
            (key, *columns, exact),
        )
    yield opened
    opened.close()


def terms_of(question: str, language: str = "en") -> tuple[Term, ...]:
    return understand(question, language, [language]).terms[language]


def ranking(connection: sqlite3.Connection, question: str, language: str = "en") -> list[int]:
    keys, scores = bm25(connection, language, terms_of(question, language))
    return [key for _, key in sorted(zip((-scores).tolist(), keys.tolist(), strict=True))]


def by_hand(question: str) -> dict[int, float]:
    """Return BM25 as FTS5 defines it: k1 1.2, b 0.75, matches weighted by column, length over all columns."""
    rows = {
        key: {**{name: stems(row.get(name, ""), "en") for name in STEMMED}, "exact": tokens(row["text"])}
        for key, row in CHUNKS.items()
    }
    length = {key: sum(len(words) for words in row.values()) for key, row in rows.items()}
    mean = sum(length.values()) / len(length)
    searched = [name for name, weight in COLUMN_WEIGHTS.items() if weight]
    scores: dict[int, float] = {}
    for term in terms_of(question):
        having = [key for key, row in rows.items() if any(term.stem in row[name] for name in searched)]
        inverse = math.log((len(rows) - len(having) + 0.5) / (len(having) + 0.5))
        for key in having:
            frequency = sum(COLUMN_WEIGHTS[name] * rows[key][name].count(term.stem) for name in searched)
            part = frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length[key] / mean))
            scores[key] = scores.get(key, 0.0) + max(inverse, 1e-6) * part
    return scores


@pytest.mark.parametrize(
    "question", ["cost", "nurses", "mowing cost", "care of nurses", "grass grass measured", "walked patrol"]
)
def test_scores_are_those_of_bm25_by_hand(connection, question):
    keys, scores = bm25(connection, "en", terms_of(question))
    assert dict(zip(keys.tolist(), scores.tolist(), strict=True)) == pytest.approx(by_hand(question))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("grass", [1]),
        ("How high is the GRASS?", [1]),
        ("nurse", [4, 3]),
        ("the cost of mowing", [2, 1, 3]),
        ("spaceship", []),
        ("spaceship grass", [1]),
    ],
    ids=["one-term", "sentence", "stemmed", "both-terms-first", "unknown-word", "one-of-two"],
)
def test_chunks_come_by_what_they_have_of_the_question(connection, question, expected):
    assert ranking(connection, question) == expected


def test_a_rarer_term_counts_for_more(connection):
    assert ranking(connection, "grass or care")[0] == 1


def test_a_title_counts_for_more_than_a_text(connection):
    keys, scores = bm25(connection, "en", terms_of("care"))
    found = dict(zip(keys.tolist(), scores.tolist(), strict=True))
    assert found[4] > found[5]


def test_keys_come_in_order(connection):
    keys, _ = bm25(connection, "en", terms_of("care cost grass"))
    assert keys.tolist() == [1, 2, 3, 4, 5]


def test_each_language_has_a_table_of_its_own_and_others_share_the_english_one(connection):
    assert [ranking(connection, "grass", language) for language in ("en", "da", "nb", "sv", "fi", "und")] == [
        [1],
        [],
        [],
        [],
        [1],
        [1],
    ]


def test_no_terms_find_nothing(connection):
    keys, scores = bm25(connection, "en", ())
    assert (keys.tolist(), scores.tolist()) == ([], [])


def test_chunks_are_counted_by_language(connection):
    assert [chunk_count(connection, language) for language in ("en", "da")] == [7, 0]


def test_an_expression_asks_for_any_of_the_phrases_whatever_signs_they_have():
    assert any_of(["trust", "home care", 'a "b"']) == '"trust" OR "home care" OR "a ""b"""'
    assert any_of([]) == ""


def test_inverse_frequencies_of_a_worked_example(connection):
    terms = terms_of("care mowing grass spaceship result nurses patrol")
    assert inverse_frequencies(connection, "en", terms) == pytest.approx(
        {
            "care": math.log(1 + 4.5 / 3.5),  # in three of seven chunks
            "mow": math.log(1 + 5.5 / 2.5),  # in two titles
            "grass": math.log(1 + 6.5 / 1.5),
            "spaceship": math.log(1 + 7.5 / 0.5),
            "result": math.log(1 + 7.5 / 0.5),  # in headings only, which do not count
            "nurs": math.log(1 + 6.5 / 1.5),  # in one text; questions do not count
            "patrol": math.log(1 + 6.5 / 1.5),  # in other forms of a text's words
        }
    )


def test_a_word_that_stands_nowhere_is_as_rare_as_its_parts_and_synonyms(connection):
    terms = (
        Term("beat", "beat", synonyms=("care",)),
        Term("walks", "promenad", forms=("walk",), parts=("care",)),
        Term("NPM", "npm", parts=("mow", "tax"), synonyms=("short form", "high")),
    )
    assert inverse_frequencies(connection, "en", terms) == pytest.approx(
        {
            "beat": math.log(1 + 6.5 / 1.5),
            "promenad": math.log(1 + 6.5 / 1.5),
            "npm": math.log(1 + 4.5 / 3.5),  # in three titles; "high" is in one of them too
        }
    )


def scores_of(connection: sqlite3.Connection, *terms: Term, wider: float = lexical.WIDER) -> dict[int, float]:
    keys, scores = bm25(connection, "en", terms, wider)
    return dict(zip(keys.tolist(), scores.tolist(), strict=True))


def test_other_forms_of_a_word_count_as_the_word(connection):
    both = scores_of(connection, Term("grass", "grass"), Term("cost", "cost"))
    assert scores_of(connection, Term("grass", "grass", forms=("cost",))) == pytest.approx(both)


def test_parts_and_synonyms_count_for_less(connection):
    own, other = scores_of(connection, Term("grass", "grass")), scores_of(connection, Term("nurses", "nurs"))
    wide = {key: own.get(key, 0.0) + lexical.WIDER * other.get(key, 0.0) for key in (1, 3, 4)}
    assert scores_of(connection, Term("grass", "grass", parts=("nurs",))) == pytest.approx(wide)
    assert scores_of(connection, Term("grass", "grass", synonyms=("nurs",))) == pytest.approx(wide)
    assert scores_of(connection, Term("grass", "grass", synonyms=("nurs",)), wider=0.0) == own


def test_what_is_a_word_of_the_question_is_not_counted_as_a_synonym_as_well(connection):
    terms = Term("grass", "grass", synonyms=("cost",)), Term("cost", "cost", parts=("grass",))
    assert scores_of(connection, *terms) == scores_of(connection, Term("grass", "grass"), Term("cost", "cost"))


def test_a_synonym_of_several_words_must_stand_in_order(connection):
    assert list(scores_of(connection, Term("hjemmepleje", "hjemmeplej", synonyms=("home care",)))) == [3, 4]
    assert scores_of(connection, Term("hjemmepleje", "hjemmeplej", synonyms=("care home",))) == {}


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (["the cost"], [2, 3]),
        (["cost the"], []),
        (["nurses plan", "the cost"], [3]),
        (["nurse"], []),
        (["mowing"], []),
    ],
    ids=["in-order", "out-of-order", "each-of-two", "another-form", "not-in-a-title"],
)
def test_a_phrase_stands_in_a_text_word_by_word(connection, phrases, expected):
    assert with_phrases(connection, "en", phrases).tolist() == expected


def test_the_vocabulary_counts_the_chunks_of_each_word_as_it_is_written(connection):
    words = vocabulary(connection, ["en", "da"])
    assert {word: words.get(word) for word in ("care", "nurses", "nurs", "mowing", "the")} == {
        "care": 3,
        "nurses": 1,
        "nurs": None,
        "mowing": None,
        "the": 4,
    }
    assert vocabulary(connection, ["da"]) == {}
    assert vocabulary(connection, ["en", "fi"]) == words


@pytest.mark.parametrize(
    "question",
    [
        '"grass"',
        '"grass',
        'grass""',
        "grass*",
        "(grass",
        "grass)",
        "{grass}",
        "^grass",
        "-grass",
        "+ grass",
        "grass: cost",
        "title:grass",
        "NEAR(grass cost, 2)",
        "grass AND",
        "OR grass",
        "NOT grass",
        "grass AND NOT grass",
        "grass'; DROP TABLE terms_en; --",
        "grass\\",
        "grass\0cost",
        "* grass *",
    ],
)
def test_signs_of_the_query_language_are_just_signs(connection, question):
    assert 1 in ranking(connection, question)


@given(st.text(max_size=50), st.sampled_from(["en", "da", "nb", "sv", "fi"]))
@settings(
    derandomize=True, max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_question_is_an_error(connection, question, language):
    terms = terms_of(question, language)
    bm25(connection, language, terms)
    assert set(inverse_frequencies(connection, language, terms)) == {term.stem for term in terms}


def test_a_question_of_thousands_of_words_is_no_error(connection):
    question = " ".join(f"word{number}" for number in range(5000))
    assert ranking(connection, f"{question} grass") == [1]
