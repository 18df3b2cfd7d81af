"""What the pages say: every text in every language, with the same things to fill in."""

from __future__ import annotations

import re

import pytest

from app import labels
from kb.vocabulary import COUNTRIES, EVIDENCES, KINDS, LANGUAGES, SECTORS, STANCES, THEMES
from tests.conftest import ROOT

PAGES = sorted(path.stem for path in (ROOT / "app" / "texts").glob("*.yaml"))


@pytest.mark.parametrize("page", PAGES)
def test_every_text_stands_in_every_language_with_the_same_things_to_fill_in(page):
    for name, texts in labels.load_texts(page).items():
        assert (name, set(texts)) == (name, set(LANGUAGES))
        filled = {frozenset(re.findall(r"{(\w+)}", text)) for text in texts.values()}
        assert (name, len(filled)) == (name, 1)
        assert all(text == text.strip() != "" for text in texts.values())


def test_every_value_of_the_metadata_has_a_name():
    values = [*KINDS, *COUNTRIES, *SECTORS, *THEMES, *EVIDENCES, *STANCES, *LANGUAGES, "unknown", "und"]
    assert [each for each in values if each not in labels.load_texts("values")] == []
    assert labels.value("home-care", "nb") == "hjemmetjeneste"
    assert labels.value("somebody's own", "nb") == "somebody's own"


def test_a_text_is_filled_in():
    assert labels.Labels("app", "da")("ask") == "Spørg"
    with pytest.raises(KeyError):
        labels.Labels("app", "da")("no such text")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("da-DK", "da"), ("nn-NO", "nb"), ("no", "nb"), ("sv_SE", "sv"), ("en-GB", "en"), ("fi", "en"), (None, "en")],
)
def test_the_language_of_the_browser_is_spoken(locale, language):
    assert labels.spoken(locale) == language


def is_used(name: str, code: str) -> bool:
    """Tell whether code names a text, whole, or by what stands before or after something that is filled in."""
    cuts = [place for place, sign in enumerate(name) if sign in "-_"]
    begins, ends = ({f'"{name[: cut + 1]}{{' for cut in cuts}, {f'}}{name[cut:]}"' for cut in cuts})
    return f'"{name}"' in code or any(part in code for part in (*begins, *ends))


def test_what_a_page_says_is_used():
    code = "\n".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    code = (code + (ROOT / "streamlit_app.py").read_text()).replace("'", '"')
    names = [(page, name) for page in PAGES if page != "values" for name in labels.load_texts(page)]
    assert [(page, name) for page, name in names if not is_used(name, code)] == []
