"""Text out of a file: Markdown, plain text or PDF, in limits, with one verdict.

Markdown and plain text are read here; a PDF is read by a child process (`ingest.pdf_worker`) that is
killed when its time is up. The text is as the file has it; mending it is `ingest.cleaning`'s work.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from ingest.verdict import Failure, Success, failure_message, judge_text
from kb.errors import DocumentError, ExtractionError
from kb.schema import split_front_matter

Format = Literal["markdown", "text", "pdf"]

LEAST_LETTERS_IN_PDF = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one file may take; `seconds` is by the clock on the wall."""

    max_bytes: int = 100_000_000
    max_pages: int = 2000
    seconds: float = 120.0
    memory_bytes: int = 1 << 30
    max_chars: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file holds: a string for each page, or one string where the format has no pages.

    `failed_pages` are numbers from 1; such a page is the empty string. `title` and `year` are what
    the file says of itself, and only guesses.
    """

    format: Format
    verdict: Success
    pages: tuple[str, ...]
    failed_pages: tuple[int, ...]
    front_matter: str | None
    title: str | None
    year: int | None
    sha256: str


Loader = Callable[[str, bytes, Limits], Extracted]


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
            head = stream.read(1024)
            load = load_pdf if _PDF_HEADER.search(head) else LOADERS.get(path.suffix.lower())
            if load is None:
                raise _failure(path.name, "unsupported")
            data = head + stream.read(max(0, limits.max_bytes - len(head)) + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path} cannot be read ({reason}); see that it exists and that you may read it.") from None
    if len(data) > limits.max_bytes:
        raise _failure(path.name, "too-big")
    return load(path.name, data, limits)


def _failure(name: str, verdict: Failure) -> ExtractionError:
    return ExtractionError(failure_message(name, verdict), verdict)


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


def load_pdf(name: str, data: bytes, limits: Limits) -> Extracted:
    """Return a PDF's pages, read by a child process in limits."""
    try:
        with TemporaryDirectory(prefix="tillit-") as folder:
            source, outfile = Path(folder) / "input.pdf", Path(folder) / "report"
            source.write_bytes(data)
            code = _run_worker(source, outfile, limits)
            report = _Report.read(outfile)
    except OSError as error:
        raise DocumentError(
            f"{name} cannot be read, since the temporary folder or a new process cannot be had "
            f"({error.strerror or error}); free some room and try again."
        ) from None
    if not report.started and code is not None:
        raise DocumentError(f"{name} cannot be read, since the PDF reader does not start; see: tillit doctor")
    return _extracted_pdf(name, report, _cause(report, code), data)


LOADERS: dict[str, Loader] = {
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".txt": load_text,
    ".text": load_text,
    ".pdf": load_pdf,
}
_PDF_HEADER = re.compile(rb"%PDF-\d")


def _run_worker(source: Path, outfile: Path, limits: Limits) -> int | None:
    """Run the child and return its exit code, or None if its time ran out."""
    root = str(Path(__file__).resolve().parent.parent)
    searched = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest.pdf_worker", str(source), str(outfile), *_options(limits)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=source.parent,
        env={**os.environ, "PYTHONPATH": searched, "PYTHONSAFEPATH": "1"},
        start_new_session=True,
    )
    try:
        return process.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            _kill(process)


def _options(limits: Limits) -> list[str]:
    return [
        f"--seconds={math.ceil(limits.seconds) + 1}",
        f"--memory={limits.memory_bytes}",
        f"--pages={limits.max_pages}",
        f"--characters={limits.max_chars}",
    ]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass(slots=True)
class _Report:
    """What a child wrote before it ended or was killed."""

    started: bool = False
    count: int = 0
    title: str = ""
    created: str = ""
    verdict: str | None = None
    texts: dict[int, str] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, outfile: Path) -> _Report:
        """Read what is there, up to the first line that is not whole."""
        report = cls()
        if not outfile.exists():
            return report
        with outfile.open(encoding="ascii", errors="replace") as stream:
            for line in stream:
                try:
                    report._take(json.loads(line))
                except (ValueError, RecursionError):
                    break
        return report

    def _take(self, record: dict[str, Any]) -> None:
        if "text" in record:
            self.texts[record["page"]] = record["text"]
        elif "failed" in record:
            self.failed[record["page"]] = record["failed"]
        elif "pages" in record:
            self.count, self.title, self.created = record["pages"], record["title"], record["created"]
        elif "verdict" in record:
            self.verdict = record["verdict"]
        else:
            self.started = bool(record["started"])


_FAILURE_OF: dict[str, Failure] = {"encrypted": "encrypted", "malformed": "malformed", "too-big": "too-big"}


def _cause(report: _Report, code: int | None) -> Failure | None:
    """Return why the child did not read to the end, or None if it did."""
    if report.verdict is not None:
        return _FAILURE_OF.get(report.verdict)
    if code is None or (sys.platform != "win32" and code == -signal.SIGXCPU):
        return "timeout"
    # Only memory running out ends the child by its own exit code, or by the system's SIGKILL.
    return "too-big" if code > 0 or (sys.platform != "win32" and code == -signal.SIGKILL) else "malformed"


def _extracted_pdf(name: str, report: _Report, cause: Failure | None, data: bytes) -> Extracted:
    """Return the pages that were read; those that were not have failed."""
    if cause == "too-big" and report.verdict is not None:
        raise _failure(name, cause)
    pages = tuple(report.texts.get(index, "") for index in range(report.count))
    failed = tuple(index + 1 for index in range(report.count) if index not in report.texts)
    verdict = judge_text("\n".join(pages), LEAST_LETTERS_IN_PDF)
    if verdict == "garbled":
        raise _failure(name, verdict)
    if verdict == "no-text":
        raise _failure(name, cause or _reason_for_nothing(report))
    return Extracted(
        format="pdf",
        verdict="partial" if failed else "ok",
        pages=pages,
        failed_pages=failed,
        front_matter=None,
        title=_sensible_title(report.title, name),
        year=_year(report.created),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _reason_for_nothing(report: _Report) -> Failure:
    """Return the verdict on a PDF that was read to its end and gave no text."""
    if report.texts:
        return "no-text"
    return "too-big" if "too-big" in report.failed.values() else "malformed"


_NO_TITLE = re.compile(
    r"untitled|uden titel|uten tittel|uten navn|namnlös|microsoft (?:word|powerpoint|excel)\b|powerpoint[ -]pr"
    r"|(?:document|dokument|presentation|præsentation|presentasjon|layout|slide|lysbilde)\s*\d*$"
    r"|.*\.(?:docx?|dotx?|pdf|indd|qxd|qxp|rtf|odt|odp|pptx?|potx?|xlsx?|txt|html?|md|tex|dvi|ps|eps|ai|pages|wpd)$"
    r"|(?=\S*[_\d])\S+$",
    re.IGNORECASE,
)


def _sensible_title(raw: str, name: str) -> str | None:
    """Return the title that a PDF gives itself, unless it is a file's name or a program's default."""
    title = " ".join(raw.split())
    letters = sum(char.isalpha() for char in title)
    if letters < 3 or letters * 2 < len(title) or not title.isprintable() or "\ufffd" in title:
        return None
    return None if _NO_TITLE.match(title) or title.casefold() == Path(name).stem.casefold() else title[:300]


def _year(created: str) -> int | None:
    """Return the year in which a PDF says that it was made."""
    match = re.match(r"\s*(?:D:)?\s*(\d{4})", created)
    return int(match[1]) if match and 1990 <= int(match[1]) <= date.today().year else None
