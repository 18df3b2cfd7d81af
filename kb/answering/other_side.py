"""The other side: what may qualify an answer, verbatim and cited.

First the caveats, limits and objections on the same matter, of the documents that are quoted or of others; then
documents of another stance. What is of another document has to be near the question; else nothing is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.answering.candidates import Candidate
from kb.answering.introducing import needed_by
from kb.answering.quoting import Quote, Score, quote_of
from kb.answering.ranking import Ranked
from kb.vocabulary import QUALIFYING_ROLES

WORDS = 35
"""Words of the other side of an answer to a question that did not ask for it."""
ASKED_WORDS = 110
"""The same where objections were asked for."""
OWN_SHARE, OTHER_SHARE = 0.02, 0.1
"""Share of the best candidate's weight that a caveat of a quoted document needs, and one of another document. Of 28
unlocked questions about objections as many show the other side as with none; of 16 comparisons 6 instead of 9."""
ASKED_SHARE, OTHER_DOCUMENT = 0.02, 0.75
"""What a caveat of another document needs where objections were asked for, and how far its score may be below."""


def other_side(
    ranked: Sequence[Ranked], chosen: Sequence[Quote], score: Score, question: str, asked_for: bool, room: int
) -> list[Quote]:
    """Return the quotes that may qualify an answer, nearest first, within `room` words.

    What speaks of somebody whom only an earlier part of its document introduces is left out, if it was not asked for.
    """
    limit = min(ASKED_WORDS if asked_for else WORDS, room)
    quoted = {quote.document.id: quote.document.stance for quote in chosen}
    best = ranked[0].share if ranked else 0.0
    found: list[Quote] = []
    led = {(quote.document.id, number) for quote in chosen for number in (quote.lead, quote.first)}
    own, other = (0.0, ASKED_SHARE) if asked_for else (OWN_SHARE, OTHER_SHARE)
    for each in _in_order(ranked, quoted, best * own, best * other):
        left = limit - sum(quote.words for quote in found)
        quote = quote_of(each.candidate.read, each.candidate.block, score, left) if left > 0 else None
        if quote and (quote.document.id, quote.lead) in led:
            quote = replace(quote, lead=None)
        if quote is None or quote.words > left or quote.told_by((*chosen, *found)) or not quote.stands_alone:
            continue
        if not asked_for and needed_by(quote, chosen, question):
            continue
        found.append(quote)
        led |= {(quote.document.id, quote.lead), (quote.document.id, quote.first)}
        if not asked_for:
            break
    return found


def _in_order(ranked: Sequence[Ranked], quoted: dict[str, str], own_least: float, least: float) -> list[Ranked]:
    """Return the candidates that qualify: caveats of what is quoted, caveats of others, then another stance."""
    own = [r for r in ranked if r.share >= own_least and r.candidate.read.document.id in quoted]
    own = [each for each in own if _qualifies(each.candidate)]
    near = [r for r in ranked if r.share >= least and r.candidate.read.document.id not in quoted]
    others = [each for each in near if _qualifies(each.candidate) and each.candidate["document"] > -OTHER_DOCUMENT]
    stances = set(quoted.values())
    differing = [each for each in near if not _qualifies(each.candidate) and _differs(each.candidate, stances)]
    return [*own, *others, *differing]


def _qualifies(candidate: Candidate) -> bool:
    return candidate.read.role(candidate.block) in QUALIFYING_ROLES


def _differs(candidate: Candidate, stances: set[str]) -> bool:
    """Tell whether a document is critical where those that are quoted are not, or the other way round."""
    stance = candidate.read.document.stance
    return (stance == "critical" and "critical" not in stances) or (
        stance == "supportive" and "supportive" not in stances
    )
