"""A document as HTML: its blocks, passages marked, every text escaped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import reader
from kb.blocks import parse_blocks
from kb.records import Page
from tests.app.test_view import HOSTILE, TEXT, Tags, document  # noqa: F401 - a fixture


def body(html):
    """What stands within the article."""
    return html.partition(">")[2].removesuffix("</article>")


def read(document, text, *marked, at=None):  # noqa: F811 - the fixture
    return body(reader.document_html(replace(document, text=text), parse_blocks(text), marked, at))


def test_a_document_is_read_block_by_block_below_its_title(document):  # noqa: F811
    text = "# Title\n\nOne **bold** word.\n\n## Findings\n\n- first\n- second\n\n```\na < b\n```\n"
    assert read(replace(document, title="Title"), text) == (
        "<p>One <strong>bold</strong> word.</p><h3>Findings</h3>"
        '<p class="item">• first</p><p class="item">• second</p><pre>```\na &lt; b\n```</pre>'
    )
    assert read(replace(document, title="Another"), text).startswith("<h2>Title</h2><p>One")


def test_a_passage_is_marked_and_its_block_found(document):  # noqa: F811
    text = "Before.\n\nOne sentence. Another one."
    start = text.index("Another")
    assert read(document, text, (start, len(text)), at=start) == (
        '<p>Before.</p><p id="passage" tabindex="-1">One sentence. <mark>Another one.</mark></p>'
    )


def test_passages_that_overlap_are_marked_once(document):  # noqa: F811
    assert (
        read(document, "One two three.", (0, 7), (4, 13), (8, 13)) == "<p><mark>One two</mark><mark> three</mark>.</p>"
    )


@pytest.mark.parametrize(
    ("marked", "pressed", "html"),
    [
        ([(0, 3), (4, 7)], (4, 7), '<p class="pressed"><mark>One</mark> <mark class="pressed">two</mark> three.</p>'),
        (
            [(0, 14), (4, 7)],
            (4, 7),
            '<p class="pressed"><mark>One </mark><mark class="pressed">two</mark><mark> three.</mark></p>',
        ),
        ([(0, 7), (4, 14)], (4, 14), '<p class="pressed"><mark>One </mark><mark class="pressed">two</mark>'),
        ([(0, 3)], (20, 30), "<p><mark>One</mark> two three.</p>"),
    ],
    ids=["beside", "within", "overlapping", "elsewhere"],
)
def test_the_quote_that_was_pressed_is_told_apart_from_the_others(document, marked, pressed, html):  # noqa: F811
    text = replace(document, text="One two three.")
    shown = body(reader.document_html(text, parse_blocks(text.text), marked, pressed=pressed))
    assert shown.startswith(html)


TABLE = "Below:\n\n| What | 2021 |\n| --- | ---: |\n| Sick \\| away <b> | 11 % |\n| **Time** |  |\n\nAfter."
SHOWN = (
    '<div class="rows" tabindex="0"><table><thead><tr><th scope="col">What</th><th scope="col" class="number">2021</th>'
    '</tr></thead><tbody><tr><td>Sick | away &lt;b&gt;</td><td class="number">11 %</td></tr>'
    "<tr><td><strong>Time</strong></td><td></td></tr></tbody></table></div>"
)


def test_a_table_is_drawn_as_one(document):  # noqa: F811
    assert read(document, TABLE) == f"<p>Below:</p>{SHOWN}<p>After.</p>"


def test_tables_that_follow_each_other_stay_apart_and_need_no_signs_at_their_ends(document):  # noqa: F811
    text = "a | b\n--- | ---\nc | d\n\n|  | e |\n|---|---|\n"
    table = '<div class="rows" tabindex="0"><table>{}</table></div>'
    first = '<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr>'
    second = '<thead><tr><td></td><th scope="col">e</th></tr></thead><tbody>'
    assert read(document, text) == table.format(f"{first}</tbody>") + table.format(f"{second}</tbody>")


def test_what_is_marked_in_a_table_is_marked_cell_by_cell_and_its_row_is_found(document):  # noqa: F811
    start = TABLE.index("| Sick")
    html = read(document, TABLE, (start, TABLE.index("%") + 1), at=start)
    row = '<tr id="passage" tabindex="-1"><td><mark>Sick | away &lt;b&gt;</mark></td>'
    assert f'{row}<td class="number"><mark>11 %</mark></td></tr>' in html
    assert html.count("<mark>") == 2


def test_a_part_of_a_document_is_drawn_block_by_block(document):  # noqa: F811
    whole, blocks = replace(document, text=TABLE), parse_blocks(TABLE)
    assert reader.passage_html(whole, blocks, 0, len(TABLE)) == f"<p>Below:</p>{SHOWN}<p>After.</p>"
    row = TABLE.index("| **Time")
    assert reader.passage_html(whole, blocks, row, len(TABLE) - 3) == (
        '<div class="rows" tabindex="0"><table><tbody><tr><td><strong>Time</strong></td><td></td></tr></tbody></table>'
        "</div><p>Aft</p>"
    )


def test_a_table_that_goes_on_over_a_page_is_cut_there(document):  # noqa: F811
    row = TABLE.index("| **Time")
    paged = replace(document, language="en", pages=(Page(1, 0, row), Page(2, row, len(TABLE))))
    html = read(paged, TABLE)
    assert '<p class="print">p. 2</p><div class="rows" tabindex="0"><table><tbody><tr><td><strong>Time' in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TABLE.partition("\n\nAfter")[0], f"Below:\n\n{SHOWN}"),
        (
            "| a | <b> |\n[…]\n| c | 3 |\nafter",
            '<div class="rows" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col">&lt;b&gt;</th></tr>'
            '</thead><tbody><tr><td>[…]</td></tr><tr><td>c</td><td class="number">3</td></tr></tbody></table></div>'
            "\nafter",
        ),
        (
            "| a | b |",
            '<div class="rows" tabindex="0"><table><tbody><tr><td>a</td><td>b</td></tr></tbody></table></div>',
        ),
        ("| no row", "| no row"),
        ("- **a** | b", "• <strong>a</strong> | b"),
    ],
    ids=["table", "some rows", "one row", "text", "item"],
)
def test_a_quote_draws_its_rows_as_a_table(text, shown):
    assert reader.quote_html(text) == shown


def test_pages_are_told_where_they_begin(document):  # noqa: F811
    text = "First.\n\nSecond."
    paged = replace(document, language="da", pages=(Page(4, 0, 8), Page(5, 8, len(text))))
    assert read(paged, text) == '<p class="print">s. 4</p><p>First.</p><p class="print">s. 5</p><p>Second.</p>'


def test_a_hostile_text_stays_text(document):  # noqa: F811
    html = reader.document_html(document, parse_blocks(TEXT), [(0, len(TEXT))]) + reader.badges_html(document, "en")
    html += reader.whose_html(document, "en")
    found = Tags(html)
    assert not {"script", "img"} & set(found.tags)
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    assert HOSTILE in "".join(found.text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "//evil.example", "", None])
def test_a_link_leads_only_to_the_web(document, url):  # noqa: F811
    assert reader.link_html(replace(document, source_url=url), "en") == ""


def test_a_link_opens_beside_the_app(document):  # noqa: F811
    shown = Tags(reader.link_html(document, "en")).attributes
    assert ("target", "_blank") in shown
    assert ("rel", "noopener noreferrer") in shown


@pytest.mark.parametrize(
    ("fields", "badges"),
    [
        ({}, ["ikke vurderet"]),
        ({"kind": "report", "country": "NO", "year": 2016}, ["rapport", "Norge", "2016", "ikke vurderet"]),
        ({"kind": "case", "evidence": "research", "stance": "critical"}, ["case", "forskning", "kritisk"]),
        ({"evidence": "evaluation"}, ["evaluering", "Holdning: ikke vurderet"]),
        ({"stance": "mixed"}, ["Belæg: ikke vurderet", "blandet"]),
        ({"country": "<b>"}, ["&lt;b&gt;", "ikke vurderet"]),
    ],
    ids=["nothing", "own", "shipped", "evidence", "stance", "hostile"],
)
def test_what_a_document_is_stands_on_badges_in_the_language_of_the_visitor(document, fields, badges):  # noqa: F811
    shown = "".join(f'<span class="badge">{badge}</span>' for badge in badges)
    assert reader.badges_html(replace(document, **fields), "da") == shown
