"""Answers as HTML for the pages: pure functions, every text from a document escaped.

Citations are numbered by source; the same quote is marked in its surroundings on the source's card.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from app.wire import Original
from kb.answering.citing import with_headings
from kb.answering.wording import label, quoted_in, searched, source_mark, step, whose_words
from kb.fingerprint import SHOWN_DIGITS
from kb.records import Answer, Block, Citation, Document, Statement
from kb.vocabulary import UNKNOWN

STYLE = """
<style>
.tillit { line-height: 1.6; font-size: 1.02rem; overflow-wrap: anywhere; }
.tillit p { margin: 0 0 .8rem 0; white-space: pre-line; }
.tillit sup a, .tillit .mark { font: 600 .78em 'Source Sans', sans-serif; text-decoration: none; padding: 0 .25em; }
.tillit aside { border-left: 3px solid currentColor; padding: .1rem 0 .1rem 1rem; margin: .4rem 0 1rem; opacity: .85; }
.tillit .original { display: block; border-left: 2px solid color-mix(in srgb, currentColor 25%, transparent);
  padding-left: .8rem; margin: .3rem 0 0; font-size: .92em; }
.tillit h4, .tillit .facts, .tillit .whose, .tillit .print { font-family: 'Source Sans', sans-serif; }
.tillit h4 { font-size: .82rem; letter-spacing: .04em; text-transform: uppercase; margin: .6rem 0 .3rem; padding: 0; }
.tillit h3, .tillit h5 { font: 600 1rem 'Source Sans', sans-serif; margin: .9rem 0 .2rem; padding: 0; }
.tillit h5 { font-size: .9rem; margin-top: .2rem; }
.tillit table { font-size: .85rem; border-collapse: collapse; } .tillit th { text-align: left; font-weight: 600; }
.tillit th, .tillit td { vertical-align: top; padding: .15rem .8rem .15rem 0; }
.tillit p .print { margin-left: .25em; }
.tillit .facts { font-size: .88rem; } .tillit .whose, .tillit .print { font-size: .82rem; opacity: .8; }
.tillit .card { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .6rem;
  padding: .8rem 1rem; margin: 0 0 .7rem; }
.tillit .card strong { font-family: 'Source Sans', sans-serif; font-size: 1.02rem; }
.tillit .card details { margin-top: .5rem; } .tillit summary { cursor: pointer; font-size: .88rem; }
.tillit mark { background: color-mix(in srgb, #e8b93c 45%, transparent); color: inherit; border-radius: .15rem; }
.tillit a { color: inherit; }
.tillit .badge { border-radius: 1rem; padding: .05rem .55rem; margin-right: .3rem; display: inline-block;
  background: color-mix(in srgb, currentColor 10%, transparent); }
</style>
"""


def answer_html(answer: Answer, original: Original | None = None) -> str:
    """Return an answer: statements with numbered citations, what may qualify them, what was searched besides.

    With `original`, what a statement was translated from stands below it.
    """
    parts = [f"<p>{_text(line)}</p>" for line in answer.text.split("\n\n")] if answer.refusal else []
    if answer.understood:
        parts.append(f'<div class="print">{label("understood", answer.language)}: {_text(answer.understood)}</div>')
    parts += [f"<p><em>{_text(line)}</em></p>" for line in answer.definitions]
    sources = {(source.id, source.language): source for source in answer.sources}
    marks = _Marks(source_numbers(answer), sources, answer.language, original)
    for statement, heading in with_headings(answer.statements):
        parts += [f"<h3>{_text(heading)}</h3>"] if heading else []
        parts.append(_statement(statement, marks))
    parts += [f"<p><em>{label('unanswered', answer.language)}: {_text(part)}</em></p>" for part in answer.unanswered]
    if answer.other_side:
        parts.append(f"<h4>{label('other-side', answer.language)}</h4><aside>")
        for statement, heading in with_headings(answer.other_side):
            parts += [f"<h5>{_text(heading)}</h5>"] if heading else []
            parts.append(_statement(statement, marks))
        parts.append("</aside>")
    told = (*answer.notes, *searched(answer.mended, answer.also_searched, answer.language))
    parts += [f'<div class="print">{_text(line)}</div>' for line in told]
    return f'<div class="tillit" lang="{escape(answer.language)}">{"".join(parts)}</div>'


def source_numbers(answer: Answer) -> dict[tuple[str, str], int]:
    """Return the number of each source, from 1, by document id and language."""
    return {(source.id, source.language): number for number, source in enumerate(answer.sources, 1)}


def fingerprint_html(answer: Answer) -> str:
    """Return the line under an answer that says what it depends on."""
    shown = f"{label('fingerprint', answer.language)} {answer.fingerprint[:SHOWN_DIGITS]}"
    return f'<div class="tillit"><span class="print">{shown}</span></div>'


@dataclass(frozen=True)
class _Marks:
    """What stands after a statement: the number of its source, what it is and its year."""

    numbers: dict[tuple[str, str], int]
    sources: dict[tuple[str, str], Document]
    language: str
    original: Original | None

    def of(self, citation: Citation) -> str:
        place = (citation.document_id, citation.language)
        kind = source_mark(self.sources[place], self.language)
        return (
            f'<span class="mark" title="{escape(citation.title)}">[{self.numbers[place]}'
            f'{_page(citation.page, self.language)}]</span><span class="print">{escape(kind)}</span>'
        )

    def beside(self, citation: Citation) -> str:
        found = self.original(citation) if self.original else None
        if not found:
            return ""
        return (
            f'<span class="original" lang="en"><span class="print" lang="{escape(self.language)}">'
            f"{label('english-original', self.language)}:</span> {_quoted(found.quote)}</span>"
        )


def _statement(statement: Statement, marks: _Marks) -> str:
    shown = "".join(dict.fromkeys(marks.of(citation) for citation in statement.citations))
    beside = "".join(marks.beside(citation) for citation in statement.citations)
    return f"<p>{_quoted(statement.text)}{shown}{beside}</p>"


def trace_html(answer: Answer) -> str:
    """Return how an answer came about, as a table."""
    rows = "".join(
        f"<tr><th>{_text(step(name, answer.language))}</th><td>{_text(text)}</td></tr>" for name, text in answer.trace
    )
    return (
        f'<div class="tillit" lang="{escape(answer.language)}"><details><summary>{label("trace", answer.language)}'
        f"</summary><table>{rows}</table></details></div>"
    )


def _page(page: int | None, language: str) -> str:
    return f", {label('page', language)} {page}" if page else ""


def card_html(
    number: int, document: Document, blocks: Sequence[Block], citations: Sequence[Citation], language: str
) -> str:
    """Return the card of a source: what it is, whose words, its link, and its quotes in their surroundings."""
    url = document.source_url
    link = (
        f'<a href="{escape(url, quote=True)}" target="_blank" rel="noopener noreferrer">'
        f"{label('original', language)} ↗</a>"
        if url and url.startswith(("http://", "https://"))
        else ""
    )
    foreign = document.language != language
    quoted = f'<span class="badge">{quoted_in(document.language, language)}</span>' if foreign else ""
    return (
        f'<div class="tillit"><div class="card"><strong>[{number}] {escape(document.title)}</strong>'
        f'<div class="facts">{badges_html(document, language)}{quoted}{link}</div>'
        f'<div class="whose">{escape(whose_words(document.text_by, document.basis, language))}</div>'
        f"<details><summary>{label('surroundings', language)}</summary>"
        f"{surroundings_html(document, blocks, citations, language)}</details></div></div>"
    )


def badges_html(document: Document, language: str) -> str:
    """Return a document's kind, country, year, evidence and stance as badges."""
    values = [document.kind, document.country or "", str(document.year or "")]
    graded = [document.evidence, document.stance]
    values += [label("not-graded", language)] if UNKNOWN in graded else graded
    return "".join(f'<span class="badge">{escape(value)}</span>' for value in values if value and value != UNKNOWN)


def surroundings_html(document: Document, blocks: Sequence[Block], citations: Sequence[Citation], language: str) -> str:
    """Return the cited blocks with their neighbours and headings, each quote marked, gaps as an ellipsis."""
    shown = shown_blocks(blocks, citations)
    parts = []
    previous = -1
    for number in sorted(shown):
        block = blocks[number]
        if previous >= 0 and any(b.kind != "heading" for b in blocks[previous + 1 : number]):
            parts.append("<p>…</p>")
        previous = number
        if block.kind == "heading":
            parts.append(f"<h4>{_text(document.text[block.start : block.end])}</h4>")
            continue
        page = document.page_of(block.start)
        place = f'<span class="print">{label("page", language)} {page}</span> ' if page else ""
        bullet = "• " if block.kind == "item" else ""
        parts.append(f"<p>{place}{bullet}{_marked(document.text, block, citations)}</p>")
    return "".join(parts)


def shown_blocks(blocks: Sequence[Block], citations: Sequence[Citation]) -> set[int]:
    """Return the numbers of the cited blocks, of the block before and after each, and of their section headings."""
    body = [block.number for block in blocks if block.kind != "heading"]
    cited = {n for n in body for c in citations if c.block_first <= n <= c.block_last}
    near = {body[i] for i, _ in enumerate(body) if cited & set(body[max(i - 1, 0) : i + 2])}
    headings = set()
    for number in near:
        above = [block.number for block in blocks[:number] if block.kind == "heading" and block.level > 1]
        headings |= {above[-1]} if above and blocks[number].headings[1:] else set()
    return near | headings


def _marked(text: str, block: Block, citations: Sequence[Citation]) -> str:
    """Return a block's text with the parts that are quoted in `<mark>`."""
    spans = sorted((max(c.start, block.start), min(c.end, block.end)) for c in citations)
    parts, position = [], block.start
    for start, end in spans:
        if start < end and start >= position:
            parts += [_text(text[position:start]), "<mark>", _text(text[start:end]), "</mark>"]
            position = end
    return "".join([*parts, _text(text[position : block.end])])


def question_html(question: str) -> str:
    """Return what a user asked."""
    return f'<div class="tillit"><p>{_text(question)}</p></div>'


def _text(text: str) -> str:
    return escape(text)


_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^[-*+] ", re.MULTILINE)


def _quoted(text: str) -> str:
    """Return a quote, escaped, with the Markdown of our own documents as it is meant: bold words and list items."""
    return _BULLET.sub("• ", _BOLD.sub(r"<strong>\1</strong>", escape(text)))


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&])")


def plain(text: str) -> str:
    """Return text for a label that Streamlit reads as Markdown, so that it is shown as it is."""
    return _MARKDOWN.sub(r"\\\1", text)
