"""Text out of a file, in limits, with one verdict.

Markdown and plain text are read here; everything else is read by a child process (`ingest.child`). The text is as the
file has it; mending it is `ingest.cleaning`'s work.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.child import Limits, Report, read_in_child
from ingest.kinds import HEAD, Format, UnreadableError, sniff
from ingest.verdict import LEAST_LETTERS_IN_PDF, Failure, Success, failure_message, judge_text
from kb.errors import DocumentError, ExtractionError
from kb.schema import split_front_matter

REMARKS = {
    "failed": "pages that could not be read",
    "late": "pages for which the time was too short; TILLIT_PDF_SECONDS gives more",
    "hidden": "text that nobody can see, which is searched as well",
    "pdfium": "read by PDFium, since pypdf could not",
    "ocr": "read by text recognition (OCR), which may misread figures",
}
"""What is told of what was seen on pages."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file holds: a string for each page (of a presentation, each slide), or one where there are no pages.

    `failed_pages` are numbers from 1; such a page is the empty string. `title` and `year` are what the file says of
    itself, and only guesses. `notes` are (page from 1, word) for what was seen on a page.
    """

    format: Format
    verdict: Success
    pages: tuple[str, ...]
    failed_pages: tuple[int, ...]
    front_matter: str | None
    title: str | None
    year: int | None
    sha256: str
    notes: tuple[tuple[int, str], ...] = ()
    sizes: tuple[tuple[float, ...], ...] = ()
    """Of each page, the sizes of its lines' letters in points, 0 where they are not known; none for other formats."""
    late: bool = False
    """Whether the time was too short for a page or for the file; what was not read has failed."""

    @property
    def seen(self) -> dict[str, list[int]]:
        """Return the pages (from 1) by what was seen on them, named as in `REMARKS`; what was not read first."""
        places = {"late" if self.late else "failed": [*self.failed_pages]}
        for page, note in self.notes:
            places.setdefault(note, []).append(page)
        return places

    @property
    def remarks(self) -> str:
        """Return what a reader has to know of how the file was read, in one line; nothing where all went well."""
        places = self.seen
        paged = len(self.pages) > 1
        told = [(text, places[note]) for note, text in REMARKS.items() if places.get(note)]
        return "; ".join(f"{text} (page {ranges(pages)})" if paged else text for text, pages in told)

    @property
    def unread(self) -> bool:
        """Tell whether it is a PDF with a page on which there is no text, or none that can be read."""
        return self.format == "pdf" and any(judge_text(page, LEAST_LETTERS_IN_PDF) != "ok" for page in self.pages)


def ranges(pages: Sequence[int]) -> str:
    """Return numbers in a line, those that follow each other as a range ("1-3, 5")."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def extract(path: Path, limits: Limits | None = None) -> Extracted:
    """Return the text of a file.

    Raises `ExtractionError` with a verdict where no text can be had, and `DocumentError` where the
    file itself cannot be opened.
    """
    limits = limits or Limits()
    try:
        if not path.is_file():
            raise DocumentError(f"{path} is not a file; name an existing file.")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if not head:
                raise _failure(path.name, "no-text")
            kind = sniff(path.name, head, stream)
            stream.seek(0)
            data = stream.read(limits.max_bytes + 1)
    except UnreadableError as error:
        raise _failure(path.name, error.verdict) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path} cannot be read ({reason}); see that it exists and that you may read it.") from None
    if len(data) > limits.max_bytes:
        raise _failure(path.name, "too-big")
    if kind == "markdown":
        return load_markdown(path.name, data, limits)
    return load_text(path.name, data, limits) if kind == "text" else _load(path.name, kind, data, limits)


def _failure(name: str, verdict: Failure, ocr: bool | None = None) -> ExtractionError:
    return ExtractionError(failure_message(name, verdict, ocr), verdict)


def load_markdown(name: str, data: bytes, limits: Limits) -> Extracted:
    """Return a Markdown file's body and its front matter."""
    front, body, _ = split_front_matter(_text_of(name, data, limits))
    return _unpaged("markdown", name, body, front, data)


def load_text(name: str, data: bytes, limits: Limits) -> Extracted:
    """Return a plain text file's text."""
    return _unpaged("text", name, _text_of(name, data, limits), None, data)


def _unpaged(kind: Format, name: str, text: str, front: str | None, data: bytes) -> Extracted:
    verdict = judge_text(text, least_letters=1)
    if verdict != "ok":
        raise _failure(name, verdict)
    return Extracted(kind, "ok", (text,), (), front, None, None, hashlib.sha256(data).hexdigest())


_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")


def _text_of(name: str, data: bytes, limits: Limits) -> str:
    """Decode text: UTF-16 by its mark, else UTF-8, else Windows-1252 if that gives no control characters."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise _failure(name, "unsupported") from None
        text = data.decode("cp1252", errors="replace")
        if marked or "\ufffd" in text or _CONTROL.search(text):
            raise _failure(name, "garbled") from None
    if "\0" in text:
        raise _failure(name, "unsupported")
    if len(text) > limits.max_chars:
        raise _failure(name, "too-big")
    return text


def _load(name: str, kind: Format, data: bytes, limits: Limits) -> Extracted:
    """Return what a child process reads of a file; the pages that it did not read have failed."""
    report, cause = read_in_child(name, kind, data, limits)
    ocr = bool(limits.ocr) if kind == "pdf" else None
    if cause in ("too-big", "encrypted") and report.verdict is not None:
        raise _failure(name, cause)
    pages = tuple(report.texts.get(index, "") for index in range(report.count))
    failed = tuple(index + 1 for index in range(report.count) if index not in report.texts)
    verdict = judge_text("\n".join(pages), LEAST_LETTERS_IN_PDF if kind == "pdf" else 1)
    if verdict == "garbled":
        raise _failure(name, verdict, ocr)
    if verdict == "no-text":
        raise _failure(name, cause or _reason_for_nothing(report), ocr)
    return Extracted(
        format=kind,
        verdict="partial" if failed or cause else "ok",
        pages=pages,
        failed_pages=failed,
        front_matter=None,
        title=_sensible_title(report.title, name),
        year=_year(report.created),
        sha256=hashlib.sha256(data).hexdigest(),
        late=cause == "timeout" or "timeout" in report.failed.values(),
        sizes=tuple(report.sizes.get(index, ()) for index in range(report.count)),
        notes=tuple((index + 1, note) for index, found in sorted(report.notes.items()) for note in found),
    )


def _reason_for_nothing(report: Report) -> Failure:
    """Return the verdict on a file that was read to its end and gave no text."""
    if report.texts:
        return "no-text"
    reasons: tuple[Failure, ...] = ("too-big", "timeout")
    return next((reason for reason in reasons if reason in report.failed.values()), "malformed")


_NO_TITLE = re.compile(
    r"untitled|\(anonymous\)|uden titel|uten tittel|uten navn|namnlös|powerpoint[ -]pr"
    r"|microsoft (?:word|powerpoint|excel)\b"
    r"|(?:document|dokument|presentation|præsentation|presentasjon|layout|slide|lysbilde)\s*\d*$"
    r"|.*\.(?:docx?|dotx?|pdf|indd|qxd|qxp|rtf|odt|odp|pptx?|potx?|xlsx?|txt|html?|md|tex|dvi|ps|eps|ai|pages|wpd)$"
    r"|(?=\S*[_\d])\S+$",
    re.IGNORECASE,
)


def _sensible_title(raw: str, name: str) -> str | None:
    """Return the title that a file gives itself, unless it is a file's name or a program's default."""
    title = " ".join(raw.split())
    letters = sum(char.isalpha() for char in title)
    if letters < 3 or letters * 2 < len(title) or not title.isprintable() or "\ufffd" in title:
        return None
    return None if _NO_TITLE.match(title) or title.casefold() == Path(name).stem.casefold() else title[:300]


def _year(created: str) -> int | None:
    """Return the year in which a file says that it was made."""
    match = re.match(r"\s*(?:D:)?\s*(\d{4})", created)
    return int(match[1]) if match and 1990 <= int(match[1]) <= date.today().year else None
