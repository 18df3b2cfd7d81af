"""Documents for tests, made of a text, and what the steps of answering hand to each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kb.analysis import tokens
from kb.answering.candidates import FEATURES, Candidate, Read
from kb.answering.coverage import Wanted
from kb.answering.question import read_question
from kb.answering.quoting import Quote, Score, quote_of
from kb.answering.ranking import Ranked
from kb.answering.reading import Reading
from kb.blocks import parse_blocks
from kb.models.matching import Matched, Matching
from kb.records import Block, Chunk, Document, Passage
from kb.retrieval.retriever import Retrieved
from kb.shipped import sha256_of
from kb.vocabulary import LANGUAGES
from kb.words.terms import Understanding, understand
from tests.conftest import HashEmbedder


class WordMatching(Matching):
    """Late interaction of whole words, which are the same or not; one that stands before a text counts half."""

    def __init__(self, sections: Mapping[str, float] | None = None) -> None:
        super().__init__()
        self.told = dict(sections or {})
        self.asked: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []

    def match(self, question: str, texts: Sequence[str], before: Sequence[str]) -> Matched:
        self.asked.append((question, tuple(texts), tuple(before)))
        if not texts:
            return Matched(np.zeros(0), np.zeros(0))
        words, own = tokens(question) or [""], zip(map(tokens, texts), map(tokens, before), strict=True)
        found = np.array([[max(float(w in text), (w in above) / 2) for w in words] for text, above in own])
        return Matched(found.mean(axis=1), found.min(axis=1))

    def sections(self, question: str) -> dict[str, float]:
        return self.told


def document_of(text: str, **fields: Any) -> Document:
    """Return an English case with that text."""
    case = {"id": "no-a-case", "language": "en", "title": "A case", "kind": "case", "text_by": "tillit"}
    given = {**case, "evidence": "experience", "stance": "mixed", **fields}
    return Document(text=text, sha256=sha256_of(text), **given)


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


def wanted(question: str, language: str = "en") -> Wanted:
    """Return the terms of a question, each of weight 1."""
    terms = understand(question, language, LANGUAGES).terms
    return Wanted(terms, {code: {term.stem: 1.0 for term in own} for code, own in terms.items()})


def candidate(read: Read, number: int, features: Mapping[str, float] | None = None) -> Candidate:
    """Return a block as a candidate whose features are 0 but for these."""
    given = features or {}
    assert given.keys() <= set(FEATURES)
    return Candidate(read, read.blocks[number], np.array([given.get(name, 0.0) for name in FEATURES]))


def ranked_of(*shares: tuple[Read, Sequence[float]], features: Mapping[str, float] | None = None) -> list[Ranked]:
    """Return the blocks but headings of documents as candidates with these shares, best first."""
    found = []
    for read, own in shares:
        body = [block.number for block in read.blocks if block.kind != "heading"]
        found += [Ranked(candidate(read, n, features), share) for n, share in zip(body, own, strict=True)]
    return sorted(found, key=lambda each: -each.share)


def says(*words: str) -> Score:
    """Return how many of some words a text has, as its score."""
    return lambda text: float(sum(word in text for word in words))


def texts(quotes: Sequence[Quote]) -> list[str]:
    """Return the quoted texts, what leads in a list on a line of its own."""
    return ["\n".join(quote.document.text[start:end] for start, end in quote.spans) for quote in quotes]


def quoted(text: str, number: int, *words: str, max_words: int = 130, long: int = 75) -> list[str]:
    """Return what is quoted of one block of a text where these words are wanted."""
    read = read_of(document_of(text))
    quote = quote_of(read, read.blocks[number], says(*words), max_words, long)
    return texts([quote]) if quote else []


def reading_of(
    connection: sqlite3.Connection,
    question: str,
    ranked: Sequence[Ranked] = (),
    understanding: Understanding | None = None,
    **fields: Any,
) -> Reading:
    """Return what was made of an English question; no model reads it unless a `vector` is given."""
    understood = understanding or understand(question, "en", LANGUAGES)
    reads = {each.candidate.read.document.id: each.candidate.read for each in ranked}
    given = {"asked": read_question(question, "en"), "matching": WordMatching(), "found": frozenset(), **fields}
    given = {"features": {}, "support": 0.5, **given}
    retrieved = Retrieved((), understood, None, given.pop("vector", None))
    return Reading(
        connection=connection,
        embedder=HashEmbedder(),
        retrieved=retrieved,
        wanted=wanted(question),
        reads=tuple(reads.values()),
        ranked=list(ranked),
        **given,
    )


def sentence(words: int, *content: str) -> str:
    """Return a sentence of so many words, these at its end; it does not point back to another."""
    return " ".join(["Much", *["so"] * (words - len(content) - 1), *content]) + "."
