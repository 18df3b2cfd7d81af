"""How the Word files of exports look: pandoc's styles on A4, in a font that every Word has, with smaller sizes."""

from __future__ import annotations

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
    "Hyperlink": {"rPr/color": {"val": "0563C1"}},  # the theme's blue is too pale on white
}
"""What is set in pandoc's styles: elements and their attributes; sizes in half points, room in twentieths."""
_ALL_TEXT = {"rPr/sz": {"val": "22"}}
_PAGE = (
    b'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" '
    b'w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
)
"""A4 with margins of 2.5 cm, in twentieths of a point."""
_PLAIN_DATE = b"1970-01-01T00:00:00Z"
"""When a file was made, as pandoc says in its sandbox, where it does not know the time."""


def dressed(file: bytes, day: str) -> bytes:
    """Return a Word file of pandoc's with our looks, made on `day`."""
    stream = BytesIO()
    with ZipFile(BytesIO(file)) as given, ZipFile(stream, "w", ZIP_DEFLATED) as written:
        for member in given.infolist():
            data = given.read(member)
            if member.filename == "word/document.xml":
                data = data.replace(b"</w:sectPr>", _PAGE).replace(b'"eachSect"', b'"continuous"')
            elif member.filename == "word/theme/theme1.xml":
                data = data.replace(b'"Aptos Display"', b'"Calibri"').replace(b'"Aptos"', b'"Calibri"')
            elif member.filename == "docProps/core.xml":
                data = data.replace(_PLAIN_DATE, f"{day}T12:00:00Z".encode())
            elif member.filename == "word/styles.xml":
                data = _styles(data)
            written.writestr(member, data, ZIP_DEFLATED)
    return stream.getvalue()


def _styles(data: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(data)
    styles = {style.get(f"{_WORD}styleId"): style for style in root.iter(f"{_WORD}style")}
    _set(root.find(f"{_WORD}docDefaults/{_WORD}rPrDefault"), _ALL_TEXT)
    for name, changes in _STYLES.items():
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
