"""The student learns: the loss falls, translations come near each other, and the seed decides everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from kb.models.static import StaticModel
from kb.training.corpus import gather
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


def test_it_learns_without_questions(tokenizer, corpus, targets):
    without = replace(corpus, contrasts=[])
    assert len(train(tokenizer, without, targets, replace(SMALL, epochs=1)).losses) > 0


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


def test_rows_of_the_same_key_are_not_told_apart():
    student = Student(3, 2, Recipe())
    left = right = torch.eye(2)[[0, 0, 1]]
    alike = student.contrast_loss(left, right, torch.tensor([5, 5, 6]))
    apart = student.contrast_loss(left, right, torch.tensor([5, 6, 7]))
    assert float(alike) < 1e-6 < 0.2 < float(apart)
