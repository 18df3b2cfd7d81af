"""The verdicts on a file, what each failing one tells the user, and how text itself is judged.

Every file gets exactly one verdict. `ok` and `partial` give a document; the others give one sentence.
"""

from __future__ import annotations

import re
from typing import Literal

Failure = Literal["no-text", "garbled", "encrypted", "malformed", "too-big", "timeout", "unsupported"]
Success = Literal["ok", "partial"]
Verdict = Literal[Success, Failure]

SENTENCES: dict[Failure, str] = {
    "no-text": "it has no text, as scanned pages have none; run it through text recognition (OCR) and add the result",
    "garbled": "its text cannot be read, because the characters are not those that it shows; "
    "save it anew as PDF from the program that made it, or run it through text recognition (OCR)",
    "encrypted": "it is locked with a password; save a copy without the password and add that",
    "malformed": "the file is damaged or is not what its name says; open it, save it anew and add the new file",
    "too-big": "reading it takes more room or pages than is allowed; split it into smaller files and add those",
    "timeout": "reading it took too long; save it anew as a plain PDF or as text and add that",
    "unsupported": "files of this kind cannot be read; save it as PDF, Word (.docx) or text (.txt) and add that",
}

OF_PDFS: dict[bool, dict[Failure, str]] = {
    False: {
        "no-text": "it has no text, as scanned pages have none; tillit ingest --retry --ocr reads it by text "
        "recognition (OCR)",
        "garbled": "its text cannot be read, because the characters are not those that it shows; save it anew as PDF "
        "from the program that made it, or let tillit ingest --retry --ocr read it by text recognition (OCR)",
    },
    True: {
        "no-text": "it has no text, and text recognition (OCR) found none either; scan it anew and add that",
        "timeout": "reading it took too long; give text recognition (OCR) more time with TILLIT_PDF_SECONDS, "
        "or split the file and add its parts",
    },
}
"""What is told of PDFs instead, by whether OCR was to read their pages without text."""

LEAST_LETTERS_IN_PDF = 20
"""Letters below which a PDF, or a page of one, has no text: a stamp may have some."""

_LETTERS = re.compile(r"[^\W\d_]+")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]+")
_GLYPH_NAMES = re.compile(r"(?:/[A-Za-z_]{1,10}[0-9A-F]{1,6}\b\s?){3,}|(?:\(cid:\d{1,6}\)\s?){3,}")


def failure_message(name: str, verdict: Failure, ocr: bool | None = None) -> str:
    """Return the sentence for the user that names the file, what happened and what to do.

    Of a PDF, `ocr` tells whether OCR was to read its pages without text.
    """
    shown = "".join(char if char.isprintable() else "?" for char in name)
    instead = OF_PDFS[ocr] if ocr is not None else {}
    return f"{shown} cannot be added: {instead.get(verdict, SENTENCES[verdict])}."


def judge_text(text: str, least_letters: int) -> Literal["ok", "no-text", "garbled"]:
    """Say whether `text` can be read: garbled if most of it is no characters, no-text with too few letters."""
    visible = sum(map(len, text.split()))
    unreadable = _length(_UNREADABLE, text) + _length(_GLYPH_NAMES, text)
    if unreadable * 2 > visible:
        return "garbled"
    return "ok" if _length(_LETTERS, text) >= least_letters else "no-text"


def _length(pattern: re.Pattern[str], text: str) -> int:
    return sum(match.end() - match.start() for match in pattern.finditer(text))
