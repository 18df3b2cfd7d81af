"""The steps of ingestion as LlamaIndex `TransformComponent`s: load, clean, chunk, embed, store.

A node stands for a document until the chunking step adds one for each chunk, with its true offsets.
Other components can be put between the steps. Imported only where a pipeline is run: llama_index
takes over a second to load.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode, TransformComponent
from llama_index.core.schema import Document as LlamaDocument
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler

from ingest.child import Limits
from ingest.chunking import Window, chunk_group
from ingest.cleaning import clean
from ingest.extraction import Extracted, extract
from ingest.own import own_document
from ingest.sources import Source, read_metadata
from kb.blocks import parse_blocks
from kb.errors import KBError
from kb.models.embedder import Embedder
from kb.records import Chunk, Document
from kb.store import embeddings, writer


class Load(TransformComponent):
    """Read each node's file in a child process; a file that cannot be read is told of and left out.

    `read` is how a file is read: `extract`, or what gives what was read ahead.
    """

    limits: Limits
    failed: Callable[[Source, KBError], None]
    read: Callable[[Path, Limits], Extracted] = extract

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        loaded = []
        for node in nodes:
            source: Source = node.metadata["source"]
            try:
                node.metadata["extracted"] = self.read(source.file, self.limits)
                node.metadata["given"] = read_metadata(source, node.metadata["extracted"].front_matter)
            except KBError as error:
                self.failed(source, error)
            else:
                loaded.append(node)
        return loaded


class Clean(TransformComponent):
    """Turn what came out of a file into a document: clean text, page table, metadata with guesses."""

    failed: Callable[[Source, KBError], None]

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        cleaned: list[BaseNode] = []
        for node in nodes:
            source: Source = node.metadata["source"]
            extracted: Extracted = node.metadata["extracted"]
            text = clean(extracted)
            try:
                document = own_document(source, node.metadata["given"], extracted, text)
            except KBError as error:
                self.failed(source, error)
                continue
            place = node.metadata["place"]
            cleaned.append(document_node(document, "own", place=place, extracted=extracted, raw=text.raw))
        return cleaned


class ChunkByStructure(TransformComponent):
    """Add a node for each chunk; documents of one id are cut together."""

    window: Window

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        groups: dict[str, list[BaseNode]] = {}
        for node in nodes:
            node.metadata["blocks"] = parse_blocks(node.metadata["document"].text)
            groups.setdefault(node.metadata["document"].id, []).append(node)
        result: list[BaseNode] = []
        for group in groups.values():
            parsed = [(node.metadata["document"], node.metadata["blocks"]) for node in group]
            for node, chunks in zip(group, chunk_group(parsed, self.window), strict=True):
                result.append(node)
                result += [_chunk_node(node, chunk) for chunk in chunks]
        return result


class Embed(TransformComponent):
    """Give each chunk in a language of the model its vector, from the catalogue where it is known."""

    connection: sqlite3.Connection
    embedder: Any

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        embedder: Embedder = self.embedder
        texts: dict[str, str] = {}
        wanted: list[tuple[BaseNode, str]] = []
        for node in nodes:
            chunk = node.metadata.get("chunk")
            if chunk is not None and embedder.reads(chunk.language):
                text = writer.text_to_embed(node.metadata["document"], chunk)
                key = sha256(text.encode()).hexdigest()
                texts[key] = text
                wanted.append((node, key))
        vectors = embeddings.embed_texts(self.connection, embedder, texts)
        for node, key in wanted:
            node.embedding = vectors[key].tolist()
        return nodes


class Store(TransformComponent):
    """Stage the documents with their blocks and chunks in the catalogue, invisible until published."""

    connection: sqlite3.Connection
    chunker: str

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        chunks: dict[str, list[Chunk]] = {}
        for node in nodes:
            if "chunk" in node.metadata:
                chunks.setdefault(node.ref_doc_id or "", []).append(node.metadata["chunk"])
        documents = [node for node in nodes if "chunk" not in node.metadata]
        prepared = [
            writer.Prepared(
                document=node.metadata["document"],
                blocks=node.metadata["blocks"],
                chunks=tuple(chunks.get(node.node_id, ())),
                origin=node.metadata["origin"],
                chunker=self.chunker,
                place=node.metadata.get("place", writer.Place()),
                raw=node.metadata.get("raw", ()),
            )
            for node in documents
        ]
        writer.stage(self.connection, prepared)
        return nodes


def source_node(source: Source, place: writer.Place) -> LlamaDocument:
    """Return the node that carries a file into the pipeline."""
    return LlamaDocument(id_=source.id, text="", metadata={"source": source, "place": place})


def document_node(document: Document, origin: str, **metadata: Any) -> LlamaDocument:
    """Return the node that carries a document through the pipeline."""
    return LlamaDocument(
        id_=f"{document.id}/{document.language}",
        text=document.text,
        metadata={"document": document, "origin": origin, **metadata},
    )


def _chunk_node(parent: BaseNode, chunk: Chunk) -> TextNode:
    return TextNode(
        id_=f"{parent.node_id}/{chunk.start}-{chunk.end}",
        text=chunk.text,
        start_char_idx=chunk.start,
        end_char_idx=chunk.end,
        metadata={"document": parent.metadata["document"], "chunk": chunk},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=parent.node_id)},
    )


def storing_steps(connection: sqlite3.Connection, embedder: Embedder, window: Window) -> list[TransformComponent]:
    """Return the steps from a document to its staged chunks."""
    return [
        ChunkByStructure(window=window),
        Embed(connection=connection, embedder=embedder),
        Store(connection=connection, chunker=window.version),
    ]


def run(steps: Sequence[TransformComponent], nodes: Iterable[BaseNode]) -> Sequence[BaseNode]:
    """Return what becomes of nodes in the steps. Caching is the catalogue's: LlamaIndex would hash every node."""
    return IngestionPipeline(transformations=list(steps), disable_cache=True).run(nodes=list(nodes))


@contextmanager
def step_seconds() -> Iterator[dict[str, float]]:
    """Give what has, when this ends, the seconds that each step took by the name of its class (LlamaIndex's spans)."""
    seconds: dict[str, float] = defaultdict(float)
    handler, dispatcher = SimpleSpanHandler(), get_dispatcher(__name__)
    dispatcher.add_span_handler(handler)
    try:
        yield seconds
    finally:
        dispatcher.span_handlers = [each for each in dispatcher.span_handlers if each is not handler]
        for span in handler.completed_spans:
            seconds[span.id_.partition(".")[0]] += span.duration
