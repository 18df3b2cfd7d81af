"""What holds of every embedder: the one of the tests, and the bundled one over the whole knowledge base."""

from __future__ import annotations

import numpy as np
import pytest

from kb.store.catalogue import read_chunks, reading, stored_documents
from kb.store.writer import text_to_embed
from kb.vocabulary import LANGUAGES
from tests.conftest import HashEmbedder

SAME = {
    "en": "managers trust their staff",
    "da": "ledere har tillid til deres medarbejdere",
    "nb": "ledere har tillit til sine ansatte",
    "sv": "chefer har tillit till sin personal",
}
OTHER = {
    "en": "a recipe for soup",
    "da": "en opskrift på suppe",
    "nb": "en oppskrift på suppe",
    "sv": "ett recept på soppa",
}


def test_the_embedder_of_the_tests_keeps_to_the_protocol():
    embedder = HashEmbedder()
    vectors = embedder.embed(["managers trust their staff", "", "managers trust their staff"])
    assert vectors.shape == (3, embedder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert (vectors[0] == vectors[2]).all()
    assert (embedder.embed_question("managers trust their staff") == vectors[0]).all()


@pytest.mark.model
@pytest.mark.parametrize("asked_in", LANGUAGES)
def test_what_means_the_same_lies_near_in_the_bundled_model_whatever_the_languages(shipped_kb, asked_in):
    question = shipped_kb.embedder.embed_question(SAME[asked_in])
    same, other = (shipped_kb.embedder.embed(list(texts.values())) @ question for texts in (SAME, OTHER))
    assert same.min() > other.max()


@pytest.mark.model
def test_every_chunk_with_what_is_embedded_of_it_fits_the_bundled_models_window(shipped_kb):
    with reading(shipped_kb.data) as connection:
        documents = {(s.document.id, s.document.language): s.document for s in stored_documents(connection)}
        chunks = read_chunks(connection, [key for (key,) in connection.execute("SELECT key FROM chunks")]).values()
    count = shipped_kb.embedder.count_tokens
    longest = max(count(text_to_embed(documents[chunk.document_id, chunk.language], chunk)) for chunk in chunks)
    assert longest <= shipped_kb.embedder.window
