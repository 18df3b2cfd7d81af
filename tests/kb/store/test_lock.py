"""One writer at a time; a lock dies with its holder."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import DataFolderError, LockedError
from kb.store.lock import Holder, look_at_lock, writer_lock
from tests.conftest import ROOT

HOLDER = """
import sys
from pathlib import Path
from kb.store.lock import Holder, look_at_lock, writer_lock
with writer_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of `tmp_path` until a line is written to it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def is_free(data: Path) -> bool:
    with writer_lock(data, 0):
        return True


def test_a_second_writer_is_told_which_process_writes(tmp_path, holder):
    with pytest.raises(LockedError) as caught:
        is_free(tmp_path)
    assert str(caught.value) == (f"Process {holder.pid} is writing to {tmp_path}. Wait until it is done and try again.")


@pytest.mark.parametrize("content", [None, ""], ids=["no file", "an empty file"])
def test_a_second_writer_is_refused_where_the_first_is_unknown(tmp_path, holder, content):
    (tmp_path / "writer.pid").unlink()
    if content is not None:
        (tmp_path / "writer.pid").write_text(content)
    with pytest.raises(LockedError) as caught:
        is_free(tmp_path)
    assert str(caught.value) == f"Another process is writing to {tmp_path}. Wait until it is done and try again."


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "writer.pid").read_text() == str(holder.pid)
    assert is_free(tmp_path)


def test_who_holds_a_lock_can_be_seen_without_taking_it(tmp_path, holder):
    assert look_at_lock(tmp_path) == Holder(holds=True, process=holder.pid, lives=True)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert look_at_lock(tmp_path) == Holder(holds=False, process=holder.pid, lives=False)


def test_looking_at_a_lock_makes_no_file(tmp_path):
    assert look_at_lock(tmp_path) == Holder(holds=False, process=None, lives=False)
    assert list(tmp_path.iterdir()) == []


def test_a_writer_waits_for_another_that_is_soon_done(tmp_path, holder):
    timer = threading.Timer(0.2, lambda: (holder.stdin.write("\n"), holder.stdin.flush()))
    timer.start()
    began = time.monotonic()
    with writer_lock(tmp_path, 10):
        assert time.monotonic() - began >= 0.2
    timer.join()


def test_two_threads_of_one_process_do_not_write_at_once(tmp_path):
    with writer_lock(tmp_path, 0):
        with pytest.raises(LockedError) as caught:
            is_free(tmp_path)
        assert str(caught.value).startswith(f"Process {os.getpid()} is writing")
    assert is_free(tmp_path)


def test_a_lock_names_its_holder_as_long_as_it_is_held(tmp_path):
    with writer_lock(tmp_path / "new" / "folder", 0):
        assert (tmp_path / "new" / "folder" / "writer.pid").read_text() == str(os.getpid())
    assert not (tmp_path / "new" / "folder" / "writer.pid").exists()


def test_an_error_frees_the_lock(tmp_path):
    with pytest.raises(KeyError), writer_lock(tmp_path, 0):
        raise KeyError
    assert is_free(tmp_path)


def test_two_data_folders_are_written_at_once(tmp_path):
    with writer_lock(tmp_path / "a", 0):
        assert is_free(tmp_path / "b")


def test_a_lock_on_a_full_disk_is_held_without_a_name(tmp_path, monkeypatch):
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with writer_lock(tmp_path, 0), pytest.raises(LockedError, match=r"^Another process"):
        is_free(tmp_path)


@pytest.mark.parametrize(
    ("below", "reason"), [("", "File exists"), ("/deeper", "Not a directory")], ids=["a file", "below a file"]
)
def test_a_folder_that_cannot_be_written_is_told_of_in_one_sentence(tmp_path, below, reason):
    (tmp_path / "file").write_text("a file")
    data = Path(f"{tmp_path}/file{below}")
    with pytest.raises(DataFolderError) as caught:
        is_free(data)
    assert str(caught.value) == (
        f"The data folder {data} cannot be used ({reason}). Choose another with --data or TILLIT_DATA."
    )
