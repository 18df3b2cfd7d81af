"""`tillit ingest --ocr`: what it needs is asked for before anything is read."""

from __future__ import annotations

import pytest

from app.cli import main
from ingest.readers import ocr
from tests.ingest.pdfs import pdf
from tests.ingest.scans import Stand, grey_page, scan

pytestmark = pytest.mark.usefixtures("quick_publish")
READ_BY_OCR = "read by text recognition (OCR), which may misread figures"


@pytest.fixture
def take_in(monkeypatch, capsys, tmp_path, embedder):
    """Take in a scanned page with some options; return the exit code and what was printed."""
    monkeypatch.setattr("kb.models.registry.open_embedder", lambda *_: embedder)
    (tmp_path / "a.pdf").write_bytes(scan(grey_page()))

    def run(*options: str) -> tuple[int, str, str]:
        code = main(["ingest", str(tmp_path / "a.pdf"), *options, "--quiet", "--data", str(tmp_path / "data")])
        return code, *capsys.readouterr()

    return run


def test_without_tesseract_nothing_is_read(take_in, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = take_in("--ocr")
    assert (code, out) == (3, "")
    assert err.startswith("error: Text recognition (OCR) needs the program Tesseract with its languages (apt install ")
    assert not (tmp_path / "data").exists()


def test_the_setting_switches_it_on_and_the_option_off(take_in, monkeypatch, tmp_path):
    Stand(monkeypatch, tmp_path)
    monkeypatch.setenv("TILLIT_OCR", "1")
    code, out, _ = take_in("--no-ocr")
    assert (code, "tillit ingest --retry --ocr" in out) == (1, True)
    assert take_in() == (0, f"added      a  (a.pdf): {READ_BY_OCR}\n", "")


def test_languages_that_tesseract_has_not_are_told_of(take_in, monkeypatch, tmp_path):
    Stand(monkeypatch, tmp_path, "eng dan")
    told = "Tesseract has no data for Norwegian, Swedish: scanned pages in it are misread.\n"
    assert take_in("--ocr") == (0, f"added      a  (a.pdf): {READ_BY_OCR}\n", told)


def test_what_does_not_need_tesseract_does_not_ask_for_it(take_in, monkeypatch, tmp_path):
    monkeypatch.setattr(ocr, "installed_languages", lambda: pytest.fail("it was asked for"))
    (tmp_path / "a.pdf").write_bytes(pdf(["The ferry to the island sails at dawn."]))
    assert take_in() == (0, "added      a  (a.pdf)\n", "")
