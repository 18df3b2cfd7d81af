"""`tillit kb check`: every problem of the shipped documents at once, with file and line.

Translations must align with the English block by block, carry the same figures, and be stamped
with the English text that they were made from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from kb.blocks import parse_blocks
from kb.errors import DocumentError
from kb.questions import FOLDER, questions_path, read_questions
from kb.records import Block, BlockQuestion
from kb.schema import ShippedMetadata, TranslationMetadata, metadata_problems
from kb.shipped import SourceFile, documents_folder, shipped_paths
from kb.vocabulary import HEADINGS, LANGUAGES, SECTIONS, TRANSLATIONS, Language

WORDS = (120, 900)
QUESTIONS = 4
ID_PREFIXES = ("dk", "no", "se", "nordic", "int")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend; `line` counts from 1."""

    path: Path
    line: int
    message: str


def check_documents(folder: Path | None = None) -> list[Problem]:
    """Return every problem of the documents under `folder` (the shipped ones by default), sorted."""
    folder = folder or documents_folder()
    problems: list[Problem] = []
    english: dict[str, SourceFile] = {}
    for language in LANGUAGES:
        for path in shipped_paths(folder, language):
            try:
                source = SourceFile.read(path, language)
            except DocumentError as error:
                problems.append(Problem(path, 1, str(error)))
                continue
            problems += _check_file(source)
            if language == "en":
                english[path.stem] = source
                problems += _check_block_questions(folder, source)
            else:
                problems += _check_translation(source, english.get(path.stem))
    problems += _missing_translations(folder, english)
    problems += _questions_without_text(folder, english)
    problems += _repeated_titles(english)
    return sorted(problems)


def _check_file(source: SourceFile) -> Iterator[Problem]:
    model: type[BaseModel] = ShippedMetadata if source.language == "en" else TranslationMetadata
    try:
        model.model_validate(source.metadata)
    except ValidationError as error:
        for key, message in metadata_problems(error):
            yield Problem(source.path, source.lines.get(key, 1), message)
    yield from _check_place(source)
    yield from _check_questions(source)
    yield from _check_structure(source)


def _check_place(source: SourceFile) -> Iterator[Problem]:
    path, meta = source.path, source.metadata
    for key, expected, what in (
        ("id", path.stem, "the file's name"),
        ("language", source.language, "the language of its folder"),
        ("kind", path.parent.name, "the kind of its folder"),
    ):
        if key in meta and meta[key] != expected:
            yield Problem(path, source.lines[key], f"'{key}' is {meta[key]!r}, but {what} is {expected!r}")
    if path.stem.split("-")[0] not in ID_PREFIXES:
        yield Problem(path, 1, f"the id must begin with one of: {', '.join(ID_PREFIXES)}")


def _check_questions(source: SourceFile) -> Iterator[Problem]:
    questions = source.metadata.get("questions")
    if not isinstance(questions, list):
        return
    line = source.lines["questions"]
    if len(questions) != QUESTIONS:
        yield Problem(source.path, line, f"there are {len(questions)} questions, but there must be {QUESTIONS}")
    if len({str(question).casefold() for question in questions}) < len(questions):
        yield Problem(source.path, line, "a question stands twice")
    for offset, question in enumerate(questions, 1):
        if not str(question).endswith("?"):
            yield Problem(source.path, line + offset, f"the question does not end with '?': {question}")


def _check_block_questions(folder: Path, source: SourceFile) -> Iterator[Problem]:
    path = questions_path(folder, source.path.parent.name, source.path.stem)
    try:
        stamp, questions = read_questions(path)
    except DocumentError as error:
        yield Problem(path, 1, str(error))
        return
    if not questions:
        return
    if stamp != source.stamp:
        yield Problem(path, 1, f"is stale: read it with the English text, then run: tillit kb stamp {path.stem}")
    yield from _check_blocks_asked(path, parse_blocks(source.text), questions["en"])
    for language, asked in questions.items():
        for text, count in Counter(question.text.casefold() for question in asked).items():
            if count > 1:
                yield Problem(path, 2, f"a question stands twice in '{language}': {text}")


def _check_blocks_asked(path: Path, blocks: Sequence[Block], asked: Sequence[BlockQuestion]) -> Iterator[Problem]:
    lines = [number for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if text]
    for line, question in zip(lines[2:], asked, strict=True):
        if question.first is None or question.last is None:
            continue
        if question.last >= len(blocks):
            yield Problem(path, line, f"there is no block {question.last}; the text has {len(blocks)}")
        elif all(block.kind == "heading" for block in blocks[question.first : question.last + 1]):
            yield Problem(path, line, f"block {question.first} is a heading, which answers nothing")


def _check_structure(source: SourceFile) -> Iterator[Problem]:
    blocks = parse_blocks(source.text)
    if not blocks or blocks[0].kind != "heading" or blocks[0].level != 1:
        yield Problem(source.path, source.first_line, "the text must begin with '# ' and the title")
        return
    if _text(source, blocks[0]) != source.metadata.get("title"):
        yield Problem(source.path, _line(source, blocks[0]), "the first heading is not the title in the front matter")
    roles = SECTIONS.get(source.path.parent.name, ())
    allowed = [HEADINGS[role][source.language] for role in roles]
    given = [block for block in blocks[1:] if block.kind == "heading"]
    for block in given:
        if block.level != 2 or _text(source, block) not in allowed:
            yield Problem(source.path, _line(source, block), f"'{_text(source, block)}' is no section of this kind")
    order = [allowed.index(_text(source, block)) for block in given if _text(source, block) in allowed]
    if order != sorted(set(order)):
        yield Problem(source.path, source.first_line, f"sections must stand once each, in this order: {allowed}")
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind == "heading" and block.level == 2 and (following is None or following.kind == "heading"):
            yield Problem(source.path, _line(source, block), f"the section '{_text(source, block)}' is empty")
    words = len(source.text.split())
    if source.language == "en" and not WORDS[0] <= words <= WORDS[1]:
        yield Problem(
            source.path, source.first_line, f"the text has {words} words; {WORDS[0]} to {WORDS[1]} are allowed"
        )


def _check_translation(source: SourceFile, english: SourceFile | None) -> Iterator[Problem]:
    if english is None:
        yield Problem(source.path, 1, "there is no English text that this translates")
        return
    if source.path.parent.name != english.path.parent.name:
        yield Problem(source.path, 1, f"the English text lies under '{english.path.parent.name}'")
    stamp = source.metadata.get("english")
    if isinstance(stamp, str) and stamp != english.stamp:
        message = (
            "is stale: the English text changed; bring it up to date, then run: tillit kb stamp " + source.path.stem
        )
        yield Problem(source.path, source.lines["english"], message)
    if source.metadata.get("organisation") and not english.metadata.get("organisation"):
        yield Problem(source.path, source.lines["organisation"], "'organisation' is named here, but not in English")
    yield from _check_blocks(source, english)


def _check_blocks(source: SourceFile, english: SourceFile) -> Iterator[Problem]:
    own, theirs = parse_blocks(source.text), parse_blocks(english.text)
    for mine, original in zip(own, theirs, strict=False):
        if (mine.kind, mine.level) != (original.kind, original.level):
            message = f"block {mine.number} is '{_shape(mine)}', but '{_shape(original)}' in English"
            yield Problem(source.path, _line(source, mine), message)
            return
    if len(own) != len(theirs):
        yield Problem(source.path, source.first_line, f"there are {len(own)} blocks, but {len(theirs)} in English")
        return
    for mine, original in zip(own, theirs, strict=True):
        lost = figures(_text(english, original)) - figures(_text(source, mine))
        added = figures(_text(source, mine)) - figures(_text(english, original))
        if lost or added:
            detail = "; ".join(
                f"{what}: {', '.join(sorted(some.elements()))}"
                for what, some in (("missing", lost), ("not in English", added))
                if some
            )
            yield Problem(
                source.path, _line(source, mine), f"block {mine.number} has other figures than the English ({detail})"
            )


def _shape(block: Block) -> str:
    return f"heading {block.level}" if block.kind == "heading" else block.kind


_FIGURE = re.compile(r"(?<![^\W\d_]-)(?<!\d)\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")


def figures(text: str) -> Counter[str]:
    """Return the figures of a text with their thousands and decimal signs taken out, counted.

    A number that is part of a name, as in COVID-19, is none.
    """
    return Counter(re.sub(r"\D", "", match.group()) for match in _FIGURE.finditer(text))


def _missing_translations(folder: Path, english: dict[str, SourceFile]) -> Iterator[Problem]:
    for source in english.values():
        for language in TRANSLATIONS:
            if not _beside(folder, source, language).exists():
                yield Problem(source.path, 1, f"there is no translation into '{language}'")


def _questions_without_text(folder: Path, english: dict[str, SourceFile]) -> Iterator[Problem]:
    for path in (folder / FOLDER).glob("*/*.tsv"):
        source = english.get(path.stem)
        if source is None or source.path.parent.name != path.parent.name:
            yield Problem(path, 1, f"there is no text '{path.stem}' of the kind '{path.parent.name}'")


def _beside(folder: Path, source: SourceFile, language: Language) -> Path:
    return folder / language / source.path.parent.name / source.path.name


def _repeated_titles(english: dict[str, SourceFile]) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for source in english.values():
        title = str(source.metadata.get("title"))
        if title in seen:
            yield Problem(source.path, source.lines.get("title", 1), f"{seen[title].stem} has the same title")
        seen.setdefault(title, source.path)


def _text(source: SourceFile, block: Block) -> str:
    return source.text[block.start : block.end]


def _line(source: SourceFile, block: Block) -> int:
    return source.first_line + source.text.count("\n", 0, block.start)
