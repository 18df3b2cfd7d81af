"""A question's terms: what each word is called in the index of a language.

A word counts as found by its stem, by another form of the same word (nynorsk, a mended spelling, an irregular
verb's), by the parts of a compound together, or by a synonym of the glossary. Forms of the same word are searched
at full weight, parts and synonyms at a lower one. In texts of another language than the question's, the word is
searched as it is written (names and figures are the same there) and by the glossary's translations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kb.analysis import fold, stemmer, stems
from kb.stopwords import STOPWORDS
from kb.words import compounds
from kb.words.everyday import EVERYDAY
from kb.words.glossary import Glossary, Match
from kb.words.nynorsk import bokmaal
from kb.words.verbs import other_forms

_TOKEN = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'["“”„»«]([^"“”„»«]+)["“”„»«]')
_NO_GLOSSARY = Glossary(())
_NOTHING: dict[str, str] = {}

Nearest = Callable[[str], str | None]
"""From a folded word to the known word that was probably meant, None where it is known itself or nothing is near."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question as it was written, and all that it may be called in texts of one language, stemmed."""

    word: str
    stem: str
    forms: tuple[str, ...] = ()
    """Stems of other forms of the same word."""
    parts: tuple[str, ...] = ()
    """Stems of the parts of a compound; all of them together count as the word."""
    synonyms: tuple[str, ...] = ()
    """Stemmed synonyms and translations; one of several words is joined by blanks."""
    everyday: bool = False
    """Whether it belongs to asking and talking in general: a text may lack it and answer all the same."""

    @property
    def same(self) -> tuple[str, ...]:
        """Return the stems that are the word itself."""
        return (self.stem, *self.forms)

    def among(self, present: frozenset[str]) -> bool:
        """Tell whether a text that has these stems speaks of this term."""
        if any(stem in present for stem in self.same) or (self.parts and present.issuperset(self.parts)):
            return True
        return any(present.issuperset(synonym.split(" ")) for synonym in self.synonyms)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question is searched for."""

    text: str
    """The question with its spelling mended."""
    tokens: tuple[str, ...]
    """Its words, folded."""
    terms: Mapping[str, tuple[Term, ...]]
    """The terms by language of the texts."""
    mended: tuple[tuple[str, str], ...] = ()
    """Words that no text has, each with the word that was searched instead."""
    matches: tuple[Match, ...] = ()
    """Concepts of the glossary that the question names."""
    phrases: tuple[str, ...] = ()
    """What stands in quotation marks, folded: texts must have it word by word, if any has."""

    def also_searched(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Return the synonyms that were searched besides the question's words, once each, in these languages."""
        found = {
            term: None
            for match in self.matches
            for language in languages
            for term in match.concept.terms(language)
            if not set(stems(term, language)) <= set(map(stemmer(language), self.tokens))
        }
        return tuple(found)


def content_words(question: str, language: str) -> tuple[str, ...]:
    """Return the words of a question that say what it is about, as written, each stem once, in order.

    A question of nothing but stop words keeps them, so that it is still searched for.
    """
    stop, stem = STOPWORDS.get(language, STOPWORDS["en"]), stemmer(language)
    words = _TOKEN.findall(unicodedata.normalize("NFKC", question))
    found: dict[str, str] = {}
    for word in [word for word in words if word.casefold() not in stop] or words:
        found.setdefault(stem(word.casefold()), word)
    return tuple(found.values())


def understand(
    question: str,
    language: str,
    languages: Sequence[str],
    nearest: Nearest = _NOTHING.get,
    glossary: Glossary = _NO_GLOSSARY,
) -> Understanding:
    """Return what a question in `language` is searched for in texts of each of `languages`."""
    words = content_words(question, language)
    mended = _mended(words, language, nearest)
    tokens = [mended.get(token, token) for token in _TOKEN.findall(fold(question))]
    matches = glossary.find(tokens, language)
    concepts: dict[str, list[Match]] = {}
    for match in matches:
        for token in tokens[match.first : match.last + 1]:
            concepts.setdefault(token, []).append(match)
    terms = {
        code: tuple(_term(word, mended, concepts, language, code) for word in words)
        for code in dict.fromkeys(languages)
    }
    phrases = tuple(" ".join(_TOKEN.findall(fold(quoted))) for quoted in _QUOTED.findall(question))
    return Understanding(
        _TOKEN.sub(lambda found: mended.get(fold(found.group()), found.group()), question),
        tuple(tokens),
        terms,
        tuple((word, mended[fold(word)]) for word in words if fold(word) in mended),
        matches,
        tuple(phrase for phrase in phrases if phrase),
    )


def _mended(words: Sequence[str], language: str, nearest: Nearest) -> dict[str, str]:
    """Return the known word for each folded word that no text has and that is not known otherwise."""
    unknown = [word for word in map(fold, words) if not _is_known(word, language)]
    if language == "nb":
        unknown = [word for word in unknown if bokmaal(word) is None]
    return {word: known for word in unknown if (known := nearest(word)) is not None}


def _is_known(word: str, language: str) -> bool:
    """Tell whether a folded word is rightly spelled, though no text may have it."""
    everyday = EVERYDAY.get(language, frozenset())
    return word in everyday or bool(compounds.parts(word, language) or other_forms(word, language))


def _term(
    word: str, mended: Mapping[str, str], concepts: Mapping[str, list[Match]], asked_in: str, language: str
) -> Term:
    token = fold(word)
    stem = stemmer(language)
    forms = [token, mended.get(token, token)]
    if "nb" in (language, asked_in) and (changed := bokmaal(token)):
        forms.append(changed)
    if language == asked_in:
        forms += [other for form in forms for other in other_forms(form, language)]
    parts = compounds.parts(mended.get(token, token), language) if language == asked_in else ()
    same = dict.fromkeys(map(stem, forms))
    synonyms = dict.fromkeys(
        " ".join(stems(term, language))
        for match in concepts.get(mended.get(token, token), ())
        for term in match.concept.terms(language)
    )
    first, *rest = same
    return Term(
        word,
        first,
        tuple(rest),
        tuple(dict.fromkeys(map(stem, parts))),
        tuple(synonym for synonym in synonyms if synonym and synonym not in same),
        token in EVERYDAY.get(asked_in, ()),
    )
