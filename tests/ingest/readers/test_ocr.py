"""Scanned pages: read by Tesseract in the limits of their file, where it is there, and by nothing else."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.readers import ocr
from kb.errors import ExtractionError, SettingsError
from tests.ingest import pdfs, scans
from tests.ingest.scans import SCANNED, Stand, grey_page, picture_of, scan

DANISH = (
    "Ærlige ledere på Ås øver sig på at lytte til medarbejderne.",
    "Sygefraværet i ældreplejen faldt fra 9,4 til 6,1 procent.",
)
SWEDISH = (
    "Götene kommun mäter färre mål än förr och frågar de äldre i stället.",
    "Sjukfrånvaron är låg: den sjönk från 8,9 till 7,2 procent.",
)
READ = "Tillit er noget, man giver hinanden."
ALL = "dan+nor+swe+eng"


def read(folder: Path, data: bytes, seconds: float = 60, languages: str = ALL, **limits: int) -> Extracted:
    (folder / "a.pdf").write_bytes(data)
    return extract(folder / "a.pdf", Limits(seconds=seconds, ocr=languages, **limits))


@pytest.fixture
def stand(monkeypatch, tmp_path) -> Stand:
    return Stand(monkeypatch, tmp_path)


def noise(size: tuple[int, int], deviation: float) -> Image.Image:
    """Return a picture of grey noise, always the same."""
    grey = np.random.default_rng(1).normal(128, deviation, (size[1], size[0]))
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


# With Tesseract ----------------------------------------------------------------------------------


def installed() -> bool:
    try:
        return ocr.installed_languages() == ALL
    except SettingsError:
        return False


tesseract = pytest.mark.skipif(
    not installed(), reason="Tesseract is not here with dan, nor, swe and eng (apt install tesseract-ocr-dan …)"
)


@tesseract
@pytest.mark.parametrize("lines", [DANISH, SWEDISH], ids=["danish", "swedish"])
def test_a_scanned_page_is_read_in_its_language(tmp_path, lines):
    found = read(tmp_path, scan(picture_of(tmp_path, lines)))
    assert (found.verdict, found.pages, found.notes) == ("ok", ("\n".join(lines),), ((1, "ocr"),))


@pytest.mark.slow
@tesseract
def test_a_page_that_is_grainy_and_upside_down_is_read(tmp_path):
    lines = DANISH * 5
    upright = picture_of(tmp_path, lines)
    picture = Image.blend(upright, noise(upright.size, 130), 0.3).rotate(180)
    assert read(tmp_path, scan(picture)).pages == ("\n".join(lines),)


@tesseract
def test_nothing_is_read_of_an_empty_page_and_of_noise(tmp_path):
    small = pdfs.stream_object(b"q 150 0 0 200 72 400 cm /X Do Q")
    found = read(tmp_path, scan(noise((600, 800), 200), small, pdfs.words(DANISH[0]), pdfs.stream_object(b"")))
    assert (found.verdict, found.pages, found.notes) == ("ok", ("", DANISH[0], ""), ())


# Which pages, and what becomes of them -----------------------------------------------------------


def test_pages_without_text_are_read_and_the_others_are_not(tmp_path, stand):
    unseen = pdfs.stream_object(b"BT /F 11 Tf 72 700 Td (Scan 7) Tj ET q 595 0 0 842 0 0 cm /X Do Q")
    found = read(tmp_path, scan(grey_page(), pdfs.words(DANISH[0]), SCANNED, unseen))
    assert found.pages == (DANISH[0], READ, READ)
    assert found.notes == ((2, "ocr"), (3, "ocr"))
    assert found.remarks == "read by text recognition (OCR), which may misread figures (page 2-3)"
    assert len(stand.asked) == 2


def test_a_page_whose_text_cannot_be_read_is_read_by_ocr(tmp_path, stand):
    garbled = "/g12/g13/g7/g200/g31/g4 /g9/g10/g11 /g12/g13/g7/g200/g31/g4"
    assert read(tmp_path, pdfs.pdf([garbled])).pages == (READ,)
    assert len(stand.asked) == 1


def test_what_a_page_says_stays_where_ocr_sees_less(tmp_path, stand):
    stand.answer(scans.sure("Bil"))
    found = read(tmp_path, pdfs.pdf(["Bilag til rapport"], [DANISH[0]]))
    assert (found.pages, found.notes) == (("Bilag til rapport", DANISH[0]), ())


def test_nothing_is_read_by_ocr_where_it_is_off(tmp_path, stand):
    with pytest.raises(ExtractionError, match=r"tillit ingest --retry --ocr reads it by text recognition \(OCR\)\.$"):
        read(tmp_path, scan(grey_page()), languages="")
    assert stand.asked == []


def test_a_file_of_which_ocr_reads_nothing_has_no_text(tmp_path, stand):
    stand.answer(scans.columns_of())
    with pytest.raises(ExtractionError, match=r"it has no text, and text recognition \(OCR\) found none either"):
        read(tmp_path, scan(grey_page()))


def test_a_page_whose_picture_cannot_be_drawn_has_failed(tmp_path, stand):
    damaged = (
        b"<< /Length 3 /Filter /DCTDecode /Type /XObject /Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceGray "
    )
    damaged += b"/BitsPerComponent 8 >>\nstream\nabc\nendstream"
    found = read(tmp_path, pdfs.pdf_of_streams(SCANNED, pdfs.words(DANISH[0]), form=damaged))
    assert (found.verdict, found.failed_pages, stand.asked) == ("partial", (1,), [])


def test_the_language_that_was_found_is_tried_first_on_the_page_and_on_the_next(tmp_path, stand):
    stand.answer(scans.sure("\n".join(SWEDISH)))
    read(tmp_path, scan(grey_page(), SCANNED, SCANNED))
    assert [asked.split()[0] for asked in stand.asked] == [ALL, "swe+dan+nor+eng", "swe+dan+nor+eng"]


# Limits ------------------------------------------------------------------------------------------


def test_tesseract_has_the_limits_of_its_file_one_thread_and_no_folder_of_its_own(tmp_path, stand):
    read(tmp_path, scan(grey_page()), memory_bytes=700 << 20)
    (asked,) = stand.asked
    assert asked.startswith(f"{ALL} threads=1 memory={700 << 10} in=")
    assert "/tillit-" in asked
    assert not Path(asked.rpartition("in=")[2]).exists()


def has_ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


@pytest.mark.slow
def test_what_was_read_stays_when_the_time_is_up_and_nothing_runs_on(tmp_path, stand):
    slow = f'if [ $(wc -l < "{stand.folder}/asked") != 1 ]; then echo $$ > "{stand.folder}/pid"; exec sleep 60; fi'
    stand.answer(scans.sure(READ), before=slow)
    found = read(tmp_path, scan(grey_page(), SCANNED, SCANNED, SCANNED, pdfs.words(DANISH[0])), seconds=9)
    assert (found.verdict, found.pages, found.failed_pages) == ("partial", (READ, "", "", DANISH[0]), (2, 3))
    assert found.remarks.startswith(
        "pages for which the time was too short; TILLIT_PDF_SECONDS gives more (page 2-3); "
    )
    assert any(has_ended(int((stand.folder / "pid").read_text())) or time.sleep(0.1) for _ in range(50))


def test_a_page_that_takes_too_long_is_given_up(stand):
    stand.answer("", before="exec sleep 60")
    with pytest.raises(TimeoutError):
        ocr.Recogniser("dan", 0.5).read(grey_page())


@pytest.mark.slow
def test_a_file_for_which_the_time_is_too_short_says_which_setting_gives_more(tmp_path, stand):
    stand.answer("", before="exec sleep 60")
    with pytest.raises(ExtractionError, match="more time with TILLIT_PDF_SECONDS") as caught:
        read(tmp_path, scan(grey_page()), seconds=4)
    assert caught.value.verdict == "timeout"


def test_a_page_on_which_tesseract_fails_does_not_cost_the_others(tmp_path, stand):
    stand.answer(scans.sure(READ), before=f'[ $(wc -l < "{stand.folder}/asked") = 1 ] && exit 1')
    found = read(tmp_path, scan(grey_page(), SCANNED, SCANNED))
    assert (found.verdict, found.pages, found.failed_pages, found.late) == ("partial", ("", READ), (1,), False)


# What Tesseract says -----------------------------------------------------------------------------


def test_lines_of_which_tesseract_is_not_sure_are_left_out(tmp_path, stand):
    lines = (
        [("Tillit", 96), ("er", 91)],
        [("tina)", 20), ("wl", 50)],
        [("noget", 40), ("mangetydigt,", 95)],
        [("sagt.", 90)],
    )
    stand.answer(scans.columns_of(*lines, paragraph=(1, 2, 3, 3)))
    assert read(tmp_path, scan(grey_page())).pages == ("Tillit er\n\nnoget mangetydigt,\nsagt.",)


# Where something is missing ----------------------------------------------------------------------


def test_of_the_languages_that_are_installed_ours_are_taken(monkeypatch, tmp_path):
    Stand(monkeypatch, tmp_path, "deu eng osd dan")
    assert ocr.installed_languages() == "dan+eng"


PACKAGE = r"the package pytesseract \(pip install -c constraints.txt '\.\[ocr\]'\)"
PROGRAM = r"the program Tesseract with its languages \(apt install tesseract-ocr [^)]+\)"


@pytest.mark.parametrize(
    ("package", "program", "missing"),
    [
        (True, "deu osd", PROGRAM),
        (True, None, PROGRAM),
        (False, "dan", PACKAGE),
        (False, None, f"{PACKAGE} and {PROGRAM}"),
    ],
    ids=["no-language", "no-program", "no-package", "neither"],
)
def test_what_is_missing_is_told_in_one_sentence(monkeypatch, tmp_path, package, program, missing):
    if program:
        Stand(monkeypatch, tmp_path, program)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ocr, "find_spec", lambda name: name if package else None)
    with pytest.raises(
        SettingsError, match=rf"^Text recognition \(OCR\) needs {missing}\. Install that, or leave OCR off\.$"
    ):
        ocr.installed_languages()
    assert bool(shutil.which("tesseract")) == bool(program)
