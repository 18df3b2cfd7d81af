"""The library as HTML: shelves, facts about a source, two languages side by side; pure, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from app.cases import Span
from app.labels import Labels, value
from app.library import Book, Opened, Text, same_place, shared
from app.reader import badges_html, blocks_html, document_html, whose_html
from kb.answering import quoting
from kb.records import Block, Document
from kb.retrieval.filters import Entry
from kb.words.wording import OWN_NAMES

MEANING = {
    "research": "research-means",
    "evaluation": "evaluation-means",
    "experience": "experience-means",
    "policy": "policy-means",
    "supportive": "supportive-means",
    "mixed": "mixed-means",
    "critical": "critical-means",
}
"""The texts that say what a value of evidence or stance means."""


def shelf_html(books: Sequence[Book], say: Labels) -> str:
    """Return documents as a list; each title presses the button with the key that `key_of` gives."""
    items = "".join(_item(book.document, say) for book in books)
    return f'<div class="tillit" lang="{say.language}"><ul class="shelf">{items}</ul></div>'


def top_html(name: str) -> str:
    """Return where the page's script scrolls to when something else is shown than before, which `name` tells."""
    return f'<span class="library-top" id="passage" tabindex="-1" data-shown="{escape(name)}"></span>'


def key_of(document_id: str) -> str:
    """Return the key of the button that opens a document."""
    return f"read-{document_id}"


def _item(document: Document, say: Labels) -> str:
    foreign = document.language != say.language
    badge = f'<span class="badge">{escape(value(document.language, say.language))}</span>' if foreign else ""
    return (
        f"<li>{_title(document.id, document.title, document.language)}"
        f'<div class="facts">{escape(document.organisation or "")}</div>'
        f'<div class="facts">{badges_html(document, say.language)}{badge}</div></li>'
    )


def _title(document_id: str, title: str, language: str) -> str:
    pressed = escape(key_of(document_id))
    return f'<button class="title" data-press="{pressed}" lang="{escape(language)}">{escape(title)}</button>'


def related_html(document: Document, entries: Sequence[Entry], say: Labels) -> str:
    """Return related documents as a list, each with what it has in common with this one."""
    items, in_common, heading = [], say("shared"), say("related")
    for entry in entries:
        common = ", ".join(value(each, say.language) for each in shared(document, entry))
        told = f"{in_common}: {common}" if common else say("alike")
        title = _title(entry.id, entry.title, entry.language)
        items.append(f'<li>{title}<div class="facts">{escape(told)}</div></li>')
    listed = f'<h2>{escape(heading)}</h2><ul class="shelf">{"".join(items)}</ul>'
    return f'<div class="tillit" lang="{say.language}">{listed}</div>'


def head_html(opened: Opened, say: Labels) -> str:
    """Return what stands below a document's title: badges, whose words it is, the link to the original."""
    document = opened.text.document
    badges = f'<div class="facts">{badges_html(document, say.language)}</div>'
    return f'<div class="tillit" lang="{say.language}">{badges}{whose_html(document, say.language)}</div>'


def facts_html(opened: Opened, say: Labels) -> str:
    """Return what is known of a document's source as a list of terms; what nobody gave is told as guessed."""
    rows = "".join(
        f"<dt>{escape(term)}</dt><dd{lang}>{escape(told)}{_means(meaning, say)}</dd>"
        for term, told, meaning, lang in _facts(opened.text.document, say)
        if told
    )
    heading = f"<h2>{escape(say('source'))}</h2>"
    return f'<div class="tillit" lang="{say.language}">{heading}<dl class="about">{rows}</dl></div>'


def _means(name: str, say: Labels) -> str:
    return f'<div class="print">{escape(say(MEANING[name]))}</div>' if name in MEANING else ""


def _facts(document: Document, say: Labels) -> Iterator[tuple[str, str, str, str]]:
    """Yield of each fact its name, what it is, of which value the meaning is told, and an attribute."""
    named, language = Labels("app", say.language), say.language

    def told(name: str, *values: str) -> str:
        known = ", ".join(value(each, language) for each in values if each)
        return f"{known} ({say('guessed')})" if known and name in document.guessed else known

    if "title" in document.guessed:
        yield say("title"), told("title", document.title), "", f' lang="{escape(document.language)}"'
    yield say("organisation"), document.organisation or "", "", ""
    yield say("publisher"), document.publisher or "", "", ""
    yield named("year"), told("year", str(document.year or "")), "", ""
    yield named("country"), told("country", document.country or ""), "", ""
    yield named("sector"), told("sectors", *document.sectors), "", ""
    yield named("theme"), told("themes", *document.themes), "", ""
    yield named("evidence"), told("evidence", document.evidence), document.evidence, ""
    yield named("stance"), told("stance", document.stance), document.stance, ""
    original = f' lang="{escape(document.source_language or document.language)}"'
    yield say("original-title"), document.original_title or "", "", original
    if document.source_language:
        yield say("source-language"), value(document.source_language, language), "", ""
    elif document.text_by == "source":
        yield named("language"), told("language", document.language), "", ""


# The text --------------------------------------------------------------------------------------


def text_html(opened: Opened, say: Labels) -> str:
    """Return a document's text with what is marked, beside that in another language where one is open."""
    marked = [opened.at] if opened.at else []
    text = opened.text
    if opened.beside is None:
        heading = f'<div class="tillit"><h2 class="label">{escape(say("text"))}</h2></div>'
        return heading + document_html(text.document, text.blocks, marked, opened.at[0] if opened.at else None)
    place = same_place(text, opened.at, opened.beside) if opened.at else None
    return _beside_html(text, marked, opened.beside, [place] if place else [])


def _beside_html(text: Text, marked: Sequence[Span], other: Text, also: Sequence[Span]) -> str:
    """Return two texts side by side, block by block where they align, else whole beside whole."""
    names = "".join(
        f'<div class="label">{escape(language_name(each.document.language))}</div>' for each in (text, other)
    )
    groups: list[tuple[Sequence[Block], Sequence[Block]]] = [(text.blocks, other.blocks)]
    if quoting.aligned(text.blocks, other.blocks):
        groups = [((mine,), (theirs,)) for mine, theirs in zip(text.blocks, other.blocks, strict=True)]
    rows: list[str] = []
    for mine, theirs in groups:
        rows += _cell(text.document, mine, marked, anchor=True), _cell(other.document, theirs, also, anchor=False)
    return f'<div class="tillit reading beside">{names}{"".join(rows)}</div>'


def _cell(document: Document, blocks: Sequence[Block], marked: Sequence[Span], anchor: bool) -> str:
    body = blocks_html(document, blocks, marked, marked[0][0] if anchor and marked else None)
    return f'<div lang="{escape(document.language)}">{body}</div>'


def language_name(code: str) -> str:
    """Return what a language calls itself, its code where it is none of ours."""
    return OWN_NAMES.get(code, code)
