"""Every file gives its text or exactly one verdict, and hostile files give no more trouble than that."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
from pathlib import Path
from typing import get_args
from unittest.mock import Mock

import pytest

from ingest import child, extraction
from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.verdict import SENTENCES, Failure, failure_message, judge_text
from kb.errors import DocumentError, ExtractionError
from tests.ingest import pdfs

LINE = "Ærlige ledere på Ås øver sig på at lytte."
OTHER = "Götene kommun mäter färre mål än förr."


def stored(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def verdict_of(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(ExtractionError) as caught:
        extract(path, limits)
    verdict = caught.value.verdict
    assert str(caught.value) in {failure_message(path.name, verdict, ocr) for ocr in (None, False)}
    return verdict


def test_every_failing_verdict_has_a_sentence():
    assert set(SENTENCES) == set(get_args(Failure))


def test_a_message_names_the_file_without_its_control_characters():
    assert failure_message("a\x1b[2J.pdf", "encrypted") == (
        "a?[2J.pdf cannot be added: it is locked with a password; save a copy without the password and add that."
    )


def test_markdown_gives_body_and_front_matter_apart(tmp_path):
    data = b"---\ntitle: Trust\n---\n# Trust\n\nText.\n"
    assert extract(stored(tmp_path, "a.md", data)) == Extracted(
        format="markdown",
        verdict="ok",
        pages=("# Trust\n\nText.\n",),
        failed_pages=(),
        front_matter="title: Trust\n",
        title=None,
        year=None,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def test_plain_text_has_no_front_matter(tmp_path):
    found = extract(stored(tmp_path, "a.TXT", b"---\ntitle: Trust\n---\nText."))
    assert (found.format, found.pages, found.front_matter) == ("text", ("---\ntitle: Trust\n---\nText.",), None)


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        b"\xef\xbb\xbf" + LINE.encode(),
        b"\xff\xfe" + LINE.encode("utf-16-le"),
        b"\xfe\xff" + LINE.encode("utf-16-be"),
        LINE.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "windows-1252"],
)
def test_text_is_decoded_whatever_wrote_it(tmp_path, data):
    assert extract(stored(tmp_path, "a.txt", data)).pages == (LINE,)


@pytest.mark.parametrize(
    ("name", "data", "verdict"),
    [
        ("empty.txt", b"", "no-text"),
        ("signs.md", b"---\n\n***\n", "no-text"),
        ("only-front-matter.md", b"---\ntitle: Trust\n---\n", "no-text"),
        ("nul.txt", b"Text\0text", "unsupported"),
        ("nul.md", b"\xff\0\xe6", "unsupported"),
        ("utf-32.txt", "Text".encode("utf-32"), "unsupported"),
        ("undefined.txt", b"Text \x81\x8d", "garbled"),
        ("control.txt", b"Sm\xf8r \x02", "garbled"),
        ("odd.txt", b"\xff\xfea", "garbled"),
        ("image.png", b"\x89PNG", "unsupported"),
        ("report.docx", b"PK\3\4", "malformed"),
        ("report.docx", b"Text", "malformed"),
        ("none", b"Text", "unsupported"),
    ],
)
def test_a_file_without_readable_text_gives_its_verdict(tmp_path, name, data, verdict):
    assert verdict_of(stored(tmp_path, name, data)) == verdict


@pytest.mark.parametrize("limits", [Limits(max_bytes=9), Limits(max_chars=9)], ids=["bytes", "characters"])
def test_text_over_a_limit_is_too_big(tmp_path, limits):
    assert verdict_of(stored(tmp_path, "a.txt", b"0123456 89"), limits) == "too-big"


def test_text_at_the_limit_is_read(tmp_path):
    assert extract(stored(tmp_path, "a.txt", b"ten signs!"), Limits(max_bytes=10, max_chars=10)).pages == (
        "ten signs!",
    )


def test_a_missing_file_and_a_folder_are_no_verdicts(tmp_path):
    for path in (tmp_path / "none.pdf", tmp_path, tmp_path / "nul\0.pdf"):
        with pytest.raises(DocumentError, match="is not a file; name an existing file"):
            extract(path)


def test_a_file_without_right_to_read_is_no_verdict(tmp_path, monkeypatch):
    path = stored(tmp_path, "a.txt", b"Text")
    monkeypatch.setattr(Path, "open", Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(DocumentError, match="Permission denied"):
        extract(path)


def test_a_pdf_gives_a_string_for_each_page_and_its_properties(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    data = pdfs.pdf([LINE, OTHER], [], [OTHER], title="  Tillit i\nNorden ", created="D:20190102030405Z")
    assert extract(stored(tmp_path, "a.pdf", data)) == Extracted(
        format="pdf",
        verdict="ok",
        pages=(f"{LINE}\n{OTHER}", "", OTHER),
        failed_pages=(),
        front_matter=None,
        title="Tillit i Norden",
        year=2019,
        sha256=hashlib.sha256(data).hexdigest(),
        sizes=((11.0, 11.0), (), (11.0,)),
    )


@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a"])
def test_a_pdf_is_known_by_its_first_bytes_whatever_its_name(tmp_path, name):
    assert extract(stored(tmp_path, name, b"\n\n" + pdfs.pdf([LINE]))).pages == (LINE,)


def test_room_between_paragraphs_on_a_page_becomes_a_blank_line(tmp_path):
    data = pdfs.pdf(["Heading", "", "First line", "second line", "", "Next paragraph", "goes on"])
    assert extract(stored(tmp_path, "a.pdf", data)).pages == (
        "Heading\n\nFirst line\nsecond line\n\nNext paragraph\ngoes on",
    )


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Tillit i Norden", "Tillit i Norden"),
        ("Tillidsreform", "Tillidsreform"),
        ("", None),
        ("untitled", None),
        ("(anonymous)", None),
        ("Microsoft Word - Rapport", None),
        ("PowerPoint-præsentation", None),
        ("Dokument1", None),
        ("Endelig rapport.docx", None),
        ("rapport_endelig", None),
        ("NOU202205", None),
        ("A", None),
        ("12.03.2019 - 14.03.2019 uke", None),
    ],
)
def test_a_title_is_kept_if_it_is_one(title, kept):
    assert extraction._sensible_title(title, "a.pdf") == kept


def test_a_title_that_is_the_name_of_the_file_is_none():
    assert extraction._sensible_title("Årsmelding", "årsmelding.pdf") is None


@pytest.mark.parametrize(
    ("created", "year"), [("D:20130611", 2013), ("2013", 2013), ("D:19040101", None), ("D:9999", None), ("", None)]
)
def test_the_year_is_that_of_creation_if_it_can_be(created, year):
    assert extraction._year(created) == year


HOSTILE = {
    "empty": (lambda: b"", "no-text"),
    "cut off": (lambda: pdfs.pdf(*[[LINE]] * 20)[:3000], "malformed"),
    "no PDF": (lambda: b"Not found", "malformed"),
    "random": (lambda: b"%PDF-1.4\n" + random.Random(7).randbytes(20_000), "malformed"),
    "no pages": (lambda: pdfs.pdf_of_objects(pdfs.CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"), "malformed"),
    "pages in a loop": (
        lambda: pdfs.pdf_of_objects(
            pdfs.CATALOGUE,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>",
        ),
        "malformed",
    ),
    "60,000 arrays": (
        lambda: pdfs.pdf_of_objects(pdfs.CATALOGUE, b"<< /Type /Pages /Kids %s >>" % (b"[" * 60_000 + b"]" * 60_000)),
        "malformed",
    ),
    "60,000 arrays on the page": (
        lambda: pdfs.pdf_of_streams(pdfs.stream_object(b"[" * 60_000 + b"]" * 60_000 + b" TJ")),
        "malformed",
    ),
    "locked": (lambda: pdfs.pdf([LINE], password="secret"), "encrypted"),
    "bomb": (lambda: pdfs.pdf_of_streams(pdfs.bomb(4)), "too-big"),
    "3,000 pages": (
        lambda: pdfs.pdf_of_objects(
            pdfs.CATALOGUE,
            b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % (b"3 0 R " * 3000),
            b"<< /Type /Page /Parent 2 0 R >>",
        ),
        "too-big",
    ),
    "no text": (lambda: pdfs.pdf([], []), "no-text"),
    "a stamp only": (lambda: pdfs.pdf(["Skannet 12.03"], []), "no-text"),
    "glyph names": (lambda: pdfs.pdf(["/g12/g13/g7/g200/g31/g4 /g9/g10/g11", "(cid:3)(cid:44)(cid:5)"]), "garbled"),
}


@pytest.mark.parametrize(("make", "verdict"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_pdf_gives_one_verdict(tmp_path, make, verdict):
    assert verdict_of(stored(tmp_path, "a.pdf", make()), Limits(seconds=20)) == verdict


def test_a_small_bomb_is_small():
    assert len(pdfs.pdf_of_streams(pdfs.bomb(4))) < 12_000


def test_a_pdf_locked_with_an_empty_password_is_opened(tmp_path):
    assert extract(stored(tmp_path, "a.pdf", pdfs.pdf([LINE], password=""))).pages == (LINE,)


def test_a_page_that_fails_leaves_the_others(tmp_path):
    nested = pdfs.stream_object(b"[" * 60_000 + b"]" * 60_000 + b" TJ")
    found = extract(stored(tmp_path, "a.pdf", pdfs.pdf_of_streams(pdfs.words(LINE), nested, pdfs.words(OTHER))))
    assert (found.verdict, found.pages, found.failed_pages) == ("partial", (LINE, "", OTHER), (2,))


def test_pages_read_before_the_time_is_up_are_kept(tmp_path):
    contents = (pdfs.words(LINE), pdfs.endless_page(), pdfs.words(OTHER))
    data = pdfs.pdf_of_streams(*contents, form=pdfs.long_form())
    found = extract(stored(tmp_path, "a.pdf", data), Limits(seconds=6))
    assert (found.verdict, found.pages, found.failed_pages) == ("partial", (LINE, "", ""), (2, 3))


def test_a_pdf_that_takes_too_long_from_the_first_page_on_is_a_timeout(tmp_path):
    data = pdfs.pdf_of_streams(pdfs.endless_page(), pdfs.words(LINE), form=pdfs.long_form())
    assert verdict_of(stored(tmp_path, "a.pdf", data), Limits(seconds=2)) == "timeout"


def test_a_pdf_whose_text_is_too_long_is_too_big(tmp_path):
    assert verdict_of(stored(tmp_path, "a.pdf", pdfs.pdf([LINE], [LINE])), Limits(max_chars=50)) == "too-big"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limits of memory for a process")
def test_a_pdf_that_takes_too_much_memory_is_too_big(tmp_path):
    data = pdfs.pdf_of_streams(pdfs.stream_object(b" " * 70_000_000))
    assert verdict_of(stored(tmp_path, "a.pdf", data), Limits(memory_bytes=120_000_000)) == "too-big"


STARTED = [{"started": True}]
COUNTED = [*STARTED, {"pages": 2, "title": "", "created": "", "language": ""}]
READ_ONE = [*COUNTED, {"page": 0, "text": LINE, "notes": [], "sizes": []}]


def worker_that(records, code):
    """Return a stand-in for the child that writes `records` and half a line, and ends with `code`."""

    def run(kind, source, outfile, limits):
        outfile.write_text("".join(json.dumps(record) + "\n" for record in records) + '{"page": 1, "te')
        return code

    return run


@pytest.mark.parametrize(
    ("records", "code", "verdict"),
    [
        (STARTED, -11, "malformed"),
        (COUNTED, -6, "malformed"),
        (COUNTED, -9, "too-big"),
        (COUNTED, 1, "too-big"),
        (COUNTED, None, "timeout"),
        ([], None, "timeout"),
        (COUNTED, -24, "timeout"),
        ([*COUNTED, {"page": 0, "failed": "timeout"}, {"verdict": "ok"}], 0, "timeout"),
    ],
    ids=["crash", "abort", "killed for memory", "no memory", "late", "late to start", "processor time", "slow pages"],
)
def test_a_child_that_ends_early_gives_a_verdict(tmp_path, monkeypatch, records, code, verdict):
    monkeypatch.setattr(child, "_run_worker", worker_that(records, code))
    assert verdict_of(stored(tmp_path, "a.pdf", b"%PDF-1.7")) == verdict


@pytest.mark.parametrize("code", [-11, -9, 1, None])
def test_what_a_child_wrote_before_it_ended_is_kept(tmp_path, monkeypatch, code):
    monkeypatch.setattr(child, "_run_worker", worker_that(READ_ONE, code))
    found = extract(stored(tmp_path, "a.pdf", b"%PDF-1.7"))
    assert (found.verdict, found.pages, found.failed_pages) == ("partial", (LINE, ""), (2,))


def test_a_child_that_does_not_start_is_the_programs_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "_run_worker", worker_that([], 1))
    with pytest.raises(DocumentError, match="the reader of files does not start; see: tillit doctor") as caught:
        extract(stored(tmp_path, "a.pdf", b"%PDF-1.7"))
    assert not isinstance(caught.value, ExtractionError)


def test_no_room_for_a_child_is_no_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(child.sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(DocumentError, match="free some room and try again"):
        extract(stored(tmp_path, "a.pdf", b"%PDF-1.7"))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Tillit er godt.", "ok"),
        ("12 345", "no-text"),
        ("\ue001\ue002\ue003 ab", "garbled"),
        ("\ufffd\ufffd\ufffd", "garbled"),
        ("See /srv/a1/b2/c3 for the files of this project.", "ok"),
        ("• Less paper • More time", "ok"),
    ],
)
def test_text_is_judged_by_what_most_of_it_is(text, verdict):
    assert judge_text(text, least_letters=1) == verdict
