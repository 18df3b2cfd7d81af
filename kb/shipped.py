"""The shipped documents: reading them, and the stamp that ties a translation to its English text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kb.characters import normalise
from kb.errors import DocumentError
from kb.questions import questions_path, read_questions, write_stamp
from kb.records import BlockQuestion, Document
from kb.schema import (
    ShippedMetadata,
    TranslationMetadata,
    load_yaml,
    metadata_problems,
    split_front_matter,
)
from kb.vocabulary import LANGUAGES, TRANSLATIONS, Language


def documents_folder() -> Path:
    """Return the folder of the shipped documents inside the installed package."""
    return Path(str(files("kb"))) / "documents"


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class SourceFile:
    """One file of the shipped documents, as it stands on disk."""

    path: Path
    language: Language
    metadata: dict[str, Any]
    lines: dict[str, int]
    text: str
    first_line: int

    @classmethod
    def read(cls, path: Path, language: Language) -> SourceFile:
        """Read a file. Raises `DocumentError` where it has no readable front matter."""
        try:
            raw = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentError(f"{path} cannot be read: {error}") from None
        front, body, first_line = split_front_matter(raw)
        if front is None:
            raise DocumentError("there is no front matter between '---' lines at the top")
        metadata, lines = load_yaml(front)
        shifted = {key: line + 1 for key, line in lines.items()}
        return cls(path, language, metadata, shifted, normalise(body), first_line)

    @cached_property
    def stamp(self) -> str:
        """Return the stamp of an English text: 16 hex digits over title, questions and text."""
        questions = "\n".join(str(question) for question in self.metadata.get("questions") or [])
        return sha256_of(f"{self.metadata.get('title')}\n{questions}\n{self.text}")[:16]


def shipped_paths(folder: Path, language: Language) -> list[Path]:
    """Return the paths of the documents of one language, sorted by id."""
    return sorted((folder / language).glob("*/*.md"), key=lambda path: path.stem)


def load_shipped(folder: Path | None = None) -> list[list[Document]]:
    """Return the shipped documents, each as the list of its languages, English first, sorted by id.

    Raises `DocumentError` at the first file that is not as it should be; `tillit kb check` lists all.
    """
    folder = folder or documents_folder()
    groups: dict[str, list[Document]] = {}
    english: dict[str, ShippedMetadata] = {}
    asked: dict[str, dict[str, tuple[BlockQuestion, ...]]] = {}
    for language in LANGUAGES:
        for path in shipped_paths(folder, language):
            try:
                source = SourceFile.read(path, language)
                if language == "en":
                    english[path.stem] = ShippedMetadata.model_validate(source.metadata)
                    asked[path.stem] = read_questions(questions_path(folder, path.parent.name, path.stem))[1]
                    document = _english_document(source, english[path.stem])
                else:
                    document = _translation(source, english.get(path.stem))
            except ValidationError as error:
                problem = metadata_problems(error)[0][1]
                raise DocumentError(f"{path}: {problem}. See: tillit kb check") from None
            except DocumentError as error:
                raise DocumentError(f"{path}: {error}. See: tillit kb check") from None
            document = replace(document, block_questions=asked.get(document.id, {}).get(language, ()))
            groups.setdefault(document.id, []).append(document)
    if not groups:
        raise DocumentError(f"There are no shipped documents in {folder}; install Tillit again.")
    return [groups[document_id] for document_id in sorted(groups)]


def _english_document(source: SourceFile, meta: ShippedMetadata) -> Document:
    return Document(
        **_common(meta),
        language="en",
        title=meta.title,
        text=source.text,
        sha256=sha256_of(source.text),
        questions=tuple(meta.questions),
    )


def _translation(source: SourceFile, meta: ShippedMetadata | None) -> Document:
    own = TranslationMetadata.model_validate(source.metadata)
    if meta is None:
        raise DocumentError("there is no English text that this translates")
    return Document(
        **{**_common(meta), "organisation": own.organisation or meta.organisation},
        language=source.language,
        title=own.title,
        text=source.text,
        sha256=sha256_of(source.text),
        questions=tuple(own.questions),
    )


def _common(meta: ShippedMetadata) -> dict[str, Any]:
    """Return the fields that a document and its translations share, but for an organisation's name in a language."""
    fields = meta.model_dump(exclude={"language", "title", "questions"})
    fields["sectors"] = tuple(fields["sectors"])
    fields["themes"] = tuple(fields["themes"])
    return {**fields, "text_by": "tillit"}


def stamp_translations(folder: Path | None = None, ids: list[str] | None = None) -> list[Path]:
    """Write the English stamp into translations and questions that were brought up to date; return those changed."""
    folder = folder or documents_folder()
    changed = []
    for path in shipped_paths(folder, "en"):
        if ids and path.stem not in ids:
            continue
        stamp = SourceFile.read(path, "en").stamp
        questions = questions_path(folder, path.parent.name, path.stem)
        if write_stamp(questions, stamp):
            changed.append(questions)
        for language in TRANSLATIONS:
            translation = folder / language / path.parent.name / path.name
            if translation.exists() and _write_stamp(translation, language, stamp):
                changed.append(translation)
    return changed


def _write_stamp(path: Path, language: Language, stamp: str) -> bool:
    source = SourceFile.read(path, language)
    if source.metadata.get("english") == stamp or "english" not in source.lines:
        return False
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[source.lines["english"] - 1] = f"english: '{stamp}'\n"
    path.write_text("".join(lines), encoding="utf-8")
    return True
