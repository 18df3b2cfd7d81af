"""Files of pairs are read line by line, and a bad line is told by file and number."""

from __future__ import annotations

import pytest

from kb.errors import DocumentError
from kb.training.sources import ForeignPair, read_own, read_pairs
from tests.kb.training.texts import HEADER


def test_pairs_are_read_in_the_order_of_the_files(tmp_path):
    (tmp_path / "en-sv.tsv").write_text("Trust\tTillit\tmade-up\n", encoding="utf-8")
    (tmp_path / "en-da.tsv").write_text("Trust\tTillid\tmade-up\nTime\u2028off\tFri\tmade-up\n", encoding="utf-8")
    assert read_pairs(tmp_path) == [
        ForeignPair("Trust", "Tillid", "made-up"),
        ForeignPair("Time\u2028off", "Fri", "made-up"),
        ForeignPair("Trust", "Tillit", "made-up"),
    ]


@pytest.mark.parametrize(
    "line", ["Trust\tTillid", "Trust\tTillid\tx\ty", "Trust\t \tx", ""], ids=["two", "four", "empty-cell", "empty-line"]
)
def test_a_malformed_line_is_refused_with_file_and_line(tmp_path, line):
    file = tmp_path / "en-da.tsv"
    file.write_text(f"Time\tTid\tmade-up\n{line}\nStaff\tAnsatte\tmade-up\n", encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_pairs(tmp_path)
    assert str(error.value) == f"{file}:2: a line must have 3 columns, tab-separated, none empty."


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "en-da.tsv").write_bytes("Ease\tRo på\tx\n".encode("latin-1"))
    with pytest.raises(DocumentError, match=r"en-da\.tsv cannot be read: 'utf-8' codec"):
        read_pairs(tmp_path)


def test_a_language_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "en-de.tsv").write_text("Trust\tVertrauen\tx\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"the name must be en-xx\.tsv, with xx of da, nb, sv, nn\."):
        read_pairs(tmp_path)


def test_a_folder_without_pairs_is_refused(tmp_path):
    with pytest.raises(DocumentError) as error:
        read_pairs(tmp_path)
    assert str(error.value) == f"There are no files en-xx.tsv in {tmp_path}. Without them: --pairs none"


def test_own_sentences_have_five_languages(tmp_path):
    (tmp_path / "a.tsv").write_text(f"{HEADER}\nI\tjeg\tjeg\teg\tjag\n", encoding="utf-8")
    assert read_own(tmp_path) == [{"en": "I", "da": "jeg", "nb": "jeg", "nn": "eg", "sv": "jag"}]


def test_own_sentences_under_another_header_are_refused(tmp_path):
    file = tmp_path / "a.tsv"
    file.write_text("en\tda\tnb\tsv\tnn\nI\tjeg\tjeg\tjag\teg\n", encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_own(tmp_path)
    assert str(error.value) == f"{file}:1: the first line must be the languages en da nb nn sv, tab-separated."


def test_the_sentences_of_the_package_are_well_formed():
    assert len(read_own()) > 1000
