"""Files that harm their readers: each by name with its bytes, all made here."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from tests.ingest import pdfs

LINE = "The ferry to the island sails at dawn."
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
BOMB = f"<!DOCTYPE x [<!ENTITY a0 'trust '>{ENTITIES}]>"


def package(members: dict[str, bytes | str]) -> bytes:
    """Return a ZIP package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def docx(document: bytes | str) -> bytes:
    """Return a Word package with this main part."""
    return package({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document})


def word(body: str, before: str = "") -> bytes:
    """Return a Word file with this body."""
    return docx(f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def paragraph(text: str) -> str:
    """Return a paragraph of a Word file."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def epub(chapter: str) -> bytes:
    """Return a book of one chapter."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "a.opf": book}
    return package({**members, "a.xhtml": chapter})


def html(body: str) -> bytes:
    """Return a page of the web."""
    return f"<!doctype html><html><body>{body}</body></html>".encode()


def yaml_bomb() -> str:
    """Return a text whose front matter would be ten thousand million words, if it were written out."""
    lists = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    return f"---\na0: &a0 [x]\n{lists}---\n{LINE}"


FILES: dict[str, Callable[[], bytes]] = {
    "empty.pdf": bytes,
    "header-only.pdf": lambda: b"%PDF-1.7\n",
    "cut-off.pdf": lambda: pdfs.pdf(*[[LINE]] * 20)[:3000],
    "random.pdf": lambda: b"%PDF-1.4\n" + random.Random(7).randbytes(20_000),
    "no-pages.pdf": lambda: pdfs.pdf_of_objects(pdfs.CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "pages-in-a-loop.pdf": lambda: pdfs.pdf_of_objects(
        pdfs.CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>",
    ),
    "own-child.pdf": lambda: pdfs.pdf_of_objects(pdfs.CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "nested.pdf": lambda: pdfs.pdf_of_objects(
        pdfs.CATALOGUE, b"<< /Type /Pages /Kids %s >>" % (b"[" * 60_000 + b"]" * 60_000)
    ),
    "nested-page.pdf": lambda: pdfs.pdf_of_streams(pdfs.stream_object(b"[" * 60_000 + b"]" * 60_000 + b" TJ")),
    "locked.pdf": lambda: pdfs.pdf([LINE], password="secret"),
    "bomb.pdf": lambda: pdfs.pdf_of_streams(pdfs.bomb(4)),
    "endless.pdf": lambda: pdfs.pdf_of_streams(pdfs.endless_page(), pdfs.words(LINE), form=pdfs.long_form()),
    "3000-pages.pdf": lambda: pdfs.pdf_of_objects(
        pdfs.CATALOGUE,
        b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % (b"3 0 R " * 3000),
        b"<< /Type /Page /Parent 2 0 R >>",
    ),
    "a-billion-pages.pdf": lambda: pdfs.pdf_of_objects(
        pdfs.CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", b"<< /Type /Page /Parent 2 0 R >>"
    ),
    "giant-page.pdf": lambda: pdfs.pdf_of_objects(
        pdfs.CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1000000000 1000000000] "
        b"/Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>",
        pdfs.stream_object(b"1 g BT /F 11 Tf 72 700 Td (Pale trust) Tj ET"),
        pdfs.FONT,
    ),
    "no-text.pdf": lambda: pdfs.pdf([], []),
    "glyph-names.pdf": lambda: pdfs.pdf(["/g12/g13/g7/g200/g31/g4 /g9/g10/g11", "(cid:3)(cid:44)(cid:5)"]),
    "text-as.pdf": LINE.encode,
    "word-as.pdf": lambda: word(paragraph(LINE)),
    "pdf-as.docx": lambda: pdfs.pdf([LINE, LINE]),
    "pdf-as.md": lambda: pdfs.pdf([LINE, LINE]),
    "text-as.docx": LINE.encode,
    "cut-off.docx": lambda: word(paragraph(LINE) * 200)[:900],
    "no-document.docx": lambda: package({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS}),
    "malformed.docx": lambda: docx("<w:document><w:body><w:p>"),
    "not-xml.docx": lambda: docx(random.Random(3).randbytes(5000)),
    "entity-bomb.docx": lambda: word(paragraph("&a11;"), BOMB),
    "external-entity.docx": lambda: word(
        paragraph("&x; The ferry sails."), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "zip-bomb.docx": lambda: docx(b"<w:document>" + b" " * 300_000_000),
    "deep.docx": lambda: word("<w:sdt><w:sdtContent>" * 20_000 + paragraph(LINE) + "</w:sdtContent></w:sdt>" * 20_000),
    "locked.docx": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900
    ),
    "old.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
    "zip-bomb.xlsx": lambda: package({"xl/workbook.xml": b"<workbook>" + b" " * 300_000_000}),
    "malformed.xlsx": lambda: package({"xl/workbook.xml": "<workbook><sheets>"}),
    "malformed.pptx": lambda: package({"ppt/presentation.xml": "<p:presentation>"}),
    "empty.odt": lambda: package({"mimetype": "application/vnd.oasis.opendocument.text"}),
    "broken.epub": lambda: package({"mimetype": "application/epub+zip", "META-INF/container.xml": "<container>"}),
    "entity-bomb.epub": lambda: epub(f"{BOMB}<html><body><p>&a11;</p></body></html>"),
    "script.html": lambda: html(f'<script>while(true){{}}</script><p onclick="alert(1)">{LINE}</p>'),
    "deep.html": lambda: html("<div>" * 30_000 + LINE),
    "attributes.html": lambda: html(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{LINE}</p>"),
    "images.html": lambda: html(
        f'<img src="http://203.0.113.1/a.png"><iframe src="file:///etc/passwd"></iframe>{LINE}'
    ),
    "nested.rtf": lambda: b"{\\rtf1 " + b"{" * 50_000 + b"Trust" + b"}" * 50_000 + b"}",
    "binary.rtf": lambda: b"{\\rtf1 \\bin99999999 " + random.Random(5).randbytes(4000) + b"}",
    "nul.txt": lambda: b"Text\0" + b"text",
    "zeros.txt": lambda: bytes(100_000_000),
    "one-line.txt": lambda: b"trust " * 3_000_000,
    "wrong-code.txt": lambda: b"Text \x81\x8d",
    "deep.md": lambda: b"> " * 20_000 + LINE.encode(),
    "list.md": lambda: "".join(f"{' ' * (n % 600)}- {LINE}\n" for n in range(3000)).encode(),
    "brackets.md": lambda: b"[" * 50_000 + LINE.encode(),
    "front-matter.md": f"---\nx: !!python/object/apply:os.system ['true']\n---\n{LINE}".encode,
    "front-matter-loop.md": f"---\ntitle: &a [*a, *a]\n---\n{LINE}".encode,
    "yaml-bomb.md": yaml_bomb().encode,
}
