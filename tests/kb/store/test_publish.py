"""Publishing: changed models, faults, damaged indexes."""

from __future__ import annotations

import errno
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kb.errors import DataFolderError
from kb.knowledge_base import KnowledgeBase
from kb.records import Document
from kb.settings import load_settings
from kb.shipped import sha256_of
from kb.store import embeddings, terms, verify
from kb.store import publish as publishing
from kb.store.catalogue import document_from_json, stored_documents
from kb.store.generation import open_generation
from kb.store.writer import transaction
from tests.conftest import HashEmbedder
from tests.kb.store.writing import CHUNKER, count, document, found, ids, prepared, publish, writing
from tests.stored import BODY, Turned, generations_in, probe_by, state_of

pytestmark = pytest.mark.usefixtures("quick_publish")


# The model -------------------------------------------------------------------------------------


class Narrow(HashEmbedder):
    """A model of 16 dimensions."""

    dimensions = 16

    def embed(self, texts):
        self.embedded += texts
        return np.array([np.eye(16)[len(text) % 16] for text in texts], dtype=np.float32)


def vectors_of(data: Path) -> np.ndarray:
    return np.asarray(open_generation(data, state_of(data).generation).vectors)


def test_another_model_embeds_everything_anew_and_never_mixes(small_data):
    vectors = count(small_data, "SELECT count(*) FROM embeddings")
    other = Turned()
    publish(small_data, prepared(document()), embedder=other)
    assert len(set(other.embedded)) == len(other.embedded) == vectors + 1
    index = open_generation(small_data, state_of(small_data).generation)
    assert state_of(small_data).model == index.manifest["model"] == "turned/64"
    assert {vector.tobytes() for vector in index.vectors} <= {v.tobytes() for v in Turned().embed(other.embedded)}
    assert verify.check(index.folder) is None


def test_a_model_of_other_dimensions_starts_a_new_index(small_data):
    publish(small_data, prepared(document()), embedder=Narrow("narrow"))
    assert vectors_of(small_data).shape[1] == 16


def test_going_back_to_a_model_embeds_nothing(small_data):
    before = vectors_of(small_data)
    publish(small_data, embedder=Turned())
    assert not np.array_equal(vectors_of(small_data), before)
    back = HashEmbedder()
    publish(small_data, embedder=back)
    assert back.embedded == []
    np.testing.assert_array_equal(vectors_of(small_data), before)


def test_a_text_that_occurs_twice_is_embedded_once(small_data):
    embedder = HashEmbedder()
    publish(small_data, prepared(document("one")), prepared(document("two")), embedder=embedder)
    assert embedder.embedded == [f"Ferry\n{BODY}"]
    assert found(small_data, "ferry island dawn")[:2] == ["one", "two"]


def test_texts_in_languages_that_the_model_cannot_read_are_not_embedded(small_data):
    embedder = HashEmbedder()
    publish(small_data, prepared(document(text="Lautta lähtee.", language="fi")), embedder=embedder)
    assert embedder.embedded == []
    assert found(small_data, "lautta")[0] == "ferry"


# Faults ----------------------------------------------------------------------------------------


FULL = "The disk that holds {} is full. Free some space and try again; nothing was lost."


def full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(("owner", "name"), [(np, "save"), (os, "fsync")], ids=["vectors", "sync"])
def test_a_full_disk_loses_nothing(small_data, monkeypatch, owner, name):
    publish(small_data, prepared(document()))
    before = (state_of(small_data), ids(small_data), generations_in(small_data), found(small_data, "ferry island"))
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full)
        with pytest.raises(DataFolderError) as caught:
            publish(small_data, prepared(document("bus", "The bus leaves.")))
    assert str(caught.value) == FULL.format(small_data)
    after = (state_of(small_data), ids(small_data), generations_in(small_data), found(small_data, "ferry island"))
    assert after == before
    publish(small_data, prepared(document("bus", "The bus leaves.")))
    assert found(small_data, "bus leaves")[0] == "bus"


@pytest.mark.parametrize("seconds", [0, -3600], ids=["stands still", "goes back"])
def test_readers_see_a_commit_whatever_the_clock_says(small_data, monkeypatch, seconds):
    first = datetime(2024, 5, 1, 12, tzinfo=UTC)
    moments = iter([first, first + timedelta(seconds=seconds)])
    monkeypatch.setattr(publishing, "datetime", SimpleNamespace(now=lambda zone: next(moments)))
    publish(small_data, prepared(document()))
    kb, before = KnowledgeBase(load_settings(data=small_data), HashEmbedder()), state_of(small_data)
    assert len(kb.entries()) == 25
    with writing(small_data) as connection, transaction(connection):  # the same index and fingerprint, as in a repair
        connection.execute("DELETE FROM documents WHERE id = 'ferry'")
        publishing.write_state(connection, before.generation, before.model, CHUNKER)
        connection.execute("UPDATE state SET corpus = ?, fingerprint = ?", (before.corpus, before.fingerprint))
    assert len(kb.entries()) == 24


def test_an_index_that_fails_its_check_is_not_published(small_data, monkeypatch):
    before = (state_of(small_data), ids(small_data), generations_in(small_data))
    probe_by(monkeypatch, lambda folder: "it is upside down")
    with pytest.raises(DataFolderError, match=r"could not be read back \(it is upside down\)"):
        publish(small_data, prepared(document()))
    assert (state_of(small_data), ids(small_data), generations_in(small_data)) == before


def test_a_catalogue_that_cannot_be_written_loses_nothing(small_data, monkeypatch):
    before = (state_of(small_data), ids(small_data))

    def fail(*args: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(terms, "index_staged", fail)
    with pytest.raises(DataFolderError) as caught:
        publish(small_data, prepared(document()))
    assert str(caught.value) == FULL.format(small_data)
    assert (state_of(small_data), ids(small_data)) == before


def test_a_transaction_is_undone_by_any_error(small_data):
    def empty_and_fail(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("DELETE FROM documents")
            raise KeyError

    with writing(small_data) as connection:
        with pytest.raises(KeyError):
            empty_and_fail(connection)
        assert not connection.in_transaction
        assert len(list(stored_documents(connection))) == 24


def remove_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def cut_vectors(folder: Path) -> None:
    (folder / "vectors.npy").write_bytes((folder / "vectors.npy").read_bytes()[:100])


def too_many_vectors(folder: Path) -> None:
    vectors = np.load(folder / "vectors.npy")
    np.save(folder / "vectors.npy", np.concatenate([vectors, vectors[:1]]))


def empty_keys(folder: Path) -> None:
    (folder / "keys.npy").write_bytes(b"")


def garble_keys(folder: Path) -> None:
    (folder / "keys.npy").write_bytes(b"not an array")


def garble_chroma(folder: Path) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def remove_all(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def test_only_documents_that_the_index_lacks_are_looked_through(small_data, monkeypatch):
    publish(small_data, prepared(document("boat", "The boat leaves.")))
    looked: list[str] = []

    def noted(record: str, text: str) -> Document:
        looked.append(document_from_json(record, text).id)
        return document_from_json(record, text)

    monkeypatch.setattr(embeddings, "document_from_json", noted)
    publish(small_data, prepared(document("bus", "The bus leaves.")), prepared(document("boat", "The boat stays.")))
    assert looked == ["bus", "boat"]


def test_what_a_damaged_index_and_the_catalogue_lost_is_embedded_when_it_is_made_anew(small_data):
    publish(small_data, prepared(document()))
    with writing(small_data) as connection:
        connection.execute("DELETE FROM embeddings WHERE text_sha256 = ?", (sha256_of(f"Ferry\n{BODY}"),))
    remove_all(small_data / "index" / state_of(small_data).generation)
    embedder = HashEmbedder()
    publish(small_data, embedder=embedder)
    assert embedder.embedded == [f"Ferry\n{BODY}"]
    assert found(small_data, "ferry island dawn")[0] == "ferry"


@pytest.mark.parametrize(
    "damage",
    [cut_vectors, too_many_vectors, empty_keys, garble_keys, garble_chroma, remove_manifest, remove_all],
)
def test_a_damaged_index_is_made_anew_without_embedding_again(small_data, damage):
    state = state_of(small_data)
    vectors = vectors_of(small_data).copy()
    damage(small_data / "index" / state.generation)
    embedder = HashEmbedder()
    publish(small_data, prepared(document()), embedder=embedder)
    assert embedder.embedded == [f"Ferry\n{BODY}"]
    np.testing.assert_array_equal(vectors_of(small_data)[:-1], vectors)
    assert verify.check(small_data / "index" / state_of(small_data).generation) is None
    assert found(small_data, "ferry island dawn")[0] == "ferry"
