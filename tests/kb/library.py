"""A library of small English documents whose order under a question can be foreseen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.knowledge_base import KnowledgeBase

GARDENS = tuple(f"int-garden-{number:02}" for number in range(1, 13))
TWINS = ("int-twin-a", "int-twin-b")
FIELDS = 130


def write_library(folder: Path) -> None:
    """Write twelve gardens, a pair of twins, an echo, a document of many sections and one of long items."""
    for number, document_id in enumerate(GARDENS, 1):
        write_document(folder, document_id, f"The team of garden {number} turns its compost. " + "It rains. " * number)
    for document_id in TWINS:
        write_document(folder, document_id, "The orchard keeps bees in old hives.", title="Bees")
    write_document(folder, "int-echo", "## Door\n\nA lantern hangs here.\n\n## Door\n\nA lantern hangs here.")
    write_document(folder, "int-charter", f"The charter says:\n\n- {'One. ' * 125}\n- {'Two. ' * 125}")
    sections = (f"## Field {number}\n\nThe harvest of field {number} was good." for number in range(1, FIELDS + 1))
    write_document(folder, "int-fields", "\n\n".join(sections))


def write_document(
    folder: Path, document_id: str, body: str, *, title: str = "", kind: str = "case", year: str = "null"
) -> Path:
    """Write an English document below a folder of documents, as the shipped ones lie there."""
    title = title or document_id
    path = folder / "en" / kind / f"{document_id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\nid: {document_id}\nlanguage: en\ntitle: {title}\noriginal_title: null\nkind: {kind}\ncountry: INT\n"
        f"organisation: null\nsectors: [schools]\nyear: {year}\npublisher: A test\nsource_url: null\n"
        "source_language: en\nevidence: experience\nstance: supportive\nthemes: [autonomy]\nbasis: full\n"
        f"questions: []\n---\n# {title}\n\n{body}\n",
        encoding="utf-8",
    )
    return path


def reopened(kb: KnowledgeBase, **changes: Any) -> KnowledgeBase:
    """Return a knowledge base of the same data under other settings."""
    return KnowledgeBase(kb.settings.model_copy(update=changes), kb.embedder)
