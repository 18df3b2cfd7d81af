"""Fingerprints: what an answer depends on, as hashes that stand under it.

corpus = sorted (id, language, text sha256, metadata); index = corpus + chunker version + model ids;
answer = index + program version + the settings that affect answers + weights.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from kb.records import Document

SHOWN_DIGITS = 12


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value in its canonical form."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def document_digest(document: Document, origin: str) -> str:
    """Return the hash of one text with all its metadata."""
    fields = {name: value for name, value in asdict(document).items() if name not in ("text", "pages")}
    return digest({**fields, "origin": origin})


def corpus_fingerprint(digests: Iterable[tuple[str, str, str]]) -> str:
    """Return the fingerprint of (id, language, digest) triples, in whatever order they come."""
    return digest(sorted(digests))


def index_fingerprint(corpus: str, chunker: str, models: Iterable[str]) -> str:
    """Return the fingerprint of an index."""
    return digest([corpus, chunker, sorted(models)])


def answer_fingerprint(index: str, version: str, settings: dict[str, object]) -> str:
    """Return the fingerprint of the answers of an index under some settings."""
    return digest([index, version, settings])
