"""LlamaIndex gets our passages as nodes, and our answers as responses with their quotes."""

from __future__ import annotations

import asyncio

import pytest

from kb.errors import FilterError, QuestionError
from kb.retrieval.llamaindex import TillitQueryEngine, TillitRetriever
from tests.kb.library import reopened

QUESTION = "How tall does the grass have to be on Bornholm?"


def test_nodes_are_the_passages_of_a_search(small_kb):
    nodes = TillitRetriever(small_kb, limit=3).retrieve(QUESTION)
    assert [
        (
            found.node.node_id,
            found.score,
            found.node.get_content(),
            found.node.start_char_idx,
            found.node.end_char_idx,
            found.node.metadata,
        )
        for found in nodes
    ] == [
        (
            str(passage.key),
            passage.score,
            passage.chunk.text,
            passage.chunk.start,
            passage.chunk.end,
            {
                "document_id": passage.chunk.document_id,
                "language": "en",
                "headings": list(passage.chunk.headings),
            },
        )
        for passage in small_kb.search(QUESTION, limit=3)
    ]


def test_language_and_filters_are_passed_on(small_kb):
    retriever = TillitRetriever(small_kb, language="sv", filters={"country": "SE"}, limit=50)
    places = {
        (found.node.metadata["document_id"][:3], found.node.metadata["language"])
        for found in retriever.retrieve("Tomelilla")
    }
    assert places == {("se-", "sv")}


def test_a_response_is_an_answer_with_its_quotes(small_kb):
    answer = small_kb.ask(QUESTION)
    response = TillitQueryEngine(small_kb).query(QUESTION)
    assert response.response == answer.text
    assert response.metadata == {"status": "answered", "fingerprint": answer.fingerprint}
    assert [(found.node.node_id, found.node.get_content(), found.node.metadata) for found in response.source_nodes] == [
        (
            f"{citation.document_id}/en/{citation.start}-{citation.end}",
            citation.quote,
            {"document_id": citation.document_id, "language": "en", "title": citation.title},
        )
        for statement in answer.statements
        for citation in statement.citations
    ]


def test_a_response_can_be_awaited_and_is_in_the_language_that_is_set(small_kb):
    engine = TillitQueryEngine(small_kb, answer_language="nb")
    response = asyncio.run(engine.aquery(QUESTION))
    assert response.response == small_kb.ask(QUESTION, answer_language="nb").text


def test_a_refusal_is_a_response_without_quotes(small_kb):
    response = TillitQueryEngine(reopened(small_kb, support=1.0)).query("Who won the football cup?")
    assert response.metadata["status"] == "refused"
    assert response.source_nodes == []


def test_errors_are_ours(small_kb):
    with pytest.raises(QuestionError):
        TillitRetriever(small_kb).retrieve("?")
    with pytest.raises(FilterError):
        TillitRetriever(small_kb, filters={"colour": "red"}).retrieve(QUESTION)
