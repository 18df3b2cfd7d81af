"""Documents that a maintainer adds in the app: staged by hash, read and shown before anything is published.

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
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.labels import Labels
from app.reader import rich
from ingest.chunking import chunk_group
from ingest.cleaning import clean
from ingest.extraction import Extracted, extract, ranges
from ingest.kinds import FORMATS, OLDER
from ingest.own import guess_title, own_document
from ingest.service import Outcome, Workshop
from ingest.sources import Source, read_metadata, slug
from kb.blocks import parse_blocks
from kb.errors import DocumentError, KBError
from kb.store import journal
from kb.store.catalogue import listed_documents, reading
from kb.store.faults import folder_error

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Chunk, Document, Progress
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
WARNINGS = ("failed", "late", "hidden", "pdfium", "ocr")
"""What was seen on pages (`ingest.extraction.REMARKS`), which are texts of the page too."""
FIELDS = (
    *("title", "language", "year", "country", "kind", "organisation", "publisher", "source_url"),
    *("evidence", "stance", "sectors", "themes"),
)
"""The metadata that a maintainer is asked for."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that was sent: the name it came with, made fit to be shown, where it lies, its hash and size in bytes."""

    name: str
    file: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be published: its verdict, and what the reader says or the id of its twin."""

    staged: Staged
    verdict: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that can be published: what was read of it, as a document with its chunks as they would be cited."""

    staged: Staged
    verdict: str
    id: str
    document: Document
    chunks: tuple[Chunk, ...]
    extracted: Extracted


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


def workshop_of(settings: Settings, kb: KnowledgeBase, progress: Progress) -> Workshop:
    """Return what ingesting needs, with the model that the app has loaded. Raises `SettingsError` for OCR it lacks."""
    from app.commands.common import limits_of
    from ingest.readers.ocr import installed_languages

    limits = limits_of(settings, installed_languages() if settings.ocr else "")
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
        return Refused(staged, verdict if verdict in FAILURES else "document", named(str(error), staged))
    chunks = chunk_group([(document, parse_blocks(document.text))], workshop.window)[0]
    return Ready(staged, extracted.verdict, source.id, document, chunks, extracted)


def named(message: str, staged: Staged) -> str:
    """Return a message in which a file has the name that it came with."""
    return message.replace(str(staged.file), staged.name).replace(staged.file.name, staged.name)


def fields_of(document: Document) -> dict[str, Any]:
    """Return the metadata of a document that a maintainer can change."""
    values = {name: getattr(document, name) for name in FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def options_of(read: Ready, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a maintainer said of a document beyond what was read or guessed; the rest stays a guess.

    Raises `DocumentError` where it cannot be used.
    """
    document, extracted = read.document, read.extracted
    asked = {name: value.strip() or None if isinstance(value, str) else value for name, value in fields.items()}
    asked["title"] = asked["title"] or document.title
    if str(asked["year"]).isdecimal():
        asked["year"] = int(str(asked["year"]))
    before = fields_of(document)
    options = {name: value for name, value in asked.items() if value != before[name]}
    named_by_hash = document.title != guess_title(extracted.title, document.text, read.staged.file.name)
    if "title" in document.guessed and named_by_hash:
        options["title"] = asked["title"]
    source = Source(read.staged.file, read.staged.file.parent, read.staged.name, read.id, options)
    try:
        read_metadata(source, extracted.front_matter)
    except DocumentError as error:
        raise DocumentError(named(str(error), read.staged)) from None
    return options


def free_id(wanted: str, taken: Collection[str]) -> str:
    """Return an id that no document has: the wanted one, or that with a number."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def publish(workshop: Workshop, read: Ready, options: Mapping[str, Any]) -> Outcome:
    """Take in a file that was previewed, as it was read then; what was staged of it is deleted.

    Raises a `KBError` where the knowledge base cannot be written; what was staged stays then, to be tried again.
    """
    from ingest.intake import ingest

    staged = read.staged
    with reading(workshop.data) as connection:
        taken = {stored.id for stored in listed_documents(connection)}
    if twin := known_files(workshop.data).get(staged.sha256):
        discard(staged)
        return Outcome("duplicate", twin, staged.name, verdict="duplicate")

    as_before = replace(workshop, read=lambda _file, _limits: read.extracted)
    try:
        outcome = ingest(as_before, [staged.file], options, free_id(read.id, taken))[0]
    except DocumentError as error:
        raise DocumentError(named(str(error), staged)) from None
    discard(staged)
    return replace(outcome, path=staged.name, message=named(outcome.message, staged))


def own_documents(kb: KnowledgeBase) -> list[Entry]:
    """Return the user's own documents, by title."""
    return sorted((entry for entry in kb.entries() if entry.origin == "own"), key=lambda each: each.title.casefold())


def quarantined(data: Path) -> list[journal.Quarantined]:
    """Return the files that could not be taken in."""
    with reading(data) as connection:
        return journal.quarantine(connection)


def warnings_of(read: Ready, say: Labels) -> list[str]:
    """Return what a maintainer has to know of how a file was read, a sentence each."""
    seen = read.extracted.seen
    return [say(name, pages=ranges(seen[name])) for name in WARNINGS if seen.get(name)]


def message_html(message: str) -> str:
    """Return what a reader of files says, which is English."""
    return f'<div class="tillit"><div class="print" lang="en">{escape(message)}</div></div>'


def chunks_html(document: Document, chunks: Sequence[Chunk], say: Labels) -> str:
    """Return chunks as they would be cited: the page and headings of each above its text."""
    return "".join(_chunk_html(document, chunk, say) for chunk in chunks)


def _chunk_html(document: Document, chunk: Chunk, say: Labels) -> str:
    page = document.page_of(chunk.start)
    place = " › ".join([*([say("page", n=page)] if page else []), *chunk.headings])
    above = f'<div class="print">{escape(place)}</div>' if place else ""
    text = f'<p lang="{escape(document.language)}">{rich(chunk.text)}</p>'
    return f'<div class="tillit"><div class="card passage">{above}{text}</div></div>'
