"""Answers as HTML for the pages: pure functions, every text from a document escaped.

Citations are numbered by source; the same quote is marked in its surroundings on the source's card.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from kb.answering.wording import whose_words
from kb.fingerprint import SHOWN_DIGITS
from kb.records import Answer, Block, Citation, Document, Statement
from kb.vocabulary import UNKNOWN

STYLE = """
<style>
.tillit { line-height: 1.6; font-size: 1.02rem; overflow-wrap: anywhere; }
.tillit p { margin: 0 0 .8rem 0; white-space: pre-line; }
.tillit sup a, .tillit .mark { font: 600 .78em 'Source Sans', sans-serif; text-decoration: none; padding: 0 .25em; }
.tillit aside { border-left: 3px solid currentColor; padding: .1rem 0 .1rem 1rem; margin: .4rem 0 1rem; opacity: .85; }
.tillit h4, .tillit .facts, .tillit .whose, .tillit .print { font-family: 'Source Sans', sans-serif; }
.tillit h4 { font-size: .82rem; letter-spacing: .04em; text-transform: uppercase; margin: .6rem 0 .3rem; padding: 0; }
.tillit .facts { font-size: .88rem; } .tillit .whose, .tillit .print { font-size: .82rem; opacity: .8; }
.tillit .card { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .6rem;
  padding: .8rem 1rem; margin: 0 0 .7rem; }
.tillit .card strong { font-family: 'Source Sans', sans-serif; font-size: 1.02rem; }
.tillit .card details { margin-top: .5rem; } .tillit summary { cursor: pointer; font-size: .88rem; }
.tillit mark { background: color-mix(in srgb, #e8b93c 45%, transparent); color: inherit; border-radius: .15rem; }
.tillit .around { opacity: .75; }
.tillit .badge { border-radius: 1rem; padding: .05rem .55rem; margin-right: .3rem;
  background: color-mix(in srgb, currentColor 10%, transparent); }
</style>
"""


def answer_html(answer: Answer) -> str:
    """Return an answer: statements with numbered citations, and what may qualify them."""
    numbers = source_numbers(answer)
    parts = [f"<p>{_text(line)}</p>" for line in answer.text.split("\n\n")] if answer.refusal else []
    parts += [_statement(statement, numbers) for statement in answer.statements]
    if answer.other_side:
        parts.append("<h4>May qualify this</h4><aside>")
        parts += [_statement(statement, numbers) for statement in answer.other_side]
        parts.append("</aside>")
    return f'<div class="tillit" lang="{escape(answer.language)}">{"".join(parts)}</div>'


def source_numbers(answer: Answer) -> dict[tuple[str, str], int]:
    """Return the number of each source, from 1, by document id and language."""
    return {(source.id, source.language): number for number, source in enumerate(answer.sources, 1)}


def fingerprint_html(answer: Answer) -> str:
    """Return the line under an answer that says what it depends on."""
    return f'<div class="tillit"><span class="print">Fingerprint {answer.fingerprint[:SHOWN_DIGITS]}</span></div>'


def _statement(statement: Statement, numbers: dict[tuple[str, str], int]) -> str:
    marks = "".join(
        f'<span class="mark" title="{escape(citation.title)}">[{numbers[citation.document_id, citation.language]}'
        f"{f', p. {citation.page}' if citation.page else ''}]</span>"
        for citation in statement.citations
    )
    return f"<p>{_text(statement.text)}{marks}</p>"


def card_html(
    number: int, document: Document, blocks: Sequence[Block], citations: Sequence[Citation], language: str
) -> str:
    """Return the card of a source: what it is, whose words, its link, and each quote in its surroundings."""
    url = document.source_url
    link = (
        f' · <a href="{escape(url, quote=True)}" target="_blank" rel="noopener noreferrer">original</a>'
        if url and url.startswith(("http://", "https://"))
        else ""
    )
    quotes = "".join(f"<p>{surroundings_html(document, blocks, citation)}</p>" for citation in citations)
    return (
        f'<div class="tillit"><div class="card"><strong>[{number}] {escape(document.title)}</strong>'
        f'<div class="facts">{badges_html(document)}{link}</div>'
        f'<div class="whose">{escape(whose_words(document.text_by, document.basis, language))}</div>'
        f"<details><summary>The quoted passage in its surroundings</summary>{quotes}</details></div></div>"
    )


def badges_html(document: Document) -> str:
    """Return a document's kind, country, year, evidence and stance as badges."""
    values = [document.kind, document.country or "", str(document.year or "")]
    graded = [document.evidence, document.stance]
    values += ["not graded"] if UNKNOWN in graded else graded
    return "".join(f'<span class="badge">{escape(value)}</span>' for value in values if value and value != UNKNOWN)


def surroundings_html(document: Document, blocks: Sequence[Block], citation: Citation) -> str:
    """Return the section's blocks around a quote, with the quote marked."""
    first = max(citation.block_first - 1, 0)
    last = min(citation.block_last + 1, len(blocks) - 1)
    heading = blocks[citation.block_first].headings[-1:]
    while first < citation.block_first and blocks[first].kind == "heading":
        first += 1
    while last > citation.block_last and blocks[last].kind == "heading":
        last -= 1
    before = document.text[blocks[first].start : citation.start]
    after = document.text[citation.end : max(blocks[last].end, citation.end)]
    page = f" (p. {citation.page})" if citation.page else ""
    return (
        f'<span class="facts">{escape(" ".join(heading))}{page}</span>\n'
        f'<span class="around">{_text(before)}</span><mark>{_text(citation.quote)}</mark>'
        f'<span class="around">{_text(after)}</span>'
    )


def question_html(question: str) -> str:
    """Return what a user asked."""
    return f'<div class="tillit"><p>{_text(question)}</p></div>'


def _text(text: str) -> str:
    return escape(text)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&])")


def plain(text: str) -> str:
    """Return text for a label that Streamlit reads as Markdown, so that it is shown as it is."""
    return _MARKDOWN.sub(r"\\\1", text)
