"""The shortlist as what is exported of it: a row of texts for each case, in the visitor's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.case_view import fact_of, heading_of
from app.cases import Case
from app.labels import Labels
from kb.answering.wording import whose_words
from kb.vocabulary import QUALIFYING_ROLES

if TYPE_CHECKING:
    from app.export.cases import CaseRow


def export_rows(cases: Iterable[Case], say: Labels) -> list[CaseRow]:
    """Return what an export tells of cases."""
    return [_row(case, say) for case in cases]


def _row(case: Case, say: Labels) -> CaseRow:
    from app.export.cases import CaseRow

    document = case.document
    told = [_section(case, role, say) for role in case.on_card()] + ["", ""]
    caveats = [_section(case, role, say) for role in case.sections if role in QUALIFYING_ROLES]
    facts = {name: fact_of(case, name, say.language) for name in ("organisation", "country", "year", "kind")}
    return CaseRow(
        id=document.id,
        title=document.title,
        **facts,
        sectors=fact_of(case, "sector", say.language),
        themes=fact_of(case, "theme", say.language),
        evidence=fact_of(case, "evidence", say.language),
        stance=fact_of(case, "stance", say.language),
        change=told[0],
        result=told[1],
        caveats="".join(caveats),
        url=document.source_url or "",
        whose=whose_words(document.text_by, document.basis, say.language),
    )


def _section(case: Case, role: str, say: Labels) -> str:
    """Return a section; under its own heading where the document is no case, to which the columns' names belong."""
    text = case.text(case.sections[role])
    return text if case.document.kind == "case" else f"{heading_of(role, say)}:\n{text}"
