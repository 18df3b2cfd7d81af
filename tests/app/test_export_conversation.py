"""Answers as Word files and Markdown: what a reader saw, each citation a footnote, no text as markup."""

from __future__ import annotations

from dataclasses import replace

import pypandoc
import pytest
from lxml import etree

from app.export import conversation, writing
from app.export.tree import web_address
from kb.records import Refusal
from tests.app.exported import DAY, HOSTILE, W, body, footnotes, made, members, quoting


@pytest.fixture
def answer():
    return made()


GOLDEN = """# Hvad skete der på Ærø?

Forstået som: Og Ærø?

*I ordlisten: tillid – At stole på.*

## En titel

Første sætning om Ærø.[^1]

*Denne del af spørgsmålet er ikke besvaret her: Og zebraer?*

## Kan nuancere dette

### En titel

Et forbehold.[^2]

Kun erfaring.

Søgte efter Bergen i stedet for Bergn.

# Sources

- **En titel**\\
  report · Denmark · 2019 · research · mixed · quoted in Danish\\
  Tillit's summary of the whole source; the wording is not the source's.\\
  <https://example.org/a>

Exported 2025-11-22 · Fingerprint 0123456789ab

[^1]: En titel (forskning 2019), s. 4. Tillits sammenfatning af hele kilden; ordlyden er ikke kildens. <https://example.org/a>

[^2]: En titel (forskning 2019), s. 4. Tillits sammenfatning af hele kilden; ordlyden er ikke kildens. <https://example.org/a>
"""


@pytest.fixture
def whole(answer):
    told = {"understood": "Og Ærø?", "definitions": ("I ordlisten: tillid – At stole på.",)}
    told |= {"unanswered": ("Og zebraer?",), "notes": ("Kun erfaring.",), "mended": (("Bergn", "bergen"),)}
    return replace(answer, **told)


def test_markdown_has_what_the_reader_saw_in_the_same_order(whole):
    assert conversation.markdown([("Hvad skete der på Ærø?", whole)], "en", DAY) == GOLDEN


def test_a_word_file_says_the_same_and_its_citations_are_footnotes(whole):
    data = conversation.word([("Hvad skete der på Ærø?", whole)], "en", DAY)
    footnote = (
        "En titel (forskning 2019), s. 4. Tillits sammenfatning af hele kilden; ordlyden er ikke kildens. "
        "https://example.org/a"
    )
    assert footnotes(data) == [footnote, footnote]
    assert body(data) == [
        "Answers from Tillit",
        "Hvad skete der på Ærø?",
        "Forstået som: Og Ærø?",
        "I ordlisten: tillid – At stole på.",
        "En titel",
        "Første sætning om Ærø.",
        "Denne del af spørgsmålet er ikke besvaret her: Og zebraer?",
        "Kan nuancere dette",
        "En titel",
        "Et forbehold.",
        "Kun erfaring.",
        "Søgte efter Bergen i stedet for Bergn.",
        "Sources",
        "En titel\nreport · Denmark · 2019 · research · mixed · quoted in Danish\n"
        "Tillit's summary of the whole source; the wording is not the source's.\nhttps://example.org/a",
        "Exported 2025-11-22 · Fingerprint 0123456789ab",
    ]


def test_a_word_file_tells_the_languages_of_its_parts_and_its_day(whole):
    parts = members(conversation.word([("Hvad?", whole)], "sv", DAY))
    spoken = etree.fromstring(parts["word/styles.xml"]).find(f"{W}docDefaults//{W}lang").get(f"{W}val")
    marked = {each.get(f"{W}val") for each in etree.fromstring(parts["word/document.xml"]).iter(f"{W}lang")}
    assert (spoken, marked) == ("sv-SE", {"da-DK"})
    assert b"<dc:language>sv-SE</dc:language>" in parts["docProps/core.xml"]
    assert parts["docProps/core.xml"].count(b">2025-11-22T12:00:00Z<") == 2


def test_a_word_file_is_an_a4_page_with_footnotes_that_are_counted_through(whole):
    parts = members(conversation.word([("Hvad?", whole)], "sv", DAY))
    page = etree.fromstring(parts["word/document.xml"]).find(f".//{W}sectPr")
    found = [page.find(f".//{W}{name}").get(f"{W}{value}") for name, value in (("pgSz", "w"), ("numRestart", "val"))]
    assert found == ["11906", "continuous"]
    styles = {style.get(f"{W}styleId"): style for style in etree.fromstring(parts["word/styles.xml"]).iter(f"{W}style")}
    sizes = [styles[name].find(f"{W}rPr/{W}sz").get(f"{W}val") for name in ("Title", "Heading1", "FootnoteText")]
    assert sizes == ["44", "32", "18"]


def test_the_same_answers_give_the_same_file(whole):
    assert conversation.word([("Q", whole)], "nb", DAY) == conversation.word([("Q", whole)], "nb", DAY)


@pytest.mark.parametrize(
    ("language", "title", "sources", "made_on", "facts"),
    [
        ("da", "Svar fra Tillit", "Kilder", "Eksporteret 2025-11-22 · Fingeraftryk 0123456789ab", "rapport · Danmark"),
        ("nb", "Svar fra Tillit", "Kilder", "Eksportert 2025-11-22 · Fingeravtrykk 0123456789ab", "rapport · Danmark"),
        ("sv", "Svar från Tillit", "Källor", "Exporterat 2025-11-22 · Fingeravtryck 0123456789ab", "rapport · Danmark"),
    ],
)
def test_the_frame_is_in_the_visitors_language(answer, language, title, sources, made_on, facts):
    shown = body(conversation.word([("Q", answer)], language, DAY))
    assert (shown[0], shown[-1]) == (title, made_on)
    assert sources in shown
    assert shown[-2].split("\n")[1].startswith(facts)


def test_hostile_text_is_text_in_word(answer):
    hostile = "\n\n".join(HOSTILE)
    turn = (hostile, replace(quoting(answer, hostile), understood=hostile, notes=HOSTILE, unanswered=(hostile,)))
    data = conversation.word([turn], "en", DAY)
    told = body(data)
    assert [text for text in told if text in HOSTILE] == [*HOSTILE, *HOSTILE]
    assert told[1] == hostile.replace("\n", " ")
    names = {each.tag for each in etree.fromstring(members(data)["word/document.xml"]).iter()}
    assert not {f"{W}instrText", f"{W}fldSimple", f"{W}drawing", f"{W}altChunk"} & names
    targets = members(data)["word/_rels/document.xml.rels"] + members(data)["word/_rels/footnotes.xml.rels"]
    assert b"evil" not in targets


def test_signs_that_xml_forbids_are_replaced(answer):
    turn = ("a\x00b\x1bc", quoting(answer, "x\x0by\ud800z\uffff"))
    data = conversation.word([turn], "en", DAY)
    assert {"a\ufffdb\ufffdc", "x\ufffdy\ufffdz\ufffd"} <= set(body(data))
    assert "x\ufffdy\ufffdz\ufffd" in conversation.markdown([turn], "en", DAY)


def test_a_long_text_stays_whole(answer):
    text = " ".join(f"ord{n}" for n in range(5000))
    turn = ("Q", quoting(answer, text))
    assert text in body(conversation.word([turn], "da", DAY))
    assert text in conversation.markdown([turn], "da", DAY)


def test_list_items_are_list_items_in_word(answer):
    data = conversation.word([("Q", quoting(answer, "Lead:\n- one\n- two\n\n3. three\n4. four"))], "en", DAY)
    listed = [
        p
        for p in etree.fromstring(members(data)["word/document.xml"]).iter(f"{W}p")
        if p.find(f".//{W}numPr") is not None
    ]
    assert ["".join(each.itertext()).strip() for each in listed[:4]] == ["one", "two", "three", "four"]


def test_two_sources_of_a_statement_have_a_footnote_each(answer):
    (statement,) = answer.statements
    (cited,) = statement.citations
    pages = replace(statement, citations=(cited, cited, replace(cited, page=5)))
    shown = conversation.markdown([("Q", replace(answer, statements=(pages,), other_side=()))], "en", DAY)
    assert "om Ærø.[^1] [^2]\n" in shown
    assert "[^3]" not in shown


def test_a_conversation_has_each_source_once(answer):
    other = made(id="other", title="En anden titel")
    shown = conversation.markdown(
        [("A", answer), ("B", other), ("C", replace(answer, fingerprint="f" * 64))], "da", DAY
    )
    assert [line for line in shown.split("\n") if line.startswith("# ")] == ["# A", "# B", "# C", "# Kilder"]
    assert (shown.count("- **En titel**"), shown.count("- **En anden titel**")) == (1, 1)
    assert "Fingeraftryk 0123456789ab, ffffffffffff" in shown


def test_a_document_that_is_quoted_in_another_language_is_told_so():
    quote = made("# T\n\nEin Satz.\n", language="und", evidence="unknown", text_by="source", kind="unknown")
    shown = conversation.markdown([("Q", replace(quote, language="nb"))], "nb", DAY)
    assert "Danmark · 2019 · ikke vurdert · sitert på et annet språk\\\n  Sitert med kildens egne ord." in shown
    assert conversation.word([("Q", replace(quote, language="nb"))], "nb", DAY)


def test_a_refusal_exports_its_text(answer):
    refusal = Refusal("thin-support", (), ("zebra",), ())
    refused = replace(
        answer, text="Nej.\n\nIkke fundet: zebra.", statements=(), other_side=(), sources=(), refusal=refusal
    )
    expected = "# Zebraer?\n\nNej.\n\nIkke fundet: zebra.\n\nEksporteret 2025-11-22 · Fingeraftryk 0123456789ab\n"
    assert conversation.markdown([("Zebraer?", refused)], "da", DAY) == expected
    assert body(conversation.word([("Zebraer?", refused)], "da", DAY))[1:4] == [
        "Zebraer?",
        "Nej.",
        "Ikke fundet: zebra.",
    ]


def test_an_empty_conversation_says_so():
    assert conversation.markdown([], "sv", DAY) == "Ingen fråga har ställts ännu.\n\nExporterat 2025-11-22\n"
    assert body(conversation.word([], "nb", DAY)) == [
        "Svar fra Tillit",
        "Det er ikke spurt om noe ennå.",
        "Eksportert 2025-11-22",
    ]


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://example.org/a?b=1&c=2#d", True),
        ("HTTP://example.org", True),
        ("https://example.org/blåbær", True),
        ("javascript:alert(1)", False),
        ("ftp://example.org", False),
        ("https://", False),
        ("https://[", False),
        ("https://example.org/a b", False),
        ('https://example.org/"><x', False),
        ("https://example.org/\x00", False),
        (f"https://example.org/{'a' * 2000}", False),
        (None, False),
    ],
)
def test_a_link_leads_to_the_web_alone(url, leads):
    assert web_address(url) == (url if leads else None)
    parts = members(conversation.word([("Q", made(source_url=url))], "en", DAY))
    links = parts["word/_rels/document.xml.rels"] + parts["word/_rels/footnotes.xml.rels"]
    assert (b"External" in links) == leads


def test_what_pandoc_cannot_do_is_told_in_a_sentence(answer, monkeypatch):
    monkeypatch.setattr(pypandoc, "get_pandoc_path", lambda: "/nowhere/pandoc")
    with pytest.raises(writing.ExportError, match=r"^The file could not be written\. .+ run: tillit doctor$"):
        conversation.markdown([("Q", answer)], "en", DAY)
