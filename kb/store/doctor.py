"""The doctor: looks at a data folder, its catalogue, its index and the program, and says what is wrong.

Nothing is written, the writer's lock is not taken, and no fault ends it: a check that cannot be made says so.
`kb.store.repair` mends what can be mended.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from kb.errors import DiskFullError, KBError
from kb.models.embedder import Embedder
from kb.records import Progress, no_progress
from kb.store.catalogue import FILE_NAME, State, read_state
from kb.store.checks import activity, catalogue, documents, folder, index, leftovers, originals, program, terms, vectors
from kb.store.checks.finding import RESTORE, Finding, wrong
from kb.store.faults import full_folder, is_refused, reason_of, temporary_folder
from kb.store.known import KnownModel

log = logging.getLogger(__name__)
TRIES = 3
"""How often is looked again where another process has committed something in between."""

Check = Callable[[], Finding | Iterable[Finding]]


def _none() -> None:
    return None


@dataclass(frozen=True)
class Surroundings:
    """What lies outside the data folder: the model that is set, the versions of the chunker and of pandoc, the reader.

    `reader` tells what keeps files from being read, if anything does; `ocr` in which languages scanned pages can be.
    Each is called only where it is needed, and may raise a `KBError`.
    """

    model: Callable[[], Embedder]
    chunker: Callable[[], str] = str
    pandoc: Callable[[], str | None] = _none
    reader: Callable[[], str | None] = _none
    ocr: Callable[[], str | None] = _none


def is_well(findings: Iterable[Finding]) -> bool:
    """Tell whether nothing is wrong."""
    return all(finding.verdict != "wrong" for finding in findings)


def examine(data: Path, around: Surroundings, progress: Progress = no_progress) -> list[Finding]:
    """Return what is found of a data folder and of the program, a finding or more for each check."""
    model = opened(around.model)
    for _ in range(TRIES):
        before = _commit_point(data)
        findings = [*examine_data(data, model, around.chunker, progress), *_examine_program(before, model, around)]
        if _commit_point(data) == before:
            break
    return findings


def opened(model: Callable[[], Embedder]) -> Embedder | KBError:
    """Return the model with its id at hand, or why there is none."""
    try:
        opened = model()
        opened.id  # noqa: B018 - reads the files' hashes, which may fail
    except KBError as error:
        return error
    return opened


def examine_data(
    data: Path, model: Embedder | KBError, chunker: Callable[[], str] = str, progress: Progress = no_progress
) -> list[Finding]:
    """Return what is found of a data folder alone."""
    checks: list[tuple[str, Check]] = [("folder", partial(folder.check_folder, data))]
    if data.is_dir():
        checks += [
            ("disk", partial(folder.check_disk, data)),
            ("lock", partial(folder.check_lock, data)),
            ("activity", partial(activity.check_activity, data)),
            ("catalogue", partial(_examine_catalogue, data, model, chunker, progress)),
        ]
    return list(_made(checks))


def _made(checks: Sequence[tuple[str, Check]]) -> Iterator[Finding]:
    """Yield what checks find; one that fails is a finding too, so that the others are made."""
    for name, check in checks:
        try:
            found = check()
            yield from [found] if isinstance(found, Finding) else found
        except Exception as error:
            log.debug("The check %s failed", name, exc_info=True)
            yield wrong(name, f"it could not be checked ({type(error).__name__}: {reason_of(error)})", _advice(error))


def _advice(error: Exception) -> str:
    if isinstance(error, DiskFullError) or full_folder(temporary_folder(), error):
        return "Free some space in the temporary folder and try again"
    return "Give this user the right to read it" if is_refused(error) else RESTORE


def _examine_catalogue(
    data: Path, model: Embedder | KBError, chunker: Callable[[], str], progress: Progress
) -> list[Finding]:
    if not (data / FILE_NAME).exists():
        return [wrong("catalogue", "nothing has been built yet", "Build it with: tillit build")]
    try:
        with catalogue.looking(data) as connection:
            whole = catalogue.check_catalogue(connection)
            return [
                whole,
                *(_examine_rows(data, connection, model, chunker, progress) if whole.verdict == "ok" else []),
            ]
    except sqlite3.DatabaseError as error:
        if is_refused(error):
            return [wrong("catalogue", f"it cannot be opened ({error})", catalogue.GIVE_RIGHTS)]
        return [wrong("catalogue", f"it is damaged ({error})", catalogue.BUILD_ANEW)]


def _examine_rows(
    data: Path,
    connection: sqlite3.Connection,
    model: Embedder | KBError,
    chunker: Callable[[], str],
    progress: Progress,
) -> Iterator[Finding]:
    """Yield what is found of a catalogue that can be read, and of all that is made from it."""
    state = read_state(connection)
    if state is None:
        yield wrong("catalogue", "nothing has been committed yet", "Build it with: tillit build")
        return
    known = maker_of(connection, state, model)
    faults = cache(lambda: list(documents.faults_in(connection, progress)))
    yield from _made(
        [
            ("rows", partial(catalogue.check_rows, connection)),
            ("terms", partial(terms.check_terms, data, connection)),
            ("documents", lambda: documents.check_documents(connection, faults())),
            ("originals", partial(originals.check_originals, data, connection, progress)),
            ("vectors", lambda: vectors.check_vectors(connection, known, {f.key for f in faults()}, progress)),
            ("fingerprint", partial(index.check_state, connection, state, chunker)),
            ("index", partial(index.check_generation, data, connection, state, known.reads)),
            ("leftovers", partial(leftovers.check_leftovers, data, connection, state)),
        ]
    )


def maker_of(connection: sqlite3.Connection, state: State, model: Embedder | KBError) -> Embedder:
    """Return the model that made the vectors: the one that is set, else what the catalogue knows of it."""
    if isinstance(model, KBError) or model.id != state.model:
        return KnownModel(connection, state.model or "")
    return model


def _examine_program(state: State | None, model: Embedder | KBError, around: Surroundings) -> list[Finding]:
    return list(
        _made(
            [
                ("models", program.check_bundled),
                ("model", partial(program.check_model, state, model)),
                ("reader", partial(program.check_reader, around.reader)),
                ("versions", partial(program.check_versions, around.pandoc, around.ocr)),
            ]
        )
    )


def _commit_point(data: Path) -> State | None:
    try:
        with catalogue.looking(data) as connection:
            return read_state(connection)
    except sqlite3.Error:
        return None
