"""A file that has not changed is read again only where it may have more than it had: OCR, or time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest import intake
from ingest.again import stamp, suffices
from ingest.child import Limits
from ingest.extraction import Extracted
from ingest.intake import ingest, retry
from kb.store import journal
from kb.store.catalogue import reading
from tests.ingest import pdfs
from tests.ingest.desk import workshop
from tests.ingest.scans import SCANNED, Stand, grey_page, scan
from tests.stored import own

pytestmark = pytest.mark.usefixtures("quick_publish")

TEXT, OCR = Limits(seconds=20), Limits(seconds=20, ocr="dan+nor+swe+eng")
LINE = "The ferry to the island sails at dawn."
READ = "Tillit er noget, man giver hinanden."


@pytest.fixture(autouse=True)
def stand(monkeypatch, tmp_path) -> Stand:
    return Stand(monkeypatch, tmp_path)


def taken(data: Path, folder: Path, limits: Limits) -> list[tuple[str, str]]:
    """Take in a folder and return what became of each file."""
    return [(outcome.what, outcome.message) for outcome in ingest(workshop(data, limits=limits), [folder])]


def store(notes: Path, name: str, data: bytes) -> None:
    notes.mkdir(exist_ok=True)
    (notes / name).write_bytes(data)


def extracted(*pages: str, late: bool = False, kind: str = "pdf") -> Extracted:
    return Extracted(kind, "ok", pages, (), None, None, None, "", late=late)


READ_BY_OCR = "read by text recognition (OCR), which may misread figures"


def test_what_had_no_text_is_read_once_ocr_is_on_and_then_no_more(data, notes, stand):
    store(notes, "a.pdf", scan(grey_page()))
    ((what, message),) = taken(data, notes, TEXT)
    assert what == "failed"
    assert message.endswith("; tillit ingest --retry --ocr reads it by text recognition (OCR).")
    assert taken(data, notes, OCR) == [("added", READ_BY_OCR)]
    assert taken(data, notes, OCR) == taken(data, notes, TEXT) == [("unchanged", "")]
    assert own(data)["a"].document.text.strip() == READ
    assert len(stand.asked) == 1


def test_what_waits_in_quarantine_is_read_by_a_retry_with_ocr(data, notes):
    store(notes, "a.pdf", scan(grey_page()))
    taken(data, notes, TEXT)
    assert [(o.what, o.message) for o in retry(workshop(data, limits=OCR))] == [("added", READ_BY_OCR)]


def test_how_a_file_was_read_is_told_as_long_as_what_was_read_is_stored(data, notes):
    def told() -> str:
        with reading(data) as connection:
            return journal.remarks(connection, "a", own(data)["a"].source)

    store(notes, "a.pdf", scan(grey_page()))
    taken(data, notes, OCR)
    store(notes, "b.md", b"# The ferry")
    assert taken(data, notes, OCR) == [("unchanged", ""), ("added", "")]
    assert told() == READ_BY_OCR
    store(notes, "a.pdf", pdfs.pdf([LINE]))
    taken(data, notes, OCR)
    assert told() == ""


def test_of_files_with_text_only_those_with_a_page_without_are_read_again(data, notes, monkeypatch):
    read: list[str] = []
    extract = intake.extract
    monkeypatch.setattr(intake, "extract", lambda path, limits: [read.append(path.name), extract(path, limits)][1])
    store(notes, "a.pdf", scan(grey_page(), pdfs.words(LINE), SCANNED))
    store(notes, "b.pdf", pdfs.pdf([LINE + " It waits."]))
    store(notes, "c.md", b"# The ferry")
    assert [what for what, _ in taken(data, notes, TEXT)] == ["added"] * 3
    read.clear()
    assert taken(data, notes, TEXT) == [("unchanged", "")] * 3
    assert taken(data, notes, OCR) == [("changed", f"{READ_BY_OCR} (page 2)"), ("unchanged", ""), ("unchanged", "")]
    assert taken(data, notes, OCR) == taken(data, notes, TEXT) == [("unchanged", "")] * 3
    assert read == ["a.pdf"]


def test_a_file_for_which_the_time_was_too_short_is_read_again_with_more(data, notes, monkeypatch):
    def extract(path: Path, limits: Limits) -> Extracted:
        return extracted(READ, "" if limits.seconds < 20 else LINE, late=limits.seconds < 20)

    monkeypatch.setattr(intake, "extract", extract)
    store(notes, "a.pdf", b"%PDF-1.7")
    short = replace(OCR, seconds=10)
    assert taken(data, notes, short) == [("added", "")]
    assert taken(data, notes, short) == taken(data, notes, TEXT) == [("unchanged", "")]
    assert taken(data, notes, OCR) == [("changed", "")]
    assert taken(data, notes, short) == [("unchanged", "")]


@pytest.mark.parametrize(
    ("limits", "found", "stamped"),
    [
        (TEXT, extracted(LINE), "f"),
        (TEXT, extracted(LINE, ""), "f 0 inf"),
        (OCR, extracted(LINE, ""), "f"),
        (TEXT, extracted("", kind="text"), "f"),
        (OCR, extracted(LINE, late=True), "f 1 20"),
        (TEXT, None, "f 0 20"),
    ],
    ids=["whole", "a page without text", "with OCR", "no PDF", "late", "failed"],
)
def test_what_a_file_was_given_is_kept_where_it_was_too_little(limits, found, stamped):
    assert stamp("f", limits, found) == stamped


@pytest.mark.parametrize(
    ("stamped", "limits", "enough"),
    [
        ("f", OCR, True),
        ("e", TEXT, False),
        ("e 1 inf", TEXT, False),
        ("f 0 inf", TEXT, True),
        ("f 0 inf", OCR, False),
        ("f 0 20", TEXT, True),
        ("f 0 10", TEXT, False),
        ("f 1 20", OCR, True),
        ("f 1 10", OCR, False),
        ("f 1 10", TEXT, True),
    ],
)
def test_a_file_is_known_where_it_was_given_as_much_as_it_may_have(stamped, limits, enough):
    assert suffices(stamped, "f", limits) is enough
