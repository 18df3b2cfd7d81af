"""Publishing: the one commit point.

Documents are staged, invisible to readers; then the new index generation is built and verified; then one
transaction makes the staged documents live, takes out what they replace and names the generation.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import DataFolderError, DiskFullError
from kb.fingerprint import corpus_fingerprint, index_fingerprint
from kb.models.embedder import Embedder
from kb.records import Progress
from kb.store import generation as generations
from kb.store import terms
from kb.store.catalogue import State, read_state, term_language
from kb.store.embeddings import EMBED_BATCH, embed_missing, known_vectors
from kb.store.faults import is_refused
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
    gone = {*retired, *_replaced(connection)}
    before = read_state(connection)
    base = None if anew else _base(data, before, embedder)
    name = _next_generation(connection, data, embedder, gone, base, progress)
    with transaction(connection):
        terms.delete_documents(connection, sorted(gone))
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
    wanted = _wanted_chunks(connection, embedder, [])
    name = generations.build_generation(data, None, _change(connection, embedder, None, wanted), progress)
    with transaction(connection):
        write_state(connection, name, embedder.id, chunker)


def write_state(connection: sqlite3.Connection, generation: str, model: str, chunker: str) -> None:
    """Write the commit point: the documents as they are now, with this generation."""
    corpus = corpus_fingerprint(connection.execute("SELECT id, language, digest FROM documents").fetchall())
    fingerprint = index_fingerprint(corpus, chunker, [model])
    before, now = read_state(connection), datetime.now(UTC)
    if before and before.updated == _in_seconds(now):  # readers know a commit point by it, whatever the clock says
        now += timedelta(seconds=1)
    connection.execute(
        "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?)",
        (generation, model, corpus, fingerprint, _in_seconds(now)),
    )


def _in_seconds(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _replaced(connection: sqlite3.Connection) -> list[int]:
    # A document of the user's own is one text, which may be in another language than before.
    rows = connection.execute(
        "SELECT live.key FROM documents live JOIN documents staged ON staged.id = live.id WHERE live.state = 'live' "
        "AND staged.state = 'staged' AND (staged.language = live.language OR staged.origin = 'own')"
    )
    return [int(key) for (key,) in rows]


def _base(data: Path, state: State | None, embedder: Embedder) -> generations.Generation | None:
    """Return the current generation where the next one can be made by changing it: where it is of this model."""
    if state is None or state.generation is None or state.model != embedder.id:
        return None
    return generations.open_generation(data, state.generation)


def _next_generation(
    connection: sqlite3.Connection,
    data: Path,
    embedder: Embedder,
    gone: Collection[int],
    base: generations.Generation | None,
    progress: Progress,
) -> str:
    """Build the generation that holds the vectors of all documents but those in `gone`.

    What `base` holds has its vectors, so only the documents that it lacks are looked through for what has none.
    """
    wanted = _wanted_chunks(connection, embedder, gone)
    if base is not None:
        try:
            embed_missing(connection, embedder, progress, _lacking(connection, wanted, base))
            return generations.build_generation(data, base, _change(connection, embedder, base, wanted), progress)
        except DiskFullError:
            raise
        except (DataFolderError, OSError, ValueError, EOFError) as error:
            if isinstance(error, DataFolderError) and is_refused(error.__context__):
                raise
            log.warning("The index cannot be changed (%s). Making it anew from the catalogue.", error)
    keys = connection.execute("SELECT key FROM documents ORDER BY key").fetchall()
    embed_missing(connection, embedder, progress, [key for (key,) in keys if key not in gone])
    return generations.build_generation(data, None, _change(connection, embedder, None, wanted), progress)


def _lacking(connection: sqlite3.Connection, wanted: NDArray[np.void], base: generations.Generation) -> list[int]:
    """Return the keys of the documents that have chunks that `base` has not, and of those that are staged."""
    import numpy as np

    staged = {key for (key,) in connection.execute("SELECT key FROM documents WHERE state = 'staged'")}
    return sorted(staged.union(wanted["document"][~np.isin(wanted["key"], base.keys)].tolist()))


def _change(
    connection: sqlite3.Connection,
    embedder: Embedder,
    base: generations.Generation | None,
    wanted: NDArray[np.void],
) -> generations.Change:
    """Return what leads from `base` to the vectors of the chunks that are wanted, by key."""
    import numpy as np

    have = base.keys if base else np.empty(0, dtype=np.int64)
    new, state = wanted[~np.isin(wanted["key"], have)], read_state(connection)
    return generations.Change(
        model=embedder.id,
        dimensions=embedder.dimensions,
        added=new["key"],
        languages=new["language"],
        chunks=partial(_chunks, connection),
        vectors=partial(_vectors, connection, embedder),
        removed=np.setdiff1d(have, wanted["key"]).tolist(),
        before=state.generation if state else None,
    )


def _vectors(connection: sqlite3.Connection, embedder: Embedder, chunks: Sequence[int]) -> NDArray[np.float32]:
    """Return the vectors of chunks, given by their keys, shape (len(chunks), dimensions)."""
    import numpy as np

    vectors = np.empty((len(chunks), embedder.dimensions), dtype=np.float32)
    for first in range(0, len(chunks), EMBED_BATCH):
        part = chunks[first : first + EMBED_BATCH]
        texts = dict(
            connection.execute(f"SELECT key, embedded FROM chunks WHERE key IN ({','.join('?' * len(part))})", part)
        )
        known = known_vectors(connection, embedder, list(texts.values()))
        for row, chunk in enumerate(part, first):
            vectors[row] = known[texts[chunk]]
    return vectors


def _wanted_chunks(connection: sqlite3.Connection, embedder: Embedder, gone: Collection[int]) -> NDArray[np.void]:
    """Return the chunks that are searched by their vectors, but for those of documents in `gone`, by key.

    Each has a `key`, the key of its `document`, and the `language` of the table in which its terms lie.
    """
    import numpy as np

    rows = connection.execute(
        "SELECT c.key, d.key, d.language FROM chunks c JOIN documents d ON d.key = c.document ORDER BY c.key"
    )
    wanted = (
        (key, document, term_language(language))
        for key, document, language in rows
        if document not in gone and embedder.reads(language)
    )
    return np.fromiter(wanted, dtype=[("key", np.int64), ("document", np.int64), ("language", "U2")])


def _chunks(connection: sqlite3.Connection, keys: Sequence[int]) -> list[generations.Added]:
    """Return what an index keeps of chunks, given their keys, ascending."""
    chosen, first, last = set(keys), keys[0], keys[-1]
    documents = connection.execute("SELECT DISTINCT document FROM chunks WHERE key BETWEEN ? AND ?", (first, last))
    added: list[generations.Added] = []
    for (document,) in documents.fetchall():
        name, language, text, record = connection.execute(
            "SELECT id, language, text, record FROM documents WHERE key = ?", (document,)
        ).fetchone()
        shared = {"document_id": name, "language": language, "title": json.loads(record)["title"]}
        rows = connection.execute(
            'SELECT key, "start", "end" FROM chunks WHERE document = ? AND key BETWEEN ? AND ?', (document, first, last)
        )
        added += [
            (key, text[start:end], {**shared, "start": start, "end": end}) for key, start, end in rows if key in chosen
        ]
    return sorted(added, key=itemgetter(0))
