"""What of an answer is kept, as the settings say: no more than they allow."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kb.activity import keeping, store
from kb.activity.file import FILE_NAME
from kb.activity.records import Feedback, Refused
from kb.errors import ActivityError, KBError
from kb.knowledge_base import program_version
from kb.settings import load_settings

ASKED = "How tall does the grass have to be on Bornholm before it must be cut?"
OFF = "How many zebras live in Malmö?"


@pytest.fixture(autouse=True)
def forgotten():
    keeping._purge.cache_clear()


def settings(data: Path, activity: str = "feedback", days: int = 90):
    return load_settings(data=data, activity=activity, activity_days=days)


def kept(data: Path) -> list[object]:
    return [entry.what for entry in store.entries(data, 90)]


def test_of_an_answer_is_kept_what_it_was_and_what_it_cited(small_kb):
    answer = small_kb.ask(ASKED)
    number = keeping.send_feedback(settings(small_kb.data), answer, ["Before?", ASKED], "up", "  clear\n")
    (entry,) = store.entries(small_kb.data, 90)
    assert entry.id == number
    cited = {c.document_id for s in (*answer.statements, *answer.other_side) for c in s.citations}
    assert "dk-bornholm-mowing-by-result" in cited
    assert set(entry.what.documents) == cited
    assert entry.what == Feedback(
        "up", (ASKED,), "en", answer.type, "answered", entry.what.documents, answer.fingerprint, program_version(),
        "clear",
    )  # fmt: skip


def test_a_follow_up_is_kept_with_the_turn_that_it_needs(small_kb):
    turns = ["What is Buurtzorg?", ASKED, "and what did it cost?"]
    answer = small_kb.ask(*turns)
    assert answer.understood
    keeping.send_feedback(settings(small_kb.data), answer, turns, "down")
    assert [what.questions for what in kept(small_kb.data)] == [tuple(turns[1:])]


def test_a_refused_question_is_kept_where_the_setting_says_so(small_kb):
    answer = small_kb.ask(OFF)
    assert answer.refusal is not None
    keeping.note_refusal(settings(small_kb.data, "refused"), answer)
    assert kept(small_kb.data) == [Refused(OFF, "en", answer.refusal.reason)]


def test_a_refused_follow_up_is_kept_as_it_was_understood_in_its_own_language(small_kb):
    answer = replace(small_kb.ask(OFF, answer_language="da"), question="and zebras?", understood=OFF)
    assert answer.refusal is not None
    assert answer.language == "da"
    keeping.note_refusal(settings(small_kb.data, "refused"), answer)
    assert kept(small_kb.data) == [Refused(OFF, "en", answer.refusal.reason)]


@pytest.mark.parametrize(("activity", "question"), [("feedback", OFF), ("none", OFF), ("refused", ASKED)])
def test_nothing_else_is_kept(small_kb, activity, question):
    keeping.note_refusal(settings(small_kb.data, activity), small_kb.ask(question))
    assert not (small_kb.data / FILE_NAME).exists()


def test_where_nothing_is_to_be_kept_thumbs_are_not_offered_and_refused(small_kb):
    assert keeping.takes_feedback(settings(small_kb.data))
    assert keeping.takes_feedback(settings(small_kb.data, "refused"))
    nothing = settings(small_kb.data, "none")
    assert not keeping.takes_feedback(nothing)
    with pytest.raises(ActivityError) as caught:
        keeping.send_feedback(nothing, small_kb.ask(ASKED), [ASKED], "up")
    assert str(caught.value) == "No feedback is kept here. Set `activity` to feedback to change that."
    assert not (small_kb.data / FILE_NAME).exists()


def test_feedback_that_cannot_be_kept_is_an_error_a_refusal_a_line_in_the_log_without_the_question(small_kb, caplog):
    (small_kb.data / FILE_NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(KBError):
        keeping.send_feedback(settings(small_kb.data), small_kb.ask(ASKED), [ASKED], "up")
    with caplog.at_level(logging.WARNING):
        keeping.note_refusal(settings(small_kb.data, "refused"), small_kb.ask(OFF))
        keeping.purge_daily(settings(small_kb.data))
    damaged = f"{small_kb.data / FILE_NAME} is damaged (file is not a database). Set it aside with: "
    assert [message.split("tillit doctor")[0] for message in caplog.messages] == [
        f"A refused question was not kept: {damaged}",
        damaged,
    ]
    assert "zebra" not in caplog.text


def test_what_is_too_old_is_erased_once_a_day_and_tried_again_where_that_failed(tmp_path, monkeypatch):
    today, calls = [date(2026, 3, 31)], []

    def purge(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 1:
            raise KBError("Locked.")

    monkeypatch.setattr(store, "purge", purge)
    monkeypatch.setattr(store, "utc_today", lambda: today[0])
    for _ in range(3):
        keeping.purge_daily(settings(tmp_path, days=30))
    assert calls == [(tmp_path, 30, today[0])] * 2
    today[0] += timedelta(days=1)
    keeping.purge_daily(settings(tmp_path, days=30))
    assert calls[2:] == [(tmp_path, 30, today[0])]
