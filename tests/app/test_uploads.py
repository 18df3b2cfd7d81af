"""Files that a maintainer adds: staged by hash, read before they are published, published as they were read."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import replace
from hashlib import sha256

import pytest

from app import uploads
from app.upload_fields import fields_of, metadata_of
from ingest.service import Workshop, remove
from kb.errors import DataFolderError, DiskFullError, DocumentError, LockedError
from kb.records import no_progress
from kb.settings import Settings, load_settings
from kb.store.lock import writer_lock
from tests.app.documents import FERRY, pdf_of_a_plan
from tests.ingest.pdfs import pdf
from tests.stored import live

pytestmark = pytest.mark.usefixtures("quick_publish")


@pytest.fixture
def shop(small_data, embedder):
    return Workshop(small_data, embedder, lock_seconds=0)


def sent(shop, name, content):
    return uploads.stage(shop.data, "visit", name, content)


def read(shop, name, content):
    return uploads.preview(shop, sent(shop, name, content), uploads.known_files(shop.data))


def publish(shop, found, options):
    return uploads.publish(shop, [(found, options)])[0]


def left(shop):
    return sorted(path.name for path in (shop.data / uploads.FOLDER).rglob("*") if path.is_file())


def holding(shop, word):
    return [path for path in shop.data.rglob("*") if path.is_file() and word in path.read_bytes()]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\plan.pdf", "plan.pdf"),
        ("a\nb\u202egnp.pdf", "a b gnp.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("", "?"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(name, shown):
    assert uploads.shown_name(name) == shown


@pytest.mark.parametrize(("name", "suffix"), [("../../a.PDF", ".pdf"), ("a.exe", ""), ("..", ""), ("a.doc", ".doc")])
def test_a_file_is_stored_by_its_hash_for_this_user_alone(shop, name, suffix):
    staged = sent(shop, name, b"text")
    assert staged.file == shop.data / "uploads" / "visit" / (sha256(b"text").hexdigest() + suffix)
    assert staged.file.read_bytes() == b"text"
    assert stat.S_IMODE(staged.file.parent.stat().st_mode) == 0o700


def test_what_lies_there_for_more_than_a_day_is_deleted(shop):
    old = sent(shop, "old.txt", b"old")
    new = uploads.stage(shop.data, "another", "new.txt", b"new")
    yesterday = time.time() - uploads.KEPT_SECONDS - 60
    os.utime(old.file.parent, (yesterday, yesterday))
    uploads.sweep(shop.data)
    assert (old.file.parent.exists(), new.file.exists()) == (False, True)


def test_a_visit_that_has_nothing_left_has_no_folder(shop):
    first, second = sent(shop, "a.txt", b"a"), sent(shop, "b.txt", b"b")
    uploads.discard(first)
    assert second.file.exists()
    uploads.discard(second)
    assert not second.file.parent.exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), DiskFullError),
        (PermissionError(13, "Permission denied"), DataFolderError),
    ],
)
def test_a_folder_that_takes_nothing_is_told_of(shop, monkeypatch, error, told):
    def fails(*_):
        raise error

    monkeypatch.setattr("pathlib.Path.write_bytes", fails)
    with pytest.raises(told):
        sent(shop, "a.txt", b"a")


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        ("plan.pdf", pdf_of_a_plan(), "ok"),
        ("empty.pdf", b"", "empty"),
        ("broken.pdf", b"%PDF-1.4 nothing here", "malformed"),
        ("locked.pdf", pdf(["A secret plan for the ferry."], password="x"), "encrypted"),
        ("scan.pdf", pdf([]), "no-text"),
        ("program.exe", b"MZ\x90\x00", "unsupported"),
        ("bad.md", b"---\ncolour: red\n---\n# A title\n\nText.\n", "document"),
    ],
)
def test_each_file_has_one_verdict(shop, name, content, verdict):
    found = read(shop, name, content)
    assert found.verdict == verdict
    if isinstance(found, uploads.Refused) and verdict != "empty":
        assert name in found.message
        assert found.staged.sha256 not in found.message


def test_a_file_that_is_too_big_is_refused(shop):
    small = replace(shop, limits=replace(shop.limits, max_bytes=10))
    assert read(small, "long.txt", b"a text of more than ten bytes").verdict == "too-big"


def test_what_is_previewed_is_what_is_published(shop):
    found = read(shop, "plan.pdf", pdf_of_a_plan())
    outcome = publish(shop, found, {})
    stored = live(shop.data)["plan", "en"].document
    assert (outcome.what, outcome.document_id, outcome.path) == ("added", "plan", "plan.pdf")
    assert stored == found.document
    assert all(stored.text[chunk.start : chunk.end] == chunk.text for chunk in found.chunks)
    assert left(shop) == []


def test_nothing_is_published_by_a_preview(shop):
    before = set(live(shop.data))
    read(shop, "plan.pdf", pdf_of_a_plan())
    assert set(live(shop.data)) == before


def said(found, **changed):
    return metadata_of(fields_of(found.document) | changed, found.document)


def test_what_stands_in_the_form_is_no_guess_once_it_is_published(shop):
    found = read(shop, "plan.pdf", pdf_of_a_plan())
    assert found.document.guessed == ("title", "language", "year")
    publish(shop, found, said(found, year="2020", country="DK", sectors=["home-care"]))
    stored = live(shop.data)["plan", "en"].document
    assert (stored.title, stored.year, stored.country, stored.sectors) == (
        "Trust plan for Vandby",
        2020,
        "DK",
        ("home-care",),
    )
    assert stored.guessed == ()


def test_a_year_that_was_guessed_and_emptied_is_not_known(shop):
    found = read(shop, "plan.pdf", pdf_of_a_plan())
    assert found.document.year == 2021
    publish(shop, found, said(found, year=""))
    assert (live(shop.data)["plan", "en"].document.year, live(shop.data)["plan", "en"].document.guessed) == (None, ())


def test_a_title_that_only_the_name_tells_is_kept(shop):
    found = read(shop, "Ferry_plan.txt", (f"{FERRY} " * 20).encode())
    assert found.document.title == "Ferry plan"
    publish(shop, found, said(found))
    assert live(shop.data)["ferry-plan", "en"].document.title == "Ferry plan"


def test_what_is_said_of_a_document_can_be_changed_afterwards(shop, small_kb):
    publish(shop, found := read(shop, "plan.pdf", pdf_of_a_plan()), said(found))
    before = live(shop.data)["plan", "en"]
    fields = fields_of(before.document) | {"title": "Ours", "year": "våren 2022", "language": "nb", "kind": "report"}
    assert uploads.change(shop, before.document, fields).what == "changed"
    after = live(shop.data)["plan", "nb"]
    changed = {"title": "Ours", "year": 2022, "language": "nb", "kind": "report"}
    assert after.document == replace(before.document, **changed)
    assert (("plan", "en") in live(shop.data), after.original, after.path) == (False, before.original, before.path)
    assert [(entry.title, entry.language) for entry in uploads.own_documents(small_kb)] == [("Ours", "nb")]


def test_only_a_document_of_which_there_is_a_file_elsewhere_is_told_of(shop, tmp_path):
    from ingest.intake import ingest

    publish(shop, read(shop, "plan.pdf", pdf_of_a_plan()), {})
    (tmp_path / "note.txt").write_text(FERRY)
    ingest(shop, [tmp_path / "note.txt"])
    assert uploads.taken_from(shop.data, "note") == tmp_path / "note.txt"
    assert [uploads.taken_from(shop.data, name) for name in ("plan", "int-nl-buurtzorg", "nothing")] == [None] * 3


def test_the_same_file_is_not_taken_in_twice(shop):
    first, second = read(shop, "plan.pdf", pdf_of_a_plan()), read(shop, "copy.pdf", pdf_of_a_plan())
    assert publish(shop, first, {}).what == "added"
    again = read(shop, "third.pdf", pdf_of_a_plan())
    assert (again.verdict, again.message) == ("duplicate", "plan")
    assert (publish(shop, second, {}).what, len(live(shop.data))) == ("duplicate", 25)


def test_another_file_of_the_same_name_has_another_id(shop):
    publish(shop, read(shop, "plan.pdf", pdf_of_a_plan()), {})
    second = publish(shop, read(shop, "plan.txt", FERRY.encode()), {})
    assert (second.what, second.document_id) == ("added", "plan-2")


def test_several_files_are_one_publication_each_with_what_was_said_of_it(shop, monkeypatch):
    published, publishing = [], Workshop.publish
    monkeypatch.setattr(Workshop, "publish", lambda *given, **more: published.append(publishing(*given, **more)))
    publish(shop, twin := read(shop, "plan.pdf", pdf_of_a_plan()), {})
    texts = {title: read(shop, "plan.txt", f"{FERRY} {title}".encode()) for title in ("Öland: a “plan”", "No 2")}
    chosen = [(found, {"title": title, "year": None, "sectors": ["home-care"]}) for title, found in texts.items()]
    found = uploads.publish(shop, [chosen[0], (twin, {}), chosen[1]])
    assert [(each.what, each.document_id, each.path) for each in found] == [
        ("added", "plan-2", "plan.txt"),
        ("duplicate", "plan", "plan.pdf"),
        ("added", "plan-3", "plan.txt"),
    ]
    stored = {name: live(shop.data)[name, "en"].document for name in ("plan-2", "plan-3")}
    assert [(each.title, each.sectors) for each in stored.values()] == [(title, ("home-care",)) for title in texts]
    assert (len(published), left(shop)) == (2, [])


def test_what_a_file_says_of_itself_gives_way_to_the_maintainer(shop):
    found = read(shop, "a.md", f"---\nid: ferry\ntitle: Its own\nyear: 2001\n---\n{FERRY}".encode())
    outcome = publish(shop, found, {"title": "Ours"})
    stored = live(shop.data)["ferry", "en"].document
    assert (outcome.document_id, stored.title, stored.year) == ("ferry", "Ours", 2001)


def test_a_second_writer_is_told_and_can_try_again(shop):
    found = read(shop, "plan.pdf", pdf_of_a_plan())
    with writer_lock(shop.data, 0), pytest.raises(LockedError, match="is writing to"):
        publish(shop, found, {})
    assert (publish(shop, found, {}).what, left(shop)) == ("added", [])


def test_a_staged_file_that_is_gone_is_told_of_by_its_name(shop):
    found = read(shop, "plan.pdf", pdf_of_a_plan())
    found.staged.file.unlink()
    with pytest.raises(DocumentError, match=r"no file or folder plan\.pdf"):
        publish(shop, found, {})


def test_a_removal_leaves_nothing(shop):
    publish(shop, read(shop, "plan.pdf", pdf_of_a_plan()), {})
    remove(shop, ["plan"])
    assert ("plan", "en") not in live(shop.data)
    assert not holding(shop, b"lighthouse")


def test_a_removal_beside_an_open_knowledge_base_leaves_nothing(small_kb):
    shop = uploads.workshop_of(load_settings(data=small_kb.data), small_kb, no_progress)
    publish(shop, read(shop, "plan.pdf", pdf_of_a_plan()), {})
    small_kb.search("What did the lighthouse keepers do?")
    assert holding(shop, b"lighthouse")
    _, erased = remove(shop, ["plan"])
    assert erased.left == ()
    assert not holding(shop, b"lighthouse")


def test_own_documents_stand_in_order_of_title(shop, small_kb):
    for name in ("b.txt", "A.txt"):
        publish(shop, read(shop, name, f"{FERRY} {name}".encode()), {"title": name})
    assert [entry.title for entry in uploads.own_documents(small_kb)] == ["A.txt", "b.txt"]


def test_the_workshop_keeps_to_the_settings(small_kb):
    settings = Settings(data=small_kb.data, file_mb=3, pdf_pages=4, lock_seconds=1)
    shop = uploads.workshop_of(settings, small_kb, no_progress)
    assert (shop.limits.max_bytes, shop.limits.max_pages, shop.lock_seconds) == (3_000_000, 4, 1)
    assert shop.embedder is small_kb.embedder
