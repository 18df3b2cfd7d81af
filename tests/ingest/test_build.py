"""Building the index of the shipped documents: only what differs is made anew."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ingest.chunking import VERSION
from ingest.service import Outcome, build
from kb.errors import CatalogueError, DocumentError, LockedError, ModelError
from kb.knowledge_base import KnowledgeBase
from kb.settings import load_settings
from kb.shipped import load_shipped
from kb.store.catalogue import read_blocks, reading
from kb.store.embeddings import forget_unneeded
from kb.store.generation import open_generation
from kb.store.lock import writer_lock
from kb.store.terms import TERMS_VERSION
from kb.store.writer import block_to_embed
from kb.vocabulary import LANGUAGES
from tests.conftest import HashEmbedder
from tests.ingest.desk import (
    BUURTZORG,
    chunk_texts,
    embedded_texts,
    first_found,
    knowledge_base,
    take_in,
    workshop,
)
from tests.kb.store import damaging
from tests.stored import Turned, generations_in, live, own, state_of, write, write_questions

pytestmark = pytest.mark.usefixtures("quick_publish")


# Building --------------------------------------------------------------------------------------


def test_building_stores_every_text_and_says_so(data, small_documents):
    told: list[tuple[str, int, int]] = []
    outcomes = build(workshop(data, progress=lambda *args: told.append(args)), small_documents)
    groups = load_shipped(small_documents)
    assert outcomes == [Outcome("added", d.id, d.language) for group in groups for d in group]
    assert {key: stored.document for key, stored in live(data).items()} == {
        (d.id, d.language): d for group in groups for d in group
    }
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["documents", "embed", "index", "verify", "terms"]
    assert ("documents", 0, 6) in told
    assert ("documents", 6, 6) in told


def test_documents_are_built_without_the_questions_written_for_them_as_a_users_own_are(data, small_documents):
    build(workshop(data), small_documents, questions=False)
    assert all(not d.document.questions and not d.document.block_questions for d in live(data).values())


def test_building_again_changes_nothing(small_data, small_documents):
    state, generations = state_of(small_data), generations_in(small_data)
    embedder = HashEmbedder()
    assert build(workshop(small_data, embedder), small_documents) == []
    assert embedder.embedded == []
    assert (state_of(small_data), generations_in(small_data)) == (state, generations)


def test_two_builds_of_the_same_documents_have_one_fingerprint(small_data, data, small_documents):
    build(workshop(data), small_documents)
    assert state_of(data).fingerprint == state_of(small_data).fingerprint


def test_only_the_changed_chunks_and_blocks_of_a_changed_document_are_embedded(small_data, documents):
    file = documents / "en" / "case" / f"{BUURTZORG}.md"
    before = live(small_data)
    chunks = chunk_texts(small_data, BUURTZORG)
    changed = file.read_text().rstrip() + " The island has a ferry of its own.\n"
    file.write_text(changed)
    embedder = HashEmbedder()
    outcomes = build(workshop(small_data, embedder), documents)
    assert outcomes == [Outcome("changed", BUURTZORG, language) for language in LANGUAGES]
    title = before[BUURTZORG, "en"].document.title
    last = changed.strip().split("\n")[-1]
    assert embedder.embedded == [f"{title}\nCaveats\n{last}", f"{title}\n{last}"]
    after = live(small_data)
    assert after.keys() == before.keys()
    assert after[BUURTZORG, "en"].document.text != before[BUURTZORG, "en"].document.text
    assert {key for key in after if after[key].document != before[key].document} == {(BUURTZORG, "en")}
    assert len(chunk_texts(small_data, BUURTZORG)) == len(chunks)
    assert first_found(small_data, "ferry of its own") == BUURTZORG


def test_a_title_is_part_of_what_is_embedded_of_every_chunk_and_block(small_data, documents):
    file = documents / "en" / "case" / f"{BUURTZORG}.md"
    file.write_text(re.sub(r"^title: .*$", "title: Another title", file.read_text(), count=1, flags=re.M))
    embedder = HashEmbedder()
    build(workshop(small_data, embedder), documents)
    stored = live(small_data)[BUURTZORG, "en"]
    with reading(small_data) as connection:
        blocks = read_blocks(connection, stored.key)
    body = [block_to_embed(stored.document, blocks, block) for block in blocks if block.kind != "heading"]
    chunks = [text for text in embedded_texts(small_data) if text.startswith("Another title\n")]
    assert embedder.embedded == list(dict.fromkeys([*chunks, *body]))
    assert all(text.startswith("Another title\n") for text in embedder.embedded)
    assert len(chunks) == len(chunk_texts(small_data, BUURTZORG)) // len(LANGUAGES)


def test_questions_of_blocks_are_embedded_and_searched_by_the_next_build(small_data, documents):
    asked = ("1\tZeppelin?\tLuftskib?\tLuftskip?\tLuftskepp?", "*\tAirship?\tLuftskib her?\tHer?\tHär?")
    write_questions(documents, "case", BUURTZORG, *asked)
    embedder = HashEmbedder()
    outcomes = build(workshop(small_data, embedder), documents)
    assert outcomes == [Outcome("changed", BUURTZORG, language) for language in LANGUAGES]
    assert embedder.embedded == ["Zeppelin?", "Airship?"]
    assert first_found(small_data, "zeppelin airship") == BUURTZORG
    assert build(workshop(small_data, embedder), documents) == []
    assert embedder.embedded == ["Zeppelin?", "Airship?"]


def test_questions_that_are_shipped_no_more_go(small_data, documents):
    before = state_of(small_data).fingerprint
    path = write_questions(documents, "case", BUURTZORG, "1\tZeppelin?\tLuftskib?\tLuftskip?\tLuftskepp?")
    build(workshop(small_data), documents)
    assert state_of(small_data).fingerprint != before
    path.unlink()
    build(workshop(small_data), documents)
    assert {stored.document.block_questions for stored in live(small_data).values()} == {()}
    assert state_of(small_data).fingerprint == before


def test_a_document_that_is_shipped_no_more_goes(small_data, documents):
    for language in LANGUAGES:
        (documents / language / "case" / f"{BUURTZORG}.md").unlink()
    outcomes = build(workshop(small_data), documents)
    assert Counter(outcomes) == Counter(Outcome("removed", BUURTZORG, language) for language in LANGUAGES)
    assert BUURTZORG not in {document_id for document_id, _ in live(small_data)}
    assert chunk_texts(small_data, BUURTZORG) == []


def test_a_translation_that_is_shipped_no_more_goes(small_data, documents):
    (documents / "sv" / "case" / f"{BUURTZORG}.md").unlink()
    assert Outcome("removed", BUURTZORG, "sv") in build(workshop(small_data), documents)
    assert {language for document_id, language in live(small_data) if document_id == BUURTZORG} == {"en", "da", "nb"}


def test_a_changed_model_cuts_and_embeds_everything_anew_and_never_mixes(small_data, small_documents):
    write(small_data.parent / "notes", "ferry.md")
    take_in(small_data, small_data.parent / "notes", options={"language": "en"})
    vectors = knowledge_base(small_data).status().vectors
    with reading(small_data) as connection:
        (embedded,) = connection.execute("SELECT count(*) FROM embeddings").fetchone()
    other = Turned()
    outcomes = build(workshop(small_data, other), small_documents)
    assert [outcome.what for outcome in outcomes] == ["changed"] * 6 * len(LANGUAGES)
    assert {stored.chunker for stored in live(small_data).values()} == {workshop(small_data, other).window.version}
    assert len(set(other.embedded)) == len(other.embedded) == embedded > vectors
    assert state_of(small_data).model == "turned/64"
    assert KnowledgeBase(load_settings(data=small_data), other).status().vectors == vectors
    index = open_generation(small_data, state_of(small_data).generation)
    np.testing.assert_array_equal(index.vectors, Turned().embed(embedded_texts(small_data)))
    with pytest.raises(ModelError):
        knowledge_base(small_data).search("ferry")
    again = Turned()
    assert build(workshop(small_data, again), small_documents) == []
    assert again.embedded == []


def delete_index(data: Path) -> None:
    shutil.rmtree(data / "index")


@pytest.mark.parametrize(
    "damage",
    [
        delete_index,
        damaging.delete_generation,
        damaging.delete_manifest,
        damaging.delete_vectors,
        damaging.cut_vectors,
        damaging.garble_keys,
        damaging.drop_key,
        damaging.cut_moments,
        damaging.other_moments,
    ],
)
def test_an_index_that_cannot_be_used_is_told_of_and_made_again_without_embedding(
    small_data, small_documents, caplog, damage
):
    damage(small_data)
    with pytest.raises(CatalogueError) as caught:
        knowledge_base(small_data).search("Buurtzorg")
    told = rf"The index in {re.escape(str(small_data))} is damaged: it.*\. Mend it with: tillit doctor --repair"
    assert re.fullmatch(told, str(caught.value))
    embedder = HashEmbedder()
    assert build(workshop(small_data, embedder), small_documents) == [Outcome("mended", "", "")]
    assert embedder.embedded == caplog.messages == []
    assert generations_in(small_data) >= {state_of(small_data).generation}
    assert first_found(small_data, "Buurtzorg") == BUURTZORG
    assert build(workshop(small_data, embedder), small_documents) == []


def test_an_index_that_lacks_chunks_is_made_again(small_data, small_documents):
    generation = open_generation(small_data, state_of(small_data).generation)
    for name in ("keys", "languages", "vectors"):
        np.save(generation.folder / f"{name}.npy", np.load(generation.folder / f"{name}.npy")[1:])
    count = len(generation.keys)
    (generation.folder / "manifest.json").write_text(f'{{"model": "hash/64", "dimensions": 64, "count": {count}}}')
    assert generation.problem() is None
    assert build(workshop(small_data), small_documents) == [Outcome("mended", "", "")]
    assert len(open_generation(small_data, state_of(small_data).generation).keys) == count + 1


@pytest.mark.parametrize("what", ["chunks", "blocks"])
def test_vectors_that_are_missing_are_made_again_by_the_next_build(small_data, small_documents, what):
    condition = "IN" if what == "chunks" else "NOT IN"
    of_these = f"text_sha256 {condition} (SELECT embedded FROM chunks)"
    missing = damaging.one(small_data, f"SELECT count(*) FROM embeddings WHERE {of_these}")
    damaging.sql(small_data, f"DELETE FROM embeddings WHERE {of_these}")
    embedder, state = HashEmbedder(), state_of(small_data)
    assert build(workshop(small_data, embedder), small_documents) == [Outcome("mended", "", "")]
    assert len(embedder.embedded) == missing
    assert state_of(small_data) == state
    assert build(workshop(small_data, embedder), small_documents) == []


def test_a_users_own_documents_stay_over_a_build(small_data, documents, notes):
    write(notes, "ferry.md")
    take_in(small_data, notes)
    before = own(small_data)
    for language in LANGUAGES:
        (documents / language / "case" / f"{BUURTZORG}.md").unlink()
    build(workshop(small_data), documents)
    assert own(small_data) == before
    assert first_found(small_data, "ferry island dawn") == "ferry"


@pytest.mark.parametrize(
    ("version", "chunker"),
    [("VERSION", f"new/{TERMS_VERSION}/256/hash/64"), ("TERMS_VERSION", f"{VERSION}/new/256/hash/64")],
    ids=["chunker", "index-terms"],
)
def test_own_documents_are_cut_anew_from_the_stored_text_when_chunker_or_index_terms_changed(
    small_data, small_documents, notes, monkeypatch, version, chunker
):
    write(notes, "ferry.md")
    take_in(small_data, notes)
    before = own(small_data)["ferry"]
    shutil.rmtree(notes)
    shutil.rmtree(small_data / "originals")
    monkeypatch.setattr(f"ingest.chunking.{version}", "new")
    embedder = HashEmbedder()
    build(workshop(small_data, embedder), small_documents)
    after = own(small_data)["ferry"]
    assert embedder.embedded == []
    assert {stored.chunker for stored in live(small_data).values()} == {chunker}
    assert (after.document, after.path, after.folder, after.original, after.source) == (
        *(before.document, before.path, before.folder, before.original, before.source),
    )
    assert first_found(small_data, "ferry island dawn") == "ferry"


def test_a_smaller_window_cuts_every_document_anew(small_data, small_documents):
    class Narrow(HashEmbedder):
        window = 100

    embedder = Narrow("narrow")
    before = len(chunk_texts(small_data, BUURTZORG))
    build(workshop(small_data, embedder), small_documents)
    assert len(chunk_texts(small_data, BUURTZORG)) > before
    chunks = embedded_texts(small_data)
    assert max(map(embedder.count_tokens, chunks)) <= 100
    assert set(chunks) <= set(embedder.embedded)
    with workshop(small_data).writing() as connection:
        forget_unneeded(connection)
        (needed,) = connection.execute("SELECT count(*) FROM embeddings WHERE model = ?", (embedder.id,)).fetchone()
    assert needed == len(embedder.embedded)  # nothing of the wider chunks was embedded


def test_a_shipped_id_that_is_taken_by_an_own_document_is_refused(data, small_documents, notes):
    write(notes, f"{BUURTZORG}.md")
    take_in(data, notes)
    with pytest.raises(DocumentError) as caught:
        build(workshop(data), small_documents)
    assert str(caught.value) == (
        f"Your document {BUURTZORG}.md has the id '{BUURTZORG}', which is also a shipped document's. "
        f"Remove yours with: tillit remove {BUURTZORG} and ingest it again with another --id."
    )
    assert set(live(data)) == {(BUURTZORG, "en")}


def test_building_is_refused_while_another_writes(small_data, small_documents):
    with writer_lock(small_data, 0), pytest.raises(LockedError):
        build(workshop(small_data, lock_seconds=0), small_documents)
