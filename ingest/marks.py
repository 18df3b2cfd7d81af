"""The marks of list items, and how a text ends a sentence or begins one: what lines tell by their words.

Dates ("3. mai") and asides between dashes look like marks, so what a line seems to begin with has to be judged by the
lines around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

SURE = "•‣▪■●◦○▸►➢✓"
"""Signs that begin nothing but list items."""
LETTERED = "a."
"""The sign of items that letters and full stops count."""
_BULLET = re.compile(rf"([{SURE}])\s*(.*)|([›*·∙–—-])\s+(\S.*)")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)](?:\s+(\S.*))?$")
_LETTER = re.compile(r"\(?[a-zæøå]\)\s+\S")
_LETTER_AND_POINT = re.compile(r"([a-h])\.\s+\S")
_DATE = re.compile(r"\d{1,2}\. ?(?:jan|feb|mar|apr|ma[jiy]|jun|jul|aug|sep|o[kc]t|nov|de[cs])", re.IGNORECASE)
_ALONE = re.compile(rf"(?:[{SURE}›*·∙–—-]|\(?\d{{1,2}}[.)]|\d{{1,2}}(?:\.\d{{1,2}})+\.?|\(?[a-zæøå][.)])$")
_SENTENCE_END = re.compile(r"(?:[.!?…]|[^\W\d_]{2}[.!?]\d{1,2})[\"'”’»)\]]*$")
_OPENING = "\"'“”«»‘„([ "


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a list item: what it was, what is written for it, its number, and the text after it."""

    sign: str
    written: str
    rest: str
    number: int = 0


def mark_of(text: str) -> Mark | None:
    """Return the list item's mark that a line seems to begin with."""
    if bullet := _BULLET.match(text):
        sign, rest = bullet[1] or bullet[3], bullet[2] if bullet[1] else bullet[4]
        inner = mark_of(rest) if _NUMBER.match(rest) else None
        return replace(inner, sign=sign) if inner else Mark(sign, "- ", rest)
    if (number := _NUMBER.match(text)) and not _DATE.match(text):
        return Mark("1", f"{number[1]}. ", number[2] or "", int(number[1]))
    if letter := _LETTER_AND_POINT.match(text):
        return Mark(LETTERED, "- ", text, ord(letter[1]) - ord("a") + 1)
    return Mark("a", "- ", text) if _LETTER.match(text) else None


def is_mark(text: str) -> bool:
    """Tell whether a text is the mark of an item, or the number of a section ("2.1"), and nothing else."""
    return _ALONE.match(text) is not None


def opens(text: str) -> bool:
    """Tell whether a line may begin a sentence."""
    first = text.lstrip(_OPENING)[:1]
    return first.isupper() or first.isdigit()


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends with a sentence; a footnote's mark may follow the full stop."""
    return _SENTENCE_END.search(text[-12:]) is not None
