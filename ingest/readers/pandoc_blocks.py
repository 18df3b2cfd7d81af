"""The blocks that pandoc finds in a file, as Markdown that `kb.blocks` reads back as the same blocks.

Every block is one line. Pandoc's own Markdown is not used, since it escapes signs and so spoils quotes. Bold, emphasis,
images, raw blocks and the marks of notes are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ingest.readers import TooBigError
from ingest.readers.written import SUPERSCRIPTS, heading, one_line, paragraph, pipe_table

Node = dict[str, Any]
"""A block or an inline of pandoc: its type under "t", what it holds under "c"."""
Inline = str | Node
"""Words and spaces come as strings, the other inlines as nodes."""
Indent = tuple[int, ...]
"""The widths of the marks of the items within which a block stands."""

DEEPEST_LIST = 8
"""Levels of lists; those below stand on the last one, since markdown-it passes over what is nested deeper."""
WIDEST_SPAN = 1000
"""Columns that one cell can take, as in HTML."""


def lighter(node: Node) -> Inline:
    """Return a node of pandoc's JSON as it is taken here: words and spaces, of which there are most, as strings."""
    kind = node.get("t")
    if kind == "Str":
        return str(node["c"])
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind is not None:
        node.setdefault("c", None)
    return node


def markdown_of(blocks: Sequence[Node], room: int) -> str:
    """Return blocks as Markdown. Raises `TooBigError` where it takes more than `room` characters."""
    writer = _Writer(room)
    for block in _flat(blocks):
        writer.block(block)
        writer.write_notes()
    return writer.text()


def opening_blocks(meta: Mapping[str, Node]) -> list[Node]:
    """Return the title, subtitle, authors, date and abstract that pandoc took from a text's beginning, as blocks."""
    blocks: list[Node] = []
    for name in ("title", "subtitle", "author", "date", "abstract"):
        found = _meta_blocks(meta[name]) if name in meta else []
        if name == "title":
            found = [{"t": "Header", "c": [1, None, block["c"]]} for block in found]
        blocks += found
    return blocks


def _meta_blocks(value: Node) -> list[Node]:
    if value["t"] == "MetaBlocks":
        return list(value["c"])
    if value["t"] == "MetaList":
        return [block for part in value["c"] for block in _meta_blocks(part)]
    return [{"t": "Para", "c": value["c"]}] if value["t"] == "MetaInlines" else []


def meta_text(meta: Mapping[str, Node], name: str) -> str:
    """Return the first paragraph of a property, nothing where there is none."""
    found = _meta_blocks(meta[name]) if name in meta else []
    return _Writer(0).line(found[0]["c"]) if found and found[0]["t"] == "Para" else ""


def _flat(blocks: Iterable[Node]) -> Iterator[Node]:
    """Yield the blocks with what is only gathered in divisions, quotes and figures in its place."""
    for block in blocks:
        kind, content = block["t"], block["c"]
        if kind == "BlockQuote":
            yield from _flat(content)
        elif kind == "Div":
            yield from _flat(content[1])
        elif kind == "Figure":
            yield from _flat(content[2])
            yield from _flat(content[1][1])
        else:
            yield block


def _inner(block: Node) -> Iterator[Node]:
    """Yield the blocks within a list, a definition list or a table."""
    kind, content = block["t"], block["c"]
    if kind in ("BulletList", "OrderedList"):
        for item in content if kind == "BulletList" else content[1]:
            yield from item
    elif kind == "DefinitionList":
        for term, definitions in content:
            yield {"t": "Plain", "c": term}
            for definition in definitions:
                yield from definition
    elif kind == "Table":
        yield from content[1][1]
        for row in _rows(content):
            for cell in row[1]:
                yield from cell[4]


def _rows(table: Sequence[Any]) -> list[Any]:
    _, _, _, head, bodies, foot = table
    return [*head[1], *(row for body in bodies for part in body[2:] for row in part), *foot[1]]


class _Writer:
    """Lines of Markdown as they are written, and the notes that are still to be written below their block."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.parts: list[str] = []
        self.after_item = False
        self.notes: list[Sequence[Node]] = []

    def text(self) -> str:
        """Return all that was written."""
        return "".join([*self.parts, "\n"]) if self.parts else ""

    def write_notes(self) -> None:
        """Write the notes that were met since the last time, each as a paragraph."""
        while self.notes:
            notes, self.notes = self.notes, []
            for note in notes:
                self._paragraph(self._joined(note), ())

    def block(self, block: Node, indent: Indent = ()) -> None:
        """Write a block that `_flat` gave."""
        kind, text = block["t"], self._text(block)
        if text is None:
            if kind in _BLOCKS:
                _BLOCKS[kind](self, block["c"], indent)
        elif kind == "Header" and text:
            self._put(" " * sum(indent) + heading(min(max(block["c"][0], 1), 6), text))
        else:
            self._paragraph(text, indent)

    def _put(self, text: str, end: str = "\n\n") -> None:
        self.room -= len(text) + len(end)
        if self.room < 0:
            raise TooBigError
        self.parts += [end, text] if self.parts else [text]
        self.after_item = False

    def _paragraph(self, text: str, indent: Indent) -> None:
        if text:
            self._put(" " * sum(indent) + paragraph(text))

    def _text(self, block: Node) -> str | None:
        """Return the one line of a block that is text, `None` for other blocks."""
        kind, content = block["t"], block["c"]
        if kind in ("Para", "Plain"):
            return self.line(content)
        if kind == "Header":
            return self.line(content[2])
        if kind == "LineBlock":
            return self.line(part for line in content for part in (*line, " "))
        return self.line([content[1]]) if kind == "CodeBlock" else None

    def _joined(self, blocks: Iterable[Node]) -> str:
        """Return all that blocks hold as one line."""
        texts = ((block, self._text(block)) for block in _flat(blocks))
        return " ".join(filter(None, (self._joined(_inner(block)) if text is None else text for block, text in texts)))

    def _split(self, blocks: Iterable[Node]) -> tuple[str, list[Node]]:
        """Return the paragraphs that blocks begin with as one line, and the blocks after them."""
        texts: list[str] = []
        rest = list(_flat(blocks))
        for number, block in enumerate(rest):
            if (text := self._text(block)) is None:
                return " ".join(filter(None, texts)), rest[number:]
            texts.append(text)
        return " ".join(filter(None, texts)), []

    def bullets(self, items: Sequence[Sequence[Node]], indent: Indent) -> None:
        """Write a list without numbers."""
        self._items([("- ", "", item) for item in items], indent)

    def numbers(self, content: Sequence[Any], indent: Indent) -> None:
        """Write a list with numbers or letters, from the number that it begins with."""
        (start, style, delimiter), items = content
        signs = (_sign(number, style["t"], delimiter["t"]) for number in range(start, start + len(items)))
        self._items([(*sign, item) for sign, item in zip(signs, items, strict=True)], indent)

    def _items(self, items: Sequence[tuple[str, str, Sequence[Node]]], indent: Indent) -> None:
        """Write items, each with its mark and a label before its text; one that begins with a heading is a section."""
        first = True
        for mark, label, item in items:
            inside = indent
            if next(_flat(item), _NOTHING)["t"] == "Header":
                text, rest = "", list(_flat(item))
            else:
                text, rest = self._split(item)
            if text:
                # A list that begins with another number than 1 would be taken for the paragraph's next line.
                apart = first and (not indent or mark not in ("- ", "1. "))
                line = " " * sum(indent) + paragraph(label + text, mark)
                self._put(line, "\n" if self.after_item and not apart else "\n\n")
                self.after_item, first = True, False
                inside = (*indent, len(mark)) if len(indent) < DEEPEST_LIST else indent
            for block in rest:
                self.block(block, inside)

    def definitions(self, content: Sequence[Any], indent: Indent) -> None:
        """Write terms, each with every definition of it."""
        for name, definitions in content:
            term = self.line(name)
            for definition in definitions or [[]]:
                text, rest = self._split(definition)
                sign = "" if term.endswith(":") or not text or not term else ":"
                self._paragraph(f"{term}{sign} {text}".strip(), indent)
                for block in rest:
                    self.block(block, indent)

    def table(self, content: Sequence[Any], indent: Indent) -> None:
        """Write a table's caption and rows; one that only gives the page its form is written as what it holds."""
        for block in _flat(content[1][1]):
            self.block(block, indent)
        known, rows = len(self.notes), _rows(content)
        grid, cells = self._grid(rows), [cell[4] for row in rows for cell in row[1]]
        columns = sorted({column for row in grid for column in row})
        if len(columns) < 2 or any(block["t"] in ("Header", "Table") for cell in cells for block in _flat(cell)):
            del self.notes[known:]
            for block in _flat(block for cell in cells for block in cell):
                self.block(block, indent)
        else:
            self._put(pipe_table(grid, self.room, sum(indent)))

    def _grid(self, rows: Sequence[Any]) -> list[dict[int, str]]:
        """Return the text of each row's cells by column, without rows that have none."""
        grid: list[dict[int, str]] = []
        free: dict[int, int] = {}  # the row from which on a column is not taken by a cell above
        for number, (_, cells) in enumerate(rows):
            row, column = {}, 0
            for _, _, height, width, blocks in cells:
                while free.get(column, 0) > number:
                    column += 1
                if text := self._joined(blocks):
                    row[column] = text
                span = min(width, WIDEST_SPAN)
                free.update(dict.fromkeys(range(column, column + span), number + height))
                column += span
            grid += [row] if row else []
        return grid

    def line(self, inlines: Iterable[Inline]) -> str:
        """Return inlines as one line of mended characters."""
        return one_line(self._plain(inlines))

    def _plain(self, inlines: Iterable[Inline]) -> str:
        parts: list[str] = []
        for inline in inlines:
            piece = inline if isinstance(inline, str) else self._inline(inline)
            if not isinstance(inline, str) and inline["t"] in _RAISED and piece[:1].isdecimal():
                piece = f" {piece}" if parts and parts[-1][-1:].isdecimal() else piece  # else the figure would grow
            parts += [piece] if piece else []
        return "".join(parts)

    def _inline(self, inline: Node) -> str:
        """Return an inline's text: of a note nothing, but the note is kept for later."""
        kind, content = inline["t"], inline["c"]
        if kind == "Note":
            self.notes.append(content)
        if kind not in _HOLDING and kind not in _HOLDING_AFTER:
            return ""
        inner = content if kind in _HOLDING else content[1]
        text = inner if isinstance(inner, str) else self._plain(inner)
        if kind in _RAISED:
            text = "" if _refers(inner) else _raised(text, _RAISED[kind])
        elif kind == "Link" and content[2][0].startswith("#"):
            marked = all(not isinstance(part, str) and part["t"] == "Superscript" for part in inner)
            text = "" if marked or _NOTE_MARK.fullmatch(text.strip()) else text
        elif kind == "Quoted":
            text = f"‘{text}’" if content[0]["t"] == "SingleQuote" else f"“{text}”"
        return text


_NOTHING: Node = {"t": "", "c": None}
_BLOCKS: dict[str, Callable[[_Writer, Any, Indent], None]] = {
    "BulletList": _Writer.bullets,
    "OrderedList": _Writer.numbers,
    "DefinitionList": _Writer.definitions,
    "Table": _Writer.table,
}
"""How blocks that are more than one line are written."""
_HOLDING = ("Emph", "Underline", "Strong", "Strikeout", "SmallCaps", "Superscript", "Subscript")
_HOLDING_AFTER = ("Span", "Cite", "Link", "Quoted", "Code", "Math")
_RAISED = {
    "Superscript": SUPERSCRIPTS | str.maketrans("+-=()−n", "⁺⁻⁼⁽⁾⁻ⁿ"),
    "Subscript": str.maketrans("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋"),
}
_NOTE_MARK = re.compile(r"\[\w{1,3}\]|[↩↑^]\ufe0e?")


def _raised(text: str, signs: Mapping[int, int]) -> str:
    return text.translate(signs) if all(ord(sign) in signs for sign in text) else text


def _refers(inlines: Sequence[Inline]) -> bool:
    """Tell whether raised inlines are links within the document, as a note's mark is."""
    links = [inline for inline in inlines if not isinstance(inline, str)]
    return bool(links) and all(link["t"] == "Link" and link["c"][2][0].startswith("#") for link in links)


def _sign(number: int, style: str, delimiter: str) -> tuple[str, str]:
    """Return an item's mark, and the letters that stand before its text where Markdown has no such mark."""
    if style.endswith(("Alpha", "Roman")) and 0 < number < 27:
        letters = chr(96 + number) if style.endswith("Alpha") else _roman(number)
        letters = letters.upper() if style.startswith("Upper") else letters
        return "- ", {"OneParen": f"{letters}) ", "TwoParens": f"({letters}) "}.get(delimiter, f"{letters}. ")
    return (f"{number}. " if 0 <= number < 10**9 else "- "), ""


def _roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
