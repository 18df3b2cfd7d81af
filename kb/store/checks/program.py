"""The program: the files of the bundled models, the model that is set, the versions of what Tillit stands on."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from kb.errors import KBError
from kb.models.embedder import Embedder
from kb.models.static import HASHES, StaticModel
from kb.store.catalogue import State
from kb.store.checks.finding import BUILD, Finding, note, ok, wrong

PACKAGES = ("tillit", "chromadb", "llama-index-core", "pypdf", "numpy")


def check_bundled(model: StaticModel | None = None) -> list[Finding]:
    """Tell of files of the bundled models that are not those that were delivered."""
    model = model or StaticModel()
    try:
        names = model.names
        for name in names:
            model.read(name)
    except KBError as error:
        message, _, advice = str(error).removesuffix(".").rpartition(". ")
        return [wrong("models", message, advice)]
    return [ok("models", f"{len(names)} files of {model.id} have the hashes in {HASHES}")]


def check_model(state: State | None, model: Embedder | KBError) -> Finding:
    """Tell whether the model that is set is the one that made the vectors."""
    if isinstance(model, KBError):
        message, _, advice = str(model).removesuffix(".").rpartition(". ")
        return wrong("model", message or str(model), advice)
    if state is None or state.model is None:
        return ok("model", f"{model.id} is set")
    if model.id != state.model:
        return wrong("model", f"the index was built with {state.model}, but {model.id} is set", BUILD)
    return ok("model", f"{model.id} made the vectors")


def check_reader(reader: Callable[[], str | None]) -> Finding:
    """Tell whether files can be read in a process of their own."""
    problem = reader()
    if problem:
        return wrong("reader", f"files cannot be read ({problem})", "Install Tillit again")
    return ok("reader", "files are read in a process of their own")


def check_versions(pandoc: Callable[[], str | None], ocr: Callable[[], str | None]) -> Finding:
    """Tell the versions of the program and of what it stands on, and the languages of OCR where it is installed."""
    own = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    missing = [name for name in PACKAGES if _version(name) is None]
    told = ", ".join([*own, *(f"{name} {_version(name)}" for name in PACKAGES if name not in missing)])
    program = pandoc()
    told += f", pandoc {program}" if program else ", no pandoc"
    languages = ocr()
    told += f", Tesseract for {languages}" if languages else ""
    if missing:
        return note("versions", f"{told}; not installed: {', '.join(missing)}", "Install Tillit again")
    return ok("versions", told)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
