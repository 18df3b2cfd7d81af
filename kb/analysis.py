"""Index terms of a text: tokens, folded and stemmed in its language.

Folding happens in index terms only (NFKC, case); stored text keeps its signs. Stems are
Snowball's (snowballstemmer). A text in none of our languages is treated as English and lies in its index:
BM25 needs a collection to weigh words against, which a handful of foreign texts is not.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_TOKEN = re.compile(r"[^\W_]+")
_RAISED = re.compile("(?<=[0-9])(?=[\u00b9\u00b2\u00b3\u2070\u2074-\u2079])")
_SNOWBALL = {"en": "english", "da": "danish", "nb": "norwegian", "sv": "swedish"}


def fold(text: str) -> str:
    """Return `text` as it is compared: NFKC, then lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, folded; what is raised after a number ("12¹") is one of its own."""
    return _TOKEN.findall(fold(text if text.isascii() else _RAISED.sub(" ", text)))


def stems(text: str, language: str) -> list[str]:
    """Return the index terms of a text, stop words included, in order."""
    stem = stemmer(language)
    return [stem(token) for token in tokens(text)]


@lru_cache(maxsize=8)
def stemmer(language: str) -> Callable[[str], str]:
    """Return a function from a folded token to its stem."""
    import snowballstemmer

    snowball = snowballstemmer.stemmer(_SNOWBALL.get(language, "english"))
    lock = threading.Lock()  # a stemmer keeps the word it is at

    @lru_cache(maxsize=200_000)
    def stem(token: str) -> str:
        with lock:
            return str(snowball.stemWord(token))

    return stem
