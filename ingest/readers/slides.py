"""Presentations (pptx) by python-pptx: a page for each slide, with its title, texts, tables, charts and notes.

Pictures, embedded files, comments, and the slide's number, date and footer are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from ingest.readers import Reading, TooBigError, Verdict
from ingest.readers.package import check_package, xml_parts
from ingest.readers.sheets import plain, shown_number, shown_time
from ingest.readers.written import SUPERSCRIPTS, heading, listed, paragraph, pipe_table

_LEFT_OUT = ("sldNum", "dt", "ftr", "hdr", "sldImg")  # kinds of placeholders
_TITLES = ("title", "ctrTitle")
_CARRIES_TEXT = ("ppt/notesSlides/", "ppt/charts/", "ppt/diagrams/data", "ppt/slides/_rels/")
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_COLOURS = tuple(map(qn, ("a:schemeClr", "a:srgbClr", "a:sysClr", "a:prstClr", "a:blip")))
_FILLS = tuple(map(qn, ("a:solidFill", "a:gradFill", "a:blipFill", "p:blipFill", "a:pattFill", "a:fillRef", "a:tbl")))
_FILLED = tuple(map(qn, ("p:spPr", "p:grpSpPr", "p:pic", "p:style", "a:graphicData")))
_SMALLEST = 200  # in hundredths of a point
_NUMBER = r"-?\d{1,15}(?:\.\d+)?(?:[eE][-+]?\d{1,2})?"
_DATE = re.compile(r"yy|mmm|d[./ -]|[./ -]d", re.IGNORECASE)
_DEEPEST_CUT = 20

Box = tuple[int, int, int, int]
"""Left, top, right, bottom; nought where they are not known."""
_FAR = 1 << 40
_EVERYWHERE = (-_FAR, -_FAR, _FAR, _FAR)


def read(path: Path, reading: Reading) -> Verdict:
    """Read a presentation slide by slide; a slide that fails does not cost the others.

    Where notes, a chart or a diagram cannot be read the verdict says so.
    """
    check_package(path)
    package, broken = xml_parts(path, parse_xml)
    deck = Presentation(package)
    slides = [entry.get(qn("r:id")) for entry in deck.element.iter(qn("p:sldId"))]
    reading.begin(max(len(slides), 1), _property(deck, "title"), _property(deck, "created"))
    if not slides:
        reading.page(0, "")
    size = (deck.slide_width or _FAR, deck.slide_height or _FAR)
    whole = not any(name.startswith(_CARRIES_TEXT) for name in broken)
    for index, relation in enumerate(slides):
        try:
            page = _Page(deck.part.related_slide(relation), size, reading.characters - reading.written)
            reading.page(index, "\n\n".join(page.blocks()), *page.notes)
            whole = whole and page.whole
        except TooBigError:
            raise
        except Exception as error:  # noqa: BLE001  (one slide's fault must not cost the others)
            reading.failed(index, error)
    return "ok" if whole else "malformed"


def _property(deck: Any, name: str) -> str:
    """Return a property as the file has it, as far as it can be read."""
    try:
        value = getattr(deck.core_properties, name)
    except Exception:  # noqa: BLE001  (a broken property is no reason to refuse the text)
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


@dataclass(slots=True)
class _Page:
    """A slide, its size, the room for its text, and what is seen while it is read."""

    slide: Any
    size: tuple[int, int]
    room: int
    notes: list[str] = field(default_factory=list)
    whole: bool = True

    def blocks(self) -> list[str]:
        """Return the slide's blocks in Markdown: title, texts in reading order, notes."""
        if self.slide.element.get("show") in ("0", "false"):
            self.flag()
        _unwrap_alternatives(self.slide.element)
        shapes = list(self.slide.shapes)
        title = next((shape for shape in shapes if _kind(shape) in _TITLES and _text_of(shape)), None)
        written = [] if title is None else [heading(2, _text_of(title))]
        self.look_for_hidden(shapes)
        written += self.in_order([shape for shape in shapes if shape is not title])
        notes = self.slide.notes_slide.notes_placeholder if self.slide.has_notes_slide else None
        spoken = [] if notes is None else [paragraph(text) for _, text in _paragraphs(notes.element)]
        return [*written, heading(3, "Notes"), *spoken] if spoken else written

    def flag(self) -> None:
        """Note that something is here that one who sees the slide does not see."""
        self.notes = ["hidden"]

    def in_order(self, shapes: Iterable[Any]) -> list[str]:
        """Return the blocks of shapes in the order in which they are read."""
        found = [(_box(shape), self.shape_blocks(shape)) for shape in shapes]
        return [block for _, blocks in reading_order([entry for entry in found if entry[1]]) for block in blocks]

    def shape_blocks(self, shape: Any) -> list[str]:
        """Return the blocks of a shape; a group is read as a whole."""
        tag = shape.element.tag
        if tag == qn("p:grpSp"):
            return self.in_order(shape.shapes)
        if tag == qn("p:graphicFrame"):
            return [block for block in self.graphic_blocks(shape) if block]
        if tag != qn("p:sp") or _kind(shape) in _LEFT_OUT:
            return []
        return listed(_items(shape, self.slide))

    def graphic_blocks(self, shape: Any) -> list[str]:
        """Return a table, a chart or a diagram as Markdown."""
        try:
            if shape.has_table:
                rows = shape.element.iter(qn("a:tr"))
                return [pipe_table([dict(enumerate(map(_cell, row.iter(qn("a:tc"))))) for row in rows], self.room)]
            if shape.has_chart:
                return chart_blocks(shape.chart.element, self.room)
            return _diagram_blocks(shape)
        except (TooBigError, MemoryError):
            raise
        except Exception:  # noqa: BLE001  (the slide's other text must not be lost)
            self.whole = False
            return []

    def look_for_hidden(self, shapes: list[Any]) -> None:
        """Flag text that cannot be seen: shapes marked so, beside the slide, tiny, or white on white."""
        width, height = self.size
        coloured = _coloured(self.slide, shapes)
        for shape in shapes:
            element, (left, top, right, bottom) = shape.element, _box(shape)
            if _kind(shape) in _LEFT_OUT or not any((text.text or "").strip() for text in element.iter(qn("a:t"))):
                continue
            beside = right > left and (left >= width or top >= height or right <= 0 or bottom <= 0)
            unseen = any(part.get("hidden") in ("1", "true") for part in element.iter(qn("p:cNvPr")))
            styles = [style for run in element.iter(qn("a:r")) for style in run.iter(qn("a:rPr"))]
            tiny = any(_number(style.get("sz"), _SMALLEST) < _SMALLEST for style in styles)
            white = right > left and any(_white(style.find(qn("a:solidFill"))) for style in styles)
            if beside or unseen or tiny or (white and not any(_meet(_box(shape), box) for box in coloured)):
                self.flag()
                break


def _unwrap_alternatives(element: Any) -> None:
    """Put the shapes that newer programs are meant to take in the place of the choice; python-pptx sees none."""
    for choice in list(element.iter(f"{_MARKUP}AlternateContent")):
        parent = choice.getparent()
        if parent.tag in (qn("p:spTree"), qn("p:grpSp")) and len(choice):
            for child in reversed(choice[0]):
                choice.addnext(child)
            parent.remove(choice)


def _kind(shape: Any) -> str:
    """Return the kind of a placeholder, nothing for other shapes."""
    place = shape.element.find(f"./*/{qn('p:nvPr')}/{qn('p:ph')}")
    return "" if place is None else str(place.get("type", "obj"))


def _box(shape: Any) -> Box:
    try:
        left, top = int(shape.left or 0), int(shape.top or 0)
        return left, top, left + int(shape.width or 0), top + int(shape.height or 0)
    except Exception:  # noqa: BLE001  (a layout that is missing, a number that is none)
        return 0, 0, 0, 0


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else otherwise


def _white(fill: Any) -> bool:
    return fill is not None and any(
        len(colour) == 0 and str(colour.get("val")).upper() in ("FFFFFF", "BG1", "LT1") for colour in fill
    )


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _coloured(slide: Any, shapes: list[Any]) -> list[Box]:
    """Return where white text may be seen: on pictures and filled shapes, everywhere if the ground may be dark."""
    try:
        layout, master = slide.slide_layout, slide.slide_layout.slide_master
        own = [part for level in (slide, layout) for part in level.element.iter(qn("p:bg"), qn("a:overrideClrMapping"))]
        ground = [part for back in master.element.iter(qn("p:bg")) for part in back.iter(*_COLOURS)]
        light = all(str(part.get("val")) in ("bg1", "FFFFFF") for part in ground)
        if own or not light or master.element.find(qn("p:clrMap")).get("bg1") != "lt1":
            return [_EVERYWHERE]
        return [_box(shape) for shape in (*shapes, *layout.shapes, *master.shapes) if _filled(shape.element)]
    except (KeyError, AttributeError):
        return [_EVERYWHERE]


def _filled(element: Any) -> bool:
    return any(part.getparent().tag in _FILLED and part.get("idx") != "0" for part in element.iter(*_FILLS))


def reading_order(found: list[tuple[Box, list[str]]], depth: int = 0) -> list[tuple[Box, list[str]]]:
    """Return boxes from top to bottom and left to right; columns that no line crosses are read one by one."""
    found = sorted(found, key=lambda entry: (entry[0][1], entry[0][0]))
    if len(found) < 2 or depth > _DEEPEST_CUT:
        return found
    for low, high in ((1, 3), (0, 2)):
        parts = _cut(found, low, high)
        if len(parts) > 1:
            return [entry for part in parts for entry in reading_order(part, depth + 1)]
    return found


def _cut(found: list[tuple[Box, list[str]]], low: int, high: int) -> list[list[tuple[Box, list[str]]]]:
    """Part boxes wherever a straight line goes between them; `low` and `high` are the sides that it passes."""
    parts: list[list[tuple[Box, list[str]]]] = []
    reached = 0
    for entry in sorted(found, key=lambda entry: entry[0][low]):
        if parts and entry[0][low] < reached:
            parts[-1].append(entry)
        else:
            parts.append([entry])
        reached = max(reached, entry[0][high]) if len(parts[-1]) > 1 else entry[0][high]
    return parts


def _items(shape: Any, slide: Any) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a shape, each with its level if it has a bullet, else with -1."""
    body = shape.element.find(qn("p:txBody"))
    styles = _list_styles(shape, slide, body)
    for element, text in _paragraphs(body):
        own = element.find(qn("a:pPr"))
        level = _number(own.get("lvl"), 0) if own is not None else 0
        names = [own, *(style.find(qn(f"a:lvl{level + 1}pPr")) for style in styles if 0 <= level < 9)]
        bullets = [_bullet(style) for style in names if style is not None]
        bulleted = next((found for found in bullets if found is not None), False)
        yield (level if bulleted else -1), text


def _bullet(style: Any) -> bool | None:
    """Tell whether a style sets a bullet or a number, takes it away, or says nothing of it."""
    if style.find(qn("a:buNone")) is not None:
        return False
    return True if any(style.find(qn(f"a:{name}")) is not None for name in ("buChar", "buAutoNum", "buBlip")) else None


def _list_styles(shape: Any, slide: Any, body: Any) -> list[Any]:
    """Return the styles that a shape's paragraphs take their bullets from, the nearest first."""
    own = body.find(qn("a:lstStyle")) if body is not None else None
    styles = [] if own is None else [own]
    if not _kind(shape) or _kind(shape) in _TITLES:
        return styles
    try:
        layout, master = slide.slide_layout, slide.slide_layout.slide_master
        number = shape.placeholder_format.idx
        above = [place for place in layout.placeholders if place.placeholder_format.idx == number]
        above.append(master.placeholders.get(PP_PLACEHOLDER.BODY))
        for place in above:
            styles += place.element.iter(qn("a:lstStyle")) if place is not None else []
        return styles + list(master.element.iter(qn("p:bodyStyle")))
    except (KeyError, ValueError, AttributeError):
        return styles


def _text_of(shape: Any) -> str:
    return " ".join(text for _, text in _paragraphs(shape.element.find(qn("p:txBody"))))


def _cell(cell: Any) -> str:
    """Return a table cell's text; cells that are merged into another hold none."""
    merged = any(cell.get(way) in ("1", "true") for way in ("hMerge", "vMerge"))
    return "" if merged else " ".join(text for _, text in _paragraphs(cell.find(qn("a:txBody"))))


def _paragraphs(body: Any) -> list[tuple[Any, str]]:
    """Return the paragraphs of a text body that hold text, each with its text in one line."""
    found = [] if body is None else [(element, text_of_runs(element)) for element in body.iter(qn("a:p"))]
    return [(element, text) for element, text in found if text]


def text_of_runs(element: Any) -> str:
    """Return a paragraph's text: runs joined as they are, raised digits raised, fields for number and date left out."""
    parts: list[str] = []
    for child in element:
        if child.tag == qn("a:br"):
            parts.append(" ")
        elif child.tag == f"{_MARKUP}AlternateContent":
            parts += [text.text or "" for text in child.iter(_MATH_TEXT)]
        elif child.tag == qn("a:r") or (
            child.tag == qn("a:fld") and not str(child.get("type", "")).startswith(("slidenum", "datetime"))
        ):
            style, text = child.find(qn("a:rPr")), child.findtext(qn("a:t")) or ""
            raised = style is not None and not re.match(r"-|0*%?$", style.get("baseline", "0"))
            parts.append(text.translate(SUPERSCRIPTS) if raised else text)
    return plain("".join(parts))


def chart_blocks(chart: Any, room: int) -> list[str]:
    """Return a chart's title and its numbers: a row for each category, a column for each series.

    The points that the file holds are counted, not those that it says it has. Raises `TooBigError`.
    """
    title = chart.find(f"{qn('c:chart')}/{qn('c:title')}")
    named = " ".join(text for _, text in _paragraphs(title))
    rows: dict[int, dict[int, str]] = {-1: {}}
    for number, series in enumerate(chart.iter(qn("c:ser")), 1):
        names = (name for own in series.findall(qn("c:tx")) for name in own.iter(qn("c:v")))
        rows[-1][number] = next((plain(name.text or "") for name in names), "")
        for column, tags in ((0, ("c:cat", "c:xVal")), (number, ("c:val", "c:yVal"))):
            for tag in tags:
                for place, text in _points(series.find(qn(tag))):
                    rows.setdefault(place, {}).setdefault(column, text)
    table = pipe_table([rows[place] for place in sorted(rows)], room)
    return [*([paragraph(named)] if named else []), table]


def _points(values: Any) -> Iterator[tuple[int, str]]:
    """Yield the place and the text of each value that a chart holds, a number as its format shows it."""
    for point in () if values is None else values.iter(qn("c:pt")):
        text = plain(point.findtext(qn("c:v")) or "")
        if point.getparent().tag in (qn("c:numCache"), qn("c:numLit")) and re.fullmatch(_NUMBER, text):
            code = point.get("formatCode") or point.getparent().findtext(qn("c:formatCode")) or ""
            text = _shown_date(float(text)) if _DATE.search(code) else shown_number(float(text), code)
        yield _number(point.get("idx"), 0), text


def _shown_date(days: float) -> str:
    from openpyxl.utils.datetime import from_excel

    return shown_time(from_excel(days))


def _diagram_blocks(shape: Any) -> list[str]:
    """Return the texts of a SmartArt diagram as items."""
    place = next(shape.element.iter(f"{_DIAGRAM}relIds"), None)
    if place is None:
        return []
    data = parse_xml(shape.part.related_part(place.get(qn("r:dm"))).blob)
    texts = [" ".join(text for _, text in _paragraphs(point)) for point in data.iter(f"{_DIAGRAM}t")]
    return listed((0, text) for text in texts if text)
