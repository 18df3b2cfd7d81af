"""How the Word files of exports look: pandoc's styles on A4 with page numbers, in a font that every Word has."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from lxml.etree import _Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES: dict[str, dict[str, dict[str, str]]] = {
    "Title": {"pPr/jc": {"val": "left"}, "rPr/sz": {"val": "44"}},
    "Heading1": {"rPr/sz": {"val": "32"}},
    "Heading2": {"rPr/sz": {"val": "26"}},
    "Heading3": {"rPr/sz": {"val": "23"}},
    "BodyText": {"pPr/spacing": {"before": "0", "after": "120"}},
    "FootnoteText": {"pPr/spacing": {"after": "60"}, "rPr/sz": {"val": "18"}},
    "Small": {"pPr/spacing": {"before": "160", "after": "240"}, "rPr/sz": {"val": "18"}},
    "Hyperlink": {"rPr/color": {"val": "0563C1"}},  # the theme's blue is too pale on white
}
"""What is set in pandoc's styles: elements and their attributes; sizes in half points, room in twentieths."""
_ALL_TEXT = {"rPr/sz": {"val": "22"}}
_SIDES = 11906, 16838
"""A4, in twentieths of a point."""
_MARGIN, _NARROW = 1417, 850
"""Margins of an upright page and of one that lies: 2.5 and 1.5 cm."""
_FOOTER = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="right"/>'
    b'</w:pPr><w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    b"</w:p></w:ftr>"
)
"""The number of the page."""
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_RULES = (
    f'<w:tblBorders xmlns:w="{_WORD[1:-1]}"><w:insideH w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>'
    "</w:tblBorders>"
)
"""Lines between the rows of a table."""
_PLAIN_DATE = b"1970-01-01T00:00:00Z"
"""When a file was made, as pandoc says in its sandbox, where it does not know the time."""


def dressed(file: bytes, day: str, landscape: bool = False) -> bytes:
    """Return a Word file of pandoc's with our looks, made on `day`."""
    stream = BytesIO()
    with ZipFile(BytesIO(file)) as given, ZipFile(stream, "w", ZIP_DEFLATED) as written:
        for member in given.infolist():
            data = given.read(member)
            if member.filename == "word/document.xml":
                data = _paged(data, landscape).replace(b'"eachSect"', b'"continuous"')
            elif member.filename == "word/theme/theme1.xml":
                data = data.replace(b'"Aptos Display"', b'"Calibri"').replace(b'"Aptos"', b'"Calibri"')
            elif member.filename == "docProps/core.xml":
                data = data.replace(_PLAIN_DATE, f"{day}T12:00:00Z".encode())
            elif member.filename == "word/styles.xml":
                data = _styles(data)
            elif member.filename == "word/_rels/document.xml.rels":
                relation = f'<Relationship Id="footer" Type="{_RELATION}" Target="footer.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", relation.encode())
            elif member.filename == "[Content_Types].xml":
                part = f'<Override PartName="/word/footer.xml" ContentType="{_PART}"/></Types>'
                data = data.replace(b"</Types>", part.encode())
            written.writestr(member, data, ZIP_DEFLATED)
        written.writestr("word/footer.xml", _FOOTER)
    return stream.getvalue()


def _paged(data: bytes, landscape: bool) -> bytes:
    """Return a file's text with its pages set: their size, margins and numbers."""
    width, height = reversed(_SIDES) if landscape else _SIDES
    margin = _NARROW if landscape else _MARGIN
    sides = " ".join(f'w:{side}="{margin}"' for side in ("top", "right", "bottom", "left"))
    turned = ' w:orient="landscape"' if landscape else ""
    page = (
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/><w:pgMar {sides} w:header="567" w:footer="567" w:gutter="0"/>'
    )
    data = re.sub(rb"(<w:sectPr[^>]*>)", rb'\1<w:footerReference w:type="default" r:id="footer"/>', data)
    return data.replace(b"</w:sectPr>", page.encode() + b"</w:sectPr>")


def _styles(data: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(data)
    styles = {style.get(f"{_WORD}styleId"): style for style in root.iter(f"{_WORD}style")}
    _set(root.find(f"{_WORD}docDefaults/{_WORD}rPrDefault"), _ALL_TEXT)
    room = styles["Table"].find(f"{_WORD}tblPr/{_WORD}tblCellMar")
    room.addprevious(etree.fromstring(_RULES))
    for side in ("top", "bottom"):
        room.find(_WORD + side).set(f"{_WORD}w", "60")
    for name, changes in _STYLES.items():
        if name in styles:  # pandoc knows what is small only where there is such a paragraph
            _set(styles[name], changes)
    changed: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return changed


def _set(style: _Element, changes: dict[str, dict[str, str]]) -> None:
    from lxml import etree

    for path, values in changes.items():
        element = style
        for name in path.split("/"):
            found = element.find(_WORD + name)
            element = etree.SubElement(element, _WORD + name) if found is None else found
        element.attrib.clear()
        element.attrib.update({_WORD + name: value for name, value in values.items()})
