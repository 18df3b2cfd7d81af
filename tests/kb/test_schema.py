"""What may stand in front matter: each rule, and the sentence that tells of a breach."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from kb.errors import DocumentError
from kb.schema import (
    OwnMetadata,
    ShippedMetadata,
    TranslationMetadata,
    load_yaml,
    metadata_problems,
    split_front_matter,
)

SHIPPED = {
    "id": "no-a-case",
    "language": "en",
    "title": "A case",
    "original_title": None,
    "kind": "case",
    "country": "NO",
    "organisation": None,
    "sectors": ["schools"],
    "year": 2016,
    "publisher": "A publisher",
    "source_url": "https://example.org/a",
    "source_language": "nb",
    "evidence": "experience",
    "stance": "mixed",
    "themes": ["autonomy"],
    "basis": "full",
    "questions": ["Why?"],
}
TRANSLATION = {"id": "no-a-case", "language": "nb", "title": "En sak", "english": "0123456789abcdef", "questions": []}
SECTORS = (
    "'home-care', 'elder-care', 'schools', 'day-care', 'health', 'hospitals', 'social-services', "
    "'employment-services', 'parks-and-roads', 'prisons-and-probation', 'police', 'tax', 'culture', "
    "'higher-education', 'central-government', 'municipality-wide', 'region-wide' or 'cross-sector'"
)
THEMES = (
    "'less-documentation', 'less-control', 'goals-and-results', 'autonomy', 'delegation', "
    "'professional-judgement', 'self-managing-teams', 'dialogue', 'union-cooperation', 'citizen-focus', "
    "'co-creation', 'leadership', 'support-functions', 'coordination', 'measurement', 'information-flow', "
    "'learning-and-innovation', 'well-being', 'reliability', 'accountability', 'standards-and-control', "
    "'politics', 'education' or 'deregulation'"
)
NEXT_YEAR = date.today().year + 1


def problems(model: type[BaseModel], metadata: dict[str, Any]) -> list[str]:
    try:
        model.model_validate(metadata)
    except ValidationError as error:
        return [sentence for _, sentence in metadata_problems(error)]
    return []


@pytest.mark.parametrize(
    ("model", "metadata"),
    [
        (ShippedMetadata, SHIPPED),
        (TranslationMetadata, TRANSLATION),
        (TranslationMetadata, {**TRANSLATION, "organisation": "Oslo kommune"}),
        (OwnMetadata, {}),
    ],
    ids=["shipped", "translation", "translation-with-organisation", "own"],
)
def test_metadata_as_it_should_be_has_no_problem(model, metadata):
    assert problems(model, metadata) == []


@pytest.mark.parametrize("key", [*SHIPPED])
def test_a_shipped_document_must_have_every_key(key):
    metadata = {name: value for name, value in SHIPPED.items() if name != key}
    assert problems(ShippedMetadata, metadata) == [f"'{key}' is missing"]


@pytest.mark.parametrize("key", [*TRANSLATION])
def test_a_translation_must_have_every_key(key):
    metadata = {name: value for name, value in TRANSLATION.items() if name != key}
    assert problems(TranslationMetadata, metadata) == [f"'{key}' is missing"]


@pytest.mark.parametrize(
    ("model", "metadata"),
    [(ShippedMetadata, SHIPPED), (TranslationMetadata, TRANSLATION), (OwnMetadata, {})],
    ids=["shipped", "translation", "own"],
)
def test_an_unknown_key_is_refused(model, metadata):
    assert problems(model, {**metadata, "author": "Somebody"}) == ["'author' is not a key that is known here"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"id": "A case"},
            "'id': string should match pattern '^[a-z0-9]+(-[a-z0-9]+)*$' (got 'A case')",
        ),
        ({"id": "a" * 121}, f"'id': string should have at most 120 characters (got '{'a' * 121}')"),
        ({"language": "nb"}, "'language': input should be 'en' (got 'nb')"),
        ({"title": " "}, "'title': string should have at least 1 character (got ' ')"),
        ({"title": 2016}, "'title': input should be a valid string (got 2016)"),
        ({"kind": "story"}, "'kind': input should be 'report', 'agreement', 'principle' or 'case' (got 'story')"),
        (
            {"country": False},
            "'country': input should be 'DK', 'NO', 'SE', 'FI', 'IS', 'GB', 'NL', 'Nordic' or 'INT' (got False)",
        ),
        ({"sectors": ["moon"]}, f"'sectors': input should be {SECTORS} (got 'moon')"),
        ({"sectors": []}, "'sectors': list should have at least 1 item after validation, not 0"),
        ({"sectors": "schools"}, "'sectors': input should be a valid list (got 'schools')"),
        ({"themes": ["joy"]}, f"'themes': input should be {THEMES} (got 'joy')"),
        ({"themes": []}, "'themes': list should have at least 1 item after validation, not 0"),
        ({"year": NEXT_YEAR}, f"'year': lies in the future (got {NEXT_YEAR})"),
        ({"year": 1799}, "'year': input should be greater than or equal to 1800 (got 1799)"),
        (
            {"year": "soon"},
            "'year': input should be a valid integer, unable to parse string as an integer (got 'soon')",
        ),
        ({"source_url": "www.oao.dk"}, "'source_url': must begin with http:// or https:// (got 'www.oao.dk')"),
        ({"source_url": "file:///etc"}, "'source_url': must begin with http:// or https:// (got 'file:///etc')"),
        ({"source_url": "https://"}, "'source_url': must begin with http:// or https:// (got 'https://')"),
        (
            {"source_language": "norsk"},
            "'source_language': string should match pattern '^[a-z]{2,3}$' (got 'norsk')",
        ),
        (
            {"evidence": "hearsay"},
            "'evidence': input should be 'research', 'evaluation', 'experience' or 'policy' (got 'hearsay')",
        ),
        ({"stance": "neutral"}, "'stance': input should be 'supportive', 'mixed' or 'critical' (got 'neutral')"),
        ({"basis": "rumour"}, "'basis': input should be 'full', 'summary' or 'excerpt' (got 'rumour')"),
        ({"questions": ["?"] * 13}, "'questions': list should have at most 12 items after validation, not 13"),
    ],
    ids=[
        "id-no-slug",
        "id-too-long",
        "language",
        "title-blank",
        "title-a-number",
        "kind",
        "country-false",
        "sector",
        "no-sector",
        "sectors-no-list",
        "theme",
        "no-theme",
        "year-to-come",
        "year-long-ago",
        "year-a-word",
        "url-without-scheme",
        "url-of-a-file",
        "url-without-host",
        "source-language",
        "evidence",
        "stance",
        "basis",
        "too-many-questions",
    ],
)
def test_a_breach_is_told_in_one_sentence(change, sentence):
    assert problems(ShippedMetadata, {**SHIPPED, **change}) == [sentence]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"language": "en"}, "'language': input should be 'da', 'nb' or 'sv' (got 'en')"),
        ({"english": "cafe"}, "'english': string should match pattern '^[0-9a-f]{16}$' (got 'cafe')"),
        ({"english": 12}, "'english': input should be a valid string (got 12)"),
        ({"organisation": " "}, "'organisation': string should have at least 1 character (got ' ')"),
        ({"country": "NO"}, "'country' is not a key that is known here"),
    ],
    ids=["language", "stamp", "stamp-without-quotes", "organisation-blank", "key-of-the-english"],
)
def test_a_breach_in_a_translation_is_told_in_one_sentence(change, sentence):
    assert problems(TranslationMetadata, {**TRANSLATION, **change}) == [sentence]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("no", "nb"), ("NN", "nb"), (" swe ", "sv"), ("dan", "da"), ("eng", "en"), ("fi", "fi"), ("smj", "smj")],
)
def test_a_language_is_known_by_its_other_codes(given, expected):
    assert OwnMetadata(language=given).language == expected


def test_a_users_own_document_is_ungraded_until_somebody_grades_it():
    own = OwnMetadata()
    assert (own.kind, own.evidence, own.stance, own.sectors, own.year) == ("unknown", "unknown", "unknown", [], None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("country: NO", {"country": "NO"}),
        ("a: yes\nb: off\nc: y", {"a": "yes", "b": "off", "c": "y"}),
        ("a: true\nb: False", {"a": True, "b": False}),
        ("a: null\nb: ~\nc:", {"a": None, "b": None, "c": None}),
        ("a: 2016-05-17", {"a": "2016-05-17"}),
        ("a: 2016", {"a": 2016}),
        ("a: [x, y]\nb:\n  - z", {"a": ["x", "y"], "b": ["z"]}),
        ("a: &x {k: 1}\nb: *x", {"a": {"k": 1}, "b": {"k": 1}}),
        ("", {}),
        ("# only a comment", {}),
    ],
    ids=["norway", "yes-and-no", "truth", "nothing", "date", "number", "lists", "alias", "empty", "comment"],
)
def test_yaml_is_read_by_the_rules_of_its_version_1_2(text, expected):
    assert load_yaml(text)[0] == expected


def test_the_line_of_each_key_is_known():
    assert load_yaml("a: 1\n\nb:\n  - x\nc: 2")[1] == {"a": 1, "b": 3, "c": 5}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
"""Nine values, nine lines of nine aliases: 3.9 thousand million values."""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a", "the metadata must be lines of the form 'key: value'"),
        ("just words", "the metadata must be lines of the form 'key: value'"),
        ("a: 1\nb: 2\na: 3", "the key 'a' stands twice"),
        ("a: [1", "the metadata is not valid YAML: expected ',' or ']', but got '<stream end>' (line 1)"),
        ("a: 1\nb: c: d", "the metadata is not valid YAML: mapping values are not allowed here (line 2)"),
        ("a: 1\n---\nb: 2", "the metadata is not valid YAML: but found another document (line 2)"),
        ("a: *b", "the metadata is not valid YAML: found undefined alias 'b' (line 1)"),
        ("[a]: b", "the metadata is not valid YAML: found unhashable key (line 1)"),
        (
            "a: \x07",
            "the metadata is not valid YAML: unacceptable character #x0007: special characters are not allowed",
        ),
        ("a: !!bool perhaps", "the metadata is not valid YAML: a value does not fit the tag before it"),
        ("a: !!int ''", "the metadata is not valid YAML: a value does not fit the tag before it"),
        ("a: !!timestamp soon", "the metadata is not valid YAML: a value does not fit the tag before it"),
        (
            "a: !!python/object/apply:os.getcwd []",
            "the metadata is not valid YAML: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.getcwd' (line 1)",
        ),
        (f"a: {'[' * 5000}", "the metadata is too deeply nested"),
        (f"a: {'{a: ' * 5000}", "the metadata is too deeply nested"),
        (BOMB, "the metadata has more than 10,000 values"),
        ("a: &a [*a]", "the metadata has more than 10,000 values"),
    ],
    ids=[
        "list",
        "words",
        "key-twice",
        "open-bracket",
        "colon-in-a-value",
        "two-documents",
        "alias-of-nothing",
        "list-as-key",
        "control-character",
        "no-truth-value",
        "no-number",
        "no-date",
        "python-object",
        "deep-list",
        "deep-mapping",
        "bomb",
        "list-that-holds-itself",
    ],
)
def test_yaml_that_cannot_be_used_is_an_error_of_one_sentence(text, sentence):
    with pytest.raises(DocumentError) as caught:
        load_yaml(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("---\na: 1\n---\n# T\n", ("a: 1\n", "# T\n", 4)),
        ("---\r\na: 1\r\n---\r\n# T", ("a: 1\r\n", "# T", 4)),
        ("\ufeff---\na: 1\n...\n# T", ("a: 1\n", "# T", 4)),
        ("---\n---\n# T", ("", "# T", 3)),
        ("---\na: 1\n---", ("a: 1\n", "", 3)),
        ("# T\n", (None, "# T\n", 1)),
        ("\ufeff# T\n", (None, "# T\n", 1)),
        ("---\na: 1\n", (None, "---\na: 1\n", 1)),
        ("\n---\na: 1\n---\n", (None, "\n---\na: 1\n---\n", 1)),
        ("", (None, "", 1)),
    ],
    ids=[
        "lf",
        "crlf",
        "mark-and-dots",
        "empty",
        "no-body",
        "none",
        "mark-only",
        "not-closed",
        "not-at-the-top",
        "no-text",
    ],
)
def test_front_matter_is_taken_from_the_text(raw, expected):
    assert split_front_matter(raw) == expected
