"""The glossary: what is found in a question, what a search gives, which faults are told, and the shipped one."""

from __future__ import annotations

import pytest

from kb.analysis import tokens
from kb.errors import KBError
from kb.vocabulary import LANGUAGES
from kb.words.glossary import check_glossary, load_glossary

MEANING = "Words that say in a plain sentence what this is."
ENTRY = """
- id: {id}
  en: {{terms: [{en}], definition: "{meaning}"}}
  da: {{terms: [{da}], definition: "{meaning}"}}
  nb: {{terms: [{nb}], definition: "{meaning}"}}
  sv: {{terms: [{sv}], definition: "{meaning}"}}
"""


def entry(name, en, da="x1", nb="x2", sv="x3", meaning=MEANING):
    return ENTRY.format(id=name, en=en, da=da, nb=nb, sv=sv, meaning=meaning)


@pytest.fixture
def written(tmp_path):
    def written(*entries):
        (tmp_path / "words.yaml").write_text("".join(entries), encoding="utf-8")
        return load_glossary(tmp_path)

    return written


@pytest.fixture(scope="module")
def shipped():
    return load_glossary()


def named(glossary, question, language):
    return [match.concept.id for match in glossary.find(tokens(question), language)]


def test_a_term_is_found_in_its_inflected_forms_with_its_place(written):
    glossary = written(entry("home-care", "home care", da="hjemmepleje"))
    (match,) = glossary.find(tokens("Hvad betyder tillid for hjemmeplejens medarbejdere?"), "da")
    assert (match.concept.id, match.first, match.last) == ("home-care", 4, 4)


def test_the_longest_term_is_meant_and_nothing_in_it_besides(written):
    glossary = written(entry("trust", "trust"), entry("trust-reform", "trust reform"))
    matches = glossary.find(tokens("Is a trust reform built on trust?"), "en")
    assert [(m.concept.id, m.first, m.last) for m in matches] == [("trust-reform", 2, 3), ("trust", 6, 6)]


def test_of_terms_with_a_form_in_common_the_one_that_is_written_so_is_meant(written):
    glossary = written(entry("union", "union", nb="fagforbund"), entry("the-union", "other", nb="Fagforbundet"))
    assert named(glossary, "Hva mener Fagforbundet?", "nb") == ["the-union"]
    assert named(glossary, "Hva mener et fagforbund?", "nb") == ["union"]


def test_a_form_of_two_terms_that_is_neither_is_not_guessed(written):
    glossary = written(entry("one", "x", sv="plan"), entry("two", "y", sv="plana"))
    assert named(glossary, "planar", "sv") == []


def test_an_adjective_agrees_with_any_noun(written):
    glossary = written(entry("red-tape", "red tape", da="unødigt bureaukrati, administrativ byrde"))
    assert named(glossary, "unødige bureaukratiet", "da") == ["red-tape"]
    assert named(glossary, "de administrative byrder", "da") == ["red-tape"]


def test_an_abbreviation_is_not_inflected(written):
    glossary = written(entry("kl", "KL", nb="KL"))
    assert named(glossary, "Er KLs kommuner klar?", "nb") == ["kl"]


def test_a_verb_that_looks_like_a_term_is_none(shipped):
    assert named(shipped, "Hvordan bruger de tiden?", "da") == []
    assert named(shipped, "Hvad mener brugerne?", "da") == ["service-user"]


def test_norwegian_has_both_its_languages(shipped):
    assert named(shipped, "Kva er ei tillitsreform i heimetenesta?", "nb") == ["trust-reform", "home-care"]
    (concept,) = (concept for concept in shipped.concepts if concept.id == "home-care")
    assert concept.terms("nb")[0] == "hjemmetjeneste"
    assert concept.terms("nb")[-1] == "heimeomsorg"


def test_in_another_language_nothing_is_found(shipped):
    assert shipped.find(["vertrauen", "trust"], "de") == ()


def test_a_search_gives_the_nearest_first(written):
    glossary = written(
        entry("distrust", "distrust"), entry("reform", "trust reform"), entry("trust", "trust"), entry("other", "other")
    )
    assert [concept.id for concept in glossary.search(" Trust", "en")] == ["trust", "reform", "distrust"]


def test_a_search_puts_its_own_language_before_others_that_are_as_near(written):
    glossary = written(entry("a", "chef"), entry("b", "manager", sv="chef"))
    assert [concept.id for concept in glossary.search("chef", "sv")] == ["b", "a"]


def test_a_search_without_text_gives_all_by_their_usual_term(written):
    glossary = written(entry("a", "zebra"), entry("b", "apple"))
    assert [concept.id for concept in glossary.search("", "en")] == ["b", "a"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (entry("Home Care", "home care"), "concept Home Care: id: string should match pattern"),
        (entry("a", "x") + "  fi: {terms: [y]}\n", "concept a: fi: extra inputs are not permitted"),
        (entry("a", "x").replace("  sv:", "  nn:"), "concept a: nn.definition: extra inputs are not permitted"),
        (entry("a", ""), "concept a: en.terms: list should have at least 1 item"),
        ("- just a word\n", "concept just a word: entry: input should be"),
        ("id: a\n", "must be a list of concepts"),
        ("- {id: a\n", "cannot be read as YAML"),
    ],
    ids=["id", "language", "nynorsk", "no-terms", "word", "mapping", "yaml"],
)
def test_a_fault_is_told_with_file_and_concept(written, content, problem):
    with pytest.raises(KBError) as told:
        written(content)
    assert "words.yaml" in str(told.value)
    assert problem in str(told.value)


def test_a_folder_without_files_is_told(tmp_path):
    with pytest.raises(KBError, match="There is no glossary in"):
        load_glossary(tmp_path)


def test_the_check_tells_every_problem(written):
    glossary = written(
        entry("a", "trust", da="tillid, Tillid"), entry("a", "Trust", meaning="Too short."), entry("b", "cafe\u0301")
    )
    problems = check_glossary(glossary)
    assert "a: the id stands 2 times" in problems
    assert "a: a term (da) stands twice" in problems
    assert "a: the definition (en) has 2 words; 6 to 30 are allowed" in problems
    assert "b: is not in Unicode NFC: cafe\u0301" in problems
    assert "b: 'x1' (da) stands in a too" in problems


def test_the_fingerprint_is_that_of_the_content(written):
    first = written(entry("a", "trust")).fingerprint
    assert written(entry("a", "trust")).fingerprint == first
    assert written(entry("a", "faith")).fingerprint != first


def test_the_shipped_glossary_has_no_problem(shipped):
    assert check_glossary(shipped) == []


def test_each_usual_term_of_the_shipped_glossary_is_found_as_its_concept(shipped):
    lost = [
        (language, term)
        for concept in shipped.concepts
        for language in LANGUAGES
        for term in concept.terms(language)[:1]
        if named(shipped, term, language) != [concept.id]
    ]
    everyday = {("en", "judge"), ("da", "bruger"), ("da", "bestiller"), ("nb", "bruker"), ("nb", "bestiller")}
    assert set(lost) == everyday


def test_the_shipped_glossary_is_read_once(shipped):
    assert load_glossary() is shipped
