"""The real app in a process of its own, on a free port of the loopback, for as long as it is needed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.errors import KBError
from kb.settings import Settings

START_SECONDS, STOP_SECONDS = 120, 20


@dataclass(frozen=True, slots=True)
class Server:
    """The app that runs: where, and as which process."""

    port: int
    process: int

    @property
    def address(self) -> str:
        """Where a browser would find it."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> float | None:
        """Return the resident memory in megabytes, None where the kernel does not tell (not on Linux)."""
        with suppress(OSError):
            for line in Path(f"/proc/{self.process}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return None


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """Give the app over the data folder of the settings once it answers; it is stopped whatever happens.

    Raises `KBError` with what the app said where it does not start.
    """
    port = _free_port()
    where = ("--data", str(settings.data), "--address", "127.0.0.1", "--port", str(port))
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "app.cli", "ui", "--no-browser", *where]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            _await(process, port, log)
            yield Server(port, process.pid)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if _answers(port):
            return
        time.sleep(0.2)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["nothing"]
    raise KBError(f"The app did not start. Its last words: {said[-1]}")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
