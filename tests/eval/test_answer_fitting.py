"""The weights of answering are fitted on questions of which it is known what answers them, if anything does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from eval.answer_fitting import Example, Seen, fit_blocks, fit_support, of_row, read_calibration, see
from eval.check import NEAR_COPY, _stems
from eval.rows import Row
from eval.schema import Family, load_families
from kb.answering import support
from kb.answering.candidates import FEATURES
from kb.answering.reading import Reading
from kb.answering.support import SUPPORT_FEATURES, VECTOR_FEATURES
from kb.blocks import parse_blocks
from kb.errors import DocumentError
from kb.shipped import load_shipped
from tests.kb.answering.texts import document_of, ranked_of, read_of, reading_of
from tests.kb.store.writing import writing


def read(folder: Path, text: str) -> list[Example]:
    path = folder / "calibration.tsv"
    path.write_text(text, encoding="utf-8")
    return read_calibration(path)


def row(kind: str, document: str = "a", blocks: str = "3", language: str = "da", question: str = "Hvem?") -> str:
    return "\t".join((kind, document, blocks, language, question)) + "\n"


def test_an_empty_file_has_no_questions(tmp_path):
    assert read(tmp_path, "") == []


@pytest.mark.parametrize(
    ("line", "gold", "answerable"),
    [
        (row("answerable"), {("a", 3)}, True),
        (row("answerable", blocks="3-5"), {("a", 3), ("a", 4), ("a", 5)}, True),
        (row("answerable", blocks="0"), {("a", 0)}, True),
        (row("general", "-", "-"), set(), True),
        (row("near", "a", "-"), set(), False),
        (row("far", "-", "-"), set(), False),
    ],
    ids=["block", "range", "first-block", "general", "near", "far"],
)
def test_a_line_is_a_question_with_the_blocks_that_answer_it(tmp_path, line, gold, answerable):
    kind = line.split("\t", maxsplit=1)[0]
    assert read(tmp_path, line) == [Example(kind, ("Hvem?",), "da", frozenset(gold), answerable)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("\n", "there must be kind, document, blocks, language and question"),
        ("answerable\ta\t3\tda\n", "there must be kind, document, blocks, language and question"),
        (f"{row('answerable').strip()}\tmore\n", "there must be kind, document, blocks, language and question"),
        (row("certain"), "there must be kind, document, blocks, language and question"),
        (row("near", language="nn"), "there must be kind, document, blocks, language and question"),
        (row("answerable", blocks="-"), "'-' is no block or range of blocks"),
        (row("answerable", blocks="3-"), "'3-' is no block or range of blocks"),
        (row("answerable", blocks="5-3"), "'5-3' is no block or range of blocks"),
        (row("answerable", blocks="three"), "'three' is no block or range of blocks"),
    ],
    ids=["blank", "four-fields", "six-fields", "kind", "language", "no-block", "half-a-range", "backwards", "a-word"],
)
def test_a_fault_is_told_with_its_line(tmp_path, line, fault):
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, row("far", "-", "-") + line + row("far", "-", "-"))
    assert str(caught.value) == f"{tmp_path / 'calibration.tsv'}:2: {fault}"


def family(kind: str, *gold: tuple[str, int, int], **fields) -> Family:
    spans = [{"document": document, "first": first, "last": last, "quote": "x"} for document, first, last in gold]
    nuggets = [{"aliases": {"en": ["x"]}}] if gold else []
    given = {"author": "A test", "date": date(2026, 1, 1), "questions": {"nn": "Kven?"}, "nuggets": nuggets, **fields}
    return Family(id="one", type=kind, gold=[spans[:1], spans[1:]] if len(spans) > 1 else [spans] * bool(gold), **given)


@pytest.mark.parametrize(
    ("given", "gold", "answerable"),
    [
        (family("single-fact", ("a", 1, 2), ("b", 4, 4)), {("a", 1), ("a", 2), ("b", 4)}, True),
        (family("unanswerable", searched=["x"]), set(), False),
    ],
    ids=["either-of-two-documents", "unanswerable"],
)
def test_a_question_of_the_set_has_the_blocks_of_all_its_alternatives(given, gold, answerable):
    asked = Row("one.nn", given, "nn", "base", ("Kven?", "Og kor?"))
    assert of_row(asked) == Example("families", ("Kven?", "Og kor?"), "nb", frozenset(gold), answerable)


GOLD = Example("answerable", ("Who?",), "en", frozenset({("no-a-case", 1)}), True)


def test_an_example_is_seen_with_what_was_read_of_it_and_left_out_where_nothing_was_found(tmp_path):
    ranked = ranked_of((read_of(document_of("# A\n\nOne.\n\nTwo.")), (0.2, 0.8)), features={"covered": 0.5})
    values = {name: float(number) for number, name in enumerate(SUPPORT_FEATURES)}
    asked: list[tuple[Sequence[str], str]] = []
    told: list[tuple[object, ...]] = []

    def reads(turns: Sequence[str], language: str) -> Reading:
        asked.append((turns, language))
        given = {"ranked": ranked, "features": values} if turns == ("Who?",) else {}
        return reading_of(connection, turns[0], **given)

    nothing = Example("far", ("Zebra?",), "sv", frozenset(), False)
    with writing(tmp_path) as connection:
        (seen,) = see([nothing, GOLD], reads, lambda *step: told.append(step))
    assert asked == [(("Zebra?",), "sv"), (("Who?",), "en")]
    assert told == [("questions", 1, 2), ("questions", 2, 2)]
    assert (seen.example, seen.gold.tolist(), seen.support.tolist()) == (GOLD, [False, True], list(values.values()))
    assert seen.features[:, FEATURES.index("covered")].tolist() == [0.5, 0.5]


def of_blocks(*marked: bool, feature: str = "cosine", sign: float = 1.0, turns: int = 1) -> Seen:
    """Return candidates of which some are gold; a feature marks these, another one every other candidate."""
    features = np.zeros((len(marked), len(FEATURES)))
    features[:, FEATURES.index(feature)] = sign * np.array(marked)
    features[::2, FEATURES.index("length")] = 1.0
    example = Example("answerable", ("Who?",) * turns, "en", frozenset(), True)
    return Seen(example, features, np.array(marked), np.zeros(len(SUPPORT_FEATURES)))


GROUPS = [of_blocks(True, False, False, False), of_blocks(False, True, False, True), of_blocks(False, False, True)]


@pytest.mark.parametrize("feature", ["cosine", "opening", "passage"])
def test_the_feature_that_marks_gold_weighs_most(feature):
    groups = [of_blocks(*group.gold, feature=feature) for group in GROUPS]
    weights = fit_blocks(groups)
    assert list(weights) == list(FEATURES)
    assert max(weights, key=lambda name: abs(weights[name])) == feature
    assert weights[feature] > 1.0
    assert {weights[name] for name in FEATURES if name not in (feature, "length")} == {0.0}


def test_a_feature_that_gold_has_less_of_weighs_against_it():
    against = [of_blocks(*group.gold, sign=-1.0) for group in GROUPS]
    assert fit_blocks(against)["cosine"] == -fit_blocks(GROUPS)["cosine"]


@pytest.mark.parametrize(
    "other",
    [of_blocks(False, False), of_blocks(True, False, sign=-9.0, turns=2)],
    ids=["without-gold", "follow-up"],
)
def test_blocks_are_fitted_on_single_questions_with_gold_alone(other):
    assert fit_blocks([*GROUPS, other]) == fit_blocks(GROUPS)


@pytest.mark.parametrize("seen", [[], [of_blocks(False, False)]], ids=["no-question", "no-gold"])
def test_blocks_are_not_fitted_on_nothing(seen):
    with pytest.raises(DocumentError) as caught:
        fit_blocks(seen)
    assert str(caught.value) == "None of these questions has a gold block among its candidates; choose more."


def supported(source: str, answerable: bool, found: bool = True, **values: float) -> Seen:
    """Return a question whose features of support are 0 but for these; its gold block comes first, if it is found."""
    given = {name.replace("_", " "): value for name, value in values.items()}
    example = Example(source, ("Who?",), "en", frozenset(), answerable)
    row = np.array([given.get(name, 0.0) for name in SUPPORT_FEATURES])
    return Seen(example, np.zeros((6, len(FEATURES))), np.array([found, *[False] * 4, not found]), row)


ANSWERED = [supported("answerable", True, covered=0.8 + n / 50, cosine=0.7 + n / 50) for n in range(5)]
REFUSED = [supported("near", False, covered=0.3 + n / 50, cosine=0.4 + n / 50) for n in range(5)]


def score(weights: dict[str, float], seen: Seen, by_words: bool, monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(support, "stored_weights", lambda: {"support": weights, "support by words": weights})
    return support.score(dict(zip(SUPPORT_FEATURES, seen.support.tolist(), strict=True)), by_words)


@pytest.mark.parametrize("by_words", [False, True], ids=["by-a-model", "by-words"])
def test_support_tells_what_is_answered_from_what_is_not(monkeypatch, by_words):
    weights = fit_support([*ANSWERED, *REFUSED], by_words)
    assert list(weights) == [*SUPPORT_FEATURES, "constant"]
    answered, refused = ([score(weights, seen, by_words, monkeypatch) for seen in side] for side in (ANSWERED, REFUSED))
    assert min(answered) > 0.5 > max(refused)


def test_support_by_words_leaves_out_what_needs_a_model():
    fitted, by_words = fit_support([*ANSWERED, *REFUSED]), fit_support([*ANSWERED, *REFUSED], by_words=True)
    assert fitted["cosine"] > 0.0
    assert {by_words[name] for name in VECTOR_FEATURES} == {0.0}
    assert by_words["covered"] > fitted["covered"] > 0.0


def test_support_leaves_what_it_was_given_as_it_was():
    before = [seen.support.tolist() for seen in ANSWERED]
    fit_support([*ANSWERED, *REFUSED], by_words=True)
    assert [seen.support.tolist() for seen in ANSWERED] == before


def test_a_source_weighs_the_same_however_many_questions_it_has():
    assert fit_support([*ANSWERED, *REFUSED] * 3) == fit_support([*ANSWERED, *REFUSED])


def test_a_calibration_question_whose_block_is_not_among_the_best_is_left_out():
    lost = supported("answerable", True, found=False, covered=0.0)
    assert fit_support([*ANSWERED, *REFUSED, lost]) == fit_support([*ANSWERED, *REFUSED])


@pytest.mark.parametrize(
    "seen",
    [[], ANSWERED, REFUSED, [*REFUSED, supported("answerable", True, found=False)]],
    ids=["no-question", "all-answered", "all-refused", "all-others-lost"],
)
def test_support_is_not_fitted_on_one_side_alone(seen):
    with pytest.raises(DocumentError) as caught:
        fit_support(seen)
    assert str(caught.value) == "Support is fitted on questions that are answered and on others; choose more."


def test_the_shipped_calibration_questions_point_at_blocks_that_may_be_quoted():
    blocks = {(d.id, d.language): parse_blocks(d.text) for group in load_shipped() for d in group}
    headings = []
    for example in read_calibration():
        kinds = {blocks[document, example.language][number].kind for document, number in example.gold}
        if kinds == {"heading"}:
            headings.append((example.turns[0], sorted(example.gold)))
    assert headings == []


def test_the_shipped_calibration_questions_are_each_asked_once_in_a_language():
    asked = [(example.language, example.turns[0].casefold()) for example in read_calibration()]
    assert len(set(asked)) == len(asked)
    assert all(question == question.strip() != "" for _, question in asked)


def test_no_shipped_calibration_question_is_a_near_copy_of_one_of_the_set():
    asked = [
        ("nb" if code == "nn" else code, family.id, question)
        for family in load_families()
        for code, question in family.questions.items()
    ]
    stems = [(language, name, question, _stems(question, language)) for language, name, question in asked]
    copies = []
    for example in read_calibration():
        own = _stems(example.turns[0], example.language)
        for language, name, question, others in stems:
            if language == example.language and len(own & others) >= NEAR_COPY * max(len(own | others), 1):
                copies.append((name, example.turns[0], question))
    assert copies == []
