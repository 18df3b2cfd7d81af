"""The glossary of the field: concepts with their terms and a definition in each language.

It links synonyms, so that a question finds texts that use other words or another language, and is shown in the app.
Terms are found in a question in their inflected forms (`kb/words/inflection.py`), the longest first. Read by hand on
the shipped documents' own questions, of 100 matches drawn at random in each language 1 was wrong in English, 2 in
Danish, none in Norwegian and Swedish; nine in ten questions name a concept, on average two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from unicodedata import is_normalized, normalize

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.analysis import fold, tokens
from kb.errors import KBError
from kb.fingerprint import digest
from kb.schema import Slug, Text
from kb.vocabulary import LANGUAGES
from kb.words.inflection import forms

NYNORSK = "nn"
_ENGLISH = "judge judges official relative"
_DANISH = "bestiller bruger forbeholdt forsvare forsvarer forsøge forsøger lover lovet lønner udfører"
_NORWEGIAN = "bestiller bruker forsvare forsvarer forsøke forsøker lover lovet lønner tilbyder utfører"
_SWEDISH = "försöka försöker krånglar laga lagar lagat laget lönar reglera reglerar regleras"
EVERYDAY: Mapping[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "da": frozenset(_DANISH.split()),
    "nb": frozenset(_NORWEGIAN.split()),
    "sv": frozenset(_SWEDISH.split()),
}
"""Forms of single-word terms that are mostly other words, as `bruger`, which is a verb in most questions."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Nynorsk(_Record):
    terms: list[Text] = Field(min_length=1)


class _Wording(_Nynorsk):
    definition: Text


class _Entry(_Record):
    id: Slug
    en: _Wording
    da: _Wording
    nb: _Wording
    nn: _Nynorsk | None = None
    sv: _Wording


@dataclass(frozen=True, eq=False)
class Concept:
    """What a word of the field stands for, and how each language says it."""

    id: str
    wordings: Mapping[str, tuple[str, ...]]
    definitions: Mapping[str, str]

    def terms(self, language: str) -> tuple[str, ...]:
        """Return the terms of a language, the usual one first; Norwegian's end with those of nynorsk."""
        own = self.wordings.get(language, ())
        return tuple(dict.fromkeys((*own, *self.wordings.get(NYNORSK, ())))) if language == "nb" else own

    def definition(self, language: str) -> str:
        """Return the definition in a language, in English where there is none."""
        return self.definitions.get(language, self.definitions["en"])


@dataclass(frozen=True, slots=True)
class Match:
    """A concept that a question names from its word `first` to its word `last`, both counted from 0."""

    concept: Concept
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Term:
    """A term as it is looked for: its folded words, and the forms of each."""

    concept: Concept
    words: tuple[str, ...]
    forms: tuple[frozenset[str], ...]

    def matches(self, words: Sequence[str]) -> bool:
        """Tell whether these words are the term."""
        return len(words) == len(self.words) and all(w in f for w, f in zip(words, self.forms, strict=True))


@dataclass(frozen=True, eq=False)
class Glossary:
    """All concepts, in the order of the files."""

    concepts: tuple[Concept, ...]
    _indexes: dict[str, dict[str, list[_Term]]] = field(default_factory=dict, repr=False)

    def find(self, words: Sequence[str], language: str) -> tuple[Match, ...]:
        """Return the concepts that the folded words of a question name, in order, the longest terms first.

        Where the same words may stand for several concepts, the one that is called exactly so is meant; if none is,
        nobody can tell, and none is returned.
        """
        spans: dict[tuple[int, int], list[_Term]] = defaultdict(list)
        index = self._index(language)
        for first, word in enumerate(words):
            for term in index.get(word, ()):
                last = first + len(term.words) - 1
                if term.matches(words[first : last + 1]):
                    spans[first, last].append(term)
        taken: set[int] = set()
        matches = []
        for first, last in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
            if taken.isdisjoint(range(first, last + 1)):
                taken.update(range(first, last + 1))
                concept = _meant(spans[first, last], tuple(words[first : last + 1]))
                matches += [Match(concept, first, last)] if concept else []
        return tuple(sorted(matches, key=lambda match: match.first))

    def search(self, text: str, language: str) -> tuple[Concept, ...]:
        """Return the concepts with a term in any language that has `text` in it, the nearest first.

        Terms of `language` stand before those of others that are as near; without a text all concepts are returned.
        """
        wanted = fold(text.strip())
        ranked = []
        for concept in self.concepts:
            usual, *_ = concept.terms(language) or concept.terms("en")
            distance = min(_distance(wanted, term, code != language) for code, term in _all_terms(concept))
            if distance < _NOWHERE:
                ranked.append((distance, fold(usual), concept.id, concept))
        return tuple(concept for *_, concept in sorted(ranked, key=lambda entry: entry[:3]))

    @cached_property
    def fingerprint(self) -> str:
        """Return the hash of all terms and definitions."""
        return digest([[c.id, dict(c.wordings), dict(c.definitions)] for c in self.concepts])

    def _index(self, language: str) -> dict[str, list[_Term]]:
        """Return the terms of a language by each form of their first word."""
        if language not in self._indexes:
            index: dict[str, list[_Term]] = defaultdict(list)
            for concept in self.concepts:
                for written in concept.terms(language):
                    term = _Term(concept, tuple(tokens(written)), _forms(written, language))
                    for form in term.forms[0]:
                        index[form].append(term)
            self._indexes[language] = dict(index)
        return self._indexes[language]


_WORD = re.compile(r"[^\W_]+")


def _forms(term: str, language: str) -> tuple[frozenset[str], ...]:
    """Return the forms of each word of a term; an adjective before the last word may agree with any noun."""
    *before, last = _WORD.findall(normalize("NFKC", term))
    bent = [_word_forms(word, language) | _word_forms(_without_agreement(word, language), language) for word in before]
    everyday = frozenset() if before else EVERYDAY.get(language, frozenset())
    return (*bent, _word_forms(last, language) - everyday)


def _word_forms(word: str, language: str) -> frozenset[str]:
    """Return the folded forms of a word; a name or abbreviation takes but the genitive's `s`."""
    return frozenset({fold(word), fold(word) + "s"}) if word[0].isupper() else forms(fold(word), language)


def _without_agreement(word: str, language: str) -> str:
    """Return a Nordic adjective without the ending of number and gender (`offentlige`, `unødigt`)."""
    ends = len(word) > _SHORT and word[-1] in "aet" and language != "en"
    return word[:-1] if ends else word


_SHORT = 4
_NOWHERE = (3, True)


def _all_terms(concept: Concept) -> Iterator[tuple[str, str]]:
    for code in LANGUAGES:
        for term in concept.terms(code):
            yield code, fold(term)


def _distance(wanted: str, term: str, foreign: bool) -> tuple[int, bool]:
    """Return how near a term is to what is searched for: the same, beginning with it, having it somewhere."""
    if term == wanted:
        return 0, foreign
    if term.startswith(wanted):
        return 1, foreign
    return (2, foreign) if wanted in term else _NOWHERE


def _meant(terms: Sequence[_Term], words: tuple[str, ...]) -> Concept | None:
    """Return the concept that some words name, None where several might be meant."""
    exact = {term.concept.id: term.concept for term in terms if term.words == words}
    named = exact or {term.concept.id: term.concept for term in terms}
    return next(iter(named.values())) if len(named) == 1 else None


def glossary_folder() -> Path:
    """Return the folder of the glossary inside the installed package."""
    return Path(str(files("kb"))) / "glossary"


def load_glossary(folder: Path | None = None) -> Glossary:
    """Return the glossary of a folder of YAML files, the shipped one by default.

    Raises `KBError` at the first entry that is not as it should be.
    """
    return _shipped() if folder is None else _load(folder)


@lru_cache(maxsize=1)
def _shipped() -> Glossary:
    return _load(glossary_folder())


def _load(folder: Path) -> Glossary:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise KBError(f"There is no glossary in {folder}; install Tillit again.")
    return Glossary(tuple(_concept(path, entry) for path in paths for entry in _entries(path)))


def _entries(path: Path) -> list[Any]:
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KBError(f"{path} cannot be read as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list):
        raise KBError(f"{path} must be a list of concepts.")
    return entries


def _concept(path: Path, entry: Any) -> Concept:
    try:
        given = _Entry.model_validate(entry)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = entry.get("id", "without an id") if isinstance(entry, dict) else entry
        place = ".".join(str(part) for part in fault["loc"]) or "entry"
        raise KBError(f"{path}: concept {name}: {place}: {fault['msg'][:1].lower()}{fault['msg'][1:]}.") from None
    wordings = {code: getattr(given, code) for code in (*LANGUAGES, NYNORSK) if getattr(given, code)}
    return Concept(
        given.id,
        {code: tuple(wording.terms) for code, wording in wordings.items()},
        {code: wordings[code].definition for code in LANGUAGES},
    )


DEFINITION_WORDS = (6, 30)


def check_glossary(glossary: Glossary) -> list[str]:
    """Return every problem of the glossary's content, one sentence each."""
    ids = Counter(concept.id for concept in glossary.concepts)
    problems = [f"{name}: the id stands {count} times" for name, count in ids.items() if count > 1]
    for concept in glossary.concepts:
        problems += _problems_of_wording(concept)
    for language in LANGUAGES:
        seen: dict[tuple[str, ...], str] = {}
        for concept in glossary.concepts:
            for term in concept.terms(language):
                other = seen.setdefault(tuple(tokens(term)), concept.id)
                if other != concept.id:
                    problems.append(f"{concept.id}: '{term}' ({language}) stands in {other} too")
    return problems


def _problems_of_wording(concept: Concept) -> Iterator[str]:
    for language, definition in concept.definitions.items():
        words = len(definition.split())
        if not DEFINITION_WORDS[0] <= words <= DEFINITION_WORDS[1]:
            few, many = DEFINITION_WORDS
            yield f"{concept.id}: the definition ({language}) has {words} words; {few} to {many} are allowed"
    for language, terms in concept.wordings.items():
        if len({fold(term) for term in terms}) < len(terms):
            yield f"{concept.id}: a term ({language}) stands twice"
        if not all(tokens(term) for term in terms):
            yield f"{concept.id}: a term ({language}) has no word in it"
    texts = (*concept.definitions.values(), *(term for terms in concept.wordings.values() for term in terms))
    yield from (f"{concept.id}: is not in Unicode NFC: {text}" for text in texts if not is_normalized("NFC", text))
