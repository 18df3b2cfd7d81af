"""Ingestion is a LlamaIndex pipeline: its steps are components, and others can stand between them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import NodeRelationship, TextNode, TransformComponent

from ingest import pipeline
from ingest.child import Limits
from ingest.chunking import Window
from ingest.sources import find_sources
from kb.records import Document
from kb.shipped import load_shipped
from kb.store.catalogue import open_catalogue, read_blocks, read_chunks, stored_documents
from kb.store.writer import Place, text_to_embed
from tests.conftest import HashEmbedder
from tests.kb.store.writing import CHUNKER
from tests.stored import write

NOTE = "# Note\n\nThe ferry sails to the island at dawn.\n\n## Winter\n\nIt sails at noon.\n"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator:
    connection = open_catalogue(tmp_path / "data")
    yield connection
    connection.close()


@pytest.fixture
def storing(catalogue, embedder) -> list[TransformComponent]:
    return pipeline.storing_steps(catalogue, embedder, Window(embedder.count_tokens, embedder.window, embedder.id))


@pytest.fixture
def group(small_documents) -> list[Document]:
    """A shipped document in its four languages."""
    return load_shipped(small_documents)[0]


def test_steps_are_timed_by_name_while_that_is_asked_for(catalogue, storing, group):
    with pipeline.step_seconds() as seconds:
        pipeline.run(storing, nodes_of(group))
        pipeline.run(storing[:1], nodes_of(group))
    taken = dict(seconds)
    assert list(taken) == ["ChunkByStructure", "Embed", "Store"]
    assert all(value > 0 for value in taken.values())
    pipeline.run(storing, nodes_of(group))
    assert seconds == taken


def nodes_of(group: list[Document]) -> list:
    return [pipeline.document_node(document, "shipped") for document in group]


class Failures(list):
    def __call__(self, source, error) -> None:
        self.append((source.path, str(error)))


def from_files(folder: Path, failed: Failures, *between: TransformComponent) -> list[TransformComponent]:
    return [pipeline.Load(limits=Limits(), failed=failed), *between, pipeline.Clean(failed=failed)]


def source_nodes(folder: Path, **options: object) -> list:
    place = Place("a.md", str(folder), "original.md", "hash")
    return [pipeline.source_node(source, place) for source in find_sources([folder], options)]


def test_the_steps_are_components_of_a_llamaindex_pipeline(storing, group, catalogue):
    assert all(isinstance(step, TransformComponent) for step in storing)
    result = IngestionPipeline(transformations=storing, disable_cache=True).run(nodes=nodes_of(group))
    assert [s.document for s in stored_documents(catalogue, "staged")] == sorted(group, key=lambda d: d.language)
    assert len(result) > len(group)


def test_running_the_steps_runs_a_llamaindex_pipeline(storing, group, monkeypatch):
    ran = []
    original = IngestionPipeline.run
    monkeypatch.setattr(IngestionPipeline, "run", lambda self, **kw: ran.append(self) or original(self, **kw))
    pipeline.run(storing, nodes_of(group))
    assert [type(step) for step in ran[0].transformations] == [
        *(pipeline.ChunkByStructure, pipeline.Embed, pipeline.Store)
    ]


def chunk_nodes(nodes) -> list[TextNode]:
    return [node for node in nodes if "chunk" in node.metadata]


def test_chunk_nodes_carry_their_place_in_the_document(storing, group):
    texts = {f"{document.id}/{document.language}": document.text for document in group}
    nodes = pipeline.run(storing, nodes_of(group))
    assert [node.node_id for node in nodes if node not in chunk_nodes(nodes)] == list(texts)
    assert {node.relationships[NodeRelationship.SOURCE].node_id for node in chunk_nodes(nodes)} == set(texts)
    for node in chunk_nodes(nodes):
        source = node.relationships[NodeRelationship.SOURCE].node_id
        assert node.ref_doc_id == source
        assert texts[source][node.start_char_idx : node.end_char_idx] == node.text
        assert node.node_id == f"{source}/{node.start_char_idx}-{node.end_char_idx}"
        assert node.text == node.metadata["chunk"].text


def test_chunk_nodes_in_a_language_of_the_model_carry_its_vector(storing, group):
    expected = HashEmbedder()
    for node in chunk_nodes(pipeline.run(storing, nodes_of(group))):
        chunk = node.metadata["chunk"]
        if chunk.language == "en":
            vector = expected.embed([text_to_embed(node.metadata["document"], chunk)])[0]
            np.testing.assert_array_equal(np.float32(node.embedding), vector)
        else:
            assert node.embedding is None


def test_vectors_come_from_the_catalogue_where_they_are_known(storing, group, embedder):
    first = pipeline.run(storing, nodes_of(group))
    made = list(embedder.embedded)
    second = pipeline.run(storing, nodes_of(group))
    assert embedder.embedded == made
    assert len(made) == len({node.text for node in chunk_nodes(first) if node.metadata["chunk"].language == "en"})
    assert [node.embedding for node in second] == [node.embedding for node in first]


def test_documents_are_staged_with_their_blocks_and_chunks(storing, group, catalogue):
    nodes = pipeline.run(storing, nodes_of(group))
    for stored in stored_documents(catalogue, "staged"):
        (node,) = [n for n in nodes if n.node_id == f"{stored.document.id}/{stored.document.language}"]
        assert read_blocks(catalogue, stored.key) == node.metadata["blocks"]
        keys = catalogue.execute("SELECT key FROM chunks WHERE document = ? ORDER BY key", (stored.key,)).fetchall()
        chunks = read_chunks(catalogue, [key for (key,) in keys])
        of = [n.metadata["chunk"] for n in chunk_nodes(nodes) if n.ref_doc_id == node.node_id]
        assert [chunks[key] for (key,) in keys] == of
        assert (stored.origin, stored.chunker) == ("shipped", CHUNKER)


def test_a_file_becomes_a_staged_document(storing, catalogue, tmp_path):
    write(tmp_path / "notes", "a.md", text=NOTE)
    failed = Failures()
    steps = [*from_files(tmp_path, failed), *storing]
    nodes = pipeline.run(steps, source_nodes(tmp_path / "notes", language="en"))
    (stored,) = stored_documents(catalogue, "staged")
    assert failed == []
    assert (stored.document.id, stored.document.text, stored.origin) == ("a", NOTE, "own")
    assert (stored.path, stored.folder, stored.original) == ("a.md", str(tmp_path / "notes"), "original.md")
    assert [node.text for node in chunk_nodes(nodes)] == ["The ferry sails to the island at dawn.", "It sails at noon."]
    assert nodes[0].metadata["extracted"].sha256 == sha256(NOTE.encode()).hexdigest()


def test_a_file_that_cannot_be_read_is_told_of_and_left_out(storing, catalogue, tmp_path):
    folder = tmp_path / "notes"
    write(folder, "a.md", "d.md", text=NOTE)
    write(folder, "b.pdf", text="no PDF")
    write(folder, "c.md", text="---\ncolour: red\n---\nText\n")
    write(folder, "e.md", text="---\ntitle: Nothing\n---\n\n")
    failed = Failures()
    pipeline.run([*from_files(tmp_path, failed), *storing], source_nodes(folder, language="en"))
    assert [s.document.id for s in stored_documents(catalogue, "staged")] == ["a", "d"]
    assert [path for path, _ in failed] == ["b.pdf", "c.md", "e.md"]
    assert failed[1][1] == f"The metadata of {folder}/c.md cannot be used: 'colour' is not a key that is known here."


class Shout(TransformComponent):
    """A user's own step, which knows of nodes only."""

    def __call__(self, nodes, **kwargs):
        for node in nodes:
            node.metadata["shouted"] = node.text.upper()
        return nodes


class OnlyLong(TransformComponent):
    """A user's own step that leaves chunks out."""

    def __call__(self, nodes, **kwargs):
        return [node for node in nodes if "chunk" not in node.metadata or len(node.text) > 20]


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_users_own_step_can_stand_between_the_steps(storing, group, catalogue, place):
    nodes = pipeline.run([*storing[:place], Shout(), *storing[place:]], nodes_of(group))
    assert len(list(stored_documents(catalogue, "staged"))) == 4
    shouted = [node for node in nodes if "shouted" in node.metadata]
    assert len(shouted) == (len(group) if place == 0 else len(nodes))
    assert all(node.metadata["shouted"] == node.text.upper() for node in shouted)


def test_a_users_own_step_can_stand_between_loading_and_cleaning(storing, catalogue, tmp_path):
    write(tmp_path / "notes", "a.md", text=NOTE)
    steps = [*from_files(tmp_path, Failures(), Shout()), *storing]
    pipeline.run(steps, source_nodes(tmp_path / "notes"))
    assert [s.document.id for s in stored_documents(catalogue, "staged")] == ["a"]


def test_what_a_users_own_step_leaves_out_is_not_stored(storing, catalogue, tmp_path):
    write(tmp_path / "notes", "a.md", text=NOTE)
    steps = [*from_files(tmp_path, Failures()), storing[0], OnlyLong(), *storing[1:]]
    pipeline.run(steps, source_nodes(tmp_path / "notes"))
    (key,) = [s.key for s in stored_documents(catalogue, "staged")]
    keys = [k for (k,) in catalogue.execute("SELECT key FROM chunks WHERE document = ?", (key,))]
    assert [chunk.text for chunk in read_chunks(catalogue, keys).values()] == ["The ferry sails to the island at dawn."]
