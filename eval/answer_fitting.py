"""Fitting the weights of answering: which blocks answer a question, and when there is enough for an answer.

On questions that were written for it (`calibration.tsv`: answerable with the blocks that answer them, general ones
that many documents answer, near misses, far questions) and on the unlocked families. The blocks' weights are a
conditional logit (McFadden 1974) over the candidates of a question, where any of its gold blocks may be picked;
support is a logistic regression over the features of a question's best candidates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.rows import Row
from kb.answering.candidates import FEATURES
from kb.answering.reading import Reading
from kb.answering.support import SUPPORT_FEATURES, VECTOR_FEATURES
from kb.errors import DocumentError
from kb.records import Progress, no_progress
from kb.vocabulary import LANGUAGE_ALIASES, LANGUAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

CALIBRATION = Path(__file__).parent / "calibration.tsv"
ANSWERABLE: dict[str, bool] = {"answerable": True, "general": True, "near": False, "far": False}
STEPS, RATE = 600, 0.05
"""Steps of Adam and its rate for the blocks' weights; by then the loss changes in the fifth digit."""
BLOCK_PENALTY, SUPPORT_PENALTY = 1.0, 3.0
"""Of the squared weights, each of a standardised feature, against the sum over all questions."""
SHARES: dict[str, float] = {"families": 1.0, "answerable": 0.5, "general": 0.5, "near": 1.0, "far": 1.0}
"""What the questions of a source weigh together in the fit of support; the families weigh 1 on each side."""
_BLOCKS = re.compile(r"(\d+)(?:-(\d+))?")

Read = Callable[[Sequence[str], str], Reading]
"""From the turns of a conversation and its language to what was made of it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question with what it was written for; `gold` holds (document, block) pairs, none if nothing answers it."""

    source: str
    turns: tuple[str, ...]
    language: str
    gold: frozenset[tuple[str, int]]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made of an example: the candidates' features, shape (candidates, FEATURES), which are gold, support."""

    example: Example
    features: NDArray[np.float64]
    gold: NDArray[np.bool_]
    support: NDArray[np.float64]


def read_calibration(path: Path = CALIBRATION) -> list[Example]:
    """Return the questions of a file; raises `DocumentError` with the line at the first fault."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 5 or fields[0] not in ANSWERABLE or fields[3] not in LANGUAGES:
            raise DocumentError(f"{path}:{number}: there must be kind, document, blocks, language and question")
        kind, document, blocks, language, question = fields
        given = _BLOCKS.fullmatch(blocks)
        last = int(given[2] or given[1]) if given else -1
        gold = frozenset((document, block) for block in range(int(given[1]) if given else 0, last + 1))
        if kind == "answerable" and not gold:
            raise DocumentError(f"{path}:{number}: '{blocks}' is no block or range of blocks")
        found.append(Example(kind, (question,), language, gold, ANSWERABLE[kind]))
    return found


def of_row(row: Row) -> Example:
    """Return a question of the set as an example."""
    spans = [span for alternative in row.family.gold for span in alternative]
    gold = frozenset((span.document, block) for span in spans for block in range(span.first, span.last + 1))
    language = LANGUAGE_ALIASES.get(row.language, row.language)
    return Example("families", row.turns, language, gold, row.family.type != "unanswerable")


def see(examples: Sequence[Example], read: Read, progress: Progress = no_progress) -> list[Seen]:
    """Return what is made of each example; those for which no passage is found are left out."""
    found = []
    for done, example in enumerate(examples, 1):
        reading = read(example.turns, example.language)
        if reading.ranked:
            places = [(r.candidate.read.document.id, r.candidate.block.number) for r in reading.ranked]
            features = np.stack([ranked.candidate.features for ranked in reading.ranked])
            gold = np.array([place in example.gold for place in places])
            values = np.array([reading.features[name] for name in SUPPORT_FEATURES])
            found.append(Seen(example, features, gold, values))
        progress("questions", done, len(examples))
    return found


def fit_blocks(seen: Sequence[Seen]) -> dict[str, float]:
    """Return the weight of each feature of a candidate under which gold blocks are likeliest to be picked."""
    groups = [each for each in seen if each.gold.any() and len(each.example.turns) == 1]
    if not groups:
        raise DocumentError("None of these questions has a gold block among its candidates; choose more.")
    every = np.concatenate([each.features for each in groups])
    mean, deviation = every.mean(axis=0), every.std(axis=0) + 1e-9
    scaled = [((each.features - mean) / deviation, each.gold) for each in groups]
    weights, first, second = (np.zeros(len(FEATURES)) for _ in range(3))
    for step in range(1, STEPS + 1):
        gradient = BLOCK_PENALTY * weights + sum(_gradient(*group, weights) for group in scaled)
        gradient = gradient / len(scaled)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        weights = weights - RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
    return _named(FEATURES, weights / deviation)


def _gradient(features: NDArray[np.float64], gold: NDArray[np.bool_], weights: NDArray[np.float64]) -> Any:
    """Return the gradient of the negative log likelihood that one of the gold blocks is picked."""
    shares = np.exp(features @ weights - (features @ weights).max())
    shares = shares / shares.sum()
    picked = shares * gold
    return features.T @ (shares - picked / picked.sum())


def fit_support(seen: Sequence[Seen], by_words: bool = False) -> dict[str, float]:
    """Return the weights of support; `by_words` leaves out what needs vectors."""
    kept = [each for each in seen if not _lost(each)]
    if len({each.example.answerable for each in kept}) < 2:
        raise DocumentError("Support is fitted on questions that are answered and on others; choose more.")
    features = np.stack([each.support for each in kept])
    if by_words:
        features[:, [SUPPORT_FEATURES.index(name) for name in VECTOR_FEATURES]] = 0.0
    answerable = np.array([float(each.example.answerable) for each in kept])
    weights = _example_weights(kept)
    mean, deviation = np.average(features, axis=0, weights=weights), features.std(axis=0) + 1e-9
    scaled = np.c_[(features - mean) / deviation, np.ones(len(kept))]
    penalty = SUPPORT_PENALTY * np.r_[np.ones(features.shape[1]), 1e-6]
    fitted = np.zeros(scaled.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-scaled @ fitted))
        gradient = scaled.T @ (weights * (chance - answerable)) + penalty * fitted
        curvature = (scaled * (weights * chance * (1 - chance))[:, None]).T @ scaled + np.diag(penalty)
        fitted = fitted - np.linalg.solve(curvature, gradient)
    slopes = fitted[:-1] / deviation
    return {**_named(SUPPORT_FEATURES, slopes), "constant": round(float(fitted[-1] - slopes @ mean), 3)}


def _lost(seen: Seen) -> bool:
    """Tell whether a calibration question is answerable but its blocks were not found: an answer would be wrong."""
    return seen.example.source == "answerable" and not seen.gold[:5].any()


def _example_weights(seen: Sequence[Seen]) -> NDArray[np.float64]:
    """Return what each example weighs: a source has its share, 100 for 1, split evenly by side."""
    sides = [(each.example.source, each.example.answerable) for each in seen]
    counts = {side: sides.count(side) for side in set(sides)}
    return np.array([100 * SHARES[side[0]] / counts[side] for side in sides])


def _named(names: Sequence[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(value), 3) for name, value in zip(names, values, strict=True)}
