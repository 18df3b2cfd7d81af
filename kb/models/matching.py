"""Late interaction: how well a block matches a question, token by token, loaded without torch.

Each token has a vector; a token of the question counts by its best match among the block's tokens, or, a little less,
among those of what a reader has read before it (MaxSim of ColBERT, Khattab & Zaharia 2020, on vectors that know no
context). Each token and each two tokens of the question also tell in what kind of section such questions are answered.
The vectors were trained on the questions that were written for blocks; see `kb/training/matching.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import ModelError
from kb.models.static import StaticModel, bundled_folder
from kb.records import Block, Document
from kb.vocabulary import SECTIONS, section_role

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MATCHING = "matching.safetensors"
OPENING = "opening"
KINDS_OF_SECTIONS = (OPENING, *(role for roles in SECTIONS.values() for role in roles))
"""The columns of what a question tells about sections: the opening, then the roles of `kb.vocabulary.SECTIONS`."""
PAIRS = 1 << 14
"""Rows that stand for two tokens in a row; pairs share them by a hash."""
_FACTOR = 1_000_003
AT_ONCE, KEPT_CHARACTERS = 20_000, 2000
"""Tokens that are matched at once, so that memory is bounded; more of one text are left out. Characters of a text whose
tokens are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """How a question's tokens match texts, each of shape (texts,): weighted mean, and the worst of its tokens."""

    mean: NDArray[np.float64]
    least: NDArray[np.float64]


def section_of(document: Document, block: Block) -> str | None:
    """Return the kind of the section that a block stands in; None for sections of a user's own."""
    if not block.headings:
        return None
    opening = block.headings[-1] == document.title
    return OPENING if opening else section_role(block.headings[-1], document.kind, document.language)


def before_block(document: Document, blocks: Sequence[Block], block: Block) -> str:
    """Return what a reader of a block has read before: title, whose it is, headings, the line that leads it in."""
    lead = [document.text[b.start : b.end] for b in ((blocks[block.lead],) if block.lead is not None else ())]
    return "\n".join((document.title, document.organisation or "", *block.headings, *lead))


def with_pairs(tokens: Sequence[int], vocabulary: int) -> list[int]:
    """Return tokens, followed by the rows of each two that stand together."""
    return [*tokens, *(vocabulary + (a * _FACTOR + b) % PAIRS for a, b in pairwise(tokens))]


def _slices(texts: Sequence[NDArray[np.int32]]) -> Iterator[list[NDArray[np.int32]]]:
    """Yield texts, one after the other, as many as have at most `AT_ONCE` tokens together."""
    own: list[NDArray[np.int32]] = []
    for text in texts:
        if own and sum(map(len, own)) + len(text) > AT_ONCE:
            yield own
            own = []
        own.append(text)
    yield own


class Matching:
    """The late interaction that comes with the package, over the tokens of the bundled model.

    Raises `ModelError` at its first use where a file of it is missing or broken.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or bundled_folder()
        self._model = StaticModel(self.folder)
        self._kept = lru_cache(maxsize=20_000)(self._tokens_of)

    @cached_property
    def _content(self) -> bytes:
        return self._model.read(MATCHING)

    @cached_property
    def id(self) -> str:
        """Return a hash of the weights."""
        return hashlib.sha256(self._content).hexdigest()[:16]

    @cached_property
    def _weights(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], float]:
        """Return the tokens' unit vectors, their weights in a question, their sections, what headings count."""
        import numpy as np
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            stored = load(self._content)
            vectors, weights, sections = (stored[n].astype(np.float32) for n in ("vectors", "weights", "sections"))
            heading = float(stored["heading"][0])
        except (SafetensorError, KeyError, ValueError, IndexError) as error:
            raise ModelError(f"{self.folder / MATCHING} cannot be read ({error}). Install Tillit again.") from None
        if sections.shape != (len(vectors) + PAIRS, len(KINDS_OF_SECTIONS)) or len(weights) != len(vectors):
            raise ModelError(f"{self.folder / MATCHING} is not the file that was expected. Install Tillit again.")
        return vectors, weights, sections, heading

    def _tokens(self, text: str) -> NDArray[np.int32]:
        """Return the tokens of a text; those of short ones are kept, as blocks are read again."""
        return self._kept(text) if len(text) <= KEPT_CHARACTERS else self._tokens_of(text)

    def _tokens_of(self, text: str) -> NDArray[np.int32]:
        import numpy as np

        return np.array(self._model.tokens(text) or [0], dtype=np.int32)

    def match(self, question: str, texts: Sequence[str], before: Sequence[str]) -> Matched:
        """Return how a question matches texts, each with what is read before it.

        A question or a text without tokens is the unknown token.
        """
        import numpy as np

        if not texts:
            return Matched(np.zeros(0), np.zeros(0))
        vectors, weights, _, heading = self._weights
        tokens = self._tokens(question)
        chances = np.exp(weights[tokens] - weights[tokens].max()).astype(np.float64)
        found = np.maximum(self._best(vectors, tokens, texts), heading * self._best(vectors, tokens, before))
        return Matched((chances / chances.sum()) @ found, found.min(axis=0))

    def _best(
        self, vectors: NDArray[np.float32], tokens: NDArray[np.int32], texts: Sequence[str]
    ) -> NDArray[np.float64]:
        """Return the best match of each token in each text, shape (tokens, texts)."""
        import numpy as np

        found = []
        for own in _slices([self._tokens(text)[:AT_ONCE] for text in texts]):
            starts = np.cumsum([0, *(len(each) for each in own[:-1])])
            cosines = vectors[tokens] @ vectors[np.concatenate(own)].T
            found.append(np.maximum.reduceat(cosines, starts, axis=1))
        return np.concatenate(found, axis=1).astype(np.float64)

    def sections(self, question: str) -> dict[str, float]:
        """Return how much a question speaks for each kind of section, around 0."""
        vectors, _, sections, _ = self._weights
        rows = sections[with_pairs(self._tokens(question).tolist(), len(vectors))].mean(axis=0)
        return {name: float(value - rows.mean()) for name, value in zip(KINDS_OF_SECTIONS, rows, strict=True)}
