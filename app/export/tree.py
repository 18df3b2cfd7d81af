"""The blocks of an export as pandoc's syntax tree. Text enters it as words, so that none of it can act as markup.

Only the Markdown of our own documents is meant, as on the pages: bold words and list items of quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

Node = dict[str, Any]
"""A block or an inline of pandoc: its type under "t", what it holds under "c"."""

LOCALES = {"en": "en-GB", "da": "da-DK", "nb": "nb-NO", "sv": "sv-SE"}
"""What office programs call our languages."""
NO_ATTRIBUTES: list[Any] = ["", [], []]
LINE_BREAK: Node = {"t": "LineBreak"}
SPACE: Node = {"t": "Space"}

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^\s*[-*+]\s+(\S.*)")
_NUMBERED = re.compile(r"\s*(0|[1-9]\d{0,8})([.)])\s+(\S.*)")
_SIGNS = {".": "Period", ")": "OneParen"}
_LONGEST_ADDRESS = 2000
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)


def printable(text: str) -> str:
    """Return a text with a replacement sign for each character that XML forbids."""
    return _FORBIDDEN.sub("\ufffd", text)


def web_address(url: str | None) -> str | None:
    """Return an address where it is that of a web page, else None."""
    if not url or len(url) > _LONGEST_ADDRESS or _FORBIDDEN.search(url) or not _ADDRESS.fullmatch(url):
        return None
    try:
        return url if urlsplit(url).hostname else None
    except ValueError:
        return None


def words(text: str) -> list[Node]:
    """Return a text of one line as inlines."""
    inlines: list[Node] = []
    for place, word in enumerate(re.split(r"[ \t\r\n]", printable(text))):
        inlines += [SPACE] * (place > 0)
        inlines += [{"t": "Str", "c": word}] if word else []
    return inlines


def rich(text: str) -> list[Node]:
    """Return a line of a quote as inlines, its bold words as such."""
    parts = _BOLD.split(text)
    return [
        node
        for place, part in enumerate(parts)
        for node in ([styled("Strong", words(part))] if place % 2 else words(part))
    ]


def unmarked(text: str) -> str:
    """Return a quote as plain text: bold words without their marks, list items with a bullet."""
    lines = (_BULLET.sub(r"• \1", line) for line in _BOLD.sub(r"\1", printable(text)).split("\n"))
    return "\n".join(lines)


def styled(kind: str, inlines: Sequence[Node]) -> Node:
    """Return inlines as "Strong" or "Emph"."""
    return {"t": kind, "c": list(inlines)}


def link(url: str) -> Node:
    """Return a link to an address, which it shows."""
    return {"t": "Link", "c": [NO_ATTRIBUTES, [{"t": "Str", "c": url}], [url, ""]]}


def note(inlines: Sequence[Node]) -> Node:
    """Return a footnote."""
    return {"t": "Note", "c": [paragraph(inlines)]}


def paragraph(inlines: Sequence[Node]) -> Node:
    """Return a paragraph."""
    return {"t": "Para", "c": list(inlines)}


def heading(level: int, text: str) -> Node:
    """Return a heading."""
    return {"t": "Header", "c": [level, NO_ATTRIBUTES, words(text)]}


def bullets(items: Iterable[Sequence[Node]]) -> Node:
    """Return a list of items, each of inlines."""
    return {"t": "BulletList", "c": [[{"t": "Plain", "c": list(item)}] for item in items]}


def numbered(first: int, sign: str, items: Iterable[Sequence[Node]]) -> Node:
    """Return a numbered list, counted from `first`; `sign` stands after each number."""
    return {"t": "OrderedList", "c": [[first, {"t": "Decimal"}, {"t": _SIGNS[sign]}], bullets(items)["c"]]}


def in_language(language: str, blocks: Sequence[Node]) -> list[Node]:
    """Return blocks, told to be in a language of ours."""
    if not blocks or language not in LOCALES:
        return list(blocks)
    return [{"t": "Div", "c": [["", [], [["lang", LOCALES[language]]]], list(blocks)]}]


def small(inlines: Sequence[Node]) -> Node:
    """Return a paragraph in a style of its own in Word, as small as footnotes."""
    return {"t": "Div", "c": [["", [], [["custom-style", "Small"]]], [paragraph(inlines)]]}


def facts_table(rows: Iterable[tuple[str, Sequence[Node]]]) -> Node:
    """Return a table without a head: names in the first column, inlines in the second."""
    body = [[_plain(styled("Strong", words(name))), [{"t": "Plain", "c": list(told)}]] for name, told in rows]
    return _table([], body, (0.25, 0.75))


def side_by_side(heads: Sequence[str], rows: Iterable[tuple[str, Sequence[Sequence[Node]]]], named: float) -> Node:
    """Return a table of columns with a head each, of equal widths beside that of the rows' names, a share of 1.

    A row is its name and the blocks of its cells. Word repeats the heads on each page.
    """
    width = (1 - named) / len(heads)
    body = [[_plain(styled("Strong", words(name))), *map(list, cells)] for name, cells in rows]
    head = [[], *(_plain(styled("Strong", words(each))) for each in heads)]
    return _table([head], body, (named, *[width] * len(heads)))


def _plain(inline: Node) -> list[Node]:
    return [{"t": "Plain", "c": [inline]}]


def _table(head: Sequence[Sequence[list[Node]]], body: Sequence[Sequence[list[Node]]], widths: Sequence[float]) -> Node:
    """Return a table; a row is a list of cells, a cell a list of blocks, a width a share of 1."""
    default = {"t": "AlignDefault"}
    columns = [[default, {"t": "ColWidth", "c": width}] for width in widths]

    def drawn(rows: Sequence[Sequence[list[Node]]]) -> list[Any]:
        return [[NO_ATTRIBUTES, [[NO_ATTRIBUTES, default, 1, 1, cell] for cell in cells]] for cells in rows]

    bodies = [[NO_ATTRIBUTES, 1, [], drawn(body)]]
    return {
        "t": "Table",
        "c": [NO_ATTRIBUTES, [None, []], columns, [NO_ATTRIBUTES, drawn(head)], bodies, [NO_ATTRIBUTES, []]],
    }


def quoted(text: str, notes: Sequence[Node] = ()) -> list[Node]:
    """Return a quote as paragraphs and lists, its lines kept, with footnotes at its end.

    A number that stands alone before a line is text: it may be a date's.
    """
    blocks: list[Node] = []
    joined = False
    for line in text.split("\n"):
        if line.strip():
            _add(line, blocks, joined)
        joined = bool(line.strip())
    blocks = [_as_text(block) for block in blocks] or [paragraph([])]
    for place, each in enumerate(notes):
        _last_inlines(blocks[-1]).extend([SPACE, each] if place else [each])
    return blocks


def _add(line: str, blocks: list[Node], joined: bool) -> None:
    """Add a line to a quote's blocks: to the last of them where it goes on, which takes `joined` but for lists."""
    before = blocks[-1] if blocks else None
    if found := _BULLET.fullmatch(line):
        if before and before["t"] == "BulletList":
            before["c"] += bullets([rich(found[1])])["c"]
        else:
            blocks.append(bullets([rich(found[1])]))
    elif found := _NUMBERED.fullmatch(line):
        number, sign, text = int(found[1]), found[2], rich(found[3])
        if before and before["t"] == "OrderedList" and _next_number(before) == (number, _SIGNS[sign]):
            before["c"][1] += bullets([text])["c"]
        else:
            blocks.append(numbered(number, sign, [text]))
    elif before and joined and (before["t"] == "Para" or line[0].isspace()):
        _last_inlines(before).extend([LINE_BREAK, *rich(line.strip())])
    else:
        blocks.append(paragraph(rich(line.strip())))


def _next_number(block: Node) -> tuple[int, str]:
    (first, _, delimiter), items = block["c"]
    return first + len(items), delimiter["t"]


def _as_text(block: Node) -> Node:
    """Return a numbered list of one item as a paragraph, other blocks as they are."""
    if block["t"] != "OrderedList" or len(block["c"][1]) > 1:
        return block
    (first, _, delimiter), [[item]] = block["c"]
    sign = next(sign for sign, name in _SIGNS.items() if name == delimiter["t"])
    return paragraph([*words(f"{first}{sign}"), SPACE, *item["c"]])


def _last_inlines(block: Node) -> list[Node]:
    """Return the list that holds the inlines of a paragraph, or of a list's last item."""
    content: list[Node] = block["c"]
    if block["t"] == "Para":
        return content
    items = block["c"][1] if block["t"] == "OrderedList" else block["c"]
    inlines: list[Node] = items[-1][-1]["c"]
    return inlines
