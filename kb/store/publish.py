"""Publishing: the one commit point.

Documents are staged, invisible to readers; then the new index generation is built and verified; then one
transaction makes the staged documents live, takes out what they replace and names the generation.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import DataFolderError
from kb.fingerprint import corpus_fingerprint, index_fingerprint
from kb.models.embedder import Embedder
from kb.records import Progress
from kb.store import generation as generations
from kb.store import terms
from kb.store.catalogue import read_state
from kb.store.embeddings import embed_missing, known_vectors
from kb.store.writer import transaction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)


def publish(
    connection: sqlite3.Connection,
    data: Path,
    embedder: Embedder,
    chunker: str,
    retired: Sequence[int],
    progress: Progress,
    anew: bool = False,
) -> None:
    """Make the staged documents live and take out those they replace and the `retired` keys.

    Builds and verifies the new index generation first; the change is acknowledged when this returns. `anew` makes it
    from the catalogue alone: in a copy, Chroma's files keep what was deleted. Raises `DataFolderError`.
    """
    gone = sorted({*retired, *_replaced(connection)})
    embed_missing(connection, embedder, progress, gone)
    before = read_state(connection)
    name = _next_generation(connection, data, embedder, gone, progress, anew)
    with transaction(connection):
        terms.delete_documents(connection, gone)
        terms.index_staged(connection, progress)
        connection.execute("UPDATE documents SET state = 'live' WHERE state = 'staged'")
        write_state(connection, name, embedder.id, chunker)
    generations.sweep(data, {name, before.generation if before else None})


def publish_anew(
    connection: sqlite3.Connection, data: Path, embedder: Embedder, chunker: str, progress: Progress
) -> None:
    """Build and verify a generation from the vectors in the catalogue alone, and make it the current one.

    Nothing may be staged, and no chunk may lack its vector: nothing is embedded. Older generations are left.
    """
    name = generations.build_generation(data, None, _change(connection, embedder, None, []), progress)
    with transaction(connection):
        write_state(connection, name, embedder.id, chunker)


def write_state(connection: sqlite3.Connection, generation: str, model: str, chunker: str) -> None:
    """Write the commit point: the documents as they are now, with this generation."""
    corpus = corpus_fingerprint(connection.execute("SELECT id, language, digest FROM documents").fetchall())
    fingerprint = index_fingerprint(corpus, chunker, [model])
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute(
        "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?)", (generation, model, corpus, fingerprint, now)
    )


def _replaced(connection: sqlite3.Connection) -> list[int]:
    # A document of the user's own is one text, which may be in another language than before.
    rows = connection.execute(
        "SELECT live.key FROM documents live JOIN documents staged ON staged.id = live.id WHERE live.state = 'live' "
        "AND staged.state = 'staged' AND (staged.language = live.language OR staged.origin = 'own')"
    )
    return [int(key) for (key,) in rows]


def _next_generation(
    connection: sqlite3.Connection, data: Path, embedder: Embedder, gone: list[int], progress: Progress, anew: bool
) -> str:
    """Build the generation that holds the vectors of all documents but those in `gone`."""
    state = read_state(connection)
    if not anew and state and state.generation and state.model == embedder.id:
        try:
            base = generations.open_generation(data, state.generation)
            return generations.build_generation(data, base, _change(connection, embedder, base, gone), progress)
        except (DataFolderError, OSError, ValueError, EOFError) as error:
            log.warning("The index cannot be changed (%s). Making it anew from the catalogue.", error)
    return generations.build_generation(data, None, _change(connection, embedder, None, gone), progress)


def _change(
    connection: sqlite3.Connection, embedder: Embedder, base: generations.Generation | None, gone: list[int]
) -> generations.Change:
    """Return what leads from `base` to the vectors of all documents but those in `gone`."""
    wanted = _wanted_chunks(connection, embedder, set(gone))
    have = {int(key) for key in base.keys} if base else set()
    new = sorted(wanted.keys() - have)
    known = known_vectors(connection, embedder, [wanted[key] for key in new])
    return generations.Change(
        model=embedder.id,
        dimensions=embedder.dimensions,
        added=[(key, *_node_content(connection, key)) for key in new],
        vectors=_stacked([known[wanted[key]] for key in new], embedder.dimensions),
        removed=sorted(have - wanted.keys()),
    )


def _stacked(vectors: list[NDArray[np.float32]], dimensions: int) -> NDArray[np.float32]:
    import numpy as np

    return np.stack(vectors) if vectors else np.empty((0, dimensions), dtype=np.float32)


def _wanted_chunks(connection: sqlite3.Connection, embedder: Embedder, gone: set[int]) -> dict[int, str]:
    rows = connection.execute(
        "SELECT c.key, c.embedded, d.key, d.language FROM chunks c JOIN documents d ON d.key = c.document"
    )
    return {
        int(key): str(embedded)
        for key, embedded, document, language in rows
        if document not in gone and embedder.reads(language)
    }


def _node_content(connection: sqlite3.Connection, key: int) -> tuple[str, dict[str, str | int]]:
    row = connection.execute(
        'SELECT d.id, d.language, c."start", c."end", substr(d.text, c."start" + 1, c."end" - c."start"), d.record '
        "FROM chunks c JOIN documents d ON d.key = c.document WHERE c.key = ?",
        (key,),
    ).fetchone()
    title = json.loads(row[5])["title"]
    return row[4], {"document_id": row[0], "language": row[1], "title": title, "start": row[2], "end": row[3]}
