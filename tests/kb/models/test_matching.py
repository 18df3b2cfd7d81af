"""Late interaction: a token of the question counts by its best match in a block, or in what is read before it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save

from kb.blocks import parse_blocks
from kb.errors import ModelError
from kb.models.matching import (
    KINDS_OF_SECTIONS,
    MATCHING,
    PAIRS,
    Matching,
    before_block,
    with_pairs,
)
from kb.models.static import HASHES
from kb.records import Document
from kb.shipped import load_shipped
from kb.vocabulary import LANGUAGES, SECTIONS
from tests.conftest import ROOT
from tests.kb.models.conftest import VOCABULARY

TOKEN = {word: VOCABULARY.index(word) for word in ("[UNK]", "trust", "staff", "control", "question")}
VECTORS = {"trust": (1.0, 0.0), "staff": (0.0, 1.0), "control": (0.6, 0.8), "question": (-1.0, 0.0)}
"""The words that are like something; all others are like nothing, but the unknown token is like `staff`."""
HEADING = 0.5


def tensors(**changed: np.ndarray) -> dict[str, np.ndarray]:
    """Return what is stored of a late interaction over the tiny model's tokens."""
    vectors = np.zeros((len(VOCABULARY), 2))
    for word, vector in VECTORS.items():
        vectors[TOKEN[word]] = vector
    vectors[TOKEN["[UNK]"]] = VECTORS["staff"]
    sections = np.zeros((len(VOCABULARY) + PAIRS, len(KINDS_OF_SECTIONS)))
    own = {"vectors": vectors, "weights": np.zeros(len(VOCABULARY)), "sections": sections}
    given = {**own, "heading": np.array([HEADING]), **changed}
    return {name: np.asarray(tensor, dtype=np.float16) for name, tensor in given.items()}


def written(folder: Path, content: bytes) -> Path:
    """Write the file of the late interaction, with its hash."""
    (folder / MATCHING).write_bytes(content)
    hashes = json.loads((folder / HASHES).read_text(encoding="utf-8"))
    hashes[MATCHING] = hashlib.sha256(content).hexdigest()
    (folder / HASHES).write_text(json.dumps(hashes), encoding="utf-8")
    return folder


@pytest.fixture
def folder(copied: Callable[[str], Path]) -> Path:
    """The tiny static model with a late interaction beside it."""
    return written(copied("static"), save(tensors()))


def changed(folder: Path, **given: np.ndarray) -> Matching:
    return Matching(written(folder, save(tensors(**given))))


def mean(matching: Matching, question: str, text: str, before: str = "the") -> float:
    return float(matching.match(question, [text], [before]).mean[0])


def test_every_text_has_a_mean_and_a_least(folder):
    matched = Matching(folder).match("trust staff", ["trust", "control", "staff"], ["the"] * 3)
    assert matched.mean.tolist() == pytest.approx([0.5, 0.7, 0.5], abs=1e-3)
    assert matched.least.tolist() == pytest.approx([0.0, 0.6, 0.0], abs=1e-3)
    assert matched.mean.dtype == matched.least.dtype == np.float64


def test_no_texts_are_matched_without_reading_the_file(folder):
    (folder / MATCHING).unlink()
    matched = Matching(folder).match("trust", [], [])
    assert (matched.mean.shape, matched.least.shape) == ((0,), (0,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("trust", 1.0), ("control", 0.6), ("control trust", 1.0), ("question the control", 0.6), ("question", 0.0)],
    ids=["itself", "alike", "the-better-of-two", "the-best-of-three", "unlike"],
)
def test_a_token_counts_by_its_best_match(folder, text, expected):
    assert mean(Matching(folder), "trust", text) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [("the", "trust", 0.5), ("control", "trust", 0.6), ("the", "control", 0.3), ("trust", "trust", 1.0)],
    ids=["before", "less-but-in-the-text", "alike", "both"],
)
def test_what_is_read_before_a_text_counts_less(folder, text, before, expected):
    assert mean(Matching(folder), "trust", text, before) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("heading", "expected"), [(0.0, 0.0), (0.25, 0.25), (1.0, 1.0)])
def test_how_much_it_counts_stands_in_the_file(folder, heading, expected):
    assert mean(changed(folder, heading=[heading]), "trust", "the", "trust") == pytest.approx(expected)


def test_each_token_is_found_in_the_text_or_before_it_by_itself(folder):
    matched = Matching(folder).match("trust staff", ["trust"], ["staff"])
    assert (matched.mean[0], matched.least[0]) == pytest.approx((0.75, 0.5))


@pytest.mark.parametrize("weight", [0.0, 2.0, -3.0])
def test_tokens_of_a_question_have_weights_that_sum_to_one(folder, weight):
    weights = np.zeros(len(VOCABULARY))
    weights[TOKEN["trust"]] = weight
    expected = exp(weight) / (exp(weight) + 1)
    assert mean(changed(folder, weights=weights), "trust staff", "trust") == pytest.approx(expected, abs=1e-3)


def test_a_token_that_stands_twice_counts_twice(folder):
    assert mean(Matching(folder), "trust trust staff", "trust") == pytest.approx(2 / 3)


def test_the_least_matched_token_counts_whatever_it_weighs(folder):
    weights = np.zeros(len(VOCABULARY))
    weights[TOKEN["trust"]] = 8.0
    matched = changed(folder, weights=weights).match("trust control", ["trust"], ["the"])
    assert matched.mean[0] > 0.99
    assert matched.least[0] == pytest.approx(0.6, abs=1e-3)


@pytest.mark.parametrize("empty", ["", "  \n", "漢字"], ids=["empty", "blank", "unknown"])
def test_a_question_or_a_text_of_no_known_token_is_the_unknown_token(folder, empty):
    given = changed(folder, vectors=_unknown_first())
    assert mean(given, "staff", empty) == mean(given, empty, "staff") == mean(given, empty, empty) == 1.0
    assert mean(given, "trust", empty) == mean(given, empty, "trust") == 0.0
    assert mean(given, "staff", "the", empty) == HEADING


def _unknown_first() -> np.ndarray:
    """Return vectors where the token that stands for none, whose number is 0, is like the unknown one and `staff`."""
    vectors = tensors()["vectors"]
    vectors[0] = VECTORS["staff"]
    return vectors


def test_a_text_is_matched_the_same_alone_and_among_others(folder):
    texts = ["trust the staff", "", "control of the staff, in the question of trust: 7 %", "a"]
    before = ["the", "trust", "", "control " * 40]
    together = Matching(folder).match("trust staff control", texts, before)
    for place in range(len(texts)):
        alone = Matching(folder).match("trust staff control", [texts[place]], [before[place]])
        assert (alone.mean[0], alone.least[0]) == pytest.approx((together.mean[place], together.least[place]))


SECTION = KINDS_OF_SECTIONS.index("result")


def told(folder: Path, rows: dict[int, float]) -> Matching:
    """Return a late interaction in which some rows speak for results."""
    sections = np.zeros((len(VOCABULARY) + PAIRS, len(KINDS_OF_SECTIONS)))
    for row, value in rows.items():
        sections[row, SECTION] = value
    return changed(folder, sections=sections)


def test_sections_are_named_by_their_kinds_and_lie_around_nought(folder):
    found = told(folder, {TOKEN["trust"]: 1.0}).sections("trust")
    assert tuple(found) == KINDS_OF_SECTIONS == ("opening", *(role for roles in SECTIONS.values() for role in roles))
    assert sum(found.values()) == pytest.approx(0.0, abs=1e-6)
    kinds = len(KINDS_OF_SECTIONS)
    assert (found["result"], found["opening"]) == pytest.approx((1 - 1 / kinds, -1 / kinds))


@pytest.mark.parametrize(
    ("question", "share"),
    [("staff", 0.0), ("trust", 1.0), ("trust staff", 1 / 3), ("staff trust", 1 / 3 + 1 / 3), ("", 0.0)],
    ids=["another", "alone", "of-two", "with-its-pair", "empty"],
)
def test_each_token_and_each_two_in_a_row_speak_for_a_section(folder, question, share):
    *_, pair = with_pairs([TOKEN["staff"], TOKEN["trust"]], len(VOCABULARY))
    found = told(folder, {TOKEN["trust"]: 1.0, pair: 1.0}).sections(question)
    assert found["result"] == pytest.approx(share * (1 - 1 / len(KINDS_OF_SECTIONS)), abs=1e-6)


def test_pairs_follow_the_tokens_and_their_rows_the_vocabulary():
    assert with_pairs([], 100) == []
    assert with_pairs([7], 100) == [7]
    tokens = [7, 8, 7, 8]
    own, pairs = with_pairs(tokens, 100)[:4], with_pairs(tokens, 100)[4:]
    assert (own, len(pairs), pairs[0] == pairs[2] != pairs[1]) == (tokens, 3, True)
    assert all(100 <= row < 100 + PAIRS for row in with_pairs(list(range(0, 23_000, 7)), 100)[3286:])


def refused(matching: Matching) -> str:
    with pytest.raises(ModelError) as caught:
        matching.match("trust", ["trust"], ["staff"])
    return str(caught.value)


def refused_id(matching: Matching) -> str:
    with pytest.raises(ModelError) as caught:
        _ = matching.id
    return str(caught.value)


@pytest.mark.parametrize("call", [refused, refused_id], ids=["match", "id"])
def test_a_missing_file_is_told_of(folder, call):
    (folder / MATCHING).unlink()
    path = folder / MATCHING
    assert call(Matching(folder)) == (
        f"The model in {folder} cannot be read ([Errno 2] No such file or directory: '{path}'). Install Tillit again."
    )


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 64], ids=["empty", "json", "bytes"])
def test_a_file_that_is_no_safetensors_is_told_of(folder, content):
    said = refused(Matching(written(folder, content)))
    assert said.startswith(f"{folder / MATCHING} cannot be read (")
    assert said.endswith("). Install Tillit again.")


def test_a_file_that_was_cut_off_is_told_of(folder):
    (folder / MATCHING).write_bytes((folder / MATCHING).read_bytes()[:-1])
    assert refused(Matching(folder)) == f"{folder / MATCHING} is not the file that was expected. Install Tillit again."


@pytest.mark.parametrize("name", ["vectors", "weights", "sections", "heading"])
def test_a_file_that_lacks_something_is_told_of(folder, name):
    given = tensors()
    del given[name]
    written(folder, save(given))
    assert refused(Matching(folder)) == f"{folder / MATCHING} cannot be read ('{name}'). Install Tillit again."


@pytest.mark.parametrize(
    "given",
    [
        {"weights": np.zeros(3)},
        {"vectors": np.zeros((3, 2))},
        {"sections": np.zeros((len(VOCABULARY), len(KINDS_OF_SECTIONS)))},
        {"sections": np.zeros((len(VOCABULARY) + PAIRS, 3))},
    ],
    ids=["weights", "vectors", "rows-of-sections", "kinds-of-sections"],
)
def test_a_file_of_another_shape_is_told_of(folder, given):
    assert refused(changed(folder, **given)) == (
        f"{folder / MATCHING} is not the file that was expected. Install Tillit again."
    )


def test_without_what_headings_count_the_file_is_told_of(folder):
    assert refused(changed(folder, heading=np.zeros(0))).startswith(f"{folder / MATCHING} cannot be read (")


def test_the_tokens_of_another_model_are_refused(folder):
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert refused(Matching(folder)) == (
        f"{folder / 'tokenizer.json'} is not the file that was expected. Install Tillit again."
    )


def test_the_id_is_that_of_the_weights(folder):
    first, same = Matching(folder).id, Matching(folder).id
    other = changed(folder, heading=[0.75]).id
    assert (first, len(first)) == (same, 16)
    assert other != first


def test_torch_is_not_loaded():
    program = (
        "import sys\nfrom kb.models.matching import Matching\n"
        "print(Matching().match('trust', ['trust'], ['']).mean.shape, {'torch', 'transformers'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert result.stdout == "(1,) set()\n"


def shipped(document_id: str, language: str) -> Document:
    return next(d for group in load_shipped() for d in group if (d.id, d.language) == (document_id, language))


@pytest.mark.model
@pytest.mark.parametrize(
    ("document_id", "language", "question", "held"),
    [
        ("dk-bornholm-mowing-by-result", "en", "How tall may the grass grow before it is cut?", "7 cm"),
        ("dk-bornholm-mowing-by-result", "da", "Hvor højt må græsset blive, før det slås?", "7 cm"),
        ("dk-bornholm-mowing-by-result", "sv", "Hur högt får gräset bli innan det klipps?", "7 cm"),
        (
            "no-principle-trust-must-be-deserved",
            "en",
            "Which scandal shows that trust was misplaced?",
            "scandal in Nav",
        ),
        (
            "no-principle-trust-must-be-deserved",
            "nb",
            "Hvilken skandale viste at rettigheter ikke ble behandlet riktig?",
            "i Nav",
        ),
    ],
)
def test_the_bundled_one_matches_the_block_that_answers_best(document_id, language, question, held):
    document = shipped(document_id, language)
    blocks = parse_blocks(document.text)
    body = [block for block in blocks if block.kind != "heading"]
    texts = [document.text[block.start : block.end] for block in body]
    matched = Matching().match(question, texts, [before_block(document, blocks, block) for block in body])
    assert held in texts[int(matched.mean.argmax())]


@pytest.mark.model
def test_the_bundled_one_is_of_unit_vectors_over_the_tokens_of_the_bundled_model():
    matching = Matching()
    stored = load_file(matching.folder / MATCHING)
    norms = np.linalg.norm(stored["vectors"].astype(np.float64), axis=1)
    tokens = {row for language in LANGUAGES for row in matching._model.tokens("Tillid til trust 7 % " + language)}
    assert max(tokens) < len(stored["vectors"])
    assert norms[1:] == pytest.approx(1.0, abs=2e-3)
    assert 0.0 < float(stored["heading"][0]) < 1.0
    assert sqrt(2) > matching.match("trust", ["trust"], [""]).mean[0] == pytest.approx(1.0, abs=2e-3)
