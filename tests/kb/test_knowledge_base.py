"""The facade: what it opens, refuses, finds anew after a commit, and shares between threads."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.service import Workshop, build
from kb import fingerprint, knowledge_base
from kb.answering.ranking import weights_fingerprint
from kb.errors import CatalogueError, FilterError, IndexMissingError, ModelError, QuestionError
from kb.knowledge_base import KnowledgeBase, program_version
from kb.models.matching import Matching
from kb.records import Answer, Chunk
from kb.retrieval.weights import weights_for
from kb.settings import ANSWER_SETTINGS, load_settings
from kb.store.catalogue import FILE_NAME
from kb.vocabulary import LANGUAGES
from kb.words.glossary import Glossary, load_glossary
from tests.conftest import HashEmbedder
from tests.kb.library import reopened

BORNHOLM = "dk-bornholm-mowing-by-result"
GRASS = "How tall does the grass have to be on Bornholm before it must be cut?"
EMPTY = "The question is empty. Ask something, for instance: What is trust-based management?"


def test_nothing_is_opened_before_it_is_asked(tmp_path):
    kb = KnowledgeBase(load_settings(data=tmp_path / "nothing"))
    assert kb.data == tmp_path / "nothing"
    assert not kb.data.exists()


@pytest.mark.parametrize("call", ["search", "ask", "entries", "texts", "status", "document", "warm_up"])
def test_without_an_index_every_call_says_how_to_build_one(tmp_path, embedder, call):
    kb = KnowledgeBase(load_settings(data=tmp_path / "nothing"), embedder)
    arguments = {"search": ["trust"], "ask": ["trust"], "document": [BORNHOLM]}.get(call, [])
    with pytest.raises(IndexMissingError) as caught:
        getattr(kb, call)(*arguments)
    assert str(caught.value) == f"There is no index in {kb.data} yet. Build it with: tillit build"


@pytest.mark.parametrize("call", ["search", "ask"])
def test_an_index_of_another_model_is_refused_with_the_command_that_mends_it(small_data, call):
    kb = KnowledgeBase(load_settings(data=small_data), HashEmbedder("other"))
    with pytest.raises(ModelError) as caught:
        getattr(kb, call)(GRASS)
    assert str(caught.value) == (
        "The index was built with the model hash/64, but other/64 is set. Bring it up to date with: tillit build"
    )


def test_a_damaged_catalogue_is_told_of(small_data, embedder):
    for path in small_data.glob(f"{FILE_NAME}*"):
        path.unlink()
    (small_data / FILE_NAME).write_bytes(b"garbage" * 1000)
    with pytest.raises(CatalogueError) as caught:
        KnowledgeBase(load_settings(data=small_data), embedder).ask(GRASS)
    assert str(caught.value) == (
        f"The catalogue in {small_data} is damaged (file is not a database). Put back a copy of the folder, "
        "or move it away and build anew with: tillit build"
    )


@pytest.mark.parametrize(
    "question", ["", "   \n", "?", "… — !", "🫐"], ids=["empty", "blank", "sign", "signs", "emoji"]
)
@pytest.mark.parametrize("call", ["search", "ask"])
def test_an_empty_question_is_refused(small_kb, call, question):
    with pytest.raises(QuestionError) as caught:
        getattr(small_kb, call)(question)
    assert str(caught.value) == EMPTY


def test_no_question_at_all_is_an_empty_one(small_kb):
    with pytest.raises(QuestionError) as caught:
        small_kb.ask()
    assert str(caught.value) == EMPTY


@pytest.mark.parametrize("call", ["search", "ask"])
def test_a_question_that_is_too_long_is_refused(small_kb, call):
    with pytest.raises(QuestionError) as caught:
        getattr(small_kb, call)("trust " * 1666 + "trus")
    assert str(caught.value) == ("The question has 10,000 characters; 2,000 are allowed. Ask it in fewer words.")


def test_every_turn_of_a_conversation_is_checked(small_kb):
    with pytest.raises(QuestionError):
        small_kb.ask("?", GRASS)


@pytest.mark.parametrize("call", ["ask", "read"])
def test_without_a_turn_nothing_is_asked(small_kb, call):
    with pytest.raises(QuestionError) as caught:
        getattr(small_kb, call)()
    assert str(caught.value) == EMPTY


def test_what_is_read_is_what_the_answer_is_made_of(small_kb):
    reading, answer = small_kb.read(GRASS), small_kb.ask(GRASS)
    assert (reading.asked.text, reading.asked.language) == (GRASS, "en")
    assert (reading.support, reading.retrieved.passages) == (answer.support, answer.passages)
    assert reading.ranked[0].candidate.read.document.id == answer.sources[0].id == BORNHOLM


def test_of_a_conversation_the_last_turn_is_read_with_the_one_that_it_needs(small_kb):
    turns = ("What did Bornholm do with the lawns?", "And other tasks?")
    reading = small_kb.read(*turns, language="en")
    assert reading.asked.text == turns[1]
    assert [term.word for term in reading.wanted.of("en")] == ["Bornholm", "lawns", "tasks"]
    assert reading.features["follow-up"] == 1.0
    assert small_kb.read(turns[0]).features["follow-up"] == 0.0


def test_where_no_model_reads_the_question_words_alone_are_read(small_kb, monkeypatch):
    monkeypatch.setattr("kb.answering.reading.MATCHED", 0.0)
    reading = small_kb.read("Hvor højt skal græsset være på Bornholm?", language="da")
    assert (reading.retrieved.vector, reading.retrieved.best_cosine) == (None, None)
    assert reading.score("Græsset er 7 cm højt på Bornholm.") == pytest.approx(1.2)


def test_of_what_nothing_is_found_on_nothing_is_read(small_kb):
    reading = small_kb.read("zxqv flurb", language="da")
    assert (reading.reads, reading.ranked, reading.found) == ((), [], frozenset())
    assert (reading.features, reading.support) == ({}, 0.0)


def test_a_question_as_long_as_is_allowed_is_taken(small_kb):
    assert small_kb.ask(GRASS.ljust(3000)).status == "answered"
    long = "trust " * 1666 + "trus"
    assert reopened(small_kb, question_chars=10_000).ask(long).question == long


def test_a_filter_that_does_not_exist_is_refused(small_kb):
    for call in (small_kb.search, small_kb.ask):
        with pytest.raises(FilterError):
            call(GRASS, filters={"colour": "red"})


def test_a_language_that_is_given_is_not_detected(small_kb):
    assert {p.chunk.language for p in small_kb.search("Bornholm", language="sv")} == {"sv"}
    assert small_kb.ask("Bornholm", language="nb").language == "nb"


def test_a_turn_that_does_not_tell_its_language_takes_that_of_the_conversation(small_kb):
    assert small_kb.ask("Hur högt ska gräset vara på Bornholm?", "2016?").language == "sv"


@pytest.mark.parametrize(("language", "read_in"), [*zip(LANGUAGES, LANGUAGES, strict=True), (None, "en")])
def test_a_document_is_given_with_its_blocks_in_a_language(small_kb, language, read_in):
    found = small_kb.document(BORNHOLM, language)
    assert found is not None
    document, blocks = found
    assert (document.id, document.language, document.country) == (BORNHOLM, read_in, "DK")
    assert document.text[blocks[0].start : blocks[0].end] == document.title


@pytest.mark.parametrize(("document_id", "language"), [("no-such-document", None), (BORNHOLM, "fi")])
def test_what_is_not_there_is_none(small_kb, document_id, language):
    assert small_kb.document(document_id, language) is None


def test_entries_are_all_texts_by_id_and_language(small_kb):
    places = [(entry.id, entry.language) for entry in small_kb.entries()]
    assert places == sorted(places)
    assert len(places) == 24
    assert {entry.origin for entry in small_kb.entries()} == {"shipped"}


def test_the_status_says_what_there_is(small_kb):
    status = small_kb.status()
    assert status.texts == dict.fromkeys(LANGUAGES, 6)
    assert (status.documents, status.own_documents, status.model) == (6, 0, "hash/64")
    assert status.vectors * 4 == status.chunks
    assert (small_kb.data / "index" / str(status.generation)).is_dir()


def test_an_answer_bears_the_fingerprint_of_all_that_it_depends_on(small_kb):
    status = small_kb.status()
    chosen = {name: getattr(small_kb.settings, name) for name in ANSWER_SETTINGS}
    fitted = [weights_for("hash/64").fingerprint, weights_fingerprint(), Matching().id]
    data = [*fitted, load_glossary().fingerprint, ""]
    expected = fingerprint.answer_fingerprint(status.index, program_version(), {**chosen, "data": data})
    assert small_kb.ask(GRASS).fingerprint == status.answer == expected


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"passages": 10}, False),
        ({"max_words": 100}, False),
        ({"support": 0.9}, False),
        ({"support_by_words": 0.9}, False),
        ({"dense_weight": 0.1}, False),
        ({"dense_search": "exact"}, False),
        ({"search_languages": "da"}, False),
        ({"reranker": "someone/scorer"}, False),
        ({"reranked": 3}, False),
        ({"port": 9000, "question_chars": 100, "pdf_pages": 3}, True),
    ],
    ids=[
        "passages",
        "words",
        "support",
        "support-by-words",
        "weight",
        "search",
        "languages",
        "reranker",
        "reranked",
        "others",
    ],
)
def test_settings_that_change_answers_change_their_fingerprint(small_kb, changes, same):
    assert (reopened(small_kb, **changes).status().answer == small_kb.status().answer) == same


def test_other_weights_or_another_glossary_change_the_fingerprint(small_kb, monkeypatch):
    before = small_kb.status().answer
    with monkeypatch.context() as patch:
        patch.setattr(knowledge_base, "load_glossary", lambda: Glossary(()))
        other_glossary = small_kb.status().answer
    with monkeypatch.context() as patch:
        patch.setattr(knowledge_base, "weights_fingerprint", lambda: "0" * 64)
        other_answering = small_kb.status().answer
    monkeypatch.setattr(knowledge_base, "weights_for", lambda model: weights_for("any").with_dense(0.3))
    assert len({before, other_glossary, other_answering, small_kb.status().answer}) == 4


def test_what_is_searched_for_is_told_without_searching(small_kb):
    found = small_kb.understanding("How does Buurtzoorg work?")
    assert found.mended == (("Buurtzoorg", "buurtzorg"),)
    assert found.text == "How does buurtzorg work?"
    assert small_kb.ask("How does Buurtzoorg work?").mended == found.mended
    with pytest.raises(QuestionError):
        small_kb.understanding("?")


def change_documents(folder: Path) -> None:
    """Change one document in every language and take another away."""
    for language in LANGUAGES:
        path = folder / language / "case" / f"{BORNHOLM}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("7 cm", "9 cm"), encoding="utf-8")
        (folder / language / "case" / "int-nl-buurtzorg.md").unlink()


def test_what_is_committed_is_seen_by_the_next_call(small_kb, quick_publish, documents):
    before = small_kb.ask(GRASS)
    change_documents(documents)
    build(Workshop(small_kb.data, HashEmbedder()), documents)
    after = small_kb.ask(GRASS)
    assert "7 cm" in before.text
    assert "9 cm" in after.text
    assert after.fingerprint != before.fingerprint
    assert small_kb.status().texts == dict.fromkeys(LANGUAGES, 5)
    assert small_kb.document("int-nl-buurtzorg") is None


def test_the_same_documents_give_the_same_answers_however_they_came_there(
    small_kb, quick_publish, documents, small_documents
):
    """Chunks changed and put back lie in other rows of the index, which must not show."""
    entries = small_kb.entries()
    questions = [(q, e.language) for e in entries for q in small_kb.document(e.id, e.language)[0].questions]
    before = [comparable(small_kb.ask(question, language=language)) for question, language in questions]
    change_documents(documents)
    build(Workshop(small_kb.data, HashEmbedder()), documents)
    build(Workshop(small_kb.data, HashEmbedder()), small_documents)
    assert [comparable(small_kb.ask(question, language=language)) for question, language in questions] == before


def comparable(answer: Answer) -> tuple[Answer, list[tuple[Chunk, float, int]]]:
    """Return an answer without the keys of its passages, which are the catalogue's own."""
    passages = [(passage.chunk, passage.score, passage.rank) for passage in answer.passages]
    return replace(answer, passages=()), passages


def test_what_does_not_change_is_read_once(small_kb, monkeypatch):
    small_kb.ask(GRASS)

    def read_again(*_):
        pytest.fail("the snapshot was read again")

    monkeypatch.setattr(knowledge_base, "read_snapshot", read_again)
    small_kb.ask(GRASS)
    small_kb.search("trust")
    small_kb.entries()


@pytest.mark.slow
def test_threads_share_a_knowledge_base(small_kb):
    questions = [question for entry in small_kb.entries() for question in small_kb.document(entry.id)[0].questions[:2]]
    alone = [reopened(small_kb).ask(question) for question in questions]
    shared = reopened(small_kb)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shared.ask, questions)) == alone


def test_warming_up_loads_what_the_first_question_needs(small_kb, embedder):
    embedder.embedded.clear()
    small_kb.warm_up()
    assert len(embedder.embedded) == 1
    assert small_kb._snapshot is not None


def test_warming_up_does_not_depend_on_what_the_documents_are_called(small_kb):
    reopened(small_kb, question_chars=50).warm_up()


def test_a_question_of_broken_letters_is_asked_all_the_same(small_kb):
    assert small_kb.search("\udcff grass", language="en")
    composed, apart = "självstyre", "sja\u0308lvstyre"
    assert small_kb.search(apart, language="sv") == small_kb.search(composed, language="sv")


def test_a_folder_that_was_moved_opens_as_before(small_kb, tmp_path):
    answer = small_kb.ask(GRASS)
    shutil.move(small_kb.data, tmp_path / "a moved # folder ? 100 %")
    moved = KnowledgeBase(load_settings(data=tmp_path / "a moved # folder ? 100 %"), HashEmbedder())
    assert moved.ask(GRASS) == answer


def test_the_version_is_that_of_the_package_or_unknown(monkeypatch):
    monkeypatch.setattr(knowledge_base, "version", lambda name: f"1.2 of {name}")
    assert program_version() == "1.2 of tillit"

    def missing(name):
        raise knowledge_base.PackageNotFoundError(name)

    monkeypatch.setattr(knowledge_base, "version", missing)
    assert program_version() == "0+unknown"


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_knowledge_base_answers_from_the_document_that_was_asked_about(shipped_kb, shipped_groups, language):
    documents = [group[LANGUAGES.index(language)] for group in shipped_groups[::12]]
    first = [shipped_kb.ask(d.questions[1], language=language).passages[0].chunk.document_id for d in documents]
    right = sum(found == document.id for found, document in zip(first, documents, strict=True))
    assert right / len(documents) >= 0.75
