"""Errors are one tree, each with a code of its own, drawn where they are defined."""

from __future__ import annotations

import re
from pathlib import Path

from kb import errors
from kb.errors import IndexMissingError, KBError


def all_errors(base: type[KBError] = KBError) -> list[type[KBError]]:
    return [base, *(found for child in base.__subclasses__() for found in all_errors(child))]


def test_each_error_has_a_code_of_its_own():
    codes = [error.code for error in all_errors()]
    assert len(set(codes)) == len(codes)


def test_the_tree_that_is_drawn_is_the_tree_there_is():
    drawn = re.findall(r"\b\w*Error\b", str(errors.__doc__))
    assert sorted(drawn) == sorted(error.__name__ for error in all_errors())


def test_a_missing_index_says_where_and_what_to_do():
    assert str(IndexMissingError(Path("/data"))) == "There is no index in /data yet. Build it with: tillit build"
