"""Follow-up questions: understood from the turn before where they cannot stand alone.

A follow-up is searched for together with what came before it; then what the turn before already asked for counts
less, so that the answer is to what is new (`AGAIN`). A new topic leaves everything behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.analysis import fold, tokens
from kb.answering.question import cue, names, read_question
from kb.stopwords import STOPWORDS

AGAIN = 0.5
"""How much of what a block scores on the turn before is taken from its score. At 0, .2, .3, .4 and .5 the gold block
came first in .55, .57, .57, .62, .64 of 42 unlocked follow-ups, among three in .86, .86, .88, .93, .93."""
TERM_LETTERS = 12
"""Letters from which a word is taken for a term."""
FEW_WORDS, REFERRING_WORDS = 3, 4
"""Content words up to which a turn that names nothing, or that points back, needs the one before; as many as the first
of these with a term among them do not."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The last turn as it is searched for; `before` is what was understood of the turn that it needs, if it does."""

    text: str
    before: str | None = None


def understood(turns: Sequence[str], language: str) -> Understood:
    """Return the last turn as it is searched for: by itself, or with what it needs of the turns before.

    That is the last turn that stands alone, and what was asked right before, so that nothing piles up.
    """
    last = _without_announcement(turns[-1], language)
    if len(turns) == 1 or last != turns[-1] or not _depends(last, language):
        return Understood(last if len(turns) > 1 else turns[-1])
    before = [turns[0]]
    for turn in turns[1:-1]:
        meant = understood([*before[:1], turn], language)
        before = [before[0], turn] if meant.before else [meant.text]
    return Understood(" ".join([*before, last]), " ".join(before))


def _without_announcement(turn: str, language: str) -> str:
    """Return a turn without the words that announce a new topic, after which there is a stop."""
    found = re.match(rf"(?:{cue('new-topic', language)})\W*", turn, re.IGNORECASE)
    if found is None or not re.search(r"[:.,;!–-]\s*$", found.group()) or found.end() == len(turn):
        return turn
    return turn[found.end()].upper() + turn[found.end() + 1 :]


def _depends(turn: str, language: str) -> bool:
    """Tell whether a turn needs the one before: it opens like one that does, points back, or says too little.

    What asks for the meaning of a term that it names ("What is trust-based management?") says enough; a single word is
    one where it is a name or long ("kerneopgaven"), as most compounds of the field are and "the price" is not.
    """
    folded, stop = fold(turn), STOPWORDS.get(language, STOPWORDS["en"])
    content = [word for word in tokens(turn) if word not in stop]
    defines = read_question(turn, language).type == "definition" and not re.search(r"\b(the|den|det|de)\b", folded)
    term = bool(names(turn, language)) or any(len(word) >= TERM_LETTERS for word in content)
    if re.search(cue("openers", language), folded) or (len(content) <= 1 and not (defines and term)):
        return True
    refers = bool(re.search(cue("referring", language), folded)) and len(content) <= REFERRING_WORDS
    few = len(content) < FEW_WORDS or (len(content) == FEW_WORDS and not term)
    return (refers or (few and not defines)) and not names(turn, language)
