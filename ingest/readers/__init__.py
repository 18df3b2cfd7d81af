"""Readers of files, one module for each family of formats; they run in the child process of `ingest.worker` only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["ok", "encrypted", "malformed", "too-big", "timeout"]

PROPERTY_LENGTH = 500


class TooBigError(Exception):
    """A file holds more than is allowed."""


class EncryptedError(Exception):
    """A file is locked with a password."""


@dataclass(slots=True)
class Reading:
    """What one file may take, and where what is read of it goes."""

    format: str
    pages: int
    characters: int
    seconds: int
    memory: int
    write: Callable[[dict[str, Any]], None]
    ocr: str = ""
    """The languages in which pages without text are read by OCR ("dan+eng"); "" where they are not."""
    written: int = 0
    """Characters so far."""

    def begin(self, pages: int, title: str = "", created: str = "") -> None:
        """Tell how many pages there are, and what the file says of itself. Raises `TooBigError`."""
        if pages > self.pages:
            raise TooBigError
        self.write({"pages": pages, "title": title[:PROPERTY_LENGTH], "created": created[:PROPERTY_LENGTH]})

    def page(self, index: int, text: str, *notes: str, sizes: Sequence[float] = ()) -> None:
        """Hand over a page's text; `notes` are words for what was seen on it, `sizes` those of its lines' letters.

        Raises `TooBigError`.
        """
        self.written += len(text)
        if self.written > self.characters:
            raise TooBigError
        self.write({"page": index, "text": text, "notes": list(notes), "sizes": list(sizes)})

    def failed(self, index: int, error: BaseException) -> None:
        """Tell that a page could not be read."""
        self.write({"page": index, "failed": verdict_of(error)})


def verdict_of(error: BaseException | None) -> Verdict:
    """Return the verdict that an error means, seen through those that a library has wrapped it in."""
    while error is not None:
        if isinstance(error, EncryptedError):
            return "encrypted"
        if isinstance(error, TimeoutError):
            return "timeout"
        if isinstance(error, MemoryError | TooBigError) or type(error).__name__ == "LimitReachedError":
            return "too-big"
        error = error.__cause__ or error.__context__
    return "malformed"
