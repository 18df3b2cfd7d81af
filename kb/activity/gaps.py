"""Refused questions by what they ask for, across languages: what the knowledge base may lack.

Two questions belong together whose cosine is `NEAR` or more, and so do those that a chain of such pairs joins (single
link). Measured with the bundled model on the 406 unlocked evaluation questions, of which 43 matters are asked in
several languages: at .62 purity is .99, pairs put together belong together in .92 and pairs that belong together are
found in .92 (at .65: .99, .94, .87; at .70: .99, .96, .76). What was put together wrongly asks the same in another
family. Average and complete link, stop words left out and centred vectors found no more. Of the documents' own 3,936
questions, on which the model was trained, purity is .79 at .62 (.87 at .65, .70 at .60), and the largest cluster has
16. Of 36 questions in four languages on 16 matters that the documents lack, .62 made 19 clusters and .65 made 21; none
had two matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.activity.records import Entry, Feedback, Refused
from kb.analysis import fold
from kb.language import detect
from kb.models.embedder import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 0.62
_ROWS = 500
"""Questions that are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A wording, its language, and how often it was asked."""

    question: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Refused questions that ask for much the same: the most frequent first, then those nearest to the others."""

    questions: tuple[Asked, ...]

    @property
    def count(self) -> int:
        """Return how often they were asked."""
        return sum(each.count for each in self.questions)

    @property
    def languages(self) -> list[tuple[str, int]]:
        """Return how often they were asked in each language, the most frequent first."""
        counts: Counter[str] = Counter()
        for each in self.questions:
            counts[each.language] += each.count
        return counts.most_common()

    def title(self, language: str) -> Asked:
        """Return the question that tells a reader of a language best what they ask for."""
        return next((each for each in self.questions if each.language == language), self.questions[0])


def unanswered(kept: Sequence[Entry]) -> list[Refused]:
    """Return the questions that were refused: those kept as such, and those of thumbs down on a refusal.

    A question of which both were kept counts as often as it was refused.
    """
    refused = [entry.what for entry in kept if isinstance(entry.what, Refused)]
    known = {each.question for each in refused}
    for entry in kept:
        sent = entry.what
        if isinstance(sent, Feedback) and sent.thumb == "down" and sent.status == "refused":
            question = " ".join(sent.questions)
            if known.isdisjoint((question, sent.questions[-1])):
                refused.append(Refused(question, detect(question, default=sent.language), ""))
    return refused


def clusters(questions: Sequence[Refused], embedder: Embedder, near: float = NEAR) -> list[Cluster]:
    """Return the clusters of refused questions, the largest first; the same questions give the same clusters.

    Questions in a language that the embedder does not read are joined with the very same ones only.
    """
    counts = Counter((each.question, each.language) for each in questions)
    asked = [Asked(question, language, count) for (question, language), count in sorted(counts.items())]
    if not asked:
        return []
    vectors = _vectors(asked, embedder)
    groups: dict[int, list[int]] = {}
    for place, root in enumerate(_roots(asked, vectors, near)):
        groups.setdefault(root, []).append(place)
    made = []
    for places in groups.values():
        nearness = vectors[places] @ vectors[places].sum(axis=0)
        order = sorted(range(len(places)), key=lambda n: (-asked[places[n]].count, -round(float(nearness[n]), 4), n))
        made.append(Cluster(tuple(asked[places[n]] for n in order)))
    return sorted(made, key=lambda cluster: (-cluster.count, cluster.questions[0].question))


def _vectors(asked: Sequence[Asked], embedder: Embedder) -> NDArray[np.float32]:
    """Return a vector for each question, which is zero where the embedder does not read its language."""
    import numpy as np

    found = np.zeros((len(asked), embedder.dimensions), np.float32)
    for place, each in enumerate(asked):
        if embedder.reads(each.language):
            found[place] = embedder.embed_question(each.question)
    return found


def _roots(asked: Sequence[Asked], vectors: NDArray[np.float32], near: float) -> list[int]:
    """Return for each question the first of those that it belongs with."""
    roots = list(range(len(asked)))

    def root(place: int) -> int:
        while roots[place] != place:
            roots[place] = roots[roots[place]]
            place = roots[place]
        return place

    for one, other in _pairs(asked, vectors, near):
        first, second = sorted((root(one), root(other)))
        roots[second] = first
    return [root(place) for place in range(len(asked))]


def _pairs(asked: Sequence[Asked], vectors: NDArray[np.float32], near: float) -> Iterator[tuple[int, int]]:
    """Yield the places of questions that are the same, or near each other."""
    import numpy as np

    same: dict[str, int] = {}
    for place, each in enumerate(asked):
        yield place, same.setdefault(" ".join(fold(each.question).split()), place)
    for first in range(0, len(asked), _ROWS):
        for row, column in np.argwhere(vectors[first : first + _ROWS] @ vectors.T >= near):
            if first + row < column:
                yield first + int(row), int(column)
