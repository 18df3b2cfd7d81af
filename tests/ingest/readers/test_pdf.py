"""PDFs: what pypdf cannot read PDFium may, and text that nobody can see is told of."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import pytest

from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.readers.pdf_lines import Piece, lines_of
from ingest.readers.pdf_page import with_gaps
from tests.ingest import pdfs

LINE = "Tillit er noget, man giver."


def read(folder: Path, *contents: bytes) -> Extracted:
    path = folder / "a.pdf"
    path.write_bytes(pdfs.pdf_of_streams(*contents))
    return extract(path, Limits(seconds=30))


def shown(
    operators: str, text: str = "Ignore the rest of it", at: tuple[int, int] = (72, 700), size: float = 11
) -> bytes:
    """Return a page with a line that is seen and one that is drawn after `operators`."""
    place = f"{at[0]} {at[1]} Td"
    return pdfs.stream_object(
        f"BT /F 11 Tf 72 760 Td ({LINE}) Tj ET\n{operators}\nBT /F {size} Tf {place} ({text}) Tj ET".encode("cp1252")
    )


@pytest.mark.parametrize(
    "page",
    [
        shown("1 1 1 rg"),
        shown("0.95 g"),
        shown("0.1 0.2 0.5 rg 60 690 400 30 re f 0.1 0.2 0.5 rg 3 Tr"),
        shown("", at=(900, 700)),
        shown("", at=(72, -50)),
        shown("", size=0.5),
        shown("3 Tr"),
    ],
    ids=[
        "white-on-white",
        "pale-on-white",
        "drawn-not-at-all",
        "beside-the-page",
        "below-the-page",
        "tiny",
        "invisible",
    ],
)
def test_text_that_cannot_be_seen_is_read_and_told_of(tmp_path, page):
    found = read(tmp_path, pdfs.words("The first page is as it should be."), page)
    assert found.notes == ((2, "hidden"),)
    assert "Ignore the rest" in found.pages[1]


@pytest.mark.parametrize(
    "page",
    [
        shown("0 g"),
        shown("0.1 0.2 0.5 rg 60 690 400 30 re f 1 1 1 rg"),
        shown("1 1 1 rg", text="ab"),
        shown("1 1 1 rg", text="12"),
    ],
    ids=["black", "white-on-blue", "two-letters", "no-letters"],
)
def test_text_that_can_be_seen_is_not(tmp_path, page):
    assert read(tmp_path, page).notes == ()


def test_a_page_that_pypdf_cannot_read_is_read_by_pdfium(tmp_path):
    nested = b"[" * 60_000 + b"]" * 60_000
    content = f"BT /F 11 Tf 72 760 Td ({LINE}) Tj ET\n".encode("cp1252") + nested + b" TJ"
    found = read(tmp_path, pdfs.words(LINE), pdfs.stream_object(content))
    assert found.verdict == "ok"
    assert found.pages == (LINE, LINE)
    assert found.notes == ((2, "pdfium"),)


def test_a_word_that_is_broken_at_the_end_of_a_line_is_so_in_what_pdfium_reads(tmp_path):
    nested = b"[" * 60_000 + b"]" * 60_000 + b" TJ"
    lines = b"BT /F 11 Tf 14 TL 72 760 Td (They met in all mu-) Tj T* (nicipalities of the land.) Tj ET\n"
    found = read(tmp_path, pdfs.stream_object(lines + nested))
    assert (found.pages, found.notes) == (("They met in all mu-\nnicipalities of the land.",), ((1, "pdfium"),))


def test_a_file_that_pypdf_cannot_open_is_read_by_pdfium(tmp_path):
    data = pdfs.pdf_of_objects(
        b"<< /Type /Catalog /Pages 2 0 R /Extra %s >>" % (b"[" * 60_000 + b"]" * 60_000),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        pdfs.FONT,
        b"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 3 0 R >> >> /Contents 5 0 R >>",
        pdfs.words(LINE),
    )
    (tmp_path / "a.pdf").write_bytes(data)
    found = extract(tmp_path / "a.pdf", Limits(seconds=30))
    assert (found.verdict, found.pages, found.notes) == ("ok", (LINE,), ((1, "pdfium"),))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("(Costs fell by 12) Tj /F 6 Tf 4 Ts (1) Tj /F 11 Tf 0 Ts ( per cent.) Tj", "Costs fell by 12¹ per cent."),
        ("(in 2020) Tj /F 6 Tf 5 Ts (12) Tj /F 11 Tf 0 Ts (, then) Tj", "in 2020¹², then"),
        ("(at 12) Tj /F 11 Tf (1) Tj", "at 121"),
        ("(Costs fell by ) Tj /F 6 Tf (12) Tj", "Costs fell by 12"),
    ],
    ids=["mark", "two-digits", "as-large", "after-a-space"],
)
def test_a_footnotes_mark_never_touches_a_figure(tmp_path, content, text):
    page = pdfs.stream_object(f"BT /F 11 Tf 72 700 Td {content} ET".encode())
    assert read(tmp_path, page, pdfs.words(LINE)).pages[0] == text


@pytest.mark.parametrize(
    ("heights", "lefts", "text"),
    [
        ([700, 686, 672, 658], [], "0\n1\n2\n3"),
        ([700, 680, 666, 652, 632, 618], [], "0\n\n1\n2\n3\n\n4\n5"),
        ([700, 686, 300, 286], [], "0\n1\n\n2\n3"),
        ([700, 686, 700, 686], [0, 0, 300, 300], "0\n1\n2\n3"),
        ([30, 700, 686], [], "0\n\n1\n2"),
        ([700, 686, 672, 660, 650, 640, 630, 620], [], "0\n1\n2\n3\n4\n5\n6\n7"),
    ],
    ids=["even", "paragraphs", "far down", "second column", "page number first", "smaller print below"],
)
def test_a_wider_step_down_is_a_blank_line(heights, lefts, text):
    places = zip_longest(heights, lefts, fillvalue=0)
    pieces = [Piece(f"{index}\n", height, left=left) for index, (height, left) in enumerate(places)]
    assert "\n".join(line for line, _ in with_gaps(lines_of(pieces))) == text
