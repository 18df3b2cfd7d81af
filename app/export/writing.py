"""Blocks written as a Word file or as Markdown, by pandoc, which runs in its sandbox.

Pandoc's own escaping of Markdown is left aside: it leaves entities, emoji, addresses and rules of a text as markup.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from typing import Any

from app.export.looks import dressed
from app.export.tree import LOCALES, Node, words
from kb.errors import ExportError

_VERSION = [1, 23, 1]
_SECONDS = 60
_HEAP = "-M1g"
_SIGN = re.compile(r"[\\`*_\[\]{}<>|~^$@#]|&(?=[#\w])|:(?=//|[\w+-]+:)|(?<=www)\.|!(?=\[|$)", re.ASCII | re.IGNORECASE)
"""Signs that are Markdown wherever they stand, among them those that make an address a link and a word an emoji."""
_OPENING_SIGN = re.compile(r"(\d*)([+=:.)-])")
"""What is Markdown at the beginning of a line."""


def as_word(blocks: Sequence[Node], title: str, language: str, day: str, landscape: bool = False) -> bytes:
    """Return blocks as a Word file in a language of ours, made on `day`. Raises `ExportError`."""
    named: Node = {"t": "MetaInlines", "c": words(title)}
    spoken: Node = {"t": "MetaString", "c": LOCALES[language]}
    return dressed(_pandoc(blocks, {"title": named, "lang": spoken}, "docx"), day, landscape)


def as_markdown(blocks: Sequence[Node]) -> str:
    """Return blocks as GitHub's Markdown with footnotes. Raises `ExportError`."""
    return _pandoc(_escaped(list(blocks)), {}, "gfm").decode()


def _pandoc(blocks: Sequence[Node], meta: dict[str, Node], form: str) -> bytes:
    import pypandoc

    tree = json.dumps({"pandoc-api-version": _VERSION, "meta": meta, "blocks": list(blocks)})
    options = ["--sandbox", "+RTS", _HEAP, "-RTS", "-f", "json", "-t", form, "--wrap=none", "-o", "-"]
    try:
        command = [pypandoc.get_pandoc_path(), *options]
        return subprocess.run(command, input=tree.encode(), capture_output=True, check=True, timeout=_SECONDS).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ExportError from error


def _escaped(content: Any) -> Any:
    """Return a part of the tree with its words as Markdown that means just them, and without divisions."""
    if isinstance(content, dict):
        return content if content["t"] == "Link" else {name: _escaped(held) for name, held in content.items()}
    if not isinstance(content, list):
        return content
    parts: list[Any] = []
    opening = True
    for part in content:
        kind = part.get("t") if isinstance(part, dict) else None
        if kind == "Div":
            parts += _escaped(part["c"][1])
        elif kind == "Str":
            parts.append({"t": "RawInline", "c": ["markdown", _plain(part["c"], opening)]})
        else:
            parts.append(_escaped(part))
        opening = kind == "LineBreak"
    return parts


def _plain(word: str, opening: bool) -> str:
    written = _SIGN.sub(r"\\\g<0>", word)
    return _OPENING_SIGN.sub(r"\1\\\2", written, count=1) if opening and _OPENING_SIGN.match(written) else written
