"""Answers, passages and documents as lines for a terminal."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator

from app.marking import marked, matching_spans
from app.wire import Original
from kb.answering.citing import with_headings
from kb.answering.wording import label, quoted_in, searched, step, whose_words
from kb.fingerprint import SHOWN_DIGITS
from kb.records import Answer, Document, Passage, Statement
from kb.vocabulary import UNKNOWN
from kb.words.terms import Understanding

_BULLET = re.compile(r"^[-*+] ", re.MULTILINE)


def width() -> int:
    """Return how many characters a line may have."""
    return min(max(shutil.get_terminal_size((100, 24)).columns, 40), 100)


def wrap(text: str, indent: str = "") -> str:
    """Return text wrapped to the terminal, its line breaks kept."""
    lines = (textwrap.wrap(line, width(), initial_indent=indent, subsequent_indent=indent) for line in text.split("\n"))
    return "\n".join("\n".join(wrapped) for wrapped in lines)


def facts(document: Document, language: str = "en") -> str:
    """Return a document's kind, country, year, evidence and stance in one line."""
    ungraded = label("not-graded", language)
    graded = {"evidence": document.evidence, "stance": document.stance}
    told = [each if each != UNKNOWN else f"{name}: {ungraded}" for name, each in graded.items()]
    parts = [document.kind if document.kind != UNKNOWN else "", document.country or "", str(document.year or "")]
    return " · ".join([part for part in parts if part] + ([ungraded] if {*graded.values()} == {UNKNOWN} else told))


def answer_lines(answer: Answer, original: Original | None = None) -> Iterator[str]:
    """Yield an answer with numbered citations, its other side, sources, what was searched besides, and fingerprint.

    With `original`, what a statement was translated from stands below it.
    """
    language = answer.language
    numbers = {(source.id, source.language): number for number, source in enumerate(answer.sources, 1)}
    if answer.understood:
        yield wrap(f"{label('understood', language)}: {answer.understood}") + "\n"
    if answer.refusal:
        yield wrap(answer.text)
        if answer.refusal.questions:
            yield f"\n{label('offers', language)}:"
            yield from (wrap(f"- {question}", "  ") for question in answer.refusal.questions)
    yield from (wrap(line) + "\n" for line in answer.definitions)
    for statement, heading in with_headings(answer.statements):
        if heading:
            yield wrap(heading)
        yield from _statement_lines(statement, numbers, language, original, "  " if statement.heading else "")
    yield from (wrap(f"{label('unanswered', language)}: {part}") + "\n" for part in answer.unanswered)
    if answer.other_side:
        yield f"{label('other-side', language)}:"
    for statement, heading in with_headings(answer.other_side):
        yield from [wrap(heading, "  ")] * bool(heading)
        yield from _statement_lines(statement, numbers, language, original, "  ")
    if answer.sources:
        yield label("sources", language)
    for source in answer.sources:
        yield from _source_lines(source, numbers[source.id, source.language], language)
    told = (*answer.notes, *searched(answer.mended, answer.also_searched, language))
    yield from (wrap(("" if place else "\n") + line) for place, line in enumerate(told))
    yield f"\n{label('fingerprint', language)} {answer.fingerprint[:SHOWN_DIGITS]}"


def trace_lines(answer: Answer) -> Iterator[str]:
    """Yield how an answer came about, a step a line."""
    yield f"\n{label('trace', answer.language)}:"
    yield from (wrap(f"{step(name, answer.language)}: {text}", "  ") for name, text in answer.trace)


def _statement_lines(
    statement: Statement,
    numbers: dict[tuple[str, str], int],
    language: str,
    original: Original | None,
    indent: str = "",
) -> Iterator[str]:
    """Yield a statement and what it was translated from, and an empty line."""
    yield wrap(_numbered(statement, numbers, language), indent)
    for citation in statement.citations:
        if original and (found := original(citation)):
            yield wrap(f"{label('english-original', language)}: {found.quote}", indent + "    ")
    yield ""


def _source_lines(source: Document, number: int, language: str) -> Iterator[str]:
    foreign = f" · {quoted_in(source.language, language)}" if source.language != language else ""
    yield wrap(f"[{number}] {source.title} ({facts(source, language)}{foreign})")
    yield wrap(f"{source.id}, {whose_words(source.text_by, source.basis, language)}", "    ")
    if source.source_url:
        yield f"    {source.source_url}"


def _numbered(statement: Statement, numbers: dict[tuple[str, str], int], language: str) -> str:
    marks = []
    for citation in statement.citations:
        page = f", {label('page', language)} {citation.page}" if citation.page else ""
        marks.append(f"[{numbers[citation.document_id, citation.language]}{page}]")
    text = _BULLET.sub("• ", statement.text.replace("**", ""))
    return f"{text} {''.join(dict.fromkeys(marks))}"


def passage_lines(
    passages: Iterable[Passage],
    documents: dict[tuple[str, str], Document],
    understanding: Understanding,
    colour: bool,
) -> Iterator[str]:
    """Yield ranked passages with the matching words marked (bold on a terminal, *starred* elsewhere)."""
    before, after = ("\033[1m", "\033[0m") if colour else ("*", "*")
    for passage in passages:
        chunk = passage.chunk
        document = documents[chunk.document_id, chunk.language]
        heading = chunk.headings[-1] if chunk.headings else ""
        yield wrap(f"{passage.rank}. {document.title} ({facts(document)})")
        yield f"   {document.id} · {heading} · score {passage.score:.3f}"
        text = marked(chunk.text, matching_spans(chunk.text, understanding, chunk.language), before, after)
        yield wrap(text, "   ") + "\n"
