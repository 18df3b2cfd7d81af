"""Peak memory is that of a stretch of work, and of the children that it has."""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import pytest

from app import bench_memory
from app.bench_memory import peak_so_far, peaks

MEGABYTE = 1 << 20
CHILD = "import sys; block = bytes([1]) * (150 << 20); print('ready', flush=True); sys.stdin.read()"

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of the memory of a stretch of work")


@linux
def test_what_was_used_before_does_not_count():
    with peaks() as before:
        block = bytes([1]) * (300 * MEGABYTE)
        del block
    with peaks() as after:
        pass
    assert before.own > after.own + 250


@linux
def test_the_largest_child_is_seen_while_it_lives():
    command = [sys.executable, "-c", CHILD]
    with peaks() as found, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"ready\n"
        deadline = time.monotonic() + 30
        while (found.children or 0) < 150 and time.monotonic() < deadline:
            time.sleep(0.01)
        child.stdin.close()
    assert 150 < found.children < 250


def test_without_children_none_is_told_of():
    with peaks() as found:
        pass
    assert found.children is None


def test_where_the_kernel_does_not_tell_it_is_the_peak_of_the_peak_so_far(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_memory, "_PROCESS", tmp_path / "none")
    with peaks() as found:
        pass
    assert (found.own, found.children) == (peak_so_far(resource.RUSAGE_SELF), None)
