"""Files of any structure, through their readers: chunks are slices of the document, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ingest.chunking import Window, chunk_group
from ingest.cleaning import clean
from ingest.extraction import extract
from ingest.own import own_document
from ingest.sources import find_sources, read_metadata
from kb.blocks import parse_blocks
from kb.characters import mend_characters
from kb.errors import KBError
from kb.records import Document
from tests.ingest import office
from tests.ingest.cutting import assert_sound
from tests.ingest.test_chunking import TEXT, count_words

Structure = list[tuple[str, list[str]]]
"""Kinds of blocks, each with its texts: those of a list's items, of a table's cells."""

SIGNS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "M"), exclude_characters="\ufffe\uffff")
WORD = st.one_of(
    st.text(SIGNS, min_size=1, max_size=12),
    st.text("abcæøå", min_size=60, max_size=90),
    st.sampled_from(["👩‍👩‍👧‍👦", "🇳🇴", "e\u0301", "信任改革", "Доверие", "الثقة", "நம்பிக்கை", "12³"]),
    st.sampled_from(["#", "1.", "-", "|", "<b>", "&amp;", "--", "*", "`"]),
)
LINE = st.lists(WORD, min_size=1, max_size=8).map(" ".join).filter(lambda line: any(map(str.isalpha, line)))
BLOCK = st.one_of(
    st.tuples(st.sampled_from(["h1", "h2", "h3"]), st.lists(LINE, min_size=1, max_size=1)),
    st.tuples(st.just("p"), st.lists(LINE, min_size=1, max_size=1)),
    st.tuples(st.just("ul"), st.lists(LINE, min_size=1, max_size=4)),
    st.tuples(st.just("table"), st.lists(LINE, min_size=4, max_size=4)),
)
STRUCTURE = st.lists(BLOCK, min_size=1, max_size=12)


def html(structure: Structure) -> bytes:
    parts = []
    for kind, texts in structure:
        shown = [escape(text) for text in texts]
        inner = {
            "ul": "".join(f"<li>{text}</li>" for text in shown),
            "table": f"<tr><td>{'<td>'.join(shown[:2])}<tr><td>{'<td>'.join(shown[2:])}",
        }
        parts.append(f"<{kind}>{inner.get(kind, shown[0])}</{kind}>")
    return f"<!doctype html><html><body><main>{''.join(parts)}</main></body></html>".encode()


STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
    for level in (1, 2, 3)
)


def docx(structure: Structure) -> bytes:
    parts = []
    for kind, texts in structure:
        if kind == "table":
            cells = [office.paragraph(office.run(escape(text))) for text in texts]
            parts.append(office.table(cells[:2], cells[2:]))
        else:
            style = f"Heading{kind[1]}" if kind in ("h1", "h2", "h3") else ""
            parts += [office.paragraph(office.run(escape(text)), style=style) for text in texts]
    return office.docx("".join(parts), STYLES)


def taken_in(name: str, content: bytes) -> Document:
    """Return the document that a file becomes. Raises a `KBError` where it becomes none."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        (source,) = find_sources([path], {})
        extracted = extract(path, office.SMALL)
        return own_document(source, read_metadata(source, extracted.front_matter), extracted, clean(extracted))


def assert_cut_soundly(document: Document, size: int) -> None:
    blocks = parse_blocks(document.text)
    for count in (count_words, len):
        (chunks,) = chunk_group([(document, blocks)], Window(count, size, "any"))
        assert_sound(document, blocks, chunks)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, mend_characters(text)))


@pytest.mark.parametrize("write", [html, docx])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(structure=STRUCTURE, size=st.integers(4, 60))
def test_what_a_reader_finds_is_cut_soundly_and_whole(write: Callable[[Structure], bytes], structure, size):
    document = taken_in(f"a.{write.__name__}", write(structure))
    assert_cut_soundly(document, size)
    found = letters(document.text)
    assert [text for _, texts in structure for text in texts if letters(text) not in found] == []


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXT, size=st.integers(4, 60))
def test_any_text_file_is_cut_soundly(name, text, size):
    try:
        document = taken_in(name, text.encode())
    except KBError:
        assume(False)
    assert_cut_soundly(document, size)
