"""Answers as HTML for the pages: pure functions, every text from a document escaped.

Citations are numbered by source; each number is a button that opens its source at the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count

from app.labels import value
from app.reader import badges_html, quote_html, rich
from app.wire import Original
from kb.answering.citing import with_headings
from kb.answering.wording import label, quoted_in, searched, source_mark, step
from kb.fingerprint import SHOWN_DIGITS
from kb.records import Answer, Citation, Document, Refusal, Statement

_Numbers = dict[tuple[str, str], int]
"""A number for each source, by document id and language."""


def answer_html(answer: Answer, turn: str, original: Original | None = None) -> str:
    """Return an answer: statements with numbered citations, what may qualify them, what was searched besides.

    The numbers are buttons, which press those with the keys that `key_of` gives for `turn`. With `original`, what a
    statement was translated from stands below it.
    """
    parts = _refusal(answer, answer.refusal, turn) if answer.refusal else []
    if answer.understood:
        parts.append(f'<div class="print">{label("understood", answer.language)}: {_text(answer.understood)}</div>')
    parts += [f"<p><em>{_text(line)}</em></p>" for line in answer.definitions]
    sources = {(source.id, source.language): source for source in answer.sources}
    marks = _Marks(source_numbers(answer), sources, answer.language, original, turn, count())
    for statement, heading in with_headings(answer.statements):
        parts += [f"<h3>{_text(heading)}</h3>"] if heading else []
        parts.append(_statement(statement, marks))
    parts += [f"<p><em>{label('unanswered', answer.language)}: {_text(part)}</em></p>" for part in answer.unanswered]
    if answer.other_side:
        parts.append(f'<h3 class="label">{label("other-side", answer.language)}</h3><aside>')
        for statement, heading in with_headings(answer.other_side):
            parts += [f"<h4>{_text(heading)}</h4>"] if heading else []
            parts.append(_statement(statement, marks))
        parts.append("</aside>")
    told = (*answer.notes, *searched(answer.mended, answer.also_searched, answer.language))
    parts += [f'<div class="print">{_text(line)}</div>' for line in told]
    return f'<div class="tillit" lang="{escape(answer.language)}">{"".join(parts)}</div>'


def _refusal(answer: Answer, refusal: Refusal, turn: str) -> list[str]:
    """Return why there is no answer; the nearest documents, which its last line names, are a list of buttons."""
    *lines, last = (_text(line) for line in answer.text.split("\n\n"))
    titles = "; ".join(_text(each.title) for each in refusal.nearest) + "."
    if not refusal.nearest or not last.endswith(titles):
        return [f"<p>{line}</p>" for line in (*lines, last)]
    opened = "".join(
        f'<li><button class="title" data-press="{near_key(turn, place)}">{_text(each.title)}</button></li>'
        for place, each in enumerate(refusal.nearest)
    )
    return [*(f"<p>{line}</p>" for line in lines), f"<p>{last.removesuffix(titles)}</p><ul>{opened}</ul>"]


def source_numbers(answer: Answer) -> _Numbers:
    """Return the number of each source, from 1, by document id and language."""
    return {(source.id, source.language): number for number, source in enumerate(answer.sources, 1)}


def fingerprint_html(answer: Answer, told: str) -> str:
    """Return the line under an answer that says what it depends on; `told` says what that is."""
    shown = f"{label('fingerprint', answer.language)} {answer.fingerprint[:SHOWN_DIGITS]}"
    return f'<div class="tillit"><span class="print fingerprint">{shown} · {escape(told)}</span></div>'


@dataclass(frozen=True)
class _Marks:
    """What stands after a statement: the number of its source, what it is and its year."""

    numbers: _Numbers
    sources: dict[tuple[str, str], Document]
    language: str
    original: Original | None
    turn: str
    places: Iterator[int]

    def of(self, citation: Citation) -> str:
        place = (citation.document_id, citation.language)
        kind = source_mark(self.sources[place], self.language)
        shown = f"{self.numbers[place]}{_page(citation.page, self.language)}"
        spoken = escape(f"{label('source', self.language)} {shown}: {citation.title}")
        pressed = key_of(self.turn, next(self.places))
        return (
            f'<span class="source"><button class="cite" data-press="{pressed}" title="{spoken}" aria-label="{spoken}">'
            f'{shown}</button><span class="print">{escape(kind)}</span></span>'
        )

    def beside(self, citation: Citation) -> str:
        found = self.original(citation) if self.original else None
        if not found:
            return ""
        return (
            f'<span class="original" lang="en"><span class="print" lang="{escape(self.language)}">'
            f"{label('english-original', self.language)}:</span> {rich(found.quote)}</span>"
        )


def _statement(statement: Statement, marks: _Marks) -> str:
    shown = "".join(marks.of(citation) for citation in one_of_each(statement.citations))
    beside = "".join(marks.beside(citation) for citation in statement.citations)
    said = quote_html(statement.text)
    tag = "div" if "<table>" in said else "p"
    return f"<{tag}>{said}{shown}{beside}</{tag}>"


def trace_html(answer: Answer) -> str:
    """Return how an answer came about, as a table."""
    rows = "".join(
        f"<tr><th>{_text(step(name, answer.language))}</th><td>{_text(_told(name, text, answer.language))}</td></tr>"
        for name, text in answer.trace
    )
    return (
        f'<div class="tillit" lang="{escape(answer.language)}"><details><summary>{label("trace", answer.language)}'
        f"</summary><table>{rows}</table></details></div>"
    )


def _told(name: str, text: str, language: str) -> str:
    """Return how a step was, the names of values in words."""
    if name not in ("language", "type", "wants", "kept to"):
        return text
    return ", ".join(value(each, language) for each in text.split(", "))


def _page(page: int | None, language: str) -> str:
    return f", {label('page', language)} {page}" if page else ""


def sources_html(answer: Answer, turn: str) -> str:
    """Return the numbered sources of an answer; the title of each opens it at its first citation."""
    numbers = source_numbers(answer)
    opened: _Numbers = {}
    for place, citation in enumerate(shown_citations(answer)):
        opened.setdefault((citation.document_id, citation.language), place)
    lines = "".join(_source(each, numbers, opened, turn, answer.language) for each in answer.sources)
    heading = f'<h3 class="label">{label("sources", answer.language)}</h3>'
    return f'<div class="tillit" lang="{escape(answer.language)}">{heading}<ol class="sources">{lines}</ol></div>'


def _source(document: Document, numbers: _Numbers, opened: _Numbers, turn: str, language: str) -> str:
    place = (document.id, document.language)
    foreign = document.language != language
    quoted = f'<span class="badge">{quoted_in(document.language, language)}</span>' if foreign else ""
    title = f'<button class="title" data-press="{key_of(turn, opened[place])}">{_text(document.title)}</button>'
    return (
        f'<li value="{numbers[place]}">{title}<div class="facts">{badges_html(document, language)}{quoted}</div></li>'
    )


def shown_citations(answer: Answer) -> list[Citation]:
    """Return the citations that a reader can press, in the order in which they stand: one a statement and source."""
    shown: list[Citation] = []
    for statement in (*answer.statements, *answer.other_side):
        shown += one_of_each(statement.citations)
    return shown


def one_of_each(citations: Sequence[Citation]) -> list[Citation]:
    """Return the first citation of each source and page."""
    first: dict[tuple[str, str, int | None], Citation] = {}
    for citation in citations:
        first.setdefault((citation.document_id, citation.language, citation.page), citation)
    return list(first.values())


def key_of(turn: str, place: int) -> str:
    """Return the key of the button that opens the citation at `place` of a turn."""
    return f"open-{turn}-{place}"


def near_key(turn: str, place: int) -> str:
    """Return the key of the button that opens the document at `place` of those that come near a refused question."""
    return f"near-{turn}-{place}"


def question_html(question: str, new: bool = False) -> str:
    """Return what a user asked, as the heading of its answer; the pages' script goes to one that is `new`."""
    return f'<div class="tillit"><h2 class="asked"{" data-new" if new else ""}>{_text(question)}</h2></div>'


def _text(text: str) -> str:
    return escape(text)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&])")
_ADDRESS = re.compile(r"(?i)https?(?=:)|www(?=\.)|(?<=\S)(?=@\S)")


def plain(text: str) -> str:
    """Return text for a label that Streamlit reads as Markdown, so that it is shown as it is.

    A word joiner, which nobody sees, stands in web and mail addresses: Streamlit makes links of them after Markdown's
    own signs are read.
    """
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub("\\g<0>\u2060", text))


def copy_html(copied: str, label_: str, done: str) -> str:
    """Return the button that copies the text of the element with the id `copied`."""
    return f'<button class="action" data-copy="{copied}" data-done="{escape(done)}">{escape(label_)}</button>'
