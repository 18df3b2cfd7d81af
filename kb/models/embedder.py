"""What an embedder is: text in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Anything that turns texts into vectors.

    `id` covers all that changes a vector: weights, prompts, window, dimensions.
    """

    @property
    def id(self) -> str: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def window(self) -> int:
        """The longest text in the model's tokens, special ones included."""
        ...

    def reads(self, language: str) -> bool:
        """Tell whether the model can read a language; texts and questions in others are left to lexical search."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many of the model's tokens a passage has, special ones and those of its prompt included."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions) of unit vectors of passages."""
        ...

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (dimensions,)."""
        ...
