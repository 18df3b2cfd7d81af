"""What all sessions of the app share: one knowledge base, opened once and warmed up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings, load_settings
from kb.vocabulary import LANGUAGES

if TYPE_CHECKING:
    from kb.retrieval.filters import Entry

STRIDE = 37
"""Step through the documents of a kind, so that suggestions come from different places."""
LONGEST_SUGGESTION = 90
"""Characters, two lines on a phone."""

FOLDER = Path(__file__).resolve().parent / "pages"
ICON = FOLDER.parent / "icon.png"
PAGES = {
    "ask": ":material/forum:",
    "cases": ":material/cases:",
    "library": ":material/local_library:",
    "glossary": ":material/dictionary:",
    "documents": ":material/upload_file:",
    "quality": ":material/monitoring:",
    "about": ":material/info:",
}
"""The pages by name, with their icons, in the order of the navigation."""

PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
"""The headers by which a proxy tells for whom it asks."""

_settings: list[Settings] = []


def configure(settings: Settings) -> None:
    """Set what the app runs with; called before the server starts."""
    _settings[:] = [settings]
    get_kb.cache_clear()


def settings() -> Settings:
    """Return what the app runs with."""
    return _settings[0] if _settings else load_settings()


def pages() -> dict[str, str]:
    """Return the pages that this visitor may see, with their icons."""
    adding = settings().uploads and may_maintain()
    return {name: icon for name, icon in PAGES.items() if name != "documents" or adding}


def may_maintain() -> bool:
    """Tell whether this visitor may change what is known.

    Where signing in is set up, those who are signed in may; else those who sit at the machine itself: the app listens
    there alone, and was not asked through a proxy.
    """
    import streamlit as st

    if signs_in():
        return bool(st.user.is_logged_in)
    headers = st.context.headers
    host = re.sub(r":\d+$", "", headers.get("Host") or "localhost").strip("[]")
    passed_on = any(name in headers for name in PASSED_ON)
    return _is_loopback(settings().address) and _is_loopback(host) and not passed_on


def signs_in() -> bool:
    """Tell whether visitors can sign in: by OIDC, as Streamlit's secrets set it up."""
    import streamlit as st

    return "is_logged_in" in st.user


def _is_loopback(address: str) -> bool:
    """Tell whether an address, or the name that all machines have for it, is that of the machine itself."""
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def page(name: str) -> Path:
    """Return the file of a page, for going there."""
    return FOLDER / f"{name}.py"


@lru_cache(maxsize=1)
def get_kb() -> KnowledgeBase:
    """Return the knowledge base that all sessions share."""
    return KnowledgeBase(settings())


def years() -> tuple[int, int]:
    """Return the first and the last year of the documents, for the filter; always a range."""
    try:
        known = {entry.year for entry in get_kb().entries() if entry.year is not None}
    except KBError:
        known = set()
    last = max(known, default=2025)
    return min(known | {last - 1}), last


def suggestions(language: str, count: int) -> list[str]:
    """Return questions that the shipped documents answer, each of another document, spread over the kinds.

    They are first questions, which ask for what a document as a whole is about; those that are long are left out.
    """
    kb = get_kb()
    by_kind: dict[str, list[Entry]] = {}
    for entry in kb.entries():
        if entry.language == language and entry.origin == "shipped":
            by_kind.setdefault(entry.kind, []).append(entry)
    kinds = sorted(by_kind)
    offset = LANGUAGES.index(language) * count if language in LANGUAGES else 0
    chosen: list[str] = []
    for place in range(offset, offset + count * len(kinds)):
        entries = by_kind[kinds[place % len(kinds)]]
        turned = place * STRIDE % len(entries)
        question = _first_question(kb, entries[turned:] + entries[:turned])
        chosen += [question] if question and question not in chosen else []
        if len(chosen) == count:
            break
    return chosen


def _first_question(kb: KnowledgeBase, entries: Sequence[Entry]) -> str | None:
    """Return the first question of the first document whose is short, else of the first document; None without any."""
    documents = (kb.document(entry.id, entry.language) for entry in entries)
    questions = (found[0].questions[0] for found in documents if found and found[0].questions)
    first = next(questions, None)
    return next((each for each in chain([first], questions) if each and len(each) <= LONGEST_SUGGESTION), first)
