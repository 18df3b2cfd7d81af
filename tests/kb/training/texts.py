"""A made-up world to learn from: six topics, a document and its translations for each, a teacher that hashes words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.records import BlockQuestion, Chunk, Document
from kb.shipped import sha256_of
from kb.training.corpus import Sources
from kb.training.recipe import Recipe
from kb.words.glossary import Concept, Glossary
from tests.conftest import HashEmbedder

TOPICS = (
    {"en": "garden flowers", "da": "haven blomster", "nb": "hagen blomstene", "sv": "trädgården blommorna"},
    {"en": "school pupils", "da": "skolen elever", "nb": "skolen elevene", "sv": "skolan eleverna"},
    {"en": "hospital nurses", "da": "sygehuset plejersker", "nb": "sykehuset pleierne", "sv": "sjukhuset sköterskorna"},
    {"en": "prison officers", "da": "fængslet betjente", "nb": "fengselet betjentene", "sv": "fängelset vakterna"},
    {"en": "library readers", "da": "biblioteket læsere", "nb": "biblioteket leserne", "sv": "biblioteket läsarna"},
    {"en": "railway drivers", "da": "jernbanen førere", "nb": "jernbanen førerne", "sv": "järnvägen förarna"},
)
FRAMES = {
    "en": ("The {} are trusted.", "Who trusts the {}?", "Time for the {}", "Why more hours for the {}?"),
    "da": ("Der er tillid til {}.", "Hvem stoler på {}?", "Tid til {}", "Hvorfor flere timer til {}?"),
    "nb": ("Det er tillit til {}.", "Hvem stoler på {}?", "Tid til {}", "Hvorfor flere timer til {}?"),
    "sv": ("Det finns tillit till {}.", "Vem litar på {}?", "Tid för {}", "Varför fler timmar för {}?"),
}
SMALL = Recipe(vocabulary=250, epochs=40, batch=24, contrast_batch=12, learning_rate=0.05)
HEADER = "en\tda\tnb\tnn\tsv"


class HashTeacher:
    """A teacher of hashed words that counts the texts it was given."""

    id = "hash@1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        return HashEmbedder().embed(texts)


def groups() -> list[list[Document]]:
    """Return the documents, each in four languages."""
    return [[_document(number, language) for language in FRAMES] for number in range(len(TOPICS))]


def _document(number: int, language: str) -> Document:
    topic = TOPICS[number][language]
    statement, question, phrase, why = (frame.format(topic) for frame in FRAMES[language])
    text = f"# {phrase}\n\n{statement} {question}\n\n- {phrase}\n"
    return Document(
        id=f"topic-{number}",
        language=language,
        title=phrase,
        text=text,
        sha256=sha256_of(text),
        kind="case",
        evidence="experience",
        stance="supportive",
        text_by="tillit",
        questions=(question, phrase),
        block_questions=(BlockQuestion(1, 1, statement), BlockQuestion(2, 2, why), BlockQuestion(None, None, topic)),
    )


def whole(group: Sequence[Document]) -> list[tuple[Chunk, ...]]:
    """Cut each document into one chunk."""
    return [(Chunk(d.id, d.language, 0, 2, 0, len(d.text), d.text),) for d in group]


GLOSSARY = Glossary(
    (
        Concept(
            "trust",
            {"en": ("trust", "confidence"), "da": ("tillid",), "nb": ("tillit",), "nn": ("tiltru",), "sv": ("tillit",)},
            {
                "en": "To rely on others.",
                "da": "At stole på andre.",
                "nb": "Å stole på andre.",
                "sv": "Att lita på andra.",
            },
        ),
    )
)


def sources(folder: Path, pairs: Path | None = None) -> Sources:
    """Return the made-up documents and glossary, with own sentences written into `folder`."""
    own = folder / "own"
    own.mkdir(exist_ok=True)
    (own / "a.tsv").write_text(f"{HEADER}\nMore time\tMere tid\tMer tid\tMeir tid\tMer tid\n", encoding="utf-8")
    return Sources(groups(), GLOSSARY, whole, pairs, own)
