"""The drawer beside a page in which a source is read: at the passage that is cited, with what is quoted marked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app import frame, state, view
from app.labels import Labels
from app.pdf_page import MarkedPage, cited_pages, page_html, page_image
from app.reader import badges_html, document_html, whose_html
from kb.answering.citing import cite
from kb.errors import KBError
from kb.records import Answer, Block, Citation, Document, Nearest

WIDTH = 640
"""Pixels that the drawer has at first; on a narrow screen it fills it."""


def open_source(citation: Citation, beside: Sequence[Citation] = ()) -> None:
    """Draw the drawer with the document of a citation, which is shown first; the quotes beside it are marked too."""
    say = Labels("source", frame.language())

    same = (citation.document_id, citation.language)
    quotes = [each for each in beside if (each.document_id, each.language) == same]

    @st.dialog(view.plain(citation.title), width=WIDTH, position="right")
    def drawer() -> None:
        kb = state.get_kb()
        try:
            found = kb.document(citation.document_id, citation.language)
            pages = cited_pages(kb.data, citation, quotes)
        except KBError as error:
            st.error(view.plain(str(error)))
            return
        if found is None or found[0].sha256 != citation.sha256:
            st.warning(say("changed"))
            return
        document, blocks = found
        _draw_facts(document, citation, say)
        drawn, anchored = _draw_pages(pages, citation, say)
        if drawn:
            st.html(f'<div class="tillit"><h2 class="label">{escape(say("text"))}</h2></div>')
            blocks = _on_pages(document, blocks, {page.number for page in pages})
        marked = [(each.start, each.end) for each in (citation, *quotes)]
        pressed = (citation.start, citation.end)
        st.html(document_html(document, blocks, marked, None if anchored else citation.start, pressed))

    drawer()


def open_nearest(nearest: Nearest, answer: Answer) -> None:
    """Draw the drawer with a document that comes near what was refused, at the passage that comes nearest."""
    kb = state.get_kb()
    try:
        found = kb.document(nearest.document_id, answer.language) or kb.document(nearest.document_id)
    except KBError as error:
        st.error(view.plain(str(error)))
        return
    if found is None:
        st.warning(Labels("source", frame.language())("changed"))
        return
    document, blocks = found
    chunk = next(each.chunk for each in answer.passages if each.chunk.document_id == nearest.document_id)
    first, last = (blocks[min(number, len(blocks) - 1)] for number in (chunk.block_first, chunk.block_last))
    open_source(cite(document, blocks, first.start, last.end))


def _draw_facts(document: Document, citation: Citation, say: Labels) -> None:
    """Draw what a document is, and the way to it in the library."""
    language = frame.language()
    st.html(f'<div class="tillit" lang="{language}">{whose_html(document, language)}</div>')
    st.html(f'<div class="tillit facts" lang="{language}">{badges_html(document, language)}</div>')
    if st.button(say("library"), key="open-in-library", icon=":material/local_library:"):
        place = {"document": document.id, "language": document.language, "at": f"{citation.start}-{citation.end}"}
        st.switch_page(state.page("library"), query_params=place)


def _draw_pages(pages: Sequence[MarkedPage], citation: Citation, say: Labels) -> tuple[int, bool]:
    """Draw pages of a PDF as pictures; return how many could be, and whether one is what the drawer scrolls to."""
    drawn, anchored = 0, False
    for page in pages:
        with st.spinner(say("drawing")):
            image = page_image(page)
        if image is None:
            st.caption(say("undrawn", page=page.number))
            continue
        marked = image.marked
        alt = say("page-marked" if marked else "page", page=page.number, title=citation.title)
        st.html(page_html(image, alt, anchor=marked and not anchored))
        if not marked:
            st.caption(say("unmarked", page=page.number))
        drawn, anchored = drawn + 1, anchored or marked
    return drawn, anchored


def _on_pages(document: Document, blocks: Sequence[Block], numbers: set[int]) -> tuple[Block, ...]:
    """Return the blocks that stand on some pages, be it in part."""
    pages = [page for page in document.pages if page.number in numbers]
    return tuple(each for each in blocks if any(each.start < page.end and page.start < each.end for page in pages))
