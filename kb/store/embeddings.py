"""Vectors of texts, kept in the catalogue by the exact text and the model, so that none is made twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from kb.models.embedder import Embedder
from kb.records import Block, Chunk, Document, Progress
from kb.shipped import sha256_of
from kb.store.catalogue import document_from_json, read_blocks
from kb.store.writer import block_to_embed, text_to_embed, transaction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EMBED_BATCH = 256


def embed_missing(
    connection: sqlite3.Connection, embedder: Embedder, progress: Progress, documents: Sequence[int] | None = None
) -> None:
    """Embed what has no vector of this model yet of the documents with these keys, or of all, and keep the vectors.

    That is the chunks, which are searched, and the blocks and their questions, by which a quote is chosen.
    """
    if documents is None:
        documents = [key for (key,) in connection.execute("SELECT key FROM documents ORDER BY key").fetchall()]
    known: set[str] | None = None
    waiting: dict[str, str] = {}
    made = total = 0
    for read, key in enumerate(documents, 1):
        waiting |= _texts(connection, embedder, key)
        ended = read == len(documents)
        if len(waiting) <= EMBED_BATCH and not ended:
            continue
        known = _known(connection, embedder, waiting) if known is None else known
        waiting = {sha: text for sha, text in waiting.items() if sha not in known}
        while len(waiting) >= EMBED_BATCH or (waiting and ended):
            total = (made + len(waiting)) * len(documents) // read  # if the documents to come lack as much
            batch = {sha: waiting.pop(sha) for sha in list(waiting)[:EMBED_BATCH]}
            progress("embed", made, total)
            embed_texts(connection, embedder, batch)
            known |= batch.keys()
            made += len(batch)
            progress("embed", made, total)
    if made < total:
        progress("embed", made, made)


def embed_texts(
    connection: sqlite3.Connection, embedder: Embedder, texts: dict[str, str]
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of texts by their SHA-256; those that are not known yet are made and kept."""
    known = known_vectors(connection, embedder, list(texts))
    missing = [key for key in texts if key not in known]
    if missing:
        made = embedder.embed([texts[key] for key in missing])
        with transaction(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
                [(key, embedder.id, vector.tobytes()) for key, vector in zip(missing, made, strict=True)],
            )
        known |= dict(zip(missing, made, strict=True))
    return known


def known_vectors(
    connection: sqlite3.Connection, embedder: Embedder, keys: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors that the catalogue has of this model, by the SHA-256 of their texts."""
    import numpy as np

    query = "SELECT vector FROM embeddings WHERE text_sha256 = ? AND model = ?"
    found = ((key, connection.execute(query, (key, embedder.id)).fetchone()) for key in keys)
    return {key: np.frombuffer(row[0], dtype="<f4") for key, row in found if row}


def forget_unneeded(connection: sqlite3.Connection) -> None:
    """Delete the vectors, of whatever model, of texts that no document has any more. Raises `DataFolderError`.

    Those that a model with another window made of its own chunks go as well: nothing tells of what text they are.
    """
    needed = {sha for (sha,) in connection.execute("SELECT embedded FROM chunks")}
    for key, record, text in connection.execute("SELECT key, record, text FROM documents"):
        texts = compared_texts(document_from_json(record, text), read_blocks(connection, key))
        needed |= {sha256_of(each) for each in texts}
    known = connection.execute("SELECT DISTINCT text_sha256 FROM embeddings").fetchall()
    with transaction(connection):
        connection.executemany("DELETE FROM embeddings WHERE text_sha256 = ?", [k for k in known if k[0] not in needed])


def _texts(connection: sqlite3.Connection, embedder: Embedder, key: int) -> dict[str, str]:
    """Return what is embedded of a document by its SHA-256: chunks, then questions and blocks."""
    record, text = connection.execute("SELECT record, text FROM documents WHERE key = ?", (key,)).fetchone()
    document = document_from_json(record, text)
    if not embedder.reads(document.language):
        return {}
    texts = {sha: text_to_embed(document, chunk) for sha, chunk in _chunks(connection, key, document)}
    return texts | {sha256_of(each): each for each in compared_texts(document, read_blocks(connection, key))}


def _chunks(connection: sqlite3.Connection, key: int, document: Document) -> Iterator[tuple[str, Chunk]]:
    """Yield the chunks of a document in order, each with the SHA-256 of what is embedded of it."""
    rows = connection.execute(
        'SELECT embedded, block_first, block_last, "start", "end", headings FROM chunks '
        "WHERE document = ? ORDER BY key",
        (key,),
    )
    for sha, first, last, start, end, headings in rows:
        path = tuple(json.loads(headings))
        yield sha, Chunk(document.id, document.language, first, last, start, end, document.text[start:end], path)


def _known(connection: sqlite3.Connection, embedder: Embedder, texts: Collection[str]) -> set[str]:
    """Return the SHA-256 of texts that have a vector of this model: those that are asked for, maybe others too."""
    query, values = "SELECT text_sha256 FROM embeddings WHERE model = ?", [embedder.id]
    if len(texts) <= EMBED_BATCH:  # of more, reading all is quicker than looking up each
        query, values = f"{query} AND text_sha256 IN ({','.join('?' * len(texts))})", [*values, *texts]
    return {sha for (sha,) in connection.execute(query, values)}


def compared_texts(document: Document, blocks: Sequence[Block]) -> list[str]:
    """Return what is compared with a question to choose a quote: the questions of the blocks, and the blocks."""
    questions = [each.text for each in document.block_questions]
    return questions + [block_to_embed(document, blocks, block) for block in blocks if block.kind != "heading"]
