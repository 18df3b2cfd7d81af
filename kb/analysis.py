"""Index terms of a text: tokens, folded and stemmed in its language.

Folding happens in index terms only (NFKC, case); stored text keeps its signs. Stems are
Snowball's (snowballstemmer); a text in none of our languages is left unstemmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from kb.stopwords import STOPWORDS

_TOKEN = re.compile(r"[^\W_]+")
_SNOWBALL = {"en": "english", "da": "danish", "nb": "norwegian", "sv": "swedish"}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question: as written, and as it stands in the index."""

    word: str
    stem: str


def fold(text: str) -> str:
    """Return `text` as it is compared: NFKC, then lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, folded."""
    return _TOKEN.findall(fold(text))


def stems(text: str, language: str) -> list[str]:
    """Return the index terms of a text, stop words included, in order."""
    stem = stemmer(language)
    return [stem(token) for token in tokens(text)]


@lru_cache(maxsize=8)
def stemmer(language: str) -> Callable[[str], str]:
    """Return a function from a folded token to its stem."""
    if language not in _SNOWBALL:
        return str
    import snowballstemmer

    snowball = snowballstemmer.stemmer(_SNOWBALL[language])

    @lru_cache(maxsize=200_000)
    def stem(token: str) -> str:
        return str(snowball.stemWord(token))

    return stem


def question_terms(question: str, language: str) -> tuple[Term, ...]:
    """Return the content words of a question, each stem once, in order.

    A question of nothing but stop words keeps them, so that it is still searched for.
    """
    stem = stemmer(language)
    stop = STOPWORDS.get(language, frozenset())
    words = [match.group() for match in _TOKEN.finditer(unicodedata.normalize("NFKC", question))]
    content = [word for word in words if word.casefold() not in stop] or words
    terms: dict[str, Term] = {}
    for word in content:
        key = stem(word.casefold())
        terms.setdefault(key, Term(word, key))
    return tuple(terms.values())
