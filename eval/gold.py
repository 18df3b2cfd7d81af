"""Gold in terms of what was retrieved and quoted: which documents, chunks and quotes are relevant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.schema import Family, Span
from kb.records import Block, Chunk, Citation, Document

COVERED = 0.5
"""Share of a gold span that a chunk must cover to be relevant."""

Lookup = Callable[[str, str], tuple[Document, tuple[Block, ...]] | None]
"""Returns a document and its blocks by id and language."""


def alternatives(family: Family) -> list[frozenset[str]]:
    """Return the document ids of each complete alternative of gold."""
    return [frozenset(span.document for span in spans) for spans in family.gold]


def relevant_documents(family: Family) -> frozenset[str]:
    """Return the ids of all documents that any alternative names."""
    return frozenset().union(*alternatives(family)) if family.gold else frozenset()


def span_offsets(span: Span, language: str, lookup: Lookup) -> tuple[int, int] | None:
    """Return where a span's blocks lie in the text of a language, None where that text does not exist."""
    found = lookup(span.document, language)
    if found is None or span.last >= len(found[1]):
        return None
    return found[1][span.first].start, found[1][span.last].end


def chunk_is_relevant(chunk: Chunk, spans: Sequence[Span], lookup: Lookup) -> bool:
    """Tell whether a chunk covers at least half of one of the spans."""
    for span in spans:
        if span.document != chunk.document_id:
            continue
        offsets = span_offsets(span, chunk.language, lookup)
        if offsets and _overlap((chunk.start, chunk.end), offsets) >= COVERED * (offsets[1] - offsets[0]):
            return True
    return False


def citation_is_relevant(citation: Citation, spans: Sequence[Span]) -> bool:
    """Tell whether a citation lies, with at least one block, in one of the spans."""
    return any(
        span.document == citation.document_id
        and span.first <= citation.block_last
        and citation.block_first <= span.last
        for span in spans
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
