"""What stands around the glossary, in four languages."""

from __future__ import annotations

OWN_NAMES = {"en": "English", "da": "Dansk", "nb": "Norsk", "sv": "Svenska"}
"""Each language as it calls itself."""

_LABELS: dict[str, dict[str, str]] = {
    "title": {"en": "Glossary", "da": "Ordliste", "nb": "Ordliste", "sv": "Ordlista"},
    "about": {
        "en": "What the words of the field mean, what else they are called, and what they are in the other languages.",
        "da": "Hvad fagets ord betyder, hvad det samme ellers kaldes, og hvad det hedder på de andre sprog.",
        "nb": "Hva ordene på feltet betyr, hva det samme ellers kalles, og hva det heter på de andre språkene.",
        "sv": "Vad områdets ord betyder, vad samma sak annars kallas och vad den heter på de andra språken.",
    },
    "search": {
        "en": "Search for a word in any of the languages",
        "da": "Søg efter et ord på et af sprogene",
        "nb": "Søk etter et ord på et av språkene",
        "sv": "Sök efter ett ord på något av språken",
    },
    "language": {"en": "Language", "da": "Sprog", "nb": "Språk", "sv": "Språk"},
    "count": {
        "en": "{} of {} concepts",
        "da": "{} af {} begreber",
        "nb": "{} av {} begreper",
        "sv": "{} av {} begrepp",
    },
    "all": {"en": "Show all", "da": "Vis alle", "nb": "Vis alle", "sv": "Visa alla"},
    "none": {
        "en": "No term in the glossary has '{}' in it.",
        "da": "Intet ord i ordlisten indeholder '{}'.",
        "nb": "Ingen ord i ordlisten inneholder '{}'.",
        "sv": "Inget ord i ordlistan innehåller '{}'.",
    },
}


def label(name: str, language: str) -> str:
    """Return a heading, label or sentence of the glossary in a language, in English where there is none."""
    return _LABELS[name].get(language, _LABELS[name]["en"])
