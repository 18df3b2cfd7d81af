"""The child process that reads one file under limits: `python -m ingest.worker FORMAT PATH OUTFILE`.

A file can make its reader hang, crash or eat all memory, so this runs apart from the program. What was read is
written at once, one JSON object a line: `started`, then the number of pages and the document's properties, then each
page, then the verdict. A child that is killed leaves its pages.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from ingest.readers import Reading, verdict_of

if sys.platform != "win32":
    import resource

READERS: dict[str, str] = {
    "pdf": "ingest.readers.pdf",
    "docx": "ingest.readers.markup",
    "odt": "ingest.readers.markup",
    "epub": "ingest.readers.markup",
    "html": "ingest.readers.markup",
    "rtf": "ingest.readers.markup",
    "pptx": "ingest.readers.slides",
    "xlsx": "ingest.readers.sheets",
}
"""The module whose `read(path, reading)` reads files of each format."""

_BYTES_PER_CHARACTER = 12  # the most that one character takes as JSON in ASCII
_ROOM_FOR_THE_REST = 1 << 20


def main() -> None:
    """Read the file named on the command line."""
    options = _options()
    with options.report.open("w", encoding="ascii", buffering=1) as stream:

        def write(record: dict[str, Any]) -> None:
            stream.write(json.dumps(record) + "\n")

        logging.disable(logging.CRITICAL)
        limit(options.seconds, options.memory, options.characters * _BYTES_PER_CHARACTER + _ROOM_FOR_THE_REST)
        write({"started": True})
        reading = Reading(
            format=options.format,
            pages=options.pages,
            characters=options.characters,
            seconds=options.seconds,
            memory=options.memory,
            write=write,
            ocr=options.ocr,
        )
        try:
            verdict = import_module(READERS[options.format]).read(options.path, reading)
        except Exception as error:  # noqa: BLE001  (a hostile file makes its reader raise anything)
            verdict = verdict_of(error)
        write({"verdict": verdict})
    gc.freeze()  # else all that was imported is looked through at the end, as long as a page takes to read


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Read a file under limits.")
    parser.add_argument("format", choices=READERS)
    parser.add_argument("path", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--characters", type=int, required=True)
    parser.add_argument("--ocr", default="")
    return parser.parse_args()


def limit(seconds: int, memory: int, file_bytes: int) -> None:
    """Limit this process: seconds of the processor, bytes of memory and of each file that it writes.

    Where the platform cannot, the parent's clock alone holds.
    """
    if sys.platform == "win32":
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_AS: memory,
    }
    for kind, value in wanted.items():
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (limit, hard))
        except (ValueError, OSError):
            logging.getLogger(__name__).warning("limit %s cannot be set here", kind)


if __name__ == "__main__":
    main()
