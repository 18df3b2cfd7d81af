"""The student: one vector a token, a text's vector their mean, learnt by Adam.

The losses of a batch of pairs: the distance of both sides to the teacher's vector of the English side; telling
the teacher's vectors of the batch apart by the other side's; telling the other sides apart by the English ones.
And for a batch of questions: telling the documents, or the blocks, apart that they were written for. Texts of the same
English side, or of the same document or block, are not counted as others (.004 of Recall@5, two seeds of two epochs).
On one machine and with one number of threads the same seed gives the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.records import Progress, no_progress
from kb.training.corpus import Contrast, Corpus
from kb.training.recipe import Recipe
from kb.training.tokenizer import UNKNOWN_ID, token_ids

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

THREADS = 1
"""So that the bits do not depend on how many cores there are; and on busy cores two wait for each other."""

REPORT_EVERY = 20


@dataclass(frozen=True, slots=True)
class Targets:
    """The teacher's vectors, one a row, and each pair's row."""

    vectors: NDArray[np.float32]
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trained:
    """The tokens' vectors, and the loss at each step."""

    vectors: NDArray[np.float32]
    losses: list[float]


class Bags:
    """The tokens of texts, ready to be taken in any order."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
        import numpy as np

        ids = token_ids(tokenizer, texts)
        self._lengths = np.array([len(bag) for bag in ids], dtype=np.int64)
        self._ends = np.cumsum(self._lengths)
        self._flat = np.fromiter((token for bag in ids for token in bag), dtype=np.int64, count=self._lengths.sum())

    def take(self, chosen: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the tokens of some texts one after the other, and where each begins."""
        import numpy as np
        import torch

        lengths, ends = self._lengths[chosen], self._ends[chosen]
        flat = np.concatenate([self._flat[end - length : end] for length, end in zip(lengths, ends, strict=True)])
        return torch.from_numpy(flat), torch.from_numpy(np.cumsum(lengths) - lengths)


class Student:
    """The model while it learns."""

    def __init__(self, tokens: int, dimensions: int, recipe: Recipe) -> None:
        import torch

        generator = torch.Generator().manual_seed(recipe.seed)
        weight = torch.randn(tokens, dimensions, generator=generator) * recipe.spread
        weight[UNKNOWN_ID] = 0
        self._bag = torch.nn.EmbeddingBag.from_pretrained(weight, freeze=False, mode="mean", padding_idx=UNKNOWN_ID)
        self._adam = torch.optim.Adam(self._bag.parameters(), lr=recipe.learning_rate, fused=True)
        self._recipe = recipe

    def __call__(self, bags: Bags, chosen: NDArray[np.int64]) -> torch.Tensor:
        """Return the unit vectors of some texts; the unknown token counts for nothing."""
        import torch

        unit: torch.Tensor = torch.nn.functional.normalize(self._bag(*bags.take(chosen)), dim=1)
        return unit

    def pair_loss(
        self, english: torch.Tensor, other: torch.Tensor, targets: torch.Tensor, rows: torch.Tensor
    ) -> torch.Tensor:
        """Return the loss of a batch of pairs; `rows` tell which have the same English side."""
        recipe = self._recipe
        distance = 1 - ((english + other) * targets).sum(dim=1).mean() / 2
        to_teacher = self._telling_apart(other, targets, rows)
        to_each_other = self._telling_apart(english, other, rows)
        return recipe.cosine_weight * distance + to_teacher + recipe.pair_weight * to_each_other

    def contrast_loss(self, questions: torch.Tensor, passages: torch.Tensor, documents: torch.Tensor) -> torch.Tensor:
        """Return the loss of a batch of questions and what they were written for."""
        return self._recipe.contrast_weight * self._telling_apart(questions, passages, documents)

    def _telling_apart(self, left: torch.Tensor, right: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
        """Return the cross-entropy of finding each row's own among all of other keys."""
        import torch

        own = torch.arange(len(keys))
        same = keys[:, None] == keys[None, :]
        same[own, own] = False
        similarity = (self._recipe.scale * left @ right.T).masked_fill(same, -math.inf)
        return torch.nn.functional.cross_entropy(similarity, own)

    def step(self, loss: torch.Tensor, left: float) -> None:
        """Learn from a loss, at a rate of so much of the first one."""
        for group in self._adam.param_groups:
            group["lr"] = self._recipe.learning_rate * left
        self._adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._adam.step()

    def vectors(self) -> NDArray[np.float32]:
        """Return the tokens' vectors."""
        vectors: NDArray[np.float32] = self._bag.weight.detach().numpy().copy()
        return vectors


def train(
    tokenizer: Tokenizer, corpus: Corpus, targets: Targets, recipe: Recipe, progress: Progress = no_progress
) -> Trained:
    """Return the trained vectors of the tokenizer's pieces."""
    import numpy as np
    import torch

    torch.set_num_threads(THREADS)
    student = Student(tokenizer.get_vocab_size(), targets.vectors.shape[1], recipe)
    english = Bags(tokenizer, [pair.english for pair in corpus.pairs])
    other = Bags(tokenizer, [pair.other for pair in corpus.pairs])
    vectors, rows = torch.from_numpy(targets.vectors), torch.from_numpy(targets.rows)
    contrasts = [_Contrasts(tokenizer, each) for each in (corpus.contrasts, corpus.block_contrasts) if each]
    random = np.random.default_rng(recipe.seed)
    batches = list(_batches(len(corpus.pairs), recipe.batch, recipe.epochs, random))
    rounds = [_batches(len(each), recipe.contrast_batch, math.inf, random) for each in contrasts]
    losses = []
    for step, chosen in enumerate(batches):
        row = rows[chosen]
        loss = student.pair_loss(student(english, chosen), student(other, chosen), vectors[row], row)
        for each, questions in zip(contrasts, rounds, strict=True):
            loss = loss + each.loss(student, next(questions))
        student.step(loss, 1 - step / len(batches))
        losses.append(float(loss.detach()))
        if step % REPORT_EVERY == 0 or step + 1 == len(batches):
            progress("train", step + 1, len(batches))
    return Trained(student.vectors(), losses)


class _Contrasts:
    """The questions and their passages as tokens."""

    def __init__(self, tokenizer: Tokenizer, contrasts: Sequence[Contrast]) -> None:
        import torch

        self._questions = Bags(tokenizer, [contrast.question for contrast in contrasts])
        self._passages = Bags(tokenizer, [contrast.passage for contrast in contrasts])
        numbers = {key: n for n, key in enumerate(sorted({contrast.key for contrast in contrasts}))}
        self._keys = torch.tensor([numbers[contrast.key] for contrast in contrasts])

    def __len__(self) -> int:
        return len(self._keys)

    def loss(self, student: Student, chosen: NDArray[np.int64]) -> torch.Tensor:
        questions, passages = student(self._questions, chosen), student(self._passages, chosen)
        return student.contrast_loss(questions, passages, self._keys[chosen])


def _batches(count: int, size: int, epochs: float, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield the numbers below `count` in random order, so many times each, a batch at least.

    A batch may span two rounds.
    """
    import numpy as np

    size = min(size, count)
    left = max(epochs * count, size)
    waiting = np.zeros(0, dtype=np.int64)
    while count and left >= size:
        while len(waiting) < size:
            waiting = np.concatenate([waiting, random.permutation(count)])
        yield waiting[:size]
        waiting, left = waiting[size:], left - size
