"""The sides of a question about several that are named, each with its own candidates, so that none is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.analysis import fold
from kb.answering.coverage import index_terms
from kb.answering.kept import kept_to
from kb.answering.question import Asked
from kb.answering.ranking import Ranked

MOST_SIDES = 4
SIDE_SHARE = 0.005
"""What the best candidate of a side weighs at least, against the best of all, where no comparison is asked for."""
SIDED = frozenset({"comparison", "fact", "how-to", "objections"})
"""Types of questions that may have several sides; a list of several names is as a rule one."""


def sides_of(asked: Asked, ranked: Sequence[Ranked]) -> list[list[Ranked]]:
    """Return the candidates of each side, best first; all together where the sides cannot be told.

    There is a side for each name that documents are about; of a comparison, else, for each country that is named. Other
    questions have sides only where the best candidate is of one, and the best of each weighs something against it.
    """
    found = _by_name(asked, ranked) if asked.type in SIDED else []
    if asked.type != "comparison":
        found = [side for side in found if side[0].share >= SIDE_SHARE * ranked[0].share]
        found = found if any(side[0] is ranked[0] for side in found) else []
    if len(found) < 2 and asked.type == "comparison":
        countries = kept_to(asked.text).countries
        found = [[r for r in ranked if r.candidate.read.document.country == code] for code in countries]
    found = [side for side in found if side]
    return found[:MOST_SIDES] if len(found) > 1 else [list(ranked)]


def _by_name(asked: Asked, ranked: Sequence[Ranked]) -> list[list[Ranked]]:
    """Return the candidates of the documents that are about each name, but for documents about several of them."""
    about: dict[str, frozenset[str]] = {}
    for each in ranked:
        document = each.candidate.read.document
        if document.id not in about:
            terms = index_terms(f"{document.title}\n{document.organisation or ''}", document.language)
            stems = {name: index_terms(name, document.language) for name in _single(asked.names)}
            about[document.id] = frozenset(name for name, own in stems.items() if own <= terms)
    found = []
    for name in _single(asked.names):
        own = [r for r in ranked if about[r.candidate.read.document.id] == {name}]
        found += [own] if own else []
    return found


def _single(names: Sequence[str]) -> list[str]:
    return [name for name in names if re.fullmatch(r"\w{3,}", fold(name)) and not kept_to(name).countries]
