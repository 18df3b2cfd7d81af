"""Answers as Word files and as Markdown, to be passed on: what a reader sees of them in the app, with footnotes.

What only tells how it was searched is left out. The first question is the title. The frame is in the visitor's
language, an answer and its footnotes in the answer's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from app.export.tree import (
    LINE_BREAK,
    LOCALES,
    SPACE,
    Node,
    bullets,
    heading,
    in_language,
    link,
    note,
    paragraph,
    quoted,
    small,
    styled,
    web_address,
    words,
)
from app.export.writing import as_markdown, as_word
from app.labels import DEFAULT, Labels, grades, value
from app.view import one_of_each
from kb.answering.citing import with_headings
from kb.answering.wording import label, quoted_in, searched, source_mark, whose_words
from kb.fingerprint import SHOWN_DIGITS
from kb.records import Answer, Citation, Document, Refusal, Statement
from kb.vocabulary import UNKNOWN

Turn = tuple[str, Answer]
"""A question and its answer."""
_Sources = dict[tuple[str, str], Document]
"""Documents by id and language."""


def markdown(turns: Sequence[Turn], language: str, day: str) -> str:
    """Return the answers of a conversation, exported on `day` (ISO), as Markdown. Raises `ExportError`."""
    return as_markdown([heading(1, _title(turns, language)), *_blocks(turns, language, day)])


def word(turns: Sequence[Turn], language: str, day: str) -> bytes:
    """Return the answers of a conversation, exported on `day` (ISO), as a Word file. Raises `ExportError`."""
    return as_word(_blocks(turns, language, day), _title(turns, language), language, day)


def _title(turns: Sequence[Turn], language: str) -> str:
    return turns[0][0] if turns else Labels("export", language)("title")


def _blocks(turns: Sequence[Turn], language: str, day: str) -> list[Node]:
    """Return what stands below the title."""
    say = Labels("export", language)
    sources = {(each.id, each.language): each for _, answer in turns for each in answer.sources}
    blocks = [small(words(_about(sources.values(), say, day)))]
    blocks += [] if turns else [paragraph(words(say("empty")))]
    notes = _Notes()
    for place, (question, answer) in enumerate(turns):
        above = [heading(1, question)] if place else []
        blocks += in_language(answer.language, [*above, *_answer(answer, notes, alone=len(turns) == 1)])
    if sources:
        own = all(each.text_by == "source" for each in sources.values())
        blocks += [heading(1, say("sources")), bullets(_source(each, language, own) for each in sources.values())]
    prints = dict.fromkeys(answer.fingerprint[:SHOWN_DIGITS] for _, answer in turns)
    return [*blocks, *([small(words(say("fingerprint-told", prints=", ".join(prints))))] if prints else [])]


def _about(sources: Iterable[Document], say: Labels, day: str) -> str:
    """Return what Tillit is, the day in words, and whose words are quoted."""
    asked = date.fromisoformat(day)
    month = say("months").split()[asked.month - 1]
    told = say("about", date=say("date", day=asked.day, month=month, year=asked.year))
    whose = {each.text_by for each in sources}
    kind = "both" if len(whose) > 1 else "own-words" if "source" in whose else "summaries"
    return f"{told} {say(kind)}" if whose else told


class _Notes:
    """The footnotes of a file: a source is told in full once, after that by the number of that note."""

    def __init__(self) -> None:
        self.count = 0
        self.first: dict[tuple[str, str], tuple[int, int | None]] = {}
        """By document id and language: the number of the first note, and the page that it names."""

    def of(self, citation: Citation, source: Document, language: str) -> Node:
        """Return the next footnote: title, what the source is and its year, page, link; or where that stands."""
        self.count += 1
        place = (citation.document_id, citation.language)
        first, told = self.first.setdefault(place, (self.count, citation.page))
        page = f", {label('page', language)} {citation.page}" if citation.page else ""
        if first < self.count:
            say = Labels("export", language if language in LOCALES else DEFAULT)
            return note(words(f"{say('note-above', n=first)}{page if citation.page != told else ''}."))
        mark = source_mark(source, language)
        shown = words(f"{citation.title}{f' ({mark})' if mark else ''}{page}.")
        url = web_address(citation.source_url)
        return note([*shown, SPACE, link(url)] if url else shown)


def _answer(answer: Answer, notes: _Notes, alone: bool) -> Iterator[Node]:
    """Yield an answer; where it stands `alone`, with what was asked before it."""
    language = answer.language
    sources = {(source.id, source.language): source for source in answer.sources}
    if answer.refusal:
        yield from _refusal(answer, answer.refusal)
    if answer.understood and alone:
        yield paragraph(words(f"{label('understood', language)}: {answer.understood}"))
    yield from (_emphasised(line) for line in answer.definitions)
    yield from _statements(answer.statements, sources, language, notes, level=2)
    yield from (_emphasised(f"{label('unanswered', language)}: {part}") for part in answer.unanswered)
    if answer.other_side:
        yield heading(2, label("other-side", language))
        yield from _statements(answer.other_side, sources, language, notes, level=3)
    yield from (paragraph(words(line)) for line in (*answer.notes, *searched(answer.mended, (), language)))


def _refusal(answer: Answer, refusal: Refusal) -> Iterator[Node]:
    """Yield why there is no answer, without the words that were looked for, and what comes nearest."""
    reason, *more = answer.text.split("\n\n")
    yield from (_emphasised(line) for line in (reason, *(more[-1:] if refusal.nearest else ())))


def _emphasised(text: str) -> Node:
    return paragraph([styled("Emph", words(text))])


def _statements(
    statements: Sequence[Statement], sources: _Sources, language: str, notes: _Notes, level: int
) -> Iterator[Node]:
    for statement, above in with_headings(statements):
        cited = one_of_each(statement.citations)
        told = [notes.of(each, sources[each.document_id, each.language], language) for each in cited]
        body = [heading(level, above)] if above else []
        body += quoted(statement.text, told)
        yield from in_language(cited[0].language, body) if cited[0].language != language else body


def _source(document: Document, language: str, own: bool) -> list[Node]:
    """Return what is said of a source in the list of them; whose words it is where that is not said of all of them.

    It is said of all that they are in their `own` words, or that they are summaries of the whole source.
    """
    told = [each for each in (document.kind, document.country) if each and each != UNKNOWN]
    told += [str(document.year)] if document.year else []
    facts = [*(value(each, language) for each in told), *grades(document.evidence, document.stance, language)]
    facts += [quoted_in(document.language, language)] if document.language != language else []
    facts = [document.publisher, *facts] if document.publisher else facts
    lines = [[styled("Strong", words(document.title))], words(" · ".join(facts))]
    if (document.text_by == "source" and not own) or document.basis not in (None, "full"):
        lines.append(words(whose_words(document.text_by, document.basis, language)))
    url = web_address(document.source_url)
    lines += [[link(url)]] if url else []
    return [node for place, line in enumerate(lines) for node in ([LINE_BREAK, *line] if place else line)]
