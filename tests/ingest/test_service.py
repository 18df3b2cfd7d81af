"""Build, ingest and remove: what changes, what stays, and what becomes of each file."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from ingest import intake, originals
from ingest.child import Limits
from ingest.intake import ingest
from ingest.service import Outcome
from kb.errors import DataFolderError
from kb.shipped import sha256_of
from kb.store.catalogue import reading
from tests.conftest import HashEmbedder
from tests.ingest.desk import (
    LINES,
    chunk_texts,
    first_found,
    knowledge_base,
    take_in,
    workshop,
)
from tests.ingest.pdfs import pdf
from tests.stored import Turned, generations_in, live, own, state_of, write

pytestmark = pytest.mark.usefixtures("quick_publish")


# Ingesting -------------------------------------------------------------------------------------


def test_files_are_taken_in_changed_skipped_and_kept_when_they_vanish(data, notes):
    write(notes, "a.md", "b.txt", "deep/c.md")
    assert take_in(data, notes) == [("added", "a", "a.md"), ("added", "b", "b.txt"), ("added", "deep-c", "deep/c.md")]
    state = state_of(data)
    assert take_in(data, notes) == [
        *(("unchanged", "a", "a.md"), ("unchanged", "b", "b.txt"), ("unchanged", "deep-c", "deep/c.md"))
    ]
    assert state_of(data) == state
    write(notes, "a.md", text="The bus leaves for the town at noon.")
    (notes / "b.txt").unlink()
    assert take_in(data, notes) == [
        ("changed", "a", "a.md"),
        ("unchanged", "deep-c", "deep/c.md"),
        ("vanished", "b", "b.txt"),
    ]
    assert set(own(data)) == {"a", "b", "deep-c"}
    assert first_found(data, "bus town noon") == "a"
    assert take_in(data, notes, prune=True) == [
        *(("unchanged", "a", "a.md"), ("unchanged", "deep-c", "deep/c.md"), ("removed", "b", "b.txt"))
    ]
    assert set(own(data)) == {"a", "deep-c"}


def test_files_are_taken_in_over_the_shipped_documents(small_data, notes):
    write(notes, "ferry.md")
    before = live(small_data)
    take_in(small_data, notes)
    assert {key: stored for key, stored in live(small_data).items() if key != ("ferry", "en")} == before
    assert knowledge_base(small_data).status().own_documents == 1
    assert first_found(small_data, "ferry island dawn") == "ferry"


def test_a_file_that_fails_leaves_its_stored_version(data, notes):
    write(notes, "a.md", "b.md")
    take_in(data, notes)
    before = own(data)
    write(notes, "a.md", text="---\ncolour: red\n---\nChanged.\n")
    write(notes, "b.md", text="Changed, and this one can be read.")
    outcomes = ingest(workshop(data), [notes])
    assert [(o.what, o.document_id, o.verdict) for o in outcomes] == [
        ("failed", "a", "document"),
        ("changed", "b", "ok"),
    ]
    assert outcomes[0].message == (
        f"The metadata of {notes}/a.md cannot be used: 'colour' is not a key that is known here."
    )
    assert own(data)["a"] == before["a"]
    assert own(data)["b"].document.text == "Changed, and this one can be read."


def test_a_run_in_which_all_files_fail_changes_nothing(data, notes):
    write(notes, "a.md")
    take_in(data, notes)
    state, generations = state_of(data), generations_in(data)
    write(notes, "a.md", text=" ")
    assert take_in(data, notes) == [("failed", "a", "a.md")]
    assert (state_of(data), generations_in(data)) == (state, generations)


def test_a_broken_pdf_among_good_files_is_one_failure(data, notes):
    write(notes, "a.md")
    (notes / "b.pdf").write_bytes(b"%PDF-1.7\nand then nothing")
    (notes / "c.pdf").write_bytes(pdf(LINES, title="The ferry"))
    outcomes = ingest(workshop(data), [notes])
    assert [(o.what, o.document_id, o.verdict) for o in outcomes] == [
        *(("added", "a", "ok"), ("failed", "b", "malformed"), ("added", "c", "ok"))
    ]
    assert outcomes[1].message == (
        "b.pdf cannot be added: the file is damaged or is not what its name says; open it, save it anew and add the "
        "new file."
    )
    stored = own(data)["c"].document
    assert (stored.title, [page.number for page in stored.pages]) == ("The ferry", [1])
    assert first_found(data, "mail milk children school") == "c"


def test_pages_that_cannot_be_read_are_named(data, notes, monkeypatch):
    write(notes, "a.md")
    extract = intake.extract

    def partly(path: Path, limits: Limits):
        from dataclasses import replace

        return replace(
            extract(path, limits), verdict="partial", pages=(LINES[0], "", LINES[1], "x", ""), failed_pages=(2, 5)
        )

    monkeypatch.setattr(intake, "extract", partly)
    assert ingest(workshop(data), [notes]) == [
        Outcome("added", "a", "a.md", "pages that could not be read (page 2, 5)", "partial")
    ]


def test_the_limits_are_those_of_the_workshop(data, notes):
    write(notes, "a.md")
    (outcome,) = ingest(workshop(data, limits=Limits(max_bytes=10)), [notes])
    assert (outcome.what, outcome.verdict) == ("failed", "too-big")


def test_a_file_given_twice_is_taken_in_once(data, notes):
    write(notes, "a.md")
    assert take_in(data, notes / "a.md", notes, notes / "a.md") == [("added", "a", "a.md")]
    assert take_in(data, notes, notes) == [("unchanged", "a", "a.md")]


def test_thirty_files_are_one_change(data, notes):
    for number in range(30):
        write(notes, f"note-{number:02}.md", text=f"# Note {number}\n\nThe ferry number{number:02} sails at dawn.\n")
    told: list[tuple[str, int, int]] = []
    outcomes = ingest(workshop(data, progress=lambda *args: told.append(args)), [notes])
    assert Counter(outcome.what for outcome in outcomes) == {"added": 30}
    assert generations_in(data) == {state_of(data).generation}
    assert [(done, total) for stage, done, total in told if stage == "files"] == [(n, 30) for n in range(31)]
    kb = knowledge_base(data)
    assert [kb.search(f"number{n:02}")[0].chunk.document_id for n in range(30)] == [f"note-{n:02}" for n in range(30)]


def test_a_change_of_options_or_sidecar_is_a_change(data, notes):
    write(notes, "a.md")
    take_in(data, notes)
    assert take_in(data, notes, options={"year": 2020}) == [("changed", "a", "a.md")]
    assert own(data)["a"].document.year == 2020
    assert take_in(data, notes, options={"year": 2020}) == [("unchanged", "a", "a.md")]
    write(notes, "a.md.yaml", text="year: 2021")
    assert take_in(data, notes) == [("changed", "a", "a.md")]
    assert own(data)["a"].document.year == 2021


def test_a_document_that_changes_its_language_stands_in_the_new_one_only(data, notes):
    write(notes, "a.md")
    take_in(data, notes, options={"language": "en"})
    assert take_in(data, notes, options={"language": "sv"}) == [("changed", "a", "a.md")]
    assert set(live(data)) == {("a", "sv")}


def test_files_are_read_again_when_the_reader_changed(data, notes, monkeypatch):
    write(notes, "a.md")
    take_in(data, notes)
    monkeypatch.setattr(intake, "READER_VERSION", "next")
    embedder = HashEmbedder()
    assert take_in(data, notes, embedder=embedder) == [("changed", "a", "a.md")]
    assert embedder.embedded == []


def test_ingesting_does_not_build_what_is_shipped(data, notes):
    write(notes, "a.md")
    take_in(data, notes)
    assert set(live(data)) == {("a", "en")}
    assert first_found(data, "ferry island") == "a"


def test_an_ingest_with_another_model_embeds_everything_anew(small_data, notes):
    write(notes, "ferry.md")
    with reading(small_data) as catalogue:
        before = {sha for (sha,) in catalogue.execute("SELECT text_sha256 FROM embeddings")}
    other = Turned()
    take_in(small_data, notes, embedder=other)
    embedded = {sha256_of(text) for text in other.embedded}
    assert before < embedded
    assert any("ferry sails" in text for text in other.embedded if sha256_of(text) not in before)


def test_a_document_of_headings_only_can_be_taken_in(data, notes):
    write(notes, "a.md", text="# Title\n\n## Part\n")
    assert take_in(data, notes) == [("added", "a", "a.md")]
    assert chunk_texts(data, "a") == ["Part"]


def test_a_file_whose_name_is_no_utf8_is_taken_in(data, notes):
    write(notes, os.fsdecode(b"caf\xe9.md"))
    assert take_in(data, notes) == [("added", "caf", "caf\ufffd.md")]
    assert take_in(data, notes) == [("unchanged", "caf", "caf\ufffd.md")]
    notes.rename(notes.with_name(os.fsdecode(b"m\xf8te")))
    assert take_in(data, notes.with_name(os.fsdecode(b"m\xf8te"))) == [("unchanged", "caf", "caf\ufffd.md")]


def test_a_full_disk_stops_the_run_and_loses_nothing(data, notes, monkeypatch):
    write(notes, "a.md")
    take_in(data, notes)
    before = (state_of(data), own(data))
    write(notes, "b.md", text="The bus leaves.")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(originals, "_copy", full)
        with pytest.raises(DataFolderError) as caught:
            take_in(data, notes)
    assert str(caught.value) == f"The disk that holds {data} is full. Free some space and try again; nothing was lost."
    assert (state_of(data), own(data)) == before
    assert take_in(data, notes) == [("unchanged", "a", "a.md"), ("added", "b", "b.md")]
