"""What a maintainer says of a document in the form: tidied, checked field by field, and as metadata. Draws nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kb.records import Document

FIELDS = (
    *("title", "language", "year", "country", "kind", "organisation", "publisher", "source_url"),
    *("evidence", "stance", "sectors", "themes"),
)
"""The metadata that a maintainer is asked for."""
FIRST_YEAR = 1800
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_HOST = r"[^\W_](?:[\w-]*\.)+[^\W\d_]{2,}"
_ADDRESS = re.compile(rf"https?://{_HOST}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_BARE = re.compile(rf"{_HOST}(?:[/?#]\S*)?")


def fields_of(document: Document) -> dict[str, Any]:
    """Return the metadata of a document that a maintainer can change."""
    values = {name: getattr(document, name) for name in FIELDS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def tidied(name: str, text: str) -> str:
    """Return what was typed into a field as it is meant: "mars 2024" for a year, "www.example.org" for an address."""
    text = " ".join(text.split())
    if name == "year" and len(years := set(_YEAR.findall(text))) == 1:
        return str(years.pop())
    if name == "source_url" and _BARE.fullmatch(text):
        return f"https://{text}"
    return text


def fault(name: str, given: Any) -> str | None:
    """Return the name of the page's text that says what is wrong with a field, None where nothing is."""
    text = tidied(name, str(given or ""))
    if name == "year" and text:
        right = _YEAR.fullmatch(text) and text.isascii() and FIRST_YEAR <= int(text) <= date.today().year
        return None if right else "year-wrong"
    if name == "source_url" and text and not _ADDRESS.fullmatch(text):
        return "address-wrong"
    return None


def faults(fields: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields that cannot be used as they are."""
    return [name for name, given in fields.items() if fault(name, given)]


def metadata_of(fields: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """Return what a form says of a document, as options of an ingestion: all that stands in it, None for what is empty.

    An empty title is the one that the document has. The fields must be free of faults.
    """
    said = {name: tidied(name, value) or None if isinstance(value, str) else value for name, value in fields.items()}
    said["title"] = said["title"] or document.title
    said["year"] = int(said["year"]) if said["year"] else None
    return said
