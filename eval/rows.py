"""Rows: the single questions that families expand to, and which families are locked.

A row's id is `<family>.<language>`, with `.full` for the full form of a follow-up and `.typo` for the
seeded perturbation of a single-fact question. All rows of a family are locked or none.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.schema import Family, questions_folder

Variant = Literal["base", "full", "typo"]
LOCKED_FILE = "locked.txt"
LOCKED_SHARE = 0.3
TYPO_SEED = 2026


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it is asked; `turns` is the conversation, of which the last turn is answered."""

    id: str
    family: Family
    language: str
    variant: Variant
    turns: tuple[str, ...]


def expand(families: Sequence[Family]) -> list[Row]:
    """Return all rows, by id."""
    return sorted((row for family in families for row in _rows(family)), key=lambda row: row.id)


def _rows(family: Family) -> Iterator[Row]:
    for asked_in, question in family.questions.items():
        name = f"{family.id}.{asked_in}"
        if asked_in in family.turns:
            yield Row(name, family, asked_in, "base", tuple(family.turns[asked_in]))
            yield Row(f"{name}.full", family, asked_in, "full", (question,))
            continue
        yield Row(name, family, asked_in, "base", (question,))
        if family.type == "single-fact":
            yield Row(f"{name}.typo", family, asked_in, "typo", (with_typos(question, name),))


def with_typos(question: str, name: str) -> str:
    """Return a question with a slip in every third word of five letters or more, at least one.

    The slip (two letters swapped, one dropped, one doubled) depends on `name` alone, so that it stays.
    """
    chance = random.Random(f"{TYPO_SEED} {name}")  # noqa: S311 - reproducible, no secret
    words = question.split(" ")
    long = [place for place, word in enumerate(words) if sum(letter.isalpha() for letter in word) >= 5]
    for place in chance.sample(long, max(1, len(long) // 3)) if long else []:
        words[place] = _slip(words[place], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 2)
    kind = chance.choice(("swap", "drop", "double"))
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == "drop" else word[:at] + word[at] + word[at:]


def read_locked(folder: Path | None = None) -> frozenset[str]:
    """Return the ids of the locked families."""
    path = (folder or questions_folder()) / LOCKED_FILE
    return frozenset(path.read_text(encoding="utf-8").split()) if path.exists() else frozenset()


def lock(families: Sequence[Family], locked: frozenset[str]) -> frozenset[str]:
    """Return `locked` with as many families added that 30 % of each type are locked; none is ever unlocked."""
    chosen = set(locked)
    for kind in sorted({family.type for family in families}):
        ids = sorted((family.id for family in families if family.type == kind), key=_order)
        wanted = round(LOCKED_SHARE * len(ids)) - len(chosen & set(ids))
        chosen |= set([name for name in ids if name not in chosen][: max(0, wanted)])
    return frozenset(chosen)


def _order(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def questions_fingerprint(rows: Sequence[Row]) -> str:
    """Return the hash of all rows with their gold."""
    state = hashlib.sha256()
    for row in rows:
        state.update(f"{row.id}\n{row.turns}\n{row.family.model_dump_json()}\n".encode())
    return state.hexdigest()
