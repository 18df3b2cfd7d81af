"""The shortlist of cases as CSV, Excel and Word: the same cells in each, and no text that acts."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from io import BytesIO, StringIO

import pytest
from lxml import etree
from openpyxl import load_workbook

from app.export import cases
from app.export.cases import CaseRow
from app.labels import load_texts
from kb.vocabulary import LANGUAGES
from tests.app.exported import DAY, HOSTILE, W, body, members

ROW = CaseRow(
    id="dk-ballerup",
    title="Mini-teams på Ærø; et forsøg",
    organisation='Ærø "Kommune"',
    country="Danmark",
    sectors="hjemmepleje, ældrepleje",
    year="2019",
    kind="case",
    evidence="evaluering",
    stance="støttende",
    themes="selvstyrende teams, trivsel",
    change="Kommunen indførte:\n- faste teams\n- **mindre** dokumentation",
    result="Sygefraværet faldt.",
    caveats="",
    url="https://example.org/a?b=1&c=2",
    whose="Tillits sammenfatning af hele kilden; ordlyden er ikke kildens.",
)
HEADER = [
    "Id", "Titel", "Organisation", "Land", "Områder", "År", "Type", "Belæg", "Holdning", "Temaer",
    "Hvad der blev ændret", "Resultat", "Forbehold", "Link til kilden", "Ordlyd",
]  # fmt: skip
CELLS = [
    ROW.id, ROW.title, ROW.organisation, "Danmark", "hjemmepleje, ældrepleje", "2019", "case", "evaluering",
    "støttende", "selvstyrende teams, trivsel", "Kommunen indførte:\n• faste teams\n• mindre dokumentation",
    "Sygefraværet faldt.", "", ROW.url, ROW.whose,
]  # fmt: skip
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\n=1", "=cmd|' /C calc'!A0", "＝1"]


def filled(text):
    """A case of which every value is this text."""
    return CaseRow(**{field.name: text for field in fields(CaseRow)})


def read_csv(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(data):
    return load_workbook(BytesIO(data)).active


def values(sheet):
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_csv_is_what_excel_in_the_nordic_countries_reads():
    data = cases.csv([ROW], "da")
    assert read_csv(data) == [HEADER, CELLS]
    assert data.count(b"\r\n") == 2


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_has_no_formula(text):
    (_, cells) = read_csv(cases.csv([filled(text)], "da"))
    assert cells == [f"'{text}"] * len(cells)


@pytest.mark.parametrize("text", ["a=1", "5 - 3", "'=1", "• -1", "", "•"])
def test_csv_leaves_other_text_as_it_is(text):
    assert set(read_csv(cases.csv([filled(text)], "da"))[1]) == {text}


def test_excel_has_the_same_cells():
    assert values(sheet_of(cases.excel([ROW, ROW], "da"))) == [HEADER, CELLS, CELLS]


def test_an_excel_sheet_is_ready_to_work_with():
    sheet = sheet_of(cases.excel([ROW, ROW], "sv"))
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Exempel", "A2", "A1:O3")
    assert [cell.font.bold for cell in sheet[1]] == [True] * len(HEADER)
    assert not any(cell.font.bold for cell in sheet[2])
    assert {cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row} == {True}
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert widths == [18, 40, *[18] * 8, 60, 60, 60, 50, 40]


def test_excel_links_can_be_clicked_and_lead_to_the_web_alone():
    linked = sheet_of(cases.excel([ROW, replace(ROW, url="javascript:alert(1)"), filled("https://example.org")], "da"))
    found = [(cell.coordinate, cell.hyperlink.target) for row in linked for cell in row if cell.hyperlink]
    assert found == [("N2", ROW.url), ("N4", "https://example.org")]
    assert linked["N3"].value == "javascript:alert(1)"


@pytest.mark.parametrize("text", [*FORMULAS, "#N/A", "12", "1.5", "2020-01-01", "TRUE", *HOSTILE])
def test_excel_takes_every_text_as_text(text):
    sheet = sheet_of(cases.excel([filled(text)], "en"))
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert {cell.value for cell in sheet[2]} == {text}


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_says_so():
    (_, cells) = values(sheet_of(cases.excel([replace(ROW, change="ord " * 5000, result="x" * 40_000)], "da")))
    assert cells[10] == "ord " * 5000
    assert cells[11] == "x" * 31_998 + " …"


def test_signs_that_xml_forbids_are_replaced():
    odd = filled("a\x00b\x1bc\ud800d\uffff")
    assert set(read_csv(cases.csv([odd], "da"))[1]) == {"a\ufffdb\ufffdc\ufffdd\ufffd"}
    assert set(values(sheet_of(cases.excel([odd], "da")))[1]) == {"a\ufffdb\ufffdc\ufffdd\ufffd"}
    assert body(cases.word([odd], "da", DAY)).count("a\ufffdb\ufffdc\ufffdd\ufffd") == len(HEADER)


def test_word_has_a_section_with_a_table_of_facts_for_each_case():
    data = cases.word([ROW, replace(ROW, title="En anden", url="", year="")], "da", DAY)
    facts = [cell for place, name in enumerate(HEADER) if place not in (1, 10, 11, 12) for cell in (name, CELLS[place])]
    told = ["Hvad der blev ændret", "Kommunen indførte:", "faste teams", "mindre dokumentation", "Resultat", ROW.result]
    fewer = [cell for cell in facts if cell not in ("År", "2019", "Link til kilden", ROW.url)]
    assert body(data) == [
        "Cases fra Tillit",
        *[ROW.title, *facts, *told],
        *["En anden", *fewer, *told],
        "Eksporteret 2025-11-22",
    ]
    tree = etree.fromstring(members(data)["word/document.xml"])
    assert [len(table.findall(f"{W}tr")) for table in tree.iter(f"{W}tbl")] == [11, 9]


def test_hostile_text_is_text_in_word():
    data = cases.word([filled(text) for text in HOSTILE], "en", DAY)
    shown = body(data)
    assert {text: shown.count(text) for text in HOSTILE} == dict.fromkeys(HOSTILE, len(HEADER))
    assert b"evil" not in members(data)["word/_rels/document.xml.rels"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cases_are_a_header_or_a_sentence(language):
    texts = load_texts("export")
    assert len(read_csv(cases.csv([], language))) == 1
    assert values(sheet_of(cases.excel([], language))) == read_csv(cases.csv([], language))
    assert body(cases.word([], language, DAY)) == [
        texts["cases-title"][language],
        texts["none-chosen"][language],
        texts["exported"][language].format(date=DAY),
    ]


def test_every_text_stands_in_all_languages():
    assert {frozenset(texts) for texts in load_texts("export").values()} == {frozenset(LANGUAGES)}
