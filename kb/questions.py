"""The questions that the blocks of a shipped document answer, asked in other words than the text's.

They are index terms and are compared with what is asked (document expansion by queries, Nogueira et al. 2019, here
written by hand); they are never quoted. `documents/questions/<kind>/<id>.tsv` has a stamp of the English text, a
header, then a line a question: blocks (`5`, `6-9`, `*` for the whole document) and the question in each language.
"""

from __future__ import annotations

import re
from pathlib import Path

from kb.errors import DocumentError
from kb.records import BlockQuestion
from kb.vocabulary import LANGUAGES

FOLDER = "questions"
WHOLE = "*"
_HEADER = "\t".join(("blocks", *LANGUAGES))
_BLOCKS = re.compile(r"(\d+)(?:-(\d+))?")
_STAMP = re.compile(r"# english ([0-9a-f]{16})")


def questions_path(folder: Path, kind: str, document_id: str) -> Path:
    """Return where the questions of a shipped document lie."""
    return folder / FOLDER / kind / f"{document_id}.tsv"


def read_questions(path: Path) -> tuple[str, dict[str, tuple[BlockQuestion, ...]]]:
    """Return the stamp of the English text, and the questions by language, nothing where there is no such file.

    Raises `DocumentError` that names file and line at the first fault.
    """
    if not path.exists():
        return "", {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from None
    stamp = _STAMP.fullmatch(lines[0])
    if stamp is None or lines[1:2] != [_HEADER]:
        raise DocumentError(f"{path} must begin with '# english' and a stamp, then '{_HEADER}' with tabs")
    rows = [_row(path, number, line) for number, line in enumerate(lines[2:], 3) if line]
    return stamp.group(1), {
        language: tuple(BlockQuestion(first, last, texts[place]) for first, last, texts in rows)
        for place, language in enumerate(LANGUAGES)
    }


def _row(path: Path, number: int, line: str) -> tuple[int | None, int | None, list[str]]:
    blocks, *texts = line.split("\t")
    if len(texts) != len(LANGUAGES) or not all(text.strip() for text in texts):
        raise DocumentError(f"{path}:{number}: there must be blocks and {len(LANGUAGES)} questions, with tabs between")
    if blocks == WHOLE:
        return None, None, texts
    given = _BLOCKS.fullmatch(blocks)
    if given is None or int(given[2] or given[1]) < int(given[1]):
        raise DocumentError(f"{path}:{number}: '{blocks}' is no block, range of blocks or '{WHOLE}'")
    return int(given[1]), int(given[2] or given[1]), texts


def write_stamp(path: Path, stamp: str) -> bool:
    """Note that the questions were read again with the English text as it is; return whether that was news."""
    if not path.exists() or read_questions(path)[0] == stamp:
        return False
    _, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"# english {stamp}\n{rest}", encoding="utf-8")
    return True
