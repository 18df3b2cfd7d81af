"""Documents of office programs and of the web for tests: rendered by pandoc, or packages and pages made by hand."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pypandoc

from ingest.child import Limits
from ingest.extraction import Extracted, extract
from kb.blocks import parse_blocks

SMALL = Limits(seconds=30, memory_bytes=400_000_000, max_chars=1_000_000)
"""Limits that the files of the tests do not meet, unless they are hostile."""
_MADE = {"SOURCE_DATE_EPOCH": "1614859200"}  # 4 March 2021
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="styles.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"/></Relationships>'
)


def rendered(markdown: str, kind: str, *metadata: str) -> bytes:
    """Return a whole document that pandoc makes of Markdown; `metadata` are "name=value"."""
    return _pandoc(markdown.encode(), "markdown", kind, *(f"--metadata={entry}" for entry in metadata))


def rendered_blocks(blocks: Sequence[dict[str, Any]], kind: str) -> bytes:
    """Return a whole document that pandoc makes of blocks of its own."""
    document = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": list(blocks)}
    return _pandoc(json.dumps(document).encode(), "json", kind, "--metadata=pagetitle=none")


def _pandoc(data: bytes, given: str, kind: str, *options: str) -> bytes:
    command = [pypandoc.get_pandoc_path(), "-f", given, "-t", kind, "-s", "-o", "-", *options]
    return subprocess.run(command, input=data, capture_output=True, check=True, env={**os.environ, **_MADE}).stdout


def package(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP package."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return stream.getvalue()


def members_of(data: bytes) -> dict[str, str | bytes]:
    """Return what a package holds."""
    with zipfile.ZipFile(BytesIO(data)) as read:
        return {name: read.read(name) for name in read.namelist()}


def docx(body: str, styles: str = "", document: str | None = None, **others: str | bytes) -> bytes:
    """Return a Word file with this body (or whole document); `others` are more members of its folder word."""
    whole = document or f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/document.xml": whole,
        "word/styles.xml": f"<w:styles {_NAMESPACES}>{styles}</w:styles>",
    }
    return package(members | {f"word/{name}": data for name, data in others.items()})


def run(text: str, look: str = "") -> str:
    """Return a run of a Word file; `look` are its properties."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph of a Word file."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def table(*rows: Sequence[str], look: str = "", row_look: str = "") -> str:
    """Return a table of a Word file, of cells that are paragraphs; `look` is each cell's and `row_look` each row's."""
    columns = "<w:gridCol/>" * len(rows[0])
    cells = ["".join(f"<w:tc><w:tcPr>{look}</w:tcPr>{cell}</w:tc>" for cell in row) for row in rows]
    written = "".join(f"<w:tr><w:trPr>{row_look}</w:trPr>{row}</w:tr>" for row in cells)
    return f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{written}</w:tbl>"


def odt(text: str) -> bytes:
    """Return an OpenDocument text with this inside its text element."""
    names = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "text", "table")}
    names["draw"] = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
    declared = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    content = f"<office:document-content {declared}><office:body><office:text>{text}</office:text></office:body>"
    return package(members_of(rendered("", "odt")) | {"content.xml": f"{content}</office:document-content>"})


def bomb(data: bytes) -> bytes:
    """Return a package with one more member that unpacks to much."""
    return package(members_of(data) | {"word/media/zeros.xml": bytes(21_000_000)})


def locked(data: bytes) -> bytes:
    """Return a ZIP whose directory says that its members are encrypted."""
    mark = b"PK\x01\x02"
    parts = data.split(mark)
    return mark.join([parts[0], *(part[:4] + b"\x01" + part[5:] for part in parts[1:])])


def read(folder: Path, kind: str, data: bytes | str, limits: Limits = SMALL) -> Extracted:
    """Return what is read of a file of this kind."""
    path = folder / f"a.{kind}"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return extract(path, limits)


def text_of(folder: Path, kind: str, data: bytes | str) -> str:
    """Return the text that is read of a file of this kind, which has no pages."""
    (page,) = read(folder, kind, data).pages
    return page


def blocks_of(text: str) -> list[tuple[str, int, str]]:
    """Return kind, level and text of each block, without the no-break spaces that keep a text from being misread."""
    return [
        (block.kind, block.level, text[block.start : block.end].replace("\xa0", " ").strip())
        for block in parse_blocks(text)
    ]
