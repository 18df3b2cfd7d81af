"""`tillit glossary`: what it prints for a term, for all, for none, and as JSON."""

from __future__ import annotations

import json

import pytest

from app.cli import main
from kb.words.glossary import load_glossary


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments):
        assert main(["glossary", *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_a_concept_is_shown_with_synonyms_definition_and_other_languages(run):
    out = run("tillidsreform", "--language", "da")
    assert out.splitlines()[:2] == [
        "tillidsreform, tillidsdagsorden",
        "  En reform, der i det offentlige erstatter detaljerede regler og kontrol med større tillid til de",
    ]
    assert "  English: trust reform, trust-based reform, trust agenda\n" in out
    assert "  Svenska: tillitsreform, tillitsagenda\n" in out


def test_a_term_of_any_language_is_found_and_explained_in_english(run):
    assert run("hjemmehjælp").startswith("home care, home care service, ")


def test_without_a_text_all_concepts_are_listed(run):
    assert len(run().split("\n\n")) == len(load_glossary().concepts)


def test_one_sentence_says_that_nothing_matches(run):
    assert run("zebra") == "No term in the glossary has 'zebra' in it.\n"
    assert run("zebra", "--language", "sv") == "Inget ord i ordlistan innehåller 'zebra'.\n"


def test_json_has_all_terms_and_definitions(run):
    found = json.loads(run("New Public Management", "--json"))
    assert found["text"] == "New Public Management"
    (concept,) = found["concepts"]
    assert concept["id"] == "new-public-management"
    assert concept["terms"]["da"] == ["New Public Management", "NPM"]
    assert set(concept["definitions"]) == {"en", "da", "nb", "sv"}


def test_a_language_that_is_not_ours_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["glossary", "--language", "fi"])
    assert stop.value.code == 2
