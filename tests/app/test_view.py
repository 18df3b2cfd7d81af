"""HTML for the pages: every text escaped, quotes marked in their surroundings."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from app import view
from kb.answering.citing import cite
from kb.blocks import parse_blocks
from kb.records import Answer, Document, Page, Statement

HOSTILE = '<script>alert(1)</script> ![x](http://evil.example/x.png) <img src=x onerror=alert(2)> "quoted" & more'
TEXT = (
    f"# Title\n\nOne sentence. Another one.\n\n## Findings\n\nLead:\n\n- first item\n- {HOSTILE}\n\nLast paragraph.\n"
)


@pytest.fixture
def document():
    return Document(
        id="own", language="en", title=HOSTILE, text=TEXT, sha256="", kind="unknown", evidence="unknown",
        stance="unknown", text_by="source", source_url='https://example.org/"onmouseover="x', pages=(),
    )  # fmt: skip


@pytest.fixture
def answer(document):
    blocks = parse_blocks(TEXT)
    citation = cite(document, blocks, blocks[5].start, blocks[5].end)
    statement = Statement(citation.quote, (citation,))
    return Answer("q", "en", "answered", citation.quote, (statement,), (statement,), (document,), (), None, "f" * 64)


class Tags(HTMLParser):
    """Collects the tags, attributes and texts of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)


def test_a_hostile_text_stays_text(answer, document):
    blocks = parse_blocks(TEXT)
    citations = [c for s in answer.statements for c in s.citations]
    html = view.answer_html(answer) + view.card_html(1, document, blocks, citations, "en")
    html += view.question_html(HOSTILE)
    found = Tags(html)
    assert not {"script", "img"} & set(found.tags)
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    assert HOSTILE in "".join(found.text)


def test_what_was_searched_besides_stands_below_and_stays_text(answer):
    hostile = replace(answer, mended=((HOSTILE, "x"),), also_searched=(HOSTILE,))
    html = view.answer_html(hostile)
    assert HOSTILE in "".join(Tags(html).text)
    assert not {"script", "img"} & set(Tags(html).tags)
    told = replace(answer, mended=(("Bergn", "bergen"),), also_searched=("a", "b", "c", "d", "e", "f", "g"))
    assert (
        '<div class="print">Searched for Bergen instead of Bergn.</div>'
        '<div class="print">Also searched: a, b, c, d, e, f, …</div></div>'
    ) in view.answer_html(told)
    assert "earched" not in view.answer_html(answer)


def test_an_original_stays_text(answer):
    found = Tags(view.answer_html(answer, lambda citation: citation))
    assert not {"script", "img"} & set(found.tags)
    assert "".join(found.text).count(HOSTILE) >= 3


def test_a_link_leads_only_to_the_web(answer, document):
    card = view.card_html(1, replace(document, source_url="javascript:alert(1)"), parse_blocks(TEXT), (), "en")
    assert "href" not in card


def test_what_may_qualify_stands_beside_the_answer(answer):
    assert "<h4>May qualify this</h4><aside>" in view.answer_html(answer)
    assert "<aside>" not in view.answer_html(replace(answer, other_side=()))


def test_a_document_that_nobody_graded_says_so(document):
    assert view.badges_html(document, "da") == '<span class="badge">ikke vurderet</span>'


def test_quotes_are_marked_between_their_neighbours(document):
    blocks = parse_blocks(TEXT)
    citation = cite(document, blocks, blocks[1].start, blocks[1].start + len("One sentence."))
    html = view.surroundings_html(document, blocks, [citation], "en")
    assert html == "<p><mark>One sentence.</mark> Another one.</p><h4>Findings</h4><p>Lead:</p>"


def test_far_quotes_are_parted_by_an_ellipsis(document):
    text = "# T\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(8)) + "\n"
    long, blocks = replace(document, text=text), parse_blocks(text)
    citations = [cite(long, blocks, b.start, b.end) for b in (blocks[1], blocks[8])]
    html = view.surroundings_html(long, blocks, citations, "en")
    assert html == (
        "<p><mark>Paragraph 0.</mark></p><p>Paragraph 1.</p><p>…</p><p>Paragraph 6.</p><p><mark>Paragraph 7.</mark></p>"
    )


def test_a_page_is_named_where_there_is_one(document):
    blocks = parse_blocks(TEXT)
    paged = replace(document, pages=(Page(4, 0, len(TEXT)),))
    citation = cite(paged, blocks, blocks[1].start, blocks[1].end)
    assert citation.page == 4
    assert '<span class="print">s. 4</span>' in view.surroundings_html(paged, blocks, [citation], "da")


@pytest.mark.parametrize(
    "text", ["**bold** [link](http://x) ![i](y)", "# head", "a_b_c", "$x$ :smile: `code`", "1. one"]
)
def test_a_label_shows_markdown_as_it_is(text):
    from markdown_it import MarkdownIt

    assert MarkdownIt().render(view.plain(text)).replace("&amp;", "&") == f"<p>{text}</p>\n"
