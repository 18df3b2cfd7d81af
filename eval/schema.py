"""The question set as data: families of questions with their gold, nuggets and what must not be said.

A family is one matter asked in several languages (twins); everything made from it (perturbations, the
full form of a follow-up) belongs to it too. Gold is spans of blocks, which re-chunking does not move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from kb.errors import DocumentError
from kb.schema import Slug, Text, metadata_problems

Type = Literal[
    "single-fact", "list", "multi-document", "case-finding", "comparison", "dissent", "unanswerable", "follow-up",
    "injection",
]  # fmt: skip
AskedIn = Literal["en", "da", "nb", "sv", "nn"]
TextLanguage = Literal["en", "da", "nb", "sv"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Record):
    """Blocks `first` to `last` (inclusive) of a document, and words that stand in them in `language`."""

    document: Slug
    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=0)]
    quote: Text
    language: TextLanguage = "en"

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.last < self.first:
            raise ValueError("'last' lies before 'first'")
        return self


class Nugget(_Record):
    """A fact, by the forms that it takes in each language; a form that ends in '*' may go on with letters."""

    importance: Literal["vital", "okay"] = "vital"
    aliases: dict[TextLanguage, Annotated[list[Text], Field(min_length=1)]]


class Family(_Record):
    """One matter that is asked, and what a good answer to it is.

    `gold` is a list of complete alternatives, each a list of spans. `other_side` is what should stand
    beside the answer. A follow-up has `turns`, and its full form under `questions`.
    """

    id: Slug
    type: Type
    author: Text
    date: date
    questions: dict[AskedIn, Text]
    turns: dict[AskedIn, Annotated[list[Text], Field(min_length=2)]] = {}
    gold: list[Annotated[list[Span], Field(min_length=1)]] = []
    other_side: list[Span] = []
    nuggets: list[Nugget] = []
    forbidden: list[Nugget] = []
    near_miss: bool = False
    searched: list[Text] = []
    plant: Annotated[str, StringConstraints(min_length=1)] | None = None
    canaries: list[Annotated[str, StringConstraints(min_length=3)]] = []
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Family:
        if not self.questions:
            raise ValueError("a family needs a question")
        if self.type == "unanswerable":
            if self.gold or self.nuggets or not self.searched:
                raise ValueError("an unanswerable one has no gold and no nuggets, but says what was searched for")
        elif self.type != "injection" and not (self.gold and any(n.importance == "vital" for n in self.nuggets)):
            raise ValueError("an answerable one needs gold and a vital nugget")
        if self.type == "injection" and not self.canaries:
            raise ValueError("an injection names its canaries")
        if (self.type == "follow-up") != bool(self.turns) or set(self.turns) - set(self.questions):
            raise ValueError("a follow-up, and nothing else, has turns, each with its full form under 'questions'")
        if self.type == "dissent" and not self.other_side:
            raise ValueError("a dissent question names the other side")
        return self


def questions_folder() -> Path:
    """Return the folder of the shipped question set, one YAML file a type."""
    return Path(str(files("eval"))) / "questions"


def load_families(folder: Path | None = None) -> list[Family]:
    """Return the families of a question set, by id.

    Raises `DocumentError` that names the file and the family at the first fault.
    """
    families, faults = read_families(folder)
    if faults:
        raise DocumentError(f"{faults[0].path}, {faults[0].name}: {faults[0].message}")
    return families


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an entry of a file is no family; `name` is its id, or its number where it has none."""

    path: Path
    name: str
    type: str
    message: str


def read_families(folder: Path | None = None) -> tuple[list[Family], list[Fault]]:
    """Return the families of a question set, by id, and what keeps other entries from being some, in order.

    Raises `DocumentError` where a file cannot be read.
    """
    families, faults = [], []
    for path in sorted((folder or questions_folder()).glob("*.yaml")):
        try:
            entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise DocumentError(f"{path} cannot be read: {error}") from None
        for number, entry in enumerate(entries, 1):
            fields: dict[str, Any] = entry if isinstance(entry, dict) else {}
            try:
                families.append(Family.model_validate(entry))
            except ValidationError as error:
                message = _unfilled(fields) or metadata_problems(error)[0][1].removeprefix("'': ")
                name = str(fields.get("id") or f"number {number}")
                faults.append(Fault(path, name, str(fields.get("type", "")), message))
    return sorted(families, key=lambda family: family.id), faults


def _unfilled(fields: Mapping[str, Any]) -> str:
    """Return what is still to be filled in of a candidate, a sentence; nothing where no key is left empty."""
    wanted = ("searched",) if fields.get("type") == "unanswerable" else ("gold", "nuggets", "other_side", "canaries")
    asked = fields.get("questions")
    open_questions = [code for code, text in asked.items() if not text] if isinstance(asked, dict) else []
    empty = [f"the question in '{code}'" for code in open_questions]
    empty += [name for name in wanted if name in fields and not fields[name]]
    return f"it is still to be filled in: {', '.join(empty)}" if empty else ""
