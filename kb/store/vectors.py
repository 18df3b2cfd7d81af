"""The vectors of a generation, written and summed up a block at a time: all of them may be more than memory holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kb.store.generation import Change

BLOCK = 2048
"""How many vectors are in memory at once."""


def write(file: Path, base: Path | None, kept: NDArray[np.int64], change: Change, order: NDArray[np.int64]) -> None:
    """Write the vectors of a generation as an array of shape (len(order), dimensions).

    `order` names them by their place among those of `base` whose rows are `kept`, followed by those that are added.
    Raises `OSError`, and `ValueError` where `base` does not hold them.
    """
    import numpy as np

    shape = len(order), change.dimensions
    with file.open("wb") as stream:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(stream, header)
        for first in range(0, len(order), BLOCK):
            places = order[first : first + BLOCK]
            old = places < len(kept)
            block = np.empty((len(places), change.dimensions), dtype="<f4")
            if base is not None and old.any():
                block[old] = _rows(base, kept[places[old]])
            block[~old] = change.vectors(change.added[places[~old] - len(kept)].tolist())
            stream.write(block.tobytes())


def _rows(file: Path, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return rows of an array in a file, which is mapped into memory for no longer than that."""
    import numpy as np

    return np.asarray(np.load(file, mmap_mode="r")[rows])


def moments(file: Path, languages: NDArray[np.str_]) -> dict[str, NDArray[np.float64]]:
    """Return mean and covariance of the vectors in a file by language, as they are kept in `moments.npz`."""
    import numpy as np

    found, counts = np.unique(languages, return_counts=True)
    number = dict(zip(found.tolist(), counts.tolist(), strict=True))
    means: dict[str, NDArray[np.float64]] = {}
    for language, vectors in _by_language(file, languages, found.tolist()):
        means[language] = means.get(language, 0.0) + vectors.sum(axis=0) / number[language]
    covariances: dict[str, NDArray[np.float64]] = {}
    for language, vectors in _by_language(file, languages, found.tolist()):
        away = vectors - means[language]
        covariances[language] = covariances.get(language, 0.0) + away.T @ away / number[language]
    return {f"mean_{name}": means[name] for name in means} | {f"cov_{name}": covariances[name] for name in covariances}


def _by_language(
    file: Path, languages: NDArray[np.str_], names: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield the vectors of each block by language."""
    import numpy as np

    for first in range(0, len(languages), BLOCK):
        block = _rows(file, np.arange(first, min(first + BLOCK, len(languages))))
        for name in names:
            own = languages[first : first + BLOCK] == name
            if own.any():
                yield name, block[own].astype(np.float64)
