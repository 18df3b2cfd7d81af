"""When a file that has not changed is read again: once it may be given more than it had when it was read in part.

More is OCR where there was none, then more time. A file that was read with OCR is not read again without it.
"""

from __future__ import annotations

import math

from ingest.child import Limits
from ingest.extraction import Extracted


def stamp(fingerprint: str, limits: Limits, extracted: Extracted | None = None) -> str:
    """Return a file's fingerprint, with what it was given where that was too little; `extracted` is what came of it."""
    if extracted and not extracted.late and (limits.ocr or not extracted.unread):
        return fingerprint
    seconds = math.inf if extracted and not extracted.late else limits.seconds
    return f"{fingerprint} {bool(limits.ocr):d} {seconds:g}"


def suffices(stamped: str, fingerprint: str, limits: Limits) -> bool:
    """Tell whether a file was read as well as these limits may have it read."""
    known, *given = stamped.split()
    if known != fingerprint or not given:
        return known == fingerprint
    ocr, seconds = given
    return (bool(int(ocr)), float(seconds)) >= (bool(limits.ocr), limits.seconds)
