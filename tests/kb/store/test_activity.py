"""What visitors left behind, beside the catalogue: the doctor, removals, backups and restores."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.service import remove
from kb.activity import store as activity
from kb.activity.file import ASIDE, FILE_NAME
from kb.activity.records import Feedback, Refused
from kb.store import erase
from kb.store.backup import back_up
from kb.store.doctor import is_well
from tests.ingest.desk import workshop
from tests.kb.store.damaging import examined, faults, mend, notes, searched, taken_back

pytestmark = pytest.mark.usefixtures("quick_publish")

CITED = ("ferry", "dk-elder-care-reform-2024")
DOWN = Feedback("down", ("When does it sail?",), "en", "fact", "answered", CITED, "abc", "1")
NO_DATABASE = b"no database" * 1000


@pytest.fixture
def used(store: Path) -> Path:
    """A data folder in which feedback and a refused question were kept."""
    activity.keep(store, DOWN, 90)
    activity.keep(store, Refused("How many zebras?", "en", "no-match"), 90)
    return store


def kept(data: Path) -> set[object]:
    return {entry.what for entry in activity.entries(data, 90)}


def lines(data: Path) -> list[tuple[str, str, str]]:
    return [(f.verdict, f.message, f.advice) for f in examined(data) if f.check == "activity"]


def test_the_doctor_says_nothing_of_what_is_not_there(store):
    assert lines(store) == []


def test_the_doctor_tells_how_much_was_kept(used):
    assert lines(used) == [("ok", "whole, 2 entries", "")]


def test_the_doctor_tells_of_a_damaged_file_which_a_repair_sets_aside(used):
    (used / FILE_NAME).write_bytes(NO_DATABASE)
    before = searched(used)
    told = f"{FILE_NAME} is damaged (file is not a database)"
    assert faults(used) == [("activity", told, "Mend it with: tillit doctor --repair")]
    assert mend(used) == [f"{FILE_NAME} was damaged and lies in {used / ASIDE} now"]
    assert (used / ASIDE).read_bytes() == NO_DATABASE
    assert notes(used) == [("activity", f"{ASIDE} is what a repair set aside")]
    assert (is_well(examined(used)), searched(used), mend(used)) == (True, before, [])


def test_the_doctor_tells_of_a_newer_file_which_a_repair_leaves_alone(used):
    with closing(sqlite3.connect(used / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 2")
    told = f"{used / FILE_NAME} was written by a newer Tillit. Upgrade Tillit to open it"
    assert lines(used) == [("wrong", told, "")]
    assert mend(used) == []
    assert lines(used) == [("wrong", told, "")]


def test_the_doctor_tells_of_days_to_come(used):
    activity.keep(used, DOWN, 90, activity.utc_today() + timedelta(days=2))
    told = "1 entry is of days to come, and no retention ends for them"
    assert lines(used) == [("note", told, "Set the clock, or erase them: tillit activity export, erase")]


# Removing --------------------------------------------------------------------------------------


def test_feedback_does_not_name_a_document_that_was_removed(used):
    remove(workshop(used), ["ferry"])
    assert {what.documents for what in kept(used) if isinstance(what, Feedback)} == {CITED[1:]}
    assert len(kept(used)) == 2


def test_a_removal_beside_a_damaged_file_is_done_and_tells_of_it_until_that_is_set_aside(used):
    (used / FILE_NAME).write_bytes(NO_DATABASE)
    outcomes, erased = remove(workshop(used), ["ferry"])
    assert [outcome.document_id for outcome in outcomes] == ["ferry"]
    path = used / FILE_NAME
    assert erased.left == (
        f"feedback may still name it ({path} is damaged (file is not a database). "
        "Set it aside with: tillit doctor --repair)",
    )
    assert erase.pending(used)
    assert mend(used)[-1] == "what was removed is erased from the disk now"


# Backups ---------------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "tillit.zip"


def test_a_backup_holds_it_only_where_asked_for(used, bundle):
    back_up(used, bundle, "1")
    with zipfile.ZipFile(bundle) as file:
        assert FILE_NAME not in file.namelist()
    back_up(used, bundle, "1", force=True, activity=True)
    with zipfile.ZipFile(bundle) as file:
        assert FILE_NAME in file.namelist()


def test_what_is_restored_from_a_backup_with_it_is_readable_by_its_owner_alone(used, bundle, tmp_path):
    back_up(used, bundle, "1", activity=True)
    umask = os.umask(0o022)
    try:
        taken_back(bundle, tmp_path / "new")
    finally:
        os.umask(umask)
    assert (tmp_path / "new" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert kept(tmp_path / "new") == kept(used)


def test_a_restore_leaves_what_visitors_left_behind_in_the_folder(used, bundle):
    before = kept(used)
    back_up(used, bundle, "1")
    restored = taken_back(bundle, used)
    assert kept(used) == before
    assert not (restored.kept / FILE_NAME).exists()
    assert lines(used) == [("ok", "whole, 2 entries", "")]


def test_a_backup_with_its_own_takes_its_place(used, bundle):
    before = kept(used)
    back_up(used, bundle, "1", activity=True)
    activity.erase(used)
    activity.keep(used, Refused("And how many lions?", "en", "no-match"), 90)
    restored = taken_back(bundle, used)
    assert kept(used) == before
    assert {what.question for what in kept(restored.kept)} == {"And how many lions?"}


def test_a_damaged_file_does_not_keep_a_backup_from_being_made_or_restored(used, bundle):
    (used / FILE_NAME).write_bytes(NO_DATABASE)
    back_up(used, bundle, "1")
    taken_back(bundle, used)
    assert (used / FILE_NAME).read_bytes() == NO_DATABASE
