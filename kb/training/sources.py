"""Reading the pairs that the training learns from: tab-separated files, checked line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kb.errors import DocumentError
from kb.vocabulary import LANGUAGES

NYNORSK = "nn"
PAIR_LANGUAGES = (*LANGUAGES[1:], NYNORSK)
"""The languages that can stand beside English."""

_PREFIX = "en-"


@dataclass(frozen=True, slots=True)
class ForeignPair:
    """A sentence and its translation, and the collection they come from."""

    english: str
    other: str
    source: str


def own_folder() -> Path:
    """Return the folder of the aligned sentences that come with the package."""
    return Path(str(files("kb.training"))) / "pairs"


def read_pairs(folder: Path) -> list[ForeignPair]:
    """Return the pairs of the files `en-xx.tsv` of a folder: English, the other language, source; no header.

    Raises `DocumentError` with file and line where a line is otherwise, and where there is no such file.
    """
    paths = sorted(folder.glob(f"{_PREFIX}*.tsv"))
    if not paths:
        raise DocumentError(f"There are no files {_PREFIX}xx.tsv in {folder}. Without them: --pairs none")
    pairs = []
    for path in paths:
        if path.stem.removeprefix(_PREFIX) not in PAIR_LANGUAGES:
            raise DocumentError(f"{path}: the name must be {_PREFIX}xx.tsv, with xx of {', '.join(PAIR_LANGUAGES)}.")
        pairs += [ForeignPair(*cells) for cells in _rows(path, 3)]
    return pairs


def read_own(folder: Path | None = None) -> list[dict[str, str]]:
    """Return the rows of the aligned sentences that were written for the training, text by language.

    Raises `DocumentError` with file and line where a row is not as it should be.
    """
    rows = []
    header = ["en", "da", "nb", NYNORSK, "sv"]
    for path in sorted((folder or own_folder()).glob("*.tsv")):
        lines = _rows(path, len(header))
        if next(lines, None) != header:
            raise DocumentError(f"{path}:1: the first line must be the languages {' '.join(header)}, tab-separated.")
        rows += [dict(zip(header, cells, strict=True)) for cells in lines]
    return rows


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    """Yield the cells of each line of a file of so many columns, none of them empty."""
    try:
        lines = path.read_bytes().decode("utf-8").replace("\r\n", "\n").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != columns or not all(cells):
            raise DocumentError(f"{path}:{number}: a line must have {columns} columns, tab-separated, none empty.")
        yield cells
