"""The shortlist as what is exported of it, in the visitor's language: rows of a table, and a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.case_view import compared_facts, compared_roles, compared_section, fact_of, heading_of, narrowed_to, years_told
from app.cases import CASES_ALONE, Case, Narrowing
from app.labels import Labels
from kb.answering.wording import whose_words

if TYPE_CHECKING:
    from app.export.cases import CaseRow, Comparison, Source


def export_rows(cases: Sequence[Case], say: Labels) -> list[CaseRow]:
    """Return what an export tells of cases; each row has the sections of all of them."""
    roles = compared_roles(cases)
    return [_row(case, roles, say) for case in cases]


def _row(case: Case, roles: Sequence[str], say: Labels) -> CaseRow:
    from app.export.cases import CaseRow

    named = ("organisation", "publisher", "country", "year", "kind", "evidence", "stance")
    sections: dict[str, str] = {}
    for role in roles:  # two roles may have one heading
        heading = heading_of(role, say)
        sections[heading] = sections.get(heading) or _section(case, role)
    return CaseRow(
        title=case.document.title,
        **{name: fact_of(case, name, say.language) for name in named},
        sectors=fact_of(case, "sector", say.language),
        themes=fact_of(case, "theme", say.language),
        sections=sections,
        url=case.document.source_url or "",
        whose=_whose(case, say),
    )


def comparison(cases: Sequence[Case], narrowing: Narrowing, say: Labels) -> Comparison:
    """Return cases side by side, with the rows that the page shows, and what they were narrowed down to if all pass."""
    from app.export.cases import Comparison

    passing = all(narrowing.match(case.entry) for case in cases)
    alone = all(case.document.kind == "case" for case in cases)
    return Comparison(
        titles=[case.document.title for case in cases],
        languages=[case.document.language for case in cases],
        facts=[*compared_facts(cases, say)],
        sections=[(heading_of(role, say), [_section(case, role) for case in cases]) for role in compared_roles(cases)],
        whose=(say("wording"), [_whose(case, say) for case in cases]),
        sources=[_source(case) for case in cases],
        filters=_filters(narrowing, say) if passing else (),
        kind="cases" if alone else "documents",
    )


def _filters(narrowing: Narrowing, say: Labels) -> tuple[str, ...]:
    """Return what the cases are narrowed down to, in words; not that they are cases."""
    groups: dict[tuple[str, bool], list[str]] = {}
    for name, _, words in narrowed_to(narrowing, say):
        groups.setdefault((name, name in narrowing.unwanted), []).append(words)
    if narrowing.wanted.values.get("kind") == CASES_ALONE.wanted.values["kind"]:
        del groups["kind", False]
    joined = [(", " if without else f" {say('or')} ").join(words) for (_, without), words in groups.items()]
    years = years_told(narrowing)
    return (*joined, years) if years else tuple(joined)


def _section(case: Case, role: str) -> str:
    span = compared_section(case, role)
    return case.text(span) if span else ""


def _whose(case: Case, say: Labels) -> str:
    return whose_words(case.document.text_by, case.document.basis, say.language)


def _source(case: Case) -> Source:
    from app.export.cases import Source

    document = case.document
    title = document.original_title or document.title
    return Source(
        title, document.publisher or document.organisation or "", str(document.year or ""), document.source_url
    )
