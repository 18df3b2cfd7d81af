"""Joining the lines of a paragraph, and deciding what becomes of a hyphen at a line's end.

The document's own words decide: a form that stands elsewhere in it, whole or with a hyphen, is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FIRST_PART = re.compile(r"([^\W_]+(?:-[^\W_]+)*)-$")
_SECOND_PART = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_AND = frozenset(("and", "or", "og", "eller", "och", "samt"))
_ENGLISH_SECOND_PARTS = frozenset(
    ("based", "term", "oriented", "driven", "related", "making", "wide", "specific", "centred", "centered", "being")
)


MANY_LINES, FEW_BROKEN = 25, 0.05
"""From how many lines on it counts that fewer than this share of them end in a hyphen: no words are broken there.

Of texts that break words about one line in eight ends in a hyphen, of others one in thirty at most.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document in lower case, those broken at a line's end left out, and the parts of compounds.

    `whole` says that its lines seem to end in hyphens only where words have one.
    """

    count: Counter[str]
    first_parts: frozenset[str]
    parts: frozenset[str]
    whole: bool = False

    @classmethod
    def of(cls, lines: Sequence[str]) -> Words:
        """Count the words of `lines`; none are counted where no line ends in a hyphen."""
        count: Counter[str] = Counter()
        if any(line.endswith("-") for line in lines):
            broken = False
            for line in lines:
                words = _WORD.findall(line.casefold())
                count.update(words[1 if broken else 0 : -1 if line.endswith("-") else None])
                broken = line.endswith("-")
        hyphens = sum(_FIRST_PART.search(line[-80:]) is not None for line in lines)
        compounds = [word.split("-") for word in count if "-" in word]
        return cls(
            count,
            frozenset(compound[0] for compound in compounds),
            frozenset(count) | frozenset(part for compound in compounds for part in compound),
            len(lines) >= MANY_LINES and hyphens < FEW_BROKEN * len(lines),
        )


def join_lines(lines: Sequence[str], words: Words) -> tuple[str, list[int]]:
    """Return the lines as one, and at which offset in it each begins."""
    pieces: list[str] = []
    offsets: list[int] = []
    length = 0
    for line in lines:
        if length:
            last = pieces.pop()
            ended = _end_before(last, line, words)
            pieces.append(ended)
            length += len(ended) - len(last)
        offsets.append(length)
        pieces.append(line)
        length += len(line)
    return "".join(pieces), offsets


def _end_before(line: str, following: str, words: Words) -> str:
    """Return how `line` ends where `following` is joined to it."""
    first, second = _FIRST_PART.search(line[-80:]), _SECOND_PART.match(following[:80])
    if first and second:
        return line[:-1] + _hyphen(first[1], second[0], words)
    if line.endswith("/") and line[-2:-1].isalpha() and following[:1].isalpha():
        return line
    return f"{line} "


def _hyphen(first: str, second: str, words: Words) -> str:
    """Return what stands between two parts of a word broken at a hyphen: nothing, the hyphen, or that and a space."""
    low_first, low_second = first.casefold(), second.casefold()
    joined, hyphenated = words.count[low_first + low_second], words.count[f"{low_first}-{low_second}"]
    if joined or hyphenated:
        return "" if joined >= hyphenated else "-"
    if low_second in _AND:
        return "- "
    if not second[0].islower() or first[-1].isdigit() or (len(first) > 1 and first.isupper()):
        return "-"
    pattern_known = low_first in words.first_parts and low_second in words.parts
    return "-" if words.whole or pattern_known or low_second in _ENGLISH_SECOND_PARTS else ""
