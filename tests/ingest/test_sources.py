"""A user's files: which are found, what their ids are, and what is said of them."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from ingest.sources import Source, as_text, find_sources, read_metadata, slug
from kb.errors import DocumentError
from kb.schema import OwnMetadata
from tests.stored import write


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("note.md", "note"),
        ("Annual Report 2024.PDF", "annual-report-2024"),
        ("Årsmøte på Ærø.md", "aarsmoete-paa-aeroe"),
        ("Självständighet för äldre.txt", "sjaelvstaendighet-foer-aeldre"),
        ("Straße, Þingvellir, Suðurland.md", "strasse-thingvellir-sudurland"),
        ("résumé façade.md", "resume-facade"),
        ("health/nurses/Wards & beds.md", "health-nurses-wards-beds"),
        ("v1.2 final.markdown", "v1-2-final"),
        ("a__b--c.md", "a-b-c"),
        ("-.md", "document-1b8cb057"),
        ("文档.md", "document-b4b2f65b"),
        ("доверие.md", "document-44b973f2"),
        ("x" * 150 + ".md", "x" * 100),
        ("x" * 99 + " yy.md", "x" * 99),
    ],
)
def test_an_id_is_the_slug_of_the_path(path, expected):
    assert slug(path) == expected


def found(*paths: Path, **options: object) -> list[tuple[str, str]]:
    return [(source.path, source.id) for source in find_sources(list(paths), options)]


def test_a_document_is_known_by_its_path_below_the_folder_that_was_given(tmp_path):
    write(tmp_path / "notes", "a.md", "deep/er/b.txt")
    assert found(tmp_path / "notes") == [("a.md", "a"), ("deep/er/b.txt", "deep-er-b")]
    assert found(tmp_path / "notes" / "deep") == [("er/b.txt", "er-b")]
    assert found(tmp_path / "notes" / "deep" / "er" / "b.txt") == [("b.txt", "b")]
    (source,) = find_sources([tmp_path / "notes" / "deep"], {})
    assert (source.file, source.folder) == (tmp_path / "notes/deep/er/b.txt", tmp_path / "notes/deep")


def test_files_are_walked_in_order_of_path_whatever_the_order_on_disk(tmp_path):
    write(tmp_path, "b.md", "a/z.md", "C.md", "a/a.md", "a.md")
    assert [path for path, _ in found(tmp_path)] == ["C.md", "a.md", "b.md", "a/a.md", "a/z.md"]


def test_paths_are_taken_in_the_order_in_which_they_were_given(tmp_path):
    write(tmp_path, "a.md", "b.md")
    assert found(tmp_path / "b.md", tmp_path / "a.md") == [("b.md", "b"), ("a.md", "a")]


def test_hidden_files_and_kinds_that_cannot_be_read_are_left_out_of_a_folder(tmp_path):
    write(tmp_path, "a.md", "b.PDF", "c.text", ".hidden.md", ".git/d.md", "e.docx", "a.md.yaml", "noise", "f.md~")
    assert [path for path, _ in found(tmp_path)] == ["a.md", "b.PDF", "c.text", "e.docx"]


def test_a_hidden_file_that_is_named_is_taken(tmp_path):
    write(tmp_path, ".hidden.md")
    assert found(tmp_path / ".hidden.md") == [(".hidden.md", "hidden")]


def test_links_out_of_a_folder_are_left_out(tmp_path):
    write(tmp_path, "outside.md", "notes/a.md", "elsewhere/c.md")
    (tmp_path / "notes" / "out.md").symlink_to(tmp_path / "outside.md")
    (tmp_path / "notes" / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "notes" / "within.md").symlink_to(tmp_path / "notes" / "a.md")
    assert [path for path, _ in found(tmp_path / "notes")] == ["a.md", "within.md"]


def test_a_folder_that_is_a_link_can_be_given(tmp_path):
    write(tmp_path / "notes", "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "notes")
    (source,) = find_sources([tmp_path / "link"], {})
    assert (source.folder, source.path) == (tmp_path / "link", "a.md")


def test_one_folder_is_the_same_however_it_is_written(tmp_path, monkeypatch):
    write(tmp_path / "notes", "a.md")
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    for path in (Path("../notes"), tmp_path / "notes", tmp_path / "desk/../notes/./", Path("../desk/../notes")):
        (source,) = find_sources([path], {})
        assert (source.file, source.folder) == (tmp_path / "notes" / "a.md", tmp_path / "notes")


def test_a_file_given_twice_is_taken_once(tmp_path):
    write(tmp_path, "a.md")
    assert found(tmp_path / "a.md", tmp_path, tmp_path / "a.md") == [("a.md", "a")]


def test_a_name_means_the_same_in_composed_and_decomposed_letters(tmp_path):
    write(tmp_path, unicodedata.normalize("NFD", "Møte på Grønåsen.md"))
    assert found(tmp_path) == [("Møte på Grønåsen.md", "moete-paa-groenaasen")]


def test_a_name_that_is_no_utf8_can_be_stored(tmp_path):
    write(tmp_path, os.fsdecode(b"caf\xe9.md"))
    assert found(tmp_path) == [("caf\ufffd.md", "caf")]
    assert as_text(Path(os.fsdecode(b"/r\xe5d/caf\xe9"))) == "/r\ufffdd/caf\ufffd"


# Refusals --------------------------------------------------------------------------------------


def refusal(*paths: Path, document_id: str | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        find_sources(list(paths), {}, document_id)
    return str(caught.value)


def test_files_that_differ_in_their_suffix_alone_have_it_in_their_ids(tmp_path):
    write(tmp_path, "report.md", "report.pdf", "deep/report.md", "other.md")
    assert [name for _, name in found(tmp_path)] == ["other", "report-md", "report-pdf", "deep-report"]


def test_two_files_with_one_id_are_both_named(tmp_path):
    write(tmp_path, "Annual report.md", "annual-report.md")
    assert refusal(tmp_path) == (
        f"{tmp_path}/Annual report.md and {tmp_path}/annual-report.md would both be 'annual-report-md'. "
        "Rename one, or give it another --id."
    )


def test_a_path_that_does_not_exist_is_named(tmp_path):
    assert refusal(tmp_path / "nothing") == f"There is no file or folder {tmp_path / 'nothing'}."


def test_a_folder_without_a_file_that_can_be_read_is_named(tmp_path):
    write(tmp_path / "notes", "a.png", ".b.md")
    assert refusal(tmp_path / "notes") == (
        f"There is no file in {tmp_path / 'notes'} that can be read "
        "(.docx .epub .htm .html .markdown .md .odt .pdf .pptx .rtf .text .txt .xhtml .xlsx)."
    )


def test_an_id_for_several_files_is_refused(tmp_path):
    write(tmp_path, "a.md", "b.md")
    assert refusal(tmp_path, document_id="mine") == "--id names one document, but 2 files were given."


@pytest.mark.parametrize("document_id", ["", "Mine", "my note", "../mine", "mine-", "m--n", "møte", "x" * 121])
def test_an_id_that_cannot_stand_in_an_address_is_refused(tmp_path, document_id):
    write(tmp_path, "a.md")
    assert refusal(tmp_path / "a.md", document_id=document_id) == (
        f"'{document_id}' cannot be an id. Use letters a to z, digits and single hyphens."
    )


# The id that is asked for ----------------------------------------------------------------------


def test_an_id_is_given_to_a_single_file(tmp_path):
    write(tmp_path, "a.md")
    assert [source.id for source in find_sources([tmp_path / "a.md"], {}, "mine")] == ["mine"]


def test_front_matter_may_ask_for_an_id(tmp_path):
    write(tmp_path, "a.md", text="---\nid: mine\n---\nText\n")
    assert found(tmp_path) == [("a.md", "mine")]


def test_the_sidecars_id_counts_before_the_front_matters(tmp_path):
    write(tmp_path, "a.md", text="---\nid: mine\n---\nText\n")
    write(tmp_path, "a.md.yaml", text="id: other")
    assert found(tmp_path) == [("a.md", "other")]
    assert [source.id for source in find_sources([tmp_path / "a.md"], {}, "third")] == ["third"]


def test_a_sidecar_without_an_id_leaves_the_front_matters(tmp_path):
    write(tmp_path, "a.md", text="---\nid: mine\n---\nText\n")
    write(tmp_path, "a.md.yaml", text="year: 2020")
    assert found(tmp_path) == [("a.md", "mine")]


def test_an_id_is_read_from_a_file_in_windows_letters(tmp_path):
    (tmp_path / "a.md").write_bytes("---\nid: mine\ntitle: Møte\n---\nTekst på dansk\n".encode("cp1252"))
    assert found(tmp_path) == [("a.md", "mine")]


@pytest.mark.parametrize("asked", ["'My note'", "5", "[a]", "", "{", "x" + "y" * 120])
def test_an_id_that_cannot_be_used_is_told_of_only_when_the_file_is_read(tmp_path, asked):
    write(tmp_path, "a.md.yaml", text=f"id: {asked}")
    write(tmp_path, "a.md")
    assert found(tmp_path) == [("a.md", "a")]


def test_two_files_that_ask_for_one_id_are_refused(tmp_path):
    write(tmp_path, "a.md", "b.md", text="---\nid: mine\n---\nText\n")
    assert refusal(tmp_path).startswith(f"{tmp_path}/a.md and {tmp_path}/b.md would both be 'mine'.")


# What is said of a file ------------------------------------------------------------------------


def said(folder: Path, front: str | None = None, **options: object) -> OwnMetadata:
    (source,) = find_sources([folder / "a.md"], options)
    return read_metadata(source, front)


def test_options_count_before_the_sidecar_and_the_sidecar_before_front_matter(tmp_path):
    write(tmp_path, "a.md")
    write(tmp_path, "a.md.yaml", text="title: Sidecar\nyear: 2001\ncountry: NO\n")
    front = "title: Front\nyear: 2000\npublisher: Front\ncountry: DK\n"
    assert said(tmp_path, front, title="Option") == OwnMetadata(
        title="Option", year=2001, country="NO", publisher="Front"
    )


def test_what_is_not_said_is_unknown(tmp_path):
    write(tmp_path, "a.md")
    given = said(tmp_path)
    assert (given.kind, given.evidence, given.stance) == ("unknown", "unknown", "unknown")
    assert (given.title, given.language, given.country, given.year) == (None, None, None, None)


@pytest.mark.parametrize(
    ("sidecar", "sentence"),
    [
        ("colour: red", "The metadata of {file} cannot be used: 'colour' is not a key that is known here."),
        (
            "kind: novel",
            "The metadata of {file} cannot be used: 'kind': input should be 'report', 'agreement', "
            "'principle' or 'case' (got 'novel').",
        ),
        (
            "title: [",
            "In {file}.yaml the metadata is not valid YAML: expected the node content, but found "
            "'<stream end>' (line 1).",
        ),
        ("title: a\ntitle: b", "In {file}.yaml the key 'title' stands twice."),
        ("just words", "In {file}.yaml the metadata must be lines of the form 'key: value'."),
        ("!!set {a, b}", "In {file}.yaml the metadata must be lines of the form 'key: value'."),
        ("year: !!int ''", "In {file}.yaml the metadata is not valid YAML: a value does not fit the tag before it."),
        (
            "title: \x01",
            "In {file}.yaml the metadata is not valid YAML: unacceptable character #x0001: special "
            "characters are not allowed.",
        ),
    ],
    ids=["unknown key", "unknown value", "broken", "twice", "no mapping", "a set", "wrong tag", "control character"],
)
def test_metadata_that_cannot_be_used_is_told_of_with_its_file(tmp_path, sidecar, sentence):
    write(tmp_path, "a.md")
    write(tmp_path, "a.md.yaml", text=sidecar)
    with pytest.raises(DocumentError) as caught:
        said(tmp_path)
    assert str(caught.value) == sentence.format(file=tmp_path / "a.md")


def test_front_matter_that_cannot_be_used_is_told_of_with_its_file(tmp_path):
    write(tmp_path, "a.md")
    with pytest.raises(DocumentError) as caught:
        said(tmp_path, "title: [")
    assert str(caught.value).startswith(f"In {tmp_path / 'a.md'} the metadata is not valid YAML: ")


def test_a_sidecar_that_cannot_be_read_is_named(tmp_path):
    write(tmp_path, "a.md")
    (tmp_path / "a.md.yaml").write_bytes(b"title: M\xf8te")
    with pytest.raises(DocumentError) as caught:
        said(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'a.md.yaml'} cannot be read: ")


# The fingerprint -------------------------------------------------------------------------------


def test_the_fingerprint_changes_with_all_that_a_document_is_made_from(tmp_path):
    def fingerprint(reader: str = "1", **options: object) -> str:
        (source,) = find_sources([tmp_path / "a.md"], options)
        return source.fingerprint(reader)

    write(tmp_path, "a.md")
    seen = [fingerprint(), fingerprint("2"), fingerprint(title="T"), fingerprint(title="U"), fingerprint(year=1)]
    write(tmp_path, "a.md.yaml", text="year: 2020")
    seen.append(fingerprint())
    write(tmp_path, "a.md.yaml", text="year: 2021")
    seen.append(fingerprint())
    write(tmp_path, "a.md", text="Another text.")
    seen.append(fingerprint())
    assert len(set(seen)) == len(seen)
    assert fingerprint() == seen[-1]


def test_the_fingerprint_stays_when_a_folder_moves(tmp_path):
    write(tmp_path / "here", "a.md")
    write(tmp_path / "there", "a.md")
    here, there = (find_sources([tmp_path / name], {"b": 1, "a": 2})[0] for name in ("here", "there"))
    assert here.fingerprint("1") == there.fingerprint("1")


def test_a_file_that_has_gone_is_told_of_in_one_sentence(tmp_path):
    source = Source(tmp_path / "gone.md", tmp_path, "gone.md", "gone", {})
    with pytest.raises(DocumentError) as caught:
        source.fingerprint("1")
    assert str(caught.value) == f"{tmp_path / 'gone.md'} cannot be read: No such file or directory."
