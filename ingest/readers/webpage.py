"""A page of the web made ready for pandoc: its own text alone, without menus, scripts, forms and what is hidden."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lxml import etree, html

from ingest.readers import TooBigError
from ingest.readers.office import Ready, gave_up

_DROPPED = {
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "applet", "audio", "video"),
    *("canvas", "map", "nav", "aside", "dialog", "input", "select", "textarea", "button", "datalist"),
}
_DROPPED_ROLES = {"navigation", "banner", "contentinfo", "dialog", "alertdialog"}
_NOTES = {"doc-footnote", "doc-endnote", "doc-endnotes"}
"""The roles of notes, which may stand in an aside."""
_MAY_BE_KEPT = ("header", "footer", "button")
_PARTS_OF_A_PAGE = {"article", "main", "section"}
"""What a header or footer may belong to, so that it is not the page's; elements and roles."""
_HOLD_BUTTONS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"}
"""Where a button that opens and shuts a section holds the section's heading."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DATES = ("article:published_time", "date", "dcterms.date", "dc.date", "dcterms.created")


def ready_html(path: Path) -> Ready:
    """Write a page's own text anew, in UTF-8. Raises `TooBigError` where it is nested too deep."""
    root = _root(decoded(path.read_bytes()))
    metas = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content") for meta in root.iter("meta")
    }
    title = " ".join((root.findtext("head/title") or metas.get("og:title") or "").split())
    text, hidden = _own_text(root)
    dates = [*(metas.get(name) for name in _DATES), *(time.get("datetime") for time in text.iter("time"))]
    for element in [text, *text.iter("main")]:
        element.tag = "div"  # pandoc would read the main part alone
    inner = etree.tostring(text, encoding="utf-8", method="html", with_tail=False)
    path.write_bytes(b"<html><body>" + inner + b"</body></html>")
    return Ready(title, next(filter(None, dates), ""), hidden)


def _root(text: str) -> Any:
    """Return the page's root. Raises `TooBigError` where the parser gives up."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    root = etree.fromstring(text.replace("\0", "").encode(errors="replace"), parser)
    if gave_up(parser):
        raise TooBigError
    return html.document_fromstring("<p></p>") if root is None else root


_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SINGLE_BYTES = re.compile(r"(?:iso-8859-|windows-|cp|latin|mac|koi8)[\w-]+")
_DECLARED_WITHIN = 2048


def decoded(data: bytes) -> str:
    """Return a page's text: in UTF-16 by its mark, as it declares, else as UTF-8, else as Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    declared = _CHARSET.search(data[:_DECLARED_WITHIN])
    name = declared[1].decode("ascii", errors="replace").lower() if declared else ""
    wanted = [{"iso-8859-1": "cp1252", "latin1": "cp1252"}.get(name, name)] if _SINGLE_BYTES.fullmatch(name) else []
    for encoding in (*wanted, "utf-8-sig"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors="replace")


def _own_text(root: Any) -> tuple[Any, bool]:
    """Return the element that holds the page's own text and no more, and whether text in it was hidden."""
    for element in list(root.iter(etree.Element)):
        if _is_dropped(element):
            element.drop_tree()
    concealed = [element for element in root.iter() if element.tag not in ("html", "body") and _is_concealed(element)]
    text = _main(root, set(concealed))
    hidden = False
    for element in concealed:
        if element.get("aria-hidden") != "true" and text in element.iterancestors():
            hidden |= any(map(str.isalnum, element.text_content()))
        element.drop_tree()
    return text, hidden


def _main(root: Any, concealed: set[Any]) -> Any:
    """Return the only main part, else the only article, else the body."""
    body = root.find("body")
    mains = [element for element in root.iter() if element.tag == "main" or element.get("role") == "main"]
    for found in (mains, list(root.iter("article"))):
        shown = [element for element in found if concealed.isdisjoint([element, *element.iterancestors()])]
        if len(shown) == 1 and shown[0].text_content().strip():
            return shown[0]
    return root if body is None else body


def _is_dropped(element: Any) -> bool:
    """Tell whether an element is none of the page's own text."""
    tag, role = element.tag, (element.get("role") or "").strip().lower()
    if tag in ("html", "head", "body") or role in _NOTES:
        return False
    holders = list(element.iterancestors()) if tag in _MAY_BE_KEPT else []
    above = {name for holder in holders for name in (holder.tag, holder.get("role"))}
    if tag in ("header", "footer"):
        return role in _DROPPED_ROLES or above.isdisjoint(_PARTS_OF_A_PAGE)
    if tag == "button" and not above.isdisjoint(_HOLD_BUTTONS):
        return False
    return tag in _DROPPED or role in _DROPPED_ROLES


def _is_concealed(element: Any) -> bool:
    """Tell whether an element is hidden from a reader's eyes or, as decoration is, from those who hear the page."""
    marked = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return marked or _HIDING.search(element.get("style") or "") is not None
