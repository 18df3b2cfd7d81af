"""ZIP packages (Office Open XML, OpenDocument, EPUB): whether one is safe to unpack, told before anything is."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from ingest.readers import TooBigError
from kb.zips import BROKEN

MOST_BYTES = 200_000_000
"""Bytes that all members together may take unpacked."""
LARGE_MEMBER = 20_000_000
"""Bytes from which on a member's ratio counts; short members are often packed well."""
MOST_RATIO = 200
"""Unpacked bytes to packed ones, of a large member."""


def check_package(path: Path) -> None:
    """See by its directory that a package does not unpack to too much.

    `zipfile` never reads more of a member than the directory says. Raises `TooBigError`, or `ValueError` where the
    ZIP is broken.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (*BROKEN, OSError) as error:
        raise ValueError(f"not a ZIP package: {error}") from error
    if sum(member.file_size for member in members) > MOST_BYTES or any(map(_bomb, members)):
        raise TooBigError


def _bomb(member: zipfile.ZipInfo) -> bool:
    return member.file_size > LARGE_MEMBER and member.file_size > MOST_RATIO * max(member.compress_size, 1)


def xml_parts(path: Path, parse: Callable[[bytes], object]) -> tuple[BytesIO, list[str]]:
    """Return the package with its XML parts alone, and the names of those left out because they are broken.

    A library that refuses a whole file for one broken part can read the rest, and holds no pictures in memory.
    """
    slim, broken = BytesIO(), []
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(slim, "w") as kept:
        for name in dict.fromkeys(package.namelist()):
            if not name.endswith((".xml", ".rels")):
                continue
            try:
                data = package.read(name)
                parse(data)
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001  (zlib, zipfile and XML parsers each have errors of their own)
                broken.append(name)
            else:
                kept.writestr(name, data)
    return slim, broken
