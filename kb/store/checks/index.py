"""The commit point and its index generation: fingerprint, folder, manifest, keys, vectors, and Chroma in a child."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kb.fingerprint import corpus_fingerprint, index_fingerprint
from kb.store import generation as generations
from kb.store.catalogue import State, term_language
from kb.store.checks.finding import BUILD, REPAIR, Finding, counted, ok, wrong
from kb.store.generation import INDEX_FOLDER, MANIFEST, UNREADABLE, Generation, open_generation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 5000

Reads = Callable[[str], bool]
"""Tells whether the model that made the vectors reads a language."""


def check_state(connection: sqlite3.Connection, state: State, chunker: Callable[[], str]) -> Finding:
    """Tell whether the fingerprint is that of the documents."""
    if explaining_chunker(connection, state, chunker) is None:
        return wrong("fingerprint", "it is not that of the documents", REPAIR)
    return ok("fingerprint", f"{state.fingerprint[:12]}, that of the documents, committed {state.updated}")


def explaining_chunker(connection: sqlite3.Connection, state: State, chunker: Callable[[], str]) -> str | None:
    """Return the version of the chunker that the stored fingerprint was made with, None where none gives it.

    That is the version of some document, or `chunker()`: this program's, where all that it cut was removed again.
    """
    digests = connection.execute("SELECT id, language, digest FROM documents WHERE state = 'live'").fetchall()
    corpus = corpus_fingerprint(digests)
    if corpus != state.corpus or state.model is None:
        return None
    for candidate in chunkers_in(connection):
        if index_fingerprint(corpus, candidate, [state.model]) == state.fingerprint:
            return candidate
    own = chunker()
    return own if index_fingerprint(corpus, own, [state.model]) == state.fingerprint else None


def chunkers_in(connection: sqlite3.Connection) -> list[str]:
    """Return the versions of the chunker that cut the live documents, the last one used first."""
    rows = connection.execute(
        "SELECT chunker FROM documents WHERE state = 'live' AND chunker != '' GROUP BY chunker ORDER BY max(key) DESC"
    )
    return [str(chunker) for (chunker,) in rows]


def check_generation(data: Path, connection: sqlite3.Connection, state: State, reads: Reads) -> Finding:
    """Tell whether the current generation is whole."""
    if state.generation is None:
        return wrong("index", "it has to be made anew", BUILD)
    problem = generation_problem(data, connection, state, reads)
    if problem:
        return wrong("index", f"generation {state.generation}: {problem}", REPAIR)
    count = len(open_generation(data, state.generation).keys)
    return ok("index", f"generation {state.generation}: {counted(count, 'vector')}, also in Chroma")


def generation_problem(data: Path, connection: sqlite3.Connection, state: State, reads: Reads) -> str | None:
    """Return what is wrong with the current generation, None if nothing is."""
    generation = open_generation(data, state.generation or "")
    if state.generation is None or not generation.folder.is_dir():
        return "its folder is not there"
    try:
        problem = _content_problem(connection, state, generation, reads)
    except UNREADABLE as error:
        return f"it cannot be read ({type(error).__name__}: {_in_one_line(error)})"
    return problem or probe_copy(generation.folder)


def _in_one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _content_problem(connection: sqlite3.Connection, state: State, generation: Generation, reads: Reads) -> str | None:
    """Return where the files of a generation differ from the catalogue."""
    wanted = wanted_chunks(connection, reads)
    keys = [key for key, _, _ in wanted]
    found = generation.keys.tolist()
    if generation.manifest["model"] != state.model:
        return f"it is of the model {generation.manifest['model']}, not of {state.model}"
    if found != keys:
        missing, extra = len(set(keys) - set(found)), len(set(found) - set(keys))
        return f"it lacks {missing} of {counted(keys, 'chunk')} and has {extra} that are not there"
    if generation.manifest["count"] != len(keys) or generation.vectors.shape[0] != len(keys):
        return "its vectors and their keys do not match"
    if generation.languages.tolist() != [term_language(language) for _, _, language in wanted]:
        return "the languages of its chunks are not theirs"
    differing = _differing(connection, str(state.model), generation.vectors, [sha for _, sha, _ in wanted])
    if differing:
        return f"{counted(differing, 'vector differs', 'vectors differ')} from the catalogue's"
    return _moments_problem(generation)


def wanted_chunks(connection: sqlite3.Connection, reads: Reads) -> list[tuple[int, str, str]]:
    """Return key, hash of what was embedded, and language of each live chunk that ought to have a vector, by key."""
    rows = connection.execute(
        "SELECT c.key, c.embedded, d.language FROM chunks c JOIN documents d ON d.key = c.document "
        "WHERE d.state = 'live' ORDER BY c.key"
    )
    return [(int(key), str(sha), str(language)) for key, sha, language in rows if reads(language)]


def _differing(connection: sqlite3.Connection, model: str, vectors: NDArray[np.float32], hashes: Sequence[str]) -> int:
    """Count the vectors that are not those of the catalogue; one that the catalogue lacks is told of elsewhere."""
    import numpy as np

    query = "SELECT vector FROM embeddings WHERE text_sha256 = ? AND model = ?"
    differing = 0
    for row, sha in enumerate(hashes):
        stored = connection.execute(query, (sha, model)).fetchone()
        if stored and np.asarray(vectors[row], dtype="<f4").tobytes() != stored[0]:
            differing += 1
    return differing


def _moments_problem(generation: Generation) -> str | None:
    with zipfile.ZipFile(generation.folder / "moments.npz") as stored:  # numpy leaves a file open that is no ZIP
        if broken := stored.testzip():
            return f"its moments are damaged ({broken})"
    dimensions, moments = generation.vectors.shape[1], generation.moments
    whole = all(mean.shape == (dimensions,) and cov.shape == (dimensions,) * 2 for mean, cov in moments.values())
    if not whole or set(moments) != set(generation.languages.tolist()):
        return "its moments are not those of its vectors"
    return None


def probe_copy(folder: Path) -> str | None:
    """Open a copy of a generation in a child process, since opening one changes its files.

    Returns what is wrong, None if nothing is. Raises `OSError` where there is no room for the copy.
    """
    with TemporaryDirectory(prefix="tillit-") as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy, copy_function=shutil.copyfile)
        for each in (copy, *copy.rglob("*")):
            each.chmod(0o700)  # where the folder cannot be written, its copy can
        return generations.probe(copy)


def older_generations(data: Path, current: str | None) -> list[Path]:
    """Return the generations besides the current one that are left over.

    The one before is kept, for readers that still use it.
    """
    folder = data / INDEX_FOLDER
    others = [path for path in (folder.iterdir() if folder.is_dir() else ()) if path.name != current]
    kept = generation_before(data, current)
    return sorted(path for path in others if path.is_dir() and path.name != kept)


def generation_before(data: Path, current: str | None) -> str | None:
    """Return the name of the generation whose place the current one took, None where it is not there, whole."""
    try:
        before = open_generation(data, current or "").manifest.get("before")
    except UNREADABLE:
        return None
    whole = isinstance(before, str) and (open_generation(data, before).folder / MANIFEST).is_file()
    return str(before) if whole else None
