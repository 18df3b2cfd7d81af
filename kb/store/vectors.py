"""The vectors of a generation, written and summed up a block at a time: all of them may be more than memory holds."""

from __future__ import annotations

from collections.abc import Mapping
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


def moments(
    file: Path, languages: NDArray[np.str_], known: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> dict[str, NDArray[np.float64]]:
    """Return mean and covariance of the vectors in a file by language, as they are kept in `moments.npz`.

    Those that are `known` are taken over; what is counted depends on the language's own vectors alone, to the last bit.
    """
    import numpy as np

    result: dict[str, NDArray[np.float64]] = {}
    for name in np.unique(languages).tolist():
        rows = np.flatnonzero(languages == name)
        result[f"mean_{name}"], result[f"cov_{name}"] = known[name] if name in known else _moments(file, rows)
    return result


def _moments(file: Path, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    blocks = [rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK)]
    mean = sum(_rows(file, block).astype(np.float64).sum(axis=0) for block in blocks) / len(rows)
    away = ((_rows(file, block) - mean) for block in blocks)
    return mean, sum(each.T @ each for each in away) / len(rows)
