"""Refused questions by what they ask for, across languages: what the knowledge base may lack.

Two questions belong together whose cosine is `NEAR` or more, and so do those that a chain of such pairs joins (single
link). Measured with the bundled model on the 406 unlocked evaluation questions, of which 43 matters are asked in
several languages: at .65 purity is .99, pairs put together belong together in .94 and pairs that belong together are
found in .87 (at .60: .98, .91, .92; at .70: .99, .96, .76). What was put together wrongly asks the same in another
family. Average and complete link, stop words left out and centred vectors found no more. Of the documents' own 3,936
questions, on which the model was trained, purity is .87 at .65 (.70 at .60), and the largest cluster has 16.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.activity.records import Refused
from kb.analysis import fold, stemmer
from kb.models.embedder import Embedder
from kb.words.terms import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 0.65
TERMS = 4
"""Words of a label."""
_ROWS = 500
"""Questions that are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Refused questions that ask for much the same: words that tell them from the others, and each wording once.

    `count` is how often they were asked, `languages` how often in each, the most frequent first.
    """

    label_terms: tuple[str, ...]
    questions: tuple[str, ...]
    count: int
    languages: tuple[tuple[str, int], ...]


def clusters(questions: Sequence[Refused], embedder: Embedder, near: float = NEAR) -> list[Cluster]:
    """Return the clusters of refused questions, the largest first; the same questions give the same clusters.

    Questions in a language that the embedder does not read are joined with the very same ones only.
    """
    each = sorted({(question.question, question.language) for question in questions})
    asked = Counter((question.question, question.language) for question in questions)
    stems: dict[str, str] = {}
    words = [_words(question, language, stems) for question, language in each]
    spread = Counter(stem for found in words for stem in found)
    groups: dict[int, list[int]] = {}
    for place, root in enumerate(_roots(each, embedder, near)):
        groups.setdefault(root, []).append(place)
    made = []
    for places in groups.values():
        counts: Counter[str] = Counter()
        for place in places:
            counts[each[place][1]] += asked[each[place]]
        texts = dict.fromkeys(each[place][0] for place in places)
        label = _label([words[place] for place in places], spread, len(each))
        made.append(Cluster(label, tuple(texts), counts.total(), tuple(counts.most_common())))
    return sorted(made, key=lambda cluster: (-cluster.count, cluster.questions))


def _roots(each: Sequence[tuple[str, str]], embedder: Embedder, near: float) -> list[int]:
    """Return for each question the first of those that it belongs with."""
    roots = list(range(len(each)))

    def root(place: int) -> int:
        while roots[place] != place:
            roots[place] = roots[roots[place]]
            place = roots[place]
        return place

    for one, other in _pairs(each, embedder, near):
        first, second = sorted((root(one), root(other)))
        roots[second] = first
    return [root(place) for place in range(len(each))]


def _pairs(each: Sequence[tuple[str, str]], embedder: Embedder, near: float) -> Iterator[tuple[int, int]]:
    """Yield the places of questions that are the same, or near each other."""
    import numpy as np

    same: dict[str, int] = {}
    for place, (question, _) in enumerate(each):
        yield place, same.setdefault(" ".join(fold(question).split()), place)
    read = [place for place, (_, language) in enumerate(each) if embedder.reads(language)]
    if not read:
        return
    vectors: NDArray[np.float32] = np.stack([embedder.embed_question(each[place][0]) for place in read])
    for first in range(0, len(read), _ROWS):
        for row, column in np.argwhere(vectors[first : first + _ROWS] @ vectors.T >= near):
            if first + row < column:
                yield read[first + row], read[column]


def _words(question: str, language: str, stems: dict[str, str]) -> dict[str, str]:
    """Return the words of a question that say what it is about, folded, by stem.

    `stems` has those of before, so that a word of several languages has one.
    """
    stem = stemmer(language)
    words = [fold(word) for word in content_words(question, language)]
    return {stems.setdefault(word, stem(word)): word for word in words}


def _label(words: Sequence[dict[str, str]], spread: Counter[str], total: int) -> tuple[str, ...]:
    """Return the words that most questions of a cluster have and few others, the most distinctive first."""
    inside = Counter(stem for found in words for stem in found)
    forms: dict[str, Counter[str]] = {}
    for found in words:
        for stem, word in found.items():
            forms.setdefault(stem, Counter())[word] += 1
    weight = {stem: count * math.log(1 + total / spread[stem]) for stem, count in inside.items()}
    best = sorted(weight, key=lambda stem: (-weight[stem], stem))[:TERMS]
    return tuple(min(forms[stem], key=lambda word: (-forms[stem][word], word)) for stem in best)
