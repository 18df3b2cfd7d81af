"""Which lines may be headings by their words: short, beginning like a sentence, not ending like one."""

from __future__ import annotations

import re

from ingest.marks import opens

LONGEST_HEADING = (90, 12)
LONGEST_QUESTION = (120, 20)
"""The most characters and words of a heading, and of a question that is one."""

SECTION = re.compile(r"\d+(?:\.\d+)*\.?\s|(?:chapter|kapit\w*|part|del|bilag|vedlegg|bilaga|annex)\s", re.IGNORECASE)
SUBSECTION = re.compile(r"\d+(?:\.\d+)+\.?\s.*\D$")
LEADERS = re.compile(r"\.{4}|(?:\. ){4}")
"""The dots between a heading and its page in a table of contents."""
_NO_HEADING = re.compile(r"@|https?:|www\.|^\d[\d.]*\s.*\s\d{1,3}$")


def may_be_heading(text: str) -> bool:
    """Tell whether a text looks like a heading: short, beginning like a sentence, not ending like one."""
    core = text.rstrip("\"'”’»)]")
    characters, words = LONGEST_QUESTION if core.endswith("?") else LONGEST_HEADING
    if not core or len(text) > characters or len(text.split()) > words or core[-1] in ".,;:…-–" or not opens(text):
        return False
    section = SECTION.match(text)
    title = text[section.end() :] if section else text
    letters = sum(char.isalpha() for char in title)
    row = letters < 2 or letters * 2 < len(title.replace(" ", "")) or len(re.findall(r"\d+", title)) > 2
    return not row and not _NO_HEADING.search(text) and not LEADERS.search(text)


def is_text(block: str, heading: int) -> bool:
    """Tell whether a block is text below a heading of that length, and not another short line."""
    characters, words = LONGEST_HEADING
    finished = len(block) > heading and block[-1] in '.:;!?…”"»)'
    return len(block) > characters or len(block.split()) > words or finished
