"""A report that is given as PDF, as Word file and as page of the web is answered from alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.blocks import parse_blocks
from kb.knowledge_base import KnowledgeBase
from kb.records import Citation, Document
from tests.ingest.desk import knowledge_base, take_in
from tests.ingest.office import rendered
from tests.ingest.typeset import typeset

pytestmark = pytest.mark.usefixtures("quick_publish", "plain_weights")

REPORTS = {
    language: (Path(__file__).parent / "reports" / f"ferries.{language}.md").read_text(encoding="utf-8")
    for language in ("da", "en")
}
KINDS = {
    "pdf": lambda text: typeset(text, "Nordhavet"),
    "docx": lambda text: rendered(text, "docx"),
    "html": lambda text: rendered(text, "html", "pagetitle=x"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("reports")


def asked(folder: Path, language: str, kind: str) -> KnowledgeBase:
    """Return a knowledge base that holds nothing but the report in one language and format."""
    data = folder / f"{language}-{kind}"
    if not data.exists():
        file = folder / language / f"ferries.{kind}"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(KINDS[kind](REPORTS[language]))
        take_in(data, file)
    return knowledge_base(data)


def report(kb: KnowledgeBase, language: str) -> Document:
    document, *_ = kb.document("ferries", language)
    return document


def citations(kb: KnowledgeBase, question: str) -> list[Citation]:
    return [citation for statement in kb.ask(question).statements for citation in statement.citations]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", REPORTS)
def test_a_report_is_the_same_text_in_every_format(folder, language, kind):
    document = report(asked(folder, language, kind), language)
    assert document.text == REPORTS[language]
    assert f"# {document.title}" == REPORTS[language].splitlines()[0]


QUESTIONS = [
    ("da", "Hvor mange ture sejlede rederiet i 2023?", "Rederiet sejler til", 1, ()),
    ("da", "Hvor meget faldt sygefraværet?", "Hver besætning mødes", 1, ("Hvad der blev gjort", "Vagtplaner")),
    ("da", "Hvilke tre ting ændrede sig i havnene?", "Tre ting ændrede sig", 1, ("Hvad der blev gjort", "Havnene")),
    ("da", "I hvilken orden blev ramperne taget i brug?", "De nye ramper", 1, ("Hvad der blev gjort", "Havnene")),
    ("da", "Hvad kostede Ternen?", "| Ternen | 988 | 27,0 |", 1, ("Hvad det kostede",)),
    ("da", "Hvem bestemmer over ruten til Anholt?", "Hvem der bestemmer", 2, ("Hvad der skal ske",)),
    ("en", "How many crossings did the company make in 2023?", "The company sails to", 1, ()),
    ("en", "Which three things changed in the harbours?", "Three things changed", 1, ("What was done", "The harbours")),
    ("en", "In which order were the ramps opened?", "The new ramps", 1, ("What was done", "The harbours")),
    ("en", "What did the Tern cost?", "| Tern | 988 | 27.0 |", 1, ("What it cost",)),
    ("en", "Why did the ramps cost more than expected?", "The ramps, however", 1, ("What it cost",)),
    ("en", "Where will the new ferries be built?", "The company wants", 2, ("What is to come",)),
]


@pytest.mark.parametrize(("language", "question", "quote", "page", "headings"), QUESTIONS)
def test_a_question_is_answered_alike_from_every_format(folder, language, question, quote, page, headings):
    title = REPORTS[language].splitlines()[0].removeprefix("# ")
    found = {kind: citations(asked(folder, language, kind), question) for kind in KINDS}
    assert quote in found["pdf"][0].quote
    assert [citation.page for citation in found["pdf"]] == [page]
    for kind in ("docx", "html"):
        assert [each.quote for each in found[kind]] == [each.quote for each in found["pdf"]]
        text = report(asked(folder, language, kind), language).text
        block = parse_blocks(text)[found[kind][0].block_first]
        assert (found[kind][0].page, block.headings) == (None, (title, *headings))
        assert quote in text[found[kind][0].start : found[kind][0].end]


@pytest.mark.parametrize(("language", "turn"), [("da", "## Hvad der skal ske"), ("en", "builder was sought.")])
def test_a_page_begins_where_it_was_turned_though_a_paragraph_goes_on(folder, language, turn):
    document = report(asked(folder, language, "pdf"), language)
    assert [document.text[page.start :].startswith(turn) for page in document.pages] == [False, True]
