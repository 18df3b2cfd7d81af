"""How well an embedding finds documents by their own questions, by itself, without words or reranking.

Each question is compared with the chunks of all documents in one language; a document counts as its nearest
chunk. Only questions of documents that the training left out tell how the embedding does on texts it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from kb.models.embedder import Embedder
from kb.records import Chunk, Document, Progress, no_progress
from kb.store.writer import text_to_embed
from kb.training.corpus import NOTHING, Cut, HoldOut
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEPTH = 5
Groups = Sequence[Sequence[Document]]


@dataclass(frozen=True, slots=True)
class Figure:
    """The scores of the questions in one language on the documents in one language."""

    questions: str
    texts: str
    recall_at_5: float
    reciprocal_rank: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model scores; `count` is the number of questions in each language."""

    model: str
    documents: int
    held_out: int
    count: int
    figures: tuple[Figure, ...]

    def mean_recall(self, across: bool) -> float | None:
        """Return the mean Recall@5 within the same language or across languages, None where there is none."""
        chosen = [figure.recall_at_5 for figure in self.figures if (figure.questions != figure.texts) == across]
        return mean(chosen) if chosen else None


def evaluate(
    embedder: Embedder, groups: Groups, cut: Cut, hold_out: HoldOut = NOTHING, progress: Progress = no_progress
) -> Evaluation:
    """Return the scores on the questions of the documents that were held out, or of all."""
    asked = [number for number, group in enumerate(groups) if not hold_out or group[0].id in hold_out]
    languages = [language for language in LANGUAGES if embedder.reads(language)]
    cuts = [cut(group) for group in groups]
    questions = {language: _questions(embedder, groups, asked, language) for language in languages}
    figures = []
    for done, language in enumerate(languages, 1):
        texts, owners = _chunks(groups, cuts, language)
        chunks = embedder.embed(texts)
        figures += [_figure(name, language, *questions[name], chunks, owners) for name in languages]
        progress("evaluate", done, len(languages))
    count = sum(len(groups[number][0].questions) for number in asked)
    return Evaluation(embedder.id, len(groups), len(asked), count, tuple(sorted(figures, key=_place)))


def pool(name: str, evaluations: Sequence[Evaluation]) -> Evaluation:
    """Return what models that were trained with different documents held out score on all of them together."""
    first = evaluations[0]
    count = sum(each.count for each in evaluations)
    figures = tuple(
        Figure(
            figure.questions,
            figure.texts,
            round(sum(e.figures[n].recall_at_5 * e.count for e in evaluations) / max(count, 1), 4),
            round(sum(e.figures[n].reciprocal_rank * e.count for e in evaluations) / max(count, 1), 4),
        )
        for n, figure in enumerate(first.figures)
    )
    return Evaluation(name, first.documents, sum(each.held_out for each in evaluations), count, figures)


def _place(figure: Figure) -> tuple[int, int]:
    order = [str(language) for language in LANGUAGES]
    return order.index(figure.questions), order.index(figure.texts)


def _questions(
    embedder: Embedder, groups: Groups, asked: Sequence[int], language: str
) -> tuple[list[int], NDArray[np.float32]]:
    """Return the number of each question's document, and the questions' vectors."""
    import numpy as np

    found = [(n, text) for n in asked for d in groups[n] if d.language == language for text in d.questions]
    vectors = [embedder.embed_question(text) for _, text in found]
    return [number for number, _ in found], np.stack(vectors) if vectors else np.zeros((0, embedder.dimensions), "f4")


def _chunks(groups: Groups, cuts: Sequence[Sequence[Sequence[Chunk]]], language: str) -> tuple[list[str], list[int]]:
    """Return what is embedded of the chunks in a language, and the number of each one's document."""
    found = [
        (text_to_embed(document, chunk), number)
        for number, (group, cut) in enumerate(zip(groups, cuts, strict=True))
        for document, chunks in zip(group, cut, strict=True)
        if document.language == language
        for chunk in chunks
    ]
    return [text for text, _ in found], [number for _, number in found]


def _figure(
    name: str,
    language: str,
    own: Sequence[int],
    questions: NDArray[np.float32],
    chunks: NDArray[np.float32],
    owners: Sequence[int],
) -> Figure:
    """Return the scores of questions, whose documents are `own`, on chunks, whose documents are `owners`."""
    import numpy as np

    scores = np.full((len(questions), max(owners, default=0) + 1), -np.inf)
    similarity = questions @ chunks.T
    for column, owner in enumerate(owners):
        np.maximum(scores[:, owner], similarity[:, column], out=scores[:, owner])
    ahead = [int((row > row[number]).sum()) for row, number in zip(scores, own, strict=True)]
    found = mean(rank < DEPTH for rank in ahead) if ahead else 0.0
    return Figure(name, language, round(found, 4), round(mean(1 / (rank + 1) for rank in ahead) if ahead else 0.0, 4))
