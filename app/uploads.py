"""Documents that a maintainer adds in the app: staged by hash, read before anything is published, changed afterwards.

What is staged lies in `uploads/` of the data folder, a folder for each visit; the names that files come with are only
ever shown. Reading, cutting and storing are those of `ingest`. This module draws nothing.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from app import upload_fields
from ingest.chunking import chunk_group
from ingest.cleaning import clean
from ingest.extraction import Extracted, extract
from ingest.kinds import FORMATS, OLDER
from ingest.own import own_document
from ingest.service import Outcome, Workshop, describe
from ingest.sources import SIDECAR, Source, read_metadata, slug
from ingest.verdict import LEAST_LETTERS_IN_PDF, judge_text
from kb.blocks import parse_blocks
from kb.errors import DocumentError, KBError, SettingsError
from kb.store import journal
from kb.store.catalogue import listed_documents, reading
from kb.store.faults import folder_error

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Block, Chunk, Document, Progress
    from kb.retrieval.filters import Entry
    from kb.settings import Settings

FOLDER = "uploads"
KEPT_SECONDS = 24 * 3600
"""After this long, what a visit staged and did not publish is deleted."""
MOST_FILES = 20
"""Files that are read at once; the browser's are held in memory until then."""
NAME_LENGTH = 120
FAILURES = (
    *("empty", "duplicate", "no-text", "garbled", "encrypted", "malformed", "too-big", "timeout", "unsupported"),
    "document",
)
"""The verdicts on a file that cannot be added, which are texts of the page; `document` is any other fault."""
SUCCESSES = ("ok", "partial")
"""The verdicts on a file that can be added, which are texts of the page too."""
SCANNED = ("no-text", "garbled")
"""The verdicts on PDFs of which text recognition (OCR) may read more."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that was sent: the name it came with, made fit to be shown, where it lies, its hash and size in bytes."""

    name: str
    file: Path
    sha256: str
    size: int

    @property
    def sidecar(self) -> Path:
        """Return where what a maintainer says of it is written."""
        return self.file.with_name(self.file.name + SIDECAR)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be published: its verdict, and what the reader says or the id of its twin."""

    staged: Staged
    verdict: str
    message: str = ""
    recognised: bool = False
    """Whether text recognition was tried."""

    @property
    def scanned(self) -> bool:
        """Tell whether text recognition may read it."""
        return scanned(self.staged.file, self.verdict) and not self.recognised


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that can be published: what was read of it, as a document with its chunks as they would be cited."""

    staged: Staged
    verdict: str
    id: str
    document: Document
    blocks: tuple[Block, ...]
    chunks: tuple[Chunk, ...]
    extracted: Extracted
    unread: tuple[int, ...] = ()
    """The pages without text (from 1) that text recognition may read."""


@dataclass(frozen=True)
class OpenWorkshop(Workshop):
    """A workshop beside a knowledge base that is open: after each publication it reads what is new at once.

    So it lets go of the index before, which could not be erased else; and no visitor waits for the new one.
    """

    kb: KnowledgeBase = field(kw_only=True)

    def publish(self, connection: sqlite3.Connection, retired: Sequence[int] = (), anew: bool = False) -> None:
        """Make staged documents live; see `kb.store.publish`."""
        super().publish(connection, retired, anew)
        with suppress(KBError):  # the next question tells of it
            self.kb.entries()


def scanned(file: Path, verdict: str) -> bool:
    """Tell whether a file with that verdict may have pages that are pictures of text."""
    return file.suffix.lower() == ".pdf" and verdict in SCANNED


@lru_cache(maxsize=1)
def recognition() -> tuple[str, str]:
    """Return the languages in which text recognition reads ("dan+eng"), or none and what has to be installed for it."""
    from ingest.readers.ocr import installed_languages

    try:
        return installed_languages(), ""
    except SettingsError as error:
        return "", str(error)


def workshop_of(settings: Settings, kb: KnowledgeBase, progress: Progress, recognise: bool = False) -> Workshop:
    """Return what ingesting needs, with the model that the app has loaded; `recognise` reads pictures of text too.

    Raises `SettingsError` for text recognition that is set and is not installed.
    """
    from app.commands.common import limits_of
    from ingest.readers.ocr import installed_languages

    limits = limits_of(settings, installed_languages() if settings.ocr or recognise else "")
    return OpenWorkshop(settings.data, kb.embedder, limits, settings.lock_seconds, progress, kb=kb)


def new_visit() -> str:
    """Return the name of a visit's own folder."""
    return secrets.token_hex(8)


def shown_name(name: str) -> str:
    """Return the name of a file as it can be shown: without folders, in one line, of bounded length."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = " ".join("".join(char if char.isprintable() else " " for char in last).split())
    return printable[-NAME_LENGTH:] or "?"


def stage(data: Path, visit: str, name: str, content: bytes | memoryview) -> Staged:
    """Write a file that was sent into the visit's folder, under its hash. Raises `DataFolderError`."""
    digest, suffix = sha256(content).hexdigest(), Path(shown_name(name)).suffix.lower()
    file = data / FOLDER / visit / (digest + (suffix if suffix in FORMATS or suffix in OLDER else ""))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise folder_error(data, error) from None
    return Staged(shown_name(name), file, digest, len(content))


def discard(staged: Staged) -> None:
    """Delete what was staged of a file, and the visit's folder with its last one."""
    try:
        staged.sidecar.unlink(missing_ok=True)
        staged.file.unlink(missing_ok=True)
        staged.file.parent.rmdir()
    except OSError:  # other files of the visit, or a disk that takes nothing: sweep() deletes it
        return


def sweep(data: Path) -> None:
    """Delete what visits staged more than a day ago."""
    oldest = time.time() - KEPT_SECONDS
    folder = data / FOLDER
    with suppress(OSError):  # what cannot be looked at or deleted now is tried again by the next visit
        for visit in folder.iterdir() if folder.is_dir() else ():
            if visit.stat().st_mtime < oldest:
                shutil.rmtree(visit)


def known_files(data: Path) -> dict[str, str]:
    """Return the ids of the user's own documents by the hash of the file that each was made from."""
    with reading(data) as connection:
        return {(s.original or "").partition(".")[0]: s.id for s in listed_documents(connection) if s.original}


def preview(workshop: Workshop, staged: Staged, known: Mapping[str, str]) -> Ready | Refused:
    """Read a staged file as an ingestion would, and give its verdict; `known` is what `known_files` returns."""
    if staged.size == 0:
        return Refused(staged, "empty")
    if staged.sha256 in known:
        return Refused(staged, "duplicate", known[staged.sha256])
    try:
        extracted = extract(staged.file, workshop.limits)
        source = Source(staged.file, staged.file.parent, staged.name, slug(staged.name), {})
        given = read_metadata(source, extracted.front_matter)
        source = replace(source, id=given.id or source.id)
        document = own_document(source, given, extracted, clean(extracted))
    except KBError as error:
        verdict = str(getattr(error, "verdict", "document"))
        known_verdict = verdict if verdict in FAILURES else "document"
        return Refused(staged, known_verdict, named(str(error), staged), bool(workshop.limits.ocr))
    blocks = parse_blocks(document.text)
    chunks = chunk_group([(document, blocks)], workshop.window)[0]
    unread = () if workshop.limits.ocr else _unread(extracted)
    return Ready(staged, extracted.verdict, source.id, document, blocks, chunks, extracted, unread)


def _unread(extracted: Extracted) -> tuple[int, ...]:
    """Return the pages of a PDF that were read and gave no text, or none that can be read."""
    if extracted.format != "pdf":
        return ()
    texts = ((number, text) for number, text in enumerate(extracted.pages, 1) if number not in extracted.failed_pages)
    return tuple(number for number, text in texts if judge_text(text, LEAST_LETTERS_IN_PDF) != "ok")


def named(message: str, *staged: Staged) -> str:
    """Return a message in which files have the names that they came with."""
    for each in staged:
        message = message.replace(str(each.file), each.name).replace(each.file.name, each.name)
    return message


def free_id(wanted: str, taken: Collection[str]) -> str:
    """Return an id that no document has: the wanted one, or that with a number."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def publish(workshop: Workshop, chosen: Sequence[tuple[Ready, Mapping[str, Any]]]) -> list[Outcome]:
    """Take in files that were previewed, as they were read then, in one run; return what became of each.

    Each comes with its options (`upload_fields.metadata_of`), which a sidecar beside what was staged carries. What was
    staged is deleted. Raises a `KBError` where the knowledge base cannot be written; nothing is published then, and
    all can be tried again.
    """
    from ingest.intake import ingest

    twins, fresh = known_files(workshop.data), dict[str, Ready]()
    with reading(workshop.data) as connection:
        taken = {stored.id for stored in listed_documents(connection)}
    for each, options in chosen:
        if each.staged.sha256 not in twins:
            name = free_id(each.id, taken | fresh.keys())
            fresh[name] = each
            _write_sidecar(workshop.data, each.staged, {**options, "id": name})
    read = {each.staged.file.name: each.extracted for each in fresh.values()}
    as_before = replace(workshop, read=lambda file, _limits: read[file.name])
    try:
        found = ingest(as_before, [each.staged.file for each in fresh.values()]) if fresh else []
    except DocumentError as error:
        raise DocumentError(named(str(error), *(each.staged for each in fresh.values()))) from None
    became = {fresh[outcome.document_id].staged.sha256: outcome for outcome in found}
    return [_told(each.staged, became.get(each.staged.sha256), twins) for each, _ in chosen]


def _write_sidecar(data: Path, staged: Staged, said: Mapping[str, Any]) -> None:
    """Write what was said of a file beside it, where an ingestion looks for it. Raises `DataFolderError`."""
    try:
        staged.sidecar.write_text(yaml.safe_dump(dict(said), allow_unicode=True), encoding="utf-8")
    except OSError as error:
        raise folder_error(data, error) from None


def _told(staged: Staged, outcome: Outcome | None, twins: Mapping[str, str]) -> Outcome:
    """Return what became of a file, by the name it came with, and delete what was staged of it."""
    discard(staged)
    if outcome is None:
        return Outcome("duplicate", twins[staged.sha256], staged.name, verdict="duplicate")
    return replace(outcome, path=staged.name, message=named(outcome.message, staged))


def own_documents(kb: KnowledgeBase) -> list[Entry]:
    """Return the user's own documents, by title."""
    return sorted((entry for entry in kb.entries() if entry.origin == "own"), key=lambda each: each.title.casefold())


def quarantined(data: Path) -> list[journal.Quarantined]:
    """Return the files that could not be taken in."""
    with reading(data) as connection:
        return journal.quarantine(connection)


def change(workshop: Workshop, document: Document, said: Mapping[str, Any]) -> Outcome:
    """Change what is said of a user's own document to what stands in a form; see `ingest.service.describe`."""
    return describe(workshop, document.id, upload_fields.metadata_of(said, document))


def taken_from(data: Path, document_id: str) -> Path | None:
    """Return the file from which a document was taken in by `tillit ingest`, None where the app took it in."""
    with reading(data) as connection:
        found = next((each for each in listed_documents(connection) if each.id == document_id), None)
    if found is None or not found.path or found.path == found.original:
        return None
    return Path(found.folder or "", found.path)
