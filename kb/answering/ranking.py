"""Ranking of candidates: a weighted sum of their features, made a share of all by a softmax.

A conditional logit (McFadden 1974): the weights are those under which the blocks that answer questions are likeliest
to be picked from their candidates. `tillit eval fit-answers` fits them on questions that were written for this.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kb.answering.candidates import FEATURES, Candidate
from kb.fingerprint import digest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the share of all candidates' weight that it has, 0 to 1."""

    candidate: Candidate
    share: float
    alone: bool = False
    """Whether it is an item that is quoted without the others of its list."""


def rank(candidates: Sequence[Candidate], others: Sequence[Candidate] = (), weight: float = 0.0) -> list[Ranked]:
    """Return candidates, best first; ties keep their order.

    `others` are the same blocks as candidates of another question; `weight` times their scores on it are added.
    """
    import numpy as np

    if not candidates:
        return []
    features = np.stack([each.features for each in candidates])
    if others:
        features += weight * np.stack([each.features for each in others])
    scores = features @ block_weights()
    shares = np.exp(scores - scores.max())
    shares = (shares / shares.sum()).round(9)
    order = np.argsort(-shares, kind="stable")
    return [Ranked(candidates[place], float(shares[place])) for place in order]


@lru_cache(maxsize=1)
def stored_weights() -> dict[str, Any]:
    """Return all weights of answering, as `tillit eval fit-answers` wrote them."""
    return dict(json.loads(files("kb.answering").joinpath(FILE).read_text(encoding="utf-8")))


def block_weights() -> NDArray[np.float64]:
    """Return the weight of each feature of a candidate, shape (len(FEATURES),)."""
    import numpy as np

    return np.array([stored_weights()["blocks"][name] for name in FEATURES])


def weights_fingerprint() -> str:
    """Return a hash of all weights of answering."""
    return digest(stored_weights())
