"""Lexical search is BM25 over stems, one table a language, for whatever is asked."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.analysis import question_terms, stems, tokens
from kb.retrieval.lexical import COLUMN_WEIGHTS, bm25, chunk_count, inverse_frequencies, match_expression
from kb.store.catalogue import open_catalogue

CHUNKS = {
    1: {"title": "Mowing", "headings": "Result", "text": "The grass is cut when it is high", "questions": ""},
    2: {"title": "Mowing", "headings": "Caveats", "text": "Nobody measured the cost", "questions": ""},
    3: {"title": "Home care", "headings": "Result", "text": "Nurses plan the care and the cost", "questions": "Who?"},
    4: {"title": "Home care", "headings": "Caveats", "text": "The care was cheap", "questions": "Which nurses?"},
    5: {"title": "School", "headings": "Result", "text": "Care", "questions": ""},
    6: {"title": "Police", "headings": "Result", "text": "Beats are walked", "questions": ""},
    7: {"title": "Tax", "headings": "Result", "text": "Forms are short", "questions": ""},
}


@pytest.fixture
def connection(tmp_path) -> Iterator[sqlite3.Connection]:
    """A catalogue with nothing but index terms in English."""
    opened = open_catalogue(tmp_path / "data")
    for key, row in CHUNKS.items():
        columns = [" ".join(stems(row[name], "en")) for name in ("title", "headings", "text", "questions")]
        exact = " ".join(tokens(row["text"]))
        opened.execute(
            "INSERT INTO terms_en (rowid, title, headings, text, questions, exact) VALUES (?,?,?,?,?,?)",
            (key, *columns, exact),
        )
    yield opened
    opened.close()


def ranking(connection: sqlite3.Connection, question: str, language: str = "en") -> list[int]:
    keys, scores = bm25(connection, language, question_terms(question, language))
    return [key for _, key in sorted(zip((-scores).tolist(), keys.tolist(), strict=True))]


def by_hand(question: str) -> dict[int, float]:
    """Return BM25 as FTS5 defines it: k1 1.2, b 0.75, matches weighted by column, length over all columns."""
    rows = {
        key: {**{name: stems(text, "en") for name, text in row.items()}, "exact": tokens(row["text"])}
        for key, row in CHUNKS.items()
    }
    length = {key: sum(len(words) for words in row.values()) for key, row in rows.items()}
    mean = sum(length.values()) / len(length)
    searched = [name for name, weight in COLUMN_WEIGHTS.items() if weight]
    scores: dict[int, float] = {}
    for term in question_terms(question, "en"):
        having = [key for key, row in rows.items() if any(term.stem in row[name] for name in searched)]
        inverse = math.log((len(rows) - len(having) + 0.5) / (len(having) + 0.5))
        for key in having:
            frequency = sum(COLUMN_WEIGHTS[name] * rows[key][name].count(term.stem) for name in searched)
            part = frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length[key] / mean))
            scores[key] = scores.get(key, 0.0) + max(inverse, 1e-6) * part
    return scores


@pytest.mark.parametrize("question", ["cost", "nurses", "mowing cost", "care of nurses", "grass grass measured"])
def test_scores_are_those_of_bm25_by_hand(connection, question):
    keys, scores = bm25(connection, "en", question_terms(question, "en"))
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
    keys, scores = bm25(connection, "en", question_terms("care", "en"))
    found = dict(zip(keys.tolist(), scores.tolist(), strict=True))
    assert found[4] > found[5]


def test_keys_come_in_order(connection):
    keys, _ = bm25(connection, "en", question_terms("care cost grass", "en"))
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


def test_the_expression_asks_for_any_of_the_terms_in_the_fields_searched():
    assert match_expression(question_terms('trust "reform"', "en")) == (
        '{title headings text questions} : ("trust" OR "reform")'
    )


def test_inverse_frequencies_of_a_worked_example(connection):
    terms = question_terms("care mowing grass spaceship result nurses", "en")
    assert inverse_frequencies(connection, "en", terms) == pytest.approx(
        {
            "care": math.log(1 + 4.5 / 3.5),  # in three of seven chunks
            "mow": math.log(1 + 5.5 / 2.5),  # in two titles
            "grass": math.log(1 + 6.5 / 1.5),
            "spaceship": math.log(1 + 7.5 / 0.5),
            "result": math.log(1 + 7.5 / 0.5),  # in headings only, which do not count
            "nurs": math.log(1 + 6.5 / 1.5),  # in one text; questions do not count
        }
    )


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
    terms = question_terms(question, language)
    bm25(connection, language, terms)
    assert set(inverse_frequencies(connection, language, terms)) == {term.stem for term in terms}


def test_a_question_of_thousands_of_words_is_no_error(connection):
    question = " ".join(f"word{number}" for number in range(5000))
    assert ranking(connection, f"{question} grass") == [1]
