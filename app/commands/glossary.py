"""`tillit glossary`: the words of the field, what they mean and what they are in the other languages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from kb.words.glossary import Concept


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("glossary", parents=[parent], help="look up the words of the field")
    parser.add_argument("text", nargs="?", default="", metavar="TEXT", help="a word or part of one (else all concepts)")
    parser.add_argument(
        "--language", choices=LANGUAGES, default="en", help="the language of definitions (default English)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the concepts that have the text in a term, the nearest first."""
    from kb.words.glossary import load_glossary
    from kb.words.wording import label

    found = load_glossary().search(args.text, args.language)
    if args.json:
        concepts = [
            {"id": c.id, "terms": {code: c.terms(code) for code in LANGUAGES}, "definitions": dict(c.definitions)}
            for c in found
        ]
        print(json.dumps({"text": args.text, "concepts": concepts}, ensure_ascii=False, indent=1))
        return 0
    parts = ["\n".join(concept_lines(concept, args.language)) for concept in found]
    print("\n\n".join(parts) or label("none", args.language).format(args.text))
    return 0


def concept_lines(concept: Concept, language: str) -> Iterator[str]:
    """Yield a concept: its terms in a language, its definition, its terms in the others."""
    from app.terminal import wrap
    from kb.words.wording import OWN_NAMES

    yield wrap(", ".join(concept.terms(language)))
    yield wrap(concept.definition(language), "  ")
    for code in LANGUAGES:
        if code != language:
            yield wrap(f"{OWN_NAMES[code]}: {', '.join(concept.terms(code))}", "  ")
