"""Every setting in one place: its name, default, bounds and description.

A value comes from the command line, else from `TILLIT_<NAME>`, else from `tillit.toml` in the
working directory, else from the default. Importing this module touches no disk.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from kb.errors import SettingsError
from kb.vocabulary import LANGUAGE_ALIASES

TOML_FILE = Path("tillit.toml")


def _language_codes(text: str) -> str:
    codes = [LANGUAGE_ALIASES.get(code.strip(), code.strip()) for code in text.split(",") if code.strip()]
    if not all(re.fullmatch(r"[a-z]{2,3}", code) for code in codes):
        raise ValueError("it takes codes of languages with commas between them, for instance da,en")
    return ",".join(codes)


class Settings(BaseSettings):
    """What a user can set."""

    model_config = SettingsConfigDict(env_prefix="TILLIT_", extra="forbid", frozen=True, env_ignore_empty=True)

    data: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        default_factory=lambda: user_data_path("tillit", appauthor=False),
        description="Folder of the catalogue, the index and the originals.",
    )
    passages: int = Field(default=60, ge=1, le=100, description="Passages that are retrieved for an answer.")
    max_words: int = Field(default=600, ge=80, le=1000, description="Words of an answer and its other side together.")
    support: float = Field(
        default=0.36,
        ge=0,
        le=1,
        description="Support below which a question is refused, where a model reads its language; 0 never refuses.",
    )
    support_by_words: float = Field(
        default=0.38,
        ge=0,
        le=1,
        description="The same where no model reads the question's language and support is by words alone.",
    )
    model: str = Field(
        default="tillit-static",
        min_length=1,
        description="The embedding model: tillit-static, all-MiniLM-L6-v2, a folder or a hub name; then: tillit build.",
    )
    model_question_prompt: str = Field(default="", description="What the model wants before a question.")
    model_passage_prompt: str = Field(default="", description="What the model wants before a passage.")
    model_window: int | None = Field(default=None, ge=32, le=8192, description="Tokens of a chunk; else the model's.")
    model_dimensions: int | None = Field(default=None, ge=8, le=8192, description="Dimensions kept; else all.")
    model_languages: Annotated[str, AfterValidator(_language_codes)] = Field(
        default="", description="Languages that the model reads (da,en,…); empty: all."
    )
    reranker: str = Field(default="", description="A CrossEncoder, a folder or hub name, that orders passages anew.")
    reranker_window: int | None = Field(default=None, ge=32, le=8192, description="Tokens that the reranker reads.")
    reranked: int = Field(default=24, ge=1, le=100, description="Passages that the reranker orders anew.")
    dense_weight: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Weight of the dense list in fusion, the lexical list having the rest; else as fitted.",
    )
    search_languages: Annotated[str, AfterValidator(_language_codes)] = Field(
        default="", description="Languages of the texts that are searched (da,en,…); empty: all."
    )
    dense_search: Literal["auto", "exact", "chroma"] = Field(
        default="auto", description="How vectors are searched: exactly, by Chroma, or by size (auto)."
    )
    question_chars: int = Field(default=2000, ge=50, le=100_000, description="Characters that a question may have.")
    pdf_seconds: int = Field(default=120, ge=1, le=3600, description="Seconds that reading one file may take.")
    pdf_pages: int = Field(default=2000, ge=1, le=100_000, description="Pages that one file may have.")
    file_mb: int = Field(default=100, ge=1, le=2000, description="Megabytes that one file may have.")
    memory_mb: int = Field(default=1024, ge=256, le=16_384, description="Megabytes of memory for reading one file.")
    ocr: bool = Field(
        default=False, description="Whether Tesseract, if installed, reads pages of PDFs that have no text."
    )
    lock_seconds: float = Field(default=5, ge=0, le=3600, description="Seconds to wait for another writer.")
    activity: Literal["feedback", "refused", "none"] = Field(
        default="feedback",
        description="What is kept of visitors: what they send by thumbs (feedback), refused questions too, or none.",
    )
    activity_days: int = Field(default=90, ge=1, le=3650, description="Days after which what was kept is erased.")
    uploads: bool = Field(
        default=False,
        description="Add documents in the app: only where it is bound to loopback or people are signed in.",
    )
    address: str = Field(default="127.0.0.1", description="Address at which the app listens.")
    port: int = Field(default=8501, ge=1, le=65_535, description="Port at which the app listens.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources in the order in which they count."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, TOML_FILE)


ANSWER_SETTINGS = (
    *("passages", "max_words", "support", "support_by_words"),
    *("dense_weight", "dense_search", "search_languages", "reranker", "reranker_window", "reranked"),
)
"""The settings that change what an answer says; they are part of its fingerprint."""


def load_settings(**given: Any) -> Settings:
    """Return the settings; `given` holds what the command line said.

    Raises `SettingsError` with one sentence that names the setting and where it came from.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0]) if fault["loc"] else "?"
        place = origin_of(name, given)
        reason = fault["msg"].removeprefix("Value error, ").lower()
        raise SettingsError(f"The setting '{name}' ({place}) cannot be used: {reason}. See: tillit settings") from None
    except ValueError as error:
        raise SettingsError(f"{TOML_FILE} is not valid TOML: {error}") from None


def origin_of(name: str, given: dict[str, Any]) -> str:
    """Return in words where the value of a setting comes from."""
    env = f"TILLIT_{name.upper()}"
    sources: tuple[PydanticBaseSettingsSource, ...] = Settings.settings_customise_sources(
        Settings,
        init_settings=_given(given),
        env_settings=_environment(),
        dotenv_settings=_given({}),
        file_secret_settings=_given({}),
    )
    labels = ("command line", env, str(TOML_FILE))
    return next((label for label, source in zip(labels, sources, strict=True) if name in source()), "default")


def _given(values: dict[str, Any]) -> PydanticBaseSettingsSource:
    from pydantic_settings import InitSettingsSource

    return InitSettingsSource(Settings, values)


def _environment() -> PydanticBaseSettingsSource:
    from pydantic_settings import EnvSettingsSource

    return EnvSettingsSource(Settings, env_prefix="TILLIT_", env_ignore_empty=True)
