"""The closed vocabularies: every section has a heading of its own in every language."""

from __future__ import annotations

import pytest

from kb.vocabulary import (
    HEADINGS,
    KINDS,
    LANGUAGE_ALIASES,
    LANGUAGE_NAMES,
    LANGUAGES,
    QUALIFYING_ROLES,
    SECTIONS,
    TRANSLATIONS,
    section_role,
)


def test_english_is_the_language_that_the_others_translate():
    assert LANGUAGES[0] == "en"
    assert LANGUAGES[1:] == TRANSLATIONS


def test_every_language_has_a_name():
    assert set(LANGUAGE_NAMES) == {*LANGUAGES, "und"}
    assert set(LANGUAGE_ALIASES.values()) == set(LANGUAGES)


def test_every_kind_has_sections_and_every_section_a_heading_in_each_language():
    assert set(SECTIONS) == set(KINDS)
    roles = {role for kind in KINDS for role in SECTIONS[kind]}
    assert roles == set(HEADINGS) >= QUALIFYING_ROLES
    assert all(set(headings) == set(LANGUAGES) for headings in HEADINGS.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_heading_tells_the_role_of_its_section(kind, language):
    assert [section_role(HEADINGS[role][language], kind, language) for role in SECTIONS[kind]] == [*SECTIONS[kind]]


@pytest.mark.parametrize(
    ("heading", "kind", "language"),
    [
        ("Caveats", "case", "da"),
        ("Caveats", "report", "en"),
        ("Background", "case", "en"),
        ("Caveats", "unknown", "en"),
    ],
    ids=["other-language", "other-kind", "own-heading", "own-document"],
)
def test_any_other_heading_tells_none(heading, kind, language):
    assert section_role(heading, kind, language) is None
