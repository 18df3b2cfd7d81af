"""Support tells from a question and its best candidates how well an answer is supported, 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from kb.answering import support
from kb.answering.question import read_question
from kb.answering.ranking import Ranked
from kb.answering.support import HARDLY_NEAR, SUPPORT_FEATURES, VECTOR_FEATURES, features, found_words, score
from tests.kb.answering.texts import candidate, document_of, ranked_of, read_of, wanted

TEXT = "# A case\n\n## Result\n\nNurses plan the care.\n\nSick leave fell in Oslo.\n\nIt rained.\n\nThe end."
READ = read_of(document_of(TEXT, organisation="Buurtzorg"))
OTHER = read_of(document_of("Teachers teach.", id="no-b-case"))


@pytest.fixture(autouse=True)
def looked_at(monkeypatch):
    """Look at three candidates."""
    monkeypatch.setattr(support, "LOOKED_AT", 3)


def far(texts: Sequence[str]) -> list[float]:
    """Return that no text is near."""
    return [0.0] * len(texts)


def near(**cosines: float) -> Callable[[Sequence[str]], list[float]]:
    """Return how near texts are by a word that they have; others are not."""
    return lambda texts: [max((c for w, c in cosines.items() if w in text), default=0.0) for text in texts]


def of(
    question: str,
    *shares: float,
    read=READ,
    best_cosine: float | None = None,
    found=frozenset(),
    nearness=far,
    examples=(),
    **given,
):
    """Return the features of a question whose candidates have these shares, and these features each."""
    names = {name.replace("_", " "): value for name, value in given.items()}
    ranked = ranked_of((read, shares or (0.4, 0.3, 0.2, 0.1)), features=names)
    return features(read_question(question, "en"), wanted(question), ranked, best_cosine, found, nearness, examples)


def test_every_feature_that_has_a_weight_is_told():
    assert tuple(of("trust")) == SUPPORT_FEATURES


def test_the_best_of_the_candidates_that_are_looked_at_counts():
    values = [{"cosine": 0.1}, {"cosine": 0.3}, {"cosine": 0.2}, {"cosine": 0.9}]
    ranked = [Ranked(candidate(READ, n, given), 0.2) for n, given in enumerate(values, 2)]
    found = features(read_question("trust", "en"), wanted("trust"), ranked, None, frozenset(), far)
    assert (found["cosine"], found["share"]) == (0.3, pytest.approx(0.6))


@pytest.mark.parametrize("name", ["cosine", "question's cosine", "question covered"])
def test_nearness_is_that_of_the_nearest_of_them(name):
    ranked = [Ranked(candidate(READ, n, {name: value}), 0.2) for n, value in ((2, 0.25), (3, 0.5))]
    assert features(read_question("trust", "en"), wanted("trust"), ranked, None, frozenset(), far)[name] == 0.5


@pytest.mark.parametrize(
    ("question", "covered", "of_document"),
    [
        ("nurses leave", 1.0, 1.0),
        ("Buurtzorg result", 1.0, 1.0),
        ("nurses end", 0.5, 1.0),
        ("nurses spaceship", 0.5, 0.5),
        ("spaceship", 0.0, 0.0),
    ],
    ids=["two-candidates", "around", "beyond-the-third", "half", "nothing"],
)
def test_terms_are_covered_by_the_best_candidates_together_or_by_their_document(question, covered, of_document):
    found = of(question)
    assert (found["covered"], found["document covered"]) == (covered, of_document)


def test_of_several_documents_the_one_that_covers_most_counts():
    ranked = [Ranked(candidate(OTHER, 0), 0.5), Ranked(candidate(READ, 2), 0.3)]
    found = features(read_question("nurses leave", "en"), wanted("nurses leave"), ranked, None, frozenset(), far)
    assert (found["covered"], found["document covered"]) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("question", "hardly"),
    [("nurses leave", 0.0), ("nurses spaceship", 0.0), ("nurses cats dogs mice owls", 0.5), ("spaceship", 1.0)],
    ids=["all", "enough", "half-of-enough", "nothing"],
)
def test_what_the_document_covers_counts_by_itself_where_it_is_hardly_anything(monkeypatch, question, hardly):
    monkeypatch.setattr(support, "HARDLY_COVERED", 0.4)
    assert of(question)["hardly covered"] == hardly


@pytest.mark.parametrize(("share", "hardly"), [(2.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.0, 1.0)])
def test_nearness_counts_by_itself_where_it_is_hardly_any(share, hardly):
    found = of("trust", **{"question's cosine": share * HARDLY_NEAR})
    assert found["hardly near"] == pytest.approx(hardly)


@pytest.mark.parametrize(
    ("question", "hardly"),
    [("nurses leave", 0.0), ("nurses spaceship", 0.5), ("spaceship", 1.0)],
    ids=["none", "half", "all"],
)
def test_that_hardly_anything_is_near_counts_as_far_as_words_are_missing_too(question, hardly):
    assert of(question)["hardly near"] == hardly


@pytest.mark.parametrize(
    ("question", "alone", "headed"),
    [
        ("nurses care", 1.0, 1.0),
        ("nurses leave", 0.5, 0.5),
        ("nurses Buurtzorg result spaceship", 0.25, 0.75),
        ("Buurtzorg", 0.0, 1.0),
        ("end", 0.0, 0.0),
    ],
    ids=["one-sentence", "two-sentences", "under-headings", "headings-alone", "beyond-the-third"],
)
def test_one_sentence_covers_the_question_by_itself_or_with_what_stands_above_it(question, alone, headed):
    found = of(question)
    assert (found["sentence covered"], found["sentence covered with its headings"]) == (alone, headed)


def test_sentences_of_a_block_cover_the_question_each_by_itself():
    found = of("nurses leave", 1.0, read=read_of(document_of("Nurses plan. Leave fell.")))
    assert (found["covered"], found["sentence covered"]) == (1.0, 0.5)


NUMBERS = read_of(document_of("Nurses left. In 9 nurses trust grew. Of 7 teams all went."))


@pytest.mark.parametrize(
    ("question", "any_one", "fitting"),
    [("Why had nurses left?", 1.0, 1.0), ("How many nurses left?", 1.0, 0.5), ("When had nurses left?", 1.0, 0.0)],
    ids=["nothing-to-hold", "counted", "no-date"],
)
def test_a_sentence_fits_that_holds_what_is_wanted_of_the_right_thing(question, any_one, fitting):
    found = of(question, 1.0, read=NUMBERS)
    assert (found["sentence covered"], found["fitting sentence covered"]) == (any_one, fitting)
    headed = found["sentence covered with its headings"], found["fitting sentence covered with its headings"]
    assert headed == (any_one, fitting)


@pytest.mark.parametrize(
    ("question", "fitting"), [("Why had nurses left?", 0.9), ("How many nurses left?", 0.5)], ids=["any", "counted"]
)
def test_the_nearest_sentence_counts_and_the_nearest_that_fits(question, fitting):
    found = of(question, 1.0, read=NUMBERS, nearness=near(Nurses=0.9, grew=0.5, teams=0.7))
    assert (found["sentence near"], found["fitting sentence near"]) == (0.9, fitting)


def test_only_the_sentences_of_the_candidates_that_are_looked_at_are_near():
    found = of("trust", nearness=near(rained=0.3, end=0.9))
    assert (found["sentence near"], found["fitting sentence near"]) == (0.3, 0.3)


@pytest.mark.parametrize(
    ("examples", "nearness"),
    [((0.9, 0.3, 0.6), 0.6), ((0.1, 0.9, 0.0, 0.3, 0.6), 0.6)],
    ids=["three", "the-best-three-of-five"],
)
def test_cases_are_as_near_as_what_the_nearest_documents_are_examples_of(examples, nearness):
    assert of("Which cases of trust are there?", examples=examples)["cases near"] == pytest.approx(nearness)


def test_what_is_no_search_for_cases_is_near_none():
    assert of("trust", examples=(0.9,))["cases near"] == 0.0


def test_where_nothing_is_called_an_example_cases_are_as_near_as_the_nearest_block():
    found = of("Which cases of trust are there?")
    assert found["cases near"] == found["cosine"]


@pytest.mark.parametrize("name", sorted(set(VECTOR_FEATURES) - {"hardly near"}))
def test_what_needs_a_model_is_nothing_without_one(name):
    assert of("nurses")[name] == 0.0


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("trust", []),
        ("Which examples of trust are there?", ["asks for cases"]),
        ("How do the two reforms differ?", ["asks for views"]),
        ("Does trust lower sick leave?", ["asks for views"]),
    ],
    ids=["fact", "cases", "comparison", "objections"],
)
def test_some_types_of_questions_count_by_themselves(question, told):
    found = of(question)
    assert [name for name in ("asks for cases", "asks for views", "follow-up") if found[name]] == told


def test_a_follow_up_counts_by_itself():
    ranked = ranked_of((OTHER, (1.0,)))
    given = (read_question("Why?", "en"), wanted("Why?"), ranked, None, frozenset(), far)
    assert [features(*given, follow_up=follow_up)["follow-up"] for follow_up in (False, True)] == [0.0, 1.0]


@pytest.mark.parametrize(("best_cosine", "nearest"), [(None, 0.0), (0.0, 0.0), (0.7, 0.7)])
def test_where_no_model_reads_the_question_no_chunk_is_near(best_cosine, nearest):
    assert of("trust", best_cosine=best_cosine)["nearest chunk"] == nearest


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How did nurses plan?", 0.0),
        ("How did nurses plan in Oslo?", 0.0),
        ("How did nurses plan in Bergen?", 1.0),
        ("How did nurses plan in Oslo or Bergen?", 0.5),
        ("How did Oslo's nurses plan?", 0.0),
    ],
    ids=["no-name", "there", "missing", "one-of-two", "genitive"],
)
def test_names_that_the_best_document_does_not_have_are_missing(question, missing):
    assert of(question)["names missing"] == missing


@pytest.mark.parametrize(
    ("found", "missing"),
    [({"one", "two", "three", "four"}, 0.0), ({"one", "three", "four"}, 1.0), ({"two"}, 3.0), (set(), 3.0)],
    ids=["none", "one", "three", "four-count-for-three"],
)
def test_words_that_no_document_has_are_counted_up_to_three(found, missing):
    question = "cats dogs mice owls"
    names = dict(zip(("one", "two", "three", "four"), question.split(), strict=True))
    assert of(question, found=frozenset(names[each] for each in found))["words missing"] == missing


@pytest.mark.parametrize(
    ("values", "missing"),
    [((1.0, 0.0, 0.0), 0.0), ((0.0, 1.0, 0.0), 0.0), ((0.0, 0.0, 1.0), 1.0)],
    ids=["first", "second", "third"],
)
@pytest.mark.parametrize(
    ("name", "told"), [("holds what is wanted", "thing missing"), ("counts what is counted", "not counted")]
)
def test_what_is_wanted_or_counted_has_to_stand_in_one_of_the_best_two(name, told, values, missing):
    ranked = [Ranked(candidate(READ, n, {name: value}), 0.2) for n, value in enumerate(values, 2)]
    assert features(read_question("trust", "en"), wanted("trust"), ranked, None, frozenset(), far)[told] == missing


@pytest.mark.parametrize(
    ("question", "missing"),
    [("Which nurses are there?", 0.0), ("Which unions are there?", 1.0), ("Why are unions there?", 0.0)],
    ids=["there", "missing", "no-focus"],
)
def test_the_noun_of_the_question_word_is_missing_where_it_stands_nowhere_near(question, missing):
    assert of(question)["focus missing"] == missing


@pytest.mark.parametrize(("question", "short"), [("nurses", 1.0), ("nurses plan", 1.0), ("nurses plan care", 0.0)])
def test_a_question_of_one_or_two_terms_is_short(question, short):
    assert of(question)["short"] == short


def test_one_candidate_is_enough_to_be_looked_at():
    found = of("Teachers", 1.0, read=OTHER, cosine=0.25)
    assert (found["share"], found["cosine"], found["covered"]) == (1.0, 0.25, 1.0)


def test_words_are_found_in_any_of_the_documents_as_they_were_asked():
    found = found_words(wanted("Do NURSES or Teachers plan a Spaceship for Buurtzorg?"), [READ, OTHER])
    assert found == {"NURSES", "Teachers", "plan", "Buurtzorg"}


def test_in_no_documents_no_words_are_found():
    assert found_words(wanted("nurses"), []) == frozenset()


@pytest.fixture
def weights(monkeypatch):
    """Weigh coverage by words, and the nearest chunk where there is a model."""
    nothing = dict.fromkeys((*SUPPORT_FEATURES, "constant"), 0.0)
    given = {
        "support": {**nothing, "nearest chunk": 2.0, "constant": -1.0},
        "support by words": {**nothing, "covered": 4.0},
    }
    monkeypatch.setattr(support, "stored_weights", lambda: given)


@pytest.mark.parametrize(
    ("values", "by_words", "expected"),
    [
        ({}, True, 0.5),
        ({"covered": 1.0}, True, 0.982014),
        ({"covered": -1.0}, True, 0.017986),
        ({"nearest chunk": 1.0}, True, 0.5),
        ({}, False, 0.268941),
        ({"nearest chunk": 0.5}, False, 0.5),
        ({"nearest chunk": 1.0, "covered": 1.0}, False, 0.731059),
    ],
)
def test_support_is_the_logistic_of_the_weighted_sum_by_words_or_with_a_model(weights, values, by_words, expected):
    assert score({**dict.fromkeys(SUPPORT_FEATURES, 0.0), **values}, by_words) == expected
