"""The shortlist of cases as CSV, Excel and Word: the same cells in each, and no text that acts."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from io import BytesIO, StringIO

import pytest
from lxml import etree
from openpyxl import load_workbook

from app.export import cases
from app.export.cases import CaseRow, Comparison, Source
from app.labels import load_texts
from kb.vocabulary import LANGUAGES
from tests.app.exported import DAY, HOSTILE, W, body, members

ROW = CaseRow(
    title="Mini-teams på Ærø; et forsøg",
    organisation='Ærø "Kommune"',
    publisher="VIVE",
    country="Danmark",
    sectors="hjemmepleje, ældrepleje",
    year="2019",
    kind="case",
    evidence="evaluering",
    stance="støttende",
    themes="selvstyrende teams, trivsel",
    sections={
        "Hvad der blev ændret": "Kommunen indførte:\n- faste teams\n- **mindre** dokumentation",
        "Resultat": "Sygefraværet faldt.",
        "Forbehold": "",
    },
    url="https://example.org/a?b=1&c=2",
    whose="Tillits sammenfatning af hele kilden; ordlyden er ikke kildens.",
)
HEADER = [
    "Titel", "Organisation", "Udgiver", "Land", "Områder", "År", "Type", "Belæg", "Holdning", "Temaer",
    "Hvad der blev ændret", "Resultat", "Forbehold", "Link til kilden", "Om teksten",
]  # fmt: skip
CELLS = [
    ROW.title, ROW.organisation, "VIVE", "Danmark", "hjemmepleje, ældrepleje", "2019", "case", "evaluering",
    "støttende", "selvstyrende teams, trivsel", "Kommunen indførte:\n• faste teams\n• mindre dokumentation",
    "Sygefraværet faldt.", "", ROW.url, ROW.whose,
]  # fmt: skip
YEAR = HEADER.index("År")
ABOUT = (
    "Fra Tillit, 22. november 2025. Tillit er en assistent, der slår op, hvad man ved om tillidsreform i den "
    "offentlige sektor. Den citerer og lægger intet til."
)
COMPARED = Comparison(
    titles=["Den ene", "Den anden"],
    languages=["da", "sv"],
    facts=[("Sted", ["Ærø", ""]), ("Kildens år", ["2019", "2020"])],
    sections=[("Resultat", ["Det gik **godt**.\n- Fraværet faldt.", ""]), ("Forbehold", ["", "Osäkert."])],
    whose=("Om teksten", ["Sammenfatning.", "Uddrag."]),
    sources=[Source("Rapport", "VIVE", "2019", "https://example.org/a"), Source("Artikel", "", "", "javascript:1")],
    filters=("hjemmepleje", "forskning eller evaluering", "ikke Norge"),
    kind="cases",
)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\n=1", "=cmd|' /C calc'!A0", "＝1"]


def filled(text):
    """A case of which every value is this text."""
    given = {field.name: text for field in fields(CaseRow)}
    return CaseRow(**(given | {"sections": dict.fromkeys(ROW.sections, text)}))


def with_sections(*texts):
    """The case with these sections."""
    return replace(ROW, sections=dict(zip(ROW.sections, texts, strict=True)))


def read_csv(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(data):
    return load_workbook(BytesIO(data)).active


def values(sheet):
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_csv_is_what_excel_in_the_nordic_countries_reads():
    data = cases.csv([ROW], "da", DAY)
    assert read_csv(data) == [HEADER, CELLS]
    assert data.count(b"\r\n") == 2


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_has_no_formula(text):
    (_, cells) = read_csv(cases.csv([filled(text)], "da", DAY))
    assert cells == [f"'{text}"] * len(cells)


@pytest.mark.parametrize("text", ["a=1", "5 - 3", "'=1", "• -1", "", "•"])
def test_csv_leaves_other_text_as_it_is(text):
    assert set(read_csv(cases.csv([filled(text)], "da", DAY))[1]) == {text}


def test_excel_has_the_same_cells():
    cells = [*CELLS[:YEAR], 2019, *CELLS[YEAR + 1 :]]
    assert values(sheet_of(cases.excel([ROW, ROW], "da", DAY))) == [HEADER, cells, cells]


def test_an_excel_sheet_is_ready_to_work_with():
    book = load_workbook(BytesIO(cases.excel([ROW, ROW], "sv", DAY)))
    sheet = book.active
    assert (book.properties.title, book.properties.creator) == ("Exempel från Tillit", "Tillit")
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Exempel", "B2", "A1:O3")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows) == (True, "$1:$1")
    assert [cell.font.bold for cell in sheet[1]] == [True] * len(HEADER)
    assert not any(cell.font.bold for cell in sheet[2])
    assert {cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row} == {True}
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert widths == [32, *[16] * 4, 7, *[16] * 4, 45, 45, 45, 30, 30]


def test_excel_links_can_be_clicked_and_lead_to_the_web_alone():
    rows = [ROW, replace(ROW, url="javascript:alert(1)"), filled("https://example.org")]
    linked = sheet_of(cases.excel(rows, "da", DAY))
    found = [(cell.coordinate, cell.hyperlink.target) for row in linked for cell in row if cell.hyperlink]
    assert found == [("N2", ROW.url), ("N4", "https://example.org")]
    assert linked["N3"].value == "javascript:alert(1)"


@pytest.mark.parametrize("text", [*FORMULAS, "#N/A", "12", "1.5", "2020-01-01", "TRUE", *HOSTILE])
def test_excel_takes_every_text_as_text(text):
    sheet = sheet_of(cases.excel([filled(text)], "en", DAY))
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert {cell.value for cell in sheet[2]} == {text}


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so():
    (_, cells) = values(sheet_of(cases.excel([with_sections("ord " * 5000, "x" * 40_000, "")], "da", DAY)))
    assert cells[10] == "ord " * 5000
    assert cells[11] == "x" * 31_998 + " …"


def test_signs_that_xml_forbids_are_replaced():
    odd = filled("a\x00b\x1bc\ud800d\uffff")
    assert set(read_csv(cases.csv([odd], "da", DAY))[1]) == {"a\ufffdb\ufffdc\ufffdd\ufffd"}
    assert set(values(sheet_of(cases.excel([odd], "da", DAY)))[1]) == {"a\ufffdb\ufffdc\ufffdd\ufffd"}
    assert body(cases.word([odd], "da", DAY)).count("a\ufffdb\ufffdc\ufffdd\ufffd") == len(HEADER)


def test_word_has_a_section_with_a_table_of_facts_for_each_case():
    data = cases.word([ROW, replace(ROW, title="En anden", url="", year="")], "da", DAY)
    facts = [cell for place, name in enumerate(HEADER) if place not in (0, 10, 11, 12) for cell in (name, CELLS[place])]
    told = [
        "Hvad der blev ændret",
        "Kommunen indførte:",
        "faste teams",
        "mindre dokumentation",
        "Resultat",
        "Sygefraværet faldt.",
    ]
    fewer = [cell for cell in facts if cell not in ("År", "2019", "Link til kilden", ROW.url)]
    assert body(data) == [
        "Cases fra Tillit",
        ABOUT,
        *[ROW.title, *facts, *told],
        *["En anden", *fewer, *told],
    ]
    tree = etree.fromstring(members(data)["word/document.xml"])
    assert [len(table.findall(f"{W}tr")) for table in tree.iter(f"{W}tbl")] == [11, 9]


def test_a_comparison_has_the_cases_as_columns_on_pages_that_lie():
    data = cases.comparison(COMPARED, "da", DAY)
    told = body(data)
    assert told[:2] == ["Sammenligning af cases: hjemmepleje; forskning eller evaluering; ikke Norge", ABOUT]
    tree = etree.fromstring(members(data)["word/document.xml"])
    (table,) = tree.iter(f"{W}tbl")
    rows = [["|".join("".join(p.itertext()) for p in cell.iter(f"{W}p")) for cell in row.iter(f"{W}tc")]
            for row in table.iter(f"{W}tr")]  # fmt: skip
    assert rows == [
        ["", "Den ene", "Den anden"],
        ["Sted", "Ærø", "–"],
        ["Kildens år", "2019", "2020"],
        ["Resultat", "Det gik godt.|• Fraværet faldt.", "–"],
        ["Forbehold", "–", "Osäkert."],
        ["Om teksten", "Sammenfatning.", "Uddrag."],
    ]
    assert [len(list(row.iter(f"{W}tblHeader"))) for row in table.iter(f"{W}tr")] == [1, 0, 0, 0, 0, 0]
    page = next(tree.iter(f"{W}pgSz"))
    assert (page.get(f"{W}orient"), page.get(f"{W}w"), page.get(f"{W}h")) == ("landscape", "16838", "11906")
    assert told[-3:] == ["Kilder", "Rapport\nVIVE, 2019\nhttps://example.org/a", "Artikel"]
    assert b" PAGE " in members(data)["word/footer.xml"]
    assert b"example.org/a" in members(data)["word/_rels/document.xml.rels"]


@pytest.mark.parametrize(
    ("kind", "title"), [("cases", "Comparison of 2 cases"), ("documents", "Comparison of 2 documents")]
)
def test_a_comparison_without_filters_tells_how_many(kind, title):
    assert body(cases.comparison(replace(COMPARED, filters=(), kind=kind), "en", DAY))[0] == title


def test_hostile_text_is_text_in_word():
    data = cases.word([filled(text) for text in HOSTILE], "en", DAY)
    shown = body(data)
    assert {text: shown.count(text) for text in HOSTILE} == dict.fromkeys(HOSTILE, len(HEADER))
    twice = [(text, [text, text]) for text in HOSTILE]
    compared = replace(COMPARED, titles=HOSTILE[:2], facts=twice, sections=twice)
    held = body(cases.comparison(compared, "en", DAY))
    assert [text for text in HOSTILE if held.count(text) < 5] == []
    assert b"evil" not in members(data)["word/_rels/document.xml.rels"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cases_are_a_header_or_a_sentence(language):
    texts = load_texts("export")
    assert len(read_csv(cases.csv([], language, DAY))) == 1
    assert values(sheet_of(cases.excel([], language, DAY))) == read_csv(cases.csv([], language, DAY))
    title, _, told = body(cases.word([], language, DAY))
    assert (title, told) == (texts["cases-title"][language], texts["none-chosen"][language])


def test_every_text_stands_in_all_languages():
    assert {frozenset(texts) for texts in load_texts("export").values()} == {frozenset(LANGUAGES)}
