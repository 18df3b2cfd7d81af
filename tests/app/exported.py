"""Answers to export, and what is found in exported files."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pypandoc
from lxml import etree

from kb.answering.citing import cite
from kb.blocks import parse_blocks
from kb.records import Answer, Document, Page, Statement

DAY = "2025-11-22"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = (
    "<script>alert(1)</script>", "[a](javascript:alert(1))", "![i](http://evil.example/x.png)", "{{ 7*7 }} {% x %}",
    "</w:t></w:r><w:r><w:instrText>DDEAUTO</w:instrText></w:r>", "_a_ *b* ~~c~~ `d` H~2~O x^2^ __e__", "# head",
    "#", "1. one", "2) two", "3. maj 2020", "> quote", "| a | b |", "|---|---|", "---", "===", "~~~", "```html",
    "<http://evil.example>", "http://evil.example www.evil.example a@b.dk", "[^1] [^1]: x", "[x]: http://evil.example",
    "&amp; &lt; &#60; R&D", ":smile: 10:30 :x:y: ::: {.x}", "$x$ $$y$$ \\(z\\)", "end\\", "\\", "10\\. x", "Godt!",
    "!", "[ ] task", "[!NOTE]", "<!-- c -->", "Term", ": definition", "=1+1", "… “q” 'q' -- ---", "Ærø, Åse, Öster",
    "a\u00a0b", "漢字 🙂", "$title$ ${x}", "%", "{=html}", "(1) x", "a. x", "A|B", "_www.evil.example",
)  # fmt: skip


def made(text="# T\n\nFørste sætning om Ærø.\n\nEt forbehold.\n", language="da", **given):
    """An answer that quotes the second block of this text and, on the other side, its last; `given` is metadata."""
    facts = {"id": "own", "title": "En titel", "kind": "report", "evidence": "research", "stance": "mixed"}
    facts |= {"text_by": "tillit", "basis": "full", "country": "DK", "year": 2019, "pages": (Page(4, 0, len(text)),)}
    facts |= {"source_url": "https://example.org/a", "language": language, "text": text, "sha256": ""}
    document = Document(**(facts | given))
    blocks = parse_blocks(text)
    first, last = (
        Statement(cited.quote, (cited,), document.title)
        for cited in (cite(document, blocks, blocks[place].start, blocks[place].end) for place in (1, -1))
    )
    return Answer("q", language, "answered", "", (first,), (last,), (document,), (), None, "0123456789abcdef")


def quoting(answer, *texts):
    """The answer with statements of these texts, all with its citation, and no other side."""
    (statement,) = answer.statements
    return replace(answer, statements=tuple(replace(statement, text=text) for text in texts), other_side=())


def members(data):
    """What a Word file holds, by name."""
    with ZipFile(BytesIO(data)) as read:
        assert read.testzip() is None
        return {name: read.read(name) for name in read.namelist()}


def paragraphs(part):
    """The texts of the paragraphs of a part of a Word file, line breaks as such."""
    wanted = (f"{W}t", f"{W}br")
    return [
        "".join("\n" if each.tag == f"{W}br" else each.text or "" for each in found.iter(*wanted))
        for found in etree.fromstring(part).iter(f"{W}p")
    ]


def body(data):
    """The texts of the paragraphs of a Word file."""
    return paragraphs(members(data)["word/document.xml"])


def footnotes(data):
    """The texts of a Word file's footnotes."""
    return [text.strip() for text in paragraphs(members(data)["word/footnotes.xml"]) if text.strip()]


def read_back(markdown):
    """The blocks that a reader of GitHub's Markdown finds."""
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", "gfm", "-t", "json"]
    return json.loads(subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout)[
        "blocks"
    ]
