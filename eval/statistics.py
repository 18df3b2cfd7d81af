"""Intervals and differences: percentile bootstrap over families, stratified by type.

Questions of a family are not independent, so families are drawn, with all their questions, within each
type (Efron & Tibshirani 1993, ch. 8 for clustered data). 10,000 draws, fixed seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 10_000
SEED = 20_26


@dataclass(frozen=True, slots=True)
class Value:
    """One question's value: its family, its type (the stratum) and, for balanced metrics, its class."""

    family: str
    type: str
    value: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its percentile interval; `error` is the bootstrap's standard error."""

    mean: float
    low: float
    high: float
    error: float
    count: int


def estimate(values: Sequence[Value], confidence: float = 0.95) -> Estimate:
    """Return the mean (of the groups' means, where there are groups) with its interval.

    Raises ValueError where there are no values.
    """
    import numpy as np

    if not values:
        raise ValueError("there are no values to estimate from")
    groups = sorted({value.group for value in values})
    means = np.zeros(DRAWS)
    for group in groups:
        chosen = [value for value in values if value.group == group]
        means += _draws(chosen, np.random.default_rng(SEED)) / len(groups)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    observed = sum(_mean([v.value for v in values if v.group == group]) for group in groups) / len(groups)
    return Estimate(observed, float(low), float(high), float(means.std()), len(values))


def paired(new: Mapping[str, Value], old: Mapping[str, Value]) -> list[Value]:
    """Return the differences, new minus old, of the questions that both have, by id."""
    both = sorted(new.keys() & old.keys())
    return [Value(new[n].family, new[n].type, new[n].value - old[n].value, new[n].group) for n in both]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _draws(values: Sequence[Value], generator: np.random.Generator) -> NDArray[np.float64]:
    """Return the mean of each of `DRAWS` resamples, shape (DRAWS,)."""
    import numpy as np

    total, count = np.zeros(DRAWS), np.zeros(DRAWS)
    for kind in sorted({value.type for value in values}):
        families: dict[str, list[float]] = {}
        for value in values:
            if value.type == kind:
                families.setdefault(value.family, []).append(value.value)
        sums = np.array([sum(each) for _, each in sorted(families.items())])
        sizes = np.array([len(each) for _, each in sorted(families.items())], dtype=np.float64)
        drawn = generator.integers(0, len(sums), size=(DRAWS, len(sums)))
        total += sums[drawn].sum(axis=1)
        count += sizes[drawn].sum(axis=1)
    return np.asarray(total / count, dtype=np.float64)
