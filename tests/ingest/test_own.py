"""A user's own document says what was given, what was guessed, and what nobody knows."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from ingest.cleaning import CleanText, clean
from ingest.extraction import Extracted
from ingest.own import guess_title, own_document
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
