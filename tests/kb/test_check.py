"""`tillit kb check` finds each kind of problem, and says on which line of which file it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.check import Problem, check_documents
from kb.shipped import stamp_translations

BORNHOLM = "case/dk-bornholm-mowing-by-result.md"
BUURTZORG = "case/int-nl-buurtzorg.md"
DESERVED = "principle/no-principle-trust-must-be-deserved.md"
TITLE = "Mowing by result instead of by calendar in Bornholm"
SECTIONS = "['Situation', 'What changed', 'Result', 'What made it work', 'Caveats']"
STALE = (
    "is stale: the English text changed; bring it up to date, then run: tillit kb stamp dk-bornholm-mowing-by-result"
)


def replace(path: Path, old: str, new: str) -> None:
    """Replace a passage of a file that stands in it once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(path: Path, beginning: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [
        (problem.path.relative_to(folder).as_posix(), problem.line, problem.message)
        for problem in check_documents(folder)
    ]


def test_the_shipped_documents_have_no_problem():
    assert check_documents() == []


def test_documents_by_themselves_have_none(documents):
    assert check_documents(documents) == []


def test_a_problem_is_a_place_and_a_sentence(documents):
    path = documents / "sv" / BORNHOLM
    replace(path, "id: dk-bornholm", "id: se-bornholm")
    sentence = "'id' is 'se-bornholm-mowing-by-result', but the file's name is 'dk-bornholm-mowing-by-result'"
    assert check_documents(documents) == [Problem(path, 2, sentence)]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "sentence"),
    [
        (
            f"da/{BORNHOLM}",
            "language: da",
            "language: nb",
            "language:",
            "'language' is 'nb', but the language of its folder is 'da'",
        ),
        (
            f"en/{BORNHOLM}",
            "kind: case",
            "kind: report",
            "kind:",
            "'kind' is 'report', but the kind of its folder is 'case'",
        ),
        (
            f"en/{BORNHOLM}",
            "stance: supportive",
            "stance: happy",
            "stance:",
            "'stance': input should be 'supportive', 'mixed' or 'critical' (got 'happy')",
        ),
        (f"en/{BORNHOLM}", "basis: full\n", "", "---", "'basis' is missing"),
        (
            f"nb/{BORNHOLM}",
            "language: nb\n",
            "language: nb\nauthor: X\n",
            "author:",
            "'author' is not a key that is known here",
        ),
        (
            f"en/{BORNHOLM}",
            "## Caveats",
            "## Remarks",
            "## Remarks",
            "'Remarks' is no section of this kind",
        ),
        (
            f"nb/{BORNHOLM}",
            "## Forbehold",
            "## Innvendinger",
            "## Innvendinger",
            "'Innvendinger' is no section of this kind",
        ),
        (
            f"en/{BORNHOLM}",
            "## Caveats",
            "## Situation",
            "# ",
            f"sections must stand once each, in this order: {SECTIONS}",
        ),
        (
            f"en/{BORNHOLM}",
            f"# {TITLE}",
            "# Mowing",
            "# Mowing",
            "the first heading is not the title in the front matter",
        ),
        (
            f"nb/{BORNHOLM}",
            "er 7 cm",
            "er 8 cm",
            "Den faste",
            "block 5 has other figures than the English (missing: 7; not in English: 8)",
        ),
        (
            f"nb/{BORNHOLM}",
            "i 2016 at",
            "at",
            "Arbeidstaker",
            "block 7 has other figures than the English (missing: 2016)",
        ),
        (
            f"nb/{BORNHOLM}",
            "Den faste klipperytmen ble",
            "- Den faste klipperytmen ble",
            "- Den faste",
            "block 5 is 'item', but 'paragraph' in English",
        ),
        (
            f"nb/{BORNHOLM}",
            "\n## Forbehold",
            "\nEn til.\n\n## Forbehold",
            "En til.",
            "block 10 is 'paragraph', but 'heading 2' in English",
        ),
        (
            f"nb/{BORNHOLM}",
            "mål som er like enkelt.",
            "mål.\n\nSom er like enkelt.",
            "# ",
            "there are 13 blocks, but 12 in English",
        ),
        (
            f"sv/{BORNHOLM}",
            '  - "Hur högt ska gräset vara på Bornholm innan det måste klippas?"\n',
            "",
            "questions:",
            "there are 3 questions, but there must be 4",
        ),
        (
            f"sv/{BORNHOLM}",
            "Hur högt ska gräset vara på Bornholm innan det måste klippas?",
            "VAD HÄNDE när Bornholm slutade klippa gräsmattorna varje måndag och fredag?",
            "questions:",
            "a question stands twice",
        ),
        (
            f"sv/{BORNHOLM}",
            "innan det måste klippas?",
            "innan det måste klippas",
            '  - "Hur högt',
            "the question does not end with '?': Hur högt ska gräset vara på Bornholm innan det måste klippas",
        ),
        (
            f"nb/{BORNHOLM}",
            "---\nid:",
            "id:",
            "id:",
            "there is no front matter between '---' lines at the top",
        ),
        (
            f"nb/{BORNHOLM}",
            "language: nb",
            "language: [nb",
            "---",
            "the metadata is not valid YAML: expected ',' or ']', but got ':' (line 3)",
        ),
        (f"nb/{BORNHOLM}", "language: nb", "id: nb", "---", "the key 'id' stands twice"),
        (
            f"sv/{DESERVED}",
            "\nenglish:",
            "\norganisation: Oslo kommun\nenglish:",
            "organisation:",
            "'organisation' is named here, but not in English",
        ),
    ],
    ids=[
        "language-is-not-the-folder's",
        "kind-is-not-the-folder's",
        "value-out-of-the-vocabulary",
        "missing-key",
        "unknown-key",
        "heading-out-of-the-vocabulary",
        "heading-of-another-kind",
        "section-twice",
        "title-differs",
        "figure-changed",
        "figure-lost",
        "block-of-another-kind",
        "block-too-many-in-the-middle",
        "block-too-many-at-the-end",
        "question-lost",
        "question-twice",
        "no-question",
        "no-front-matter",
        "no-yaml",
        "key-twice",
        "organisation-of-none",
    ],
)
def test_a_problem_is_found_where_it_is(documents, file, old, new, line, sentence):
    replace(documents / file, old, new)
    if file.startswith("en/"):
        stamp_translations(documents)
    assert found(documents) == [(file, line_of(documents / file, line), sentence)]


def test_sections_out_of_order_are_found(documents):
    path = documents / "en" / BORNHOLM
    replace(path, "## Situation", "## X")
    replace(path, "## What changed", "## Situation")
    replace(path, "## X", "## What changed")
    stamp_translations(documents)
    sentence = f"sections must stand once each, in this order: {SECTIONS}"
    assert found(documents) == [(f"en/{BORNHOLM}", line_of(path, "# "), sentence)]


def test_a_heading_of_another_level_is_found_in_its_text_and_beside_the_english(documents):
    path = documents / "nb" / BORNHOLM
    replace(path, "## Resultat", "### Resultat")
    line = line_of(path, "### ")
    assert found(documents) == [
        (f"nb/{BORNHOLM}", line, "'Resultat' is no section of this kind"),
        (f"nb/{BORNHOLM}", line, "block 6 is 'heading 3', but 'heading 2' in English"),
    ]


def test_a_text_without_title_is_found(documents):
    path = documents / "nb" / BORNHOLM
    replace(path, "\n# ", "\n")
    line = line_of(path, "Gressklipping")
    assert found(documents) == [
        (f"nb/{BORNHOLM}", line, "block 0 is 'paragraph', but 'heading 1' in English"),
        (f"nb/{BORNHOLM}", line, "the text must begin with '# ' and the title"),
    ]


def test_an_empty_section_is_found_in_each_language(documents):
    expected = []
    for language, heading in {"da": "Forbehold", "en": "Caveats", "nb": "Forbehold", "sv": "Förbehåll"}.items():
        path = documents / language / BORNHOLM
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.index(f"## {heading}")] + f"## {heading}\n", encoding="utf-8")
        expected.append((f"{language}/{BORNHOLM}", line_of(path, f"## {heading}"), f"the section '{heading}' is empty"))
    stamp_translations(documents)
    assert found(documents) == expected


def test_a_changed_english_text_makes_its_translations_stale(documents):
    replace(
        documents / "en" / BORNHOLM,
        "The fixed rhythm of mowing was dropped.",
        "The fixed rhythm of mowing was given up.",
    )
    assert found(documents) == [
        (f"{language}/{BORNHOLM}", line_of(documents / language / BORNHOLM, "english:"), STALE)
        for language in ("da", "nb", "sv")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [(f'title: "{TITLE}"', 'title: "Mowing"'), ("How tall does the grass", "How high does the grass")],
    ids=["title", "question"],
)
def test_a_changed_title_or_question_makes_translations_stale_too(documents, old, new):
    replace(documents / "en" / BORNHOLM, old, new)
    stale = [problem for problem in found(documents) if problem[2] == STALE]
    assert stale == [
        (f"{language}/{BORNHOLM}", line_of(documents / language / BORNHOLM, "english:"), STALE)
        for language in ("da", "nb", "sv")
    ]


@pytest.mark.parametrize("language", ["da", "nb", "sv"])
def test_a_missing_translation_is_found_at_the_english_text(documents, language):
    (documents / language / BORNHOLM).unlink()
    assert found(documents) == [(f"en/{BORNHOLM}", 1, f"there is no translation into '{language}'")]


def test_a_translation_of_nothing_is_found(documents):
    for language in ("en", "da", "sv"):
        (documents / language / BORNHOLM).unlink()
    assert found(documents) == [(f"nb/{BORNHOLM}", 1, "there is no English text that this translates")]


def test_a_repeated_title_is_found_in_the_later_document(documents):
    path = documents / "en" / BUURTZORG
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(re.findall('title: "(.+)"', text)[0], TITLE), encoding="utf-8")
    stamp_translations(documents)
    sentence = "dk-bornholm-mowing-by-result has the same title"
    assert found(documents) == [(f"en/{BUURTZORG}", line_of(path, "title:"), sentence)]


def test_an_id_without_a_place_is_found(documents):
    name = "fi-bornholm-mowing-by-result"
    for language in ("da", "en", "nb", "sv"):
        path = documents / language / BORNHOLM
        replace(path, "id: dk-bornholm-mowing-by-result", f"id: {name}")
        path.rename(path.with_name(f"{name}.md"))
    sentence = "the id must begin with one of: dk, no, se, nordic, int"
    assert found(documents) == [(f"{language}/case/{name}.md", 1, sentence) for language in ("da", "en", "nb", "sv")]


@pytest.mark.parametrize("words", [119, 901])
def test_an_english_text_of_too_few_or_too_many_words_is_found(documents, words):
    path = documents / "en" / BORNHOLM
    lines = path.read_text(encoding="utf-8").split("\n")
    body = lines.index(f"# {TITLE}")
    lines[body:] = [
        line if not line or line.startswith("#") else " ".join(re.findall(r"\d+", line)) or "So."
        for line in lines[body:]
    ]
    lines = lines if lines[-1] else lines[:-1]
    missing = words - len(" ".join(lines[body:]).split())
    lines[-1] += " so" * missing
    path.write_text("\n".join(lines), encoding="utf-8")
    stamp_translations(documents)
    sentence = f"the text has {words} words; 120 to 900 are allowed"
    assert found(documents) == [(f"en/{BORNHOLM}", body + 1, sentence)]


def test_a_file_that_is_no_text_is_found(documents):
    path = documents / "nb" / BORNHOLM
    path.write_bytes(b"---\nid: \xff\n---\n")
    sentence = f"{path} cannot be read: 'utf-8' codec can't decode byte 0xff in position 8: invalid start byte"
    assert found(documents) == [(f"nb/{BORNHOLM}", 1, sentence)]
