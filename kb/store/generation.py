"""Index generations: a folder for each state of the vectors, written once and never changed.

    index/<name>/manifest.json   model, dimensions, count, the name of the one before
    index/<name>/vectors.npy     float32, shape (chunks, dimensions), unit length
    index/<name>/keys.npy        int64, the chunks' keys in the catalogue, ascending
    index/<name>/languages.npy   the language of the table in which each chunk's terms lie
    index/<name>/moments.npz     by language, mean (d,) and covariance (d, d) of the vectors
    index/<name>/chroma/         the same vectors as a Chroma collection

A generation is copied from the one before (or started anew), changed, closed, verified in a fresh
child process and synced to disk before the catalogue names it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
import uuid
import weakref
import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kb.errors import DataFolderError, DiskFullError
from kb.records import Progress
from kb.store import held, vectors
from kb.store.faults import full_folder, reason_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

INDEX_FOLDER, MANIFEST = "index", "manifest.json"
VERIFY_SECONDS = 300
UNREADABLE = (OSError, ValueError, TypeError, KeyError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error)
"""What is raised where a file of a generation holds something else than what was written."""


@dataclass(frozen=True)
class Generation:
    """One generation, opened for reading."""

    folder: Path

    def hold(self) -> None:
        """Keep the generation from being deleted for as long as this object lives."""
        descriptor = held.share(self.folder / MANIFEST)
        if descriptor is not None:
            weakref.finalize(self, os.close, descriptor)

    @cached_property
    def manifest(self) -> dict[str, object]:
        """Return what the generation says of itself."""
        return dict(json.loads((self.folder / MANIFEST).read_text(encoding="utf-8")))

    @cached_property
    def keys(self) -> NDArray[np.int64]:
        """Return the chunks' keys, ascending, shape (chunks,)."""
        import numpy as np

        return np.asarray(np.load(self.folder / "keys.npy"))

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Return the vectors, mapped from disk, shape (chunks, dimensions)."""
        import numpy as np

        return np.load(self.folder / "vectors.npy", mmap_mode="r")  # type: ignore[no-any-return]

    @cached_property
    def languages(self) -> NDArray[np.str_]:
        """Return the language under which each chunk is searched, shape (chunks,)."""
        import numpy as np

        return np.asarray(np.load(self.folder / "languages.npy"))

    @cached_property
    def moments(self) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Return by language mean and covariance of the vectors, so that a list's z-scores need no scan."""
        import numpy as np

        # numpy leaves a file open that is no ZIP
        with (self.folder / "moments.npz").open("rb") as file, np.load(file) as stored:
            return {name[5:]: (stored[name], stored[f"cov_{name[5:]}"]) for name in stored if name.startswith("mean_")}

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of each key, -1 where this generation has no vector for it."""
        import numpy as np

        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        rows = np.searchsorted(self.keys, keys)
        rows[rows == len(self.keys)] = 0
        return np.where(self.keys[rows] == keys, rows, -1)

    def problem(self) -> str | None:
        """Return what keeps this generation from being used, None if nothing does; Chroma is not looked at."""
        try:
            count = self.manifest["count"]
            whole = count == len(self.keys) == len(self.languages) == len(self.vectors)
            sizes = {mean.shape + covariance.shape for mean, covariance in self.moments.values()}
            known = set(self.moments) == set(self.languages.tolist()) and sizes <= {self.vectors.shape[1:] * 3}
        except UNREADABLE as error:
            return f"it cannot be read ({type(error).__name__}: {reason_of(error)[:200]})"
        return None if whole and known else "its files do not belong together"


Added = tuple[int, str, dict[str, str | int]]
"""The key, the text and the metadata of a chunk."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a new generation has that the one before has not, and the other way round.

    Texts and vectors are asked for a batch of keys at a time, so that there never are more of them in memory.
    """

    model: str
    dimensions: int
    added: NDArray[np.int64]
    """The keys of the new chunks, ascending."""
    languages: NDArray[np.str_]
    """The language of the table in which the terms of each of them lie."""
    chunks: Callable[[Sequence[int]], list[Added]]
    """Gives what is kept of new chunks, given some of their keys in order."""
    vectors: Callable[[Sequence[int]], NDArray[np.float32]]
    """Gives the vectors of new chunks, shape (keys, dimensions)."""
    removed: list[int]
    before: str | None = None
    """The name of the generation whose place it takes, which is kept for readers that still use it."""


def open_generation(data: Path, name: str) -> Generation:
    """Return the generation of that name."""
    return Generation(data / INDEX_FOLDER / name)


def build_generation(data: Path, base: Generation | None, change: Change, progress: Progress) -> str:
    """Write and verify a new generation and return its name.

    `base` is the generation that `change` is relative to, None to start anew. Raises
    `DataFolderError` where the disk is full or the result cannot be read back.
    """
    name = f"{uuid.uuid4().hex[:12]}"
    folder = data / INDEX_FOLDER / name
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if base is not None:
            shutil.copytree(base.folder / "chroma", folder / "chroma")
        folder.mkdir(exist_ok=True)
        with Probe() as probe_ahead:
            _write_vectors(folder, base, change)
            _write_chroma(folder / "chroma", change, progress)
            _verify(folder, probe_ahead)
        _sync(folder)
        progress("verify", 1, 1)
    except OSError as error:
        told = _unwritable(folder, error)  # before what was written is deleted, which frees room
        shutil.rmtree(folder, ignore_errors=True)
        raise told from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return name


def _write_vectors(folder: Path, base: Generation | None, change: Change) -> None:
    import numpy as np

    keys, languages, kept = change.added, change.languages, np.empty(0, dtype=np.int64)
    if base is not None:
        if len(base.vectors) != len(base.keys):
            raise ValueError("the vectors and their keys do not match")
        kept = np.flatnonzero(~np.isin(base.keys, np.array(change.removed, dtype=np.int64)))
        keys = np.concatenate([base.keys[kept], keys])
        languages = np.concatenate([base.languages[kept], languages])
    order = np.argsort(keys, kind="stable")
    keys, languages = keys[order], languages[order]
    np.save(folder / "keys.npy", keys)
    np.save(folder / "languages.npy", languages)
    vectors.write(folder / "vectors.npy", base.folder / "vectors.npy" if base else None, kept, change, order)
    known = {} if base is None else {name: base.moments[name] for name in _untouched(base, kept, change)}
    np.savez(folder / "moments.npz", allow_pickle=False, **vectors.moments(folder / "vectors.npy", languages, known))
    manifest = {
        "model": change.model, "dimensions": change.dimensions, "count": len(keys), "before": change.before
    }  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _untouched(base: Generation, kept: NDArray[np.int64], change: Change) -> set[str]:
    """Return the languages of which a change neither adds nor removes a vector."""
    import numpy as np

    gone = np.delete(base.languages, kept)
    return set(base.moments) - set(gone.tolist()) - set(change.languages.tolist())


def _write_chroma(folder: Path, change: Change, progress: Progress) -> None:
    from chromadb.errors import ChromaError

    from kb.store import chroma

    try:
        chroma.write(folder, change, progress)
    except ChromaError as error:
        raise _unwritable(folder.parent, error) from None


def _unwritable(folder: Path, error: Exception) -> DataFolderError:
    if full := full_folder(folder.parents[1], error):
        return DiskFullError(full)
    told = f"The index in {folder.parent} cannot be written ({reason_of(error)})."
    return DataFolderError(f"{told} Nothing was lost. See: tillit doctor")


class Probe:
    """A child process that is to open a generation, which may crash it.

    Loading takes it nearly a second, so it may be started ahead. It ends at the end of the `with` block, or with the
    process that started it.
    """

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        searched = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(":")
        self._child = subprocess.Popen(
            [sys.executable, "-m", "kb.store.verify"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": searched},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._child as child:
            child.kill()

    def open(self, folder: Path) -> str | None:
        """Let the child open a generation, once; return None if all is well, else what is not."""
        try:
            _, told = self._child.communicate(os.fsencode(folder), timeout=VERIFY_SECONDS)
        except subprocess.TimeoutExpired:
            return f"it did not open within {VERIFY_SECONDS} seconds"
        if self._child.returncode == 0:
            return None
        lines = told.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"the program that opened it ended with code {self._child.returncode}"


def probe(folder: Path) -> str | None:
    """Open a generation in a child process; return None if all is well, else what is not."""
    with Probe() as child:
        return child.open(folder)


def _verify(folder: Path, child: Probe) -> None:
    problem = child.open(folder)
    if problem and (full := full_folder(folder.parents[1], RuntimeError(problem))):
        raise DiskFullError(full)
    if problem:
        told = f"The new index in {folder.parent} could not be read back ({problem})."
        raise DataFolderError(f"{told} Nothing was lost. See: tillit doctor")


def _sync(folder: Path) -> None:
    """Flush every file and folder of a generation to the disk."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(data: Path, kept: Collection[str | None], wait: float = 0.0) -> list[str]:
    """Delete all generations but those named: the current one, and the one before for readers that still use it.

    One that a reader holds after `wait` seconds stays for the next sweep; returns the names of those.
    """
    folder, deadline = data / INDEX_FOLDER, time.monotonic() + wait
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    others = [path for path in found if path.is_dir() and path.name not in kept]
    return [path.name for path in others if not held.delete_unused(path, path / MANIFEST, deadline)]
