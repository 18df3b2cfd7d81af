"""The questions that the project was begun with, asked of the shipped knowledge base."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.model


def test_the_gardeners_of_bornholm_in_english(shipped_kb):
    answer = shipped_kb.ask("How did the gardeners on Bornholm get more freedom?")
    assert answer.status == "answered"
    quotes = {c.quote: c.document_id for s in answer.statements for c in s.citations}
    assert any("7 cm" in quote and source == "dk-bornholm-mowing-by-result" for quote, source in quotes.items())


def test_the_gardeners_of_bornholm_in_danish_quote_the_danish_text(shipped_kb):
    answer = shipped_kb.ask("Hvordan fik gartnerne på Bornholm mere frihed?")
    assert (answer.status, answer.language) == ("answered", "da")
    citations = [c for s in answer.statements for c in s.citations]
    assert {c.language for c in citations} == {"da"}
    assert any("7 cm" in c.quote for c in citations)


def test_what_the_knowledge_base_does_not_say_is_refused_with_reasons(shipped_kb):
    answer = shipped_kb.ask("What salary does a municipal director earn?")
    assert answer.status == "refused"
    assert answer.refusal.reason == "thin-support"
    assert "salary" in answer.refusal.missing_terms
    assert answer.refusal.nearest


def test_a_refusal_offers_questions_of_the_nearest_documents_on_what_was_asked_about(shipped_kb):
    answer = shipped_kb.ask("What does the municipal director of Bergen earn per month?")
    assert answer.status == "refused"
    documents = [shipped_kb.document(nearest.document_id, "en")[0] for nearest in answer.refusal.nearest]
    offered = [{question.text for question in document.block_questions} for document in documents]
    assert len(answer.refusal.questions) == 3
    assert all(question in own for question, own in zip(answer.refusal.questions, offered, strict=True))
    assert "Bergen" in answer.refusal.questions[0]
