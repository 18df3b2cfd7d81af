"""Exported Markdown: the structure of quotes, and no text as markup."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.export import conversation, writing
from app.export.tree import paragraph, quoted, words
from tests.app.exported import DAY, HOSTILE, made, quoting, read_back


@pytest.fixture
def answer():
    return made()


def test_hostile_text_is_text_in_markdown():
    found = read_back(writing.as_markdown([paragraph(words(text)) for text in HOSTILE]))
    assert found == [paragraph(words(text)) for text in HOSTILE]


def test_hostile_lines_are_text_in_markdown():
    blocks = quoted("\n".join(HOSTILE))
    assert {block["t"] for block in blocks} == {"Para"}
    assert read_back(writing.as_markdown(blocks)) == blocks


@pytest.mark.parametrize("place", ["title", "question", "heading", "item", "definition"])
def test_no_text_becomes_a_link_or_html_wherever_it_stands(answer, place):
    hostile = " ".join(HOSTILE)
    named = replace(answer.sources[0], title=hostile)
    (statement,) = answer.statements
    cited = replace(statement.citations[0], title=hostile)
    given = {
        "title": replace(answer, sources=(named,), statements=(replace(statement, citations=(cited,)),)),
        "heading": replace(answer, statements=(replace(statement, heading=hostile),)),
        "item": quoting(answer, f"Lead:\n- {hostile}\n- {hostile}"),
        "definition": replace(answer, definitions=(hostile,)),
    }.get(place, answer)
    written = conversation.markdown([(hostile if place == "question" else "Q", given)], "en", DAY)
    found = json.dumps(read_back(written))
    kinds = ("Image", "RawInline", "RawBlock", "Code", "CodeBlock", "Math", "HorizontalRule", "Table", "Superscript")
    assert not [kind for kind in kinds if f'{{"t": "{kind}"' in found]
    assert found.count('"https://example.org/a"') == 2 * found.count('"t": "Link"')
    assert conversation.word([(hostile, given)], "en", DAY)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Lead:\n- one\n- **two**", "Lead:\n\n- one\n- **two**[^1]"),
        ("Lead:\n[…]\n- one\n[…]", "Lead:\\\n\\[…\\]\n\n- one\n\n\\[…\\][^1]"),
        ("Lead:\n\n1. one\n2. two", "Lead:\n\n1.  one\n2.  two[^1]"),
        ("3) three\n4) four", "3)  three\n4)  four[^1]"),
        ("1. maj 2016 kom den.", "1\\. maj 2016 kom den.[^1]"),
        ("- one\n  goes on\n\n- two", "- one\\\n  goes on\n- two[^1]"),
        ("One.\nTwo.\n\nThree.", "One.\\\nTwo.\n\nThree.[^1]"),
        ("2 * 3\n-5 °C", "2 \\* 3\\\n\\-5 °C[^1]"),
        ("** not\n- ", "\\*\\* not\\\n\\-[^1]"),
        ("Godt! Ja!", "Godt\\! Ja\\![^1]"),
    ],
    ids=["items", "left-out", "numbers", "brackets", "date", "goes-on", "lines", "no-list", "marks-alone", "no-image"],
)
def test_lines_and_list_items_stay_what_they_are(answer, text, written):
    shown = conversation.markdown([("Q", quoting(answer, text))], "en", DAY)
    assert shown.split("## En titel\n\n")[1].split("\n\n# Sources")[0] == written
