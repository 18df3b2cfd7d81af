"""The teacher: a model whose vectors of the English texts the student learns to give in every language.

Vectors are kept in a cache folder, so that a second training does not compute them again. A batch's padding
changes a vector in the seventh digit; with 16 bits kept, most vectors are the same whatever they were computed
with, but not all: the same bytes come of a training with the same cache, or without one each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kb.errors import ModelError
from kb.models.transformer import ModelFiles, library
from kb.records import Progress, no_progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

PORTION = 4096
"""Texts that are computed between two writes to the cache."""

BATCH = 64
THREADS = 2
"""On idle cores 200 sentences a second, four times as many as one by one on one thread."""

KEY_BYTES = 16


class Teacher(Protocol):
    """Anything that gives unit vectors of English texts."""

    @property
    def id(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class BatchTeacher:
    """A sentence-transformers model, in batches; its id has the hash of its weights."""

    def __init__(self, files: ModelFiles) -> None:
        self._files = files

    @cached_property
    def id(self) -> str:
        """Return the model's name with the hash of its weights."""
        path = self._files.folder / "model.safetensors"
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"The teacher's weights cannot be read ({error}).") from None
        return f"{self._files.name}@{digest[:16]}"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the texts' unit vectors."""
        import numpy as np
        import torch

        torch.set_num_threads(THREADS)
        vectors = self._model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> SentenceTransformer:
        with library(self._files, None):
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(str(self._files.folder), device="cpu", local_files_only=True)


class VectorCache:
    """A teacher's vectors in 16 bits: those of earlier runs from a folder, others computed and put there."""

    def __init__(self, teacher: Teacher, folder: Path | None = None) -> None:
        """Without a folder, vectors are kept for this run only."""
        self.teacher = teacher
        self._folder = folder
        self._known: dict[bytes, NDArray[np.float16]] = {}
        for path in sorted(folder.glob("*.safetensors")) if folder else []:
            self._known |= _read(path)

    def vectors(self, texts: Sequence[str], progress: Progress = no_progress) -> NDArray[np.float32]:
        """Return the vectors of the texts, in their order."""
        import numpy as np

        missing = sorted({text for text in texts if self._key(text) not in self._known}, key=lambda t: (-len(t), t))
        for first in range(0, len(missing), PORTION):
            self._add(missing[first : first + PORTION])
            progress("teacher", min(first + PORTION, len(missing)), len(missing))
        return np.stack([self._known[self._key(text)] for text in texts]).astype(np.float32)

    def add(self, texts: Sequence[str], vectors: NDArray[np.float16]) -> None:
        """Take in vectors and write them to the folder, if there is one."""
        import numpy as np
        from safetensors.numpy import save

        keys = [self._key(text) for text in texts]
        self._known |= dict(zip(keys, vectors, strict=True))
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            table = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, KEY_BYTES)
            content = save({"keys": table, "vectors": np.ascontiguousarray(vectors)})
            path = self._folder / f"{hashlib.sha256(content).hexdigest()[:16]}.safetensors"
            path.with_suffix(".part").write_bytes(content)
            path.with_suffix(".part").replace(path)

    def _add(self, texts: Sequence[str]) -> None:
        import numpy as np

        self.add(texts, self.teacher.encode(texts).astype(np.float16))

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.teacher.id}\n{text}".encode(), digest_size=KEY_BYTES).digest()


def _read(path: Path) -> dict[bytes, NDArray[np.float16]]:
    """Return the vectors of a file of the cache. Raises `ModelError` where it is none."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(path.read_bytes())
        keys, vectors = tensors["keys"], tensors["vectors"]
    except (OSError, KeyError, SafetensorError) as error:
        raise ModelError(f"The teacher's vectors in {path} cannot be read ({error}). Delete the file.") from None
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}
