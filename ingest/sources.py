"""A user's own files: finding them, their identity, and the metadata given with them.

A document's identity is its path relative to the folder that was given; its id is the slug of
that path, or the one that was asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingest.kinds import FORMATS, is_document
from kb.errors import DocumentError
from kb.schema import OwnMetadata, load_yaml, metadata_problems, split_front_matter

SIDECAR = ".yaml"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to take in: where it lies, under which folder it was given, and what was said about it."""

    file: Path
    folder: Path
    path: str
    id: str
    options: Mapping[str, Any]

    @property
    def sidecar(self) -> Path:
        """Return where metadata beside the file would lie."""
        return self.file.with_name(self.file.name + SIDECAR)

    def fingerprint(self, reader: str) -> tuple[str, str]:
        """Return a hash of all that the stored document is made from, and one of the file alone.

        `reader` is the reading code's version.
        Raises `DocumentError` where the file cannot be read.
        """
        state = hashlib.sha256(reader.encode())
        try:
            with self.file.open("rb") as file:
                content = hashlib.file_digest(file, "sha256")
            state.update(content.digest())
            if self.sidecar.exists():
                state.update(self.sidecar.read_bytes())
        except OSError as error:
            raise DocumentError(f"{self.file} cannot be read: {error.strerror or error}.") from None
        state.update(repr(sorted(self.options.items())).encode())
        return state.hexdigest(), content.hexdigest()


def find_sources(paths: list[Path], options: Mapping[str, Any], document_id: str | None = None) -> list[Source]:
    """Return the files under `paths` that are of a kind that is read, folders walked in order of name.

    Raises `DocumentError` for a path that does not exist, a folder without a file that can be read,
    an id given for several files, or two files with one id.
    """
    sources = [source for path in paths for source in _under(absolute(path), options)]
    if document_id is not None:
        if _valid_id(document_id) is None:
            raise DocumentError(f"'{document_id}' cannot be an id. Use letters a to z, digits and single hyphens.")
        if len(sources) != 1:
            raise DocumentError(f"--id names one document, but {len(sources)} files were given.")
        sources = [Source(s.file, s.folder, s.path, document_id, s.options) for s in sources]
    seen: dict[str, Source] = {}
    for source in _told_apart(sources):
        other = seen.setdefault(source.id, source)
        if other.file != source.file:
            raise DocumentError(
                f"{other.file} and {source.file} would both be '{source.id}'. Rename one, or give it another --id."
            )
    return list(seen.values())


def _told_apart(sources: Sequence[Source]) -> list[Source]:
    """Return sources of which those that differ in their suffix alone have it in their ids ("report-pdf")."""
    files: dict[str, set[Path]] = {}
    for source in sources:
        files.setdefault(source.id, set()).add(source.file)
    return [
        replace(each, id=slug(each.path.replace(".", "-"))) if len(files[each.id]) > 1 and _named(each) else each
        for each in sources
    ]


def _named(source: Source) -> bool:
    """Tell whether a file has its id from its name."""
    return source.id == slug(source.path)


def passed_over(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """Return what is left out of the folders among `paths`.

    That is the files that are of no kind that is read, but for sidecars, and the files and folders that this user may
    not look at.
    """
    closed: list[Path] = []
    found = [file for path in paths if path.is_dir() for file in _walk(absolute(path), closed)]
    return [file for file in found if not is_document(file) and not _is_sidecar(file)], closed


def is_gone(file: Path) -> bool:
    """Tell whether a file is there no more, or is no document now; not where that cannot be seen."""
    try:
        file.open("rb").close()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return True
    except OSError:
        return False
    return not is_document(file)


def _is_sidecar(file: Path) -> bool:
    return file.suffix == SIDECAR and file.with_suffix("").is_file()


def absolute(path: Path) -> Path:
    """Return an absolute path without `..`. Links stay: a document's identity is the name that it was given by."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def as_text(path: Path) -> str:
    """Return a path as text; what is no UTF-8 in its name becomes U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _under(path: Path, options: Mapping[str, Any]) -> Iterator[Source]:
    if path.is_file():
        yield _source(path, path.parent, options)
        return
    if not path.is_dir():
        raise DocumentError(f"There is no file or folder {path}.")
    closed: list[Path] = []
    found = [file for file in _walk(path, closed) if is_document(file)]
    if closed and not found:
        raise DocumentError(f"{closed[0]} cannot be looked at. Give this user the right to read it.")
    if not found:
        raise DocumentError(f"There is no file in {path} that can be read ({' '.join(sorted(FORMATS))}).")
    for file in found:
        yield _source(file, path, options)


def _walk(folder: Path, closed: list[Path]) -> Iterator[Path]:
    """Yield the files below a folder in order of path; hidden ones and links out of it are left out.

    What this user may not look at is added to `closed`.
    """

    def refused(error: OSError) -> None:
        closed.append(Path(error.filename))

    root = folder.resolve()
    for parent, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(parent) / name
            try:
                if not name.startswith(".") and file.is_file() and file.resolve().is_relative_to(root):
                    yield file
            except OSError as error:
                refused(error)


def _source(file: Path, folder: Path, options: Mapping[str, Any]) -> Source:
    path = unicodedata.normalize("NFC", as_text(file.relative_to(folder)).replace(os.sep, "/"))
    return Source(file, folder, path, _asked_id(file) or slug(path), options)


def _asked_id(file: Path) -> str | None:
    """Return the id that a file's sidecar or front matter asks for; faults are told of when it is read."""
    sidecar = file.with_name(file.name + SIDECAR)
    asked: dict[str, Any] = {}
    try:
        if file.suffix.lower() in (".md", ".markdown"):
            front, _, _ = split_front_matter(file.read_text(encoding="utf-8", errors="replace"))
            asked |= load_yaml(front or "")[0]
        if sidecar.exists():
            asked |= load_yaml(sidecar.read_text(encoding="utf-8"))[0]
    except (OSError, UnicodeDecodeError, DocumentError):
        return None
    return _valid_id(asked.get("id"))


def _valid_id(given: Any) -> str | None:
    try:
        return OwnMetadata(id=given).id
    except ValidationError:
        return None


_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ß": "ss", "ð": "d", "þ": "th"})


def slug(path: str) -> str:
    """Return the id of a document from its path: lower case, ASCII, without the suffix."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,9}$", "", path).lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    cleaned = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:100].strip("-")
    return cleaned or "document-" + hashlib.sha256(path.encode()).hexdigest()[:8]


def read_metadata(source: Source, front_matter: str | None) -> OwnMetadata:
    """Return what is said of a file: options count before the sidecar, the sidecar before front matter.

    Raises `DocumentError` that names the file and the key at fault.
    """
    merged: dict[str, Any] = {}
    if front_matter is not None:
        merged |= _mapping(front_matter, source.file)
    if source.sidecar.exists():
        try:
            merged |= _mapping(source.sidecar.read_text(encoding="utf-8"), source.sidecar)
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentError(f"{source.sidecar} cannot be read: {error}") from None
    merged |= source.options
    try:
        return OwnMetadata.model_validate(merged)
    except ValidationError as error:
        problem = metadata_problems(error)[0][1]
        raise DocumentError(f"The metadata of {source.file} cannot be used: {problem}.") from None


def _mapping(text: str, file: Path) -> dict[str, Any]:
    try:
        return load_yaml(text)[0]
    except DocumentError as error:
        raise DocumentError(f"In {file} {error}.") from None
