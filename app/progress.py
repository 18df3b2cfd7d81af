"""Progress of long work as bars on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from kb.records import Progress

LABELS = {
    "documents": "Documents",
    "files": "Files",
    "embed": "Embedding",
    "index": "Vector index",
    "terms": "Search terms",
    "verify": "Verifying",
    "making": "Making files",
    "check": "Texts",
    "originals": "Originals",
    "vectors": "Vectors",
    "copy": "Copying",
    "backup": "Writing",
    "hashes": "Checking",
    "restore": "Unpacking",
    "questions": "Questions",
    "corpus": "Reading texts",
    "tokenizer": "Tokenizer",
    "teacher": "Teacher",
    "train": "Training",
    "evaluate": "Evaluating",
    "directions": "Directions",
    "texts": "Text shares",
    "visitors": "Visitors",
    "without a pause": "Without pause",
}


@contextmanager
def bars(quiet: bool) -> Iterator[Progress]:
    """Give a callback that draws one bar a stage on stderr, if that is a terminal, with the time that is left.

    What comes without a total (pages, chunks) is counted beside the bar of files.
    """
    from tqdm import tqdm

    open_bars: dict[str, tqdm[None]] = {}

    counts: dict[str, int] = {}

    def report(stage: str, done: int, total: int) -> None:
        if not total:
            if done and "files" in open_bars:
                counts[stage] = done
                open_bars["files"].set_postfix(counts)
            return
        if stage not in open_bars:
            open_bars[stage] = tqdm(
                total=total, desc=f"{LABELS.get(stage, stage):<13}", disable=quiet or None, file=sys.stderr, leave=True
            )
        bar = open_bars[stage]
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield report
    finally:
        for bar in open_bars.values():
            bar.close()
