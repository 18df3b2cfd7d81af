"""What is kept of a visitor: what they sent by thumbs, and, where a setting says so, questions that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from kb.errors import ActivityError

Keeps = Literal["feedback", "refused", "none"]
"""What is kept: what visitors send by thumbs; refused questions as well; nothing."""
Thumb = Literal["up", "down"]
LONGEST_WORD = 1000
"""Characters of the word why."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a visitor thought of an answer; `word` is why, if they said.

    `questions` are the turns that the answer rests on, the last being the one answered. `language`, `type`, `status`,
    `documents` (ids, cited) and `fingerprint` are the answer's, `program` is the version that gave it.
    """

    thumb: Thumb
    questions: tuple[str, ...]
    language: str
    type: str
    status: str
    documents: tuple[str, ...]
    fingerprint: str
    program: str
    word: str = ""

    def __post_init__(self) -> None:
        if self.thumb not in get_args(Thumb) or not self.questions:
            raise ActivityError("Feedback is a thumb, up or down, and the question that was answered.")
        if len(self.word) > LONGEST_WORD:
            raise ActivityError(f"The word why has more than {LONGEST_WORD:,} characters. Shorten it.")


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that was not answered, its language, and why (a reason of `kb.answering.refusing`)."""

    question: str
    language: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was kept: its id, the day (UTC, YYYY-MM-DD), and what it is."""

    id: int
    day: str
    what: Feedback | Refused

    @property
    def kind(self) -> str:
        """Return `feedback` or `refused`."""
        return "feedback" if isinstance(self.what, Feedback) else "refused"
