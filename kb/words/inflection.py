"""The inflected forms of a dictionary word, by the endings of its language.

Snowball's stems conflate words (`leder` and `ledelse`, `kommune` and `kommuneloven`), which an index forgives and
a glossary does not. So we go the other way, from the dictionary form to what may be said instead. Some forms that
come out do not exist; nobody writes them, so they match nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kb.stopwords import STOPWORDS


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that end in `ending` lose their last `cut` letters and take each of `suffixes`."""

    ending: tuple[str, ...]
    cut: int
    suffixes: tuple[str, ...]


def _rule(ending: str, cut: int, suffixes: str) -> _Rule:
    return _Rule(tuple(ending.split()), cut, tuple(suffixes.replace("-", "").split(" ")))


_CONSONANTS = tuple("bcdfghjklmnpqrstvwxz")
_RULES: dict[str, tuple[_Rule, ...]] = {
    "en": (
        _Rule(("",), 0, ("s",)),
        _rule("s x z ch sh", 0, "es"),
        _rule("y", 1, "ies"),
        _rule("ate ise ize", 1, "ed ing"),
        _rule("man", 3, "men"),
    ),
    "da": (
        _Rule(_CONSONANTS, 0, ("e", "en", "et", "er", "ene", "erne")),
        _rule("ig iv al el løs", 0, "t"),
        _rule("er", 0, "ne"),
        _rule("r", 0, "ne"),
        _rule("i y o å ø é", 0, "en et er erne n t"),
        _rule("e", 0, "n r t ne rne de nde"),
        _rule("um", 2, "et er erne"),
        _rule("mand", 4, "mænd mændene"),
    ),
    "nb": (
        _Rule(_CONSONANTS, 0, ("e", "en", "et", "er", "ene", "a", "ar", "ane")),
        _rule("iv al el ell løs", 0, "t"),
        _rule("er", 0, "ne"),
        _rule("i y o å ø é", 0, "en et er ene a n ar ane"),
        _rule("e", 0, "n r t ne nde"),
        _rule("e", 1, "a ar ane t te"),
        _rule("um", 2, "et er ene a"),
        _rule("mann", 4, "menn mennene"),
    ),
    "sv": (
        _Rule(_CONSONANTS, 0, ("en", "et", "er", "ar", "erna", "arna", "a", "na")),
        _rule("ig iv al ell lös", 0, "t"),
        _rule("er or ar el", 0, "n"),
        _rule("i y o å ö é", 0, "n et er erna t"),
        _rule("e", 0, "n r t rna"),
        _rule("e", 1, "ar arna"),
        _rule("are", 1, "na"),
        _rule("a", 0, "n r t d de des nde"),
        _rule("a", 1, "or orna"),
        _rule("um", 2, "et er erna"),
        _rule("man", 3, "män männen"),
    ),
}
_VOWELS = "aeiouyæøåäöé"


@lru_cache(maxsize=20_000)
def forms(word: str, language: str) -> frozenset[str]:
    """Return a folded dictionary word with its inflected forms; a function word, a figure and a letter have none."""
    if len(word) == 1 or word.isdigit() or language not in _RULES or word in STOPWORDS[language]:
        return frozenset({word})
    found = {word}
    for base in _bases(word, language):
        for rule in _RULES[language]:
            if base.endswith(rule.ending):
                found |= {base[: len(base) - rule.cut] + suffix for suffix in rule.suffixes}
    if language == "en":
        return frozenset(found | {_with_z(form) for form in found})
    return frozenset(found | {form + "s" for form in found if not form.endswith("s")})


def _bases(word: str, language: str) -> list[str]:
    """Return the word as endings are put to it: as it is, with its last letter doubled, without a weak vowel."""
    if language == "en" or len(word) < 3:
        return [word]
    bases = [word]
    if word[-1] in "bdfgklmnprst" and word[-2] in _VOWELS:
        bases.append(word + word[-1])
    if word[-2:] in ("el", "en", "er") and word[-3] not in _VOWELS:
        bases.append(word[:-2] + word[-1])
    return bases


def _with_z(word: str) -> str:
    """Return an English word as it is spelled with `-ize`."""
    for ending in ("isation", "isations", "ise", "ised", "ises", "ising"):
        if word.endswith(ending):
            return word[: -len(ending)] + ending.replace("is", "iz", 1)
    return word
