"""Cases as HTML, as charts and as what is exported: exact texts, everything escaped."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from html import unescape

import pytest

from app import charts
from app.case_files import comparison, export_rows
from app.case_search import Search, current_search
from app.case_view import card_html, cell_places, compared_html, compared_roles, listed_html
from app.cases import CASES_ALONE, Narrowing, current_cases
from app.labels import Labels, load_texts
from kb.retrieval.filters import Filters
from kb.vocabulary import HEADINGS, LANGUAGES, SECTIONS
from tests.app.casebook import BORNHOLM, BUURTZORG, DESERVED, REFORM, TIMBRO, TOMELILLA

SAY = Labels("cases", "en")
HOSTILE = '<script>alert("x")</script>'


def hostile(case):
    start = case.sections["change"][0]
    document = replace(
        case.document,
        title=HOSTILE,
        organisation=HOSTILE,
        text=case.document.text[:start] + HOSTILE + case.document.text[start + len(HOSTILE) :],
    )
    return replace(case, document=document)


def test_a_card_tells_place_change_and_result_with_what_matches_marked(small_kb, cases):
    search = current_search(small_kb, '"7 cm high"', "en")
    html = card_html(cases[BORNHOLM], search, SAY)
    assert '<h3 lang="en">Mowing by result' in html
    assert "Municipality of Bornholm, Department for Roads and Parks · parks and roads" in html
    assert '<span class="badge">Denmark</span><span class="badge">2016</span>' in html
    assert '<h4>What changed</h4><p lang="en">The fixed rhythm of mowing was dropped.' in html
    assert "once the grass is <mark>7 cm high</mark>" in html
    assert "<h4>Result</h4>" in html
    assert "<h4>What matches</h4>" not in html
    assert "Tillit&#x27;s summary of the whole source" in html


def test_a_card_is_in_the_visitors_language(small_kb):
    case = current_cases(small_kb, "da")[BORNHOLM]
    html = card_html(case, Search(), Labels("cases", "da"))
    assert "<h4>Hvad der blev ændret</h4>" in html
    assert "Bornholms Regionskommune, Vej og Park · park og vej" in html
    assert "citeret på" not in html


def test_a_card_says_in_which_language_a_text_is_that_is_not_translated(cases):
    html = card_html(cases[BORNHOLM], Search(), Labels("cases", "da"))
    assert '<span class="badge">citeret på engelsk</span>' in html
    assert "<h4>Hvad der blev ændret</h4>" in html


def test_a_section_that_goes_on_says_so(cases):
    assert "wishes and needs. …</p>" in card_html(cases[REFORM], Search(), SAY)


def test_no_text_of_a_document_acts_as_html(small_kb, cases):
    case = hostile(cases[BORNHOLM])
    search = current_search(small_kb, "alert script", "en")
    for html in (card_html(case, search, SAY), listed_html(case, SAY), compared_html([case, cases[TOMELILLA]], SAY)):
        assert "<script" not in html
    assert '"x"' not in compared_html([case, cases[TOMELILLA]], SAY)


def test_cases_stand_side_by_side_with_headers_and_every_section_verbatim(cases):
    pair = [cases[BORNHOLM], cases[TOMELILLA]]
    html = compared_html(pair, SAY)
    assert html.count('<th scope="col"') == 2
    rows = ["Place or organisation", "Published by", "Year of the source", "Country", "Sector", "Evidence", "Stance"]
    rows += ["Situation", "What changed", "Result", "What made it work", "Caveats", "About the text"]
    assert [part.split("</th>")[0] for part in html.split('<th scope="row">')[1:]] == rows
    assert "<td>2016</td>" in html
    assert "<td>parks and roads</td>" in html
    assert 'aria-label="Show in text: What changed, Mowing by result' in html
    for key, case, span in cell_places(pair):
        assert f'data-press="{key}"' in html
        assert case.document.text[slice(*span)].split("\n")[0][:40].removeprefix("- ").replace("'", "&#x27;") in html


def test_kinds_are_compared_by_the_sections_of_each(cases):
    assert compared_roles([cases[TIMBRO], cases[BORNHOLM]]) == [
        *("situation", "change", "result", "reason", "caveat"),
        *("method", "finding", "recommendation", "limit"),
    ]
    html = compared_html([cases[BORNHOLM], cases[TIMBRO]], SAY)
    assert html.count("<td>–</td>") == 9


def test_a_document_without_sections_is_compared_by_its_opening(cases):
    bare = replace(cases[BORNHOLM], sections={"opening": cases[BORNHOLM].sections["opening"]})
    assert compared_roles([bare, cases[TOMELILLA]])[0] == "opening"
    assert next(key for key, _, _ in cell_places([bare, cases[TOMELILLA]])) == "compared-opening-0"
    assert "<td>–</td>" in compared_html([bare, cases[TOMELILLA]], SAY)


def test_years_are_counted_by_country_with_those_between_and_without(cases):
    counts = charts.by_year(list(cases.values()), "country")
    assert list(counts) == [*map(str, range(2015, 2025)), "no-year"]
    assert counts["2016"] == {"DK": 1}
    assert counts["2017"] == {}
    assert counts["no-year"] == {"NO": 1}


def test_rare_values_are_counted_as_others(cases):
    bornholm = cases[BORNHOLM]
    countries = ["DK", "DK", "NO", "SE", "FI", "IS", "GB"]
    many = [replace(bornholm, entry=replace(bornholm.entry, country=country)) for country in countries]
    counts = charts.by_year(many, "country")
    assert charts.parts_of(counts) == ["DK", "FI", "GB", "IS", "others"]
    assert counts["2016"]["others"] == 2


def test_one_rare_value_has_its_name(cases):
    bornholm = cases[BORNHOLM]
    many = [replace(bornholm, entry=replace(bornholm.entry, country=each)) for each in ["DK", "NO", "SE", "FI", "IS"]]
    assert charts.parts_of(charts.by_year(many, "country")) == ["DK", "FI", "IS", "NO", "SE"]
    nowhere = replace(bornholm, entry=replace(bornholm.entry, country=None))
    parts = charts.parts_of(charts.by_year([*many, nowhere], "country"))
    assert (len(parts), parts[-1]) == (5, "others")


def test_cases_without_years_have_a_column_alone(cases):
    assert charts.by_year([cases[DESERVED]], "evidence") == {"no-year": Counter({"experience": 1})}


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_and_tables_tell_the_same_numbers(cases, language):
    say = Labels("cases", language)
    counts = charts.by_year(list(cases.values()), "evidence")
    chart = charts.timeline(counts, "evidence", say)
    assert sum(row["cases"] for row in chart["data"]["values"]) == len(cases)
    assert chart["encoding"]["x"]["scale"]["domain"][-1] == say("no-year")
    assert json.dumps(chart)
    table = charts.timeline_table(counts, say)
    assert sum(int(cell.split("</td>")[0] or 0) for cell in table.split("<td>")[2:]) == len(cases)
    assert '<th scope="row">2016</th>' in table


def test_bars_are_ordered_by_size_with_the_numbers_at_the_names():
    counts = Counter({"SE": 1, "DK": 3, "NO": 0})
    chart = charts.bars(counts, "country", SAY)
    assert [row["name"] for row in chart["data"]["values"]] == ["Denmark (3)", "Sweden (1)"]
    assert chart["encoding"]["y"]["sort"] == ["Denmark (3)", "Sweden (1)"]
    assert '<th scope="row">Denmark</th><td>3</td>' in charts.bars_table(counts, "country", SAY)
    assert "Norway" not in charts.bars_table(counts, "country", SAY)


def test_an_export_has_a_case_in_words(small_kb):
    row = export_rows([current_cases(small_kb, "sv")[BORNHOLM]], Labels("cases", "sv"))[0]
    assert (row.country, row.year, row.kind, row.evidence) == ("Danmark", "2016", "exempel", "erfarenhet")
    assert row.sectors == "park och gata"
    assert list(row.sections) == [HEADINGS[role]["sv"] for role in SECTIONS["case"]]
    assert "7 cm" in row.sections["Vad som ändrades"]
    assert row.publisher
    assert "" not in row.sections.values()
    assert row.whose.startswith("Tillits sammanfattning")
    assert row.url.startswith("https://")


def test_an_export_names_the_sections_of_what_is_no_case(cases):
    report, principle = export_rows([cases[TIMBRO], cases[DESERVED]], SAY)
    assert list(report.sections) == list(principle.sections)
    assert [name for name, text in report.sections.items() if text] == [HEADINGS[r]["en"] for r in SECTIONS["report"]]
    assert principle.sections["What it asks of managers and staff"].startswith("- ")
    assert report.sections["What it asks of managers and staff"] == ""


def test_a_comparison_in_a_file_has_the_rows_of_the_page(cases):
    pair = [cases[BORNHOLM], cases[TIMBRO]]
    compared = comparison(pair, CASES_ALONE, SAY)
    html = compared_html(pair, SAY)
    rows = [unescape(part.split("</th>")[0]) for part in html.split('<th scope="row">')[1:]]
    assert [name for name, _ in (*compared.facts, *compared.sections, compared.whose)] == rows
    assert compared.titles == [case.document.title for case in pair]
    assert (compared.filters, compared.kind) == ((), "documents")


def test_a_comparison_in_a_file_says_what_was_filtered_if_all_its_cases_pass(cases):
    chosen = Filters({"kind": ("case",), "evidence": ("experience", "policy")}, year_from=2016)
    to = Narrowing(chosen, {"country": ("NL", "NO"), "stance": ("critical",)})
    compared = comparison([cases[BORNHOLM], cases[TOMELILLA]], to, SAY)
    told = ("experience or policy", "not Netherlands, not Norway", "not critical", "2016–")
    assert (compared.filters, compared.kind) == (told, "cases")
    assert comparison([cases[BORNHOLM], cases[BUURTZORG]], to, SAY).filters == ()


def test_every_text_of_the_page_stands_in_every_language():
    assert {name for name, texts in load_texts("cases").items() if set(texts) != set(LANGUAGES)} == set()
