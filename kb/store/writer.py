"""Changing the catalogue: stage documents, publish them, remove them.

There is one commit point. Documents are staged, invisible to readers; then the new index
generation is built and verified; then one transaction makes the staged documents live, takes out
what they replace and names the generation. Whatever is killed before that leaves no trace but
staged rows, which the next writer drops.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kb.analysis import stems, tokens
from kb.embedding import Embedder
from kb.errors import DataFolderError
from kb.fingerprint import corpus_fingerprint, document_digest, index_fingerprint
from kb.records import Block, Chunk, Document, Progress
from kb.store import generation as generations
from kb.store.catalogue import TERM_LANGUAGES, document_from_json, document_to_json, read_state

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)
EMBED_BATCH = 256
CONTEXT_LENGTH = 160
"""How much of a title and of a heading path is embedded with a chunk, so that the text itself has room."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user's own document came from.

    Its path below a folder, its name under originals/, and the hash of all that it was made from.
    """

    path: str | None = None
    folder: str | None = None
    original: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be stored: blocks, chunks, and where it came from."""

    document: Document
    blocks: tuple[Block, ...]
    chunks: tuple[Chunk, ...]
    origin: str
    chunker: str
    place: Place = Place()


def text_to_embed(document: Document, chunk: Chunk) -> str:
    """Return what is embedded of a chunk: title, heading path and text."""
    path = " › ".join(heading for heading in chunk.headings if heading != document.title)
    return "\n".join(part for part in (document.title[:CONTEXT_LENGTH], path[-CONTEXT_LENGTH:], chunk.text) if part)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one write transaction. Raises `DataFolderError` where the disk is full."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise DataFolderError(f"The catalogue cannot be written ({error}). Nothing was lost.") from None
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def note_move(connection: sqlite3.Connection, key: int, folder: str) -> None:
    """Note that the folder that a document was taken from lies elsewhere now."""
    with transaction(connection):
        connection.execute("UPDATE documents SET folder = ? WHERE key = ?", (folder, key))


def drop_staged(connection: sqlite3.Connection) -> None:
    """Drop what an interrupted run left behind; embeddings already made are kept."""
    with transaction(connection):
        connection.execute("DELETE FROM documents WHERE state = 'staged'")


def stage(connection: sqlite3.Connection, prepared: Iterable[Prepared]) -> None:
    """Store documents, invisible to readers until they are published."""
    with transaction(connection):
        for item in prepared:
            _stage_one(connection, item)


def _stage_one(connection: sqlite3.Connection, item: Prepared) -> None:
    document = item.document
    connection.execute(
        "DELETE FROM documents WHERE id = ? AND language = ? AND state = 'staged'", (document.id, document.language)
    )
    key = connection.execute(
        "INSERT INTO documents (state, origin, id, language, digest, chunker, record, text, path, folder, original, "
        "source) VALUES ('staged', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            item.origin,
            document.id,
            document.language,
            document_digest(document, item.origin),
            item.chunker,
            document_to_json(document),
            document.text,
            item.place.path,
            item.place.folder,
            item.place.original,
            item.place.source,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (key, block.number, block.kind, block.start, block.end, block.level, json.dumps(block.headings), block.lead)
            for block in item.blocks
        ],
    )
    connection.executemany(
        'INSERT INTO chunks (document, block_first, block_last, "start", "end", headings, embedded) '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                key,
                chunk.block_first,
                chunk.block_last,
                chunk.start,
                chunk.end,
                json.dumps(chunk.headings),
                sha256(text_to_embed(document, chunk).encode()).hexdigest(),
            )
            for chunk in item.chunks
        ],
    )


def embed_missing(
    connection: sqlite3.Connection, embedder: Embedder, progress: Progress, gone: Sequence[int] = ()
) -> None:
    """Embed the chunks that have no vector of this model yet, but for documents in `gone`, and keep the vectors."""
    missing = list(_chunks_without_vector(connection, embedder, gone).items())
    for first in range(0, len(missing), EMBED_BATCH):
        progress("embed", first, len(missing))
        embed_texts(connection, embedder, dict(missing[first : first + EMBED_BATCH]))
        progress("embed", min(first + EMBED_BATCH, len(missing)), len(missing))


def embed_texts(
    connection: sqlite3.Connection, embedder: Embedder, texts: dict[str, str]
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of texts by their SHA-256; those that are not known yet are made and kept."""
    known = _known_vectors(connection, embedder, list(texts))
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


def _known_vectors(
    connection: sqlite3.Connection, embedder: Embedder, keys: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    import numpy as np

    query = "SELECT vector FROM embeddings WHERE text_sha256 = ? AND model = ?"
    found = ((key, connection.execute(query, (key, embedder.id)).fetchone()) for key in keys)
    return {key: np.frombuffer(row[0], dtype="<f4") for key, row in found if row}


def _chunks_without_vector(connection: sqlite3.Connection, embedder: Embedder, gone: Sequence[int]) -> dict[str, str]:
    marks = ",".join("?" * len(embedder.languages))
    rows = connection.execute(
        'SELECT c.embedded, d.record, c.block_first, c.block_last, c."start", c."end", '
        'substr(d.text, c."start" + 1, c."end" - c."start"), c.headings '
        "FROM chunks c JOIN documents d ON d.key = c.document "
        f"WHERE d.language IN ({marks}) AND d.key NOT IN ({','.join(map(str, gone))}) AND NOT EXISTS "
        "(SELECT 1 FROM embeddings e WHERE e.text_sha256 = c.embedded AND e.model = ?) ORDER BY c.key",
        (*sorted(embedder.languages), embedder.id),
    )
    missing = {}
    for sha, record, first, last, start, end, text, headings in rows:
        document = document_from_json(record, "")
        path = tuple(json.loads(headings))
        chunk = Chunk(document.id, document.language, first, last, start, end, text, path)
        missing[sha] = text_to_embed(document, chunk)
    return missing


def publish(
    connection: sqlite3.Connection,
    data: Path,
    embedder: Embedder,
    chunker: str,
    retired: Sequence[int],
    progress: Progress,
) -> None:
    """Make the staged documents live and take out those they replace and the `retired` keys.

    Builds and verifies the new index generation first; the change is acknowledged when this returns.
    """
    gone = sorted({*retired, *_replaced(connection)})
    embed_missing(connection, embedder, progress, gone)
    before = read_state(connection)
    name = _next_generation(connection, data, embedder, gone, progress)
    with transaction(connection):
        _delete_documents(connection, gone)
        _index_terms(connection, progress)
        connection.execute("UPDATE documents SET state = 'live' WHERE state = 'staged'")
        digests = connection.execute("SELECT id, language, digest FROM documents").fetchall()
        corpus = corpus_fingerprint(digests)
        connection.execute(
            "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?)",
            (
                name,
                embedder.id,
                corpus,
                index_fingerprint(corpus, chunker, [embedder.id]),
                datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )
    generations.sweep(data, {name, before.generation if before else None})


def _replaced(connection: sqlite3.Connection) -> list[int]:
    # A document of the user's own is one text, which may be in another language than before.
    rows = connection.execute(
        "SELECT live.key FROM documents live JOIN documents staged ON staged.id = live.id WHERE live.state = 'live' "
        "AND staged.state = 'staged' AND (staged.language = live.language OR staged.origin = 'own')"
    )
    return [int(key) for (key,) in rows]


def _next_generation(
    connection: sqlite3.Connection, data: Path, embedder: Embedder, gone: list[int], progress: Progress
) -> str:
    """Build the generation that holds the vectors of all documents but those in `gone`."""
    state = read_state(connection)
    if state and state.generation and state.model == embedder.id:
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
    known = _known_vectors(connection, embedder, [wanted[key] for key in new])
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
    marks = ",".join("?" * len(embedder.languages))
    rows = connection.execute(
        "SELECT c.key, c.embedded, d.key FROM chunks c JOIN documents d ON d.key = c.document "
        f"WHERE d.language IN ({marks})",
        sorted(embedder.languages),
    )
    return {int(key): str(embedded) for key, embedded, document in rows if document not in gone}


def _node_content(connection: sqlite3.Connection, key: int) -> tuple[str, dict[str, str | int]]:
    row = connection.execute(
        'SELECT d.id, d.language, c."start", c."end", substr(d.text, c."start" + 1, c."end" - c."start"), d.record '
        "FROM chunks c JOIN documents d ON d.key = c.document WHERE c.key = ?",
        (key,),
    ).fetchone()
    title = json.loads(row[5])["title"]
    return row[4], {"document_id": row[0], "language": row[1], "title": title, "start": row[2], "end": row[3]}


def _delete_documents(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    for key in keys:
        (language,) = connection.execute("SELECT language FROM documents WHERE key = ?", (key,)).fetchone()
        connection.execute(
            f"DELETE FROM {terms_table(language)} WHERE rowid IN (SELECT key FROM chunks WHERE document = ?)", (key,)
        )
        connection.execute("DELETE FROM documents WHERE key = ?", (key,))


def terms_table(language: str) -> str:
    """Return the name of the FTS5 table that holds texts of a language."""
    return f"terms_{language if language in TERM_LANGUAGES else 'en'}"


def _index_terms(connection: sqlite3.Connection, progress: Progress) -> None:
    """Write the index terms of the staged documents' chunks."""
    staged = connection.execute("SELECT key, language, record, text FROM documents WHERE state = 'staged'").fetchall()
    for done, (key, language, record, text) in enumerate(staged, 1):
        document = document_from_json(record, text)
        title = " ".join(stems(document.title, language))
        questions = " ".join(stems(" ".join(document.questions), language))
        rows = connection.execute('SELECT key, "start", "end", headings FROM chunks WHERE document = ?', (key,))
        connection.executemany(
            f"INSERT INTO {terms_table(language)} (rowid, title, headings, text, questions, exact) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    chunk,
                    title,
                    " ".join(stems(" ".join(h for h in json.loads(headings) if h != document.title), language)),
                    " ".join(stems(text[start:end], language)),
                    questions,
                    " ".join(tokens(text[start:end])),
                )
                for chunk, start, end, headings in rows.fetchall()
            ],
        )
        if done % 50 == 0 or done == len(staged):
            progress("terms", done, len(staged))
