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


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("Which cases are there since 2020?", (2020, None)),
        ("Which cases are there after 2020 and before 2023?", (2020, 2022)),
        ("Hvilke eksempler er der siden 2018?", (2018, None)),
        ("Hvilke eksempler finnes fra og med 2018 til og med 2020?", (2018, 2020)),
        ("Vilka exempel finns före 2016?", (None, 2015)),
        ("Vilka exempel finns mellan 2019 och 2016?", (2016, 2019)),
        ("Examples between 2016 and 2019", (2016, 2019)),
        ("Which cases of the agreement from 2013 are there?", (None, None)),
        ("Cases since the 1990s", (None, None)),
        ("Cases after 2500 hours", (None, None)),
    ],
)
def test_a_question_keeps_to_the_years_that_it_names(question, years):
    kept = kept_to(question)
    assert (kept.year_from, kept.year_to) == years


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (Kept(("DK",), ("schools",), 2020), ("DK", "2020–")),
        (Kept((), (), None, 2015), ("–2015",)),
        (Kept((), (), 2016, 2019), ("2016–2019",)),
        (Kept((), ("schools",)), ()),
    ],
    ids=["since", "until", "between", "nothing"],
)
def test_countries_and_years_are_told(kept, told):
    assert kept.told == told


def test_years_are_kept_to_unless_years_were_chosen_by_hand():
    kept = Kept((), (), 2016, 2019)
    assert narrowed(NO_FILTERS, kept) == Filters(year_from=2016, year_to=2019)
    assert narrowed(Filters(year_to=2012), kept) == Filters(year_to=2012)
