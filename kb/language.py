"""Which of our languages a text is in: naive Bayes over words and character n-grams.

Trained on the shipped documents by `tillit kb profiles`; the profiles lie beside this module. On the
documents' own questions, which it was not trained on, it is right in 99.9 % (py3langid 99.1 %), on
their first four words in 95 % (py3langid 91 %); see `tests/kb/test_language.py`. Bokmål and Danish
differ in little else than such words, so a general detector has too little to go by.
Method: Cavnar & Trenkle (1994) for n-grams, multinomial naive Bayes with additive smoothing.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb.analysis import fold
from kb.vocabulary import LANGUAGES, OTHER_LANGUAGE, Language

PROFILES = "language_profiles.json.gz"
MIN_COUNT = 4
SMOOTHING = 0.1
STAYS = 10.0
"""By how much the log-likelihood of another language has to be greater for a turn to leave that of the conversation. Of
the last one to four words of a question .97 to .99 stay in its language (.74 to .95 without it), of the first three,
five and eight words of one in another language .88, .93 and .97 are told (.92, .96 and .99 without)."""
KNOWN_SHARE = 0.35
"""A text of ten words or more of which fewer are known in its best language is in none of ours."""

_NO_WORDS = re.compile(r"https?://\S+|<[^>]{1,200}>")
_WORD = re.compile(r"[^\W\d_]+")


def features(text: str) -> Iterator[str]:
    """Yield the words (marked by a blank) and the 2- to 4-grams of each word with its boundaries."""
    for word in _WORD.findall(fold(text)):
        yield " " + word
        padded = f"^{word}$"
        for size in (2, 3, 4):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def train(texts: Mapping[Language, Iterable[str]]) -> bytes:
    """Return the profiles of texts by language, as the file that `detect` reads."""
    counts = {language: Counter(f for text in texts[language] for f in features(text)) for language in LANGUAGES}
    totals: Counter[str] = sum(counts.values(), Counter())
    kept = sorted(feature for feature, count in totals.items() if count >= MIN_COUNT)
    table = {feature: [counts[language][feature] for language in LANGUAGES] for feature in kept}
    sizes = [counts[language].total() for language in LANGUAGES]
    content = json.dumps({"sizes": sizes, "counts": table}, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(content.encode(), mtime=0)


@lru_cache(maxsize=1)
def _profiles() -> tuple[dict[str, list[int]], list[float]]:
    stored: dict[str, Any] = json.loads(gzip.decompress(files("kb").joinpath(PROFILES).read_bytes()))
    counts: dict[str, list[int]] = stored["counts"]
    denominators = [math.log(size + SMOOTHING * len(counts)) for size in stored["sizes"]]
    return counts, denominators


def scores(text: str) -> dict[str, float]:
    """Return the log-likelihood of a text in each language, over the features that any of them knows."""
    counts, denominators = _profiles()
    result = [0.0] * len(LANGUAGES)
    for feature in features(text):
        seen = counts.get(feature)
        if seen:
            for i, count in enumerate(seen):
                result[i] += math.log(count + SMOOTHING) - denominators[i]
    return dict(zip(LANGUAGES, result, strict=True))


def detect(text: str, default: str = "en", margin: float = 0.0) -> str:
    """Return the language of a question: one of ours, `default` where no other is likelier by more than `margin`."""
    found = scores(text)
    best = max(found.values())
    likeliest = [language for language in LANGUAGES if found[language] >= best - margin]
    return default if default in likeliest else max(likeliest, key=lambda language: found[language])


def detect_document(text: str, sample: int = 20_000) -> str:
    """Return the language of a document, `und` where it is in none of ours."""
    text = _NO_WORDS.sub(" ", text[:sample])
    language = detect(text)
    counts, _ = _profiles()
    words = _WORD.findall(fold(text))
    position = LANGUAGES.index(language)
    known = sum(1 for word in words if counts.get(" " + word, [0] * len(LANGUAGES))[position])
    return OTHER_LANGUAGE if len(words) >= 10 and known / len(words) < KNOWN_SHARE else language
