"""How long answers take when many people ask at once: visitors over WebSockets against the real app, on this machine.

Each has a session of its own, opened as a browser opens it, and asks what shipped documents say that they answer.
First each reads for some seconds before each question, then, as the hardest case, none does. The visitors share the
processor with the app.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random

from websockets.exceptions import WebSocketException

from app.bench_figures import Measurement, duration
from app.load_server import Server, serving
from app.load_session import Session, VisitError, connecting
from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.records import Progress
from kb.settings import Settings
from kb.vocabulary import LANGUAGES

ASKED = 5
"""Questions of each visitor."""
READING = (5.0, 15.0)
"""The seconds for which a visitor reads before each question: from, to."""
NOTHING = (0.0, 0.0)
SEED = 20
LOOK_SECONDS = 5.0
"""How often the app's memory is looked at."""
LIMIT_SECONDS = 600
"""After which a round of visits is broken off, and what was not answered counts as errors."""
LOOKS, REASONS = 12, 3
"""How many looks at the memory are told, and how many different errors."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor does: the browser's language, and the questions, each after some seconds of reading."""

    language: str
    questions: tuple[tuple[float, str], ...]


@dataclass(slots=True)
class Round:
    """What came of visits: the seconds of each page opened and each answer, what went wrong, the memory in MB."""

    planned: int
    opened: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    seconds: float = 0.0


def measure_load(
    settings: Settings, sessions: int, unit: float, progress: Progress, asked: int = ASKED
) -> Iterator[Measurement]:
    """Yield how long answers take with so many sessions, and what memory they take; nothing for none.

    `unit` is the calibration in seconds. Raises `KBError` where the app does not start or too little is known.
    """
    if not sessions:
        return
    known = questions_of(KnowledgeBase(settings), asked)
    with serving(settings) as server:
        for number, (name, reading) in enumerate((("visitors", READING), ("without a pause", NOTHING))):
            visits = plan(known, sessions, asked, reading, SEED + number)
            outcome = asyncio.run(_round(server, visits, partial(progress, name)))
            yield from figures(f"{sessions} {name}", outcome, unit)


def questions_of(kb: KnowledgeBase, at_least: int) -> dict[str, list[str]]:
    """Return the questions that shipped documents say they answer, by language.

    Raises `KBError` where a language has fewer than `at_least`.
    """
    known: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for entry in kb.entries():
        found = kb.document(entry.id, entry.language) if entry.origin == "shipped" else None
        if found and entry.language in known:
            known[entry.language] += found[0].questions
    if min(map(len, known.values())) < at_least:
        raise KBError(f"The shipped documents are not in {kb.data}. Build them with: tillit build")
    return known


def plan(
    known: Mapping[str, Sequence[str]], visitors: int, asked: int, reading: tuple[float, float], seed: int
) -> list[Visit]:
    """Return what visitors do, in turn in each language; the same for the same seed."""
    chance = Random(seed)  # noqa: S311 (nothing secret)
    visits = []
    for number in range(visitors):
        language = LANGUAGES[number % len(LANGUAGES)]
        questions = chance.sample(known[language], asked)
        visits.append(Visit(language, tuple((chance.uniform(*reading), question) for question in questions)))
    return visits


def percentile(durations: Sequence[float], share: float) -> float:
    """Return the shortest duration that at least a share of all of them do not exceed."""
    return sorted(durations)[max(math.ceil(share * len(durations)), 1) - 1]


async def _round(server: Server, visits: Sequence[Visit], tell: Callable[[int, int], None]) -> Round:
    """Let all visitors come at once; return what came of it when the last has gone."""
    outcome = Round(sum(len(visit.questions) for visit in visits))
    begun = time.perf_counter()
    watch = asyncio.create_task(_watch(server, outcome.memory))
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await asyncio.gather(*(_visit(server, visit, outcome, tell) for visit in visits))
    except TimeoutError:
        outcome.errors.append(f"not done after {LIMIT_SECONDS} s")
    finally:
        outcome.seconds = time.perf_counter() - begun
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
    return outcome


async def _visit(server: Server, visit: Visit, outcome: Round, tell: Callable[[int, int], None]) -> None:
    """Open the page and ask; what goes wrong ends the visit and is noted."""
    try:
        async with connecting(server.address) as connection:
            session = Session(connection, server.address, visit.language)
            outcome.opened.append(await session.open())
            for seconds, question in visit.questions:
                await asyncio.sleep(seconds)
                outcome.answered.append(await session.ask(question))
                tell(len(outcome.answered), outcome.planned)
    except (VisitError, WebSocketException, OSError) as error:
        outcome.errors.append(f"{type(error).__name__}: {error}")


async def _watch(server: Server, memory: list[float]) -> None:
    """Note the memory now and then, and once more when this is cancelled."""
    try:
        while True:
            memory += [now] if (now := server.memory()) else []
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        memory += [now] if (now := server.memory()) else []


def figures(name: str, outcome: Round, unit: float) -> Iterator[Measurement]:
    """Yield a round as figures; a question that was not answered is an error."""
    answered, speed = len(outcome.answered), len(outcome.answered) / max(outcome.seconds, 1e-9)
    yield Measurement(f"{name}: answers", answered, "", rates=f"{speed:.1f} answers/s")
    errors = outcome.planned - answered
    reasons = "; ".join(sorted(set(outcome.errors))[:REASONS])
    yield Measurement(f"{name}: errors", errors, "", target="" if reasons else "none", rates=reasons)
    if outcome.opened:
        yield duration(f"{name}: page opened", percentile(outcome.opened, 0.5), unit)
    if outcome.answered:
        yield duration(f"{name}: median", percentile(outcome.answered, 0.5), unit, "under 2 s")
        yield duration(f"{name}: 95th percentile", percentile(outcome.answered, 0.95), unit, "under 5 s")
        yield duration(f"{name}: longest", max(outcome.answered), unit)
    if outcome.memory:
        looks = outcome.memory[:: math.ceil(len(outcome.memory) / LOOKS)]
        told = "on the way: " + " ".join(f"{look:,.0f}" for look in looks)
        yield Measurement(f"{name}: memory before", outcome.memory[0], "MB")
        yield Measurement(f"{name}: memory after", outcome.memory[-1], "MB", rates=told)
