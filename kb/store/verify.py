"""Open one generation in a process of its own and check that it answers: `python -m kb.store.verify`.

It loads what it needs and waits to be told the folder on its standard input, or that there is none to open.
A damaged Chroma store can end the process that opens it, so this is never done in the main one.
It uses chromadb alone: loading llama_index would double the time. Chunks are read by key, since the graph is
approximate: among a thousand equal vectors, a sound one failed to find itself in 5 of 6 trials.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import chromadb
    from chromadb.api.client import Client

    from kb.store.generation import Generation

SELF_QUERIES = 16


def check(folder: Path) -> str | None:
    """Return what is wrong with a generation, None if nothing is."""
    import chromadb
    from chromadb.config import Settings

    from kb.store.generation import Generation

    generation = Generation(folder)
    count = len(generation.keys)
    if generation.vectors.shape[0] != count or generation.manifest["count"] != count:
        return "the vectors and their keys do not match"
    client = chromadb.PersistentClient(path=str(folder / "chroma"), settings=Settings(anonymized_telemetry=False))
    with closing(cast("Client", client)):
        return _compare(client.get_collection("chunks", embedding_function=None), generation)


def _compare(chunks: chromadb.Collection, generation: Generation) -> str | None:
    import numpy as np

    count = len(generation.keys)
    if chunks.count() != count:
        return f"Chroma holds {chunks.count()} chunks instead of {count}"
    for row in np.unique(np.linspace(0, count - 1, num=min(count, SELF_QUERIES), dtype=int)) if count else ():
        key, vector = str(generation.keys[row]), np.asarray(generation.vectors[row])
        stored = chunks.get(ids=[key], include=["embeddings"])["embeddings"]
        if stored is None or len(stored) != 1 or float(np.dot(stored[0], vector)) < 1 - 1e-3:
            return f"chunk {key} is not the one that was stored"
        if not chunks.query(query_embeddings=[vector], n_results=1)["ids"][0]:
            return f"chunk {key} finds nothing, not even itself"
    return None


def main() -> None:
    """Open the folder that standard input names, to its end; tell of what is wrong on standard error."""
    gc.disable()  # there is little garbage, and looking for it makes loading and the end of the process slower
    import chromadb.api.rust  # noqa: F401 - takes most of the time, and nobody has to wait for it
    import numpy as np  # noqa: F401

    gc.freeze()
    folder = sys.stdin.buffer.read()
    problem = check(Path(os.fsdecode(folder))) if folder else None
    if problem:
        sys.exit(problem)


if __name__ == "__main__":
    main()
