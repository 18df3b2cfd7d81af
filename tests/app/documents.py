"""Files to be added in the app: a short plan as a PDF, and a sentence."""

from __future__ import annotations

from tests.ingest.typeset import typeset

FERRY = "The ferry sails to the island at dawn, and carries the mail."
PLAN = """# Trust plan for Vandby

Vandby Municipality is a made-up place on the coast.

## What changed

The lighthouse keepers of Vandby stopped filling in the weekly lamp report in 2021.

## Result

The lighthouse keepers of Vandby spent 12 hours a month less on paper in 2022.
"""


def pdf_of_a_plan() -> bytes:
    return typeset(PLAN, "Vandby")
