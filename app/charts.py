"""Charts of where and when cases come from: what Vega-Lite draws, and the same numbers as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from app.cases import Case
from app.labels import Labels, value

STACKED = ("country", "evidence")
"""Facets by which the years' columns can be stacked."""
PARTS = 4
"""Parts of a column that have a name of their own where there are more than one more; the rest are others."""
OTHERS = "others"
NO_YEAR = "no-year"
COLOURS = ("#1f7a6d", "#d9a441", "#7a6fb0", "#c4694f", "#8a9693")
"""Of parts, legible on light and dark ground; the tooltips and the table tell them apart too."""
_ROW = 22
"""Height of a bar with its space, in pixels."""


def by_year(cases: Sequence[Case], facet: str) -> dict[str, Counter[str]]:
    """Return how many cases there are by year and value of a facet; rare values are counted as `OTHERS`.

    The years ascend, those between included; cases without a year stand last, under `NO_YEAR`.
    """
    sizes = Counter(next(iter(case.entry.values(facet)), OTHERS) for case in cases)
    biggest = sorted(sizes, key=lambda of: (-sizes[of], of))
    named = set(biggest if len(biggest) <= PARTS + 1 else biggest[:PARTS])
    known = [case.document.year for case in cases if case.document.year is not None]
    years = [str(year) for year in range(min(known), max(known) + 1)] if known else []
    counts: dict[str, Counter[str]] = {year: Counter() for year in [*years, NO_YEAR]}
    for case in cases:
        of = next(iter(case.entry.values(facet)), OTHERS)
        counts[str(case.document.year or NO_YEAR)][of if of in named else OTHERS] += 1
    if not counts[NO_YEAR]:
        del counts[NO_YEAR]
    return counts


def parts_of(counts: Mapping[str, Counter[str]]) -> list[str]:
    """Return the parts of which columns consist, the biggest first, `OTHERS` last."""
    sizes = sum(counts.values(), Counter[str]())
    return sorted(sizes, key=lambda of: (of == OTHERS, -sizes[of], of))


def timeline(counts: Mapping[str, Counter[str]], facet: str, say: Labels) -> dict[str, Any]:
    """Return the chart of cases per year, stacked by a facet."""
    parts = parts_of(counts)
    names = {of: _name(of, say) for of in parts}
    rows = [
        {"year": _name(year, say), "part": names[of], "cases": count[of], "place": place}
        for year, count in counts.items()
        for place, of in enumerate(parts)
        if count[of]
    ]
    colour = {
        "field": "part",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(names.values()), "range": list(COLOURS[: len(parts)])},
        "legend": {"orient": "bottom", "columns": 3, "symbolType": "square"},
    }
    years = [_name(year, say) for year in counts]
    return {
        "description": say("timeline"),
        "height": 400,
        "data": {"values": rows},
        "mark": {"type": "bar", "aria": False},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "title": None, "scale": {"domain": years}},
            "y": {"field": "cases", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": "d"}},
            "color": colour,
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": [
                {"field": "year", "type": "nominal", "title": _facet("year", say)},
                {"field": "part", "type": "nominal", "title": _facet(facet, say)},
                {"field": "cases", "type": "quantitative", "title": say("cases")},
            ],
        },
    }


def bars(counts: Counter[str], facet: str, say: Labels) -> dict[str, Any]:
    """Return the chart of how many cases have each value of a facet, most first, with the numbers at their names."""
    rows = [{"name": f"{value(of, say.language)} ({count})", "cases": count} for of, count in _most(counts)]
    names = [row["name"] for row in rows]
    axis = {"labelLimit": 190, "ticks": False, "domain": False}
    return {
        "description": say(f"{facet}-bars"),
        "height": _ROW * (len(rows) + 1),
        "data": {"values": rows},
        "mark": {"type": "bar", "color": COLOURS[0], "aria": False},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "title": None, "sort": names, "axis": axis},
            "x": {"field": "cases", "type": "quantitative", "title": None, "axis": None},
            "tooltip": [{"field": "name", "type": "nominal", "title": _facet(facet, say)}],
        },
    }


def timeline_table(counts: Mapping[str, Counter[str]], say: Labels) -> str:
    """Return the numbers of the timeline as a table behind a fold."""
    parts = parts_of(counts)
    head = "".join(f'<th scope="col">{escape(_name(of, say))}</th>' for of in parts)
    lines = "".join(
        f'<tr><th scope="row">{escape(_name(year, say))}</th>'
        + "".join(f"<td>{count[of]}</td>" for of in parts)
        + "</tr>"
        for year, count in counts.items()
    )
    return _folded(f"<thead><tr><td></td>{head}</tr></thead><tbody>{lines}</tbody>", say)


def bars_table(counts: Counter[str], facet: str, say: Labels) -> str:
    """Return the numbers of bars as a table behind a fold."""
    lines = "".join(
        f'<tr><th scope="row">{escape(value(of, say.language))}</th><td>{count}</td></tr>'
        for of, count in _most(counts)
    )
    head = f'<th scope="col">{escape(_facet(facet, say))}</th><th scope="col">{escape(say("cases"))}</th>'
    return _folded(f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody>", say)


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(((of, count) for of, count in counts.items() if count), key=lambda item: (-item[1], item[0]))


def _folded(table: str, say: Labels) -> str:
    fold = f'<details><summary>{escape(say("numbers"))}</summary><table class="numbers">{table}</table></details>'
    return f'<div class="tillit" lang="{say.language}">{fold}</div>'


def _name(of: str, say: Labels) -> str:
    return say(of) if of in (OTHERS, NO_YEAR) else value(of, say.language)


def _facet(name: str, say: Labels) -> str:
    return Labels("app", say.language)(name)
