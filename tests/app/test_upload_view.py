"""What the page on which documents are added says of a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app import upload_view, uploads
from app.labels import Labels, load_texts
from ingest.service import Workshop
from kb.vocabulary import EVIDENCES, LANGUAGES
from tests.app.documents import pdf_of_a_plan

EN = Labels("documents", "en")
PDF, TEXT = Path("a.PDF"), Path("a.txt")


@pytest.fixture
def read(small_data, embedder):
    shop = Workshop(small_data, embedder)
    return lambda name, content: uploads.preview(shop, uploads.stage(shop.data, "visit", name, content), {})


@pytest.mark.parametrize("verdict", [name for name in uploads.FAILURES if name != "duplicate"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_verdict_says_what_to_do_in_each_language(verdict, language):
    told = upload_view.failure(verdict, TEXT, Labels("documents", language))
    assert told == load_texts("documents")[verdict][language]
    assert told.count(".") >= 2


@pytest.mark.parametrize(
    ("verdict", "file", "recognised", "name"),
    [
        ("no-text", PDF, False, "no-text-pdf"),
        ("no-text", PDF, True, "no-text-recognised"),
        ("no-text", TEXT, False, "no-text"),
        ("garbled", PDF, False, "garbled"),
        ("disk-full", PDF, False, "document"),
        ("publish", PDF, False, "document"),
    ],
)
def test_a_scan_is_told_apart_and_what_is_not_known_has_a_sentence_too(verdict, file, recognised, name):
    assert upload_view.failure(verdict, file, EN, recognised) == EN(name)


def test_a_twin_is_told_by_its_title(read):
    twin = uploads.Refused(read("plan.pdf", pdf_of_a_plan()).staged, "duplicate", "plan")
    assert upload_view.verdict(twin, {"plan": "Ours"}, EN).endswith("as “Ours”.")
    assert upload_view.verdict(twin, {}, EN).endswith("as “plan”.")


def test_hidden_text_is_warned_of(read):
    found = read("plan.pdf", pdf_of_a_plan())
    hidden = replace(found, extracted=replace(found.extracted, notes=((1, "hidden"),), failed_pages=(2,)))
    assert upload_view.warnings(found, EN) == []
    assert [line.partition(":")[0] for line in upload_view.warnings(hidden, EN)] == [
        "Pages that could not be read",
        "Text that nobody can see stands on these pages",
    ]


def test_what_a_program_says_is_escaped_behind_a_fold():
    assert upload_view.detail_html("<b>", EN) == (
        '<div class="tillit"><details><summary>What the program says (in English)</summary>'
        '<div class="print" lang="en">&lt;b&gt;</div></details></div>'
    )


def test_what_grades_mean_is_told_with_their_names():
    told = upload_view.meanings(EVIDENCES, "nb").split("\n\n")
    assert told[0] == "**forskning:** En undersøkelse av forskere med en metode som den beskriver."
    assert len(told) == len(EVIDENCES)


def test_passages_are_shown_escaped_with_their_place_lists_and_tables(read):
    found = read("plan.md", b"# Plan\n\n## A <b>\n\nOne & two:\n\n- lamps\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    html = upload_view.passages_html(found.document, found.blocks, found.chunks, EN)
    place = '<div class="print">Plan › A &lt;b&gt;</div>'
    assert html.startswith(f'<div class="tillit"><div class="card passage">{place}<div lang="en"><p>One &amp; two:</p>')
    assert '<p class="item">• lamps</p>' in html
    assert '<div class="rows"' in html


def test_of_a_block_that_was_cut_each_passage_shows_its_part(read):
    sentences = " ".join(f"The ferry number {number} sails to the island at dawn." for number in range(200))
    found = read("long.txt", sentences.encode())
    assert len(found.chunks) > 1
    html = upload_view.passages_html(found.document, found.blocks, found.chunks, EN)
    assert html.count("The ferry number 7 sails") == 1
    assert html.count("<p>") == len(found.chunks)
