"""Answers as Word files and Markdown: what a reader saw, each citation a footnote, no text as markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pypandoc
import pytest
from lxml import etree

from app.export import conversation, writing
from app.export.tree import web_address
from kb.records import Nearest, Refusal
from tests.app.exported import DAY, HOSTILE, W, body, footnotes, made, members, quoting


@pytest.fixture
def answer():
    return made()


GOLDEN = """# Hvad skete der på Ærø?

Answers from Tillit, 22 November 2025. Tillit is an assistant that looks up what is known about trust reform in the public sector. It quotes and adds nothing of its own. What is quoted are Tillit's own summaries of the sources; the wording is not the sources'.

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
  <https://example.org/a>

Fingerprint of the knowledge base: 0123456789ab. As long as it stays the same, the same questions get the same answers.

[^1]: En titel (forskning 2019), s. 4. <https://example.org/a>

[^2]: Se note 1.
"""  # noqa: E501 - a paragraph is a line


@pytest.fixture
def whole(answer):
    told = {"understood": "Og Ærø?", "definitions": ("I ordlisten: tillid – At stole på.",)}
    told |= {"unanswered": ("Og zebraer?",), "notes": ("Kun erfaring.",), "mended": (("Bergn", "bergen"),)}
    told |= {"also_searched": ("bjerg",)}
    return replace(answer, **told)


def test_markdown_has_what_the_reader_saw_in_the_same_order(whole):
    assert conversation.markdown([("Hvad skete der på Ærø?", whole)], "en", DAY) == GOLDEN


def test_a_word_file_says_the_same_and_its_citations_are_footnotes(whole):
    data = conversation.word([("Hvad skete der på Ærø?", whole)], "en", DAY)
    assert footnotes(data) == ["En titel (forskning 2019), s. 4. https://example.org/a", "Se note 1."]
    lines = [line for line in GOLDEN.partition("[^1]:")[0].replace("\\\n  ", "\n").split("\n\n") if line]
    plain = [line.lstrip("#- ").translate({ord(sign): None for sign in "*<>"}) for line in lines]
    assert body(data) == [re.sub(r"\[\^\d\]", "", line).strip() for line in plain]


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
    ("language", "day", "whose", "sources", "told"),
    [
        ("da", "22. november 2025", "ordlyden er ikke kildernes.", "Kilder", "Vidensbasens fingeraftryk"),
        ("nb", "22. november 2025", "ordlyden er ikke kildenes.", "Kilder", "Kunnskapsbasens fingeravtrykk"),
        ("sv", "22 november 2025", "ordalydelsen är inte källornas.", "Källor", "Kunskapsbasens fingeravtryck"),
    ],
)  # fmt: skip
def test_the_frame_is_in_the_visitors_language(answer, language, day, whose, sources, told):
    shown = body(conversation.word([("Q", answer)], language, DAY))
    assert f"Tillit, {day}. Tillit" in shown[1]
    assert shown[1].endswith(whose)
    assert sources in shown
    assert shown[-2].split("\n")[1].startswith("rapport · Danmark")
    assert shown[-1].startswith(f"{told}: 0123456789ab.")


def test_hostile_text_is_text_in_word(answer):
    hostile = "\n\n".join(HOSTILE)
    turn = (hostile, replace(quoting(answer, hostile), understood=hostile, notes=HOSTILE, unanswered=(hostile,)))
    data = conversation.word([turn], "en", DAY)
    told = body(data)
    assert [text for text in told if text in HOSTILE] == [*HOSTILE, *HOSTILE]
    assert told[0] == hostile.replace("\n", " ")
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
    assert "[^2]: Se note 1, s. 5.\n" in shown
    assert "[^3]" not in shown


def test_a_conversation_has_each_source_once_below_its_questions(answer):
    other = made(id="other", title="En anden titel")
    turns = [("A", answer), ("B", other), ("C", replace(answer, fingerprint="f" * 64, understood="A C"))]
    shown = conversation.markdown(turns, "da", DAY)
    assert [line for line in shown.split("\n") if line.startswith("# ")] == ["# A", "# B", "# C", "# Kilder"]
    assert (shown.count("- **En titel**"), shown.count("- **En anden titel**")) == (1, 1)
    assert "Vidensbasens fingeraftryk: 0123456789ab, ffffffffffff." in shown
    assert "Forstået som" not in shown
    assert footnotes(conversation.word(turns, "da", DAY)) == [
        "En titel (forskning 2019), s. 4. https://example.org/a",
        "Se note 1.",
        "En anden titel (forskning 2019), s. 4. https://example.org/a",
        "Se note 3.",
        "Se note 1.",
        "Se note 1.",
    ]
    assert body(conversation.word(turns, "da", DAY)).count("Første sætning om Ærø.") == 3


OWN, SUMMARY = (
    "Citeret med kildens egne ord.",
    "Tillits sammenfatning af et uddrag af kilden; ordlyden er ikke kildens.",
)


@pytest.mark.parametrize(
    ("given", "ends", "listed"),
    [
        ([{}], "ordlyden er ikke kildernes.", []),
        ([{"text_by": "source"}], "Kilderne er citeret med deres egne ord.", []),
        ([{}, {"text_by": "source"}], "hvor listen over kilder ikke siger andet.", [OWN]),
        ([{}, {"basis": "excerpt"}], "ordlyden er ikke kildernes.", [SUMMARY]),
    ],
    ids=["summaries", "own words", "both", "an excerpt"],
)
def test_whose_words_are_quoted_is_said_once_and_at_sources_of_which_more_is_to_be_said(given, ends, listed):
    turns = [(str(place), made(id=f"no-{place}", **facts)) for place, facts in enumerate(given)]
    shown = body(conversation.word(turns, "da", DAY))
    assert shown[1].endswith(ends)
    assert [line for text in shown for line in text.split("\n") if line in (OWN, SUMMARY)] == listed


def test_a_document_that_is_quoted_in_another_language_is_told_so():
    quote = made("# T\n\nEin Satz.\n", language="und", evidence="unknown", text_by="source", kind="unknown")
    shown = conversation.markdown([("Q", replace(quote, language="nb"))], "nb", DAY)
    assert " · sitert på et annet språk\\\n  <https" in shown
    assert "Kildene er sitert med sine egne ord." in shown
    assert conversation.word([("Q", replace(quote, language="nb"))], "nb", DAY)


def test_a_refusal_is_told_apart_from_an_answer_and_without_what_was_searched(answer):
    refusal = Refusal("thin-support", (), ("zebra",), (Nearest("a", "En titel", 0.5),))
    told = "Nej, intet.\n\nIkke fundet: zebra.\n\nNærmest: En titel."
    refused = replace(answer, text=told, statements=(), other_side=(), sources=(), refusal=refusal)
    lines = conversation.markdown([("Zebraer?", refused)], "da", DAY).split("\n\n")
    assert (lines[0], *lines[2:4]) == ("# Zebraer?", "*Nej, intet.*", "*Nærmest: En titel.*")
    assert lines[1].endswith("Den citerer og lægger intet til.")
    far = replace(refused, text="Nej, intet.\n\nIkke fundet: zebra.", refusal=replace(refusal, nearest=()))
    assert body(conversation.word([("Zebraer?", far)], "da", DAY))[2:-1] == ["Nej, intet."]


def test_an_empty_conversation_says_so():
    assert conversation.markdown([], "sv", DAY).startswith("# Svar från Tillit\n\nSvar från Tillit, 22 november 2025.")
    shown = body(conversation.word([], "nb", DAY))
    assert (shown[0], *shown[2:]) == ("Svar fra Tillit", "Det er ikke spurt om noe ennå.")


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
