"""Chroma through LlamaIndex's `ChromaVectorStore`: the adapter that writes and reads one collection.

Nothing imports this module at module level: chromadb and llama_index take two seconds to load.
A collection is written once, inside a generation that no reader sees yet, and only read after that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import struct
from collections.abc import Iterator
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
from kb.store.generation import Change

log = logging.getLogger(__name__)

COLLECTION = "chunks"
BATCH = 512
_CONFIGURATION: CreateCollectionConfiguration = {
    # Each write goes to the graph's files: while there are none, whoever opens the collection to read makes them.
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 1000, "sync_threshold": 1}
}
_HEADER = struct.Struct("=iQQQQ")
"""How `header.bin` of a graph begins: version, an offset, elements it has room for, elements it has, size of one."""


@contextlib.contextmanager
def collection(folder: Path) -> Iterator[chromadb.Collection]:
    """Open (or create) the collection in `folder` and close its client afterwards."""
    settings = ChromaSettings(anonymized_telemetry=False, allow_reset=False)
    client = chromadb.PersistentClient(path=str(folder), settings=settings)
    with contextlib.closing(cast("Client", client)):
        yield client.get_or_create_collection(COLLECTION, configuration=_CONFIGURATION, embedding_function=None)


def write(folder: Path, change: Change, progress: Progress) -> None:
    """Take chunks out of the collection in `folder` and put others in, with their vectors, by key."""
    with collection(folder) as chunks:
        store = ChromaVectorStore(chroma_collection=chunks)
        for first in range(0, len(change.removed), BATCH):
            store.delete_nodes([str(key) for key in change.removed[first : first + BATCH]])
        for first in range(0, len(change.added), BATCH):
            keys = change.added[first : first + BATCH].tolist()
            part = zip(change.chunks(keys), change.vectors(keys), strict=True)
            store.add([_node(*chunk, vector) for chunk, vector in part])
            progress("index", first + len(keys), len(change.added))
    _clear_unused(folder)


def _clear_unused(folder: Path) -> None:
    """Clear the room for elements to come, which hnswlib writes as it found the memory: full of texts, as was seen.

    See https://github.com/chroma-core/chroma/issues/7688.
    """
    for header in folder.glob("*/header.bin"):
        version, _, _, count, size = _HEADER.unpack_from(header.read_bytes())
        if version != 1:
            log.warning("Chroma's files are of an unknown version (%d): room in them may hold any text.", version)
            continue
        for name, each in (("data_level0.bin", size), ("length.bin", 4)):
            with header.with_name(name).open("r+b") as file:
                unused = file.seek(0, os.SEEK_END) - count * each
                if unused > 0:
                    file.seek(-unused, os.SEEK_END)
                    file.write(bytes(unused))


def _node(key: int, text: str, metadata: dict[str, str | int], vector: NDArray[np.float32]) -> TextNode:
    """Return a chunk as LlamaIndex knows it; its id is the chunk's key in the catalogue."""
    return TextNode(id_=str(key), text=text, embedding=vector.tolist(), metadata=metadata)


class ChromaSearcher:
    """Nearest neighbours from one generation's collection, kept open between questions.

    The client is closed when this object goes, since the stack goes with it; chromadb would keep one that is not.
    """

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
