"""A model as far as the catalogue knows it: by the vectors that it made. It embeds nothing, so it needs no files."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from kb.errors import ModelError
from kb.store.checks.vectors import dimensions_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class KnownModel:
    """Stands in for the model that made the vectors where an index is made of them alone.

    Raises `ModelError` where anything would have to be embedded.
    """

    def __init__(self, connection: sqlite3.Connection, model: str) -> None:
        self.id = model
        self.dimensions = dimensions_of(connection, model)
        rows = connection.execute(
            "SELECT DISTINCT d.language FROM documents d JOIN chunks c ON c.document = d.key "
            "WHERE EXISTS (SELECT 1 FROM embeddings e WHERE e.text_sha256 = c.embedded AND e.model = ?)",
            (model,),
        )
        self._languages = frozenset(str(language) for (language,) in rows)

    @property
    def window(self) -> int:
        """Raise `ModelError`."""
        self._refuse()

    def reads(self, language: str) -> bool:
        """Tell whether a chunk in a language has a vector."""
        return language in self._languages

    def count_tokens(self, text: str) -> int:
        """Raise `ModelError`."""
        self._refuse()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raise `ModelError`."""
        self._refuse()

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """Raise `ModelError`."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise ModelError(f"The vectors of {self.id} are not complete. Make them with: tillit build")
