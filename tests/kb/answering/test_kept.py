"""A question keeps to the countries and services that it names; filters that were set by hand come first."""

from __future__ import annotations

import pytest

from kb.answering.kept import Kept, kept_to, narrowed
from kb.retrieval.filters import NO_FILTERS, Filters


@pytest.mark.parametrize(
    ("question", "countries", "sectors"),
    [
        ("Which Danish cases are there?", ("DK",), ()),
        ("Hvilke eksempler er der i Norge?", ("NO",), ()),
        ("Vilka exempel finns i Sverige?", ("SE",), ()),
        ("Examples from Oslo and Sweden", ("SE",), ()),
        ("Cases from London, Oslo and Bergen", (), ()),
        ("Examples from Norway and Sweden", ("NO", "SE"), ()),
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
