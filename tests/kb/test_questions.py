"""The questions of a shipped document's blocks are read by language, and a fault is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import DocumentError
from kb.questions import questions_path, read_questions, write_stamp
from kb.records import BlockQuestion
from kb.vocabulary import LANGUAGES

STAMP = "0123456789abcdef"
FIRST = f"# english {STAMP}"
HEADER = "blocks\ten\tda\tnb\tsv"
ROW = "1\tWhen?\tHvornår?\tNår?\tNär?"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ferry.tsv"


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_they_lie_by_kind_and_id_beside_the_folders_of_the_languages():
    assert questions_path(Path("documents"), "case", "no-ferry") == Path("documents/questions/case/no-ferry.tsv")


def test_a_document_without_a_file_has_no_stamp_and_no_questions(path):
    assert read_questions(path) == ("", {})


def test_each_line_is_a_question_in_every_language(path):
    written(path, FIRST, HEADER, ROW, "0\tWho?\tHvem?\tHvem?\tVem?")
    assert read_questions(path) == (
        STAMP,
        {
            "en": (BlockQuestion(1, 1, "When?"), BlockQuestion(0, 0, "Who?")),
            "da": (BlockQuestion(1, 1, "Hvornår?"), BlockQuestion(0, 0, "Hvem?")),
            "nb": (BlockQuestion(1, 1, "Når?"), BlockQuestion(0, 0, "Hvem?")),
            "sv": (BlockQuestion(1, 1, "När?"), BlockQuestion(0, 0, "Vem?")),
        },
    )


@pytest.mark.parametrize(
    ("blocks", "first", "last"),
    [("5", 5, 5), ("6-9", 6, 9), ("7-7", 7, 7), ("9-10", 9, 10), ("*", None, None)],
    ids=["block", "range", "range-of-one", "by-number-not-by-letter", "whole-document"],
)
def test_a_question_is_of_a_block_a_range_or_the_whole_document(path, blocks, first, last):
    written(path, FIRST, HEADER, f"{blocks}\tWhen?\tHvornår?\tNår?\tNär?")
    assert read_questions(path)[1]["en"] == (BlockQuestion(first, last, "When?"),)


def test_a_file_without_lines_has_a_stamp_and_no_questions(path):
    assert read_questions(written(path, FIRST, HEADER)) == (STAMP, dict.fromkeys(LANGUAGES, ()))


@pytest.mark.parametrize("lines", [(FIRST, HEADER, "", ROW, "", ""), (FIRST, HEADER, ROW)], ids=["some", "none"])
def test_empty_lines_count_for_nothing(path, lines):
    assert read_questions(written(path, *lines))[1]["sv"] == (BlockQuestion(1, 1, "När?"),)


def test_line_ends_of_windows_are_read_alike(path):
    path.write_bytes("\r\n".join((FIRST, HEADER, ROW, "")).encode())
    assert read_questions(path)[1]["sv"] == (BlockQuestion(1, 1, "När?"),)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "'; DROP TABLE terms_en; --", "# english 0123456789abcdef", "* 1-2 \\t {0} %s", "?"],
    ids=["markup", "sql", "stamp", "signs", "bare"],
)
def test_a_question_is_kept_as_it_stands(path, text):
    written(path, FIRST, HEADER, "\t".join(("1", *[text] * 4)))
    assert read_questions(path)[1] == dict.fromkeys(LANGUAGES, (BlockQuestion(1, 1, text),))


def test_many_questions_keep_their_order(path):
    rows = [f"{number % 7}\tWhy {number}?\tHvorfor?\tHvorfor?\tVarför?" for number in range(500)]
    read = read_questions(written(path, FIRST, HEADER, *rows))[1]["en"]
    assert read == tuple(BlockQuestion(number % 7, number % 7, f"Why {number}?") for number in range(500))


# Faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (HEADER, ROW),
        (FIRST[:-1], HEADER, ROW),
        (FIRST + "0", HEADER, ROW),
        (FIRST.upper(), HEADER, ROW),
        (f"{FIRST} ", HEADER, ROW),
        (f"\ufeff{FIRST}", HEADER, ROW),
        (FIRST,),
        (FIRST, ROW),
        (FIRST, "", HEADER, ROW),
        (FIRST, "blocks\tda\ten\tnb\tsv", ROW),
        (FIRST, HEADER.replace("\t", " "), ROW),
    ],
    ids=[
        "empty-file",
        "no-stamp",
        "short-stamp",
        "long-stamp",
        "capitals",
        "space-after-stamp",
        "byte-order-mark",
        "stamp-alone",
        "no-header",
        "line-between",
        "other-order",
        "spaces",
    ],
)
def test_a_file_that_does_not_begin_with_stamp_and_header_is_refused(path, lines):
    with pytest.raises(DocumentError) as caught:
        read_questions(written(path, *lines))
    assert str(caught.value) == f"{path} must begin with '# english' and a stamp, then '{HEADER}' with tabs"


@pytest.mark.parametrize(
    "row",
    [
        "1\tWhen?\tHvornår?\tNår?",
        f"{ROW}\tMilloin?",
        "1",
        " ",
        "1\tWhen?\t\tNår?\tNär?",
        "1\tWhen?\t \tNår?\tNär?",
        "1 When? Hvornår? Når? När?",
    ],
    ids=["too-few", "too-many", "no-question", "blank-line", "empty", "blank", "spaces-for-tabs"],
)
def test_a_line_without_a_question_in_each_language_is_told_with_its_number(path, row):
    with pytest.raises(DocumentError) as caught:
        read_questions(written(path, FIRST, HEADER, ROW, "", row))
    assert str(caught.value) == f"{path}:5: there must be blocks and 4 questions, with tabs between"


@pytest.mark.parametrize("blocks", ["", "a", "-1", "5-", "9-6", "1-2-3", "1,2", "**", " 1", "1 ", "1.5", "1–2", "all"])
def test_blocks_that_are_none_are_told_with_their_line(path, blocks):
    with pytest.raises(DocumentError) as caught:
        read_questions(written(path, FIRST, HEADER, ROW, f"{blocks}\tWhen?\tHvornår?\tNår?\tNär?"))
    assert str(caught.value) == f"{path}:4: '{blocks}' is no block, range of blocks or '*'"


def test_the_first_fault_is_the_one_that_is_told(path):
    with pytest.raises(DocumentError, match=r"ferry\.tsv:3: 'x' is no block"):
        read_questions(written(path, FIRST, HEADER, ROW.replace("1", "x"), ROW.replace("1", "y")))


def test_a_file_that_is_no_text_is_told(path):
    path.write_bytes(b"# \xff")
    with pytest.raises(DocumentError) as caught:
        read_questions(path)
    assert str(caught.value) == (
        f"{path} cannot be read: 'utf-8' codec can't decode byte 0xff in position 2: invalid start byte"
    )


# Stamping --------------------------------------------------------------------------------------


def test_stamping_changes_the_first_line_and_nothing_else(path):
    written(path, FIRST, HEADER, ROW, "", "*\tWho?\tHvem?\tHvem?\tVem?")
    assert write_stamp(path, "f" * 16)
    expected = f"# english {'f' * 16}\n{HEADER}\n{ROW}\n\n*\tWho?\tHvem?\tHvem?\tVem?\n"
    assert path.read_text(encoding="utf-8") == expected
    assert read_questions(path)[0] == "f" * 16


def test_the_stamp_that_stands_there_already_is_no_news(path):
    written(path, FIRST, HEADER, ROW)
    before = path.read_bytes()
    assert not write_stamp(path, STAMP)
    assert path.read_bytes() == before


def test_where_there_is_no_file_none_is_made(path):
    assert not write_stamp(path, STAMP)
    assert not path.exists()


def test_a_file_with_a_fault_is_not_stamped(path):
    written(path, FIRST, HEADER, "x")
    before = path.read_bytes()
    with pytest.raises(DocumentError, match=r"ferry\.tsv:3: "):
        write_stamp(path, "f" * 16)
    assert path.read_bytes() == before
