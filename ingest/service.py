"""Build, ingest and remove: each a run of the pipeline and one publication, under the writer's lock."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingest.child import Limits
from ingest.chunking import Window
from ingest.sources import Source, absolute, as_text, find_sources
from kb.errors import CatalogueError, DataFolderError, DocumentError, ExtractionError, KBError
from kb.fingerprint import document_digest
from kb.models.embedder import Embedder
from kb.records import Document, Progress, no_progress
from kb.shipped import load_shipped
from kb.store import publish, writer
from kb.store.catalogue import StoredDocument, folder_error, open_catalogue, read_state, stored_documents
from kb.store.generation import open_generation
from kb.store.lock import writer_lock

READER_VERSION = "1"
"""Raised whenever a file may be read differently than before, so that unchanged files are read again."""
GROUPS_AT_ONCE = 8
"""How many documents (with their translations) go through the pipeline together; bounds memory."""

What = Literal["added", "changed", "unchanged", "failed", "vanished", "removed"]


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

    @property
    def window(self) -> Window:
        """Return the window that chunks are cut for."""
        return Window(self.embedder.count_tokens, self.embedder.window, self.embedder.id)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the lock and give the catalogue, cleared of what an interrupted run left behind."""
        with writer_lock(self.data, self.lock_seconds):
            connection = open_catalogue(self.data)
            try:
                writer.drop_staged(connection)
                yield connection
            except sqlite3.DatabaseError as error:
                raise folder_error(self.data, error) from None
            finally:
                connection.close()

    def publish(self, connection: sqlite3.Connection, retired: Sequence[int] = ()) -> None:
        """Make staged documents live; see `kb.store.publish`."""
        publish.publish(connection, self.data, self.embedder, self.window.version, retired, self.progress)


def build(workshop: Workshop, folder: Path | None = None) -> list[Outcome]:
    """Bring the index up to date with the shipped documents, the model and the chunker.

    Only what differs is made anew; a user's own documents stay. Returns what changed.
    """
    shipped = load_shipped(folder)
    with workshop.writing() as connection:
        live = {(s.document.id, s.document.language): s for s in stored_documents(connection)}
        _refuse_taken_ids(shipped, live.values())
        wanted = {(d.id, d.language) for group in shipped for d in group}
        stale = [group for group in shipped if not all(_current(workshop, live, d) for d in group)]
        retired = [s for place, s in live.items() if s.origin == "shipped" and place not in wanted]
        own = [s for s in live.values() if s.origin == "own" and s.chunker != workshop.window.version]
        if not (stale or retired or own) and _index_is_current(workshop, connection):
            return []
        _stage(workshop, connection, stale, own)
        workshop.publish(connection, [s.key for s in retired])
    return [
        Outcome("changed" if (d.id, d.language) in live else "added", d.id, d.language)
        for group in stale
        for d in group
    ] + [Outcome("removed", s.document.id, s.document.language) for s in retired]


def _current(workshop: Workshop, live: Mapping[tuple[str, str], StoredDocument], document: Document) -> bool:
    stored = live.get((document.id, document.language))
    return (
        stored is not None
        and stored.digest == document_digest(document, "shipped")
        and stored.chunker == workshop.window.version
    )


def _index_is_current(workshop: Workshop, connection: sqlite3.Connection) -> bool:
    state = read_state(connection)
    if state is None or state.generation is None or state.model != workshop.embedder.id:
        return False
    return (open_generation(workshop.data, state.generation).folder / "manifest.json").exists()


def _refuse_unbuilt(workshop: Workshop, connection: sqlite3.Connection) -> None:
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
        [pipeline.document_node(s.document, "own", place=writer.Place(s.path, s.folder, s.original, s.source))]
        for s in own
    ]
    workshop.progress("documents", 0, len(groups))
    for first in range(0, len(groups), GROUPS_AT_ONCE):
        batch = groups[first : first + GROUPS_AT_ONCE]
        pipeline.run(steps, [node for group in batch for node in group])
        workshop.progress("documents", first + len(batch), len(groups))


def ingest(
    workshop: Workshop,
    paths: list[Path],
    options: Mapping[str, Any] | None = None,
    document_id: str | None = None,
    prune: bool = False,
) -> list[Outcome]:
    """Take in files and folders; return one outcome a file, and one for each that vanished from a folder.

    Unchanged files are skipped and changed ones replaced. What vanished is removed only with `prune`.
    Raises `DocumentError` before anything is done where a path does not exist or ids clash.
    """
    sources = find_sources(paths, options or {}, document_id)
    with workshop.writing() as connection:
        _refuse_unbuilt(workshop, connection)
        own = {s.document.id: s for s in stored_documents(connection) if s.origin == "own"}
        shipped = {s.document.id for s in stored_documents(connection) if s.origin == "shipped"}
        for source in sources:
            _refuse_clash(source, own, shipped)
        outcomes = _Outcomes(workshop, connection, own, shipped)
        outcomes.take_in(sources)
        gone = _vanished(sources, own, [absolute(path) for path in paths])
        removed = gone if prune else []
        if outcomes.staged or removed:
            workshop.publish(connection, [s.key for s in removed])
        for stored in gone:
            outcomes.add("removed" if prune else "vanished", stored.document.id, stored.path or "")
        _drop_unused_originals(workshop.data, connection)
    return outcomes.all


class _Outcomes:
    """What has become of each file in a run so far."""

    def __init__(
        self, workshop: Workshop, connection: sqlite3.Connection, own: dict[str, StoredDocument], shipped: set[str]
    ) -> None:
        self.workshop, self.connection, self.own, self.shipped = workshop, connection, own, shipped
        self.all: list[Outcome] = []
        self.staged = 0

    def add(self, what: What, document_id: str, path: str, message: str = "", verdict: str = "ok") -> None:
        """Note what became of one file."""
        self.all.append(Outcome(what, document_id, path, message, verdict))

    def failed(self, source: Source, error: KBError) -> None:
        """Note that a file could not be taken in; what was stored of it before stays."""
        verdict = error.verdict if isinstance(error, ExtractionError) else error.code
        self.add("failed", source.id, source.path, str(error), verdict)

    def take_in(self, sources: list[Source]) -> None:
        """Stage every file that is new or changed."""
        self.workshop.progress("files", 0, len(sources))
        for done, source in enumerate(sources, 1):
            try:
                self._one(source)
            except KBError as error:
                if isinstance(error, DataFolderError):
                    raise
                self.failed(source, error)
            self.workshop.progress("files", done, len(sources))

    def _one(self, source: Source) -> None:
        from ingest import pipeline

        fingerprint = source.fingerprint(f"{READER_VERSION} {self.workshop.window.version}")
        stored = self.own.get(source.id)
        folder = as_text(source.folder)
        if stored and stored.source == fingerprint:
            if stored.path == source.path and stored.folder != folder:
                writer.note_move(self.connection, stored.key, folder)
            self.add("unchanged", source.id, source.path)
            return
        original = _keep_original(source.file, self.workshop.data)
        place = writer.Place(source.path, folder, original, fingerprint)
        steps = [
            pipeline.Load(limits=self.workshop.limits, failed=self.failed),
            pipeline.Clean(failed=self.failed),
            *pipeline.storing_steps(self.connection, self.workshop.embedder, self.workshop.window),
        ]
        before = len(self.all)
        results = pipeline.run(steps, [pipeline.source_node(source, place)])
        if len(self.all) == before and results:
            self.staged += 1
            extracted = results[0].metadata["extracted"]
            message = f"pages that could not be read: {extracted.failed_pages}" if extracted.failed_pages else ""
            self.add("changed" if stored else "added", source.id, source.path, message, extracted.verdict)


def _refuse_clash(source: Source, own: Mapping[str, StoredDocument], shipped: set[str]) -> None:
    if source.id in shipped:
        raise DocumentError(
            f"{source.file} would have the id '{source.id}' of a shipped document. Give it another with --id."
        )
    stored = own.get(source.id)
    if stored is None or stored.folder is None or stored.path is None:
        return
    before = Path(stored.folder) / stored.path
    moved = stored.path == source.path and not before.exists()
    if before != source.file and not moved:
        raise DocumentError(
            f"{source.file} would have the id '{source.id}', which {before} has already. Give it another with --id."
        )


def _vanished(sources: list[Source], own: Mapping[str, StoredDocument], folders: list[Path]) -> list[StoredDocument]:
    """Return the stored documents of these folders whose files are there no more."""
    seen = {source.id for source in sources}
    roots = {as_text(folder) for folder in folders}
    return [s for s in own.values() if s.folder in roots and s.document.id not in seen]


def _keep_original(file: Path, data: Path) -> str:
    """Copy a file to originals/ under its hash and return its name there."""
    import hashlib

    folder = data / "originals"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as source:
            name = hashlib.file_digest(source, "sha256").hexdigest() + file.suffix.lower()
        if not (folder / name).exists():
            partial = folder / f".{name}.{os.getpid()}"
            shutil.copyfile(file, partial)
            partial.replace(folder / name)
    except OSError as error:
        raise DataFolderError(f"{file} cannot be copied to {folder}: {error.strerror or error}.") from None
    return name


def remove(workshop: Workshop, ids: list[str]) -> list[Outcome]:
    """Remove a user's own documents. Raises `DocumentError` for an id that is none of theirs."""
    with workshop.writing() as connection:
        _refuse_unbuilt(workshop, connection)
        live = list(stored_documents(connection))
        own = {s.document.id: s for s in live if s.origin == "own"}
        for document_id in ids:
            if document_id in own:
                continue
            if any(s.document.id == document_id for s in live):
                raise DocumentError(f"'{document_id}' is a shipped document, which cannot be removed.")
            raise DocumentError(f"There is no document '{document_id}'. See: tillit status --documents")
        chosen = [own[document_id] for document_id in dict.fromkeys(ids)]
        workshop.publish(connection, [s.key for s in chosen])
        _drop_unused_originals(workshop.data, connection)
    return [Outcome("removed", s.document.id, s.path or "") for s in chosen]


def _drop_unused_originals(data: Path, connection: sqlite3.Connection) -> None:
    """Delete the originals that no document uses: removed, changed since, or never taken in."""
    used = {name for (name,) in connection.execute("SELECT original FROM documents WHERE original IS NOT NULL")}
    for file in (data / "originals").glob("*"):
        if file.name not in used:
            file.unlink(missing_ok=True)
