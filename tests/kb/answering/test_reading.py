"""What is read for an answer, and how well a text answers."""

from __future__ import annotations

import pytest

from tests.kb.answering.texts import document_of, ranked_of, read_of, reading_of

RANKED = ranked_of((read_of(document_of("Nurses plan.")), (1.0,)))


def test_readings_are_told_apart_even_where_they_are_of_the_same_words(catalogue, embedder):
    vector = embedder.embed_question("trust")
    one, other = (reading_of(catalogue, "trust", RANKED, vector=vector) for _ in range(2))
    assert one in [other, one]
    assert one not in [other]


@pytest.mark.parametrize(
    ("question", "text", "score"),
    [
        ("nurses care", "Nurses care.", 1.2),
        ("nurses care", "Nurses rest.", 0.7),
        ("nurses care", "", 0.2),
        ("How many nurses care?", "Nurses care.", 1.0),
        ("How many nurses care?", "9 nurses care.", 1.2),
        ("How many nurses care?", "9 teams rest.", 0.0),
    ],
    ids=["all", "half", "nothing", "no-number", "counted", "another-number"],
)
def test_where_no_model_reads_a_question_a_text_answers_by_its_terms_and_by_what_it_holds(
    catalogue, question, text, score
):
    assert reading_of(catalogue, question, RANKED).score(text) == pytest.approx(score)


def test_with_a_model_a_text_that_is_near_answers_better(catalogue, embedder):
    reading = reading_of(catalogue, "nurses care", RANKED, vector=embedder.embed_question("nurses care"))
    assert (reading.nearness("nurses care"), reading.score("nurses care")) == (1.0, pytest.approx(2.2))


def test_what_the_catalogue_has_no_vector_of_is_not_near(catalogue, embedder):
    vector = embedder.embed_question("trust")
    assert reading_of(catalogue, "trust", RANKED, vector=vector).cosines(["trust"]) == [0.0]
    assert reading_of(catalogue, "trust", RANKED).cosines(["trust", "care"]) == [0.0, 0.0]
