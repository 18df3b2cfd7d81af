"""What is quoted: the likeliest blocks, in the form of the question's type, each text once, within its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.answering.choosing import (
    FORMS,
    PARTS_LONG,
    PARTS_WORDS,
    SIDES_WORDS,
    Form,
    by_document,
    choose,
    for_parts,
    for_side,
    form_of,
)
from kb.answering.question import Type, read_question
from kb.answering.quoting import LONG_BLOCK, SCRAP_WORDS, Quote, count_words, quote_of
from tests.kb.answering.texts import document_of, ranked_of, read_of, says, sentence, texts

WIDE = Form(words=1000, documents=9, per_document=9, enough=2.0, floor=0.0)
"""A form that leaves nothing out."""


def form(**fields: float) -> Form:
    """Return the wide form but for these fields."""
    return Form(**{**{name: getattr(WIDE, name) for name in Form.__slots__}, **fields})


def chosen(documents: dict[str, Sequence[float]], limits: Form = WIDE, taken: Sequence[Quote] = ()) -> list[str]:
    """Return what is quoted of texts whose blocks have these shares; documents are called 0, 1, ..."""
    reads = [read_of(document_of(text, id=str(number))) for number, text in enumerate(documents)]
    ranked = ranked_of(*zip(reads, documents.values(), strict=True))
    return texts(choose(ranked, limits, says("trust"), taken))


def parts(*names: str) -> str:
    """Return a text of sections, so that no two of its blocks are joined."""
    return "\n\n".join(f"## {name}\n\n{name}." for name in names)


def test_every_type_of_question_has_a_form_but_the_search_for_cases():
    assert {name.split(", ")[0] for name in FORMS} == set(get_args(Type)) - {"cases"}


def test_of_nothing_nothing_is_quoted():
    assert choose([], WIDE, says()) == []


def test_the_likeliest_block_is_quoted_first_whatever_document_it_stands_in():
    assert chosen({parts("One", "Two"): (0.2, 0.4), "Three.": (0.3,)}) == ["Two.", "Three.", "One."]


def test_of_blocks_that_are_as_likely_the_first_is_quoted_first():
    assert chosen({parts("One", "Two"): (0.2, 0.2), "Three.": (0.2,)}) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize(
    ("enough", "expected"),
    [(0.5, ["One."]), (0.51, ["One.", "Two."]), (0.8, ["One.", "Two."]), (0.81, ["One.", "Two.", "Three."])],
)
def test_no_more_is_quoted_once_the_quotes_are_likely_enough_together(enough, expected):
    assert chosen({parts("One", "Two", "Three"): (0.5, 0.3, 0.2)}, form(enough=enough)) == expected


@pytest.mark.parametrize(("share", "found"), [(0.125, True), (0.12, False)])
def test_a_further_quote_needs_a_share_of_the_best_ones(share, found):
    assert chosen({parts("One", "Two"): (0.5, share)}, form(floor=0.25)) == ["One.", "Two."][: 1 + found]


def test_the_best_is_quoted_however_unlikely_it_is():
    assert chosen({parts("One", "Two"): (0.0, 0.0)}, form(floor=0.5, documents=1, per_document=1)) == ["One."]


@pytest.mark.parametrize(
    ("documents", "expected"),
    [(1, ["One.", "Four."]), (2, ["One.", "Two.", "Four."]), (3, ["One.", "Two.", "Three.", "Four."])],
)
def test_quotes_are_of_so_many_documents_at_most(documents, expected):
    shares = {parts("One", "Four"): (0.4, 0.1), "Two.": (0.3,), "Three.": (0.2,)}
    assert chosen(shares, form(documents=documents)) == expected


@pytest.mark.parametrize(("per_document", "expected"), [(1, ["One.", "Four."]), (2, ["One.", "Two.", "Four."])])
def test_of_each_document_so_much_is_quoted_at_most(per_document, expected):
    shares = {parts("One", "Two", "Three"): (0.4, 0.3, 0.2), "Four.": (0.1,)}
    assert chosen(shares, form(per_document=per_document)) == expected


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [(1.0, ["One.", "Two.", "Three.", "Four."]), (0.5, ["One.", "Four.", "Two.", "Three."])],
    ids=["as-much", "half"],
)
def test_a_further_quote_of_the_same_document_counts_for_less_where_others_are_preferred(repeat, expected):
    shares = {parts("One", "Two", "Three"): (0.4, 0.3, 0.25), "Four.": (0.2,)}
    assert chosen(shares, form(repeat=repeat)) == expected


def test_a_further_quote_that_counts_for_less_may_fall_below_the_floor():
    shares = {parts("One", "Two", "Three"): (0.4, 0.3, 0.25), "Four.": (0.2,)}
    assert chosen(shares, form(repeat=0.5, floor=0.37)) == ["One.", "Four.", "Two."]


def test_quotes_for_which_there_is_no_room_are_left_out_and_shorter_ones_taken():
    long, longer, short = sentence(70), sentence(65), sentence(10)
    text = f"{long}\n\n## Then\n\n{longer}\n\n## Last\n\n{short}"
    assert chosen({text: (0.5, 0.3, 0.2)}, form(words=100)) == [long, short]


def test_of_a_long_block_the_sentences_that_score_best_are_quoted():
    text = f"{sentence(40)} {sentence(40, 'trust')}"
    assert chosen({text: (0.9,)}) == [sentence(40, "trust")]
    assert chosen({text: (0.9,)}, form(long=80)) == [text]


@pytest.mark.parametrize(
    ("words", "expected"),
    [(120, "{first} {second}"), (119, "{second}"), (90, "{second}"), (89, "")],
    ids=["whole", "cut", "just-the-best", "no-room"],
)
def test_a_further_quote_is_cut_to_the_room_that_is_left(words, expected):
    long, first, second = sentence(60), sentence(30), sentence(30, "trust")
    cut = expected.format(first=first, second=second)
    assert chosen({long: (0.6,), f"{first} {second}": (0.4,)}, form(words=words)) == [long, *[cut] * bool(cut)]


LIST = "We promise:\n\n- trust\n- less control\n- more time"
LONG_LIST = "We promise:\n\n" + "\n".join(f"- {sentence(25, str(number))}" for number in range(6))


def test_a_list_is_quoted_once_however_many_of_its_items_are_likely():
    assert chosen({LIST: (0.3, 0.3, 0.2, 0.1)}) == [LIST]


def test_the_blocks_of_a_list_that_is_quoted_whole_weigh_together():
    shares = {LIST: (0.05, 0.2, 0.2, 0.2), parts("Other", "Else"): (0.35, 0.1)}
    assert chosen(shares) == [LIST, "Other.", "Else."]
    assert chosen(shares, form(enough=0.65)) == [LIST]
    assert chosen(shares, form(floor=0.5)) == [LIST, "Other."]


def test_the_items_of_a_list_that_is_too_long_to_be_quoted_whole_weigh_each_by_itself():
    other = parts("Other", "Else")
    shares = {LONG_LIST: (0.0, 0.2, 0.0, 0.2, 0.0, 0.2, 0.0), other: (0.35, 0.05)}
    assert chosen(shares, form(floor=0.5))[0] == "Other."


def test_of_a_list_for_which_there_is_no_room_an_item_is_quoted_even_where_its_lead_is_likeliest():
    text = "We promise:\n\n" + "\n".join(f"- {sentence(19, str(number))}" for number in range(5))
    shares = {text: (0.5, 0.1, 0.2, 0.1, 0.05, 0.05)}
    assert chosen(shares, form(words=102)) == [text]
    assert chosen(shares, form(words=101, enough=0.2)) == [f"We promise:\n- {sentence(19, '1')}"]


@pytest.mark.parametrize(
    ("shares", "alone"),
    [((0.0, 0.76, 0.04, 0.04), True), ((0.0, 0.75, 0.05, 0.04), False), ((0.76, 0.04, 0.04, 0.0), False)],
    ids=["one-item", "items", "lead"],
)
def test_of_a_list_one_item_is_quoted_alone_where_it_weighs_by_far_the_most(shares, alone):
    """What is left out of the list does not come after it."""
    assert chosen({LIST: shares}, form(item=0.9)) == ["We promise:\n- trust" if alone else LIST]


def test_lists_of_two_documents_weigh_each_by_itself():
    shares = {LIST: (0.05, 0.05, 0.05, 0.05), LIST.replace("promise", "ask"): (0.1, 0.1, 0.1, 0.1), "Other.": (0.3,)}
    assert chosen(shares) == [LIST.replace("promise", "ask"), "Other.", LIST]


def test_where_the_lead_of_a_long_list_is_likeliest_its_items_are_quoted():
    shares = (0.5, 0.01, 0.2, 0.01, 0.01, 0.01, 0.01)
    assert chosen({LONG_LIST: shares}, form(floor=0.1)) == [f"We promise:\n- {sentence(25, '1')}"]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.4, 0.3, 0.0), ["One.\n\nTwo."]),
        ((0.3, 0.4, 0.0), ["One.\n\nTwo."]),
        ((0.4, 0.0, 0.3), ["One.\n\nTwo.\n\nThree."]),
        ((0.4, 0.3, 0.2), ["One.\n\nTwo.\n\nThree."]),
        ((0.2, 0.3, 0.4), ["One.\n\nTwo.\n\nThree."]),
        ((0.4, 0.2, 0.3), ["One.\n\nTwo.\n\nThree."]),
        ((0.2, 0.4, 0.3), ["One.\n\nTwo.\n\nThree."]),
    ],
    ids=["best-first", "best-second", "one-between", "all-down", "all-up", "both-ends-first", "middle-first"],
)
def test_quotes_of_blocks_that_stand_together_are_one(shares, expected):
    assert chosen({"One.\n\nTwo.\n\nThree.": shares}, form(floor=0.1)) == expected


def test_a_joined_quote_stands_where_the_likelier_of_its_blocks_stood():
    shares = {"One.\n\nTwo.": (0.5, 0.1), "Three.": (0.3,)}
    assert chosen(shares) == ["One.\n\nTwo.", "Three."]


def quote(text: str, number: int, document: str = "0") -> Quote:
    read = read_of(document_of(text, id=document))
    return quote_of(read, read.blocks[number], says(), 130)


def test_what_another_part_of_the_answer_quotes_is_not_quoted_again():
    text = parts("One", "Two")
    assert chosen({text: (0.6, 0.4)}, taken=[quote(text, 1)]) == ["Two."]
    assert chosen({text: (0.6, 0.4)}, taken=[quote(text, 1, "another")]) == ["One.", "Two."]


def test_where_everything_is_taken_nothing_is_quoted():
    assert chosen({"One.": (1.0,)}, taken=[quote("One.", 0)]) == []


@given(
    st.lists(st.lists(st.integers(1, 160), min_size=1, max_size=4), min_size=1, max_size=4),
    st.sampled_from(sorted(FORMS)),
    st.randoms(use_true_random=False),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_quotes_of_paragraphs_are_never_none_and_within_the_words_of_their_form(documents, kind, random):
    shares = {
        f"{number}\n\n" + "\n\n".join(sentence(words, "trust") for words in document): [
            random.random() for _ in [None, *document]
        ]
        for number, document in enumerate(documents)
    }
    assert 0 < sum(map(count_words, chosen(shares, FORMS[kind]))) <= FORMS[kind].words


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_one_question_has_the_form_of_its_type(kind):
    assert for_parts(FORMS[kind], 1) == for_parts(FORMS[kind], 0) == FORMS[kind]


@pytest.mark.parametrize(
    ("words", "count", "each"),
    [(105, 2, PARTS_WORDS // 2), (105, 3, PARTS_WORDS // 3), (105, 4, LONG_BLOCK), (300, 2, 150), (300, 4, 75)],
    ids=["two", "three", "a-block-at-least", "of-a-longer-form", "four-of-a-longer-form"],
)
def test_the_parts_of_a_question_share_the_words_of_an_answer(words, count, each):
    assert for_parts(form(words=words, floor=0.3), count) == form(words=each, floor=0.3, long=PARTS_LONG)


@pytest.mark.parametrize(
    ("count", "words", "documents"),
    [(1, 240, 5), (2, 120, 2), (3, 80, 1), (4, LONG_BLOCK, 1), (8, LONG_BLOCK, 1)],
    ids=["one", "two", "three", "a-block-at-least", "more-than-documents"],
)
def test_the_sides_of_a_comparison_share_its_words_and_documents(count, words, documents):
    assert for_side(form(words=240, documents=5), count) == form(words=words, documents=documents)


@pytest.mark.parametrize(
    ("sides", "words", "documents"),
    [(0, 95, 2), (1, 95, 2), (2, SIDES_WORDS // 2, 2), (3, SIDES_WORDS // 3, 1), (4, LONG_BLOCK, 1)],
)
def test_the_sides_of_a_short_form_have_more_words_and_documents_than_it(sides, words, documents):
    assert for_side(form(words=95, documents=2), sides) == form(words=words, documents=documents)


def test_quotes_of_a_document_stand_together_in_reading_order_the_best_document_first():
    first, second = parts("One", "Two", "Three"), "Four."
    quotes = [quote(first, 3), quote(second, 0, "1"), quote(first, 1)]
    assert texts(by_document(quotes)) == ["One.", "Two.", "Four."]


def test_the_lead_of_a_long_list_stands_once_before_the_first_of_its_items():
    first, *later = (sentence(25, str(number)) for number in (0, 2, 4))
    quotes = [quote(LONG_LIST, 5), quote(LONG_LIST, 1), quote(LONG_LIST, 3)]
    assert texts(by_document(quotes)) == [f"We promise:\n- {first}", *later]


@pytest.mark.parametrize(
    ("opening", "led"),
    [("much", True), ("Much", False), ("**Much**", False), ("“much”", True), ("7", False)],
    ids=["goes-on", "begins-anew", "bold", "quoted", "number"],
)
def test_an_item_that_stands_alone_keeps_its_lead_only_where_it_goes_on_from_it(opening, led):
    text = LONG_LIST.replace("- Much", f"- {opening}")
    item = sentence(25, "1").replace("Much", opening)
    assert texts(by_document([quote(text, 2)])) == [f"We promise:\n- {item}" if led else item]


@pytest.mark.parametrize("item", [f"2. {sentence(25)}", f"- {sentence(SCRAP_WORDS - 1)}"], ids=["numbered", "short"])
def test_an_item_that_says_little_alone_keeps_its_lead(item):
    rest = "\n".join(f"- {sentence(25, str(number))}" for number in range(6))
    text = f"We promise:\n\n{item}\n{rest}"
    assert texts(by_document([quote(text, 1)])) == [f"We promise:\n{item}"]


def test_items_that_follow_each_other_keep_their_lead():
    read = read_of(document_of(LONG_LIST))
    one, two = (quote_of(read, read.blocks[number], says(), 130) for number in (1, 2))
    expected = f"We promise:\n- {sentence(25, '0')}\n- {sentence(25, '1')}"
    assert texts(by_document([one.joined(two)])) == [expected]


def test_each_list_keeps_a_lead_of_its_own():
    rest = LONG_LIST.replace("- Much", "- much")
    both = f"{rest}\n\n{rest.replace('promise', 'ask')}"
    quotes = [quote(both, 1), quote(rest, 2, "1"), quote(both, 8)]
    first, second = (f"- {sentence(25, number).lower()}" for number in "01")
    assert texts(by_document(quotes)) == [f"We promise:\n{first}", f"We ask:\n{first}", f"We promise:\n{second}"]


def test_no_quotes_are_none_by_document():
    assert by_document([]) == []


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("How did the gardeners get more freedom?", "fact, way"),
        ("Who mows?", "fact"),
        ("How do A and B differ?", "comparison"),
    ],
    ids=["how", "who", "how-of-another-type"],
)
def test_how_something_came_about_has_a_form_of_its_own_among_facts(question, form):
    assert form_of(read_question(question, "en")) is FORMS[form]


@pytest.mark.parametrize(
    "question",
    [
        "Who mows? Tell me in detail.",
        "Hvem slår græsset? Fortæl mere.",
        "Hvem klipper gresset? Utdyp svaret.",
        "Vem klipper gräset? Berätta mer.",
    ],
    ids=["en", "da", "nb", "sv"],
)
def test_an_answer_is_longer_where_more_is_asked_for(question, request):
    language = request.node.callspec.id
    longer = form_of(read_question(question, language))
    usual = form_of(read_question(question.split("?")[0] + "?", language))
    assert (longer.words, longer.enough) == (2 * usual.words, 1.0)
    assert not read_question("Which detailed rules and details are there?", language).longer
