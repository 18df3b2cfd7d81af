"""Quotes: taken from a document by offsets, and matched against it again before they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from kb.errors import CitationError
from kb.records import Block, Citation, Document, Statement
from kb.shipped import sha256_of

LEFT_OUT = "[…]"
"""Stands, on a line of its own, for the items of a list that are left out."""


def cite(document: Document, blocks: tuple[Block, ...], start: int, end: int) -> Citation:
    """Return the citation of `document.text[start:end]`, a span within or over some of its blocks."""
    covered = [block for block in blocks if block.start < end and start < block.end]
    return Citation(
        document_id=document.id,
        language=document.language,
        title=document.title,
        block_first=covered[0].number,
        block_last=covered[-1].number,
        start=start,
        end=end,
        quote=document.text[start:end],
        sha256=document.sha256,
        page=document.page_of(start),
        source_url=document.source_url,
    )


def verify(statement: Statement, documents: dict[tuple[str, str], Document]) -> None:
    """Match every quote of a statement, character by character, against the stored text of its document.

    `documents` are those cited, by id and language. Raises `CitationError` at the first mismatch.
    """
    if not statement.citations:
        raise CitationError(f"A statement has no citation: {statement.text[:80]!r}")
    for citation in statement.citations:
        document = documents.get((citation.document_id, citation.language))
        if document is None:
            raise CitationError(f"A statement cites {citation.document_id}, which is not among the documents.")
        if document.text[citation.start : citation.end] != citation.quote:
            raise CitationError(f"The quote at {citation.start} of {citation.document_id} is not its text.")
        if sha256_of(document.text) != citation.sha256:
            raise CitationError(f"The text of {citation.document_id} is not the one that was cited.")
    quoted = "\n".join(citation.quote for citation in statement.citations)
    if _without_signs(statement.text) != _without_signs(quoted):
        raise CitationError(f"A statement says more than its quotes: {statement.text[:80]!r}")


def _without_signs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line != LEFT_OUT]


def with_headings(statements: Sequence[Statement]) -> list[tuple[Statement, str]]:
    """Return statements with the heading that stands above each: none where it is that of the statement before."""
    above = ("", *(statement.heading for statement in statements))
    return [
        (each, each.heading if each.heading != before else "") for each, before in zip(statements, above, strict=False)
    ]
