"""The words by which a question finds a text are marked in it."""

from __future__ import annotations

import pytest

from app.marking import marked, matching_spans
from kb.vocabulary import LANGUAGES
from kb.words.glossary import Concept, Glossary
from kb.words.terms import understand

CARE = Concept(
    "home-care",
    {
        "en": ("home care", "domiciliary care"),
        "da": ("hjemmepleje", "hjemmehjælp"),
        "nb": ("hjemmetjeneste",),
        "sv": ("hemtjänst",),
    },
    {"en": ""},
)


def shown(text, question, language, asked_in=None):
    understanding = understand(
        question, asked_in or language, LANGUAGES, {"bornhlom": "bornholm"}.get, Glossary((CARE,))
    )
    return marked(text, matching_spans(text, understanding, language), "[", "]")


@pytest.mark.parametrize(
    ("text", "question", "language", "expected"),
    [
        ("The gardeners mow.", "gardener", "en", "The [gardeners] mow."),
        ("Plejehjemmets teams", "plejehjemmet", "da", "[Plejehjemmets] teams"),
        ("Nothing here.", "gardener", "en", "Nothing here."),
        ("tillit, Tillit – tilliten", "tillit", "nb", "[tillit], [Tillit] – [tilliten]"),
        ("", "gardener", "en", ""),
        ("Bornholm mows.", "Bornhlom", "en", "[Bornholm] mows."),
        ("Reformen i kommunen", "tillidsreform", "da", "[Reformen] i kommunen"),
        ("En tillidsreform", "reformer", "da", "En [tillidsreform]"),
        ("Dei tilsette og verksemda", "virksomhet", "nb", "Dei tilsette og [verksemda]"),
        ("Han får hjemmehjælp.", "hjemmepleje", "da", "Han får [hjemmehjælp]."),
        ("Domiciliary care; care", "home care", "en", "[Domiciliary] [care]; [care]"),
        ("A domiciliary visit", "home care", "en", "A domiciliary visit"),
    ],
    ids=[
        "plural", "genitive", "none", "several", "empty", "misspelt", "part-of-question", "part-of-text", "nynorsk",
        "synonym", "synonym-of-two-words", "half-a-synonym",
    ],
)  # fmt: skip
def test_words_are_marked_by_all_that_they_were_searched_for(text, question, language, expected):
    assert shown(text, question, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("Hemtjänsten på Bornholm", "sv", "[Hemtjänsten] på [Bornholm]"), ("Pflege auf Bornholm", "und",
     "Pflege auf [Bornholm]")],
    ids=["translation", "another-language"],
)  # fmt: skip
def test_texts_in_other_languages_are_marked_by_names_and_translations(text, language, expected):
    assert shown(text, "hjemmepleje på Bornholm", language, asked_in="da") == expected
