"""Training of the late interaction (`kb/models/matching.py`) on the questions that were written for blocks.

A batch is a document with some of those that lie nearest to it, in one language: each of its questions is to pick
the blocks that it was written for among all blocks of these documents (softmax over the blocks, as in a conditional
logit). The vectors start as the embedding's own, on its main directions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.blocks import parse_blocks
from kb.models.matching import KINDS_OF_SECTIONS, PAIRS, before_block, section_of, with_pairs
from kb.records import Document, Progress, no_progress
from kb.training.recipe import Recipe
from kb.training.student import THREADS
from kb.training.tokenizer import token_ids

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

LONGEST, LONGEST_BEFORE = 160, 60
"""Tokens of a block, and of what is read before it, that are looked at in training."""
NEAREST = 24
"""Documents among which those that stand beside one in a batch are drawn."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document in one language as tokens: its blocks, what is read before each, their sections, its questions."""

    blocks: list[list[int]]
    before: list[list[int]]
    sections: list[int]
    questions: list[tuple[list[int], list[int]]]
    """Tokens of a question, and the places in `blocks` of those that answer it."""


def read_texts(tokenizer: Tokenizer, documents: Sequence[Document]) -> list[Text]:
    """Return documents as tokens; a block in no known section is numbered as one behind the last kind."""
    found = []
    for document in documents:
        blocks = parse_blocks(document.text)
        body = [block for block in blocks if block.kind != "heading"]
        texts = [document.text[block.start : block.end] for block in body]
        asked = [each for each in document.block_questions if each.first is not None and each.last is not None]
        numbers = [block.number for block in body]
        gold = [[place for place, n in enumerate(numbers) if each.first <= n <= each.last] for each in asked]  # type: ignore[operator]
        kinds = [section_of(document, block) for block in body]
        questions = zip(token_ids(tokenizer, [each.text for each in asked]), gold, strict=True)
        found.append(
            Text(
                [ids[:LONGEST] or [0] for ids in token_ids(tokenizer, texts)],
                [
                    i[:LONGEST_BEFORE] or [0]
                    for i in token_ids(tokenizer, [before_block(document, blocks, b) for b in body])
                ],
                [KINDS_OF_SECTIONS.index(kind) if kind else len(KINDS_OF_SECTIONS) for kind in kinds],
                [(ids, places) for ids, places in questions if ids and places],
            )
        )
    return found


class Learner:
    """The late interaction while it learns."""

    def __init__(self, vectors: NDArray[np.float32], recipe: Recipe) -> None:
        import torch

        own = torch.from_numpy(vectors)
        lengths = own.norm(dim=1)
        unit = own / lengths[:, None].clamp_min(1e-6)
        main = torch.linalg.eigh(unit.T @ unit)[1].flip(1)[:, : recipe.matching_dimensions]
        self.vectors = torch.nn.Parameter((unit @ main).contiguous())
        self.weights = torch.nn.Parameter(lengths.clamp_min(1e-3).log())
        self.sections = torch.nn.Parameter(torch.zeros(len(vectors) + PAIRS, len(KINDS_OF_SECTIONS)))
        self.heading = torch.nn.Parameter(torch.zeros(1))
        self.scale = torch.nn.Parameter(torch.tensor([math.log(recipe.scale)]))
        rates = [(self.vectors, 2e-3), (self.sections, 3e-2), (self.weights, 2e-2), (self.heading, 2e-2)]
        groups = [{"params": [each], "lr": rate, "first": rate} for each, rate in (*rates, (self.scale, 2e-2))]
        self._adam = torch.optim.Adam(groups)
        self._penalty = recipe.section_penalty

    def loss(self, texts: Sequence[Text], questions: Sequence[tuple[list[int], list[int]]]) -> torch.Tensor:
        """Return the loss of questions whose answers are numbered through all blocks of `texts`."""
        import torch

        tokens, mask = _padded([ids for ids, _ in questions])
        weights = self.weights[tokens].masked_fill(mask, -math.inf).softmax(dim=1)
        own = self._best(tokens, [ids for text in texts for ids in text.blocks])
        before = self._best(tokens, [ids for text in texts for ids in text.before])
        matched = torch.maximum(own, torch.sigmoid(self.heading) * before)
        kinds, penalty = self._kinds([ids for ids, _ in questions])
        sections = kinds[:, [kind for text in texts for kind in text.sections]]
        scores = torch.exp(self.scale) * (matched * weights[:, :, None]).sum(dim=1) + sections
        chances = scores.log_softmax(dim=1)
        picked = [chances[row, places].logsumexp(dim=0) for row, (_, places) in enumerate(questions)]
        return penalty - torch.stack(picked).mean()

    def _best(self, tokens: torch.Tensor, texts: list[list[int]]) -> torch.Tensor:
        """Return the best match of each token in each text, shape (questions, tokens, texts)."""
        import torch

        others, mask = _padded(texts)
        left = torch.nn.functional.normalize(self.vectors[tokens], dim=-1)
        right = torch.nn.functional.normalize(self.vectors[others], dim=-1)
        cosines = (left.flatten(0, 1) @ right.flatten(0, 1).T).reshape(*tokens.shape, *others.shape)
        best: torch.Tensor = cosines.masked_fill(mask, -1.0).amax(dim=3)
        return best

    def _kinds(self, questions: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return what each question says of each kind of section, none of the last column, and the penalty."""
        import torch

        rows = [with_pairs(ids, len(self.vectors)) for ids in questions]
        flat = torch.tensor([row for own in rows for row in own])
        starts = torch.tensor([0, *(len(own) for own in rows[:-1])]).cumsum(0)
        kinds = torch.nn.functional.embedding_bag(flat, self.sections, starts, mode="mean")
        kinds = kinds - kinds.mean(dim=1, keepdim=True)
        return torch.nn.functional.pad(kinds, (0, 1)), self._penalty * (self.sections[flat] ** 2).mean()

    def step(self, loss: torch.Tensor, left: float) -> None:
        """Learn from a loss, at so much of the first rates."""
        for group in self._adam.param_groups:
            group["lr"] = group["first"] * left
        self._adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._adam.step()

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Return what `kb.models.matching` reads; the vectors have unit length."""
        import torch

        unit = torch.nn.functional.normalize(self.vectors.detach(), dim=1)
        heading = torch.sigmoid(self.heading.detach())
        own = {"vectors": unit, "weights": self.weights, "sections": self.sections, "heading": heading}
        return {name: tensor.detach().numpy().astype("float16") for name, tensor in own.items()}


def _padded(texts: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return tokens of shape (texts, longest), and where there is none."""
    import torch

    longest = max(map(len, texts))
    tokens = torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids in texts])
    return tokens, torch.arange(longest)[None, :] >= torch.tensor([len(ids) for ids in texts])[:, None]


def train_matching(
    tokenizer: Tokenizer,
    vectors: NDArray[np.float32],
    groups: Sequence[Sequence[Document]],
    recipe: Recipe,
    progress: Progress = no_progress,
) -> dict[str, NDArray[np.float32]]:
    """Return the trained tensors of the late interaction; `vectors` are the embedding's, shape (tokens, dimensions)."""
    import numpy as np
    import torch

    torch.set_num_threads(THREADS)
    learner = Learner(vectors, recipe)
    random = np.random.default_rng(recipe.seed)
    by_language = [[group[place] for group in groups] for place in range(min(map(len, groups), default=0))]
    texts = [read_texts(tokenizer, documents) for documents in by_language]
    nearest = [_nearest(tokenizer, vectors, documents) for documents in by_language]
    places = [(language, n) for language, own in enumerate(texts) for n in range(len(own))]
    steps = recipe.matching_epochs * len(places)
    for step in range(steps):
        if step % len(places) == 0:
            order = random.permutation(len(places))
        language, n = places[order[step % len(places)]]
        chosen, questions = _batch(texts[language], n, nearest[language][n], recipe, random)
        if questions:
            learner.step(learner.loss(chosen, questions), 1 - step / steps)
        progress("match", step + 1, steps)
    return learner.tensors()


def _nearest(tokenizer: Tokenizer, vectors: NDArray[np.float32], documents: Sequence[Document]) -> NDArray[np.int64]:
    """Return for each document the places of those that lie nearest to it, itself not among them."""
    import numpy as np

    means = [vectors[ids or [0]].mean(axis=0) for ids in token_ids(tokenizer, [each.text for each in documents])]
    unit = np.stack(means)
    unit = unit / np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-9)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -math.inf)
    return np.argsort(-cosines, axis=1, kind="stable")[:, : min(NEAREST, len(documents) - 1)]


def _batch(
    texts: Sequence[Text], n: int, nearest: NDArray[np.int64], recipe: Recipe, random: np.random.Generator
) -> tuple[list[Text], list[tuple[list[int], list[int]]]]:
    """Return a document with some of its nearest, and some of their questions, numbered through their blocks."""
    beside = random.permutation(nearest)[: recipe.matching_documents - 1]
    chosen = [texts[place] for place in (n, *beside)]
    questions, offset = [], 0
    for text, most in zip(chosen, _counts(recipe), strict=False):
        drawn = random.permutation(len(text.questions))[:most]
        questions += [(ids, [offset + p for p in places]) for ids, places in (text.questions[q] for q in drawn)]
        offset += len(text.blocks)
    return chosen, questions


def _counts(recipe: Recipe) -> Iterator[int]:
    yield recipe.own_questions
    while True:
        yield recipe.others_questions
