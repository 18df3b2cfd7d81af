"""Fixtures of the training's tests: a model trained on the made-up texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.training.run import run
from tests.kb.training.texts import SMALL, HashTeacher, sources


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Train on one thread: two wait for each other on busy cores, which takes longer than the work."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("student", "matching"):
            patch.setattr(f"kb.training.{module}.THREADS", 1)
        yield


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model; copy it before changing it."""
    folder = tmp_path_factory.mktemp("trained")
    run(sources(folder), HashTeacher(), folder / "model", SMALL)
    return folder / "model"
