"""A user's own document says what was given, what was guessed, and what nobody knows."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.cleaning import CleanText, clean
from ingest.extraction import Extracted
from ingest.own import guess_title, guess_year, own_document
from ingest.sources import Source
from kb.errors import ExtractionError
from kb.records import Document, Page
from kb.schema import OwnMetadata

TEXT = "# Roads\n\nThe county mends its roads in spring, when the frost has left the ground.\n"


def extracted(text: str, title: str | None = None) -> Extracted:
    return Extracted("markdown", "ok", (text,), (), None, title, None, "0" * 64)


def made(text: str = TEXT, given: OwnMetadata | None = None, title: str | None = None) -> Document:
    source = Source(Path("/notes/roads.md"), Path("/notes"), "roads.md", "roads", {})
    of = extracted(text, title)
    return own_document(source, given or OwnMetadata(), of, clean(of))


def test_a_document_of_which_nothing_is_said():
    assert made() == Document(
        id="roads",
        language="en",
        title="Roads",
        text=TEXT,
        sha256=sha256(TEXT.encode()).hexdigest(),
        kind="unknown",
        evidence="unknown",
        stance="unknown",
        text_by="source",
        guessed=("title", "language"),
    )


def test_what_is_given_is_kept_and_not_guessed():
    given = OwnMetadata(
        language="nn",
        title="Our roads",
        original_title="Vegane",
        kind="case",
        country="NO",
        organisation="The county",
        sectors=["schools", "parks-and-roads"],
        themes=["autonomy"],
        year=2019,
        publisher="The county",
        source_url="https://example.org/roads",
        source_language="nn",
        evidence="evaluation",
        stance="critical",
        basis="full",
        questions=["When are roads mended?"],
    )
    document = made(given=given)
    for name, value in given.model_dump(exclude={"id"}).items():
        assert getattr(document, name) == (tuple(value) if isinstance(value, list) else value)
    assert document.guessed == ()
    assert (document.language, document.text_by) == ("nb", "source")


@pytest.mark.parametrize(
    ("given", "guessed"),
    [
        (OwnMetadata(), ("title", "language")),
        (OwnMetadata(title="T"), ("language",)),
        (OwnMetadata(language="da"), ("title", "country")),
        (OwnMetadata(title="T", language="da", country="NO"), ()),
    ],
    ids=["both", "language", "title", "none"],
)
def test_guesses_are_marked(given, guessed):
    assert made(given=given).guessed == guessed


def test_a_year_and_a_country_that_are_given_as_null_are_not_guessed():
    dated = "# Veier\n\nmars 2024\n\nFylket lapper veiene om våren, når telen har gått.\n"
    assert (made(dated).year, made(dated).country) == (2024, "NO")
    given = OwnMetadata(title=None, language=None, year=None, country=None)
    document = made(dated, given)
    assert (document.year, document.country, document.guessed) == (None, None, ("title", "language"))


@pytest.mark.parametrize(("language", "country"), [("da", "DK"), ("nb", "NO"), ("sv", "SE"), ("en", None)])
def test_the_country_is_guessed_by_the_language(language, country):
    document = made(given=OwnMetadata(title="T", language=language))
    assert document.country == country
    assert document.guessed == (("country",) if country else ())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The county mends its roads in spring, when the frost has left the ground.", "en"),
        ("Kommunen reparerer sine veje om foråret, når frosten har forladt jorden.", "da"),
        ("Kommunen reparerer veiene sine om våren, når telen har sluppet taket i bakken.", "nb"),
        ("Kommunen lagar sina vägar på våren, när tjälen har gått ur marken.", "sv"),
    ],
)
def test_the_language_is_guessed_from_the_text(text, language):
    assert made(text).language == language


def test_the_id_is_the_one_that_was_checked_before_reading():
    assert made(given=OwnMetadata(id="other")).id == "roads"


def test_a_file_of_which_no_text_is_left_has_none():
    source = Source(Path("/notes/empty.pdf"), Path("/notes"), "empty.pdf", "empty", {})
    with pytest.raises(ExtractionError) as caught:
        own_document(source, OwnMetadata(), extracted(" "), CleanText(" \n", ()))
    assert (str(caught.value), caught.value.verdict) == ("/notes/empty.pdf has no text.", "no-text")


def test_pages_are_kept():
    source = Source(Path("/notes/a.pdf"), Path("/notes"), "a.pdf", "a", {})
    pages = (Page(1, 0, 3), Page(2, 5, 8))
    document = own_document(source, OwnMetadata(), extracted("One\n\nTwo"), CleanText("One\n\nTwo", pages))
    assert [document.page_of(offset) for offset in (0, 2, 3, 5)] == [1, 1, None, 2]


@pytest.mark.parametrize(
    ("from_file", "text", "path", "expected"),
    [
        ("The file's title", "# The heading\n\nText", "a.md", "The heading"),
        ("The file's title", "## A part\n\nText", "a.pdf", "The file's title"),
        (None, "## A part\n\nText\n\n# The heading", "a.md", "The heading"),
        (None, "A short first line\n\nMore text", "a.md", "A short first line"),
        (None, "A first line\nthat goes on", "my_own-notes.md", "my own notes"),
        (None, "long " * 40, "deep/er/my_own-notes.tar.md", "my own notes.tar"),
        (None, "long " * 40, "-.md", "-.md"),
        (None, "", "notes.txt", "notes"),
        (None, "# " + "long " * 60, "a.md", ("long " * 60)[:160]),
        (None, "Title\n=====\n\nText", "a.md", "Title"),
    ],
    ids=[
        *("heading", "file's title", "later heading", "first line", "name", "name in folder", "path", "no text"),
        *("cut", "underlined heading"),
    ],
)
def test_a_title_is_guessed(from_file, text, path, expected):
    assert guess_title(from_file, text, path) == expected


TOLD = "In March 2022 the county began to mend its roads by itself, which " + "took long. " * 10


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("# Roads\n\nFjellvik kommune, helse og mestring, mars 2024\n\nI 2021 ble", "a.pdf", 2024),
        ("# Roads 2019–2021\n\n12. februar 2022\n", "a.pdf", 2022),
        ("# Roads\n\nMay 3, 2023\n", "a.pdf", 2023),
        ("# Roads\n\nOslo, 03.05.2023\n", "a.pdf", 2023),
        ("# Roads\n\nDate: 2023-05-03\n", "a.pdf", 2023),
        ("# Roads in 2020\n\nText", "plan 2018.pdf", 2020),
        ("# Roads\n\nRapport 2021:4\n", "a.pdf", 2021),
        ("# Roads 2023–2027\n\nText", "a.pdf", None),
        (f"# Roads\n\n{TOLD}", "Roads 2024.pdf", 2024),
        (f"# Roads\n\n{TOLD}", "folder 2011/roads_2024_v2.pdf", 2024),
        (f"# Roads\n\n{TOLD}", "20240312 roads.pdf", 2024),
        (f"# Roads\n\n{TOLD}", "roads 2021-2023.pdf", None),
        (f"# Roads\n\n{TOLD}\n\nmars 2024", "a.pdf", None),
        ("# Roads\n\nmars 2099", "a1999b.pdf", None),
        ("# Roads\n\nIn 1950\n", "a.pdf", None),
    ],
    ids=[
        *("month", "day", "american", "numbers", "iso", "title", "number", "span", "name", "name in folder"),
        *("day in name", "span in name", "told later", "to come", "long ago"),
    ],
)
def test_a_year_is_guessed_from_the_beginning_or_the_name(text, path, expected):
    assert guess_year(text, path) == expected


@pytest.mark.parametrize(("text", "year"), [("# Roads\n\nMay 2019\n", 2019), (TEXT, 2026)], ids=["dated", "not"])
def test_what_a_text_says_of_its_year_counts_before_when_the_file_was_made(text, year):
    source = Source(Path("/notes/roads.pdf"), Path("/notes"), "roads.pdf", "roads", {})
    of = replace(extracted(text), year=2026)
    document = own_document(source, OwnMetadata(), of, clean(of))
    assert (document.year, "year" in document.guessed) == (year, True)
