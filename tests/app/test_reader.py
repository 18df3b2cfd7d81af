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
        read(document, "One two three.", (0, 7), (4, 13), (8, 13)) == "<p><mark>One two</mark> <mark>three</mark>.</p>"
    )


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
        ({"country": "<b>"}, ["&lt;b&gt;", "ikke vurderet"]),
    ],
    ids=["nothing", "own", "shipped", "hostile"],
)
def test_what_a_document_is_stands_on_badges_in_the_language_of_the_visitor(document, fields, badges):  # noqa: F811
    shown = "".join(f'<span class="badge">{badge}</span>' for badge in badges)
    assert reader.badges_html(replace(document, **fields), "da") == shown
