"""Vectors of texts, kept in the catalogue by the exact text and the model, so that none is made twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
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
    connection: sqlite3.Connection, embedder: Embedder, progress: Progress, gone: Sequence[int] = ()
) -> None:
    """Embed what has no vector of this model yet, but for documents in `gone`, and keep the vectors.

    That is the chunks, which are searched, and the blocks and their questions, by which a quote is chosen.
    """
    chunks = _chunks_without_vector(connection, embedder, gone)
    missing = list((chunks | _compared_without_vector(connection, embedder, gone)).items())
    for first in range(0, len(missing), EMBED_BATCH):
        progress("embed", first, len(missing))
        embed_texts(connection, embedder, dict(missing[first : first + EMBED_BATCH]))
        progress("embed", min(first + EMBED_BATCH, len(missing)), len(missing))


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
    for key, record, text in connection.execute("SELECT key, record, text FROM documents").fetchall():
        texts = compared_texts(document_from_json(record, text), read_blocks(connection, key))
        needed |= {sha256_of(each) for each in texts}
    known = connection.execute("SELECT DISTINCT text_sha256 FROM embeddings").fetchall()
    with transaction(connection):
        connection.executemany("DELETE FROM embeddings WHERE text_sha256 = ?", [k for k in known if k[0] not in needed])


def _compared_without_vector(connection: sqlite3.Connection, embedder: Embedder, gone: Sequence[int]) -> dict[str, str]:
    """Return the texts of blocks and of their questions that have no vector, by their SHA-256."""
    rows = connection.execute("SELECT text_sha256 FROM embeddings WHERE model = ?", (embedder.id,))
    known = {sha for (sha,) in rows}
    missing = {}
    for key, record, text in connection.execute("SELECT key, record, text FROM documents ORDER BY key").fetchall():
        document = document_from_json(record, text)
        if key in gone or not embedder.reads(document.language):
            continue
        texts = compared_texts(document, read_blocks(connection, key))
        missing.update({sha: each for each in texts if (sha := sha256_of(each)) not in known})
    return missing


def compared_texts(document: Document, blocks: Sequence[Block]) -> list[str]:
    """Return what is compared with a question to choose a quote: the questions of the blocks, and the blocks."""
    questions = [each.text for each in document.block_questions]
    return questions + [block_to_embed(document, blocks, block) for block in blocks if block.kind != "heading"]


def _chunks_without_vector(connection: sqlite3.Connection, embedder: Embedder, gone: Sequence[int]) -> dict[str, str]:
    languages = [code for (code,) in connection.execute("SELECT DISTINCT language FROM documents ORDER BY language")]
    read = [code for code in languages if embedder.reads(code)]
    rows = connection.execute(
        'SELECT c.embedded, d.record, c.block_first, c.block_last, c."start", c."end", '
        'substr(d.text, c."start" + 1, c."end" - c."start"), c.headings '
        "FROM chunks c JOIN documents d ON d.key = c.document "
        f"WHERE d.language IN ({','.join('?' * len(read))}) AND d.key NOT IN ({','.join(map(str, gone))}) "
        "AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_sha256 = c.embedded AND e.model = ?) ORDER BY c.key",
        (*read, embedder.id),
    )
    missing = {}
    for sha, record, first, last, start, end, text, headings in rows:
        document = document_from_json(record, "")
        path = tuple(json.loads(headings))
        chunk = Chunk(document.id, document.language, first, last, start, end, text, path)
        missing[sha] = text_to_embed(document, chunk)
    return missing
