"""Writing a trained embedding: a folder that Tillit, model2vec and sentence-transformers load.

Nothing in it tells when or where it was written: the same training gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import ModelError
from kb.models.matching import MATCHING
from kb.models.static import HASHES, TOKENIZER, WEIGHTS
from kb.training.corpus import NOTHING, HoldOut
from kb.training.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

CONFIG, MODULES, TRAINING = "config.json", "modules.json", "training.json"


@dataclass(frozen=True, slots=True)
class Record:
    """How a model came about: what makes the training again, and how much it learnt from."""

    recipe: Recipe
    teacher: str
    hold_out: str
    pairs: Mapping[str, int]
    contrasts: int
    loss: float
    """The last batch's, to see whether two trainings went the same way."""


def save(
    folder: Path,
    tokenizer: Tokenizer,
    vectors: NDArray[np.float32],
    matching: Mapping[str, NDArray[np.float32]],
    record: Record,
) -> None:
    """Write the model; the hashes come last, so that half a model is not taken for a whole one."""
    import numpy as np
    from safetensors.numpy import save as tensors

    folder.mkdir(parents=True, exist_ok=True)
    (folder / HASHES).unlink(missing_ok=True)
    contents = {
        WEIGHTS: tensors({"embeddings": vectors.astype(np.float16)}),
        MATCHING: tensors({name: matching[name].astype(np.float16) for name in sorted(matching)}),
        TOKENIZER: tokenizer.to_str().encode(),
        CONFIG: _json(_config(*vectors.shape)),
        MODULES: _json(_MODULES),
        TRAINING: _json(asdict(record)),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    (folder / HASHES).write_bytes(_json(hashes))


def stored(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors as they are read again."""
    import numpy as np

    return vectors.astype(np.float16).astype(np.float32)


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _config(tokens: int, dimensions: int) -> dict[str, Any]:
    """Return what model2vec is to know: unit vectors of the whole text."""
    return {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "normalize": True,
        "max_length": None,
        "hidden_dim": dimensions,
        "vocab_size": tokens,
        "embedding_dtype": "float16",
    }


_MODULES = [
    {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]
"""What makes it a sentence-transformers model, as model2vec writes it."""


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file of ours says. Raises `ModelError` where it cannot be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path} is not what 'tillit models' writes ({error}).") from None


def held_out(folder: Path) -> HoldOut:
    """Return which documents a model's training left out; none where the folder does not tell."""
    path = folder / TRAINING
    return HoldOut.parse(str(read_json(path).get("hold_out"))) if path.exists() else NOTHING
