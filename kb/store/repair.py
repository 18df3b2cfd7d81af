"""Repairs: what can be made anew from the catalogue is, and nothing is embedded again.

What cannot is marked, so that the next build or ingest makes it anew. Each step is a transaction of its own, adds a
file or deletes what nothing uses, so that a repair can be stopped at any moment.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.errors import CatalogueError, KBError
from kb.models.embedder import Embedder
from kb.records import Document, Progress, no_progress
from kb.store import erase, publish
from kb.store.catalogue import (
    FILE_NAME,
    State,
    document_from_json,
    document_to_json,
    open_catalogue,
    read_state,
)
from kb.store.checks import activity, catalogue, index, leftovers, originals, vectors
from kb.store.checks.documents import UNREADABLE, Fault, faults_in
from kb.store.checks.finding import counted
from kb.store.checks.terms import problems_of
from kb.store.doctor import Surroundings, maker_of, opened
from kb.store.faults import folder_error, is_refused
from kb.store.generation import sweep
from kb.store.lock import writer_lock
from kb.store.swap import put_back, settle
from kb.store.terms import index_anew
from kb.store.writer import drop_staged, transaction
from kb.vocabulary import UNKNOWN


def repair(data: Path, around: Surroundings, lock_seconds: float, progress: Progress = no_progress) -> list[str]:
    """Mend what can be mended, and return a line for each thing that was.

    Raises `CatalogueError` where the catalogue itself is damaged or of another version, `LockedError` while another
    process writes, `DataFolderError` where the disk is full.
    """
    mended = ["the folder that an interrupted restore had set aside was put back"] if put_back(data) else []
    _refuse_hopeless(data)
    with writer_lock(data, lock_seconds):
        if settle(data):
            mended.append("an interrupted restore was cleared away")
        mended += activity.set_aside(data)
        return mended + mend(data, around, progress)


def mend(data: Path, around: Surroundings, progress: Progress = no_progress) -> list[str]:
    """Do what `repair` does where the writer's lock is held already. Raises the same errors."""
    _refuse_hopeless(data)
    with _catalogue(data) as connection:
        state = read_state(connection)
        return list(_Repair(data, connection, state, around, progress).steps()) if state else []


def _refuse_hopeless(data: Path) -> None:
    """Raise `CatalogueError` where nothing can be made from the catalogue, before anything is written."""
    try:
        with catalogue.looking(data) as connection:
            found = catalogue.check_catalogue(connection)
    except sqlite3.Error as error:
        if is_refused(error) and (data / FILE_NAME).exists():
            raise folder_error(data, error) from None
        raise CatalogueError(f"The catalogue in {data} is damaged ({error}). {catalogue.BUILD_ANEW}.") from None
    if found.verdict != "ok":
        raise CatalogueError(f"The catalogue in {data} cannot be mended: {found.message}. {found.advice}.")


@contextmanager
def _catalogue(data: Path) -> Iterator[sqlite3.Connection]:
    connection = open_catalogue(data)
    connection.text_factory = catalogue.readable
    try:
        yield connection
    except (sqlite3.DatabaseError, OSError) as error:
        raise folder_error(data, error) from None
    finally:
        connection.close()


@dataclass(frozen=True)
class _Repair:
    data: Path
    connection: sqlite3.Connection
    state: State
    around: Surroundings
    progress: Progress

    def steps(self) -> Iterator[str]:
        """Mend one thing after the other, and yield what was mended."""
        cutters = self._cutters()  # before documents are marked, which hides who cut them
        model = opened(self.around.model)
        yield from self._rows()
        yield from self._originals()
        faults = list(faults_in(self.connection, self.progress))
        yield from self._documents(faults)
        yield from self._vectors(model, {fault.key for fault in faults})
        tables = problems_of(self.data, self.connection)
        for table in tables:
            with transaction(self.connection):
                index_anew(self.connection, table, self.progress)
            yield f"the search terms in {table} were made anew"
        yield from self._index(maker_of(self.connection, self.state, model), cutters, bool(tables))
        yield from self._leftovers()

    def _cutters(self) -> tuple[str | None, str]:
        """Return the version of the chunker that explains the fingerprint, and the one that explains a new one."""
        explaining = index.explaining_chunker(self.connection, self.state, self.around.chunker)
        versions = index.chunkers_in(self.connection)
        return explaining, versions[0] if versions else self.around.chunker()

    def _rows(self) -> Iterator[str]:
        staged = self._count("SELECT count(*) FROM documents WHERE state = 'staged'")
        drop_staged(self.connection)
        if staged:
            yield f"{counted(staged, 'staged text was', 'staged texts were')} dropped"
        with transaction(self.connection):
            lost = catalogue.delete_lost_rows(self.connection)
        if lost:
            yield f"{counted(lost, 'row was', 'rows were')} deleted that belonged to nothing"

    def _originals(self) -> Iterator[str]:
        """Fetch lost originals from where they came from; mark those documents whose file is not the same any more."""
        lost = originals.lost_originals(self.data, self.connection, self.progress)
        found = [each for each in lost if originals.hash_of(Path(each.file)) == originals.hash_in(each.original)]
        for each in found:
            _copy(Path(each.file), self.data / originals.FOLDER / Path(each.original).name)
        if found:
            yield f"{counted(found, 'original was', 'originals were')} copied again from the files given before"
        self._mark("source", [each.key for each in lost if each not in found])

    def _documents(self, faults: Sequence[Fault]) -> Iterator[str]:
        """Mark damaged documents, so that shipped ones are built, and one's own ingested again."""
        for fault in faults:
            if fault.part == "text":
                self._make_readable(fault)
        self._mark("source", [f.key for f in faults if f.own and f.part == "text"])
        cut = [f.key for f in faults if not f.own or f.part == "cut"]
        self._mark("chunker", cut)
        if any(not fault.marked for fault in faults):
            yield f"{counted(faults, 'damaged text is', 'damaged texts are')} marked, to be built or ingested again"

    def _make_readable(self, fault: Fault) -> None:
        """Write a damaged text back as it can be read; a record that cannot be is replaced by one that says nothing.

        Otherwise one damaged row would end every search and every build.
        """
        name, language, origin, record, text = self.connection.execute(
            "SELECT id, language, origin, record, text FROM documents WHERE key = ?", (fault.key,)
        ).fetchone()
        try:
            document_from_json(record, text)
        except UNREADABLE:
            record = document_to_json(_untold(name, language, text, origin))
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE documents SET record = ?, text = ? WHERE key = ?", (record, text, fault.key)
            )

    def _vectors(self, model: Embedder | KBError, faulty: Collection[int]) -> Iterator[str]:
        """Delete what cannot be a vector, and mark the documents that lack one."""
        maker = maker_of(self.connection, self.state, model)
        broken = vectors.broken_vectors(self.connection, maker.id, self.progress)
        with transaction(self.connection):
            self.connection.executemany(
                "DELETE FROM embeddings WHERE text_sha256 = ? AND model = ?", [(sha, maker.id) for sha in broken]
            )
        lacking = vectors.lacking_documents(self.connection, maker, faulty, self.progress)
        self._mark("chunker", [each.key for each in lacking])
        if any(not each.marked for each in lacking):
            yield f"{counted(lacking, 'text')} without all vectors marked, so that the next build makes them"

    def _index(self, maker: Embedder, cutters: tuple[str | None, str], changed: bool) -> Iterator[str]:
        """Make the generation anew where it is damaged; else write the commit point anew where it has to change."""
        explaining, newest = cutters
        chunker = newest if explaining is None else explaining
        if self.state.generation is None or self.state.model is None:
            return
        damaged = index.generation_problem(self.data, self.connection, self.state, maker.reads)
        if damaged and self._has_all_vectors(maker):
            publish.publish_anew(self.connection, self.data, maker, chunker, self.progress)
            current = read_state(self.connection)
            sweep(self.data, {current.generation if current else None})
            yield "the index was made anew"
        elif explaining is None or changed:  # readers keep what they have read of a commit point until it changes
            with transaction(self.connection):
                publish.write_state(self.connection, self.state.generation, self.state.model, chunker)
        if explaining is None:
            yield "the fingerprint was computed again"

    def _has_all_vectors(self, maker: Embedder) -> bool:
        wanted = {sha for _, sha, _ in index.wanted_chunks(self.connection, maker.reads)}
        return wanted <= vectors.sound_vectors(self.connection, maker.id, self.progress)

    def _leftovers(self) -> Iterator[str]:
        state = read_state(self.connection)
        current = state.generation if state else None
        older = index.older_generations(self.data, current)
        held = sweep(self.data, {current, index.generation_before(self.data, current)})
        files = [*originals.unused_originals(self.data, self.connection), *leftovers.temporary_files(self.data)]
        for file in files:
            file.unlink(missing_ok=True)
        if len(older) > len(held):
            yield f"{counted(len(older) - len(held), 'generation was', 'generations were')} deleted that nothing uses"
        if files:
            yield f"{counted(files, 'file was', 'files were')} deleted that nothing uses"
        if erase.pending(self.data) and not erase.erase(self.connection, self.data).left:
            yield "what was removed is erased from the disk now"

    def _mark(self, column: str, keys: Sequence[int]) -> None:
        """Mark documents by emptying what is compared to find out whether they have to be made anew."""
        with transaction(self.connection):
            self.connection.executemany(f"UPDATE documents SET {column} = '' WHERE key = ?", [(key,) for key in keys])

    def _count(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])


def _untold(name: str, language: str, text: str, origin: str) -> Document:
    """Return a document of which nothing is known but its text; its hash is none, so that it stays damaged."""
    return Document(
        id=name,
        language=language,
        title=name,
        text=text,
        sha256="",
        kind=UNKNOWN,
        evidence=UNKNOWN,
        stance=UNKNOWN,
        text_by="source" if origin == "own" else "tillit",
    )


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(file, partial)
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(target)
