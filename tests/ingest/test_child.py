"""The child process that reads a file, and what it is told of where there is no room for its work."""

from __future__ import annotations

import pytest

from ingest import child
from ingest.extraction import extract
from kb.errors import DocumentError, ExtractionError
from tests.ingest.desk import LINES
from tests.ingest.pdfs import pdf


@pytest.mark.parametrize(("full", "verdict"), [(False, "malformed"), (True, None)], ids=["room", "no room"])
def test_a_file_that_is_not_read_to_its_end_is_not_blamed_where_the_disk_is_full(tmp_path, monkeypatch, full, verdict):
    monkeypatch.setattr(child, "has_little_room", lambda folder: full)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 and nothing")
    with pytest.raises(DocumentError) as caught:
        extract(tmp_path / "a.pdf")
    told = caught.value
    assert (told.verdict if isinstance(told, ExtractionError) else None) == verdict
    assert ("(No space left on device); free some room and try again." in str(told)) == full


def test_a_file_that_was_read_to_its_end_is_taken_in_though_the_disk_is_nearly_full(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "has_little_room", lambda folder: True)
    (tmp_path / "a.pdf").write_bytes(pdf(LINES))
    assert "ferry" in extract(tmp_path / "a.pdf").pages[0]
