"""What the assistant says of itself: its documents, versions, licences, and what is kept of visitors."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from app.labels import Labels, value
from eval.statistics import Estimate
from kb.fingerprint import SHOWN_DIGITS
from kb.knowledge_base import Status, program_version
from kb.retrieval.filters import Entry
from kb.settings import Settings
from kb.vocabulary import KINDS, LANGUAGES

PACKAGES = ("streamlit", "llama-index-core", "chromadb", "numpy", "pypdf", "pypdfium2")
"""The packages whose versions are told, beside Tillit's own and Python's."""
LICENCES = ("LICENSE", "NOTICE")
KEPT = {
    "feedback": ("session-feedback", "kept-feedback"),
    "refused": ("session-refused", "kept-refused"),
    "none": ("session-none", "kept-none"),
}
"""What is told of visitors' traces, by the setting `activity`."""


def html(parts: Sequence[str], say: Labels) -> str:
    """Return parts of a page as one piece of HTML."""
    return f'<div class="tillit" lang="{say.language}">{"".join(parts)}</div>'


def section(name: str, parts: Sequence[str], say: Labels) -> str:
    """Return a part of the page with its heading."""
    return html([f"<h2>{escape(say(name))}</h2>", *parts], say)


def abilities(measured: Mapping[str, Estimate], say: Labels) -> str:
    """Return what the assistant can and cannot do, with the measured figures, of 100."""
    share = {name: f"{made.mean:.0f}" for name, made in measured.items()}
    missing = {name: f"{100 - made.mean:.0f}" for name, made in measured.items()}
    can = [say("can-cite"), say("can-languages"), say("can-refuse", n=share["refused"]), say("can-other-side")]
    cannot = [
        say("cannot-know"),
        say("cannot-all", n=missing["facts"]),
        say("cannot-miss", n=missing["refused"]),
        say("cannot-judge"),
    ]
    return section("can", [_list(can)], say) + section("cannot", [_list(cannot)], say)


def documents(status: Status, entries: Sequence[Entry], say: Labels) -> str:
    """Return where the documents come from and how many there are, of which kind, in which languages."""
    kinds = Counter({entry.id: entry.kind for entry in entries}.values())
    rows = [(value(kind, say.language), kinds[kind]) for kind in (*KINDS, *sorted(kinds.keys() - set(KINDS)))]
    shown = ", ".join(f"{name}: {count}" for name, count in rows if count)
    codes = (*LANGUAGES, *sorted(status.texts.keys() - set(LANGUAGES)))
    texts = ", ".join(f"{value(code, say.language)}: {status.texts[code]}" for code in codes if code in status.texts)
    own = say("own", n=status.own_documents) if status.own_documents else say("no-own")
    facts = [(say("documents"), f"{status.documents} ({shown})"), (say("texts"), texts)]
    return section("sources", [_paragraph(say("summaries")), _paragraph(own), _table(facts)], say)


def privacy(settings: Settings, say: Labels) -> str:
    """Return what is stored of visitors and for how long, as the settings say."""
    kept = [say(name, days=settings.activity_days) for name in KEPT[settings.activity]]
    return section("privacy", [_list([*kept, say("link"), say("no-host"), say("own-rules")])], say)


def privacy_setting(settings: Settings, say: Labels) -> str:
    """Return how to store nothing, for those who run the assistant; Markdown of our own."""
    return say("nothing-set" if settings.activity == "none" else "store-nothing")


def versions(status: Status, say: Labels) -> str:
    """Return versions and fingerprints, by which two installations can be compared."""
    prints = [("corpus", status.corpus), ("index", status.index), ("answer", status.answer)]
    rows = [("Tillit", program_version()), ("Python", platform.python_version())]
    rows += [(name, found) for name in PACKAGES if (found := _version(name))]
    rows += [(say("model"), status.model or "–"), (say("updated"), status.updated[:10])]
    rows += [(say(name), each[:SHOWN_DIGITS]) for name, each in prints]
    return section("versions", [_paragraph(say("fingerprint")), _table(rows)], say)


def licensing(say: Labels) -> str:
    """Return whose the program and the documents are."""
    return section("licences", [_paragraph(say("licence"))], say)


def licences() -> dict[str, str]:
    """Return the licence files of the program by name: the installed ones, else those of the folder that it runs in."""
    found = {name: _installed(name) or _beside(name) for name in LICENCES}
    return {name: text for name, text in found.items() if text}


def _installed(name: str) -> str | None:
    try:
        return distribution("tillit").read_text(f"licenses/{name}")
    except PackageNotFoundError:
        return None


def _beside(name: str) -> str | None:
    path = Path(__file__).resolve().parents[1] / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def licence(text: str) -> str:
    """Return a licence's text as HTML; it is in English in every language."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.strip().split("\n\n"))
    return f'<div class="tillit" lang="en"><div class="print">{paragraphs}</div></div>'


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(each)}</td></tr>' for name, each in rows)
    return f"<table><tbody>{lines}</tbody></table>"
