"""What a word of a question finds besides itself: synonyms, parts of compounds, other spellings; and phrases."""

from __future__ import annotations

import pytest

from kb import knowledge_base
from kb.words.glossary import Glossary
from tests.kb.library import reopened
from tests.kb.retrieval.shelf import concept, found, shelf
from tests.stored import Polyglot

pytestmark = pytest.mark.usefixtures("quick_publish")

HOME = concept(
    "nursing-home",
    en=("nursing home", "residential unit"),
    da=("plejehjem", "ældrecenter"),
    nb=("sykehjem",),
    sv=("äldreboende",),
)


@pytest.fixture
def homes(tmp_path, monkeypatch):
    """Texts on the same matter in other words and languages, under a glossary of one concept."""
    monkeypatch.setattr(knowledge_base, "load_glossary", lambda: Glossary((HOME,)))
    texts = [
        ("same", "da", "Et plejehjem lukker."),
        ("synonym", "da", "Et ældrecenter lukker."),
        ("norwegian", "nb", "Et sykehjem stenger."),
        ("swedish", "sv", "Ett äldreboende stänger."),
        ("english", "en", "A nursing home closes."),
        ("apart", "en", "The home of a nursing mother."),
        ("other", "da", "En skole lukker."),
    ]
    return shelf(tmp_path, *texts)


def test_a_word_finds_its_synonyms_in_every_language(homes):
    assert {document_id for document_id, _ in found(homes, "plejehjem", "da")} == {
        *("same", "synonym", "norwegian", "swedish", "english")
    }


def test_the_word_itself_comes_before_its_synonyms_in_its_language(homes):
    ids = [document_id for document_id, _ in found(homes, "plejehjem", "da")]
    assert ids.index("same") < ids.index("synonym")


def test_without_the_glossary_a_word_finds_itself(homes, monkeypatch):
    monkeypatch.setattr(knowledge_base, "load_glossary", lambda: Glossary(()))
    assert found(homes, "plejehjem", "da") == [("same", "da")]


def test_an_answer_tells_the_synonyms_that_were_searched_in_the_askers_language(homes):
    answer = homes.ask("Hvad sker der med det plejehjem?", language="da")
    assert answer.also_searched == ("ældrecenter",)
    assert dict(answer.trace)["also searched"] == ("nursing home, residential unit, ældrecenter, sykehjem, äldreboende")


def test_a_synonym_is_found_and_quoted_in_another_language(homes):
    swedish = {"language": "da", "filters": {"language": "sv"}}
    answer = reopened(homes, support_by_words=0.0).ask("plejehjem", **swedish)
    assert [(source.id, source.language) for source in answer.sources] == [("swedish", "sv")]
    refusal = reopened(homes, support_by_words=1.0).ask("plejehjem", **swedish).refusal
    assert (refusal.found_terms, refusal.missing_terms) == (("plejehjem",), ())


COMPOUNDS = (
    ("whole", "da", "Tillidsreformen kom."),
    ("parts", "da", "En reform med tillid."),
    ("other", "da", "En skole lukker."),
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [("tillidsreform", ["whole", "parts"]), ("tillid", ["parts", "whole"]), ("reformer", ["parts", "whole"])],
    ids=["compound", "first-part", "last-part"],
)
def test_a_compound_finds_its_parts_and_a_part_the_compound_but_first_what_is_written_so(tmp_path, question, expected):
    assert [document_id for document_id, _ in found(shelf(tmp_path, *COMPOUNDS), question, "da")] == expected


def test_nynorsk_finds_bokmaal_and_the_other_way_round(tmp_path):
    texts = [("bokmaal", "nb", "Et sykehjem stenger."), ("nynorsk", "nb", "Ein sjukeheim stengjer.")]
    kb = shelf(tmp_path, *texts, ("other", "nb", "En skole stenger."))
    for question in ("sjukeheim", "sykehjem"):
        assert {document_id for document_id, _ in found(kb, question, "nb")} == {"bokmaal", "nynorsk"}


@pytest.fixture
def ferries(tmp_path):
    texts = [
        ("ferry", "en", "The ferry carries the schoolchildren."),
        ("bus", "en", "The bus carries the mail."),
        ("fund", "sv", "Tillitsfonden stänger."),
    ]
    return shelf(tmp_path, *texts, embedder=Polyglot())


@pytest.mark.parametrize(
    ("wrong", "right", "language"),
    [
        ("Who carries the scoolchildren?", "Who carries the schoolchildren?", "en"),
        ("Who carries the shcoolchildren?", "Who carries the schoolchildren?", "en"),
        ("ferrry", "ferry", "en"),
        ("Tilitsfonden?", "Tillitsfonden?", "sv"),
    ],
    ids=["missing-letter", "exchanged-letters", "doubled-letter", "swedish"],
)
def test_a_word_that_is_misspelt_finds_what_the_right_one_finds(ferries, wrong, right, language):
    assert ferries.search(wrong, language=language) == ferries.search(right, language=language) != []


def test_an_answer_tells_what_was_mended(ferries):
    answer = ferries.ask("Who carries the scoolchildren?", language="en")
    assert answer.mended == (("scoolchildren", "schoolchildren"),)
    assert dict(answer.trace)["mended"] == "scoolchildren: schoolchildren"
    assert answer.question == "Who carries the scoolchildren?"
    assert ferries.ask("Who carries the mail?", language="en").mended == ()


@pytest.fixture
def orchards(tmp_path):
    texts = [
        ("in-order", "en", "The orchard keeps bees in old hives."),
        ("in-order", "da", "Haven har bier i gamle stader."),
        ("turned", "en", "Bees keep to the orchard, and old hives decay."),
        ("neither", "en", "A school closes."),
    ]
    return shelf(tmp_path, *texts)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('Where are "keeps bees"?', {"in-order"}),
        ("Where are “OLD hives”?", {"in-order", "turned"}),
        ("Where are »keeps bees« and «old hives»?", {"in-order"}),
        ('Who "keep to the orchard" or "keeps bees"?', {"in-order", "turned", "neither"}),
        ('Where are "hives bees"?', {"in-order", "turned", "neither"}),
        ('Where are ""bees?', {"in-order", "turned", "neither"}),
        ("Where are bees?", {"in-order", "turned", "neither"}),
    ],
    ids=["one", "letter-case", "several", "no-text-has-all", "nowhere", "empty", "none"],
)
def test_a_phrase_in_quotes_restricts_where_any_text_has_it(orchards, question, expected):
    assert {document_id for document_id, _ in found(orchards, question, "en")} == expected


def test_a_phrase_restricts_by_the_texts_of_all_languages(orchards):
    assert found(orchards, 'What is "gamle stader"?', "en") == [("in-order", "en")]


def test_a_phrase_that_only_filtered_texts_have_does_not_restrict(orchards):
    assert found(orchards, 'Er "keep to" i haven?', "da", filters={"language": "da"}) == [("in-order", "da")]
    assert found(orchards, 'Er "keep to" i haven?', "da") == [("turned", "en")]
