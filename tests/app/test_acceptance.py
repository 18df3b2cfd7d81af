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
