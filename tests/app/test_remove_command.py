"""`tillit remove` tells what takes so long."""

from __future__ import annotations

import io
import threading

import pytest

from app.commands.remove import LONG, telling


class Written(io.StringIO):
    """A stream that notes when a line has been written."""

    def __init__(self):
        super().__init__()
        self.line = threading.Event()

    def write(self, text):
        super().write(text)
        if "\n" in text:
            self.line.set()


def test_what_takes_long_is_told_while_it_does(monkeypatch):
    stream = Written()
    monkeypatch.setattr("sys.stderr", stream)
    with telling(0, quiet=False):
        assert stream.line.wait(30)
    assert stream.getvalue() == f"{LONG}\n"


@pytest.mark.parametrize(("seconds", "quiet"), [(600, False), (0, True)], ids=["quick", "quiet"])
def test_otherwise_nothing_is_told_and_nothing_is_left_running(capsys, seconds, quiet):
    before = threading.active_count()
    with telling(seconds, quiet):
        pass
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(30)
    assert (capsys.readouterr().err, threading.active_count()) == ("", before)
