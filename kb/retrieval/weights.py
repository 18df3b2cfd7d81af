"""How much each list counts: data, fitted on the unlocked questions by `tillit eval fit`.

`dense` is the share of the dense list in a text's score, by the question's language and the text's. `texts`
is how much a text of that language says of its document, beside the document's other languages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.fingerprint import digest

FILE = "weights.json"
ANY_MODEL = "any"

Table = Mapping[str, Mapping[str, float]]
"""Numbers by the question's language and the text's."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one model's lists."""

    dense: Table
    texts: Table

    def dense_share(self, asked_in: str, language: str) -> float:
        """Return the dense list's share, 0 to 1; the rest is the lexical list's."""
        return self.dense[asked_in][language]

    def text_share(self, asked_in: str, language: str) -> float:
        """Return how much a text in `language` counts, its document's other languages counting likewise."""
        return self.texts[asked_in][language]

    def with_dense(self, share: float | None) -> Weights:
        """Return these weights with one share for every dense list, where one is given."""
        if share is None:
            return self
        return Weights({asked: dict.fromkeys(row, share) for asked, row in self.dense.items()}, self.texts)

    @property
    def fingerprint(self) -> str:
        """Return a hash of all weights."""
        return digest([self.dense, self.texts])


@lru_cache(maxsize=1)
def _stored() -> dict[str, dict[str, Table]]:
    return dict(json.loads(files("kb.retrieval").joinpath(FILE).read_text(encoding="utf-8")))


def weights_for(model: str) -> Weights:
    """Return the weights fitted for a model, by the part of its id before `@`; of an unknown one, cautious ones."""
    stored = _stored()
    return Weights(**stored.get(model.partition("@")[0], stored[ANY_MODEL]))
