"""The bundled model: a static embedding of five languages, loaded without torch.

A text's vector is the mean of its tokens' vectors, brought to unit length; there is nothing else to
compute. The folder is in model2vec's format, so that model2vec and sentence-transformers load it too.
How it was trained stands in `kb/training/` and in the model card beside the weights.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import ModelError
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

BUNDLED = "tillit-static"
WEIGHTS, TOKENIZER, HASHES = "model.safetensors", "tokenizer.json", "sha256.json"


def bundled_folder() -> Path:
    """Return the folder of the model that comes with the package."""
    return Path(str(files("kb.models"))) / BUNDLED


class StaticModel:
    """A static embedding from a folder: `model.safetensors`, `tokenizer.json` and their hashes.

    Raises `ModelError` where a file is missing or is not the one that the hashes name.
    """

    window = 128
    """Tokens of a chunk: as many as served best. Nothing is cut off, but a mean of more says less of each part."""

    def __init__(self, folder: Path | None = None, languages: frozenset[str] = frozenset(LANGUAGES)) -> None:
        self.folder = folder or bundled_folder()
        self._languages = languages

    @cached_property
    def _hashes(self) -> dict[str, str]:
        try:
            hashes = json.loads((self.folder / HASHES).read_text(encoding="utf-8"))
            return {name: str(hashes[name]) for name in (WEIGHTS, TOKENIZER, *hashes)}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ModelError(f"The model in {self.folder} cannot be read ({error}). Install Tillit again.") from None

    @property
    def names(self) -> list[str]:
        """Return the names of the model's files that have a hash. Raises `ModelError`."""
        return list(self._hashes)

    @cached_property
    def id(self) -> str:
        """Return the model's name with the hash of its files."""
        both = hashlib.sha256((self._hashes[WEIGHTS] + self._hashes[TOKENIZER]).encode()).hexdigest()
        return f"{self.folder.name}@{both[:16]}"

    def reads(self, language: str) -> bool:
        """Tell whether the model reads a language."""
        return language in self._languages

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return int(self._vectors.shape[1])

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        import numpy as np
        from safetensors.numpy import load

        return load(self.read(WEIGHTS))["embeddings"].astype(np.float32)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer: Tokenizer = Tokenizer.from_buffer(self.read(TOKENIZER))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def read(self, name: str) -> bytes:
        """Return a file of the model. Raises `ModelError` where it is missing or not the one that the hashes name."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise ModelError(f"The model in {self.folder} cannot be read ({error}). Install Tillit again.") from None
        if hashlib.sha256(content).hexdigest() != self._hashes.get(name):
            raise ModelError(f"{self.folder / name} is not the file that was expected. Install Tillit again.")
        return content

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has."""
        return len(self.tokens(text))

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions) of unit vectors; a text without tokens has zeros.

        Each text's mean is taken by itself, so that its vector does not depend on its neighbours.
        """
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                mean = self._vectors[encoding.ids].mean(axis=0)
                vectors[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return vectors

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (dimensions,)."""
        vector: NDArray[np.float32] = self.embed([question])[0]
        return vector
