"""Cases as HTML: cards, and some of them side by side in a table; pure functions, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from app.case_search import Search
from app.cases import OPENING, Case, Span
from app.labels import Labels, value
from app.reader import badges_html, marked_html, rich, whose_html
from kb.answering.wording import quoted_in
from kb.vocabulary import HEADINGS, SECTIONS

COMPARED = {kind: roles[1:] if kind == "case" else roles for kind, roles in SECTIONS.items()}
"""The sections that a comparison tells, by kind."""
FACTS = ("organisation", "year", "country", "sector", "evidence", "stance")


def card_html(case: Case, search: Search, say: Labels) -> str:
    """Return what a card tells of a case: title, place, badges, what changed, the result, what else matches."""
    shown = {role: case.brief(role) for role in case.on_card()}
    parts = [_part(case, search, span, heading_of(role, say)) for role, span in shown.items()]
    excerpt = search.excerpt(case, shown.values())
    parts += [_part(case, search, excerpt, say("matches"))] if excerpt else []
    title = marked_html(
        case.document.title, 0, len(case.document.title), search.in_text(case.document.title, _code(case))
    )
    return (
        f'<div class="tillit case" lang="{say.language}"><h3 lang="{_code(case)}">{title}</h3>'
        f'<div class="facts">{escape(_place(case, say))}</div><div class="facts">{_badges(case, say)}</div>'
        f"{''.join(parts)}{whose_html(case.document, say.language)}</div>"
    )


def listed_html(case: Case, say: Labels) -> str:
    """Return the line below a title on the shortlist: place and badges."""
    place = escape(_place(case, say))
    facts = f'<div class="facts">{place}</div><div class="facts">{_badges(case, say)}</div>'
    return f'<div class="tillit" lang="{say.language}">{facts}</div>'


def _part(case: Case, search: Search, span: Span, heading: str) -> str:
    body = marked_html(case.document.text, *span, search.spans(case, span))
    more = any(start <= span[0] and span[1] < end for start, end in case.sections.values())
    return f'<h4>{escape(heading)}</h4><p lang="{_code(case)}">{body}{" …" if more else ""}</p>'


def _code(case: Case) -> str:
    return escape(case.document.language)


def _place(case: Case, say: Labels) -> str:
    sectors = ", ".join(value(each, say.language) for each in case.document.sectors)
    return " · ".join(part for part in (case.document.organisation or "", sectors) if part)


def _badges(case: Case, say: Labels) -> str:
    foreign = case.document.language != say.language
    quoted = f'<span class="badge">{quoted_in(case.document.language, say.language)}</span>' if foreign else ""
    return badges_html(case.document, say.language) + quoted


def heading_of(role: str, say: Labels) -> str:
    """Return what a section is called in the visitor's language."""
    return say("opening") if role == OPENING else HEADINGS[role][say.language]


def compared_roles(cases: Sequence[Case]) -> list[str]:
    """Return the sections that a comparison of cases has as rows: those that any of them has, kind by kind."""
    kinds = [kind for kind in COMPARED if any(case.document.kind == kind for case in cases)]
    roles = [role for kind in kinds for role in COMPARED[kind] if any(role in case.sections for case in cases)]
    bare = any(not set(case.sections) - {OPENING} for case in cases)
    return [OPENING] * bare + roles


def cell_places(cases: Sequence[Case]) -> Iterator[tuple[str, Case, Span]]:
    """Yield each cell of a comparison that can be opened: the key of its button, its case and its passage."""
    for role in compared_roles(cases):
        for column, case in enumerate(cases):
            if role in case.sections and (role != OPENING or len(case.sections) == 1):
                yield f"compared-{role}-{column}", case, case.sections[role]


def compared_html(cases: Sequence[Case], say: Labels) -> str:
    """Return cases side by side: facts, then their sections verbatim, each with a button that opens it in its document.

    The buttons press those with the keys of `cell_places`.
    """
    named = Labels("app", say.language)
    columns = "".join(f'<th scope="col" lang="{_code(case)}">{escape(case.document.title)}</th>' for case in cases)
    lines = []
    for name in FACTS:
        title = say("place") if name == "organisation" else named(name)
        cells = "".join(f"<td>{escape(fact_of(case, name, say.language)) or '–'}</td>" for case in cases)
        lines.append(f'<tr><th scope="row">{escape(title)}</th>{cells}</tr>')
    places = {(key.split("-", 1)[1], case.id): (key, span) for key, case, span in cell_places(cases)}
    for role in compared_roles(cases):
        found = [places.get((f"{role}-{column}", case.id)) for column, case in enumerate(cases)]
        cells = "".join(
            _cell(case, *at, role, say) if at else "<td>–</td>" for case, at in zip(cases, found, strict=True)
        )
        lines.append(f'<tr><th scope="row">{escape(heading_of(role, say))}</th>{cells}</tr>')
    cells = "".join(f"<td>{whose_html(case.document, say.language)}</td>" for case in cases)
    lines.append(f'<tr><th scope="row">{escape(say("wording"))}</th>{cells}</tr>')
    label = escape(say("compared"))
    return (
        f'<div class="tillit compared" lang="{say.language}" role="region" tabindex="0" aria-label="{label}">'
        f"<table><thead><tr><td></td>{columns}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(case: Case, key: str, span: Span, role: str, say: Labels) -> str:
    spoken = escape(f"{say('open-here')}: {heading_of(role, say)}, {case.document.title}")
    button = f'<button class="title" data-press="{key}" aria-label="{spoken}">{escape(say("open-here"))}</button>'
    return f'<td><p lang="{_code(case)}">{rich(case.text(span))}</p>{button}</td>'


def fact_of(case: Case, name: str, language: str) -> str:
    """Return what is known of a case, in a visitor's language; nothing where it is not known."""
    if name in ("organisation", "year"):
        return str(getattr(case.document, name) or "")
    return ", ".join(value(each, language) for each in case.entry.values(name))
