"""Every error that a user can meet, each one sentence that says what happened and what to do.

KBError
├── SettingsError            a setting has a value that cannot be used
├── DataFolderError          the data folder cannot be read or written
│   └── DiskFullError        there is no room left on a disk
├── LockedError              another process is writing
├── CatalogueError           the catalogue is damaged, or was written by a newer program
├── IndexMissingError        nothing has been built yet
├── ActivityError            what visitors leave behind cannot be kept, read or found
├── BackupError              a backup cannot be made, or is not one that can be restored
├── DependencyError          a package that only this command needs is not installed
├── ModelError               model files are missing, changed, or not the ones the index was built with
├── DocumentError            a document, its metadata or its id cannot be used
│   └── ExtractionError      no text can be had from a file; carries the verdict
├── QuestionError            a question is empty or too long
├── ExportError              an answer or a shortlist cannot be written as a file
├── FilterError              a filter names a value that does not exist
└── CitationError            a quote is not the text at its offsets; always a fault of the program
"""

from __future__ import annotations

from pathlib import Path


class KBError(Exception):
    """Base of all errors that are shown to the user as one sentence."""

    code = "error"


class SettingsError(KBError):
    """A setting has a value that cannot be used."""

    code = "bad-setting"


class DataFolderError(KBError):
    """The data folder cannot be read or written."""

    code = "data-folder"


class DiskFullError(DataFolderError):
    """There is no room left on the disk that holds a folder."""

    code = "disk-full"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"The disk that holds {folder} is full. Free some space and try again; nothing was lost.")


class LockedError(KBError):
    """Another process holds the writer's lock."""

    code = "locked"


class CatalogueError(KBError):
    """The catalogue is damaged or newer than this program."""

    code = "catalogue"


class IndexMissingError(KBError):
    """No index has been built yet."""

    code = "no-index"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no index in {folder} yet. Build it with: tillit build")


class ActivityError(KBError):
    """What visitors leave behind cannot be kept, read or found."""

    code = "activity"


class BackupError(KBError):
    """A backup cannot be made, or is not one that can be restored here."""

    code = "backup"


class DependencyError(KBError):
    """A package that only one command needs is not installed."""

    code = "dependency"

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package {package}. Install it with: pip install -c constraints.txt '.[{extra}]'"
        )


class ModelError(KBError):
    """Model files are missing, changed, or not the ones the index was built with."""

    code = "model"


class DocumentError(KBError):
    """A document, its metadata or its id cannot be used."""

    code = "document"


class ExtractionError(DocumentError):
    """No text can be had from a file.

    `verdict` is one of the verdicts in `ingest.verdict`.
    """

    code = "extraction"

    def __init__(self, message: str, verdict: str) -> None:
        super().__init__(message)
        self.verdict = verdict


class QuestionError(KBError):
    """A question is empty or too long."""

    code = "question"


class FilterError(KBError):
    """A filter names a value that does not exist."""

    code = "filter"


class CitationError(KBError):
    """A quote is not the text of its document at its offsets."""

    code = "citation"


class ExportError(KBError):
    """An answer or a shortlist cannot be written as a file."""

    code = "export"

    def __init__(self) -> None:
        super().__init__("The file could not be written. Export less at a time; if that fails too, run: tillit doctor")
