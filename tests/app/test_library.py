"""The library as plain data and as HTML: links, shelves, facts, texts side by side."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from html import escape

import pytest

from app import library, library_view
from app.labels import Labels
from app.library import Text, open_place, same_place, shelves
from ingest.extraction import REMARKS
from kb.blocks import split_sentences
from kb.errors import DataFolderError
from kb.vocabulary import KINDS, LANGUAGES
from tests.ingest.desk import knowledge_base, take_in
from tests.ingest.pdfs import pdf

BORNHOLM, BUURTZORG = "dk-bornholm-mowing-by-result", "int-nl-buurtzorg"
EN = Labels("library", "en")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def data(tmp_path, quick_publish):
    """A data folder with two documents of one's own: a PDF and a page with text that nobody sees."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "ferry.pdf").write_bytes(pdf(["The ferry to the island sails at dawn."], ["It waits for nobody."]))
    hidden = '<p>The quay is new and it is open.</p><p style="display: none">Nobody sees this line.</p>'
    (notes / "quay .. <b>.html").write_text(f"<html><body><h1>The quay</h1>{hidden}</body></html>", encoding="utf-8")
    take_in(tmp_path / "kept", notes)
    return tmp_path / "kept"


CHANGED = 5
"""The block that tells what changed."""


def opened(kb, reader="en", **place):
    found, wrong = open_place(kb.data, {"document": BORNHOLM, **place}, reader)
    assert wrong is None
    return found


def sentence(text):
    """Where the first sentence of what changed stands."""
    block = text.blocks[CHANGED]
    return next(iter(split_sentences(text.document.text, block.start, block.end)))


def says(text, place):
    return text.document.text[slice(*place)]


@pytest.fixture
def english(small_kb):
    return opened(small_kb, "en").text


@pytest.fixture
def danish(small_kb):
    return opened(small_kb, "da").text


def at(place):
    return "{}-{}".format(*place)


# Links -----------------------------------------------------------------------------------------


def test_a_link_opens_a_document_in_its_language_at_its_place(small_kb, english):
    place = sentence(english)
    found = opened(small_kb, "sv", language="en", at=at(place), beside="da")
    assert found.languages == LANGUAGES
    assert (found.text.document.language, found.at) == ("en", place)
    assert found.beside.document.language == "da"
    assert (found.own, found.file, found.remarks) == (False, None, ())


def test_without_a_language_it_is_the_readers(small_kb):
    assert opened(small_kb, "sv").text.document.language == "sv"


def test_a_place_of_no_length_opens_at_the_beginning(small_kb):
    assert opened(small_kb, language="en", at="2-2").at is None


def test_a_text_does_not_stand_beside_itself(small_kb):
    assert opened(small_kb, language="da", beside="da").beside is None


@pytest.mark.parametrize("name", ["gone", "", "x" * 5000, "\udc80", "a\x00b", "../" + BORNHOLM])
def test_a_document_that_is_not_there_is_told(small_kb, name):
    assert open_place(small_kb.data, {"document": name}, "en") == (None, "no-document")
    assert open_place(small_kb.data, {"at": "1-2"}, "en") == (None, "no-document")


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ({"language": "fi"}, "no-language"),
        ({"beside": HOSTILE}, "no-language"),
        ({"language": "en", "at": "9-1"}, "no-place"),
        ({"language": "en", "at": "0-999999"}, "no-place"),
        ({"language": "en", "at": "0-" + "9" * 5000}, "no-place"),
        ({"language": "en", "at": "-1-4"}, "no-place"),
        ({"language": "en", "at": "١-٢"}, "no-place"),
        ({"at": "1-2"}, "no-place"),
    ],
    ids=["language", "beside", "backwards", "beyond", "huge", "negative", "other digits", "of no language"],
)
def test_what_is_wrong_with_a_link_is_told_and_the_document_opened(small_kb, place, wrong):
    found, told = open_place(small_kb.data, {"document": BORNHOLM, **place}, "da")
    assert told == wrong
    assert (found.text.document.id, found.at, found.beside) == (BORNHOLM, None, None)


# The same place in another language ------------------------------------------------------------


def test_a_place_moves_to_the_same_sentences_of_another_language(english, danish):
    start, end = sentence(english)
    assert same_place(english, (start, end), danish) == sentence(danish)
    assert same_place(english, (start + 3, end - 3), danish) == sentence(danish)


def test_a_place_in_which_nothing_stands_is_in_no_other_text(english, danish):
    gap = english.document.text.index("\n\n")
    assert same_place(english, (gap, gap + 2), danish) is None


def test_texts_that_do_not_align_have_no_same_place(english, danish):
    assert same_place(english, (100, 200), Text(danish.document, danish.blocks[:-1])) is None


def test_every_place_of_a_text_can_be_looked_for_in_another(english, danish):
    starts = range(english.blocks[0].start, len(english.document.text) - 7)
    places = [same_place(english, (start, start + 7), danish) for start in starts]
    assert all(place and 0 <= place[0] < place[1] <= len(danish.document.text) for place in places)


def test_a_link_to_another_language_keeps_the_place(small_kb, english, danish):
    place = at(sentence(english))
    found = opened(small_kb, language="en", at=place)
    link = {"document": BORNHOLM, "language": "da", "beside": "en", "at": at(sentence(danish))}
    assert library.link(small_kb.data, found, "da", "en") == link
    assert library.link(small_kb.data, found, "en", "") == {"document": BORNHOLM, "language": "en", "at": place}
    unmarked = opened(small_kb, language="en")
    assert library.link(small_kb.data, unmarked, "sv", "sv") == {"document": BORNHOLM, "language": "sv"}


# Shelves ---------------------------------------------------------------------------------------


def ids(found):
    return {name: [book.document.id for book in books] for name, books in found.items()}


def test_documents_stand_on_shelves_by_kind_in_a_readers_language_by_title(small_kb):
    found = shelves(small_kb, "", "da")
    assert list(found) == ["case", "report", "agreement", "principle"]
    assert sum(map(len, found.values())) == 6
    titles = [book.document.title for book in found["case"]]
    assert titles == sorted(titles)
    assert {book.document.language for books in found.values() for book in books} == {"da"}
    assert set(library.SHELVES) == {library.OWN, *KINDS}


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("BORNHOLM mow", "en", {"case": [BORNHOLM]}),
        ("danmark bornholm", "da", {"case": [BORNHOLM]}),
        ("graesslaning", "da", {"case": [BORNHOLM]}),
        ("home care netherlands", "en", {"case": [BUURTZORG]}),
        ("bornholm nowhere", "en", {}),
        ("%_*'\"", "en", {}),
    ],
    ids=["folded", "country", "without signs", "sector", "all words", "signs"],
)
def test_words_are_looked_for_in_titles_and_places(small_kb, text, language, found):
    assert ids(shelves(small_kb, text, language)) == found


def test_own_documents_stand_together_before_the_others(data):
    found = shelves(knowledge_base(data), "", "en")
    assert list(found) == ["own"]
    assert [book.document.title for book in found["own"]] == sorted(book.document.title for book in found["own"])
    assert len(found["own"]) == 2


# Own documents ---------------------------------------------------------------------------------


def own(data, name):
    return open_place(data, {"document": name}, "en")[0]


def quay(data):
    return next(name for name in ids(shelves(knowledge_base(data), "", "en"))["own"] if name != "ferry")


def test_the_original_of_an_own_document_is_handed_out_under_a_safe_name(data):
    assert own(data, "ferry").file.name == "ferry.pdf"
    assert own(data, "ferry").file.read().startswith(b"%PDF")
    assert own(data, quay(data)).file.name == "quay .. _b_.html"


def test_an_original_that_was_added_in_the_app_is_named_by_its_id_not_by_its_hash(tmp_path, quick_publish):
    content, staged = pdf(["The ferry to the island sails at dawn."]), tmp_path / "staged"
    staged.mkdir()
    file = staged / f"{sha256(content).hexdigest()}.pdf"
    file.write_bytes(content)
    file.with_name(f"{file.name}.yaml").write_text("id: the-plan-2024\n", encoding="utf-8")
    take_in(tmp_path / "kept", staged)
    assert own(tmp_path / "kept", "the-plan-2024").file.name == "the-plan-2024.pdf"


def test_an_original_that_was_changed_is_not_handed_out(data):
    file = own(data, "ferry").file
    file.path.write_bytes(b"another file")
    with pytest.raises(DataFolderError, match="missing or has been changed"):
        file.read()
    file.path.unlink()
    assert own(data, "ferry").file is None


def test_what_was_seen_when_a_file_was_read_is_told(data):
    assert own(data, quay(data)).remarks == (("hidden", ""),)
    assert own(data, "ferry").remarks == ()
    assert set(library.REMARKED) == set(REMARKS)


def test_pages_are_told_with_what_was_seen_on_them():
    told = f"{REMARKS['late']} (page 2-4, 9); {REMARKS['ocr']} (page 1)"
    assert library._remarks(told) == (("late", "2-4, 9"), ("ocr", "1"))


def test_what_was_guessed_is_told_as_guessed(data):
    html = library_view.facts_html(own(data, "ferry"), EN)
    assert "<dt>Language</dt><dd>English (guessed from the file)</dd>" in html
    assert "<dt>Title</dt>" in html
    assert "<dt>Evidence</dt><dd>not graded</dd>" in html


# HTML ------------------------------------------------------------------------------------------


def test_facts_tell_what_evidence_and_stance_mean(small_kb):
    html = library_view.facts_html(opened(small_kb), EN)
    assert "<dt>Year</dt><dd>2016</dd>" in html
    assert '<dt>Evidence</dt><dd>experience<div class="print">Those who took part tell of it.' in html
    assert "guessed" not in html
    assert "<dt>Original title</dt>" not in html


def test_two_languages_stand_block_by_block_beside_each_other(small_kb):
    found = opened(small_kb, language="da", beside="en")
    html = library_view.text_html(found, EN)
    assert html.count('<div lang="da">') == html.count('<div lang="en">') == len(found.text.blocks)
    assert '<div lang="da"><h3>Resultat</h3></div><div lang="en"><h3>Result</h3></div>' in html


def test_what_is_marked_is_marked_in_both_and_scrolled_to_once(small_kb, english, danish):
    html = library_view.text_html(opened(small_kb, language="en", beside="da", at=at(sentence(english))), EN)
    assert f"<mark>{escape(says(english, sentence(english)))}</mark>" in html
    assert f"<mark>{escape(says(danish, sentence(danish)))}</mark>" in html
    assert html.count('id="passage"') == 1


def test_texts_that_do_not_align_stand_whole_beside_each_other(small_kb):
    found = opened(small_kb, language="en", beside="da")
    other = replace(found.beside, blocks=found.beside.blocks[:-1])
    html = library_view.text_html(replace(found, beside=other), EN)
    assert (html.count('<div lang="da">'), html.count('<div lang="en">')) == (1, 1)


def test_every_text_is_escaped(small_kb):
    found = opened(small_kb)
    document = replace(
        found.text.document,
        title=HOSTILE,
        organisation=HOSTILE,
        publisher=HOSTILE,
        original_title=HOSTILE,
        source_language=HOSTILE,
        guessed=("title",),
    )
    entry = replace(small_kb.entries()[0], id='"><script>', title=HOSTILE)
    hostile = replace(found, text=replace(found.text, document=document))
    book = library.Book(document, "case", "")
    html = [
        library_view.facts_html(hostile, EN),
        library_view.head_html(hostile, EN),
        library_view.related_html(document, [entry], EN),
        library_view.shelf_html([book], EN),
        library_view.top_html(HOSTILE),
    ]
    assert "<script" not in "".join(html)


def test_related_documents_say_what_they_have_in_common(small_kb):
    document = opened(small_kb).text.document
    entries = {entry.id: entry for entry in small_kb.entries() if entry.language == "en"}
    alone = replace(entries[BUURTZORG], sectors=(), themes=(), country=None)
    html = library_view.related_html(document, [entries[BUURTZORG], alone], EN)
    assert library.shared(document, entries[BORNHOLM]) == [*document.sectors, *document.themes, "DK"]
    assert "In common: autonomy" in html
    assert "Its text is on similar matters." in html
