"""The student learns: the loss falls, translations come near each other, and the seed decides everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from kb.models.static import StaticModel
from kb.training import student
from kb.training.corpus import Contrast, gather
from kb.training.recipe import Recipe
from kb.training.student import Bags, Student, Targets, train
from kb.training.tokenizer import UNKNOWN_ID, train_tokenizer
from tests.kb.training.texts import SMALL, TOPICS, HashTeacher, sources


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return gather(sources(tmp_path_factory.mktemp("corpus")), SMALL)


@pytest.fixture(scope="module")
def tokenizer(corpus):
    return train_tokenizer(corpus.texts, SMALL.vocabulary, SMALL.longest_piece)


@pytest.fixture(scope="module")
def targets(corpus):
    vectors = HashTeacher().encode([pair.english for pair in corpus.pairs])
    return Targets(vectors, np.arange(len(corpus.pairs)))


def test_the_loss_falls(tokenizer, corpus, targets):
    losses = train(tokenizer, corpus, targets, SMALL).losses
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) / 3


def test_the_same_seed_gives_the_same_bits_and_another_gives_others(tokenizer, corpus, targets):
    first, again, other = (
        train(tokenizer, corpus, targets, replace(SMALL, epochs=2, seed=seed)).vectors for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_unknown_token_counts_for_nothing(tokenizer, corpus, targets):
    vectors = train(tokenizer, corpus, targets, replace(SMALL, epochs=2)).vectors
    assert not vectors[UNKNOWN_ID].any()
    assert vectors[UNKNOWN_ID + 1 :].any(axis=1).all()


def test_progress_ends_at_the_last_step(tokenizer, corpus, targets):
    seen = []
    recipe = replace(SMALL, epochs=1)
    losses = train(tokenizer, corpus, targets, recipe, lambda *report: seen.append(report)).losses
    assert len(losses) == len(corpus.pairs) // recipe.batch
    assert seen[-1] == ("train", len(losses), len(losses))


@pytest.mark.parametrize(
    "without",
    [("contrasts",), ("block_contrasts",), ("contrasts", "block_contrasts")],
    ids=["of-documents", "of-blocks", "of-either"],
)
def test_it_learns_without_questions(tokenizer, corpus, targets, without):
    brief = replace(SMALL, epochs=1)
    trained = train(tokenizer, replace(corpus, **{name: [] for name in without}), targets, brief)
    assert len(trained.losses) == len(corpus.pairs) // SMALL.batch
    assert np.isfinite(trained.losses).all()
    assert not np.array_equal(trained.vectors, train(tokenizer, corpus, targets, brief).vectors)


def test_translations_lie_near_each_other_and_other_topics_do_not(trained):
    model = StaticModel(trained)
    for code in ("da", "nb", "sv"):
        similarity = model.embed([t["en"] for t in TOPICS]) @ model.embed([t[code] for t in TOPICS]).T
        np.testing.assert_array_equal(similarity.argmax(axis=1), range(len(TOPICS)))
        assert np.diagonal(similarity).min() > 0.8


def test_bags_are_taken_in_any_order(tokenizer):
    texts = ["garden", "", "school pupils"]
    tokens, starts = Bags(tokenizer, texts).take(np.array([2, 1, 0]))
    expected = [tokenizer.encode(text, add_special_tokens=False).ids for text in reversed(texts)]
    assert tokens.tolist() == [token for bag in expected for token in bag]
    assert starts.tolist() == [0, len(expected[0]), len(expected[0])]


def contrasts_of(*keys: str) -> list[Contrast]:
    return [Contrast("school pupils", "garden flowers", key) for key in keys]


@pytest.mark.parametrize(
    ("keys", "alike"),
    [
        (("doc-1 4", "doc-1 4"), True),
        (("doc-1", "doc-1"), True),
        (("doc-1 4", "doc-1 5"), False),
        (("doc-1 4", "doc-2 4"), False),
        (("doc-1", "doc-2"), False),
    ],
    ids=["same-block", "same-document", "blocks-of-a-document", "blocks-of-two-documents", "two-documents"],
)
def test_blocks_are_told_apart_within_a_document_too(tokenizer, keys, alike):
    contrasts = student._Contrasts(tokenizer, contrasts_of(*keys))
    loss = contrasts.loss(Student(tokenizer.get_vocab_size(), 8, Recipe()), np.arange(2))
    assert float(loss.detach()) == pytest.approx(0 if alike else Recipe().contrast_weight * np.log(2))


def test_rows_of_the_same_key_are_not_told_apart():
    learning = Student(3, 2, Recipe())
    left = right = torch.eye(2)[[0, 0, 1]]
    alike = learning.contrast_loss(left, right, torch.tensor([5, 5, 6]))
    apart = learning.contrast_loss(left, right, torch.tensor([5, 6, 7]))
    assert float(alike) < 1e-6 < 0.2 < float(apart)
