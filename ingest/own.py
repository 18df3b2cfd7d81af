"""A user's own document: metadata that was given, and guesses where it was not."""

from __future__ import annotations

import re

from ingest.cleaning import CleanText
from ingest.extraction import Extracted
from ingest.sources import Source
from kb.blocks import parse_blocks
from kb.errors import ExtractionError
from kb.language import detect_document
from kb.records import Document
from kb.schema import OwnMetadata
from kb.shipped import sha256_of

TITLE_LENGTH = 160
COUNTRIES = {"da": "DK", "nb": "NO", "nn": "NO", "sv": "SE"}
"""The country where a document in a language probably comes from."""


def own_document(source: Source, given: OwnMetadata, extracted: Extracted, cleaned: CleanText) -> Document:
    """Return the document that a file is stored as; `guessed` names the fields that nobody gave.

    Raises `ExtractionError` (no-text) where nothing is left of the text.
    """
    if not cleaned.text.strip():
        raise ExtractionError(f"{source.file} has no text.", "no-text")
    language = given.language or detect_document(cleaned.text)
    guesses = {
        "title": guess_title(extracted.title, cleaned.text, source.path),
        "language": language,
        "year": extracted.year,
        "country": COUNTRIES.get(language),
    }
    guessed = tuple(name for name, guess in guesses.items() if getattr(given, name) is None and guess is not None)
    fields = given.model_dump(exclude={"id"})
    fields |= {name: guesses[name] for name in guessed}
    for name in ("sectors", "themes", "questions"):
        fields[name] = tuple(fields[name])
    return Document(
        **fields,
        id=source.id,
        text=cleaned.text,
        sha256=sha256_of(cleaned.text),
        text_by="source",
        guessed=guessed,
        pages=cleaned.pages,
    )


def guess_title(from_file: str | None, text: str, path: str) -> str:
    """Return a title: the first top heading, the file's own title, its first short line, or its name."""
    blocks = parse_blocks(text[:20_000])
    top = next((text[b.start : b.end] for b in blocks if b.kind == "heading" and b.level == 1), None)
    first = text[blocks[0].start : blocks[0].end] if blocks else ""
    short_first = first if 0 < len(first) <= TITLE_LENGTH and "\n" not in first else None
    name = re.sub(r"[-_]+", " ", path.rsplit("/", 1)[-1].rsplit(".", 1)[0]).strip()
    return (top or from_file or short_first or name or path).strip()[:TITLE_LENGTH]
