"""What a page of a PDF looks like is what is read of it: columns, tables, lists, paragraphs, headers, footnotes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.cleaning import clean
from ingest.extraction import Extracted, extract
from tests.ingest.pdfs import Run, pdf_of_runs

FERRY = (
    "Færgen til øen sejler ved daggry og tager posten og mælken med, og børnene til skolen. Om vinteren sejler den "
    "kun, når isen tillader det, hvad havnefogeden afgør hver morgen, når han har gået en tur på kajen."
)
COUNCIL = (
    "Rådet betaler for brændstoffet, og besætningen for sin egen mad. Sådan har det været, siden den sidste private "
    "ejer solgte skibet. Antallet af passagerer er steget siden da, men besætningen er stadig på seks."
)
SUNDAY = "Om søndagen sejler den ikke. De, der skal over, må spørge lodsen, som har en lille båd."
STEP = 14


def read(folder: Path, *pages: Sequence[Run], drawn: bytes = b"") -> Extracted:
    (folder / "a.pdf").write_bytes(pdf_of_runs(*pages, drawn=drawn))
    return extract(folder / "a.pdf")


def page_of(folder: Path, *runs: Run, drawn: bytes = b"") -> str:
    (page,) = read(folder, runs, drawn=drawn).pages
    return page


def column(text: str, left: float, top: float, width: int = 42, size: float = 11) -> list[Run]:
    lines = textwrap.wrap(text, width)
    return [Run(line, left, top - STEP * number, size) for number, line in enumerate(lines)]


TITLE = Run("To spalter om en færge og om det råd, der betaler den", 72, 760, 16)
LEFT = [*column(FERRY, 72, 720), *column(SUNDAY, 72, 610)]
RIGHT = column(COUNCIL, 320, 720)


@pytest.mark.parametrize(
    "runs",
    [[*LEFT, *RIGHT], sorted([*LEFT, *RIGHT], key=lambda run: (-run.height, run.left))],
    ids=["column by column", "line by line"],
)
def test_columns_are_read_one_after_the_other(tmp_path, runs):
    assert clean(read(tmp_path, [TITLE, *runs])).text == f"# {TITLE.text}\n\n{FERRY}\n\n{SUNDAY}\n\n{COUNCIL}\n"


def test_three_columns_that_are_written_line_by_line_are_taken_apart(tmp_path):
    columns = [column(text, 60 + 165 * place, 720, 28) for place, text in enumerate((FERRY, COUNCIL, FERRY))]
    runs = sorted((run for each in columns for run in each), key=lambda run: (-run.height, run.left))
    assert clean(read(tmp_path, runs)).text == f"{FERRY}\n\n{COUNCIL}\n\n{FERRY}\n"


ROWS = ["Færge\tTure\tUdgift i mio. kr.", "Havørnen\t1.204\t38,5", "Ternen\t988\t27,0"]


def table(*rows: Sequence[tuple[str, float, float]], top: float = 700) -> list[Run]:
    """Return cells (text, left edge, lines down from the row's height), which rows part by 20 points."""
    return [
        Run(text, left, top - 20 * number - STEP * down) for number, row in enumerate(rows) for text, left, down in row
    ]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([[("Lomvien", 72, 0), ("2.026", 250, 0), ("41,2", 400, 0)]], "Lomvien\t2.026\t41,2"),
        ([[("Lomvien", 72, 0), ("41,2", 400, 0)]], "Lomvien\t\t41,2"),
        (
            [[("Lomvien, som skal", 72, 0), ("afløses i 2026", 72, 1), ("2.026", 250, 0), ("41,2", 400, 0)]],
            "Lomvien, som skal afløses i 2026\t2.026\t41,2",
        ),
        (
            [
                [
                    ("Lomvien, som", 72, 0),
                    ("skal afløses", 72, 1),
                    ("i 2026", 72, 2),
                    ("2.026", 250, 1),
                    ("41,2", 400, 1),
                ]
            ],
            "Lomvien, som skal afløses i 2026\t2.026\t41,2",
        ),
        (
            [[("Lomvien", 72, 0), ("2.026, alle", 250, 0), ("til tiden", 250, 1), ("41,2", 400, 0)]],
            "Lomvien\t2.026, alle til tiden\t41,2",
        ),
    ],
    ids=["one line", "an empty cell", "two lines, top", "three lines, middle", "second cell in two lines"],
)
def test_each_row_of_a_table_is_a_line_with_its_cells(tmp_path, rows, last):
    head = [("Færge", 90, 0), ("Ture", 254, 0), ("Udgift i mio. kr.", 360, 0)]
    body = [
        [("Havørnen", 72, 0), ("1.204", 250, 0), ("38,5", 400, 0)],
        [("Ternen", 72, 0), ("988", 259, 0), ("27,0", 400, 0)],
    ]
    runs = [*column(FERRY, 72, 760, 80), *table(head, *body, *rows), *column(SUNDAY, 72, 590, 80)]
    page = page_of(tmp_path, *runs)
    assert [line for line in page.split("\n") if "\t" in line] == [*ROWS, last]


def test_rows_are_blocks_of_their_own_and_found_again_on_their_page(tmp_path):
    cells = [[(cell, 72 + 140 * place, 0) for place, cell in enumerate(row.split("\t"))] for row in ROWS]
    done = clean(read(tmp_path, [*column(FERRY, 72, 760, 80), *table(*cells)]))
    head, *body = (f"| {row} |\n".replace("\t", " | ") for row in ROWS)
    assert done.text == "".join([FERRY, "\n\n", head, "| --- | --- | --- |\n", *body])
    (page,) = done.raw
    shown = [(done.text[line.start : line.end], page.text[line.raw_start : line.raw_end]) for line in page.lines[3:]]
    assert shown == [(cell, cell) for row in ROWS for cell in row.split("\t")]


def test_the_head_of_a_table_that_is_shown_again_on_the_next_page_is_left_out(tmp_path):
    cells = [[(cell, 72 + 140 * place, 0) for place, cell in enumerate(row.split("\t"))] for row in ROWS]
    text = clean(read(tmp_path, table(*cells, top=200), table(cells[0], cells[2], top=780))).text
    assert text.count("Færge") == 1
    assert text.endswith("| Havørnen | 1.204 | 38,5 |\n| Ternen | 988 | 27,0 |\n| Ternen | 988 | 27,0 |\n")


@pytest.mark.parametrize(
    "runs",
    [
        [
            Run("1.", 72, 700),
            Run("Læsø i april og maj", 100, 700),
            Run("2.", 72, 686),
            Run("Samsø i maj og juni", 100, 686),
        ],
        [
            Run("Mål ", 72, 700),
            Run("er, hvad man vil nå.", 95, 700),
            Run("Råd ", 72, 686),
            Run("er, hvad man gør.", 95, 686),
        ],
        [
            Run("Havnene i byerne ........", 72, 700),
            Run("4", 400, 700),
            Run("Skibene på havet ........", 72, 686),
            Run("9", 400, 686),
        ],
        [Run("Årsberetning", 72, 700), Run("2023", 400, 700), *column(FERRY, 72, 670, 80)],
    ],
    ids=["a list", "two fonts", "contents", "one line"],
)
def test_what_stands_beside_each_other_is_not_always_a_table(tmp_path, runs):
    assert "\t" not in page_of(tmp_path, *runs)


def test_dots_that_are_drawn_before_lines_are_read_as_signs(tmp_path):
    runs = [
        Run("Tre ting ændrede sig:", 72, 700),
        *(Run(text, 90, 686 - STEP * place) for place, text in enumerate(("tid", "råd", "ro"))),
    ]
    drawn = (
        b"".join(b"78 %d 4 4 re f\n" % (688 - STEP * place) for place in range(3))
        + b"300 688 4 4 re f 60 650 400 1 re f\n"
    )
    assert page_of(tmp_path, *runs, drawn=drawn) == "Tre ting ændrede sig:\n• tid\n• råd\n• ro"
    assert clean(read(tmp_path, runs, drawn=drawn)).text == "Tre ting ændrede sig:\n\n- tid\n- råd\n- ro\n"


def test_an_item_goes_on_below_its_text_and_ends_where_a_line_begins_further_left(tmp_path):
    items = [Run("•", 90, 700), *column(f"{SUNDAY} Anholt er længst væk.", 104, 700, 70), *column(FERRY, 72, 672, 74)]
    assert clean(read(tmp_path, items)).text == f"- {SUNDAY} Anholt er længst væk.\n\n{FERRY}\n"


def test_an_indented_line_begins_a_paragraph(tmp_path):
    first, second, third = (column(text, 72, top, 70) for text, top in ((FERRY, 700), (COUNCIL, 658), (SUNDAY, 616)))
    second[0], third[0] = second[0]._replace(left=84), third[0]._replace(left=84)
    assert page_of(tmp_path, *first, *second, *third).strip().count("\n\n") == 2
    assert clean(read(tmp_path, [*first, *second, *third])).text == f"{FERRY}\n\n{COUNCIL}\n\n{SUNDAY}\n"


def test_what_the_file_writes_first_but_stands_at_the_foot_is_apart(tmp_path):
    runs = [Run("Rederiet", 72, 810, 8), Run("1", 290, 40, 8), Run("Færgen", 72, 760, 18), *column(FERRY, 72, 730, 80)]
    assert clean(read(tmp_path, runs)).text == f"Rederiet\n\n# Færgen\n\n{FERRY}\n"


def test_a_small_running_line_on_both_of_two_pages_is_left_out(tmp_path):
    pages = [
        [Run("Rederiet 2023", 72, 810, 8), *column(text, 72, 760, 80), Run(str(number), 290, 40, 8)]
        for number, text in enumerate((FERRY, SUNDAY), 1)
    ]
    assert clean(read(tmp_path, *pages)).text == f"{FERRY}\n\n{SUNDAY}\n"


def test_a_footnote_in_small_print_is_a_block_of_its_own(tmp_path):
    note = Run("1 Priserne er fra 2022.", 72, 60, 8)
    runs = [
        *column(FERRY, 72, 760, 80),
        Run("Det kostede 38,5", 72, 700),
        Run("1", 155.5, 704, 7),
        Run(" i alt.", 160, 700),
        note,
    ]
    assert clean(read(tmp_path, runs)).text == f"{FERRY}\n\nDet kostede 38,5¹ i alt.\n\n1 Priserne er fra 2022.\n"


@pytest.mark.parametrize(
    ("last", "joined"),
    [
        ("Den sejler til øerne, som ligger langt ude i havet, hver eneste dag i året rundt.", True),
        ("Det er tit stille, til tider lidt vildt, til tider lidt for vildt til at tie stille.", False),
        ("Den sejler hver dag.", False),
    ],
    ids=["full line", "as many letters, but narrow", "short line"],
)
def test_a_paragraph_goes_on_over_the_page_unless_its_last_line_is_short(tmp_path, last, joined):
    foot = Run("1", 290, 40, 8)
    lines = [*column(f"{FERRY} {FERRY}", 72, 760, 80)[:5], Run(last, 72, 690)]
    text = clean(read(tmp_path, [*lines, foot], [*column(SUNDAY, 72, 760, 80), foot._replace(text="2")])).text
    assert (f"{last} Om søndagen" in text) == joined
