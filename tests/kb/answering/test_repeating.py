"""What is said twice, in one document or in two, is quoted once."""

from __future__ import annotations

from math import ceil

import pytest

from kb.answering.choosing import Form, choose
from kb.answering.coverage import index_terms
from kb.answering.quoting import FEW_TERMS, THE_SAME, Quote
from kb.blocks import parse_blocks
from tests.kb.answering.texts import document_of, ranked_of, read_of, says, texts

TREES = ("oak", "elm", "ash", "fir", "yew", "beech", "maple", "larch", "alder", "rowan")
BEASTS = ("cat", "dog", "cow", "hen", "pig", "goat", "duck", "lamb", "wolf", "bear")
ALIKE = ceil(THE_SAME * 10)
"""Terms of ten that two quotes have to share to say the same."""


def quote(text: str, document: str = "a", language: str = "en", place: int = 0) -> Quote:
    """Return a block of a document as a quote."""
    blocks = parse_blocks(text)
    made = document_of(text, id=document, language=language)
    return Quote(made, blocks, place, place, blocks[place].start, blocks[place].end)


def of_words(trees: int, beasts: int) -> str:
    """Return a sentence of so many trees and beasts."""
    return f"{' '.join([*TREES[:trees], *BEASTS[:beasts]]).capitalize()}."


def test_each_word_is_a_term():
    assert len(index_terms(of_words(10, 10), "en")) == 20


@pytest.mark.parametrize(
    ("trees", "beasts", "repeats"),
    [(10, 0, True), (ALIKE, 10 - ALIKE, True), (ALIKE - 1, 11 - ALIKE, False), (0, 10, False)],
    ids=["all", "just-enough", "hardly-enough", "none"],
)
@pytest.mark.parametrize("document", ["a", "b"], ids=["one-document", "two"])
def test_a_quote_is_told_by_one_that_has_most_of_its_terms(document, trees, beasts, repeats):
    both = f"{of_words(10, 0)}\n\n{of_words(trees, beasts)}"
    mine, other = quote(both, place=0), quote(both, document, place=1)
    assert (mine.told_by([other]), other.told_by([mine])) == (repeats, repeats)


@pytest.mark.parametrize(("terms", "repeats"), [(FEW_TERMS, True), (FEW_TERMS - 1, False)])
def test_a_quote_of_few_terms_is_not_told_by_what_it_does_not_share_text_with(terms, repeats):
    mine, longer = quote(of_words(terms, 0)), quote(of_words(terms, 9), "b")
    assert (mine.told_by([longer]), longer.told_by([mine])) == (repeats, repeats)
    assert mine.told_by([quote(of_words(terms, 0), "b")]) is repeats


def test_the_terms_of_the_shorter_quote_decide():
    short, long = quote(of_words(10, 0)), quote(of_words(10, 10), "b")
    assert (short.told_by([long]), long.told_by([short])) == (True, True)


def test_words_in_another_form_or_order_say_the_same():
    mine = quote("The gardeners mow the lawns of the parks by the lake where children swim.")
    other = quote("By a lake where a child swims, gardeners mow the park, the lawns and the lake.", "b")
    assert mine.told_by([other])


def test_a_quote_is_told_by_any_of_several():
    mine, same, other = quote(of_words(10, 0)), quote(of_words(10, 0), "b"), quote(of_words(0, 10), "c")
    assert [mine.told_by(others) for others in ([], [other], [other, same])] == [False, False, True]


def test_a_quote_in_another_language_says_nothing_twice():
    assert not quote(of_words(10, 0)).told_by([quote(of_words(10, 0), "b", "da")])


SAID = {"a": of_words(10, 0), "b": of_words(9, 1), "c": of_words(0, 10)}


def chosen(documents: dict[str, str], taken: tuple[Quote, ...] = ()) -> list[str]:
    """Return what is quoted of documents, the first of which is likeliest to answer, with room for all."""
    form = Form(words=1000, documents=9, per_document=9, enough=2.0, floor=0.0)
    reads = [read_of(document_of(text, id=name)) for name, text in documents.items()]
    shares = ([0.5 / (place + 1)] * text.count(".") for place, text in enumerate(documents.values()))
    return texts(choose(ranked_of(*zip(reads, shares, strict=True)), form, says("oak"), taken))


def test_of_two_documents_that_say_the_same_the_likelier_is_quoted():
    assert chosen(SAID) == [SAID["a"], SAID["c"]]
    assert chosen({name: SAID[name] for name in "bac"}) == [SAID["b"], SAID["c"]]


def test_what_another_part_of_the_answer_says_is_not_quoted_again():
    assert chosen(SAID, (quote(SAID["c"], "d"),)) == [SAID["a"]]


def test_what_one_document_says_twice_is_quoted_once():
    sections = "\n\n".join(f"## {name}\n\n{text}" for name, text in SAID.items())
    assert chosen({"a": sections}) == [SAID["a"], SAID["c"]]


def test_what_one_document_says_twice_in_few_words_is_quoted_twice():
    assert chosen({"a": "## One\n\nTrust grew.\n\n## Two\n\nTrust grew."}) == ["Trust grew.", "Trust grew."]
