"""Cases as HTML: cards, and some of them side by side in a table; pure functions, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from app.case_search import Search
from app.cases import OPENING, Case, Narrowing, Span
from app.labels import Labels, value
from app.reader import badges_html, marked_html, rich, whose_html
from kb.answering.wording import quoted_in
from kb.vocabulary import HEADINGS, SECTIONS

FACTS = ("organisation", "publisher", "year", "country", "sector", "evidence", "stance")


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
    kinds = [kind for kind in SECTIONS if any(case.document.kind == kind for case in cases)]
    roles = [role for kind in kinds for role in SECTIONS[kind] if any(role in case.sections for case in cases)]
    bare = any(compared_section(case, OPENING) for case in cases)
    return [OPENING] * bare + roles


def compared_section(case: Case, role: str) -> Span | None:
    """Return where a section of a case stands that is compared; its opening only where it has nothing else."""
    return case.sections.get(role) if role != OPENING or len(case.sections) == 1 else None


def compared_facts(cases: Sequence[Case], say: Labels) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of a comparison above the sections: what each is called, and what it is of each case."""
    named = Labels("app", say.language)
    own = {"organisation": "place", "publisher": "publisher", "year": "year"}
    for name in FACTS:
        title = say(own[name]) if name in own else named(name)
        yield title, [fact_of(case, name, say.language) for case in cases]


def cell_places(cases: Sequence[Case]) -> Iterator[tuple[str, Case, Span]]:
    """Yield each cell of a comparison that can be opened: the key of its button, its case and its passage."""
    for role in compared_roles(cases):
        for column, case in enumerate(cases):
            if span := compared_section(case, role):
                yield f"compared-{role}-{column}", case, span


def compared_html(cases: Sequence[Case], say: Labels) -> str:
    """Return cases side by side: facts, then their sections verbatim, each with a button that opens it in its document.

    The buttons press those with the keys of `cell_places`.
    """
    columns = "".join(f'<th scope="col" lang="{_code(case)}">{escape(case.document.title)}</th>' for case in cases)
    lines = []
    for title, facts in compared_facts(cases, say):
        cells = "".join(f"<td>{escape(fact) or '–'}</td>" for fact in facts)
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
    if name in ("organisation", "publisher", "year"):
        return str(getattr(case.document, name) or "")
    return ", ".join(value(each, language) for each in case.entry.values(name))


def narrowed_to(narrowing: Narrowing, say: Labels) -> list[tuple[str, str, str]]:
    """Return what is chosen: of each value its facet, itself, and what it is called; what is left out with "not"."""
    wanted = [(name, of, value(of, say.language)) for name, chosen in narrowing.wanted.values.items() for of in chosen]
    unwanted = [(name, of) for name, chosen in narrowing.unwanted.items() for of in chosen]
    return [*wanted, *((name, of, say("not", value=value(of, say.language))) for name, of in unwanted)]


def years_told(narrowing: Narrowing) -> str:
    """Return the years that are chosen, nothing where all are."""
    first, last = narrowing.wanted.year_from, narrowing.wanted.year_to
    return f"{first or ''}–{last or ''}" if first or last else ""
