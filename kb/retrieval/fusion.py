"""Fusion of ranked lists by standardised scores.

Each list is z-scored over all chunks of its language first: raw scores of different retrievers are not
comparable, and ranks let a bad list outvote a good one (reciprocal rank fusion took nDCG@10 from .88
to .66 on Norwegian questions with an English model).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def sparse_z(scores: NDArray[np.float64], total: int) -> tuple[NDArray[np.float64], float]:
    """Return the z-scores of the matching chunks, and that of a chunk that does not match (score 0).

    `scores` are those of the matching chunks among `total`.
    """
    import numpy as np

    if not total or not len(scores):
        return np.zeros(len(scores)), 0.0
    mean = float(scores.sum()) / total
    deviation = float(np.sqrt(max((scores**2).sum() / total - mean**2, 0.0)))
    if deviation == 0:
        return np.zeros(len(scores)), 0.0
    return (scores - mean) / deviation, -mean / deviation


def fuse(lexical: NDArray[np.float64], dense: NDArray[np.float64] | None, weight: float) -> NDArray[np.float64]:
    """Return the weighted sum of z-scores; `weight` is the dense list's share, 0 to 1."""
    return lexical if dense is None else (1 - weight) * lexical + weight * dense
