"""What visitors leave behind is kept, listed, erased, and forgotten when its time is over."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kb.activity import store
from kb.activity.file import ASIDE, FILE_NAME
from kb.activity.records import LONGEST_WORD, Feedback, Refused
from kb.errors import ActivityError

TODAY = date(2026, 3, 31)
UP = Feedback(
    "up", ("Who?", "And how?"), "en", "fact", "answered", ("dk-ferry", "own-note"), "f1ngerprint", "1.2", "Zebrawood!"
)
SHIPS = Refused("Hvor mange skibe?", "da", "thin-support")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def kept(data: Path, days: int = 90, today: date = TODAY) -> list[object]:
    return [entry.what for entry in store.entries(data, days, today)]


def leave(data: Path, *ages: int) -> None:
    """Keep a refused question for each age in days, before anything of it is too old."""
    for age in sorted(ages, reverse=True):
        store.keep(data, Refused(f"of {age} days", "en", "no-match"), 10_000, TODAY - timedelta(days=age))


def everything(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data.iterdir())


def test_what_is_kept_is_listed_with_its_day_and_an_id(data):
    number = store.keep(data, UP, 90, TODAY)
    other = store.keep(data, SHIPS, 90, TODAY + timedelta(days=1))
    found = store.entries(data, 90, TODAY + timedelta(days=1))
    assert [(e.id, e.day, e.kind, e.what) for e in found] == [
        (number, "2026-03-31", "feedback", UP),
        (other, "2026-04-01", "refused", SHIPS),
    ]


def test_beyond_a_number_no_more_is_kept_until_some_is_erased_or_old(data, monkeypatch):
    monkeypatch.setattr(store, "MOST_ENTRIES", 3)
    leave(data, 90, 30, 0)
    with pytest.raises(ActivityError) as refused:
        store.keep(data, UP, 90, TODAY)
    assert str(refused.value) == (
        f"{data / FILE_NAME} holds 3 entries, and no more are kept. Take them along with "
        "`tillit activity export`, then make room with `tillit activity erase`."
    )
    assert len(kept(data)) == 3
    store.keep(data, UP, 90, TODAY + timedelta(days=1))
    assert [entry.what for entry in store.entries(data, 90, TODAY)][-1] == UP
    store.erase(data)
    store.keep(data, UP, 90, TODAY)
    assert kept(data) == [UP]


def test_where_nothing_was_kept_nothing_is_listed_and_no_file_is_made(data):
    assert store.entries(data, 90) == []
    assert (store.purge(data, 90), store.erase(data), store.damage(data)) == (0, 0, None)
    store.forget_documents(data, ())
    with pytest.raises(ActivityError):
        store.erase_one(data, 7)
    assert list(data.iterdir()) == []


def test_the_day_is_that_of_utc(data):
    store.keep(data, UP, 90)
    (entry,) = store.entries(data, 90)
    assert entry.day in {(datetime.now(UTC) - timedelta(hours=hours)).date().isoformat() for hours in (0, 1)}


def test_ids_do_not_tell_what_was_sent_after_what(data, monkeypatch):
    drawn = iter([5, 5, 3])
    monkeypatch.setattr("secrets.randbelow", lambda below: next(drawn))
    first = store.keep(data, UP, 90, TODAY)
    assert first - store.keep(data, SHIPS, 90, TODAY) == 2
    assert kept(data) == [SHIPS, UP]


# Retention -------------------------------------------------------------------------------------


def test_what_is_older_than_the_retention_is_erased_by_a_purge(data):
    leave(data, 91, 90, 89, 0)
    assert [what.question for what in kept(data)] == ["of 90 days", "of 89 days", "of 0 days"]
    assert store.purge(data, 90, TODAY) == 1
    assert len(kept(data, 10_000)) == 3
    assert b"of 91 days" not in everything(data)
    assert store.purge(data, 90, TODAY) == 0


def test_what_is_older_than_the_retention_is_erased_by_a_write(data):
    leave(data, 91, 90)
    store.keep(data, SHIPS, 90, TODAY)
    assert [what.question for what in kept(data, 10_000)] == ["of 90 days", "Hvor mange skibe?"]
    assert b"of 91 days" not in everything(data)


@pytest.mark.parametrize("back", [1, 100, 20_000])
def test_a_clock_that_goes_back_erases_nothing_nor_does_its_being_put_right(data, back):
    leave(data, 89, 0)
    wrong = TODAY - timedelta(days=back)
    assert store.purge(data, 90, wrong) == 0
    store.keep(data, SHIPS, 90, wrong)
    assert {what.question for what in kept(data, 90, wrong)} == {"of 89 days", "of 0 days", SHIPS.question}
    store.purge(data, 90, TODAY)
    assert {"of 89 days", "of 0 days"} <= {what.question for what in kept(data)}


def test_what_was_set_aside_goes_when_the_retention_of_its_last_write_is_over(data):
    (data / ASIDE).write_bytes(b"broken")
    last = datetime(2026, 1, 1, tzinfo=UTC)
    os.utime(data / ASIDE, (last.timestamp(), last.timestamp()))
    store.purge(data, 90, date(2026, 4, 1))
    assert (data / ASIDE).exists()
    store.purge(data, 90, date(2026, 4, 2))
    assert not (data / ASIDE).exists()


# Erasing ---------------------------------------------------------------------------------------


def test_all_is_erased_with_every_byte(data):
    chance = random.Random(1)
    for number in range(200):
        store.keep(data, Refused(f"Zebrawood {number} " + "x" * chance.randrange(900), "en", "no-match"), 90, TODAY)
    (data / ASIDE).write_bytes(b"Zebrawood")
    assert store.erase(data) == 200
    assert kept(data) == []
    assert b"Zebrawood" not in everything(data)
    assert not (data / ASIDE).exists()


def test_one_entry_is_erased_by_its_id(data):
    number = store.keep(data, UP, 90, TODAY)
    store.keep(data, SHIPS, 90, TODAY)
    store.erase_one(data, number)
    assert kept(data) == [SHIPS]
    assert b"Zebrawood" not in everything(data)
    with pytest.raises(ActivityError) as caught:
        store.erase_one(data, number)
    assert str(caught.value) == f"There is no entry {number}. List them with: tillit activity export"


def test_a_damaged_file_is_deleted_where_all_is_erased(data):
    (data / FILE_NAME).write_bytes(b"Zebrawood" * 1000)
    assert store.erase(data) == 0
    assert list(data.iterdir()) == []


def test_documents_that_are_gone_are_forgotten(data):
    number = store.keep(data, UP, 90, TODAY)
    store.keep(data, SHIPS, 90, TODAY)
    store.forget_documents(data, {"dk-ferry", "another"})
    found = {entry.id: entry.what for entry in store.entries(data, 90, TODAY)}
    assert found.pop(number).documents == ("dk-ferry",)
    assert list(found.values()) == [SHIPS]
    assert b"own-note" not in everything(data)


# What is no feedback ---------------------------------------------------------------------------


def test_a_word_has_a_longest_length():
    fields = {name: getattr(UP, name) for name in UP.__slots__}
    assert Feedback(**{**fields, "word": "x" * LONGEST_WORD}).word
    with pytest.raises(ActivityError) as caught:
        Feedback(**{**fields, "word": "x" * (LONGEST_WORD + 1)})
    assert str(caught.value) == "The word why has more than 1,000 characters. Shorten it."


@pytest.mark.parametrize("change", [{"thumb": "sideways"}, {"questions": ()}])
def test_feedback_has_a_thumb_and_a_question(change):
    fields = {name: getattr(UP, name) for name in UP.__slots__}
    with pytest.raises(ActivityError):
        Feedback(**{**fields, **change})
