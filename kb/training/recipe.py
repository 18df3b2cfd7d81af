"""The knobs of the training, all in one place, with what each was measured to do.

Measured on a fifth of the shipped documents that was left out (`--hold-out 0/5`): the share of their own
questions that find them among the first five, in the same language / across languages. The measurements of
one knob leave the others as they stand here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training depends on besides its texts."""

    seed: int = 1
    vocabulary: int = 23_000
    """Pieces of the tokenizer; the most for which the model stays under 20 MB. Of 24,000 and 32,000 (with contrasts
    at .5 and 512): .941/.904 and .938/.912; each thousand costs .84 MB."""

    longest_piece: int = 20
    """Characters a piece has at most, so that frequent compounds can be one."""

    domain_weight: int = 4
    """How often the field's own sentences count when pieces are chosen: there are ten times as many others."""

    epochs: float = 4.0
    batch: int = 1024
    learning_rate: float = 0.02
    """Adam's at the first step; it falls to nought in a straight line. Rows are hit rarely, so it is high."""

    spread: float = 0.05
    """Standard deviation of the vectors before the first step."""

    cosine_weight: float = 5.0
    """Weight of the distance to the teacher's vector, against 1 for telling a batch's sentences apart."""

    pair_weight: float = 0.5
    """Weight of telling a batch's translations apart by the student's own vectors."""

    contrast_weight: float = 1.0
    contrast_batch: int = 1024
    """Questions in a batch of questions and the documents that they were written for: at a weight of 1 and 1,024
    .942/.909 (reciprocal rank .804/.744), at .5 and 512 .943/.903 (.796/.739), without them .891/.837."""

    scale: float = 20.0
    """What cosines are multiplied by before the softmax, as in sentence-transformers."""

    sentence_repeats: int = 3
    """How often the shipped documents' sentences stand among the pairs, for one time of the others'."""

    own_repeats: int = 3
    question_repeats: int = 2
    glossary_repeats: int = 1
    typo_share: float = 0.0
    """Share of the pairs that stand there once more with typing errors."""

    typo_rate: float = 0.3
    """Share of the words of such a copy that have one."""

    passage_chars: int = 1500
    """How much of a document a question is compared with."""

    matching_dimensions: int = 64
    matching_epochs: int = 2
    """Rounds over the documents of each language."""
    matching_documents: int = 10
    """Documents in a batch, of whose blocks the right one is to be picked."""
    own_questions: int = 12
    others_questions: int = 3
    """Questions in a batch of the document that it is about, and of each of the others."""
    section_penalty: float = 0.003
    """Of the squared weights of sections that a batch uses."""
