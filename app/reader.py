"""A document as HTML, to be read whole: its blocks, with passages marked; pure functions, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby, pairwise

from app.labels import grades, value
from kb.answering.wording import label, whose_words
from kb.records import Block, Document
from kb.vocabulary import UNKNOWN

Span = tuple[int, int]
"""Start and end of a passage in a document's text, in code points."""

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^[-*+] ", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t>]*\n")
_PIPE = "\\|"
_DASHES = re.compile(r"[ \t|:-]+")
_ROWS = re.compile(r"^\|.*\|(?:\n(?:\[…\]|\|.*\|))*$", re.MULTILINE)
"""Rows that are quoted, with signs for those that are left out."""
_NUMBER = re.compile(r"[-+−]?[0-9][0-9\s.,]*\s?%?")
_DIVIDES = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*\n[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:|-]*)?(?:\n|\Z)")
"""The line of dashes below the head of a table."""


def document_html(
    document: Document,
    blocks: Sequence[Block],
    marked: Sequence[Span] = (),
    at: int | None = None,
    pressed: Span | None = None,
) -> str:
    """Return a document's text below its title, in its language, with the marked passages, of which one was `pressed`.

    The block with the offset `at` has the id `passage`, to which the pages' script scrolls.
    """
    first = document.text[blocks[0].start : blocks[0].end] if blocks and blocks[0].number == 0 else ""
    titled = first == document.title and blocks[0].kind == "heading"
    parts: list[str] = []
    for page, each in groupby(blocks[1:] if titled else blocks, lambda block: document.page_of(block.start)):
        parts.append(f'<p class="print">{label("page", document.language)} {page}</p>' if page else "")
        parts.append(blocks_html(document, tuple(each), marked, at, pressed))
    return f'<article class="tillit reading" lang="{escape(document.language)}">{"".join(parts)}</article>'


def passage_html(document: Document, blocks: Sequence[Block], start: int, end: int) -> str:
    """Return what stands from `start` to `end` of a document as HTML; `blocks` are all of the document's."""
    inside = [each for each in blocks if each.start < end and start < each.end]
    return blocks_html(document, [replace(b, start=max(b.start, start), end=min(b.end, end)) for b in inside])


def blocks_html(
    document: Document,
    blocks: Sequence[Block],
    marked: Sequence[Span] = (),
    at: int | None = None,
    pressed: Span | None = None,
) -> str:
    """Return blocks as HTML, the rows of a table together, with what of them is marked; see `document_html`."""
    parts: list[str] = []
    for run in _runs(document.text, blocks):
        draw = _table_html if run[0].kind == "row" else _block_html
        parts.append(draw(document, run, marked, at, pressed))
    return "".join(parts)


def _runs(text: str, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield blocks, the rows of a table together, each other one alone."""
    run: list[Block] = []
    for block in blocks:
        if run and not (block.kind == run[-1].kind == "row" and not _BLANK.search(text, run[-1].end, block.start)):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _block_html(
    document: Document, run: Sequence[Block], marked: Sequence[Span], at: int | None, pressed: Span | None
) -> str:
    """Return a block that is no row."""
    block = run[0]
    body = marked_html(document.text, block.start, block.end, marked, pressed)
    attributes = _attributes(block, at, pressed)
    if block.kind == "heading":
        level = min(max(block.level, 1) + 1, 6)
        return f"<h{level}{attributes}>{body}</h{level}>"
    if block.kind == "code":
        return f"<pre{attributes}>{body}</pre>"
    return f"<p{attributes}>{'• ' if block.kind == 'item' else ''}{body}</p>"


def _table_html(
    document: Document, rows: Sequence[Block], marked: Sequence[Span], at: int | None, pressed: Span | None
) -> str:
    """Return the rows of a table, of which the first is its head where a line of dashes stands below it."""
    text, head = document.text, bool(_RULE.match(document.text, rows[0].end))
    lines = []
    for row in rows:
        spans = _cells(text, row.start, row.end)
        cells = [(marked_html(text, *span, marked, pressed), text[slice(*span)]) for span in spans]
        lines.append(_row_html(cells, head and row is rows[0], _attributes(row, at, pressed)))
    return _rows_html(lines, head)


def _row_html(cells: Sequence[tuple[str, str]], head: bool, attributes: str = "") -> str:
    """Return a row of cells, each as HTML and as text; those of a `head` name their columns."""
    told = ""
    for cell, text in cells:
        name = "th" if head and cell else "td"
        kind = ' scope="col"' * (name == "th") + ' class="number"' * bool(_NUMBER.fullmatch(text))
        told += f"<{name}{kind}>{cell.replace(_PIPE, '|')}</{name}>"
    return f"<tr{attributes}>{told}</tr>"


def _rows_html(lines: Sequence[str], head: bool) -> str:
    """Return rows as a table that scrolls by itself where it is too wide."""
    top = f"<thead>{lines[0]}</thead>" if head else ""
    return f'<div class="rows" tabindex="0"><table>{top}<tbody>{"".join(lines[head:])}</tbody></table></div>'


def _cells(text: str, first: int, last: int) -> list[Span]:
    """Return the spans of a row's cells without the white space around them; an escaped sign divides no cells."""
    cuts = [match.start() for match in _DIVIDES.finditer(text, first, last)]
    cuts = ([] if cuts[:1] == [first] else [first - 1]) + cuts
    cuts += [] if cuts[-1] == last - 1 else [last]
    spans = []
    for before, after in pairwise(cuts):
        cell = text[before + 1 : after]
        start = before + 1 + len(cell) - len(cell.lstrip())
        spans.append((start, max(start, start + len(cell.strip()))))
    return spans


def _attributes(block: Block, at: int | None, pressed: Span | None) -> str:
    """Return what a block's tag says: its kind, that it holds what was pressed, that the page scrolls to it."""
    held = pressed is not None and block.start < pressed[1] and pressed[0] < block.end
    kinds = " ".join(["item"] * (block.kind == "item") + ["pressed"] * held)
    here = at is not None and block.start <= at < block.end
    return (f' class="{kinds}"' if kinds else "") + (' id="passage" tabindex="-1"' if here else "")


def marked_html(text: str, start: int, end: int, marked: Sequence[Span], pressed: Span | None = None) -> str:
    """Return a part of a text, escaped, with what of it is marked in `<mark>`, and what was pressed told apart."""
    parts, position = [], start
    for begin, stop in sorted((max(a, start), min(b, end)) for a, b in marked):
        begins = max(begin, position)
        if begins < stop:
            parts += [rich(text[position:begins]), *_mark(text, begins, stop, pressed)]
            position = stop
    return "".join([*parts, rich(text[position:end])])


def _mark(text: str, begin: int, stop: int, pressed: Span | None) -> Iterator[str]:
    """Yield a marked part of a text, cut where what was pressed begins and ends."""
    first, last = (min(max(each, begin), stop) for each in pressed or (stop, stop))
    for start, end, kind in ((begin, first, ""), (first, last, ' class="pressed"'), (last, stop, "")):
        if start < end:
            yield f"<mark{kind}>{rich(text[start:end])}</mark>"


def rich(text: str) -> str:
    """Return a text, escaped, with the Markdown of our own documents as it is meant: bold words and list items."""
    return _BULLET.sub("• ", _BOLD.sub(r"<strong>\1</strong>", escape(text)))


def quote_html(text: str) -> str:
    """Return what is quoted, escaped; rows of a table, of which the first is its head, are drawn as one."""
    parts, position = [], 0
    for found in _ROWS.finditer(text):
        lines = [line for line in found[0].split("\n") if not _DASHES.fullmatch(line)]
        rows = [_row_html(_quoted_cells(line), place == 0 < len(lines) - 1) for place, line in enumerate(lines)]
        parts += [rich(text[position : found.start()]), _rows_html(rows, len(lines) > 1)]
        position = found.end()
    return "".join([*parts, rich(text[position:])])


def _quoted_cells(line: str) -> list[tuple[str, str]]:
    cells = [line[first:last] for first, last in _cells(line, 0, len(line))]
    return [(rich(cell), cell) for cell in cells]


def badges_html(document: Document, language: str) -> str:
    """Return a document's kind, country, year, evidence and stance as badges, in the visitor's language."""
    values = [document.kind if document.kind != UNKNOWN else "", document.country or "", str(document.year or "")]
    shown = [*(value(each, language) for each in values if each), *grades(document.evidence, document.stance, language)]
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
