"""After an erasure no byte of a removed document is in the data folder, and all else is there."""

from __future__ import annotations

import gc
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from kb.store import journal
from kb.store.catalogue import FILE_NAME, read_state, reading
from kb.store.erase import Erased, pending
from tests.ingest.desk import originals, take_in, workshop
from tests.ingest.pdfs import pdf
from tests.kb.store.erasing import (
    FILE,
    HEADING,
    KEPT,
    TEXT,
    TITLE,
    Blurred,
    current,
    files_open_in,
    ids_of,
    index_in_this_process,
    knowledge_base,
    lets_go_of,
    question_in_this_process,
    reader_process,
    take_in_two,
    take_out,
    traces_of,
    whereabouts,
    write_note,
)
from tests.kb.store.writing import count, document, prepared, publish
from tests.stored import generations_in

pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two notes of the user's own."""
    take_in_two(tmp_path / "data", tmp_path / "notes")
    return tmp_path / "data"


@pytest.fixture
def gone(data):
    """What can be recognised of the note that will be removed."""
    return traces_of(data, FILE, TEXT, TITLE, HEADING, FILE)


@pytest.fixture
def stays(data):
    return traces_of(data, "harbour", KEPT)


# What is left ----------------------------------------------------------------------------------


def test_nothing_of_a_removed_document_is_left(data, gone, stays):
    before = whereabouts(gone.within(data))
    assert set(before) == {TEXT, TITLE, HEADING, FILE, "vectors"}
    assert {FILE_NAME, "chroma.sqlite3"} < before[TEXT]
    assert {FILE_NAME, "chroma.sqlite3", "vectors.npy"} <= before["vectors"]
    assert take_out(data, FILE) == Erased()
    assert gone.within(data) == {}
    assert whereabouts(stays.within(data))["vectors"] >= {FILE_NAME, "chroma.sqlite3", "vectors.npy"}
    assert len(generations_in(data)) == len(originals(data)) == 1
    assert not pending(data)


def test_removing_alone_leaves_it_in_many_places(data, gone):
    with workshop(data, Blurred()).writing() as connection:
        key = connection.execute("SELECT key FROM documents WHERE id = ?", (FILE,)).fetchone()[0]
        workshop(data, Blurred()).publish(connection, [key])
    left = whereabouts(gone.within(data))
    assert {FILE_NAME, "chroma.sqlite3"} < left[TEXT]
    assert {"vectors.npy", "chroma.sqlite3"} < left["vectors"]


def test_nothing_is_left_where_sqlite_does_not_overwrite_what_it_deletes(data, gone):
    assert take_out(data, FILE, overwrite=False) == Erased()
    assert gone.within(data) == {}


def test_the_other_document_is_found_and_quoted(data, plain_weights):
    take_out(data, FILE)
    kb = knowledge_base(data)
    assert {passage.chunk.document_id for passage in kb.search("harbour ferry", limit=50)} == {"harbour"}
    answer = kb.ask(f"When does the ferry sail, by the {KEPT}?")
    (citation, *_) = [c for statement in answer.statements for c in statement.citations]
    text = kb.document("harbour")[0].text
    assert text[citation.start : citation.end] == citation.quote == f"The ferry sails when the {KEPT} is over."


def test_what_the_document_said_before_it_was_changed_is_gone_too(data, tmp_path, gone):
    changed = write_note(tmp_path / "notes", FILE, "second", "second", "second")
    assert take_in(data, changed, embedder=Blurred())[0][0] == "changed"
    assert set(gone.within(data)) == {TEXT, TITLE, HEADING, FILE, "vectors"}
    assert take_out(data, FILE) == Erased()
    assert gone.within(data) == {}


def test_pages_as_the_file_gave_them_are_gone(data, tmp_path):
    pages = [[f"The {HEADING} of every page", "", f"The {TEXT} is told of on page {n} of ten.", str(n)] for n in (1, 2)]
    (tmp_path / f"{FILE}-1.pdf").write_bytes(pdf(*pages, title=TITLE))
    take_in(data, tmp_path / f"{FILE}-1.pdf", embedder=Blurred())
    assert count(data, "SELECT count(*) FROM source_pages") == 2
    gone = traces_of(data, f"{FILE}-1", TEXT, HEADING, TITLE, FILE)
    assert take_out(data, f"{FILE}-1", FILE) == Erased()
    assert gone.within(data) == {}


def test_the_last_document_can_be_erased(data, gone, stays):
    assert take_out(data, FILE, "harbour") == Erased()
    assert (gone.within(data), stays.within(data)) == ({}, {})
    assert ids_of(data) == set()


def test_what_failed_or_was_asked_for_beside_it_does_not_name_it(data, tmp_path, gone):
    notes, broken = tmp_path / "notes", tmp_path / "notes" / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nno more")
    outcomes = take_in(data, notes / f"{FILE}.md", broken, embedder=Blurred())
    assert [what for what, *_ in outcomes] == ["unchanged", "failed"]
    (notes / f"{FILE}.md").write_bytes(b"\x00\xff" * 300)
    take_in(data, notes / f"{FILE}.md", broken, embedder=Blurred())
    assert take_out(data, FILE) == Erased()
    assert gone.within(data) == {}
    with reading(data) as connection:
        (held,) = journal.quarantine(connection)
    assert (held.file, held.request["paths"]) == (str(broken), [str(broken)])


# Vectors ---------------------------------------------------------------------------------------


def test_a_paragraph_that_another_document_has_too_keeps_its_vector(data):
    publish(data, prepared(document("one")), prepared(document("two")), embedder=Blurred())
    take_out(data, "one")
    embedder = Blurred()
    publish(data, prepared(document("three")), embedder=embedder)
    assert embedder.embedded == []
    take_out(data, "two", "three")
    publish(data, prepared(document("four")), embedder=embedder)
    assert embedder.embedded == ["Ferry\nThe ferry sails to the island at dawn."]


def test_vectors_of_another_model_go_with_their_texts_alone(data):
    total = count(data, "SELECT count(*) FROM embeddings")
    publish(data, embedder=Blurred("other"))
    publish(data, embedder=Blurred())
    assert count(data, "SELECT count(*) FROM embeddings") == 2 * total
    take_out(data, FILE)
    left = [count(data, "SELECT count(*) FROM embeddings WHERE model = ?", f"{name}/64") for name in ("hash", "other")]
    assert left[0] == left[1] == count(data, "SELECT count(DISTINCT text_sha256) FROM embeddings") < total
    other = Blurred("other")
    publish(data, embedder=other)
    assert other.embedded == []


def test_what_a_quote_is_chosen_by_keeps_its_vector(data):
    take_out(data, FILE)
    embedder = Blurred()
    publish(data, embedder=embedder)
    assert embedder.embedded == []


# Readers ---------------------------------------------------------------------------------------

IN_A_QUESTION = ("a reader keeps old pages of the catalogue and the index before it",)


@pytest.mark.parametrize(
    "reader", [question_in_this_process, partial(reader_process, "question")], ids=["thread", "process"]
)
def test_a_reader_in_a_question_is_waited_for_but_not_for_long(data, gone, reader):
    with reader(data):
        begun = time.monotonic()
        erased = take_out(data, FILE)
        assert time.monotonic() - begun < 30
        assert erased.left == IN_A_QUESTION
        assert pending(data)
        assert len(generations_in(data)) == 2
        assert ids_of(data) == {"harbour"}
    assert take_out(data) == Erased()
    assert gone.within(data) == {}
    assert not pending(data)


@pytest.mark.parametrize("reader", [index_in_this_process, partial(reader_process, "index")], ids=["thread", "process"])
def test_an_index_that_is_held_stays_and_goes_with_the_next_writer(data, gone, reader):
    name = current(data).folder.name
    with reader(data):
        erased = take_out(data, FILE)
        assert erased.left == (f"a running Tillit uses index/{name} until its next question",)
        assert {file.split("/")[1] for files in gone.within(data).values() for file in files} == {name}
        publish(data, prepared(document()), embedder=Blurred())
        publish(data, prepared(document("bus", "The bus leaves.")), embedder=Blurred())
        assert name in generations_in(data)
        assert pending(data)
    publish(data, embedder=Blurred())
    assert name not in generations_in(data)
    assert gone.within(data) == {}
    assert take_out(data) == Erased()
    assert not pending(data)


def test_a_reader_that_goes_meanwhile_is_waited_for(data, gone):
    begun, leave = threading.Event(), threading.Event()

    def read() -> None:
        with question_in_this_process(data):
            begun.set()
            leave.wait(30)

    reader = threading.Thread(target=read)
    reader.start()
    begun.wait(30)
    threading.Timer(0.5, leave.set).start()
    assert take_out(data, FILE, wait=30) == Erased()
    reader.join()
    assert gone.within(data) == {}


def test_a_reader_in_a_question_goes_on_seeing_what_it_saw(data):
    with reading(data) as connection:
        state = read_state(connection)
        take_out(data, FILE)
        assert read_state(connection) == state
        texts = dict(connection.execute("SELECT id, text FROM documents"))
        assert TEXT in texts[FILE]
        words = connection.execute("SELECT count(*) FROM terms_en WHERE terms_en MATCH ?", (f"exact : {TEXT}",))
        assert words.fetchone()[0]
        assert len(current(data).keys) < len(np.load(data / "index" / state.generation / "keys.npy"))


@pytest.mark.parametrize("search", ["exact", "chroma"])
def test_a_running_knowledge_base_lets_go_of_the_old_index_at_its_next_question(data, plain_weights, search):
    kb = knowledge_base(data, dense_search=search)
    old = current(data).folder
    kb.ask(f"When does the ferry sail, by the {TEXT}?")
    gc.disable()
    try:
        assert "manifest.json" in files_open_in(old)
        assert old.name in take_out(data, FILE).left[0]
        kb.ask("When does the ferry sail?")
        assert lets_go_of(old)
        assert str(old) not in Path("/proc/self/maps").read_text()
        assert take_out(data) == Erased()
    finally:
        gc.enable()
    assert generations_in(data) == {current(data).folder.name}
    assert kb.search("harbour")[0].chunk.document_id == "harbour"
