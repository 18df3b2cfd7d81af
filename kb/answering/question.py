"""What a question asks for: its type, what must stand in the answer, the names that it gives, its parts.

By cue words in each language (`cues.yaml`). It decides the form of an answer, how long it may be, and what a
quote must hold; which passages are found does not depend on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, cast

import yaml

from kb.analysis import fold
from kb.blocks import split_sentences
from kb.stopwords import STOPWORDS
from kb.words.verbs import other_forms

Type = Literal["fact", "list", "cases", "comparison", "objections", "definition", "how-to"]
Want = Literal["number", "share", "money", "date", "duration", "person", "place", "reason", "way", "meaning"]

COUNTED = frozenset({"number", "share", "money", "date", "duration"})
"""What is wanted by questions that ask for a fact though they speak of criticism."""
_NAME = re.compile(r"(?<![^\W_])[A-ZÆØÅÄÖÉ][^\W_]*(?:[-'’][^\W_]+)*")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S*[^\s?!.,;:)]")
MOST_PARTS = 4
"""Questions at once of which each is answered by itself; more are searched for as one."""
_MIN_PART = 3
"""Words that a part of a question has at least; less is a turn of phrase ("and how?")."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for."""

    text: str
    language: str
    type: Type
    wants: Want | None
    names: tuple[str, ...]
    """Words with a capital letter that do not open a sentence, as written."""
    focus: tuple[str, ...]
    """What the question word belongs to, folded: "unions" of "which unions"."""
    parts: tuple[str, ...]
    """The questions that it consists of, each with the sentences that tell what it is about; itself where it is one."""
    longer: bool = False
    """Whether it asks for more than usual ("in detail")."""


def read_question(text: str, language: str, cases: bool = True) -> Asked:
    """Return what a question asks for; one that only sounds as if it looked for cases is read without (`cases`).

    Addresses on the web say nothing of it.
    """
    text = _ADDRESS.sub("", text)
    return Asked(
        text=text,
        language=language,
        type=_type(text, language, cases),
        wants=_wants(text, language),
        names=names(text, language),
        focus=_focus(text, language),
        parts=parts(text, language),
        longer=bool(re.search(cue("longer", language), fold(text))),
    )


@lru_cache(maxsize=1)
def cues() -> dict[str, Any]:
    """Return the cue words by which questions are understood."""
    return dict(yaml.safe_load(files("kb.answering").joinpath("cues.yaml").read_text(encoding="utf-8")))


def cue(section: str, language: str) -> str:
    """Return the regular expression of a section of `cues.yaml` that has one for each language."""
    by_language = cues()[section]
    return str(by_language.get(language, by_language["en"]))


@lru_cache(maxsize=256)
def _pattern(section: str, name: str, language: str) -> re.Pattern[str]:
    by_language = cues()[section][name]
    return re.compile("|".join(f"(?:{cue})" for cue in by_language.get(language, by_language["en"])))


def _type(text: str, language: str, cases: bool) -> Type:
    """Return the first type whose cue stands in the question: of cases and comparisons anywhere, else where it asks."""
    asking, whole = [fold(sentence) for sentence in _asking(text)], [fold(text)]
    counted = _wants(text, language) in COUNTED
    for name in cues()["types"]:
        if (name == "cases" and not cases) or (name == "objections" and counted):
            continue
        pattern = _pattern("types", name, language)
        if any(pattern.search(each) for each in (whole if name in ("comparison", "cases") else asking)):
            return cast("Type", name)
    return "fact"


def _wants(text: str, language: str) -> Want | None:
    asking = fold(" ".join(_asking(text)))
    for name in cues()["wants"]:
        if _pattern("wants", name, language).search(asking):
            return cast("Want", name)
    return None


def _focus(text: str, language: str) -> tuple[str, ...]:
    found = re.findall(cue("focus", language), fold(" ".join(_asking(text))))
    stop = STOPWORDS.get(language, STOPWORDS["en"])
    groups = [group.split() for group in found]
    groups = [group for group in groups if not other_forms(group[0], language)]  # "how much fell": a verb is no thing
    return tuple(dict.fromkeys(w for group in groups if group[0] not in stop for w in group if w not in stop))


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


def left_out(asked: Asked) -> tuple[str, ...]:
    """Return the sentences of a search for cases that ask for something else, which cards do not answer."""
    found = [sentence for sentence in _sentences(asked.text) if "?" in sentence]
    if asked.type != "cases" or len(found) < 2:
        return ()
    return tuple(each for each in found if _type(each, asked.language, True) != "cases")


def _asking(text: str) -> list[str]:
    """Return the sentences that ask; all where none has a question mark."""
    sentences = _sentences(text)
    return [sentence for sentence in sentences if "?" in sentence] or sentences


def names(text: str, language: str) -> tuple[str, ...]:
    """Return the words with a capital letter, once each, but for what opens a sentence and is an everyday word."""
    stop = STOPWORDS.get(language, STOPWORDS["en"])
    found: dict[str, None] = {}
    for sentence in _sentences(text):
        for match in _NAME.finditer(sentence):
            opens = not re.search(r"[^\W_]", sentence[: match.start()])
            if fold(match.group()) not in stop and not (opens and match.group()[1:].islower()):
                found.setdefault(match.group())
    return tuple(found)


def parts(text: str, language: str) -> tuple[str, ...]:
    """Return the questions that a question consists of."""
    sentences = _sentences(text)
    context = " ".join(sentence for sentence in sentences if "?" not in sentence)
    asking = [part for sentence in sentences if "?" in sentence for part in _clauses(sentence, language)]
    if not 2 <= len(asking) <= MOST_PARTS:
        return (text,)
    return tuple(f"{context} {part}".strip() for part in asking)


def _clauses(sentence: str, language: str) -> list[str]:
    """Return the clauses of a sentence that ask for something of their own: "…, and how did …"."""
    given = cues()
    words = "|".join(map(re.escape, given["asks"].get(language, given["asks"]["en"])))
    joins = "|".join(given["and"].get(language, given["and"]["en"]))
    pattern = rf"[,;]\s+(?:{joins})\s+(?=(?:{words})\b)"
    clauses = [each.strip() for each in re.split(pattern, sentence, flags=re.IGNORECASE)]
    return clauses if all(len(clause.split()) >= _MIN_PART for clause in clauses) else [sentence]


def holding(want: Want | None, text: str) -> float:
    """Return whether a text holds the kind of thing that is wanted, 1 or 0; 1 where nothing special is."""
    pattern = cues()["holds"].get(want)
    return float(pattern is None or bool(re.search(pattern, text)))
