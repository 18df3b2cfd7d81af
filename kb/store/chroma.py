"""Chroma through LlamaIndex's `ChromaVectorStore`: the adapter that writes and reads one collection.

Nothing imports this module at module level: chromadb and llama_index take two seconds to load.
A collection is written once, inside a generation that no reader sees yet, and only read after that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings as ChromaSettings
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray

from kb.records import Progress

COLLECTION = "chunks"
BATCH = 512
_CONFIGURATION: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 1000}}


@contextlib.contextmanager
def collection(folder: Path) -> Iterator[chromadb.Collection]:
    """Open (or create) the collection in `folder` and close its client afterwards."""
    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
    client = chromadb.PersistentClient(path=str(folder), settings=settings)
    with contextlib.closing(cast("Client", client)):
        yield client.get_or_create_collection(COLLECTION, configuration=_CONFIGURATION, embedding_function=None)


def write(folder: Path, nodes: Sequence[TextNode], removed: Sequence[int], progress: Progress) -> None:
    """Take chunks out of the collection in `folder` and put others in, by key."""
    with collection(folder) as chunks:
        store = ChromaVectorStore(chroma_collection=chunks)
        for first in range(0, len(removed), BATCH):
            store.delete_nodes([str(key) for key in removed[first : first + BATCH]])
        for first in range(0, len(nodes), BATCH):
            store.add(list(nodes[first : first + BATCH]))
            progress("index", min(first + BATCH, len(nodes)), len(nodes))


def node(key: int, text: str, vector: NDArray[np.float32], metadata: dict[str, str | int]) -> TextNode:
    """Return a chunk as LlamaIndex knows it; its id is the chunk's key in the catalogue."""
    return TextNode(id_=str(key), text=text, embedding=vector.tolist(), metadata=metadata)


class ChromaSearcher:
    """Nearest neighbours from one generation's collection, kept open between questions."""

    def __init__(self, folder: Path) -> None:
        self._stack = contextlib.ExitStack()
        self._store = ChromaVectorStore(chroma_collection=self._stack.enter_context(collection(folder)))

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[int]:
        """Return the keys of the `k` chunks nearest to a unit vector, nearest first."""
        query = VectorStoreQuery(query_embedding=vector.tolist(), similarity_top_k=k)
        return [int(key) for key in self._store.query(query).ids or []]

    def close(self) -> None:
        """Close the client."""
        self._stack.close()
