"""Files that pandoc reads (docx, odt, epub, html, rtf): made ready for it, read by it, written as Markdown.

Nothing is fetched from anywhere: pandoc runs in its sandbox.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ingest.readers import Reading, TooBigError, Verdict
from ingest.readers.office import Ready, ready_docx, ready_epub, ready_odt, ready_rtf
from ingest.readers.pandoc_blocks import Node, lighter, markdown_of, meta_text, opening_blocks
from ingest.readers.webpage import ready_html

MAKE_READY: dict[str, Callable[[Path], Ready]] = {
    "docx": ready_docx,
    "odt": ready_odt,
    "epub": ready_epub,
    "html": ready_html,
    "rtf": ready_rtf,
}
"""What is done to a file of each format, in its place, before pandoc reads it."""

_HEAP_EXHAUSTED = 251
_DEEPEST_NODE = 5000


def read(path: Path, reading: Reading) -> Verdict:
    """Read a file as one page of Markdown; the file is overwritten. The note "hidden" says that it has hidden text.

    Raises `TooBigError`, `EncryptedError`, and other errors where the file is broken.
    """
    ready = MAKE_READY[reading.format](path)
    try:
        document = _pandoc(path, reading)
        meta = document["meta"]
        opening = opening_blocks(meta) if reading.format == "docx" else []
        text = markdown_of([*opening, *document["blocks"]], reading.characters)
    except RecursionError:
        raise TooBigError from None
    title = (meta_text(meta, "title") if opening else "") or ready.title or meta_text(meta, "title")
    reading.begin(1, title, ready.created or meta_text(meta, "date"))
    reading.page(0, text, *(["hidden"] if ready.hidden else []))
    return "ok"


def _pandoc(path: Path, reading: Reading) -> Node:
    """Return what pandoc reads: its "meta" and its "blocks". Raises `TooBigError`, or `ValueError` where it fails."""
    import pypandoc

    output = path.with_suffix(".json")
    heap = f"-M{max(16, reading.memory * 3 // 4 >> 20)}M"  # the program itself takes the rest
    command = [pypandoc.get_pandoc_path(), "--sandbox", "+RTS", heap, "-RTS", "-f", reading.format, "-t", "json", path]
    with output.open("wb") as stream:
        try:
            code = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.DEVNULL,
                timeout=reading.seconds,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise TooBigError from None
    if code == _HEAP_EXHAUSTED or code < 0:  # a signal comes from a limit
        raise TooBigError
    if code:
        raise ValueError(f"pandoc cannot read the file (exit code {code})")
    sys.setrecursionlimit(_DEEPEST_NODE)
    with output.open(encoding="utf-8") as stream:
        document: Node = json.load(stream, object_hook=lighter)
    return document
