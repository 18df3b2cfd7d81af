"""What the pages say, in four languages: one file of `app/texts/` for each page, one for what documents are.

A file maps a name to the text in each language; `{name}` stands for what is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from kb.vocabulary import LANGUAGE_ALIASES, LANGUAGES, UNKNOWN

DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """The texts of one file, in one language."""

    page: str
    language: str

    def __call__(self, name: str, **filled: Any) -> str:
        """Return a text, filled in; raises `KeyError` where the page has none of that name."""
        text = load_texts(self.page)[name][self.language]
        return text.format(**filled) if filled else text


@lru_cache(maxsize=32)
def load_texts(page: str) -> dict[str, dict[str, str]]:
    """Return the texts of a page by name and language."""
    return dict(yaml.safe_load(files("app").joinpath("texts", f"{page}.yaml").read_text(encoding="utf-8")))


def value(of: str, language: str) -> str:
    """Return what a value of a document's metadata (kind, country, …) is called; itself where nobody has said."""
    texts = load_texts("values").get(of)
    return texts.get(language, texts[DEFAULT]) if texts else of


def grades(evidence: str, stance: str, language: str) -> list[str]:
    """Return what a document's evidence and stance are called; what of them is not graded says so."""
    if evidence == stance == UNKNOWN:
        return [value(UNKNOWN, language)]
    given = {"evidence": evidence, "stance": stance}
    named = Labels("app", language)
    return [
        f"{named(name)}: {value(each, language)}" if each == UNKNOWN else value(each, language)
        for name, each in given.items()
    ]


def spoken(locale: str | None) -> str:
    """Return the language of ours that a browser's locale ("nn-NO") asks for, English for any other."""
    code = (locale or DEFAULT).replace("_", "-").split("-")[0].lower()
    code = LANGUAGE_ALIASES.get(code, code)
    return code if code in LANGUAGES else DEFAULT
