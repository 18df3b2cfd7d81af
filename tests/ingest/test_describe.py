"""What is said of a user's own document is changed; its text, its original and its id stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.service import describe
from kb.errors import DocumentError
from tests.ingest.desk import BUURTZORG, LINES, embedded_texts, first_found, take_in, workshop
from tests.stored import live

PLACE = ("path", "folder", "original", "source")
pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture
def ferry(small_data, tmp_path):
    """A note of one's own that was taken in."""
    file = tmp_path / "notes" / "ferry.md"
    file.parent.mkdir()
    file.write_text(f"---\nyear: 2019\nsectors: [schools]\n---\n# The ferry\n\n{' '.join(LINES)}\n")
    assert take_in(small_data, file) == [("added", "ferry", "ferry.md")]
    return file


def test_what_is_said_is_changed_and_nothing_else(small_data, ferry):
    before = live(small_data)["ferry", "en"]
    assert before.document.guessed == ("title", "language")
    outcome = describe(workshop(small_data), "ferry", {"title": "Boats", "year": None, "id": "another"})
    after = live(small_data)["ferry", "en"]
    assert (outcome.what, outcome.document_id, outcome.path) == ("changed", "ferry", "ferry.md")
    assert after.document == replace(before.document, title="Boats", year=None, guessed=("language",))
    assert [getattr(after, name) for name in PLACE] == [getattr(before, name) for name in PLACE]
    assert f"Boats\nThe ferry\n{' '.join(LINES)}" in embedded_texts(small_data)
    assert first_found(small_data, "When does the ferry sail to the island?") == "ferry"


def test_its_text_may_be_in_another_language_than_was_thought(small_data, ferry):
    describe(workshop(small_data), "ferry", {"language": "sv"})
    assert [place for place in live(small_data) if place[0] == "ferry"] == [("ferry", "sv")]


def test_a_change_stays_until_the_file_changes(small_data, ferry):
    describe(workshop(small_data), "ferry", {"title": "Boats"})
    assert take_in(small_data, ferry) == [("unchanged", "ferry", "ferry.md")]
    assert live(small_data)["ferry", "en"].document.title == "Boats"
    ferry.write_text(ferry.read_text() + "\nIt is green.\n")
    assert take_in(small_data, ferry) == [("changed", "ferry", "ferry.md")]
    assert live(small_data)["ferry", "en"].document.title == "The ferry"


@pytest.mark.parametrize("name", ["nothing", BUURTZORG])
def test_only_a_document_of_ones_own_can_be_changed(small_data, name):
    before = live(small_data)
    with pytest.raises(DocumentError, match=rf"^There is no document of yours '{name}'\. See: tillit status"):
        describe(workshop(small_data), name, {"title": "Ours"})
    assert live(small_data) == before


@pytest.mark.parametrize(
    ("said", "fault"), [({"year": "soon"}, "'year'"), ({"colour": "red"}, "'colour' is not a key")]
)
def test_what_cannot_be_said_is_told_of(small_data, ferry, said, fault):
    with pytest.raises(DocumentError, match=rf"^What is said of 'ferry' cannot be used: {fault}"):
        describe(workshop(small_data), "ferry", said)
    assert live(small_data)["ferry", "en"].document.year == 2019
