"""A document as HTML, to be read whole: its blocks, with passages marked; pure functions, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from app.labels import value
from kb.answering.wording import label, whose_words
from kb.records import Block, Document
from kb.vocabulary import UNKNOWN

Span = tuple[int, int]
"""Start and end of a passage in a document's text, in code points."""

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^[-*+] ", re.MULTILINE)


def document_html(
    document: Document, blocks: Sequence[Block], marked: Sequence[Span] = (), at: int | None = None
) -> str:
    """Return a document's text below its title, in its language, with the marked passages.

    The block with the offset `at` has the id `passage`, to which the pages' script scrolls.
    """
    parts: list[str] = []
    page = None
    for block in blocks:
        if block.number == 0 and block.kind == "heading" and document.text[block.start : block.end] == document.title:
            continue
        if document.page_of(block.start) != page:
            page = document.page_of(block.start)
            parts.append(f'<p class="print">{label("page", document.language)} {page}</p>' if page else "")
        here = at is not None and block.start <= at < block.end
        parts.append(block_html(document, block, marked, ' id="passage" tabindex="-1"' if here else ""))
    return f'<article class="tillit reading" lang="{escape(document.language)}">{"".join(parts)}</article>'


def block_html(document: Document, block: Block, marked: Sequence[Span], anchor: str) -> str:
    """Return a block with what of it is marked; `anchor` stands in its tag."""
    body = marked_html(document.text, block.start, block.end, marked)
    if block.kind == "heading":
        level = min(max(block.level, 1) + 1, 6)
        return f"<h{level}{anchor}>{body}</h{level}>"
    if block.kind == "code":
        return f"<pre{anchor}>{body}</pre>"
    bullet = "• " if block.kind == "item" else ""
    kind = ' class="item"' if block.kind == "item" else ""
    return f"<p{kind}{anchor}>{bullet}{body}</p>"


def marked_html(text: str, start: int, end: int, marked: Sequence[Span]) -> str:
    """Return a part of a text, escaped, with what of it is marked in `<mark>`."""
    parts, position = [], start
    for begin, stop in sorted((max(a, start), min(b, end)) for a, b in marked):
        if begin < stop and begin >= position:
            parts += [rich(text[position:begin]), "<mark>", rich(text[begin:stop]), "</mark>"]
            position = stop
    return "".join([*parts, rich(text[position:end])])


def rich(text: str) -> str:
    """Return a text, escaped, with the Markdown of our own documents as it is meant: bold words and list items."""
    return _BULLET.sub("• ", _BOLD.sub(r"<strong>\1</strong>", escape(text)))


def badges_html(document: Document, language: str) -> str:
    """Return a document's kind, country, year, evidence and stance as badges, in the visitor's language."""
    values = [document.kind, document.country or "", str(document.year or "")]
    graded = [document.evidence, document.stance]
    values += [UNKNOWN] if UNKNOWN in graded else graded
    shown = [value(each, language) for place, each in enumerate(values) if each and (each != UNKNOWN or place == 3)]
    return "".join(f'<span class="badge">{escape(each)}</span>' for each in shown)


def whose_html(document: Document, language: str) -> str:
    """Return whose words a document's text is, with the link to its original where it has one."""
    words = escape(whose_words(document.text_by, document.basis, language))
    return f'<div class="whose">{words} {link_html(document, language)}</div>'


def link_html(document: Document, language: str) -> str:
    """Return the link to a document's original, in a new tab; nothing where its address is no web page's."""
    url = document.source_url
    if not url or not url.startswith(("http://", "https://")):
        return ""
    return (
        f'<a href="{escape(url, quote=True)}" target="_blank" rel="noopener noreferrer">'
        f"{label('original', language)} ↗</a>"
    )
