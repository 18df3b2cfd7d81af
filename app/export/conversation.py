"""Answers as Word files and as Markdown: what a reader sees of them in the app, in the same order, with footnotes.

The frame is in the visitor's language, an answer and its footnotes in the answer's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.export.tree import (
    LINE_BREAK,
    SPACE,
    Node,
    bullets,
    heading,
    in_language,
    link,
    note,
    paragraph,
    quoted,
    styled,
    web_address,
    words,
)
from app.export.writing import as_markdown, as_word
from app.labels import Labels, value
from app.view import one_of_each
from kb.answering.citing import with_headings
from kb.answering.wording import label, quoted_in, searched, source_mark, whose_words
from kb.fingerprint import SHOWN_DIGITS
from kb.records import Answer, Citation, Document, Statement
from kb.vocabulary import UNKNOWN

Turn = tuple[str, Answer]
"""A question and its answer."""
_Sources = dict[tuple[str, str], Document]
"""Documents by id and language."""


def markdown(turns: Sequence[Turn], language: str, day: str) -> str:
    """Return the answers of a conversation, exported on `day` (ISO), as Markdown. Raises `ExportError`."""
    return as_markdown(_blocks(turns, language, day))


def word(turns: Sequence[Turn], language: str, day: str) -> bytes:
    """Return the answers of a conversation, exported on `day` (ISO), as a Word file. Raises `ExportError`."""
    return as_word(_blocks(turns, language, day), Labels("export", language)("title"), language, day)


def _blocks(turns: Sequence[Turn], language: str, day: str) -> list[Node]:
    say = Labels("export", language)
    blocks = [] if turns else [paragraph(words(say("empty")))]
    for question, answer in turns:
        blocks += in_language(answer.language, [heading(1, question), *_answer(answer)])
    sources = {(each.id, each.language): each for _, answer in turns for each in answer.sources}
    if sources:
        blocks += [heading(1, say("sources")), bullets(_source(each, language) for each in sources.values())]
    told = [say("exported", date=day)]
    prints = dict.fromkeys(answer.fingerprint[:SHOWN_DIGITS] for _, answer in turns)
    told += [f"{say('fingerprint')} {', '.join(prints)}"] if prints else []
    return [*blocks, paragraph(words(" · ".join(told)))]


def _answer(answer: Answer) -> Iterator[Node]:
    language = answer.language
    sources = {(source.id, source.language): source for source in answer.sources}
    if answer.refusal:
        yield from (paragraph(words(line)) for line in answer.text.split("\n\n"))
    if answer.understood:
        yield paragraph(words(f"{label('understood', language)}: {answer.understood}"))
    yield from (_emphasised(line) for line in answer.definitions)
    yield from _statements(answer.statements, sources, language, level=2)
    yield from (_emphasised(f"{label('unanswered', language)}: {part}") for part in answer.unanswered)
    if answer.other_side:
        yield heading(2, label("other-side", language))
        yield from _statements(answer.other_side, sources, language, level=3)
    told = (*answer.notes, *searched(answer.mended, answer.also_searched, language))
    yield from (paragraph(words(line)) for line in told)


def _emphasised(text: str) -> Node:
    return paragraph([styled("Emph", words(text))])


def _statements(statements: Sequence[Statement], sources: _Sources, language: str, level: int) -> Iterator[Node]:
    for statement, above in with_headings(statements):
        cited = one_of_each(statement.citations)
        notes = [note(_footnote(each, sources[each.document_id, each.language], language)) for each in cited]
        body = [heading(level, above)] if above else []
        body += quoted(statement.text, notes)
        yield from in_language(cited[0].language, body) if cited[0].language != language else body


def _footnote(citation: Citation, source: Document, language: str) -> list[Node]:
    """Return a footnote's text: title, what the source is and its year, page, whose words, link."""
    mark = source_mark(source, language)
    page = f", {label('page', language)} {citation.page}" if citation.page else ""
    whose = whose_words(source.text_by, source.basis, language)
    shown = words(f"{citation.title}{f' ({mark})' if mark else ''}{page}. {whose}")
    url = web_address(citation.source_url)
    return [*shown, SPACE, link(url)] if url else shown


def _source(document: Document, language: str) -> list[Node]:
    """Return what is said of a source in the list of them."""
    graded = (document.evidence, document.stance)
    told = [each for each in (document.kind, document.country) if each and each != UNKNOWN]
    told += [str(document.year)] if document.year else []
    facts = [value(each, language) for each in (*told, *((UNKNOWN,) if UNKNOWN in graded else graded))]
    facts += [quoted_in(document.language, language)] if document.language != language else []
    whose = whose_words(document.text_by, document.basis, language)
    lines = [[styled("Strong", words(document.title))], words(" · ".join(facts)), words(whose)]
    url = web_address(document.source_url)
    lines += [[link(url)]] if url else []
    return [node for place, line in enumerate(lines) for node in ([LINE_BREAK, *line] if place else line)]
