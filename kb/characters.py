"""One form of each character: NFC and an explicit table, never NFKC, which turns 12³ into 123.

Also where a place in mended text stands in the text as it was: mending changes spaces, signs of no width, ligatures
and how a character is composed, but never the order of what can be seen.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left


def _ranges(*ranges: tuple[int, int]) -> list[int]:
    return [code for first, last in ranges for code in range(first, last + 1)]


_REMOVED = _ranges(
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F),  # control characters
    (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E),  # soft hyphen; marks of direction and of Mongolian
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0x2066, 0x206F),  # of no width, of direction
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),  # byte order mark, annotations, hidden tags
)  # fmt: skip
_SPACES = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_BULLETS_OF_SYMBOL_FONTS = (0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF076)
_CHARACTERS: dict[int, str | None] = {
    **dict.fromkeys(_REMOVED, None),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n"),
    **dict.fromkeys((0x2010, 0x2011), "-"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys(_BULLETS_OF_SYMBOL_FONTS, "•"),
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
}


def normalise(text: str) -> str:
    """Return `text` with LF line ends and in Unicode NFC, as all stored text is."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def mend_characters(text: str) -> str:
    """Return `text` in NFC with LF line ends, ligatures spelled out, odd spaces plain and invisible signs gone."""
    return normalise(text.translate(_CHARACTERS))


def visible(text: str) -> str:
    """Return what can be seen of a text: all but its white space."""
    return "".join(text.split())


def offset_of(raw: str, seen: int) -> int:
    """Return the offset in `raw` after which its mended text goes on when `seen` visible characters have passed.

    White space and signs of no width before the next visible character are passed as well.
    """
    after = _first_with(raw, seen + 1)
    return max(0, after - 1) if len(visible(mend_characters(raw[:after]))) > seen else len(raw)


def end_of(raw: str, seen: int) -> int:
    """Return the offset in `raw` at which `seen` visible characters of its mended text have just ended."""
    end = _first_with(raw, seen)
    while end < len(raw) and unicodedata.combining(raw[end]):
        end += 1
    return end


def _first_with(raw: str, seen: int) -> int:
    """Return the least length of `raw` whose mended text has as many visible characters; all of it where none has."""
    counts = range(len(raw) + 1)
    return min(len(raw), bisect_left(counts, seen, key=lambda end: len(visible(mend_characters(raw[:end])))))
