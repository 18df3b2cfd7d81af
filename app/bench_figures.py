"""Figures of `tillit bench`: what one is, and how durations are taken."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure with its unit.

    `times` is it divided by the calibration, for durations; `rates` what was done in a second of it, such as
    "20 pages/s"; `target` what it should be.
    """

    name: str
    value: float
    unit: str
    times: float | None = None
    target: str = ""
    rates: str = ""


def seconds_of(action: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def duration(name: str, seconds: float, unit: float, target: str = "") -> Measurement:
    """Return a duration in milliseconds; `unit` is the calibration in seconds."""
    return Measurement(name, seconds * 1000, "ms", seconds / unit, target)


def tillit(*arguments: str) -> None:
    """Run a command of Tillit in a process of its own."""
    subprocess.run([sys.executable, "-m", "app.cli", *arguments], check=True, capture_output=True)
