"""What a maintainer types into the form: tidied, checked field by field, and made metadata of."""

from __future__ import annotations

from datetime import date

import pytest

from app.upload_fields import FIELDS, fault, faults, fields_of, metadata_of, tidied
from kb.records import Document
from kb.schema import OwnMetadata

PLAN = Document(
    "plan", "nb", "En plan", "Text", "0", "unknown", "unknown", "unknown", "source", country="NO", year=2021
)


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("year", "mars 2024", "2024"),
        ("year", " 2024 ", "2024"),
        ("year", "1.3.2024, rev. 2024", "2024"),
        ("year", "2023–2024", "2023–2024"),
        ("year", "sak 20241", "sak 20241"),
        ("year", "i fjor", "i fjor"),
        ("source_url", " www.example.org/a ", "https://www.example.org/a"),
        ("source_url", "fjellvik.kommune.no", "https://fjellvik.kommune.no"),
        ("source_url", "http://example.org", "http://example.org"),
        ("source_url", "javascript:alert(1)", "javascript:alert(1)"),
        ("source_url", "side 4", "side 4"),
        ("source_url", "ola@example.org", "ola@example.org"),
        ("title", " Mars\n2024 ", "Mars 2024"),
    ],
)
def test_what_was_typed_is_taken_as_it_was_meant(name, typed, meant):
    assert tidied(name, typed) == meant


@pytest.mark.parametrize(
    ("name", "given", "wrong"),
    [
        ("year", "mars 2024", None),
        ("year", 2021, None),
        ("year", "", None),
        ("year", None, None),
        ("year", str(date.today().year + 1), "year-wrong"),
        ("year", "1799", "year-wrong"),
        ("year", "2023–2024", "year-wrong"),
        ("year", "24", "year-wrong"),
        ("year", "٢٠٢٤", "year-wrong"),
        ("source_url", "", None),
        ("source_url", "www.example.org", None),
        ("source_url", "https://example.org:8080/å?a=b#c", None),
        ("source_url", "https://example", "address-wrong"),
        ("source_url", "https://example.org/a b", "address-wrong"),
        ("source_url", "javascript:alert(1)", "address-wrong"),
        ("source_url", "ftp://example.org", "address-wrong"),
        ("title", "", None),
    ],
)
def test_each_field_is_checked_by_itself(name, given, wrong):
    assert fault(name, given) == wrong


def test_the_fields_at_fault_are_named():
    assert faults({"title": "", "year": "soon", "source_url": "x", "country": None, "sectors": []}) == [
        "year",
        "source_url",
    ]


def test_all_that_stands_in_the_form_is_said():
    fields = fields_of(PLAN)
    assert tuple(fields) == FIELDS
    said = metadata_of(fields | {"year": "i 2020", "source_url": "www.example.org", "publisher": "  "}, PLAN)
    assert said == fields | {"year": 2020, "source_url": "https://www.example.org", "publisher": None}
    assert OwnMetadata.model_validate(said).year == 2020


def test_an_emptied_title_is_the_one_before_and_an_emptied_year_is_none():
    said = metadata_of(fields_of(PLAN) | {"title": " ", "year": ""}, PLAN)
    assert (said["title"], said["year"]) == ("En plan", None)
