"""The library as plain data: the shelves of all documents, and one of them as a link names it."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from app.cases import Case, Span, alphabetic, current_cases
from app.labels import value
from ingest.extraction import REMARKS
from kb.analysis import fold
from kb.answering import quoting
from kb.errors import DataFolderError
from kb.knowledge_base import KnowledgeBase
from kb.records import Block, Document
from kb.retrieval.filters import Entry
from kb.retrieval.snapshot import reading_order
from kb.store import journal
from kb.store.catalogue import StoredDocument, languages_of, live_document, read_blocks, reading
from kb.store.checks.originals import FOLDER, hash_in, hash_of
from kb.vocabulary import LANGUAGES

OWN = "own"
SHELVES = (OWN, "case", "report", "agreement", "principle")
"""What documents are grouped by: a user's own ones stand together, whatever kind they are of."""
REMARKED = ("failed", "late", "hidden", "pdfium", "ocr")
"""The names of what is told of how a file was read."""
LONGEST_ID, LONGEST_NAME, LONGEST_SEARCH = 200, 80, 500
"""Signs of an id, of a file's name and of what is searched for that are looked at."""
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_UNSAFE = re.compile(r"[^\w .()+,-]|^\.+")
_PAGES = r"(?: \(page ([0-9, -]+)\))?"


@dataclass(frozen=True, slots=True)
class Text:
    """A document in one language, with its blocks."""

    document: Document
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A document on a shelf, without its text; `about` is what is searched of it, folded."""

    document: Document
    shelf: str
    about: str


@dataclass(frozen=True, slots=True)
class File:
    """The stored original of a user's own document, and the name under which it is handed out."""

    path: Path
    name: str

    def read(self) -> bytes:
        """Return what the file holds. Raises `DataFolderError` where it is gone or has changed."""
        if hash_of(self.path) != hash_in(self.path.name):
            raise DataFolderError("The original file is missing or has been changed. See: tillit doctor")
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it is read: in a language, at a place of its text, beside another language."""

    languages: tuple[str, ...]
    """Those in which it stands, ours first."""
    text: Text
    at: Span | None = None
    beside: Text | None = None
    own: bool = False
    file: File | None = None
    remarks: tuple[tuple[str, str], ...] = ()
    """What was seen when the file was read (a name in `REMARKS`), each with its pages where it has some."""


# One document ----------------------------------------------------------------------------------


def open_place(data: Path, place: Mapping[str, str], language: str) -> tuple[Opened | None, str | None]:
    """Return the document that a link names, and what is wrong with the link, if anything.

    `place` has `document` and may have `language`, `at` ("START-END" in that language's text) and `beside`. Without
    a language it is the one that a reader of `language` reads. A link to a document that is there opens it even where
    the rest of it is wrong. Raises `KBError` where the catalogue cannot be read.
    """
    name = place.get("document", "")
    if not name.isprintable() or len(name) > LONGEST_ID:  # such as a sign that SQLite cannot take
        return None, "no-document"
    with reading(data) as connection:
        there = languages_of(connection, name)
        if not there:
            return None, "no-document"
        readable = next(code for code in (*reading_order(language), *there) if code in there)
        shown = place["language"] if place.get("language") in there else readable
        stored, text = _text(connection, name, shown)
        aside = place.get("beside", shown)
        beside = _text(connection, name, aside)[1] if aside in there and aside != shown else None
        remarks = _remarks(journal.remarks(connection, name, stored.source))
    at = _span(place.get("at", ""), text.document) if place.get("language") == shown else None
    languages = tuple(code for code in dict.fromkeys((*LANGUAGES, *there)) if code in there)
    marked = at if at and at[0] < at[1] else None
    opened = Opened(languages, text, marked, beside, stored.origin == OWN, _file(data, stored), remarks)
    if not {place.get("language", shown), aside} <= {*there}:
        return opened, "no-language"
    return opened, "no-place" if "at" in place and at is None else None


def _text(connection: sqlite3.Connection, name: str, language: str) -> tuple[StoredDocument, Text]:
    stored = live_document(connection, name, language)
    return stored, Text(stored.document, read_blocks(connection, stored.key))


def _span(given: str, document: Document) -> Span | None:
    """Return the place in a text that a link names, None where there is no such place."""
    found = _SPAN.fullmatch(given)
    start, end = (int(found[1]), int(found[2])) if found else (1, 0)
    return (start, end) if start <= end <= len(document.text) else None


def _file(data: Path, stored: StoredDocument) -> File | None:
    """Return the original of a document where it is there.

    It is handed out by the name that it was taken in by; one that was added in the app lay under its hash then, and its
    id has what is left of its name.
    """
    path = data / FOLDER / Path(stored.original or "").name
    if stored.origin != OWN or not stored.original or not path.is_file():
        return None
    name = Path((stored.path or "").replace("\\", "/")).stem
    stem = _UNSAFE.sub("_", name if name and name != hash_in(path.name) else stored.document.id)
    return File(path, f"{stem[:LONGEST_NAME] or 'document'}{path.suffix}")


def _remarks(told: str) -> tuple[tuple[str, str], ...]:
    found = ((name, re.search(re.escape(REMARKS[name]) + _PAGES, told)) for name in REMARKED)
    return tuple((name, match[1] or "") for name, match in found if match)


def same_place(text: Text, at: Span, other: Text) -> Span | None:
    """Return a place of a text in another text of its document; None where they do not align."""
    document, blocks = text.document, text.blocks
    inside = [each for each in blocks if document.text[max(each.start, at[0]) : min(each.end, at[1])].strip()]
    if not inside or not quoting.aligned(blocks, other.blocks):
        return None
    quote = quoting.Quote(document, blocks, inside[0].number, inside[-1].number, *at)
    found = quoting.in_text(quote, other.document, other.blocks)
    return found.start, found.end


def link(data: Path, opened: Opened, language: str, beside: str) -> dict[str, str]:
    """Return the link to an open document in a language, `beside` another or none, at the same place if it is there."""
    document = opened.text.document
    place = {"document": document.id, "language": language}
    if beside and beside != language:
        place["beside"] = beside
    at = opened.at
    if at and language != document.language:
        other = open_place(data, place, language)[0]
        at = same_place(opened.text, at, other.text) if other else None
    return place | ({"at": f"{at[0]}-{at[1]}"} if at else {})


def shared(document: Document, entry: Entry) -> list[str]:
    """Return what a document and a related one have in common: sectors, themes, then country."""
    countries = [document.country] if document.country else []
    return [
        *(each for each in document.sectors if each in entry.sectors),
        *(each for each in document.themes if each in entry.themes),
        *(each for each in countries if each == entry.country),
    ]


# The shelves -----------------------------------------------------------------------------------


def shelves(kb: KnowledgeBase, text: str, language: str) -> dict[str, list[Book]]:
    """Return the documents in which all words of `text` are found, by shelf, by title; raises `KBError`.

    Words are looked for in title, organisation, publisher, country and sectors, as parts of words, also without the
    signs above letters.
    """
    words = fold(text[:LONGEST_SEARCH]).split()
    books = _books(kb, kb.status().index, language)
    found = [book for book in books if all(word in book.about for word in words)]
    groups = {name: [book for book in found if book.shelf == name] for name in SHELVES}
    return {name: shelf for name, shelf in groups.items() if shelf}


@lru_cache(maxsize=8)
def _books(kb: KnowledgeBase, _fingerprint: str, language: str) -> tuple[Book, ...]:
    """Return all documents by title; `_fingerprint` tells one state of the documents from another."""
    books = [_book(case, language) for case in current_cases(kb, language).values()]
    return tuple(sorted(books, key=lambda book: alphabetic(book.document.title, language)))


def _book(case: Case, language: str) -> Book:
    document = replace(case.document, text="")  # which the cases of the current state alone keep
    values = [value(each, language) for each in (document.country or "", *document.sectors)]
    folded = fold(" ".join([document.title, document.organisation or "", document.publisher or "", *values]))
    shelf = OWN if case.entry.origin == OWN else document.kind
    return Book(document, shelf, f"{folded} {_bare(folded)}")


def _bare(folded: str) -> str:
    """Return a folded text without the signs above its letters: "angelholm", "tonder"."""
    letters = unicodedata.normalize("NFD", folded.translate({ord("ø"): "o", ord("æ"): "ae"}))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
