"""Build and remove: each a run of the pipeline and one publication, under the writer's lock (so is `ingest.intake`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from ingest.child import Limits
from ingest.chunking import Window
from ingest.extraction import Extracted
from kb.errors import CatalogueError, DocumentError
from kb.fingerprint import document_digest
from kb.models.embedder import Embedder
from kb.records import Document, Progress, no_progress
from kb.schema import OwnMetadata, metadata_problems
from kb.shipped import load_shipped
from kb.store import erase, publish, writer
from kb.store.catalogue import (
    StoredDocument,
    find_document,
    languages_of,
    listed_documents,
    open_catalogue,
    read_state,
    stored_documents,
)
from kb.store.checks.index import wanted_chunks
from kb.store.embeddings import embed_missing
from kb.store.erase import Erased
from kb.store.faults import folder_error
from kb.store.generation import open_generation
from kb.store.lock import writer_lock
from kb.store.sources import source_pages

GROUPS_AT_ONCE = 8
"""How many documents (with their translations) go through the pipeline together; bounds memory."""

What = Literal["added", "changed", "unchanged", "failed", "duplicate", "passed over", "vanished", "removed", "mended"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or document; `verdict` is the extraction's where there was one."""

    what: What
    document_id: str
    path: str
    message: str = ""
    verdict: str = "ok"


@dataclass(frozen=True)
class Workshop:
    """What every change of a knowledge base needs: where it lies, the model, limits and who is told."""

    data: Path
    embedder: Embedder
    limits: Limits = field(default_factory=Limits)
    lock_seconds: float = 5.0
    progress: Progress = no_progress
    read: Callable[[Path, Limits], Extracted] | None = None
    """How a file is read, if not by `ingest.extraction.extract`; called in several threads."""

    @property
    def window(self) -> Window:
        """Return the window that chunks are cut for."""
        return Window(self.embedder.count_tokens, self.embedder.window, self.embedder.id)

    @contextmanager
    def writing(self, resume: bool = False) -> Iterator[sqlite3.Connection]:
        """Hold the lock and give the catalogue, cleared of what an interrupted run left behind but to `resume` it."""
        with writer_lock(self.data, self.lock_seconds):
            connection = open_catalogue(self.data)
            try:
                if not resume:
                    writer.drop_staged(connection)
                yield connection
            except sqlite3.DatabaseError as error:
                raise folder_error(self.data, error) from None
            finally:
                connection.close()

    def publish(self, connection: sqlite3.Connection, retired: Sequence[int] = (), anew: bool = False) -> None:
        """Make staged documents live; see `kb.store.publish`."""
        publish.publish(connection, self.data, self.embedder, self.window.version, retired, self.progress, anew)


def build(workshop: Workshop, folder: Path | None = None, questions: bool = True) -> list[Outcome]:
    """Bring the index up to date with the shipped documents, the model and the chunker.

    Only what differs is made anew; a user's own documents stay. Returns what changed, or that the index was mended.
    Without `questions` the documents are taken in without those that their authors wrote, as a user's own are.
    """
    shipped = load_shipped(folder)
    if not questions:
        shipped = [[replace(each, questions=(), block_questions=()) for each in group] for group in shipped]
    with workshop.writing() as connection:
        live = {(s.document.id, s.document.language): s for s in stored_documents(connection)}
        _refuse_taken_ids(shipped, live.values())
        wanted = {(d.id, d.language) for group in shipped for d in group}
        stale = [group for group in shipped if not all(_current(workshop, live, d) for d in group)]
        retired = [s for place, s in live.items() if s.origin == "shipped" and place not in wanted]
        own = [s for s in live.values() if s.origin == "own" and s.chunker != workshop.window.version]
        before, damaged = connection.total_changes, not _index_is_current(workshop, connection)
        staying = [s.key for s in live.values() if s.chunker == workshop.window.version]
        embed_missing(connection, workshop.embedder, workshop.progress, staying)
        if stale or own:  # what stages documents takes seconds to load
            _stage(workshop, connection, stale, own)
        if stale or retired or own or damaged:
            workshop.publish(connection, [s.key for s in retired], anew=damaged)
        mended = connection.total_changes > before
    outcomes = [
        Outcome("changed" if (d.id, d.language) in live else "added", d.id, d.language)
        for group in stale
        for d in group
    ] + [Outcome("removed", s.document.id, s.document.language) for s in retired]
    return outcomes or ([Outcome("mended", "", "")] if mended else [])


def _current(workshop: Workshop, live: Mapping[tuple[str, str], StoredDocument], document: Document) -> bool:
    stored = live.get((document.id, document.language))
    return (
        stored is not None
        and stored.digest == document_digest(document, "shipped")
        and stored.chunker == workshop.window.version
    )


def _index_is_current(workshop: Workshop, connection: sqlite3.Connection) -> bool:
    """Tell whether there is an index of this model that can be read and holds every chunk that it ought to."""
    state = read_state(connection)
    if state is None or state.generation is None or state.model != workshop.embedder.id:
        return False
    generation = open_generation(workshop.data, state.generation)
    wanted = [key for key, _, _ in wanted_chunks(connection, workshop.embedder.reads)]
    return generation.problem() is None and generation.keys.tolist() == wanted


def refuse_unbuilt(workshop: Workshop, connection: sqlite3.Connection) -> None:
    """Refuse a change of a catalogue that was migrated: only a build writes the terms of what was there before."""
    state = read_state(connection)
    if state is not None and state.generation is None:
        raise CatalogueError(f"The index in {workshop.data} has to be made anew. Do so with: tillit build")


def _refuse_taken_ids(shipped: Iterable[list[Document]], live: Iterable[StoredDocument]) -> None:
    own = {s.document.id: s for s in live if s.origin == "own"}
    for group in shipped:
        if group[0].id in own:
            raise DocumentError(
                f"Your document {own[group[0].id].path} has the id '{group[0].id}', which is also a shipped "
                f"document's. Remove yours with: tillit remove {group[0].id} and ingest it again with another --id."
            )


def _stage(
    workshop: Workshop, connection: sqlite3.Connection, stale: list[list[Document]], own: list[StoredDocument]
) -> None:
    """Stage shipped documents that changed and own ones that have to be cut anew."""
    from ingest import pipeline

    steps = pipeline.storing_steps(connection, workshop.embedder, workshop.window)
    groups = [[pipeline.document_node(document, "shipped") for document in group] for group in stale]
    groups += [
        [pipeline.document_node(s.document, "own", place=_place(s), raw=source_pages(connection, s.key))] for s in own
    ]
    workshop.progress("documents", 0, len(groups))
    for first in range(0, len(groups), GROUPS_AT_ONCE):
        batch = groups[first : first + GROUPS_AT_ONCE]
        pipeline.run(steps, [node for group in batch for node in group])
        workshop.progress("documents", first + len(batch), len(groups))


def _place(stored: StoredDocument) -> writer.Place:
    return writer.Place(stored.path, stored.folder, stored.original, stored.source)


def remove(workshop: Workshop, ids: list[str]) -> tuple[list[Outcome], Erased]:
    """Remove a user's own documents, and erase all that the data folder holds of them; see `kb.store.erase`.

    Raises `DocumentError` for an id that is none of theirs.
    """
    with workshop.writing() as connection:
        refuse_unbuilt(workshop, connection)
        live = listed_documents(connection)
        own = {s.id: s for s in live if s.origin == "own"}
        for document_id in ids:
            if document_id in own:
                continue
            if any(s.id == document_id for s in live):
                raise DocumentError(f"'{document_id}' is a shipped document, which cannot be removed.")
            raise DocumentError(f"There is no document '{document_id}'. See: tillit status --documents")
        chosen = [own[document_id] for document_id in dict.fromkeys(ids)]
        erase.begin(connection, workshop.data, chosen)
        workshop.publish(connection, [s.key for s in chosen], anew=True)
        erased = erase.erase(connection, workshop.data)
    return [Outcome("removed", s.id, s.path or "") for s in chosen], erased


def describe(workshop: Workshop, document_id: str, said: Mapping[str, Any]) -> Outcome:
    """Change what is said of a user's own document, as front matter would; its text, its original and its id stay.

    What is `said` is no guess any more, even where it is None. Once the file or its sidecar is changed and ingested,
    they count again. Raises `DocumentError` for an id that is none of theirs, and for what cannot be said.
    """
    with workshop.writing() as connection:
        refuse_unbuilt(workshop, connection)
        texts = (find_document(connection, document_id, language) for language in languages_of(connection, document_id))
        stored = next((text for text in texts if text and text.origin == "own"), None)
        if stored is None:
            raise DocumentError(f"There is no document of yours '{document_id}'. See: tillit status --documents")
        _stage(workshop, connection, [], [replace(stored, document=_described(stored.document, said))])
        workshop.publish(connection)
    return Outcome("changed", document_id, stored.path or "")


def _described(document: Document, said: Mapping[str, Any]) -> Document:
    try:
        checked = OwnMetadata.model_validate(dict(said)).model_dump(include={*said}, exclude={"id"})
    except ValidationError as error:
        problem = metadata_problems(error)[0][1]
        raise DocumentError(f"What is said of '{document.id}' cannot be used: {problem}.") from None
    for name in ("title", "language"):
        checked[name] = checked.get(name) or getattr(document, name)
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in checked.items()
    }
    guessed = tuple(name for name in document.guessed if name not in said)
    return replace(document, **fields, guessed=guessed)
