"""A fingerprint is the same for the same contents, and another for any change."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace

import pytest

from kb.fingerprint import answer_fingerprint, corpus_fingerprint, digest, document_digest, index_fingerprint
from kb.records import BlockQuestion, Document, Page

DOCUMENT = Document(
    id="no-a-case",
    language="nb",
    title="En sak",
    text="# En sak\n",
    sha256="0" * 64,
    kind="case",
    evidence="experience",
    stance="mixed",
    text_by="tillit",
)
CHANGES = {
    "id": "no-b-case",
    "language": "da",
    "title": "En anden",
    "sha256": "1" * 64,
    "kind": "report",
    "evidence": "research",
    "stance": "critical",
    "text_by": "source",
    "basis": "full",
    "country": "NO",
    "organisation": "Oslo",
    "sectors": ("schools",),
    "themes": ("autonomy",),
    "year": 2016,
    "publisher": "KS",
    "original_title": "Ei sak",
    "source_url": "https://example.org",
    "source_language": "nn",
    "questions": ("Hvorfor?",),
    "block_questions": (BlockQuestion(1, 2, "Hvor?"),),
    "guessed": ("title",),
}


def test_a_digest_is_the_sha_256_of_the_canonical_json():
    assert digest({"b": [1, "å"], "a": None}) == hashlib.sha256('{"a":null,"b":[1,"å"]}'.encode()).hexdigest()


def test_the_order_of_keys_does_not_matter_and_that_of_lists_does():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest([1, 2]) != digest([2, 1])


@pytest.mark.parametrize("name", [*CHANGES])
def test_a_document_with_other_metadata_has_another_digest(name):
    assert document_digest(replace(DOCUMENT, **{name: CHANGES[name]}), "own") != document_digest(DOCUMENT, "own")


def test_the_blocks_and_the_order_of_block_questions_count_for_the_digest():
    first, last, where, who = (
        BlockQuestion(*given) for given in ((1, 2, "Hvor?"), (1, 3, "Hvor?"), (None, None, "Hvor?"), (1, 2, "Hvem?"))
    )
    asked = ((first,), (last,), (where,), (who,), (first, who), (who, first))
    assert len({document_digest(replace(DOCUMENT, block_questions=each), "own") for each in asked}) == len(asked)


def test_the_digest_covers_every_field_but_text_and_pages_which_its_hash_stands_for():
    assert {field.name for field in fields(Document)} - set(CHANGES) == {"text", "pages"}
    other = replace(DOCUMENT, text="", pages=(Page(1, 0, 9),))
    assert document_digest(other, "own") == document_digest(DOCUMENT, "own")


def test_a_shipped_document_is_another_than_a_users_own():
    assert document_digest(DOCUMENT, "shipped") != document_digest(DOCUMENT, "own")


def test_a_corpus_is_the_same_in_whatever_order_its_documents_come():
    triples = [("a", "en", "1"), ("a", "da", "2"), ("b", "en", "3")]
    assert corpus_fingerprint(triples) == corpus_fingerprint(reversed(triples)) == digest(sorted(triples))
    assert corpus_fingerprint(triples[:2]) != corpus_fingerprint(triples)


def test_an_index_depends_on_corpus_chunker_and_models():
    index = index_fingerprint("corpus", "1/256", ["a", "b"])
    assert index_fingerprint("corpus", "1/256", ["b", "a"]) == index
    others = [
        index_fingerprint("other", "1/256", ["a", "b"]),
        index_fingerprint("corpus", "2/256", ["a", "b"]),
        index_fingerprint("corpus", "1/256", ["a"]),
    ]
    assert len({index, *others}) == 4


def test_an_answer_depends_on_index_version_and_settings():
    fingerprints = {
        answer_fingerprint("index", "1.0", {"passages": 24}),
        answer_fingerprint("other", "1.0", {"passages": 24}),
        answer_fingerprint("index", "1.1", {"passages": 24}),
        answer_fingerprint("index", "1.0", {"passages": 25}),
    }
    assert len(fingerprints) == 4
