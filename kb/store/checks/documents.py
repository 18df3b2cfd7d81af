"""The documents: whether each text is the one that was stored, and its blocks and chunks are places in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.blocks import parse_blocks
from kb.records import Block, Chunk, Document, Progress
from kb.shipped import sha256_of
from kb.store.catalogue import document_from_json, read_blocks
from kb.store.checks.finding import BUILD, REPAIR, REPAIR_THEN_BUILD, Finding, counted, named, ok, wrong
from kb.store.writer import text_to_embed

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What is raised where a row holds something else than what was written."""

FaultyPart = Literal["text", "cut"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A live document whose text is not what was stored, or whose blocks and chunks are not those of its text.

    It is `marked` once `tillit doctor --repair` has seen to it that it is taken in or cut again.
    """

    key: int
    name: str
    own: bool
    part: FaultyPart
    marked: bool
    file: str


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk as its row has it, with the hash of what was embedded of it."""

    chunk: Chunk
    embedded: str


def check_documents(connection: sqlite3.Connection, faults: Sequence[Fault]) -> list[Finding]:
    """Tell of the documents in which `faults_in` has found something."""
    findings = [*_of_texts(faults), *_of_own_texts(faults), *_of_cuts(faults)]
    if findings:
        return findings
    chunks = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    return [ok("documents", f"every text has its hash, every block and each of {chunks:,} chunks its place in a text")]


def _of_texts(faults: Sequence[Fault]) -> Iterator[Finding]:
    shipped = [fault for fault in faults if fault.part == "text" and not fault.own]
    if shipped:
        told = counted(shipped, "shipped text is", "shipped texts are")
        names = named(fault.name for fault in shipped)
        yield wrong("documents", f"{told} not what was stored: {names}", _then_build(shipped))


def _of_own_texts(faults: Sequence[Fault]) -> Iterator[Finding]:
    own = [fault for fault in faults if fault.part == "text" and fault.own]
    if own:
        told = counted(own, "text of your own is", "texts of your own are")
        names = named(fault.name for fault in own)
        yield wrong(
            "documents",
            f"{told} not what was stored: {names}",
            take_in_again([fault.file for fault in own], all(f.marked for f in own)),
        )


def _of_cuts(faults: Sequence[Fault]) -> Iterator[Finding]:
    cut = [fault for fault in faults if fault.part == "cut"]
    if cut:
        told = f"blocks or chunks do not fit {counted(cut, 'text')}: {named(fault.name for fault in cut)}"
        yield wrong("documents", told, _then_build(cut))


def _then_build(faults: Sequence[Fault]) -> str:
    return BUILD if all(fault.marked for fault in faults) else REPAIR_THEN_BUILD


def take_in_again(files: Sequence[str], marked: bool) -> str:
    """Return the advice to ingest files again, which is refused as unchanged until they are `marked`."""
    again = f"ingest again: {named(files)}"
    return f"I{again[1:]}" if marked else f"{REPAIR}, then {again}"


def faults_in(connection: sqlite3.Connection, progress: Progress) -> Iterator[Fault]:
    """Yield the live documents that are not as they were stored, by id and language."""
    rows = connection.execute(
        "SELECT key, id, language, origin, chunker, source, folder, path, record, text FROM documents "
        "WHERE state = 'live' ORDER BY id, language"
    )
    (total,) = connection.execute("SELECT count(*) FROM documents WHERE state = 'live'").fetchone()
    for done, row in enumerate(rows, 1):
        key, name, language, origin, chunker, source, folder, path, record, text = row
        part = faulty_part(connection, key, record, text)
        if part:
            own = origin == "own"
            marked = source == "" if own and part == "text" else chunker == ""
            yield Fault(key, f"{name} ({language})", own, part, marked, f"{folder}/{path}")
        if done % 50 == 0 or done == total:
            progress("check", done, total)


def faulty_part(connection: sqlite3.Connection, key: int, record: str, text: str) -> FaultyPart | None:
    """Return what of a document is not as it was stored, None where all is."""
    try:
        document = document_from_json(record, text)
        if document.sha256 != sha256_of(text) or document.title is None:
            return "text"
    except UNREADABLE:
        return "text"
    try:
        blocks = read_blocks(connection, key)
        chunks = stored_chunks(connection, key, document)
        return None if _fit(document, blocks, chunks) else "cut"
    except UNREADABLE:
        return "cut"


def stored_chunks(connection: sqlite3.Connection, key: int, document: Document) -> list[StoredChunk]:
    """Return a document's chunks in the order of the text."""
    rows = connection.execute(
        'SELECT block_first, block_last, "start", "end", headings, embedded FROM chunks WHERE document = ? '
        'ORDER BY "start", key',
        (key,),
    )
    return [
        StoredChunk(
            Chunk(document.id, document.language, first, last, start, end, document.text[start:end], _path(headings)),
            embedded,
        )
        for first, last, start, end, headings, embedded in rows
    ]


def _path(headings: str) -> tuple[str, ...]:
    return tuple(json.loads(headings))


def _fit(document: Document, blocks: Sequence[Block], chunks: Sequence[StoredChunk]) -> bool:
    """Tell whether blocks are those of the text, and chunks lie in their blocks, cover them, and were embedded so."""
    if tuple(blocks) != parse_blocks(document.text):
        return False
    covered = bytearray(len(document.text))
    for each in chunks:
        chunk = each.chunk
        inside = 0 <= chunk.block_first <= chunk.block_last < len(blocks)
        if not inside or not chunk.start < chunk.end:
            return False
        if chunk.start < blocks[chunk.block_first].start or chunk.end > blocks[chunk.block_last].end:
            return False
        if sha256_of(text_to_embed(document, chunk)) != each.embedded:
            return False
        covered[chunk.start : chunk.end] = b"\1" * (chunk.end - chunk.start)
    return all(_is_covered(document.text, covered, block) for block in blocks if block.kind != "heading")


def _is_covered(text: str, covered: bytearray, block: Block) -> bool:
    """Tell whether all but white space of a block is in a chunk."""
    place = covered.find(0, block.start, block.end)
    while place >= 0:
        if not text[place].isspace():
            return False
        place = covered.find(0, place + 1, block.end)
    return True
