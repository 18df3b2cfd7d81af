"""What may stand in front matter and sidecar files, checked where it enters.

Unknown keys are refused, vocabularies are closed. YAML is read by its 1.2 rules for truth
values, so that `country: NO` is Norway and not false.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from kb.errors import DocumentError
from kb.vocabulary import LANGUAGE_ALIASES, Basis, Country, Evidence, Kind, Sector, Stance, Theme

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]


def _http(url: str) -> str:
    if not re.match(r"https?://[^\s/]+", url):
        raise ValueError("must begin with http:// or https://")
    return url


def _own_language(code: object) -> object:
    text = str(code).strip().lower()
    return LANGUAGE_ALIASES.get(text, text)


def _past_year(year: int) -> int:
    if year > date.today().year:
        raise ValueError("lies in the future")
    return year


Url = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_http)]
Year = Annotated[int, Field(ge=1800, le=2200), AfterValidator(_past_year)]
Questions = Annotated[list[Text], Field(max_length=12)]
LanguageCode = Annotated[str, BeforeValidator(_own_language), StringConstraints(pattern=r"^[a-z]{2,3}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShippedMetadata(_Record):
    """Front matter of a shipped document's English text; it holds for its translations too."""

    id: Slug
    language: Literal["en"]
    title: Text
    original_title: Text | None
    kind: Kind
    country: Country
    organisation: Text | None
    sectors: Annotated[list[Sector], Field(min_length=1)]
    year: Year | None
    publisher: Text
    source_url: Url | None
    source_language: LanguageCode
    evidence: Evidence
    stance: Stance
    themes: Annotated[list[Theme], Field(min_length=1)]
    basis: Basis
    questions: Questions


class TranslationMetadata(_Record):
    """Front matter of a translation; `english` is the stamp of the English text that it was made from.

    `organisation` may be left out: the English name then holds.
    """

    id: Slug
    language: Literal["da", "nb", "sv"]
    title: Text
    organisation: Text | None = None
    english: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    questions: Questions


class OwnMetadata(_Record):
    """Front matter, sidecar or options of a user's own document; all may be left out."""

    id: Slug | None = None
    language: LanguageCode | None = None
    title: Text | None = None
    original_title: Text | None = None
    kind: Kind | Literal["unknown"] = "unknown"
    country: Country | None = None
    organisation: Text | None = None
    sectors: list[Sector] = []
    year: Year | None = None
    publisher: Text | None = None
    source_url: Url | None = None
    source_language: LanguageCode | None = None
    evidence: Evidence | Literal["unknown"] = "unknown"
    stance: Stance | Literal["unknown"] = "unknown"
    themes: list[Theme] = []
    basis: Basis | None = None
    questions: Questions = []


class _Yaml12Loader(yaml.SafeLoader):
    """SafeLoader that takes only true and false for truth values, and dates for text."""


_Yaml12Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Yaml12Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


MAX_NODES = 10_000
"""How many values metadata may have with each alias written out; a few lines of aliases can name billions."""


def load_yaml(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Return a YAML mapping and the line, from 1, on which each of its keys stands.

    Raises `DocumentError` where the text is no YAML, no mapping, names a key twice or is too big.
    """
    try:
        loader = _Yaml12Loader(text)
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise DocumentError("the metadata must be lines of the form 'key: value'")
        if _written_out(node, {}) > MAX_NODES:
            raise DocumentError(f"the metadata has more than {MAX_NODES:,} values")
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if str(key.value) in lines:
                raise DocumentError(f"the key '{key.value}' stands twice")
            lines[str(key.value)] = key.start_mark.line + 1
        made = loader.construct_document(node)
        if not isinstance(made, dict):
            raise DocumentError("the metadata must be lines of the form 'key: value'")
        return made, lines
    except RecursionError:
        raise DocumentError("the metadata is too deeply nested") from None
    except (LookupError, AttributeError):
        raise DocumentError("the metadata is not valid YAML: a value does not fit the tag before it") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        problem = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise DocumentError(f"the metadata is not valid YAML: {problem}{place}") from None


def _written_out(node: yaml.Node, sizes: dict[int, float]) -> float:
    """Return how many values a node holds where each alias counts for all that it stands for."""
    if id(node) not in sizes:
        sizes[id(node)] = math.inf  # a node that holds itself never ends
        children = node.value if isinstance(node, yaml.CollectionNode) else ()
        parts = [part for child in children for part in (child if isinstance(child, tuple) else (child,))]
        sizes[id(node)] = 1 + sum(_written_out(part, sizes) for part in parts)
    return sizes[id(node)]


_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M)


def split_front_matter(raw: str) -> tuple[str | None, str, int]:
    """Return the front matter's YAML (None if there is none), the body, and the body's first line from 1."""
    match = _FRONT_MATTER.match(raw)
    if not match:
        return None, raw.removeprefix("\ufeff"), 1
    return match.group(1), raw[match.end() :], raw.count("\n", 0, match.end()) + 1


def metadata_problems(error: ValidationError) -> list[tuple[str, str]]:
    """Return (top-level key, sentence) of each fault that pydantic found."""
    problems = []
    for fault in error.errors(include_url=False):
        key = str(fault["loc"][0]) if fault["loc"] else ""
        given = fault.get("input")
        value = f" (got {given!r})" if isinstance(given, str | int | float | bool) else ""
        if fault["type"] == "missing":
            problems.append((key, f"'{key}' is missing"))
        elif fault["type"] == "extra_forbidden":
            problems.append((key, f"'{key}' is not a key that is known here"))
        else:
            message = fault["msg"].removeprefix("Value error, ")
            problems.append((key, f"'{key}': {message[0].lower()}{message[1:]}{value}"))
    return problems
