"""The shipped documents are read whole, in four languages, and stamped without a change to anything else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from kb.blocks import parse_blocks
from kb.characters import normalise
from kb.errors import DocumentError
from kb.records import BlockQuestion
from kb.shipped import SourceFile, load_shipped, sha256_of, shipped_paths, stamp_translations
from kb.vocabulary import KINDS, LANGUAGES, TRANSLATIONS, section_role
from tests.stored import write_questions

BORNHOLM = "case/dk-bornholm-mowing-by-result.md"
WHO = "3-5\tWho?\tHvem?\tHvem?\tVem?"


def test_246_documents_are_shipped_in_four_languages(shipped_groups):
    assert len(shipped_groups) == 246
    assert {tuple(document.language for document in group) for group in shipped_groups} == {LANGUAGES}


def test_they_come_sorted_by_id_each_id_once(shipped_groups):
    ids = [group[0].id for group in shipped_groups]
    assert ids == sorted(set(ids))
    assert all({document.id for document in group} == {group[0].id} for group in shipped_groups)


def test_a_translation_shares_all_but_language_title_organisation_text_and_questions(shipped_groups):
    own = ("language", "title", "organisation", "text", "sha256", "questions", "block_questions")
    for group in shipped_groups:
        shared = {
            tuple(str(getattr(document, name)) for name in document.__slots__ if name not in own) for document in group
        }
        assert len(shared) == 1


def test_a_document_has_an_organisation_in_every_language_or_in_none(shipped_groups):
    for group in shipped_groups:
        assert len({document.organisation is None for document in group}) == 1


def test_no_organisation_keeps_english_words_in_a_translation(shipped_groups):
    english = re.compile(r"\b(and|of|the|with|Municipality|Ministry|University|schools|home care)\b")
    names = {document.organisation or "" for group in shipped_groups for document in group[1:]}
    assert {name for name in names if english.search(name)} == {"Guy's and St Thomas' NHS Foundation Trust"}


def test_every_document_has_questions_of_the_same_blocks_in_every_language(shipped_groups):
    for group in shipped_groups:
        asked = {tuple((each.first, each.last) for each in document.block_questions) for document in group}
        assert len(asked) == 1
        assert asked.pop()


def test_their_text_is_stored_as_all_text_is(shipped_groups):
    for document in (document for group in shipped_groups for document in group):
        assert document.text == normalise(document.text)
        assert document.sha256 == hashlib.sha256(document.text.encode()).hexdigest()
        assert document.text.startswith(f"# {document.title}\n")
        assert (document.text_by, document.kind in KINDS, document.pages) == ("tillit", True, ())


def test_their_blocks_align_in_every_language(shipped_groups):
    for group in shipped_groups:
        shapes = {tuple((block.kind, block.level) for block in parse_blocks(document.text)) for document in group}
        assert len(shapes) == 1


def test_their_sections_have_the_same_roles_in_every_language(shipped_groups):
    for group in shipped_groups:
        roles = {
            tuple(
                section_role(document.text[block.start : block.end], document.kind, document.language)
                for block in parse_blocks(document.text)
                if block.level == 2
            )
            for document in group
        }
        assert len(roles) == 1
        assert None not in roles.pop()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\r\nb\rc\n", "a\nb\nc\n"), ("a\u030a", "å"), ("12³ ½ ﬁ", "12³ ½ ﬁ"), ("", "")],
    ids=["line-ends", "composed", "figures-kept", "empty"],
)
def test_normalised_text_has_lf_and_nfc_and_keeps_its_figures(text, expected):
    assert normalise(text) == expected


def test_a_hash_is_that_of_the_utf_8_bytes():
    assert sha256_of("blåbær") == hashlib.sha256("blåbær".encode()).hexdigest()


def test_paths_are_sorted_by_id_whatever_their_kind(documents):
    assert [path.stem for path in shipped_paths(documents, "sv")] == [
        "dk-bornholm-mowing-by-result",
        "dk-elder-care-reform-2024",
        "int-nl-buurtzorg",
        "no-principle-trust-must-be-deserved",
        "se-timbro-npm-research-review",
        "se-tomelilla-trust-based-governance",
    ]


def contents(folder: Path) -> dict[Path, list[str]]:
    return {path: path.read_text(encoding="utf-8").split("\n") for path in folder.rglob("*.md")}


def rewrite(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_stamping_changes_the_stamp_line_of_stale_translations_and_nothing_else(documents):
    rewrite(
        documents / "en" / BORNHOLM,
        "The fixed rhythm of mowing was dropped.",
        "The fixed rhythm of mowing was given up.",
    )
    before = contents(documents)
    changed = stamp_translations(documents)
    assert changed == [documents / language / BORNHOLM for language in TRANSLATIONS]
    stamp = SourceFile.read(documents / "en" / BORNHOLM, "en").stamp
    for path, lines in contents(documents).items():
        different = [number for number, line in enumerate(lines) if line != before[path][number]]
        assert len(lines) == len(before[path])
        assert [lines[number] for number in different] == ([f"english: '{stamp}'"] if path in changed else [])
        assert all(before[path][number].startswith("english: '") for number in different)


def test_stamping_changes_the_stamp_of_stale_questions_too(documents):
    path = write_questions(documents, "case", Path(BORNHOLM).stem, WHO, stamp="0" * 16)
    sound = write_questions(documents, "case", "int-nl-buurtzorg", WHO)
    assert stamp_translations(documents) == [path]
    stamp = SourceFile.read(documents / "en" / BORNHOLM, "en").stamp
    assert path.read_text(encoding="utf-8") == f"# english {stamp}\nblocks\ten\tda\tnb\tsv\n{WHO}\n"
    assert stamp not in sound.read_text(encoding="utf-8")


def test_questions_are_stamped_before_the_translations_of_their_text(documents):
    path = write_questions(documents, "case", Path(BORNHOLM).stem, WHO)
    rewrite(
        documents / "en" / BORNHOLM,
        "The fixed rhythm of mowing was dropped.",
        "The fixed rhythm of mowing was given up.",
    )
    assert stamp_translations(documents) == [path, *(documents / code / BORNHOLM for code in TRANSLATIONS)]


def test_stamping_again_changes_nothing(documents):
    rewrite(
        documents / "en" / BORNHOLM,
        "The fixed rhythm of mowing was dropped.",
        "The fixed rhythm of mowing was given up.",
    )
    stamp_translations(documents)
    assert stamp_translations(documents) == []


def test_only_the_documents_named_are_stamped(documents):
    for path in (documents / "en").rglob("*.md"):
        rewrite(path, "The ", "Then the ")
    assert {path.stem for path in stamp_translations(documents, ["int-nl-buurtzorg"])} == {"int-nl-buurtzorg"}


def test_a_translation_without_a_stamp_line_is_left_alone(documents):
    rewrite(documents / "nb" / BORNHOLM, "english:", "# english:")
    rewrite(
        documents / "en" / BORNHOLM,
        "The fixed rhythm of mowing was dropped.",
        "The fixed rhythm of mowing was given up.",
    )
    assert stamp_translations(documents) == [documents / language / BORNHOLM for language in ("da", "sv")]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("kind: case", "kind: report", True),
        ("\n---\n", "\n---\r\n", True),
        ("How tall", "How high", False),
        ("Mowing", "Cutting", False),
        ("7 cm", "8 cm", False),
    ],
    ids=["metadata", "line-ends", "question", "title", "text"],
)
def test_a_stamp_covers_title_questions_and_text(documents, old, new, same):
    path = documents / "en" / BORNHOLM
    before = SourceFile.read(path, "en").stamp
    rewrite(path, old, new)
    assert (SourceFile.read(path, "en").stamp == before) == same


@pytest.mark.parametrize(
    ("language", "old", "new", "sentence"),
    [
        ("en", "kind: case", "kind: story", "'kind': input should be 'report', 'agreement', 'principle' or 'case'"),
        ("nb", "---\nid:", "id:", "there is no front matter between '---' lines at the top"),
        ("da", "english:", "# english:", "'english' is missing"),
    ],
    ids=["value", "front-matter", "stamp"],
)
def test_documents_with_a_problem_are_not_loaded(documents, language, old, new, sentence):
    path = documents / language / BORNHOLM
    rewrite(path, old, new)
    with pytest.raises(DocumentError) as caught:
        load_shipped(documents)
    got = " (got 'story')" if language == "en" else ""
    assert str(caught.value) == f"{path}: {sentence}{got}. See: tillit kb check"


def test_each_document_has_the_questions_of_its_language_and_those_without_a_file_have_none(documents):
    write_questions(documents, "case", Path(BORNHOLM).stem, WHO, "*\tWhy?\tHvorfor?\tKvifor?\tVarför?")
    asked = {(d.id, d.language): d.block_questions for group in load_shipped(documents) for d in group}
    assert len(asked) == 24
    assert {key: questions for key, questions in asked.items() if questions} == {
        (Path(BORNHOLM).stem, language): (BlockQuestion(3, 5, who), BlockQuestion(None, None, why))
        for language, who, why in (
            ("en", "Who?", "Why?"),
            ("da", "Hvem?", "Hvorfor?"),
            ("nb", "Hvem?", "Kvifor?"),
            ("sv", "Vem?", "Varför?"),
        )
    }


def test_questions_of_a_document_in_one_language_are_those_of_that_language(documents):
    for language in TRANSLATIONS:
        (documents / language / BORNHOLM).unlink()
    write_questions(documents, "case", Path(BORNHOLM).stem, WHO)
    (group,) = [group for group in load_shipped(documents) if group[0].id == Path(BORNHOLM).stem]
    assert [(document.language, document.block_questions) for document in group] == [
        ("en", (BlockQuestion(3, 5, "Who?"),))
    ]


def test_documents_whose_questions_have_a_fault_are_not_loaded(documents):
    path = write_questions(documents, "case", Path(BORNHOLM).stem, WHO, WHO.replace("3-5", "5-3"))
    with pytest.raises(DocumentError) as caught:
        load_shipped(documents)
    sentence = f"{path}:4: '5-3' is no block, range of blocks or '*'. See: tillit kb check"
    assert str(caught.value) == f"{documents / 'en' / BORNHOLM}: {sentence}"


def test_an_organisation_is_named_in_each_language_and_in_english_where_a_translation_does_not_name_it(documents):
    rewrite(documents / "nb" / BORNHOLM, "organisation: Bornholm kommune, vei og park\n", "")
    (group,) = [group for group in load_shipped(documents) if group[0].id == Path(BORNHOLM).stem]
    assert {document.language: document.organisation for document in group} == {
        "en": "Municipality of Bornholm, Department for Roads and Parks",
        "da": "Bornholms Regionskommune, Vej og Park",
        "nb": "Municipality of Bornholm, Department for Roads and Parks",
        "sv": "Bornholms kommun, väg och park",
    }


def test_a_translation_of_nothing_is_not_loaded(documents):
    (documents / "en" / BORNHOLM).unlink()
    with pytest.raises(DocumentError) as caught:
        load_shipped(documents)
    path = documents / "da" / BORNHOLM
    assert str(caught.value) == f"{path}: there is no English text that this translates. See: tillit kb check"


def test_a_folder_without_documents_is_told_of(tmp_path):
    with pytest.raises(DocumentError) as caught:
        load_shipped(tmp_path)
    assert str(caught.value) == f"There are no shipped documents in {tmp_path}; install Tillit again."
