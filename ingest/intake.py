"""Taking in a user's own files: read ahead in parallel, staged in groups, published at once, noted in the journal.

A run that is interrupted leaves what it has staged and noted; the same request goes on where it stopped.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from ingest.again import stamp, suffices
from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.originals import keep_original, sync_originals
from ingest.service import Outcome, What, Workshop, refuse_unbuilt
from ingest.sources import Source, absolute, as_text, find_sources, is_gone, passed_over
from kb.errors import DataFolderError, DocumentError, ExtractionError, KBError
from kb.store import erase, journal, writer
from kb.store.catalogue import Listed, listed_documents

READER_VERSION = "4"
"""Raised whenever a file may be read differently than before, so that unchanged files are read again."""
GROUP_DOCUMENTS, GROUP_CHARACTERS = 8, 2_000_000
"""How many files, and characters of them, go through the pipeline together; bounds memory."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at: hashes of all it is made from and of the file; its text, or why there is none.

    There is neither where it is known already.
    """

    source: Source
    fingerprint: str = ""
    content: str = ""
    extracted: Extracted | None = None
    error: KBError | None = None


def ingest(
    workshop: Workshop,
    paths: list[Path],
    options: Mapping[str, Any] | None = None,
    document_id: str | None = None,
    prune: bool = False,
    only: Sequence[str] = (),
) -> list[Outcome]:
    """Take in files and folders; return one outcome a file, and one for each that vanished from a folder.

    Unchanged files are skipped and changed ones replaced. What vanished is removed only with `prune`. `only` names
    files (absolute paths) of those found to which the run keeps. Raises `DocumentError` before anything is done where a
    path does not exist or ids clash.
    """
    sources = find_sources(paths, options or {}, document_id)
    chosen = [source for source in sources if not only or as_text(source.file) in only]
    request = _request(paths, options or {}, document_id, prune)
    with workshop.writing(resume=True) as connection:
        refuse_unbuilt(workshop, connection)
        intake = _Intake(workshop, connection)
        for source in chosen:
            intake.refuse_clash(source)
        intake.take_in(chosen, journal.begin(connection, request))
        gone = _vanished(sources, intake.own, [absolute(path) for path in paths]) if not only else []
        intake.publish([s for s in gone if prune])
        for stored in gone:
            told = " ".join(intake.told) if stored is gone[-1] else ""
            what: What = "removed" if prune else "vanished"
            intake.outcomes.append(Outcome(what, stored.id, stored.path or "", told))
        erase.drop_unused_originals(connection, workshop.data)
    return intake.outcomes + ([] if only else _left_out(paths))


def _left_out(paths: list[Path]) -> list[Outcome]:
    """Return an outcome for each file that is of no kind that is read, and each that cannot be looked at."""
    others, closed = passed_over(paths)
    told = "it cannot be looked at; give this user the right to read it and ingest again"
    return [
        *(Outcome("failed", "", as_text(path), told, "document") for path in closed),
        *(Outcome("passed over", "", as_text(file), verdict="unsupported") for file in others),
    ]


def retry(workshop: Workshop) -> list[Outcome]:
    """Take in again what is in quarantine, as it was asked for; files that are there no more are let go."""
    with workshop.writing() as connection:
        held = journal.quarantine(connection)
        journal.release(connection, [each.file for each in held if not Path(each.file).is_file()])
    requests: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for each in held:
        if Path(each.file).is_file():
            requests.setdefault(repr(sorted(each.request.items())), (each.request, []))[1].append(each.file)
    found: list[Outcome] = []
    for asked, files in requests.values():
        paths = [Path(path) for path in asked["paths"]]
        found += ingest(workshop, paths, asked["options"], asked["document_id"], False, files)
    return found


def resume(workshop: Workshop) -> list[Outcome]:
    """Go on with the run that was interrupted. Raises `DocumentError` where there is none."""
    with workshop.writing(resume=True) as connection:
        run = journal.interrupted(connection)
    if run is None:
        raise DocumentError("No ingestion was interrupted. Name the files or folders to take in.")
    asked = run.request
    paths = [Path(path) for path in asked["paths"]]
    return ingest(workshop, paths, asked["options"], asked["document_id"], asked["prune"])


def _request(paths: Sequence[Path], options: Mapping[str, Any], document_id: str | None, prune: bool) -> dict[str, Any]:
    given = [as_text(absolute(path)) for path in paths]
    return {"paths": given, "options": dict(options), "document_id": document_id, "prune": prune}


class _Intake:
    """What has become of each file in a run so far."""

    def __init__(self, workshop: Workshop, connection: sqlite3.Connection) -> None:
        self.workshop, self.connection = workshop, connection
        live = listed_documents(connection)
        self.own = {s.id: s for s in live if s.origin == "own"}
        self.shipped = {s.id for s in live if s.origin == "shipped"}
        self.staged = {s.id: s for s in listed_documents(connection, "staged") if s.origin == "own"}
        self.contents = {
            (s.original or "").partition(".")[0]: (Path(s.folder or "") / (s.path or ""), s.id)
            for s in self.own.values()
        }
        """The file and the id of what is taken in, by the hash of the file."""
        self.outcomes: list[Outcome] = []
        self.told: tuple[str, ...] = ()
        """What a user has to know of what was erased."""
        self.taken: set[str] = set()
        """The ids of what is staged to be published."""

    def refuse_clash(self, source: Source) -> None:
        """Raise `DocumentError` where a file would have the id of another document."""
        if source.id in self.shipped:
            raise DocumentError(
                f"{source.file} would have the id '{source.id}' of a shipped document. Give it another with --id."
            )
        stored = self.own.get(source.id)
        if stored is None or stored.folder is None or stored.path is None:
            return
        before = Path(stored.folder) / stored.path
        moved = stored.path == source.path and not before.exists()
        if before != source.file and not moved:
            raise DocumentError(
                f"{source.file} would have the id '{source.id}', which {before} has already. Give it another with --id."
            )

    def take_in(self, sources: Sequence[Source], run: journal.Run) -> None:
        """Stage every file that is new or changed, and note what became of each."""
        self.run, self.noted = run, journal.entries(self.connection, run)
        self.done, self.total, self.pages, self.chunks = 0, len(sources), 0, 0
        self.workshop.progress("files", 0, self.total)
        group: list[Looked] = []
        for looked in _ahead(sources, self._look, os.cpu_count() or 1):
            if not self._settled(looked):
                group.append(looked)
            if len(group) >= GROUP_DOCUMENTS or sum(map(_characters, group)) >= GROUP_CHARACTERS:
                self._stage(group)
                group = []
        self._stage(group)
        order = {source.id: place for place, source in enumerate(sources)}
        self.outcomes.sort(key=lambda outcome: order[outcome.document_id])

    def publish(self, removed: Sequence[Listed]) -> None:
        """Make what is staged live and take out what is `removed`; the run is over then."""
        chosen = [s for s in listed_documents(self.connection, "staged") if s.id in self.taken]
        staged = {s.key for s in chosen}
        writer.drop_staged(self.connection, staged)
        sync_originals(self.workshop.data, [s.original for s in chosen])
        if removed:
            erase.begin(self.connection, self.workshop.data, removed)
        if staged or removed:
            self.workshop.publish(self.connection, [s.key for s in removed], anew=bool(removed))
        journal.end(self.connection, self.run)
        if removed:
            self.told = erase.erase(self.connection, self.workshop.data).messages

    def _look(self, source: Source) -> Looked:
        """Read a file unless it is known; runs beside the others and touches nothing of them."""
        looked, limits = Looked(source), self.workshop.limits
        try:
            fingerprint, content = source.fingerprint(f"{READER_VERSION} {self.workshop.window.version}")
            known = self._known(source, fingerprint)
            looked = Looked(source, known or stamp(fingerprint, limits), content)
            if known:
                return looked
            _load_ahead()
            extracted = (self.workshop.read or extract)(source.file, limits)
            return replace(looked, extracted=extracted, fingerprint=stamp(fingerprint, limits, extracted))
        except KBError as error:
            return replace(looked, error=error)

    def _known(self, source: Source, fingerprint: str) -> str | None:
        """Return the fingerprint under which a file was read as well as it can be, None where it was not."""
        noted = self.noted.get(as_text(source.file))
        before = [stored.get(source.id) for stored in (self.own, self.staged)]
        sources = [stored.source for stored in before if stored]
        sources += [noted.source] if noted and noted.what == "failed" else []
        return next((each for each in sources if each and suffices(each, fingerprint, self.workshop.limits)), None)

    def _settled(self, looked: Looked) -> bool:
        """Note what became of a file that need not be staged; tell whether that is so."""
        source, stored, staged = looked.source, self.own.get(looked.source.id), self.staged.get(looked.source.id)
        noted = self.noted.get(as_text(source.file))
        if looked.error:
            self.failed(source, looked.error, looked.fingerprint)
        elif stored and stored.source == looked.fingerprint:
            if stored.path == source.path and stored.folder != as_text(source.folder):
                writer.note_move(self.connection, stored.key, as_text(source.folder))
            self._note("unchanged", looked)
        elif staged and staged.source == looked.fingerprint:
            self._note_staged(looked, noted.message if noted else "", noted.verdict if noted else "ok")
        elif looked.extracted is None and noted:
            self._note("failed", looked, noted.message, noted.verdict)
        elif twin := self._twin(looked):
            self._note("duplicate", looked, f"the same file as {twin[0]} ({twin[1]})", "duplicate")
        else:
            self.contents.setdefault(looked.content, (source.file, source.id))
            return False
        return True

    def _twin(self, looked: Looked) -> tuple[Path, str] | None:
        """Return file and id of another document of the very same file, if that is still where it was taken from."""
        twin = self.contents.get(looked.content)
        if twin is None or looked.source.id in self.own or self.run.request["document_id"]:
            return None
        return twin if twin[0].is_file() else None

    def _stage(self, group: Sequence[Looked]) -> None:
        """Take a group of files through the pipeline."""
        from ingest import pipeline

        if not group:
            return
        read = {looked.source.file: looked for looked in group}
        failures: list[Source] = []

        def failed(source: Source, error: KBError) -> None:
            failures.append(source)
            self.failed(source, error, read[source.file].fingerprint)

        steps = [
            pipeline.Load(limits=self.workshop.limits, failed=failed, read=partial(_given, read)),
            pipeline.Clean(failed=failed),
            *pipeline.storing_steps(self.connection, self.workshop.embedder, self.workshop.window),
        ]
        sources = []
        for looked in group:
            try:
                sources.append(pipeline.source_node(looked.source, self._place(looked)))
            except DocumentError as error:
                failed(looked.source, error)
        nodes = pipeline.run(steps, sources)
        self._count(group, sum("chunk" in node.metadata for node in nodes))
        for looked in group:
            if looked.source not in failures and looked.extracted:
                self._note_staged(looked, looked.extracted.remarks, looked.extracted.verdict)

    def _count(self, group: Sequence[Looked], chunks: int) -> None:
        """Tell how many pages were read and chunks were cut so far."""
        self.pages += sum(len(looked.extracted.pages) for looked in group if looked.extracted)
        self.chunks += chunks
        self.workshop.progress("pages", self.pages, 0)
        self.workshop.progress("chunks", self.chunks, 0)

    def _place(self, looked: Looked) -> writer.Place:
        source = looked.source
        original = keep_original(source.file, looked.content, self.workshop.data)
        return writer.Place(source.path, as_text(source.folder), original, looked.fingerprint)

    def failed(self, source: Source, error: KBError, fingerprint: str) -> None:
        """Note that a file could not be taken in; what was stored of it before stays."""
        if isinstance(error, DataFolderError):
            raise error
        verdict = error.verdict if isinstance(error, ExtractionError) else error.code
        self._note("failed", Looked(source, fingerprint), str(error), verdict)

    def _note_staged(self, looked: Looked, message: str, verdict: str) -> None:
        self.taken.add(looked.source.id)
        self._note("changed" if looked.source.id in self.own else "added", looked, message, verdict)

    def _note(self, what: What, looked: Looked, message: str = "", verdict: str = "ok") -> None:
        source = looked.source
        self.outcomes.append(Outcome(what, source.id, source.path, message, verdict))
        entry = journal.Entry(as_text(source.file), what, source.id, source.path, verdict, message, looked.fingerprint)
        journal.note(self.connection, self.run, entry)
        self.done += 1
        self.workshop.progress("files", self.done, self.total)


@cache
def _load_ahead() -> None:
    """Begin to load the pipeline, which takes a second, while files are being read."""
    Thread(target=import_module, args=("ingest.pipeline",)).start()


def _given(read: Mapping[Path, Looked], file: Path, limits: Limits) -> Extracted:
    """Return what was read ahead of a file."""
    found = read[file].extracted
    return found if found is not None else extract(file, limits)


def _characters(looked: Looked) -> int:
    return sum(map(len, looked.extracted.pages)) if looked.extracted else 0


def _ahead(sources: Sequence[Source], look: Callable[[Source], Looked], jobs: int) -> Iterator[Looked]:
    """Yield what was seen of each source, in order, while the next ones are being read, one a job."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting: deque[Future[Looked]] = deque()
        try:
            for source in sources:
                waiting.append(pool.submit(look, source))
                if len(waiting) > jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _vanished(sources: Sequence[Source], own: Mapping[str, Listed], folders: list[Path]) -> list[Listed]:
    """Return the stored documents of these folders whose files are there no more."""
    seen = {source.id for source in sources}
    files = {as_text(source.file) for source in sources}
    roots = {as_text(folder) for folder in folders}
    gone = [s for s in own.values() if s.folder in roots and s.id not in seen]
    return [s for s in gone if f"{s.folder}/{s.path}" not in files and is_gone(Path(s.folder or "", s.path or ""))]
