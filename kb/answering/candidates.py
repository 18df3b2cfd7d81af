"""Candidates: the blocks of the best documents that may be quoted, with what speaks for each.

The features depend on the question and the block's document alone, so that a weight means the same for every
question. Vectors of blocks and of their questions come from the catalogue. A block for which nobody wrote questions
is taken for one of its own, so that a user's documents are not behind.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.analysis import fold, stemmer, tokens
from kb.answering.addressed import addresses_the_assistant
from kb.answering.coverage import Wanted, document_terms, index_terms
from kb.answering.defining import introducing, meaning
from kb.answering.question import Asked, holding, names
from kb.models.embedder import Embedder
from kb.models.matching import Matching, before_block, section_of
from kb.records import Block, Document, Passage
from kb.retrieval.retriever import Retrieved
from kb.shipped import sha256_of
from kb.store.embeddings import known_vectors
from kb.store.writer import block_to_embed
from kb.vocabulary import QUALIFYING_ROLES, section_role
from kb.words.terms import Term

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METHOD_ROLES = frozenset({"method", "situation", "parties"})
"""Sections that say how it was before and how it was studied."""
WAY_ROLES = frozenset({"change", "agreed", "asks", "practice", "recommendation"})
"""Sections that say how something was done."""
NEAR_A_NUMBER = 4
"""Words after a number among which what is counted stands."""

FEATURES = (
    "passage",
    "document",
    "covered",
    "covered with its headings",
    "cosine",
    "question's cosine",
    "question covered",
    "matched",
    "least matched",
    "section",
    "best of its document",
    "best match of its document",
    "names missing",
    "holds what is wanted",
    "counts what is counted",
    "says what it means",
    "introduces it",
    "opening",
    "qualifies",
    "qualifies, asked for objections",
    "method",
    "method, asked for views",
    "result",
    "in a list",
    "in a list, asked for one",
    "length",
)


@dataclass(frozen=True, slots=True)
class Read:
    """A document as the answer reads it: its text, blocks, and its passages as they were retrieved."""

    document: Document
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]

    def text(self, block: Block) -> str:
        """Return the text of a block."""
        return self.document.text[block.start : block.end]

    def role(self, block: Block) -> str | None:
        """Return the role of the section in which a block stands."""
        return section_role(block.headings[-1], self.document.kind, self.document.language) if block.headings else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block that may be quoted; `features` has shape (len(FEATURES),)."""

    read: Read
    block: Block
    features: NDArray[np.float64]

    def __getitem__(self, name: str) -> float:
        return float(self.features[FEATURES.index(name)])


def candidates(
    connection: sqlite3.Connection,
    embedder: Embedder,
    matching: Matching,
    reads: Sequence[Read],
    asked: Asked,
    wanted: Wanted,
    retrieved: Retrieved,
) -> list[Candidate]:
    """Return the blocks of `reads` that may be quoted, with what speaks for each on the question of `retrieved`."""
    import numpy as np

    vector, question = retrieved.vector, retrieved.understanding.text
    top = max((read.passages[0].score for read in reads), default=0.0)
    sections = matching.sections(question)
    named = names(question, asked.language)
    found = []
    for read in reads:
        blocks = [
            block
            for block in read.blocks
            if block.kind != "heading" and not addresses_the_assistant(read.document, block)
        ]
        nearness = cosines(
            connection, embedder, [block_to_embed(read.document, read.blocks, block) for block in blocks], vector
        )
        questions = [each for each in read.document.block_questions if each.first is not None]
        near = cosines(connection, embedder, [each.text for each in questions], vector)
        shares = [
            wanted.covered(index_terms(each.text, read.document.language), read.document.language) for each in questions
        ]
        language = read.document.language
        missing = wanted.missing(_name_words(named), document_terms(read.document), language)
        matched = matching.match(
            question,
            [read.text(block) for block in blocks],
            [before_block(read.document, read.blocks, block) for block in blocks],
        )
        for place, (block, cosine) in enumerate(zip(blocks, nearness, strict=True)):
            own = [n for n, each in enumerate(questions) if each.first <= block.number <= each.last]  # type: ignore[operator]
            features = _features(read, block, asked, wanted, top)
            features |= {
                "cosine": cosine,
                "question's cosine": max([cosine, *(near[n] for n in own)]),
                "question covered": max([features["covered with its headings"], *(shares[n] for n in own)]),
                "matched": float(matched.mean[place]),
                "least matched": float(matched.least[place]),
                "section": sections.get(section_of(read.document, block) or "", 0.0),
                "best of its document": max(nearness),
                "best match of its document": float(matched.mean.max()),
                "names missing": missing,
            }
            found.append(Candidate(read, block, np.array([features[name] for name in FEATURES])))
    return found


def _features(read: Read, block: Block, asked: Asked, wanted: Wanted, top: float) -> dict[str, float]:
    text, role, language = read.text(block), read.role(block), read.document.language
    own = index_terms(text, language)
    after = read.blocks[block.number + 1] if block.number + 1 < len(read.blocks) else None
    opening = float(bool(block.headings) and block.headings[-1] == read.document.title)
    listed = block.kind in ("item", "row") or (after is not None and after.lead == block.number)
    return {
        "passage": _passage_score(read, block) - top,
        "document": read.passages[0].score - top,
        "covered": wanted.covered(own, language),
        "covered with its headings": wanted.covered(own | surroundings(read, block), language),
        "holds what is wanted": holding(asked.wants, text)
        * float(asked.wants != "way" or role in WAY_ROLES or not role),
        "counts what is counted": counting(asked, wanted.of(language), text, language),
        "says what it means": meaning(asked, wanted, text, language),
        "introduces it": introducing(asked, wanted, read.document) * opening,
        "opening": opening,
        "qualifies": float(role in QUALIFYING_ROLES),
        "qualifies, asked for objections": float(role in QUALIFYING_ROLES and asked.type == "objections"),
        "method": float(role in METHOD_ROLES),
        "method, asked for views": float(role in METHOD_ROLES and asked.type in ("comparison", "objections", "how-to")),
        "result": float(role in ("result", "finding", "agreed", "change")),
        "in a list": float(listed),
        "in a list, asked for one": float(listed and asked.type == "list"),
        "length": min(len(text.split()), 75) / 75,
    }


def _passage_score(read: Read, block: Block) -> float:
    """Return the score of the passage that holds a block; one that was not retrieved is worth 1 less than the last."""
    scores = [p.score for p in read.passages if p.chunk.block_first <= block.number <= p.chunk.block_last]
    return max(scores) if scores else read.passages[-1].score - 1.0


def surroundings(read: Read, block: Block) -> frozenset[str]:
    """Return the index terms of what a reader of a block has read before: title, whose it is, headings, its lead."""
    return index_terms(before_block(read.document, read.blocks, block), read.document.language)


def cosines(
    connection: sqlite3.Connection, embedder: Embedder, texts: Sequence[str], vector: NDArray[np.float32] | None
) -> list[float]:
    """Return the cosine of each text with the question's vector, 0 where a text has none."""
    import numpy as np

    if vector is None or not texts:
        return [0.0] * len(texts)
    keys = [sha256_of(text) for text in texts]
    known = known_vectors(connection, embedder, keys)
    nothing = np.zeros(len(vector), dtype=np.float32)
    matrix = np.stack([known.get(key, nothing) for key in keys]).astype(np.float64)
    return [float(value) for value in matrix @ vector.astype(np.float64)]


def names_missing(named: Collection[str], terms: Sequence[Term], present: frozenset[str]) -> float:
    """Return the share of the question's names that a document with these index terms does not have."""
    parts = _name_words(named)
    own = [term for term in terms if fold(term.word) in parts]
    return sum(not term.among(present) for term in own) / len(own) if own else 0.0


def _name_words(named: Collection[str]) -> frozenset[str]:
    return frozenset(word for name in named for word in tokens(name))


def counting(asked: Asked, terms: Sequence[Term], text: str, language: str) -> float:
    """Return 1 where a text has a number just before what the question counts, or the question counts nothing.

    A percentage is no count.
    """
    things = [term for term in terms if fold(term.word) in asked.focus]
    if asked.wants not in ("number", "duration", "share", "money") or not things:
        return 1.0
    stem, words = stemmer(language), tokens(text)
    for place, word in enumerate(words):
        share = asked.wants == "number" and bool(
            re.match(r"per ?cent|procent|prosent", " ".join(words[place + 1 :][:2]))
        )
        if holding("number", word) and not share:
            near = frozenset(map(stem, words[place + 1 : place + 1 + NEAR_A_NUMBER]))
            if any(term.among(near) for term in things):
                return 1.0
    return 0.0
