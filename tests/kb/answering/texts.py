"""Documents for tests, made of a text."""

from __future__ import annotations

from typing import Any

from kb.answering.choosing import Read
from kb.answering.support import Wanted
from kb.blocks import parse_blocks
from kb.records import Block, Chunk, Document, Passage
from kb.shipped import sha256_of
from kb.vocabulary import LANGUAGES
from kb.words.terms import understand


def document_of(text: str, **fields: Any) -> Document:
    """Return an English case with that text."""
    given = {"id": "no-a-case", "language": "en", "title": "A case", "kind": "case", **fields}
    return Document(text=text, sha256=sha256_of(text), evidence="experience", stance="mixed", text_by="tillit", **given)


def read_of(document: Document, *scores: float) -> Read:
    """Return a document as an answer reads it: its blocks but headings are passages with these scores, if any."""
    blocks = parse_blocks(document.text)
    body = [block for block in blocks if block.kind != "heading"]
    passages = [
        Passage(rank, _chunk(document, block), score, rank)
        for rank, (block, score) in enumerate(
            sorted(zip(body, scores, strict=bool(scores)), key=lambda pair: -pair[1]), 1
        )
    ]
    return Read(document, blocks, tuple(passages))


def _chunk(document: Document, block: Block) -> Chunk:
    text = document.text[block.start : block.end]
    return Chunk(
        document.id, document.language, block.number, block.number, block.start, block.end, text, block.headings
    )


def asked(question: str) -> Wanted:
    """Return the terms of an English question, each of weight 1."""
    terms = understand(question, "en", LANGUAGES).terms
    return Wanted(terms, {language: {term.stem: 1.0 for term in own} for language, own in terms.items()})


def sentence(words: int, *content: str) -> str:
    """Return a sentence of so many words, these at its end."""
    return " ".join(["So", *["so"] * (words - len(content) - 1), *content]) + "."
