"""What the embedding learns from, gathered in a fixed order.

Pairs of English and another language: those of a folder, the shipped documents' sentences, chunks and
questions, our own aligned sentences, the glossary's terms and definitions. Contrasts of a question and the
document that it was written for, in all languages. Documents that are held out leave nothing of theirs in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kb.blocks import parse_blocks, split_sentences
from kb.records import Block, Chunk, Document
from kb.store.writer import block_to_embed, text_to_embed
from kb.training.recipe import Recipe
from kb.training.sources import read_own, read_pairs
from kb.training.typos import with_typos
from kb.vocabulary import TRANSLATIONS
from kb.words.glossary import Glossary

Cut = Callable[[Sequence[Document]], list[tuple[Chunk, ...]]]
"""Cuts a document and its translations into chunks; ingestion's way of it comes from outside."""


@dataclass(frozen=True, slots=True)
class HoldOut:
    """Which documents are left out: those whose hashed id is `part` modulo `parts`; no parts, no documents."""

    part: int
    parts: int

    @classmethod
    def parse(cls, text: str) -> HoldOut:
        """Read "K/N", or "none". Raises `ValueError` where it is not that, or K is not below N."""
        match = re.fullmatch(r"(\d+)/(\d+)", text)
        if text == _NONE:
            return NOTHING
        if not match or int(match[1]) >= int(match[2]):
            raise ValueError(text)
        return cls(int(match[1]), int(match[2]))

    def __contains__(self, document_id: str) -> bool:
        hashed = int(hashlib.sha256(document_id.encode()).hexdigest(), 16)
        return bool(self.parts) and hashed % self.parts == self.part

    def __bool__(self) -> bool:
        return self.parts > 0

    def __str__(self) -> str:
        return f"{self.part}/{self.parts}" if self else _NONE


_NONE = "none"
NOTHING = HoldOut(0, 0)
"""Leaves out no document."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text in English and in another language; both are to lie where the teacher puts the English one."""

    english: str
    other: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """A question and what it was written for, in any two languages; `key` tells that apart from all others."""

    question: str
    passage: str
    key: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the texts come from: `pairs` is a folder, `own` another one than that of the package."""

    groups: Sequence[Sequence[Document]]
    glossary: Glossary
    cut: Cut
    pairs: Path | None = None
    own: Path | None = None


@dataclass
class Corpus:
    """What is learnt from; `texts` are those that the tokenizer's pieces are chosen by, `counts` pairs by source."""

    pairs: list[Pair] = field(default_factory=list)
    contrasts: list[Contrast] = field(default_factory=list)
    """Of questions and the beginnings of their documents."""
    block_contrasts: list[Contrast] = field(default_factory=list)
    """Of questions and the blocks that answer them, which are told apart from others of the same document too."""
    texts: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, source: str, pairs: Sequence[Pair], repeats: int = 1) -> None:
        """Add the pairs of a source, so many times each."""
        self.counts[source] = self.counts.get(source, 0) + len(pairs)
        self.pairs += [pair for pair in pairs for _ in range(repeats)]

    def add_texts(self, pairs: Sequence[Pair], weight: int = 1) -> None:
        """Let the texts of pairs count for the tokenizer, each once, times `weight`."""
        unique = sorted({text for pair in pairs for text in (pair.english, pair.other)})
        self.texts += unique * weight


def gather(sources: Sources, recipe: Recipe, hold_out: HoldOut = NOTHING) -> Corpus:
    """Return the corpus. Raises `DocumentError` where a file of pairs is not as it should be."""
    corpus = Corpus()
    groups = [group for group in sources.groups if group[0].id not in hold_out]
    foreign = read_pairs(sources.pairs) if sources.pairs else []
    for source in sorted({pair.source for pair in foreign}):
        corpus.add(source, [Pair(pair.english, pair.other) for pair in foreign if pair.source == source])
    corpus.add_texts(corpus.pairs)
    sentences = [pair for group in groups for pair in sentence_pairs(group)]
    own = [pair for row in read_own(sources.own) for pair in _row_pairs(row)]
    questions = [pair for group in groups for pair in _question_pairs(group)]
    corpus.add("document sentences", sentences, recipe.sentence_repeats)
    corpus.add("document chunks", [pair for group in groups for pair in _chunk_pairs(group, sources.cut)])
    corpus.add("document questions", questions, recipe.question_repeats)
    corpus.add("own sentences", own, recipe.own_repeats)
    corpus.add("glossary", list(_glossary_pairs(sources.glossary)), recipe.glossary_repeats)
    corpus.add_texts([*sentences, *own, *questions], recipe.domain_weight)
    corpus.add("with typing errors", _mistyped(corpus.pairs, recipe))
    corpus.contrasts += [contrast for group in groups for contrast in _contrasts(group, recipe.passage_chars)]
    corpus.block_contrasts += [contrast for group in groups for contrast in _block_contrasts(group)]
    return corpus


def sentence_pairs(group: Sequence[Document]) -> Iterator[Pair]:
    """Yield a document's sentences with those of its translations, block by block.

    A block whose sentences do not come out even is one pair; a translation of other blocks has none.
    """
    english = group[0]
    blocks = parse_blocks(english.text)
    for other in group[1:]:
        theirs = parse_blocks(other.text)
        if [block.kind for block in theirs] != [block.kind for block in blocks]:
            continue
        for ours, its in zip(blocks, theirs, strict=True):
            left, right = _sentences(english.text, ours), _sentences(other.text, its)
            if len(left) == len(right):
                yield from map(Pair, left, right)
            else:
                yield Pair(" ".join(left), " ".join(right))


def _sentences(text: str, block: Block) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, block.start, block.end)]


def _question_pairs(group: Sequence[Document]) -> Iterator[Pair]:
    for other in group[1:]:
        yield from map(Pair, group[0].questions, other.questions)
        asked = zip(group[0].block_questions, other.block_questions, strict=True)
        yield from (Pair(english.text, theirs.text) for english, theirs in asked)


def _chunk_pairs(group: Sequence[Document], cut: Cut) -> Iterator[Pair]:
    """Yield the chunks, as they are embedded, of the same blocks."""
    english, *others = zip(group, cut(group), strict=True)
    for document, chunks in others:
        for ours, its in zip(english[1], chunks, strict=False):
            if (ours.block_first, ours.block_last) == (its.block_first, its.block_last):
                yield Pair(text_to_embed(english[0], ours), text_to_embed(document, its))


def _row_pairs(row: Mapping[str, str]) -> Iterator[Pair]:
    for language, text in row.items():
        if language != "en":
            yield Pair(row["en"], text)


def _glossary_pairs(glossary: Glossary) -> Iterator[Pair]:
    for concept in glossary.concepts:
        for language in TRANSLATIONS:
            for english in concept.terms("en"):
                for other in concept.terms(language):
                    yield Pair(english, other)
            yield Pair(concept.definition("en"), concept.definition(language))


def _mistyped(pairs: Sequence[Pair], recipe: Recipe) -> list[Pair]:
    """Return copies of some pairs with errors in the other language; in a third of them in English as well."""
    random = Random(recipe.seed)  # noqa: S311 (nothing secret)
    chosen = random.sample(pairs, int(len(pairs) * recipe.typo_share))
    noised = [Pair(pair.english, with_typos(pair.other, recipe.typo_rate, random)) for pair in chosen]
    third = chosen[: len(chosen) // 3]
    return noised + [Pair(pair.english, with_typos(pair.english, recipe.typo_rate, random)) for pair in third]


def _contrasts(group: Sequence[Document], chars: int) -> Iterator[Contrast]:
    for asked in group:
        for question in asked.questions:
            for document in group:
                yield Contrast(question, f"{document.title}\n{document.text[:chars]}", document.id)


def _block_contrasts(group: Sequence[Document]) -> Iterator[Contrast]:
    parsed = [(document, parse_blocks(document.text)) for document in group]
    for asked in group:
        for each in asked.block_questions:
            if each.first is None or each.last is None:
                continue
            for document, blocks in parsed:
                first, last = blocks[each.first], blocks[each.last]
                passage = block_to_embed(document, blocks, first) + document.text[first.end : last.end]
                yield Contrast(each.text, passage, f"{document.id} {each.first}")
