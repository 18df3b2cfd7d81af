"""How a quote is stated: under its document's title, with signs for what is left out of a list."""

from __future__ import annotations

import pytest

from ingest.service import Workshop, build
from kb.answering import other_side
from kb.answering.choosing import FORMS, Form
from kb.answering.citing import with_headings
from kb.knowledge_base import KnowledgeBase
from kb.records import Answer
from kb.settings import load_settings
from kb.vocabulary import LANGUAGES
from tests.kb.answering.test_answerer import ASKED, BORNHOLM, MOWING, TOMELILLA, sources
from tests.kb.answering.texts import sentence
from tests.kb.library import write_document


def headings(answer: Answer) -> list[str]:
    return [statement.heading for statement in answer.statements]


def titled(answer: Answer) -> str:
    """Return the statements of an answer as they are read, each heading once above those that it is for."""
    return "\n\n".join(f"{heading}\n{each.text}".lstrip() for each, heading in with_headings(answer.statements))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", ASKED)
def test_every_quote_stands_under_its_documents_title_and_items_without_a_lead_under_their_section(
    small_kb, asked, language
):
    answer = small_kb.ask(ASKED[asked], language="en", answer_language=language)
    for statement in (*answer.statements, *answer.other_side):
        (citation,) = statement.citations
        document, blocks = small_kb.document(citation.document_id, language)
        first = blocks[citation.block_first]
        items = first.kind == "item" and citation.block_last > first.number
        assert statement.heading == document.title + (f" – {first.headings[-1]}" if items else "")
    assert answer.text == titled(answer)


def test_a_comparison_sets_both_sides_under_their_titles(small_kb):
    answer = small_kb.ask(ASKED["comparison"])
    tracks = small_kb.document(TOMELILLA)[0].title
    bornholm, before, changed = (statement.text for statement in answer.statements)
    assert headings(answer) == [MOWING, tracks, f"{tracks} – What changed"]
    assert answer.text == f"{MOWING}\n{bornholm}\n\n{tracks}\n{before}\n\n{tracks} – What changed\n{changed}"
    assert changed.startswith("- Decisions are to be moved closer to operations")


def test_what_may_qualify_an_answer_stands_under_its_title(small_kb, monkeypatch):
    monkeypatch.setattr(other_side, "OWN_SHARE", 0.0)
    answer = small_kb.ask("What came of mowing by result on Bornholm?")
    assert [(each.heading, each.citations[0].document_id) for each in answer.other_side] == [(MOWING, BORNHOLM)]


@pytest.mark.parametrize("answer_language", ["en", "sv"])
def test_a_case_stands_under_its_title_in_the_readers_language(small_kb, answer_language):
    answer = small_kb.ask(ASKED["cases"], answer_language=answer_language)
    found = [small_kb.document(document_id, answer_language)[0].title for document_id in sources(answer)]
    assert list(dict.fromkeys(headings(answer))) == found
    assert answer.text == titled(answer)
    assert answer.other_side == ()


WANTED = ("mice", "trees", "nights", "rain")
ITEMS = {word: f"{word} {sentence(40)}" for word in WANTED}
LIST = "\n".join(f"- {item}" for item in ITEMS.values())


@pytest.fixture
def ask_owls(embedder, plain_weights, tmp_path):
    """Ask what the owls want of a text on them, and return the statements under their headings."""

    def ask(text: str, *words: str) -> list[tuple[str, str]]:
        write_document(tmp_path / "documents", "int-owls", text, title="Owls")
        build(Workshop(tmp_path / "data", embedder), tmp_path / "documents")
        kb = KnowledgeBase(load_settings(data=tmp_path / "data"), embedder)
        answer = kb.ask(f"Why do the owls want {' '.join(words)}?")
        assert answer.text == titled(answer)
        return [(statement.heading, statement.text) for statement in answer.statements]

    return ask


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["mice"], ["{lead}\n- {mice}\n[…]"]),
        (["trees"], ["{lead}\n[…]\n- {trees}\n[…]"]),
        (["rain"], ["{lead}\n[…]\n- {rain}"]),
        (["mice", "trees"], ["{lead}\n- {mice}\n- {trees}\n[…]"]),
        (["trees", "nights"], ["{lead}\n[…]\n- {trees}\n- {nights}\n[…]"]),
        (["nights", "rain"], ["{lead}\n[…]\n- {nights}\n- {rain}"]),
        (["mice", "rain"], ["{lead}\n- {mice}\n[…]", "{rain}"]),
    ],
    ids=["after", "both", "before", "two-first", "two-between", "two-last", "two-apart"],
)
def test_of_a_list_of_which_some_items_are_quoted_a_sign_stands_for_the_others(ask_owls, words, expected):
    filled = [text.format(lead="The owls want:", **ITEMS) for text in expected]
    assert ask_owls(f"The owls want:\n\n{LIST}", *words) == [("Owls", text) for text in filled]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("The owls want:\n\n- mice\n- trees", ["mice"], "The owls want:\n\n- mice\n- trees"),
        ("The owls want mice. The foxes want trees.", ["mice"], "The owls want mice. The foxes want trees."),
        (LIST, ["trees"], ITEMS["trees"]),
    ],
    ids=["whole-list", "paragraph", "item-without-a-lead"],
)
def test_no_sign_stands_where_nothing_is_left_out_of_a_list_or_its_lead_is_not_quoted(ask_owls, text, words, expected):
    assert ask_owls(text, *words) == [("Owls", expected)]


def test_no_sign_stands_where_all_items_of_a_long_list_are_quoted(ask_owls, monkeypatch):
    monkeypatch.setitem(FORMS, "fact", Form(words=200, documents=1, per_document=2, enough=2.0, floor=0.0))
    items = "\n".join(f"- {word} {sentence(70)}" for word in ("mice", "trees"))
    assert ask_owls(f"The owls want:\n\n{items}", "mice", "trees") == [("Owls", f"The owls want:\n{items}")]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (f"## Wishes\n\n{LIST}", ["trees"], ("Owls", ITEMS["trees"])),
        (f"The owls want:\n\n{LIST.title()}", ["trees"], ("Owls", ITEMS["trees"].title())),
        (
            f"## Wishes\n\n{LIST}",
            ["mice", "trees"],
            ("Owls – Wishes", f"- {ITEMS['mice']}\n- {ITEMS['trees']}"),
        ),
        ("## Wishes\n\n- mice\n- trees", ["mice"], ("Owls – Wishes", "- mice\n- trees")),
        ("- mice\n- trees", ["mice"], ("Owls", "- mice\n- trees")),
        ("## Wishes\n\nMuch:\n\n- mice\n- trees", ["mice"], ("Owls", "Much:\n\n- mice\n- trees")),
        ("## A\n\n### B\n\n- mice\n- trees", ["mice"], ("Owls – B", "- mice\n- trees")),
    ],
    ids=[
        "one-item",
        "led-one-that-begins-anew",
        "two-items",
        "list",
        "under-the-title",
        "with-its-lead",
        "the-nearest-section",
    ],
)
def test_items_without_a_lead_stand_under_their_section_and_one_alone_without_its_mark(ask_owls, text, words, expected):
    assert ask_owls(text, *words) == [expected]
