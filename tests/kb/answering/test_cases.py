"""A search for cases finds a card of each case, of the countries and services that a question keeps to."""

from __future__ import annotations

import pytest

from kb.answering.cases import CARD_WORDS, CASES, Kept, find_cases, kept_to, narrowed
from kb.answering.ranking import Ranked
from kb.records import BlockQuestion, Document
from kb.retrieval.filters import NO_FILTERS, Filters
from kb.shipped import sha256_of
from kb.store.embeddings import embed_texts
from tests.conftest import HashEmbedder
from tests.kb.answering.texts import candidate, document_of, ranked_of, read_of, reading_of, sentence, texts


@pytest.mark.parametrize(
    ("question", "countries", "sectors"),
    [
        ("Which Danish cases are there?", ("DK",), ()),
        ("Hvilke eksempler er der i Norge?", ("NO",), ()),
        ("Vilka exempel finns i Sverige?", ("SE",), ()),
        ("Examples from Oslo and Sweden", ("NO", "SE"), ()),
        ("Examples from the NHS or the Netherlands", ("GB", "NL"), ()),
        ("EXAMPLES FROM FINLAND", ("FI",), ()),
        ("Self-managing teams in home care", (), ("home-care",)),
        ("Selvstyrende teams i hjemmeplejen", (), ("home-care",)),
        ("Självstyrande grupper i hemtjänsten", (), ("home-care",)),
        ("Danish schools and Swedish police", ("DK", "SE"), ("schools", "police")),
        ("Nursing homes and hospitals", (), ("elder-care", "hospitals")),
        ("Examples of trust", (), ()),
        ("Trust on the island of Bornholm", (), ()),
        ("Cases from Iceland", ("IS",), ()),
        ("Korte arbeidsuker på Island", ("IS",), ()),
        ("Samarbejdet med forældre", (), ()),
        ("Vilka städer styr med tillit?", (), ()),
        ("Städning med tillit", (), ("parks-and-roads",)),
        ("Which examples are relevant?", (), ()),
        ("Relevante eksempler med elever", (), ("schools",)),
        ("", (), ()),
    ],
)
def test_a_question_keeps_to_the_countries_and_services_that_it_names(question, countries, sectors):
    assert kept_to(question) == Kept(countries, sectors)


@pytest.mark.parametrize(
    "question",
    [
        "Home care outside Denmark",
        "Home care anywhere except Norway",
        "Hjemmepleje uden for Danmark",
        "Hjemmetjeneste bortsett fra i Norge",
        "Hemtjänst utanför Sverige",
    ],
)
def test_a_country_that_is_left_out_is_not_kept_to(question):
    assert kept_to(question) == Kept((), ("home-care",))


KEPT = Kept(("DK", "SE"), ("schools",))


@pytest.mark.parametrize(
    ("filters", "kept", "expected"),
    [
        (NO_FILTERS, Kept((), ("schools",)), NO_FILTERS),
        (NO_FILTERS, KEPT, Filters({"country": ("DK", "SE")})),
        (Filters({"kind": ("case",)}, 2015, None), KEPT, Filters({"kind": ("case",), "country": ("DK", "SE")}, 2015)),
        (Filters({"country": ("NO",)}), KEPT, Filters({"country": ("NO",)})),
    ],
    ids=["no-country", "no-filters", "with-others", "chosen-by-hand"],
)
def test_filters_keep_to_the_countries_unless_some_were_chosen_by_hand(filters, kept, expected):
    assert narrowed(filters, kept) == expected


QUESTION = "Which examples of trust are there?"


def case(name: str, score: float = 1.0, **fields) -> tuple[Document, float]:
    return document_of(f"{name}.", id=name, title=name, **{"kind": "report", **fields}), score


def cards(catalogue, *cases: tuple[Document, float], question: str = QUESTION, **fields) -> list[str]:
    """Return the cards of documents whose only block is as likely as any other and was retrieved with a score."""
    ranked = ranked_of(*((read_of(document, score), (0.1,)) for document, score in cases))
    return texts(find_cases(reading_of(catalogue, question, ranked, **fields)))


def test_where_nothing_was_read_there_are_no_cases(catalogue):
    assert find_cases(reading_of(catalogue, QUESTION)) == []


def test_cases_come_in_the_order_of_their_best_passage(catalogue):
    assert cards(catalogue, case("low", 0.5), case("high", 1.5), case("middle")) == ["high.", "middle.", "low."]


def test_cases_that_are_worth_the_same_keep_their_order(catalogue):
    assert cards(catalogue, case("one"), case("two"), case("three")) == ["one.", "two.", "three."]


@pytest.mark.parametrize(("lead", "first"), [(0.25, "case."), (0.35, "report.")])
def test_a_document_that_is_a_case_counts_for_a_little_more(catalogue, lead, first):
    assert cards(catalogue, case("report", 1 + lead), case("case", 1.0, kind="case"))[0] == first


@pytest.mark.parametrize(("lead", "first"), [(1.9, "school."), (2.1, "other.")])
def test_a_document_on_the_service_that_is_asked_for_counts_for_more(catalogue, lead, first):
    given = (case("other", 1 + lead, sectors=("police",)), case("school", 1.0, sectors=("tax", "schools")))
    assert cards(catalogue, *given, question="Examples of trust in schools")[0] == first


@pytest.mark.parametrize(("lead", "first"), [(5.9, "example."), (6.1, "other.")])
@pytest.mark.parametrize("by", ["example", "title"])
def test_a_document_that_is_an_example_of_what_is_asked_for_or_called_so_counts_for_most(catalogue, lead, first, by):
    embedder = HashEmbedder()
    embed_texts(catalogue, embedder, {sha256_of("trust"): "trust"})
    fields = {"title": "trust"} if by == "title" else {"block_questions": (BlockQuestion(None, None, "trust"),)}
    example = document_of("example.", id="example", kind="report", **fields)
    vector = embedder.embed_question("trust")
    assert cards(catalogue, case("other", 1 + lead), (example, 1.0), vector=vector)[0] == first


def test_a_question_for_a_block_does_not_make_a_document_an_example(catalogue):
    embedder = HashEmbedder()
    embed_texts(catalogue, embedder, {sha256_of("trust"): "trust"})
    block = case("block", 1.0, block_questions=(BlockQuestion(0, 0, "trust"),))
    assert cards(catalogue, case("other", 1.1), block, vector=embedder.embed_question("trust")) == ["other.", "block."]


def test_of_each_case_the_likeliest_block_is_quoted_once(catalogue):
    one = read_of(document_of("## A\n\nOne.\n\n## B\n\nTwo.", id="one"), 1.0, 0.5)
    ranked = ranked_of((one, (0.2, 0.4)), (read_of(document_of("Three.", id="two"), 0.9), (0.3,)))
    assert texts(find_cases(reading_of(catalogue, QUESTION, ranked))) == ["Two.", "Three."]


def test_a_card_has_the_sentences_that_tell_most_of_the_question(catalogue):
    read = read_of(document_of(f"{sentence(20)} {sentence(CARD_WORDS - 10, 'trust')} {sentence(20)}"), 1.0)
    ranked = ranked_of((read, (1.0,)))
    assert texts(find_cases(reading_of(catalogue, QUESTION, ranked))) == [sentence(CARD_WORDS - 10, "trust")]


def test_a_case_of_which_only_the_lead_of_a_list_is_likely_has_no_card(catalogue):
    items = "\n".join(f"- {sentence(25, str(number))}" for number in range(6))
    read = read_of(document_of(f"We promise:\n\n{items}"), *[1.0] * 7)
    assert find_cases(reading_of(catalogue, QUESTION, [Ranked(candidate(read, 0), 0.5)])) == []


@pytest.mark.parametrize(("given", "shown"), [(CASES - 1, CASES - 1), (CASES, CASES), (40, CASES)])
def test_so_many_cards_are_shown_at_most(catalogue, given, shown):
    names = [f"case {number:02}" for number in range(given)]
    assert cards(catalogue, *map(case, names)) == [f"{name}." for name in names][:shown]
