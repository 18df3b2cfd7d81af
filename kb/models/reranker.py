"""Rerankers: a model that reads a question and a passage together and scores how well it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from kb.errors import ModelError
from kb.models.transformer import MODULES, ModelFiles, library, set_window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder

OWNER = "cross-encoder"
"""Whose a hub name without an owner is taken to be, as sentence-transformers does."""
HEADS = ("ForSequenceClassification", "ForCausalLM")
"""What a transformers class ends with whose weights can score; any other would get a head of random ones."""


class Reranker(Protocol):
    """Anything that scores passages for a question; `id` covers all that changes a score."""

    @property
    def id(self) -> str: ...

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        """Return an array of shape (len(passages),); the better a passage answers, the higher its score."""
        ...


class CrossEncoderReranker:
    """Any CrossEncoder of sentence-transformers, by folder or hub name; loaded when first needed.

    Scores are the model's raw ones (logits): a sigmoid would bring the best ones together at 1.
    """

    def __init__(
        self,
        name: str | ModelFiles,
        window: int | None = None,
        before_loading: Callable[[], None] | None = None,
    ) -> None:
        """`before_loading` is called once, before the seconds that loading takes."""
        self.files = name if isinstance(name, ModelFiles) else ModelFiles(name, OWNER)
        self._window = window
        self._before_loading = before_loading

    @cached_property
    def id(self) -> str:
        """Return the model's name with a hash of its files and window."""
        _refuse_other_kinds(self.files)
        return self.files.id(self._window)

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        """Return the passages' scores; each pair goes through the model by itself, on one thread."""
        import numpy as np
        import torch

        if not passages:
            return np.zeros(0)
        torch.set_num_threads(1)
        scores = self._model.predict(
            [(question, passage) for passage in passages],
            batch_size=1,
            activation_fn=torch.nn.Identity(),
            show_progress_bar=False,
        )
        return np.asarray(scores, dtype=np.float64)

    @cached_property
    def _model(self) -> CrossEncoder:
        _refuse_other_kinds(self.files)
        with library(self.files, self._before_loading):
            from sentence_transformers import CrossEncoder

            model: CrossEncoder = CrossEncoder(
                str(self.files.folder), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
            ).float()
        if model.num_labels != 1:
            raise ModelError(
                f"The model {self.files.name} sorts into {model.num_labels} classes; a reranker gives one score. "
                "Set another model."
            )
        set_window(
            model, self._window, lambda text: model.predict([("a", text)], show_progress_bar=False), self.files.name
        )
        return model


def _refuse_other_kinds(files: ModelFiles) -> None:
    if files.modules:
        fits = files.config.get("model_type") == "CrossEncoder"
    else:
        architectures = (files.json("config.json") or {}).get("architectures") or [""]
        fits = str(architectures[0]).endswith(HEADS)
    if not fits:
        raise ModelError(
            f"The model {files.name} is no reranker: neither its {MODULES} nor its config.json names one. "
            "Set a CrossEncoder of sentence-transformers."
        )
