"""Any sentence-transformers model, by folder or by its name on the Hugging Face hub.

Models are read from this machine's disk only; nothing here reaches for the network, and no code that
comes with a model is run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import DependencyError, KBError, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import CrossEncoder, SentenceTransformer

MODULES, CONFIG, TOKENIZER = "modules.json", "config_sentence_transformers.json", "tokenizer.json"
WEIGHTS = (".safetensors", ".bin")
READ = (*WEIGHTS, ".json", ".txt", ".model", ".jinja")
"""The suffixes of the files that make a model what it is."""
LARGE = 1 << 24
"""Bytes from which a file's hash is noted down, so that it is read only once."""
UNBOUNDED = 100_000
"""Tokens from which a model's window is none, and `USUAL_WINDOW` stands for it."""
USUAL_WINDOW = 256


@dataclass(frozen=True)
class ModelFiles:
    """The files of a model: `name` is a folder, or a name on the hub that has been fetched to this machine.

    A hub name without an owner is taken to be one of `owner`'s. `place` is the folder where it is known.
    `notes` is a file in an existing folder that keeps the hashes of large files, by path, size and times.
    """

    name: str
    owner: str = "sentence-transformers"
    place: Path | None = None
    notes: Path | None = None

    @cached_property
    def folder(self) -> Path:
        """Return the model's folder."""
        return self.place or _find(self.name, self.owner)

    @cached_property
    def modules(self) -> list[dict[str, str]]:
        """Return the parts of a sentence-transformers model, none where it is not one; refuse code of its own."""
        with told_of(f"The model {self.name}"):
            modules = [{key: str(module[key]) for key in ("path", "type")} for module in self.json(MODULES) or []]
        for kind in (module["type"] for module in modules):
            if not kind.startswith("sentence_transformers."):
                raise ModelError(f"The model {self.name} needs its own code ({kind}), which is not run. Set another.")
        return modules

    @cached_property
    def config(self) -> dict[str, Any]:
        """Return how sentence-transformers is to use the model; empty where it does not say."""
        with told_of(f"The model {self.name}"):
            return dict(self.json(CONFIG) or {})

    def json(self, name: str) -> Any:
        """Return what a file of the model holds, None where there is no such file."""
        path = self.folder / name
        with told_of(f"The model's file {path}"):
            return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def id(self, *how: object) -> str:
        """Return the model's name with a hash of its files and of how it is used."""
        digest = hashlib.sha256(json.dumps([self.digest, *how]).encode()).hexdigest()
        return f"{Path(self.name).name}@{digest[:16]}"

    @cached_property
    def digest(self) -> str:
        """Return the hash of the weights, the tokenizer and the configuration."""
        parts = {self.folder / module["path"] for module in self.modules} - {self.folder}
        places = [self.folder.glob("*"), *(part.rglob("*") for part in parts)]
        paths = sorted({path for place in places for path in place if path.suffix in READ and path.is_file()})
        if not any(path.suffix in WEIGHTS for path in paths):
            raise ModelError(f"There are no weights in {self.folder}. Set the folder of a whole model.")
        notes = _read_notes(self.notes)
        known = len(notes)
        with told_of(f"The model {self.name}"):
            lines = [f"{path.relative_to(self.folder).as_posix()} {_file_hash(path, notes)}" for path in paths]
        if self.notes and len(notes) > known:
            _write_notes(self.notes, notes)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class TransformerModel:
    """An embedding model of sentence-transformers; loaded when first needed.

    Prompts stand before each text; without them the model's own are used, where it has any. `window`
    and `dimensions` are the model's own unless given. `languages` are those it reads; None is all.
    """

    def __init__(
        self,
        name: str | ModelFiles,
        *,
        question_prompt: str = "",
        passage_prompt: str = "",
        window: int | None = None,
        dimensions: int | None = None,
        languages: frozenset[str] | None = None,
        before_loading: Callable[[], None] | None = None,
    ) -> None:
        """`before_loading` is called once, before the seconds that loading takes."""
        self.files = name if isinstance(name, ModelFiles) else ModelFiles(name)
        self._prompts = (question_prompt, passage_prompt)
        self._window = window
        self._dimensions = dimensions
        self._languages = languages
        self._before_loading = before_loading

    @cached_property
    def id(self) -> str:
        """Return the model's name with a hash of its files, prompts, window, dimensions and languages."""
        _refuse_other_kinds(self.files)
        read = sorted(self._languages) if self._languages else None
        return self.files.id(self._question_prompt, self._passage_prompt, self._window, self._dimensions, read)

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def window(self) -> int:
        """Return the longest text in tokens; a model without a bound of its own gets the usual one."""
        return self._window or bounded(self._model.max_seq_length) or USUAL_WINDOW

    def reads(self, language: str) -> bool:
        """Tell whether the model reads a language."""
        return self._languages is None or language in self._languages

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a passage has, special ones and those of its prompt included."""
        return self._count(self._passage_prompt + text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions) of unit vectors of passages."""
        return self._encode(self._model.encode_document, texts, self._passage_prompt)

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """Return the unit vector of a question, shape (dimensions,)."""
        vector: NDArray[np.float32] = self._encode(self._model.encode_query, [question], self._question_prompt)[0]
        return vector

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Return the vectors of texts, which go through the model one by one.

        In a batch, padding changes a vector in the seventh digit, so that an index would depend on the order
        in which it was built. They do so on one thread: two are faster on idle cores (64 texts a second
        instead of 45), but spin on busy ones (a build took 228 s instead of 48, a question 504 ms instead of 8).
        """
        import numpy as np
        import torch

        torch.set_num_threads(1)
        vectors = encode(list(texts), prompt=prompt, batch_size=1, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimensions)

    @cached_property
    def _question_prompt(self) -> str:
        return self._prompts[0] or self._own_prompt("query")

    @cached_property
    def _passage_prompt(self) -> str:
        return self._prompts[1] or self._own_prompt("document", "passage", "corpus")

    def _own_prompt(self, *names: str) -> str:
        """Return the model's own prompt.

        It is looked up here: sentence-transformers (6.2) gives every model an empty "document" prompt,
        which hides one that is named "passage".
        """
        prompts = self.files.config.get("prompts") or {}
        return next((prompts[name] for name in names if prompts.get(name)), "")

    @cached_property
    def _count(self) -> Callable[[str], int]:
        """Count with the tokenizer's file alone, where there is one: that takes no torch."""
        _refuse_other_kinds(self.files)
        first = self.files.modules[0]
        path = self.files.folder / first["path"] / TOKENIZER
        if not path.exists():
            encode = self._model.tokenizer.encode
            return lambda text: len(encode(text))
        from tokenizers import Tokenizer

        with told_of(f"The model {self.files.name}"):
            tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        special = not first["type"].endswith(".StaticEmbedding")
        return lambda text: len(tokenizer.encode(text, add_special_tokens=special).ids)

    @cached_property
    def _model(self) -> SentenceTransformer:
        _refuse_other_kinds(self.files)
        with library(self.files, self._before_loading):
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(
                str(self.files.folder),
                device="cpu",
                local_files_only=True,
                truncate_dim=self._dimensions,
                model_kwargs={"dtype": "float32"},
            ).float()
        set_window(model, self._window, lambda text: model.encode(text, show_progress_bar=False), self.files.name)
        found = model.get_embedding_dimension()
        if self._dimensions and found != self._dimensions:
            raise ModelError(
                f"The model {self.files.name} makes vectors of {found} dimensions, not of {self._dimensions}. "
                f"Set model_dimensions to at most {found}."
            )
        return model


def _refuse_other_kinds(files: ModelFiles) -> None:
    if not files.modules:
        raise ModelError(f"{files.folder} is not a sentence-transformers model: it has no {MODULES}.")
    kind = files.config.get("model_type", "SentenceTransformer")
    if kind != "SentenceTransformer":
        raise ModelError(f"The model {files.name} is a {kind}, which does not embed. Set another model.")


@contextmanager
def library(files: ModelFiles, before_loading: Callable[[], None] | None) -> Iterator[None]:
    """Load a model within this: the library is there and offline, and what it raises is told in one sentence."""
    require_library()
    if before_loading:
        before_loading()
    go_offline()
    with told_of(f"The model {files.name}"):
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        yield


def require_library() -> None:
    """Raise `DependencyError` where sentence-transformers is not installed."""
    from importlib.util import find_spec

    if find_spec("sentence_transformers") is None:
        raise DependencyError("sentence-transformers", "models")


def go_offline() -> None:
    """Keep the model libraries from reaching for the network or sending usage data."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@contextmanager
def told_of(what: str) -> Iterator[None]:
    """Tell in one sentence of whatever a library raises over a model's files."""
    try:
        yield
    except KBError:
        raise
    except Exception as error:
        cause = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        raise ModelError(f"{what} cannot be loaded ({cause}). Fetch the model again, or set another.") from error


def bounded(window: float | None) -> int | None:
    """Return the window that a model sets itself, None where it sets none."""
    return int(window) if window and window < UNBOUNDED else None


def set_window(
    model: SentenceTransformer | CrossEncoder, window: int | None, read: Callable[[str], object], name: str
) -> None:
    """Have a model cut texts at `window` tokens, or at its own; refuse a window that it cannot `read`."""
    own = model.max_seq_length
    if own is None or own == float("inf"):
        return
    model.max_seq_length = window or bounded(own) or USUAL_WINDOW
    if window and window > own:
        try:
            read("a " * window)
        except (IndexError, RuntimeError):
            raise ModelError(
                f"The model {name} cannot read {window} tokens; by itself it reads {own}. Set a smaller window."
            ) from None


def _find(name: str, owner: str) -> Path:
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if path.is_absolute() or name.startswith(("~", ".")) or "\\" in name or name.count("/") > 1:
        raise ModelError(f"There is no folder {path}. Set a model's folder, or its name on the Hugging Face hub.")
    go_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    full = name if "/" in name else f"{owner}/{name}"
    try:
        return Path(snapshot_download(full, local_files_only=True, allow_patterns=["*.json"], ignore_patterns=["*/*"]))
    except LocalEntryNotFoundError:
        raise ModelError(f"The model {full} is not on this machine. Fetch it with: hf download {full}") from None
    except HFValidationError:
        raise ModelError(f"'{name}' is neither a folder nor the name of a model on the Hugging Face hub.") from None


def _file_hash(path: Path, notes: dict[str, str]) -> str:
    """Return a file's SHA-256; in the hub's cache a large file is named by it."""
    path = path.resolve()
    if path.parent.name == "blobs" and len(path.name) == 64:
        return path.name
    state = path.stat()
    key = f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"
    if key in notes:
        return notes[key]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if state.st_size >= LARGE:
        notes[key] = digest
    return digest


def _read_notes(path: Path | None) -> dict[str, str]:
    with suppress(OSError, ValueError):
        notes = json.loads(path.read_text(encoding="utf-8")) if path else {}
        return notes if isinstance(notes, dict) else {}
    return {}


def _write_notes(path: Path, notes: dict[str, str]) -> None:
    """Keep the notes where that can be done; they only save time."""
    with suppress(OSError):
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(notes, indent=1), encoding="utf-8")
        fresh.replace(path)
