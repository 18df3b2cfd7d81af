"""What of an answer is kept, as the settings say; the app calls this, so that nothing else ever is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from kb.activity import store
from kb.activity.records import Feedback, Refused, Thumb
from kb.errors import ActivityError, KBError
from kb.knowledge_base import program_version
from kb.language import detect
from kb.records import Answer
from kb.settings import Settings

log = logging.getLogger(__name__)


def takes_feedback(settings: Settings) -> bool:
    """Tell whether thumbs are to be offered."""
    return settings.activity != "none"


def send_feedback(settings: Settings, answer: Answer, turns: Sequence[str], thumb: Thumb, word: str = "") -> int:
    """Keep what a visitor says of an answer and return its id, by which it can be taken back (`store.erase_one`).

    `turns` are the questions of the conversation up to it; where it did not need those before, only the last is kept.
    Raises `KBError` where that cannot be done, or the setting keeps nothing.
    """
    if not takes_feedback(settings):
        raise ActivityError("No feedback is kept here. Set `activity` to feedback to change that.")
    cited = (c.document_id for s in (*answer.statements, *answer.other_side) for c in s.citations)
    feedback = Feedback(
        thumb=thumb,
        questions=tuple(turns[-2:]) if answer.understood and turns else (answer.question,),
        language=answer.language,
        type=answer.type,
        status=answer.status,
        documents=tuple(dict.fromkeys(cited)),
        fingerprint=answer.fingerprint,
        program=program_version(),
        word=word.strip(),
    )
    return store.keep(settings.data, feedback, settings.activity_days)


def note_refusal(settings: Settings, answer: Answer) -> None:
    """Keep the question of a refused answer where the setting says so; what cannot be kept is logged, without it."""
    if settings.activity != "refused" or answer.refusal is None:
        return
    question = answer.understood or answer.question
    refused = Refused(question, detect(question, default=answer.language), answer.refusal.reason)
    try:
        store.keep(settings.data, refused, settings.activity_days)
    except KBError as error:
        log.warning("A refused question was not kept: %s", error)


def purge_daily(settings: Settings) -> None:
    """Erase what is too old, at the first call of each day: when the server starts, and while it runs.

    What cannot be done is logged, and tried again at the next call.
    """
    try:
        _purge(settings.data, settings.activity_days, store.utc_today())
    except KBError as error:
        log.warning("%s", error)


@lru_cache(maxsize=1)
def _purge(data: Path, days: int, today: date) -> None:
    store.purge(data, days, today)
