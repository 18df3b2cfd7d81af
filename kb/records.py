"""The records that travel between the parts: documents, blocks, chunks, passages, answers.

All are frozen. Offsets are Unicode code points into `Document.text`, `end` exclusive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

BlockKind = Literal["heading", "paragraph", "item", "row", "code"]
Status = Literal["answered", "partial", "refused"]

Progress = Callable[[str, int, int], None]
"""Called as `progress(stage, done, total)` by work that takes long; with a total of 0, `done` is a count beside it."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Report nothing."""


class HasSpan(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of `document.text`, `start` to `end`, and where it stands in its page as the file gave it."""

    start: int
    end: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page (from 1) as the file gave it, before anything was mended, joined or left out; its lines that were kept."""

    number: int
    text: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF: its printed number from 1 and its place in the document's text."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row or code block; `number` counts from 0.

    `headings` is the path of headings above it, outermost first; `lead` is the number of the
    paragraph that introduces a list item or a table, if there is one, and of the rows below a
    table's first that of the first, which names the columns.
    """

    number: int
    kind: BlockKind
    start: int
    end: int
    level: int = 0
    headings: tuple[str, ...] = ()
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class BlockQuestion:
    """A question that the blocks `first` to `last` of a document answer; both None: the document as a whole."""

    first: int | None
    last: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its metadata. Two documents are the same work in two languages if they share `id`."""

    id: str
    language: str
    title: str
    text: str
    sha256: str
    kind: str
    evidence: str
    stance: str
    text_by: Literal["tillit", "source"]
    basis: str | None = None
    country: str | None = None
    organisation: str | None = None
    sectors: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    year: int | None = None
    publisher: str | None = None
    original_title: str | None = None
    source_url: str | None = None
    source_language: str | None = None
    questions: tuple[str, ...] = ()
    block_questions: tuple[BlockQuestion, ...] = ()
    guessed: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()

    @property
    def examples(self) -> tuple[str, ...]:
        """What the document as a whole is said to be an example of."""
        return tuple(each.text for each in self.block_questions if each.first is None)

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that holds `offset`, or None for a document without pages."""
        return next((page.number for page in self.pages if page.start <= offset < page.end), None)


@dataclass(frozen=True, slots=True)
class Chunk:
    """An indexed slice: `document.text[start:end] == text`, always.

    Covers the blocks `block_first` to `block_last`, inclusive; a block that is too long for the
    model's window is cut at sentences into several chunks of the same block.
    """

    document_id: str
    language: str
    block_first: int
    block_last: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as a retriever returned it; `rank` counts from 1, `key` is the chunk's in the catalogue."""

    key: int
    chunk: Chunk
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `document.text[start:end] == quote`.

    `sha256` is that of the UTF-8 bytes of `document.text`; `page` is None where there are no pages.
    """

    document_id: str
    language: str
    title: str
    block_first: int
    block_last: int
    start: int
    end: int
    quote: str
    sha256: str
    page: int | None
    source_url: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of an answer: verbatim text and the citations that bear it.

    `heading` is the title of the document that is quoted, where an answer sets cases or sides beside each other.
    """

    text: str
    citations: tuple[Citation, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Nearest:
    """A document that comes near a question that was refused."""

    document_id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer: the question's terms that the nearest documents have, and those that none of them has."""

    reason: str
    found_terms: tuple[str, ...]
    missing_terms: tuple[str, ...]
    nearest: tuple[Nearest, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question, and how it came about.

    `text` is what a reader reads: the statements joined by blank lines, or the refusal's wording.
    `support` is that of the best document, 0 to 1; below the threshold a question is refused.
    """

    question: str
    language: str
    status: Status
    text: str
    statements: tuple[Statement, ...]
    other_side: tuple[Statement, ...]
    sources: tuple[Document, ...]
    passages: tuple[Passage, ...]
    refusal: Refusal | None
    fingerprint: str
    support: float = 0.0
    trace: tuple[tuple[str, str], ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    """Words of the question that no text has, each with the word that was searched instead."""
    also_searched: tuple[str, ...] = ()
    """Synonyms from the glossary, in the question's language, that were searched as well."""
    type: str = "fact"
    """What form the question asks for: fact, list, cases, comparison, definition, objections, how-to."""
    understood: str | None = None
    """A follow-up as it was searched for, with what it needs of the turn before."""
    unanswered: tuple[str, ...] = ()
    """Parts of the question that nothing was found on, where the others are answered."""
    definitions: tuple[str, ...] = ()
    """What the glossary says of what a question asks the meaning of, a line each; it is no source and not cited."""
    notes: tuple[str, ...] = ()
    """What has to be known of the evidence, a sentence each, in the answer's language."""
