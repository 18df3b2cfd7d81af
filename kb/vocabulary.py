"""The closed vocabularies of the knowledge base: what a document may say of itself.

Section headings are closed too, so that the role of a section (result, caveat, objection, …)
is known in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Language = Literal["en", "da", "nb", "sv"]
Kind = Literal["report", "agreement", "principle", "case"]
Evidence = Literal["research", "evaluation", "experience", "policy"]
Stance = Literal["supportive", "mixed", "critical"]
Basis = Literal["full", "summary", "excerpt"]
Country = Literal["DK", "NO", "SE", "FI", "IS", "GB", "NL", "Nordic", "INT"]
Sector = Literal[
    "home-care", "elder-care", "schools", "day-care", "health", "hospitals", "social-services",
    "employment-services", "parks-and-roads", "prisons-and-probation", "police", "tax", "culture",
    "higher-education", "central-government", "municipality-wide", "region-wide", "cross-sector",
]  # fmt: skip
Theme = Literal[
    "less-documentation", "less-control", "goals-and-results", "autonomy", "delegation",
    "professional-judgement", "self-managing-teams", "dialogue", "union-cooperation",
    "citizen-focus", "co-creation", "leadership", "support-functions", "coordination",
    "measurement", "information-flow", "learning-and-innovation", "well-being", "reliability",
    "accountability", "standards-and-control", "politics", "education", "deregulation",
]  # fmt: skip

LANGUAGES: tuple[Language, ...] = get_args(Language)
TRANSLATIONS: tuple[Language, ...] = LANGUAGES[1:]
KINDS: tuple[Kind, ...] = get_args(Kind)
EVIDENCES: tuple[Evidence, ...] = get_args(Evidence)
STANCES: tuple[Stance, ...] = get_args(Stance)
SECTORS: tuple[Sector, ...] = get_args(Sector)
THEMES: tuple[Theme, ...] = get_args(Theme)
COUNTRIES: tuple[Country, ...] = get_args(Country)

UNKNOWN = "unknown"
"""What kind, evidence and stance of a user's own document are where nobody has graded it."""

OTHER_LANGUAGE = "und"
"""The ISO 639 code for a text in none of our languages (undetermined)."""

LANGUAGE_NAMES: dict[str, str] = {
    "en": "English",
    "da": "Danish",
    "nb": "Norwegian",
    "sv": "Swedish",
    OTHER_LANGUAGE: "another language",
}

LANGUAGE_ALIASES: dict[str, str] = {"no": "nb", "nn": "nb", "nob": "nb", "dan": "da", "swe": "sv", "eng": "en"}
"""Codes that people write for a language of ours; nynorsk is read with the bokmål texts."""

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "case": ("situation", "change", "result", "reason", "caveat"),
    "report": ("method", "finding", "recommendation", "limit"),
    "agreement": ("parties", "agreed", "follow-up", "status"),
    "principle": ("principle", "asks", "practice", "objection"),
}
"""The sections of each kind, by role, in the order in which they stand."""

QUALIFYING_ROLES = frozenset({"caveat", "limit", "objection"})
"""Sections whose job is to say what a finding does not show, or who objects."""

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "situation": {"en": "Situation", "da": "Situation", "nb": "Situasjon", "sv": "Situation"},
    "change": {
        "en": "What changed",
        "da": "Hvad der blev ændret",
        "nb": "Hva som ble endret",
        "sv": "Vad som ändrades",
    },
    "result": {"en": "Result", "da": "Resultat", "nb": "Resultat", "sv": "Resultat"},
    "reason": {
        "en": "What made it work",
        "da": "Hvad der fik det til at virke",
        "nb": "Hva som fikk det til å virke",
        "sv": "Vad som fick det att fungera",
    },
    "caveat": {"en": "Caveats", "da": "Forbehold", "nb": "Forbehold", "sv": "Förbehåll"},
    "method": {
        "en": "Question and method",
        "da": "Spørgsmål og metode",
        "nb": "Spørsmål og metode",
        "sv": "Fråga och metod",
    },
    "finding": {"en": "Findings", "da": "Fund", "nb": "Funn", "sv": "Resultat"},
    "recommendation": {
        "en": "Recommendations",
        "da": "Anbefalinger",
        "nb": "Anbefalinger",
        "sv": "Rekommendationer",
    },
    "limit": {"en": "Limits", "da": "Begrænsninger", "nb": "Begrensninger", "sv": "Begränsningar"},
    "parties": {
        "en": "Parties and date",
        "da": "Parter og dato",
        "nb": "Parter og dato",
        "sv": "Parter och datum",
    },
    "agreed": {
        "en": "What was agreed",
        "da": "Hvad der blev aftalt",
        "nb": "Hva som ble avtalt",
        "sv": "Vad som avtalades",
    },
    "follow-up": {
        "en": "How it is followed up",
        "da": "Hvordan der følges op",
        "nb": "Hvordan det følges opp",
        "sv": "Hur det följs upp",
    },
    "status": {"en": "Status", "da": "Status", "nb": "Status", "sv": "Status"},
    "principle": {
        "en": "The principle",
        "da": "Princippet",
        "nb": "Prinsippet",
        "sv": "Principen",
    },
    "asks": {
        "en": "What it asks of managers and staff",
        "da": "Hvad det kræver af ledere og medarbejdere",
        "nb": "Hva det krever av ledere og medarbeidere",
        "sv": "Vad den kräver av chefer och medarbetare",
    },
    "practice": {"en": "In practice", "da": "I praksis", "nb": "I praksis", "sv": "I praktiken"},
    "objection": {
        "en": "Objections",
        "da": "Indvendinger",
        "nb": "Innvendinger",
        "sv": "Invändningar",
    },
}


def section_role(heading: str, kind: str, language: str) -> str | None:
    """Return the role of a section of a shipped document, or None for a heading of a user's own."""
    return next((role for role in SECTIONS.get(kind, ()) if HEADINGS[role].get(language) == heading), None)
