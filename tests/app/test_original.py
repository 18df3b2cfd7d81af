"""The English text beside what was translated from it: where there is one, and in each of the app's forms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import terminal, view, wire
from ingest.intake import ingest
from ingest.service import Workshop
from kb.answering.citing import cite
from kb.records import Answer, Statement

BORNHOLM = "dk-bornholm-mowing-by-result"
ENGLISH = "The only requirement that remains is to mow once the grass is 7 cm high."


def sentence(kb, language, block=5, place=1):
    """The citation of one sentence of a block."""
    from kb.blocks import split_sentences

    document, blocks = kb.document(BORNHOLM, language)
    start, end = split_sentences(document.text, blocks[block].start, blocks[block].end)[place]
    return cite(document, blocks, start, end)


@pytest.mark.parametrize("language", ["da", "nb", "sv"])
def test_a_translated_sentence_has_its_english_one(small_kb, language):
    found = small_kb.original(sentence(small_kb, language))
    assert found == sentence(small_kb, "en")
    assert found.quote == ENGLISH


def test_the_originals_of_an_answer_are_quotes_of_the_english_text(small_kb):
    answer = small_kb.ask("Hvor højt skal græsset være på Bornholm?")
    english, blocks = small_kb.document(BORNHOLM, "en")
    citations = [c for s in (*answer.statements, *answer.other_side) for c in s.citations]
    for citation in citations:
        found = small_kb.original(citation)
        assert (found.block_first, found.block_last) == (citation.block_first, citation.block_last)
        assert found.quote == english.text[found.start : found.end]
        assert blocks[found.block_first].start <= found.start < found.end <= blocks[found.block_last].end


def test_what_is_in_english_has_no_original(small_kb):
    assert small_kb.original(sentence(small_kb, "en")) is None


def test_a_text_that_changed_since_it_was_quoted_has_none(small_kb):
    assert small_kb.original(replace(sentence(small_kb, "da"), sha256="0" * 64)) is None


def test_a_document_that_is_gone_has_none(small_kb):
    assert small_kb.original(replace(sentence(small_kb, "da"), document_id="gone")) is None


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM blocks WHERE document = {}", "UPDATE documents SET origin = 'own' WHERE key = {}"],
    ids=["not-aligned", "own"],
)
def test_texts_that_do_not_align_and_a_users_own_have_none(small_kb, change):
    from kb.store.catalogue import find_document, open_catalogue

    citation = sentence(small_kb, "da")
    connection = open_catalogue(small_kb.data)
    connection.execute(change.format(find_document(connection, BORNHOLM, "da").key))
    connection.close()
    assert small_kb.original(citation) is None


@pytest.fixture
def danish(small_kb):
    citation = sentence(small_kb, "da")
    source = small_kb.document(BORNHOLM, "da")[0]
    statements = (Statement(citation.quote, (citation,)),)
    return Answer("q", "da", "answered", citation.quote, statements, (), (source,), (), None, "f" * 64)


def test_the_terminal_shows_it_below_the_statement(small_kb, danish, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    quote = danish.statements[0].text
    assert list(terminal.answer_lines(danish, small_kb.original))[:3] == [
        f"{quote} [1]",
        f"    Engelsk original: {ENGLISH}",
        "",
    ]
    assert list(terminal.answer_lines(danish))[:2] == [f"{quote} [1]", ""]


def test_the_page_shows_it_in_its_own_language(small_kb, danish):
    html = view.answer_html(danish, "0", small_kb.original)
    assert (
        '<span class="original" lang="en"><span class="print" lang="da">Engelsk original:</span> ' + ENGLISH
    ) in html
    assert "original" not in view.answer_html(danish, "0")


def test_json_has_it_in_each_citation_where_it_is_asked_for(small_kb, danish):
    def citations(original):
        return wire.answer_json(1, danish, original)["statements"][0]["citations"]

    (citation,) = citations(small_kb.original)
    assert citation["original"]["quote"] == ENGLISH
    assert citation["original"]["language"] == "en"
    assert "original" not in citation["original"]
    assert [c["original"] for c in citations(lambda citation: None)] == [None]
    assert "original" not in citations(None)[0]


def test_a_source_in_another_language_than_the_answer_says_so(small_kb, quick_publish, embedder, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "airships.md").write_text(
        "# Airships\n\nThe zeppelin crew of the town hall keeps two airships in a hangar by the lake every year.\n"
    )
    ingest(Workshop(small_kb.data, embedder), [tmp_path / "airships.md"], {"language": "en"})
    answer = small_kb.ask("Zeppelin crew hangar?", language="da")
    assert "[1] Airships (ikke vurderet · citeret på engelsk)" in list(terminal.answer_lines(answer))
    assert '<span class="badge">citeret på engelsk</span>' in view.sources_html(answer, "0")
    assert "quoted in" not in view.sources_html(replace(answer, language="en"), "0")
    assert small_kb.original(answer.statements[0].citations[0]) is None
