"""A user's own document: metadata that was given, and guesses where it was not."""

from __future__ import annotations

import re
from datetime import date
from itertools import takewhile

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
OPENING_LINES, OPENING_LINE = 6, 100
"""Lines at a text's beginning that may say when it was written, and characters of each; longer ones tell of things."""
EARLIEST_YEAR = 1990
NEEDED = ("title", "language")
"""What every document has."""
COUNTRIES = {"da": "DK", "nb": "NO", "nn": "NO", "sv": "SE"}
"""The country where a document in a language probably comes from."""

_YEAR = re.compile(r"(?<![0-9A-Za-z])(?:19|20)[0-9]{2}(?![0-9A-Za-z])")
_MONTHS = (
    r"(?:jan(?:uar[iy]?)?|feb(?:ruar[iy]?)?|mar(?:s|ts|ch)|apr(?:il)?|ma[ijy]|jun[ei]?|jul[iy]?"
    r"|aug(?:usti?)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cs](?:ember)?)"
)
_DATES = (
    re.compile(rf"\b{_MONTHS}\.?,? (?:[0-9]{{1,2}}(?:st|nd|rd|th)?,? )?((?:19|20)[0-9]{{2}})\b", re.IGNORECASE),
    re.compile(r"\b[0-9]{1,2}[./-] ?[0-9]{1,2}[./-] ?((?:19|20)[0-9]{2})\b"),
    re.compile(r"\b((?:19|20)[0-9]{2})-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12][0-9]|3[01])\b"),
)
"""A month with its year, a day by numbers, a day as ISO 8601 writes it."""


def own_document(source: Source, given: OwnMetadata, extracted: Extracted, cleaned: CleanText) -> Document:
    """Return the document that a file is stored as; `guessed` names the fields that nobody gave.

    A year or country that is given as null is not guessed: it is known that there is none, or nobody knows it.
    Raises `ExtractionError` (no-text) where nothing is left of the text.
    """
    if not cleaned.text.strip():
        raise ExtractionError(f"{source.file} has no text.", "no-text")
    language = given.language or detect_document(cleaned.text)
    guesses = {
        "title": guess_title(extracted.title, cleaned.text, source.path),
        "language": language,
        "year": guess_year(cleaned.text, source.path) or extracted.year,
        "country": COUNTRIES.get(language),
    }
    unsaid = (name for name in guesses if name in NEEDED or name not in given.model_fields_set)
    guessed = tuple(name for name in unsaid if getattr(given, name) is None and guesses[name] is not None)
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


def guess_year(text: str, path: str) -> int | None:
    """Return the year of a date in a text's first short lines, else the only year that these, or the file's name, have.

    None where there is none: several years are a span that is told of.
    """
    lines = [line for line in text.splitlines() if line.strip()][:OPENING_LINES]
    opening = "\n".join(takewhile(lambda line: len(line) <= OPENING_LINE, lines))
    name = path.rsplit("/", 1)[-1].replace("_", " ")
    dates = [match[1] for pattern in _DATES for match in pattern.finditer(opening)]
    named = [match[1] for match in _DATES[-1].finditer(name)]
    for years in (dates[:1], _YEAR.findall(opening), named, _YEAR.findall(name)):
        if len(set(years)) == 1 and EARLIEST_YEAR <= int(years[0]) <= date.today().year:
            return int(years[0])
    return None
