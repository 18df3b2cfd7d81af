"""Word, OpenDocument, EPUB and RTF files made ready for pandoc.

What a reader of the document does not see is taken out, and what pandoc passes over (text boxes, fields, changes that
name no author) is put where it finds it. What each file says of itself is read on the way.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.readers import EncryptedError, TooBigError
from ingest.readers.package import check_package


@dataclass(frozen=True, slots=True)
class Ready:
    """What a file says of itself, and whether it holds text that is hidden from its readers."""

    title: str = ""
    created: str = ""
    hidden: bool = False


def _xml(data: bytes) -> Any:
    """Return the root of XML that a program wrote. Raises `ValueError` where it declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if gave_up(parser):
            raise TooBigError from error
        raise
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a document type stands where none belongs")
    return root


def gave_up(parser: Any) -> bool:
    """Tell whether a parser of lxml has met more, or nested deeper, than it takes."""
    return any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)


def _parts(path: Path, names: Iterable[str], properties: str) -> tuple[dict[str, Any], Any]:
    """Return the roots of those of a package's XML parts that there are, and of its properties (if need be, empty).

    Raises `TooBigError`, `EncryptedError`, and other errors where a part is broken.
    """
    check_package(path)
    with zipfile.ZipFile(path) as package:
        if any(member.flag_bits & 1 for member in package.infolist()):
            raise EncryptedError
        there = set(package.namelist())
        parts = {name: _xml(package.read(name)) for name in names if name in there}
        try:
            return parts, _xml(package.read(properties))
        except (KeyError, ValueError, etree.XMLSyntaxError):
            return parts, etree.Element("none")


def _write_parts(path: Path, parts: dict[str, Any]) -> None:
    """Write a package anew with these XML parts and without its pictures."""
    whole = path.rename(path.with_suffix(".whole"))
    with zipfile.ZipFile(whole) as package, zipfile.ZipFile(path, "w") as kept:
        for name in dict.fromkeys(package.namelist()):
            if name in parts:
                kept.writestr(name, etree.tostring(parts[name], encoding="UTF-8", xml_declaration=True))
            elif name.endswith((".xml", ".rels", "mimetype")):
                kept.writestr(name, package.read(name))


def _said(properties: Any, name: str) -> str:
    """Return the text of the first element of that name, nothing where there is none."""
    element = next(properties.iter("{*}" + name), None)  # "{*}": there are two namespaces of each kind
    return "" if element is None else element.text or ""


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _lift_boxes(root: Any, name: str) -> None:
    """Put what stands in text boxes below the paragraphs to which they are tied; pandoc passes over the boxes."""
    for box in reversed(list(root.iter("{*}" + name))):
        if next(box.iterancestors("{*}Fallback"), None) is None:  # which says the same again
            above = next(box.iterancestors("{*}p", "{*}h"), box.getparent())
            for child in reversed(list(box)):
                above.addnext(child)


def ready_odt(path: Path) -> Ready:
    """Put text boxes where pandoc reads them. Raises as `_parts` does."""
    parts, said = _parts(path, ["content.xml"], "meta.xml")
    for root in parts.values():
        _lift_boxes(root, "text-box")
    _write_parts(path, parts)
    return Ready(_said(said, "title"), _said(said, "creation-date"))


_WORD_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_WORD_STYLES = "word/styles.xml"


def ready_docx(path: Path) -> Ready:
    """Accept the changes, lift text boxes and take vanished text out of a Word file. Raises as `_parts` does."""
    parts, said = _parts(path, (*_WORD_TEXTS, _WORD_STYLES), "docProps/core.xml")
    styles = parts.pop(_WORD_STYLES, etree.Element("none"))
    vanishing = {
        _value(style, "styleId") for style in styles.iter("{*}style") if _is_on(style.find("{*}rPr/{*}vanish"))
    }
    hidden = False
    for root in parts.values():
        _accept_changes(root)
        for run in list(root.iter("{*}r")):
            hidden |= _is_hidden(run, vanishing)
        _lift_boxes(root, "txbxContent")
    _write_parts(path, parts)
    return Ready(_said(said, "title"), _said(said, "created"), hidden)


def _accept_changes(root: Any) -> None:
    """Take out what was deleted, and the marks around what was inserted and around simple fields."""
    for change in list(root.iter("{*}del", "{*}moveFrom")):
        holder = change.getparent()
        if _local(holder) == "trPr":
            holder.getparent().getparent().remove(holder.getparent())
        elif _local(holder) != "rPr":
            holder.remove(change)
    for change in list(root.iter("{*}ins", "{*}moveTo", "{*}fldSimple")):
        for child in list(change):
            change.addprevious(child)
        change.getparent().remove(change)


def _is_hidden(run: Any, vanishing: set[str]) -> bool:
    """Tell whether a run has text that cannot be seen; one that is marked so loses its text, which pandoc would keep.

    White text is taken for hidden where no ground is set for it, and so is text of 2 points or less.
    """
    look = run.find("{*}rPr")
    if look is None and not vanishing:
        return False
    seen = any((text.text or "").strip() for text in run.iter("{*}t"))
    if _is_on(None if look is None else look.find("{*}vanish")) or _styles(run) & vanishing:
        for child in list(run):
            if _local(child) not in ("rPr", "fldChar", "instrText"):
                run.remove(child)
        return seen
    if not seen or look is None:
        return False
    size = _value(look.find("{*}sz"))
    white = _value(look.find("{*}color")).upper() == _WHITE
    return (size.isdecimal() and int(size) <= _SMALLEST) or (white and not _on_ground(run))


def _styles(run: Any) -> set[str]:
    paragraph = next(run.iterancestors("{*}p"), run)
    return {_value(run.find("{*}rPr/{*}rStyle")), _value(paragraph.find("{*}pPr/{*}pStyle"))}


_SMALLEST = 4
"""Half points."""
_WHITE = "FFFFFF"


def _on_ground(run: Any) -> bool:
    """Tell whether a run, its paragraph or its cell has a colour behind it, as a text box may have."""
    if next(run.iterancestors("{*}txbxContent"), None) is not None:
        return True
    grounds = [run.find("{*}rPr/{*}shd"), run.find("{*}rPr/{*}highlight")]
    grounds += [holder.find("{*}pPr/{*}shd") for holder in run.iterancestors("{*}p")]
    grounds += [holder.find("{*}tcPr/{*}shd") for holder in run.iterancestors("{*}tc")]
    return any(_value(ground, "fill", "val") not in ("", "auto", _WHITE) for ground in grounds)


def _value(element: Any, *names: str) -> str:
    """Return the first of these attributes ("val" if none is named) that an element has, nothing if there is none."""
    there = {} if element is None else {str(etree.QName(key).localname): value for key, value in element.attrib.items()}
    return next((str(there[name]) for name in names or ("val",) if name in there), "")


def _is_on(switch: Any) -> bool:
    return switch is not None and _value(switch) not in ("0", "false", "off")


def ready_epub(path: Path) -> Ready:
    """See that a book can be unpacked and is not locked. Raises `TooBigError`, `EncryptedError`, `ValueError`."""
    check_package(path)
    with zipfile.ZipFile(path) as package:
        locks = package.read(_EPUB_LOCKS) if _EPUB_LOCKS in package.namelist() else b""
    if _LOCKED_TEXT.search(locks):  # fonts may be
        raise EncryptedError
    return Ready()


_EPUB_LOCKS = "META-INF/encryption.xml"
_LOCKED_TEXT = re.compile(rb"URI\s*=\s*[\"'][^\"']*\.x?html?[\"'#]", re.IGNORECASE)


def ready_rtf(path: Path) -> Ready:
    """Write characters and notes so that pandoc reads them."""
    data = path.read_bytes()
    path.write_bytes(_RTF_MISREAD.sub(_mended_rtf, data))
    made = _RTF_CREATED.search(data)
    return Ready(created="-".join(part.decode().zfill(2) for part in made.groups()) if made else "")


# Pandoc loses letters after a character's number that no space ends, and notes that are marked as to be passed over.
_RTF_MISREAD = re.compile(rb"\\\\|(\\u-?\d{1,6})(?![\s\d\\{}])|\\\*\s*(?=\\footnote\b)")
_RTF_CREATED = re.compile(rb"\\creatim\s*\\yr(\d{4})\s*\\mo(\d{1,2})\s*\\dy(\d{1,2})")


def _mended_rtf(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return match[1] + b" "
    return match[0] if match[0] == b"\\\\" else b""
