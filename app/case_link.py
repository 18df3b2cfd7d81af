"""What a visitor looks at among the cases, as the address of the page tells it: to be bookmarked, sent, read again."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.cases import CASES_ALONE, FACETS, Narrowing
from kb.retrieval.filters import Filters

VIEWS = ("results", "charts", "shortlist")
NOT, FROM, TO, ANY = "not", "from", "to", "any"
PARTS = ("q", "view", *FACETS, NOT, FROM, TO, "list")
"""The parts of an address that are ours; each but the search, the view and the years may stand several times."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: what was typed, what it is narrowed down to, how it is shown, the shortlist's ids."""

    text: str = ""
    narrowing: Narrowing = CASES_ALONE
    view: str = VIEWS[0]
    listed: tuple[str, ...] = ()


def written(look: Look) -> dict[str, list[str]]:
    """Return the parts of the address; those that say what a bare address says are left out."""
    wanted, unwanted = look.narrowing.wanted, look.narrowing.unwanted
    parts: dict[str, Sequence[str]] = {
        "q": [look.text] if look.text.strip() else [],
        "view": [look.view] if look.view != VIEWS[0] else [],
        **{name: (*wanted.values.get(name, ()), *unwanted.get(name, ())) for name in FACETS},
        NOT: list(unwanted),
        FROM: [str(wanted.year_from)] if wanted.year_from is not None else [],
        TO: [str(wanted.year_to)] if wanted.year_to is not None else [],
        "list": look.listed,
    }
    parts["kind"] = parts["kind"] or [ANY]
    if tuple(parts["kind"]) == CASES_ALONE.wanted.values["kind"] and "kind" not in unwanted:
        del parts["kind"]
    return {name: list(values) for name, values in parts.items() if values}


def read(
    parts: Mapping[str, Sequence[str]],
    options: Mapping[str, Sequence[str]],
    years: tuple[int, int],
    known: Collection[str],
) -> Look:
    """Return what an address asks for; values that are none of the `options`, `years` and ids are passed over."""
    chosen = {name: tuple(of for of in options[name] if of in parts.get(name, ())) for name in options}
    if "kind" not in parts:
        chosen["kind"] = CASES_ALONE.wanted.values["kind"]
    but = [name for name in parts.get(NOT, ()) if chosen.get(name)]
    first, last = (_year(parts, name, years) for name in (FROM, TO))
    span = (None, None) if first and last and first > last else (first, last)
    view = next(iter(parts.get("view", ())), "")
    return Look(
        next(iter(parts.get("q", ())), ""),
        Narrowing(
            Filters({name: values for name, values in chosen.items() if values and name not in but}, *span),
            {name: chosen[name] for name in but},
        ),
        view if view in VIEWS else VIEWS[0],
        tuple(dict.fromkeys(name for name in parts.get("list", ()) if name in known)),
    )


def _year(parts: Mapping[str, Sequence[str]], name: str, years: tuple[int, int]) -> int | None:
    given = next(iter(parts.get(name, ())), "")
    return int(given) if re.fullmatch(r"[0-9]{4}", given) and years[0] <= int(given) <= years[1] else None
