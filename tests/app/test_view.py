"""Answers as HTML: every text escaped, each citation a button that opens its source."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from app import view
from kb.answering.citing import cite
from kb.blocks import parse_blocks
from kb.records import Answer, Document, Nearest, Refusal, Statement

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


def test_a_hostile_text_stays_text(answer):
    html = view.answer_html(answer, "0") + view.sources_html(answer, "0") + view.question_html(HOSTILE)
    html += view.copy_html("answer-0", HOSTILE, HOSTILE)
    found = Tags(html)
    assert not {"script", "img"} & set(found.tags)
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    assert HOSTILE in "".join(found.text)


def test_what_was_searched_besides_stands_below_and_stays_text(answer):
    hostile = replace(answer, mended=((HOSTILE, "x"),), also_searched=(HOSTILE,))
    html = view.answer_html(hostile, "0")
    assert HOSTILE in "".join(Tags(html).text)
    assert not {"script", "img"} & set(Tags(html).tags)
    told = replace(answer, mended=(("Bergn", "bergen"),), also_searched=("a", "b", "c", "d", "e", "f", "g"))
    assert (
        '<div class="print">Searched for Bergen instead of Bergn.</div>'
        '<div class="print">Also searched: a, b, c, d, e, f, …</div></div>'
    ) in view.answer_html(told, "0")
    assert "earched" not in view.answer_html(answer, "0")


def test_beside_a_statement_stands_what_its_source_is_and_its_year(answer, document):
    graded = replace(document, evidence="experience", year=2016)
    html = view.answer_html(replace(answer, language="da", sources=(graded,), other_side=()), "0")
    assert html.endswith('>1</button><span class="print">erfaring 2016</span></span></p></div>')
    html = view.answer_html(replace(answer, other_side=()), "0")
    assert html.endswith('>1</button><span class="print"></span></span></p></div>')


def stating(answer, *headings):
    """The answer with a statement under each heading."""
    (statement,) = answer.statements
    return replace(answer, statements=tuple(replace(statement, heading=heading) for heading in headings), other_side=())


@pytest.mark.parametrize(
    ("headings", "tags"),
    [
        (("", ""), ["p", "p"]),
        (("A", "A", "B"), ["h3", "p", "p", "h3", "p"]),
        (("A", "", "A"), ["h3", "p", "p", "h3", "p"]),
    ],
    ids=["none", "same", "again"],
)
def test_a_heading_stands_once_above_the_statements_that_it_is_for(answer, headings, tags):
    found = Tags(view.answer_html(stating(answer, *headings), "0"))
    assert [tag for tag in found.tags if tag in ("h3", "p")] == tags


@pytest.mark.parametrize(
    ("headings", "tags"),
    [
        (("", ""), ["h3", "aside", "p", "p"]),
        (("A", "A", "B"), ["h3", "aside", "h4", "p", "p", "h4", "p"]),
        (("A", "", "A"), ["h3", "aside", "h4", "p", "p", "h4", "p"]),
    ],
    ids=["none", "same", "again"],
)
def test_on_the_other_side_a_heading_stands_below_what_it_is_called(answer, headings, tags):
    beside = stating(answer, *headings).statements
    found = Tags(view.answer_html(replace(stating(answer, "A"), other_side=beside), "0"))
    assert [tag for tag in found.tags if tag not in ("div", "span", "button")] == ["h3", "p", *tags]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Bold** and ** not", "<strong>Bold</strong> and ** not"),
        ("**a** b **c**", "<strong>a</strong> b <strong>c</strong>"),
        ("Lead:\n- one\n* two\n+ three", "Lead:\n• one\n• two\n• three"),
        ("a - b\n-5 °C\n2 * 3", "a - b\n-5 °C\n2 * 3"),
        ("**<b>x</b>** & _y_", "<strong>&lt;b&gt;x&lt;/b&gt;</strong> &amp; _y_"),
        ("", ""),
    ],
    ids=["bold", "twice-bold", "list", "no-list", "escaped", "empty"],
)
def test_bold_words_and_list_items_of_a_quote_are_shown_as_meant(answer, text, html):
    (statement,) = answer.statements
    shown = view.answer_html(replace(answer, statements=(replace(statement, text=text),), other_side=()), "0")
    assert shown.startswith(f'<div class="tillit" lang="en"><p>{html}<span class="source"><button class="cite"')


def test_a_statement_of_a_lead_and_an_item_of_one_source_has_its_mark_once(answer, document):
    blocks = parse_blocks(TEXT)
    lead, item = (cite(document, blocks, blocks[number].start, blocks[number].end) for number in (3, 4))
    statement = Statement(f"{lead.quote}\n{item.quote}", (lead, item))
    html = view.answer_html(replace(answer, statements=(statement,), other_side=()), "0")
    assert html.count(">1</button>") == 1


def test_what_a_follow_up_was_understood_as_stands_above_the_answer(answer):
    html = view.answer_html(replace(answer, understood="Before? And then?", language="sv"), "0")
    assert html.startswith('<div class="tillit" lang="sv"><div class="print">Förstått som: Before? And then?</div><p>')
    assert "Understood" not in view.answer_html(answer, "0")


def test_what_was_not_answered_stands_between_the_answer_and_its_other_side(answer):
    html = view.answer_html(replace(answer, unanswered=("And zebras?", "And lions?")), "0")
    told = "".join(
        f"<p><em>This part of the question is not answered here: {part}</em></p>"
        for part in ("And zebras?", "And lions?")
    )
    assert f'</p>{told}<h3 class="label">May qualify this</h3>' in html


def test_notes_stand_below_the_other_side(answer):
    told = replace(answer, notes=("Rests on experience.",), mended=(("Bergn", "bergen"),))
    assert view.answer_html(told, "0").endswith(
        '</aside><div class="print">Rests on experience.</div>'
        '<div class="print">Searched for Bergen instead of Bergn.</div></div>'
    )


def test_what_the_glossary_says_leads_as_text(answer):
    html = view.answer_html(replace(answer, definitions=("In the glossary: <b>trust</b>",)), "0")
    assert html.startswith('<div class="tillit" lang="en"><p><em>In the glossary: &lt;b&gt;trust&lt;/b&gt;</em></p>')


def test_a_refusal_shows_its_wording_alone(answer):
    refusal = Refusal("thin-support", (), (), ())
    refused = replace(answer, text="No.\n\nNot found: <x>.", statements=(), other_side=(), sources=(), refusal=refusal)
    assert (
        view.answer_html(refused, "0") == '<div class="tillit" lang="en"><p>No.</p><p>Not found: &lt;x&gt;.</p></div>'
    )


def refused(answer, *titles):
    """A refusal to which documents of these titles come nearest."""
    nearest = tuple(Nearest(f"no-{place}", title, 0.5) for place, title in enumerate(titles))
    told = f"No.\n\nNot found: zebra.\n\nNearest: {'; '.join(titles)}."
    refusal = Refusal("thin-support", (), ("zebra",), nearest)
    return replace(answer, text=told, statements=(), other_side=(), sources=(), refusal=refusal)


def test_the_documents_that_come_near_a_refused_question_can_be_opened(answer):
    assert view.answer_html(refused(answer, "A <b>", "B"), "3") == (
        '<div class="tillit" lang="en"><p>No.</p><p>Not found: zebra.</p><p>Nearest: </p><ul>'
        '<li><button class="title" data-press="near-3-0">A &lt;b&gt;</button></li>'
        '<li><button class="title" data-press="near-3-1">B</button></li></ul></div>'
    )


def test_below_an_answer_stands_its_fingerprint_and_what_that_is(answer):
    assert view.fingerprint_html(answer, "same & same") == (
        f'<div class="tillit"><span class="print fingerprint">Fingerprint {"f" * 12} · same &amp; same</span></div>'
    )


def test_the_question_that_was_just_asked_is_told_apart(answer):
    assert view.question_html("Who?", new=True) == '<div class="tillit"><h2 class="asked" data-new>Who?</h2></div>'
    assert view.question_html("Who?") == '<div class="tillit"><h2 class="asked">Who?</h2></div>'


def test_how_an_answer_came_about_is_a_table(answer):
    traced = replace(answer, language="da", trace=(("asked", "A < B?"), ("type", "how-to"), ("kept to", "DK, 2018–")))
    assert view.trace_html(traced) == (
        '<div class="tillit" lang="da"><details><summary>Sådan blev svaret til</summary><table>'
        "<tr><th>Du spurgte</th><td>A &lt; B?</td></tr>"
        "<tr><th>Slags spørgsmål</th><td>hvordan man gør noget</td></tr>"
        "<tr><th>Begrænset til</th><td>Danmark, 2018–</td></tr></table></details></div>"
    )


def test_what_stands_around_an_answer_stays_text(answer):
    around = replace(
        stating(answer, HOSTILE),
        other_side=stating(answer, HOSTILE).statements,
        understood=HOSTILE,
        unanswered=(HOSTILE,),
        notes=(HOSTILE,),
        trace=(("asked", HOSTILE),),
    )
    found = Tags(view.answer_html(around, "0") + view.trace_html(around))
    assert not {"script", "img"} & set(found.tags)
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    assert "".join(found.text).count(HOSTILE) == 8


def test_an_original_stays_text(answer):
    found = Tags(view.answer_html(answer, "0", lambda citation: citation))
    assert not {"script", "img"} & set(found.tags)
    assert "".join(found.text).count(HOSTILE) >= 3


def test_what_may_qualify_stands_beside_the_answer(answer):
    assert '<h3 class="label">May qualify this</h3><aside>' in view.answer_html(answer, "0")
    assert "<aside>" not in view.answer_html(replace(answer, other_side=()), "0")


def test_each_citation_presses_the_button_of_its_place(answer, document):
    blocks = parse_blocks(TEXT)
    other = replace(document, id="other", title="Other")
    citations = [
        cite(each, blocks, blocks[number].start, blocks[number].end) for each, number in ((document, 3), (other, 4))
    ]
    statement = Statement("One.", tuple(citations))
    both = replace(
        answer, statements=(statement, replace(statement, citations=citations[1:])), sources=(document, other)
    )
    html = view.answer_html(both, "7")
    assert re.findall(r'data-press="(.+?)".*?>(\d)</button>', html) == [
        ("open-7-0", "1"), ("open-7-1", "2"), ("open-7-2", "2"), ("open-7-3", "1"),
    ]  # fmt: skip
    assert [each.document_id for each in view.shown_citations(both)] == ["own", "other", "other", "own"]
    assert re.findall(r'value="(\d)"><button class="title" data-press="(.+?)"', view.sources_html(both, "7")) == [
        ("1", "open-7-0"), ("2", "open-7-1"),
    ]  # fmt: skip


def test_a_citation_says_to_those_who_cannot_see_it_what_it_opens(answer, document):
    danish = replace(answer, language="da", sources=(replace(document, title="Own"),))
    citation = replace(answer.statements[0].citations[0], title="Own", page=4)
    html = view.answer_html(replace(danish, statements=(Statement("One.", (citation,)),), other_side=()), "0")
    assert 'aria-label="Kilde 1, s. 4: Own">1, s. 4</button>' in html


@pytest.mark.parametrize(
    "text", ["**bold** [link](http://x) ![i](y)", "# head", "a_b_c", "$x$ :smile: `code`", "1. one"]
)
def test_a_label_shows_markdown_as_it_is(text):
    from markdown_it import MarkdownIt

    rendered = MarkdownIt().render(view.plain(text)).replace("&amp;", "&")
    assert rendered.replace("\u2060", "") == f"<p>{text}</p>\n"


@pytest.mark.parametrize("address", ["https://evil.example/x", "HTTP://x.dk", "www.evil.example", "a.b@evil.example"])
def test_no_address_in_a_label_is_whole_so_that_nothing_makes_a_link_of_it(address):
    shown = view.plain(f"See {address} now, 3 @ 5.").replace("\\", "")
    assert address not in shown
    assert shown.replace("\u2060", "") == f"See {address} now, 3 @ 5."
