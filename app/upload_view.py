"""What the page on which documents are added says of a file: sentences and HTML, every text of the file escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from app import reader, uploads
from app.labels import Labels, value
from ingest.extraction import ranges
from kb.records import Block, Chunk, Document
from kb.vocabulary import UNKNOWN

WARNINGS = ("failed", "late", "hidden", "pdfium", "ocr")
"""What was seen on pages (`ingest.extraction.REMARKS`), which are texts of the page too."""


def verdict(read: uploads.Refused, titles: Mapping[str, str], say: Labels) -> str:
    """Return why a file cannot be added and what to do; `titles` are those of documents by id."""
    if read.verdict == "duplicate":
        return say("duplicate", title=titles.get(read.message, read.message))
    return failure(read.verdict, read.staged.file, say, read.recognised)


def failure(name: str, file: Path, say: Labels, recognised: bool = False) -> str:
    """Return what a verdict says and what to do; `recognised` tells whether text recognition was tried on a PDF."""
    if name == "no-text" and uploads.scanned(file, name):
        name = "no-text-recognised" if recognised else "no-text-pdf"
    return say(name if name in uploads.FAILURES or name.startswith("no-text") else "document")


def warnings(read: uploads.Ready, say: Labels) -> list[str]:
    """Return what a maintainer has to know of how a file was read, a sentence each."""
    seen = read.extracted.seen
    return [say(name, pages=ranges(seen[name])) for name in WARNINGS if seen.get(name)]


def detail_html(message: str, say: Labels) -> str:
    """Return what a program says, which is English, behind a fold."""
    return (
        f'<div class="tillit"><details><summary>{escape(say("detail"))}</summary>'
        f'<div class="print" lang="en">{escape(message)}</div></details></div>'
    )


def fault_html(field: str, told: str) -> str:
    """Return what is wrong with a field, to stand below it."""
    return f'<div class="tillit"><div class="fault" role="alert"><b>{escape(field)}:</b> {escape(told)}</div></div>'


def meanings(values: Sequence[str], language: str) -> str:
    """Return what values of a document's metadata mean, a paragraph each, in the Markdown of a field's help."""
    say = Labels("library", language)
    return "\n\n".join(f"**{value(each, language)}:** {say(f'{each}-means')}" for each in values if each != UNKNOWN)


def passages_html(document: Document, blocks: Sequence[Block], chunks: Sequence[Chunk], say: Labels) -> str:
    """Return chunks as they would be cited: the page and headings of each above its text."""
    return "".join(_passage_html(document, blocks, chunk, say) for chunk in chunks)


def _passage_html(document: Document, blocks: Sequence[Block], chunk: Chunk, say: Labels) -> str:
    page = document.page_of(chunk.start)
    place = " › ".join([*([say("page", n=page)] if page else []), *chunk.headings])
    above = f'<div class="print">{escape(place)}</div>' if place else ""
    inside = blocks[chunk.block_first : chunk.block_last + 1]
    body = reader.passage_html(document, inside, chunk.start, chunk.end)
    text = f'<div lang="{escape(document.language)}">{body}</div>'
    return f'<div class="tillit"><div class="card passage">{above}{text}</div></div>'
