"""A question finds texts in every language; each passage comes once, in the language nearest to the asker's."""

from __future__ import annotations

import pytest

from kb import knowledge_base
from kb.retrieval.weights import Weights
from kb.vocabulary import LANGUAGES
from tests.kb.library import reopened
from tests.kb.retrieval.shelf import found, shelf
from tests.stored import Polyglot

pytestmark = pytest.mark.usefixtures("quick_publish")

STANDS_IN = {
    "all": ("en", "da", "nb", "sv"),
    "no-nb": ("en", "da", "sv"),
    "no-da": ("en", "nb", "sv"),
    "en-sv": ("en", "sv"),
    "en": ("en",),
    "fi": ("fi",),
}
READ_IN = {
    "nb": {"all": "nb", "no-nb": "da", "no-da": "nb", "en-sv": "sv", "en": "en", "fi": "fi"},
    "da": {"all": "da", "no-nb": "da", "no-da": "nb", "en-sv": "sv", "en": "en", "fi": "fi"},
    "sv": {"all": "sv", "no-nb": "sv", "no-da": "sv", "en-sv": "sv", "en": "en", "fi": "fi"},
    "en": {"all": "en", "no-nb": "en", "no-da": "en", "en-sv": "en", "en": "en", "fi": "fi"},
    "fi": {"all": "en", "no-nb": "en", "no-da": "en", "en-sv": "en", "en": "en", "fi": "fi"},
}


@pytest.fixture
def everywhere(tmp_path):
    """Texts that all say the same, in different languages."""
    return shelf(tmp_path, *((i, code, "Bornholm.") for i, codes in STANDS_IN.items() for code in codes))


@pytest.mark.parametrize("asked_in", [*READ_IN])
def test_a_passage_comes_once_in_the_language_nearest_to_the_askers(everywhere, asked_in):
    passages = found(everywhere, "Bornholm", asked_in)
    assert len(passages) == len(STANDS_IN)
    assert dict(passages) == READ_IN[asked_in]


@pytest.mark.parametrize("asked_in", ["nb", "en"])
@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (["sv"], {"all": "sv", "no-nb": "sv", "no-da": "sv", "en-sv": "sv"}),
        (["sv", "da"], {"all": "da", "no-nb": "da", "no-da": "sv", "en-sv": "sv"}),
        (["fi"], {"fi": "fi"}),
    ],
    ids=["one", "two", "another"],
)
def test_a_filter_by_language_leaves_the_texts_in_it(everywhere, asked_in, languages, expected):
    assert dict(found(everywhere, "Bornholm", asked_in, filters={"language": languages})) == expected


def test_search_languages_restricts_every_search(everywhere):
    kb = reopened(everywhere, search_languages="sv, da")
    expected = {"all": "da", "no-nb": "da", "no-da": "sv", "en-sv": "sv"}
    assert dict(found(kb, "Bornholm", "nb")) == expected
    assert {(p.chunk.document_id, p.chunk.language) for p in kb.ask("Bornholm", language="nb").passages} == set(
        expected.items()
    )


@pytest.mark.parametrize("nothing", [None, [], ()])
def test_a_filter_of_no_language_leaves_search_languages_as_they_are(everywhere, nothing):
    kb = reopened(everywhere, search_languages="sv")
    assert {language for _, language in found(kb, "Bornholm", "en", filters={"language": nothing})} == {"sv"}


def test_a_filter_by_language_goes_before_search_languages(everywhere):
    kb = reopened(everywhere, search_languages="sv")
    assert {language for _, language in found(kb, "Bornholm", "en", filters={"language": "da"})} == {"da"}


@pytest.mark.parametrize("asked_in", LANGUAGES)
def test_a_text_in_another_language_is_found_by_a_word_that_both_have(tmp_path, asked_in):
    kb = shelf(tmp_path, ("a", "da", "Bornholm."), ("b", "sv", "Gotland."), ("c", "en", "Orkney."))
    assert found(kb, "Gotland", asked_in)[0] == ("b", "sv")


def test_a_text_in_another_language_is_found_by_its_vector(tmp_path):
    words = {
        "en": ("Bees.", "Pears.", "Beer."),
        "sv": ("Kronor.", "Björnar.", "Ostar."),
        "da": ("Ost.", "Te.", "Kaffe."),
    }
    texts = [(f"{code}-{number}", code, text) for code, own in words.items() for number, text in enumerate(own)]
    kb = shelf(tmp_path, *texts, embedder=Polyglot(), dense_weight=1.0)
    assert found(kb, "pears", "nb")[0] == ("en-1", "en")
    assert found(kb, "björnar", "nb")[0] == ("sv-1", "sv")


def test_a_text_that_no_model_reads_is_found_by_its_words_beside_texts_that_one_reads(tmp_path):
    texts = [("a", "en", "The ferry sails."), ("b", "fi", "Lautta lähtee."), ("c", "da", "Færgen sejler.")]
    kb = shelf(tmp_path, *texts)
    assert ("b", "fi") in found(kb, "lautta", "en")
    assert ("c", "da") in found(kb, "Færgen", "en")
    assert ("b", "fi") not in found(kb, "ferry", "en")


def test_words_in_another_language_count_for_the_passage_in_the_askers(tmp_path):
    texts = [("a", "en", "Apples."), ("a", "da", "Færgen sejler."), ("b", "en", "Pears."), ("b", "da", "Bussen kører.")]
    kb = shelf(tmp_path, *texts, dense_weight=0.0)
    assert found(kb, "færgen", "en")[0] == ("a", "en")
    assert found(kb, "bussen", "en")[0] == ("b", "en")


@pytest.fixture
def own_alone(monkeypatch) -> None:
    """Weights under which texts in other languages than the asker's have no share."""
    dense = {asked_in: dict.fromkeys(LANGUAGES, 0.5) for asked_in in LANGUAGES}
    texts = {asked_in: {code: float(code == asked_in) for code in LANGUAGES} for asked_in in LANGUAGES}
    monkeypatch.setattr(knowledge_base, "weights_for", lambda model: Weights(dense, texts))


FERRIES = (
    ("both", "nb", "Båten seiler."),
    ("both", "da", "Færgen sejler."),
    ("foreign", "da", "Færgen venter."),
    ("foreign", "sv", "Färjan väntar."),
)


def test_words_in_a_language_with_a_share_find_what_stands_in_the_askers_too(tmp_path):
    kb = shelf(tmp_path, *FERRIES)
    assert {*found(kb, "færgen", "nb")} == {("both", "nb"), ("foreign", "da")}


@pytest.mark.usefixtures("own_alone")
def test_a_language_without_a_share_is_searched_for_what_stands_in_no_other(tmp_path):
    kb = shelf(tmp_path, *FERRIES)
    assert found(kb, "færgen", "nb") == [("foreign", "da")]
    assert found(kb, "båten", "nb") == [("both", "nb")]


@pytest.mark.usefixtures("own_alone")
def test_of_languages_without_a_share_the_nearest_to_the_askers_is_searched(tmp_path):
    kb = shelf(tmp_path, *FERRIES)
    assert found(kb, "färjan", "nb") == []
    assert found(kb, "färjan", "sv") == [("foreign", "sv")]


@pytest.mark.usefixtures("own_alone")
def test_a_language_without_a_share_is_searched_where_a_filter_leaves_no_other(tmp_path):
    kb = shelf(tmp_path, *FERRIES)
    assert {*found(kb, "færgen", "nb", filters={"language": "da"})} == {("both", "da"), ("foreign", "da")}
    assert found(kb, "färjan", "nb", filters={"language": ["sv"]}) == [("foreign", "sv")]


LONG = {
    "en": "Short and whole.",
    "da": " ".join(f"Sætning nummer {number} er lang og handler om Bornholm." for number in range(30)),
}


def test_a_document_that_stands_in_the_askers_language_is_read_in_it_alone(tmp_path):
    """A block that is cut into pieces in one language only has passages that no other language has."""
    kb = shelf(tmp_path, *(("a", language, text) for language, text in LONG.items()))
    assert {language for _, language in found(kb, "Bornholm", "en")} == {"en"}
