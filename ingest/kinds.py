"""Which kind of file it is: its first bytes decide, and for text, which has none of its own, its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import BinaryIO, Literal

from kb.zips import BROKEN

Format = Literal["markdown", "text", "pdf", "docx", "pptx", "xlsx", "odt", "html", "epub", "rtf"]

FORMATS: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".odt": "odt",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".epub": "epub",
    ".rtf": "rtf",
}
"""What is read, by the suffix that such a file usually has."""
OLDER = frozenset({".doc", ".ppt", ".xls", ".odp", ".ods"})
"""Suffixes of documents that cannot be read, of which a user is told rather than that they were passed over."""
HEAD = 1024
"""Bytes at the beginning of a file among which its mark stands."""

_PDF = re.compile(rb"%PDF-\d")
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html)\b", re.IGNORECASE | re.DOTALL)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MEMBERS: dict[str, Format] = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
}
"""A file by which each kind of Office Open XML package is known."""
_MIME_TYPES: dict[bytes, Format] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/epub+zip": "epub",
}
_ENCRYPTED_ODF = b"encryption-data"
_OLE_LOOKED_AT = _MEMBER_LOOKED_AT = 1 << 20


class UnreadableError(Exception):
    """A file is of no kind that can be read; `verdict` says why."""

    def __init__(self, verdict: Literal["encrypted", "unsupported", "malformed"]) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def is_document(path: Path) -> bool:
    """Tell whether a file is a document, by its name or by its first bytes."""
    if path.suffix.lower() in OLDER | FORMATS.keys():
        return True
    try:
        with path.open("rb") as stream:
            sniff(path.name, stream.read(HEAD), stream)
    except (OSError, UnreadableError):
        return False
    return True


def sniff(name: str, head: bytes, stream: BinaryIO) -> Format:
    """Return the kind of a file whose first `HEAD` bytes are `head`. Raises `UnreadableError`."""
    if _PDF.search(head):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _package(stream)
    if head.startswith(_OLE):
        stream.seek(0)
        raise UnreadableError("encrypted" if _ENCRYPTED_OFFICE in stream.read(_OLE_LOOKED_AT) else "unsupported")
    if head.startswith(b"{\\rtf"):
        return "rtf"
    named = FORMATS.get(Path(name).suffix.lower())
    if named != "markdown" and _HTML.match(head):
        return "html"
    if named in ("markdown", "text", "html"):
        return named
    raise UnreadableError("malformed" if named else "unsupported")


def _package(stream: BinaryIO) -> Format:
    """Return the kind of a ZIP package by what it holds."""
    try:
        with zipfile.ZipFile(stream) as package:
            names = set(package.namelist())
            found = next((kind for member, kind in _MEMBERS.items() if member in names), None)
            found = found or _MIME_TYPES.get(_small_member(package, "mimetype").strip())
            locked = found == "odt" and _ENCRYPTED_ODF in _small_member(package, "META-INF/manifest.xml")
    except (*BROKEN, OSError):
        raise UnreadableError("malformed") from None
    if found is None or locked:
        raise UnreadableError("encrypted" if locked else "unsupported")
    return found


def _small_member(package: zipfile.ZipFile, name: str) -> bytes:
    """Return the beginning of a member, nothing where there is none."""
    if name not in package.namelist():
        return b""
    with package.open(name) as member:
        return member.read(_MEMBER_LOOKED_AT)
