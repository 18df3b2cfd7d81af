"""The vectors in the catalogue: whether each text that is searched or compared has one, of the right form."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from kb.models.embedder import Embedder
from kb.records import Progress
from kb.shipped import sha256_of
from kb.store.catalogue import document_from_json, read_blocks
from kb.store.checks.finding import BUILD, REPAIR_THEN_BUILD, Finding, counted, named, ok, wrong
from kb.store.embeddings import compared_texts

BATCH = 5000
NEAR_ONE = 0.01
"""How far a vector's length may be from 1; that of a text without words is 0."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A live document with texts that have no vector, and how many; `marked` as a `Fault` is."""

    key: int
    name: str
    texts: int
    marked: bool


def check_vectors(
    connection: sqlite3.Connection, model: Embedder, faulty: Collection[int], progress: Progress
) -> Finding:
    """Tell of documents that lack vectors of the model, but for the `faulty` ones, which are made anew anyway."""
    lacking = lacking_documents(connection, model, faulty, progress)
    if lacking:
        texts = sum(each.texts for each in lacking)
        told = f"{counted(texts, 'vector is', 'vectors are')} missing or damaged, of {named(e.name for e in lacking)}"
        marked = all(each.marked for each in lacking) or not broken_vectors(connection, model.id, progress)
        return wrong("vectors", told, BUILD if marked else REPAIR_THEN_BUILD)
    (number,) = connection.execute("SELECT count(*) FROM embeddings WHERE model = ?", (model.id,)).fetchone()
    return ok("vectors", f"no text lacks its vector; {number:,} of {model.id}")


def lacking_documents(
    connection: sqlite3.Connection, model: Embedder, faulty: Collection[int], progress: Progress
) -> list[Lacking]:
    """Return the live documents in the model's languages that lack vectors, by id and language."""
    known = sound_vectors(connection, model.id, progress)
    lacking = []
    rows = connection.execute(
        "SELECT key, id, language, chunker, record, text FROM documents WHERE state = 'live' ORDER BY id, language"
    )
    for key, name, language, chunker, record, text in rows:
        if key not in faulty and model.reads(language):
            missing = len(_wanted(connection, key, record, text) - known)
            lacking += [Lacking(key, f"{name} ({language})", missing, chunker == "")] if missing else []
    return lacking


def _wanted(connection: sqlite3.Connection, key: int, record: str, text: str) -> set[str]:
    """Return the hashes of all texts of a document that ought to have a vector."""
    chunks = connection.execute("SELECT embedded FROM chunks WHERE document = ?", (key,))
    compared = compared_texts(document_from_json(record, text), read_blocks(connection, key))
    return {str(sha) for (sha,) in chunks} | {sha256_of(each) for each in compared}


def sound_vectors(connection: sqlite3.Connection, model: str, progress: Progress) -> set[str]:
    """Return the hashes of the texts that have a vector of a model which can be one."""
    return {sha for sha, sound in _judged(connection, model, progress) if sound}


def broken_vectors(connection: sqlite3.Connection, model: str, progress: Progress) -> list[str]:
    """Return the hashes of the texts whose vector of a model cannot be one."""
    return [sha for sha, sound in _judged(connection, model, progress) if not sound]


def dimensions_of(connection: sqlite3.Connection, model: str) -> int:
    """Return the dimensions that a model's vectors have, 0 where there are none."""
    rows = connection.execute(
        "SELECT length(vector), count(*) FROM embeddings WHERE model = ? GROUP BY 1 ORDER BY 2 DESC, 1", (model,)
    )
    lengths = Counter({int(length or 0): count for length, count in rows})
    return lengths.most_common(1)[0][0] // 4 if lengths else 0


def _judged(connection: sqlite3.Connection, model: str, progress: Progress) -> list[tuple[str, bool]]:
    import numpy as np

    dimensions = dimensions_of(connection, model)
    (total,) = connection.execute("SELECT count(*) FROM embeddings WHERE model = ?", (model,)).fetchone()
    cursor = connection.execute("SELECT text_sha256, vector FROM embeddings WHERE model = ?", (model,))
    judged: list[tuple[str, bool]] = []
    while rows := cursor.fetchmany(BATCH):
        whole = [(sha, blob) for sha, blob in rows if isinstance(blob, bytes) and len(blob) == 4 * dimensions]
        judged += [(sha, False) for sha, blob in rows if not isinstance(blob, bytes) or len(blob) != 4 * dimensions]
        vectors = np.frombuffer(b"".join(blob for _, blob in whole), dtype="<f4").reshape(len(whole), dimensions)
        with np.errstate(all="ignore"):
            lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
        sound = (np.abs(lengths - 1) < NEAR_ONE) | (lengths == 0)
        judged += [(sha, bool(each)) for (sha, _), each in zip(whole, sound, strict=True)]
        progress("vectors", len(judged), total)
    return judged
