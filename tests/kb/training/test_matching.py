"""The late interaction learns which of the blocks of documents that lie near each other a question was written for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from kb.blocks import parse_blocks
from kb.models.matching import KINDS_OF_SECTIONS, MATCHING, PAIRS, Matching, before_block, section_of
from kb.models.static import HASHES, StaticModel
from kb.records import BlockQuestion, Document
from kb.shipped import sha256_of
from kb.training.matching import LONGEST, LONGEST_BEFORE, Learner, read_texts, train_matching
from kb.training.tokenizer import train_tokenizer
from tests.kb.training.texts import FRAMES, SMALL, TOPICS, groups

RECIPE = replace(SMALL, matching_dimensions=16, matching_epochs=12, matching_documents=3)
GROUPS = [group[:2] for group in groups()]
TEXTS = [text for group in GROUPS for d in group for text in (d.text, *(q.text for q in d.block_questions))]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, 250, SMALL.longest_piece)


@pytest.fixture(scope="module")
def vectors(tokenizer) -> NDArray[np.float32]:
    """Vectors of tokens that know nothing of the topics."""
    return np.random.default_rng(3).normal(size=(tokenizer.get_vocab_size(), 24)).astype(np.float32)


def written(folder: Path, tokenizer, vectors, tensors: Mapping[str, NDArray[np.float32]]) -> Matching:
    """Return what `kb.models.matching` reads of trained tensors."""
    folder.mkdir()
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    save_file({"embeddings": vectors}, folder / "model.safetensors")
    save_file(dict(tensors), folder / MATCHING)
    names = ("model.safetensors", "tokenizer.json", MATCHING)
    hashes = {name: sha256_of_bytes((folder / name).read_bytes()) for name in names}
    (folder / HASHES).write_text(str(hashes).replace("'", '"'), encoding="utf-8")
    return Matching(folder)


def sha256_of_bytes(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


def loss_of(matching: Matching, documents: Sequence[Document]) -> float:
    """Return how unlikely the right blocks are among all blocks of documents, by match and section alone."""
    blocks = [(d, parse_blocks(d.text), b) for d in documents for b in parse_blocks(d.text) if b.kind != "heading"]
    texts = [d.text[b.start : b.end] for d, _, b in blocks]
    before = [before_block(d, own, b) for d, own, b in blocks]
    losses = []
    for document in documents:
        for each in document.block_questions:
            if each.first is None:
                continue
            told = matching.sections(each.text)
            scores = RECIPE.scale * matching.match(each.text, texts, before).mean
            scores = scores + [told.get(section_of(d, b) or "", 0.0) for d, _, b in blocks]
            chances = np.exp(scores) / np.exp(scores).sum()
            right = [d.id == document.id and each.first <= b.number <= each.last for d, _, b in blocks]
            losses.append(-np.log(chances[right].sum()))
    return float(np.mean(losses))


def test_after_training_the_right_block_is_matched_better_than_before(tokenizer, vectors, tmp_path):
    first = Learner(vectors, RECIPE).tensors()
    trained = train_matching(tokenizer, vectors, GROUPS, RECIPE)
    before = written(tmp_path / "before", tokenizer, vectors, first)
    after = written(tmp_path / "after", tokenizer, vectors, trained)
    for place in range(2):
        documents = [group[place] for group in GROUPS]
        assert loss_of(after, documents) < 0.5 * loss_of(before, documents)


def test_the_same_seed_gives_the_same_bits_and_another_gives_others(tokenizer, vectors):
    brief = replace(RECIPE, matching_epochs=1)
    first, again, other = (train_matching(tokenizer, vectors, GROUPS, replace(brief, seed=seed)) for seed in (1, 1, 2))
    assert {name: tensor.tobytes() for name, tensor in first.items()} == {
        name: tensor.tobytes() for name, tensor in again.items()
    }
    assert first["vectors"].tobytes() != other["vectors"].tobytes()


def test_tensors_are_small_numbers_of_the_shapes_that_are_read(tokenizer, vectors):
    given = train_matching(tokenizer, vectors, GROUPS, replace(RECIPE, matching_epochs=1))
    tokens = tokenizer.get_vocab_size()
    assert {name: tensor.shape for name, tensor in given.items()} == {
        "vectors": (tokens, 16),
        "weights": (tokens,),
        "sections": (tokens + PAIRS, len(KINDS_OF_SECTIONS)),
        "heading": (1,),
    }
    assert {tensor.dtype for tensor in given.values()} == {np.dtype("float16")}
    assert np.linalg.norm(given["vectors"].astype(np.float64), axis=1) == pytest.approx(1.0, abs=2e-3)
    assert 0.0 < given["heading"][0] < 1.0


def test_at_first_vectors_are_as_alike_as_the_embeddings_and_tokens_weigh_their_length(vectors):
    first = Learner(vectors, replace(RECIPE, matching_dimensions=24)).tensors()
    lengths = np.linalg.norm(vectors, axis=1)
    unit = vectors / lengths[:, None]
    own = first["vectors"].astype(np.float32)
    np.testing.assert_allclose(own @ own.T, unit @ unit.T, atol=5e-3)
    np.testing.assert_allclose(first["weights"], np.log(lengths), atol=5e-3)
    assert not first["sections"].any()
    assert first["heading"][0] == 0.5


def same(one: Mapping[str, NDArray[np.float32]], other: Mapping[str, NDArray[np.float32]]) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one)


def without_questions(document: Document) -> Document:
    return replace(document, block_questions=(BlockQuestion(None, None, "garden"),))


@pytest.mark.parametrize(
    "given",
    [[], [[without_questions(document) for document in group] for group in GROUPS]],
    ids=["none", "without-questions"],
)
def test_documents_without_questions_for_their_blocks_train_nothing(tokenizer, vectors, given):
    assert same(train_matching(tokenizer, vectors, given, RECIPE), Learner(vectors, RECIPE).tensors())


def test_documents_without_questions_stand_beside_those_that_have_some(tokenizer, vectors):
    alone = train_matching(tokenizer, vectors, GROUPS[:1], RECIPE)
    beside = [[without_questions(document) for document in GROUPS[1]]]
    assert not same(train_matching(tokenizer, vectors, [*GROUPS[:1], *beside], RECIPE), alone)


@pytest.mark.parametrize("documents", [1, 2])
def test_fewer_documents_than_a_batch_are_learnt_from(tokenizer, vectors, documents):
    trained = train_matching(tokenizer, vectors, GROUPS[:documents], RECIPE)
    assert all(np.isfinite(tensor).all() for tensor in trained.values())
    assert not same(trained, Learner(vectors, RECIPE).tensors())


def test_a_document_without_a_block_is_none_to_pick(tokenizer, vectors):
    empty = [replace(document, id="empty", text="# Time", block_questions=()) for document in GROUPS[0]]
    given = train_matching(tokenizer, vectors, [*GROUPS[:2], empty], RECIPE)
    assert all(np.isfinite(tensor).all() for tensor in given.values())


def test_progress_counts_documents_of_every_language_in_every_round(tokenizer, vectors):
    seen = []
    train_matching(tokenizer, vectors, GROUPS, replace(RECIPE, matching_epochs=2), lambda *report: seen.append(report))
    steps = 2 * len(TOPICS) * 2
    assert seen == [("match", step, steps) for step in range(1, steps + 1)]


def test_a_document_is_read_as_tokens_of_its_blocks_and_of_what_stands_before_them(tokenizer):
    text = "# Garden\n\nThe garden flowers.\n\n## Result\n\nFor:\n\n- school\n"
    asked = (
        BlockQuestion(1, 1, "Who trusts?"),
        BlockQuestion(3, 4, "Why school?"),
        BlockQuestion(None, None, "garden"),
    )
    document = replace(GROUPS[0][0], title="Garden", text=text, sha256=sha256_of(text), block_questions=asked)
    (given,) = read_texts(tokenizer, [document])
    ids = [tokenizer.encode(each, add_special_tokens=False).ids for each in ("The garden flowers.", "For:", "school")]
    before = ("Garden\n\nGarden", "Garden\n\nGarden\nResult", "Garden\n\nGarden\nResult\nFor:")
    assert given.blocks == ids
    assert given.before == [tokenizer.encode(each, add_special_tokens=False).ids for each in before]
    assert given.sections == [KINDS_OF_SECTIONS.index(kind) for kind in ("opening", "result", "result")]
    questions = [tokenizer.encode(each, add_special_tokens=False).ids for each in ("Who trusts?", "Why school?")]
    assert given.questions == [(questions[0], [0]), (questions[1], [1, 2])]


def test_long_texts_are_cut_and_empty_questions_and_unknown_sections_left_out(tokenizer):
    text = f"# {'garden ' * 200}\n\n## Own\n\n{'school ' * 400}\n"
    asked = (BlockQuestion(2, 2, ""), BlockQuestion(0, 0, "Why?"), BlockQuestion(2, 2, "Who?"))
    document = replace(GROUPS[0][0], title="garden " * 200, text=text, block_questions=asked)
    (given,) = read_texts(tokenizer, [document])
    assert ([len(ids) for ids in given.blocks], [len(ids) for ids in given.before]) == ([LONGEST], [LONGEST_BEFORE])
    assert given.sections == [len(KINDS_OF_SECTIONS)]
    assert [places for _, places in given.questions] == [[0]]


def test_the_loss_of_a_learner_is_that_of_picking_the_right_blocks(tokenizer, vectors):
    learner = Learner(vectors, RECIPE)
    texts = read_texts(tokenizer, [GROUPS[0][0], GROUPS[1][0]])
    blocks = sum(len(text.blocks) for text in texts)
    (ids, _), *_ = texts[0].questions
    every = learner.loss(texts, [(ids, list(range(blocks)))])
    apart = torch.stack([torch.exp(-learner.loss(texts, [(ids, [place])])) for place in range(blocks)])
    assert float(every.detach()) == pytest.approx(0.0, abs=1e-5)
    assert float(apart.detach().sum()) == pytest.approx(1.0, abs=1e-4)


def test_the_embedding_is_read_beside_it(tokenizer, vectors, tmp_path):
    written(tmp_path / "both", tokenizer, vectors, Learner(vectors, RECIPE).tensors())
    assert StaticModel(tmp_path / "both").embed([FRAMES["en"][0]]).shape == (1, 24)
