"""Finding a passage of one reading of a page in another reading of it."""

from __future__ import annotations

import pytest

from app.pdf_passage import find_passage


def found(raw, page, *passages):
    """What is found of passages, each a part of `raw`; signs that are not next to each other are parted by a stroke."""
    lines = [(raw.index(passage), raw.index(passage) + len(passage)) for passage in passages]
    places = find_passage(raw, lines, page)
    return "".join(
        "|" * (before + 1 != place) + page[place] for before, place in zip([-2, *places], places, strict=False)
    )[1:]


@pytest.mark.parametrize(
    ("raw", "passage", "page", "expected"),
    [
        ("One two three four.", "two three", "One two three four.", "two|three"),
        ("He said: stay at home!", "stay at home!", "He said: stay at home !", "stay|at|home"),
        (
            "They trust each other.",
            "They trust each other.",
            "They tr\xadust each\r\nother.",
            "They|tr\xadust|each|other.",
        ),
        ("A co-operative school", "co-operative school", "A coope\x02\r\nrative school", "coope\x02|rative|school"),
        ("The difficult file", "difficult file", "The di\ufb03cult \ufb01le", "di\ufb03cult|\ufb01le"),
        ("På Ærø, hvor færgen går", "Ærø, hvor færgen", "Pa\u030a Ærø, hvor færgen ga\u030ar", "Ærø,|hvor|færgen"),
        ("12³ metres of quay", "12³ metres of", "123 metres of quay", "123|metres|of"),
        ("yes, and no", "no", "yes, and no", "no"),
    ],
)
def test_letters_and_digits_alone_are_compared(raw, passage, page, expected):
    assert found(raw, page, passage) == expected


def test_what_stands_around_tells_which_of_two_is_meant():
    page = "In June: nobody was asked. In July: nobody was asked. Then came August."
    raw = page.replace(" ", "  ")
    for first, expected in ((raw.index("nobody"), page.index("nobody")), (raw.rindex("nobody"), page.rindex("nobody"))):
        places = find_passage(raw, [(first, first + len("nobody  was  asked"))], page)
        assert (places[0], places[-1]) == (expected, expected + len("nobody was asked") - 1)


def test_the_first_and_the_last_of_many_alike_are_told_apart():
    page = "nobody was asked " * 5
    for start in range(0, len(page), 17):
        assert find_passage(page, [(start, start + 16)], page)[0] == start


def test_a_passage_is_put_together_from_where_its_parts_stand():
    raw = "Northern quay | eleven crossings\nSouthern quay | twelve crossings"
    page = "Northern quay Southern quay eleven crossings twelve crossings"
    assert found(raw, page, "Southern quay | twelve crossings") == "Southern|quay|twelve|crossings"


def test_what_was_left_out_between_lines_is_not_marked():
    raw = "The ferry sails at\nAnnual report 7\ndawn with the mail"
    assert found(raw, raw, "The ferry sails at", "dawn with the mail") == "The|ferry|sails|at|dawn|with|the|mail"


def test_a_letter_that_one_reading_lacks_costs_no_more_than_its_neighbours():
    assert found("An e ective organisation", "An effective organisation", "An e ective organisation") == (
        "ective|organisation"
    )


@pytest.mark.parametrize("page", ["", "Something else is told here", "They trust"])
def test_where_hardly_anything_is_found_nothing_is(page):
    raw = "They trust each other in all that they do"
    assert find_passage(raw, [(0, len(raw))], page) == []


@pytest.mark.parametrize("lines", [[], [(5, 5)], [(4, 7)]])
def test_a_passage_without_letters_is_nowhere(lines):
    assert find_passage("They ... trust", lines, "They ... trust") == []
