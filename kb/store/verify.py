"""Open one generation in a process of its own and check that it answers: `python -m kb.store.verify FOLDER`.

A damaged Chroma store can end the process that opens it, so this is never done in the main one.
It uses chromadb alone: loading llama_index would double the time.
"""

from __future__ import annotations

import sys
from pathlib import Path

SELF_QUERIES = 16


def check(folder: Path) -> str | None:
    """Return what is wrong with a generation, None if nothing is."""
    import chromadb
    import numpy as np
    from chromadb.config import Settings

    from kb.store.generation import Generation

    generation = Generation(folder)
    count = len(generation.keys)
    if generation.vectors.shape[0] != count or generation.manifest["count"] != count:
        return "the vectors and their keys do not match"
    client = chromadb.PersistentClient(path=str(folder / "chroma"), settings=Settings(anonymized_telemetry=False))
    chunks = client.get_collection("chunks", embedding_function=None)
    if chunks.count() != count:
        return f"Chroma holds {chunks.count()} chunks instead of {count}"
    for row in np.unique(np.linspace(0, count - 1, num=min(count, SELF_QUERIES), dtype=int)) if count else ():
        vector = np.asarray(generation.vectors[row])
        found = chunks.query(query_embeddings=[vector], n_results=1, include=["distances"])
        distances = found["distances"]
        if distances is None or not distances[0] or distances[0][0] > 1e-3:
            return f"chunk {generation.keys[row]} does not find itself"
    return None


if __name__ == "__main__":
    problem = check(Path(sys.argv[1]))
    if problem:
        sys.exit(problem)
