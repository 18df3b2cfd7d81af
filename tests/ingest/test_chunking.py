"""Chunks are slices of their document, cut at the same blocks in every language, and fit the model's window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunking import VERSION, Window, chunk_group
from ingest.cleaning import mend_characters
from kb.blocks import parse_blocks
from kb.models.static import StaticModel
from kb.records import Block, Chunk, Document
from kb.shipped import load_shipped
from kb.store.terms import TERMS_VERSION
from kb.store.writer import text_to_embed
from tests.ingest.cutting import assert_sound


def count_words(text: str) -> int:
    return len(text.split())


def words(size: int) -> Window:
    """Return a window that holds so many words, the title's one included."""
    return Window(count_words, size, "words")


def document(text: str, language: str = "en", title: str = "Title") -> Document:
    return Document(
        id="a",
        language=language,
        title=title,
        text=text,
        sha256="",
        kind="unknown",
        evidence="unknown",
        stance="unknown",
        text_by="source",
    )


def parsed(text: str, **fields: str) -> tuple[Document, tuple[Block, ...]]:
    return document(text, **fields), parse_blocks(text)


def cut(text: str, window: Window, **fields: str) -> tuple[Chunk, ...]:
    (chunks,) = chunk_group([parsed(text, **fields)], window)
    return chunks


def texts(chunks: Sequence[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


def letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def ranges(chunks: Sequence[Chunk]) -> list[tuple[int, int]]:
    return [(chunk.block_first, chunk.block_last) for chunk in chunks]


# Blocks ----------------------------------------------------------------------------------------


def test_blocks_of_a_section_go_together_as_long_as_they_fit():
    assert texts(cut("one two\n\nthree four\n\nfive six\n", words(5))) == ["one two\n\nthree four", "five six"]
    assert texts(cut("one two\n\nthree four\n\nfive six\n", words(7))) == ["one two\n\nthree four\n\nfive six"]
    assert texts(cut("one two\n\nthree four\n\nfive six\n", words(3))) == ["one two", "three four", "five six"]


def test_a_chunk_never_spans_two_sections():
    chunks = cut("intro\n\n# One\n\na\n\n## Two\n\nb\n\n## Three\n\nc\n\nd\n", words(100))
    assert [(chunk.text, chunk.headings) for chunk in chunks] == [
        ("intro", ()),
        ("a", ("One",)),
        ("b", ("One", "Two")),
        ("c\n\nd", ("One", "Three")),
    ]


def test_sections_of_one_name_stay_apart():
    assert texts(cut("# A\n\none\n\n# A\n\ntwo\n", words(100))) == ["one", "two"]


def test_headings_are_no_part_of_a_chunk():
    assert texts(cut("# A heading\n\n## Another\n\ntext\n\n# Last\n\nmore\n", words(100))) == ["text", "more"]
    assert texts(cut("", words(100))) == []


def test_headings_under_which_nothing_stands_are_chunks_of_their_own():
    chunks = cut("# Plan\n\n## First\n\n## Second\n\n## Third\n\ntext\n\n## Last\n\n# End\n", words(100))
    assert [(chunk.text, chunk.headings, chunk.block_first, chunk.block_last) for chunk in chunks] == [
        ("First\n\n## Second", ("Plan",), 1, 2),
        ("text", ("Plan", "Third"), 4, 4),
        ("Last", ("Plan",), 5, 5),
        ("End", (), 6, 6),
    ]


def test_headings_of_different_sections_stay_apart_though_nothing_stands_under_them():
    chunks = cut("# A\n\n## One\n\n# A\n\n## Two\n\n# B\n\n## Three\n", words(100))
    assert [(chunk.text, chunk.headings) for chunk in chunks] == [("One", ("A",)), ("Two", ("A",)), ("Three", ("B",))]


def test_a_document_of_headings_only_is_cut_into_them():
    assert texts(cut("# Only\n\n# headings\n", words(100))) == ["Only\n\n# headings"]
    assert texts(cut("# Only\n\n# headings\n", words(3))) == ["Only", "headings"]
    long = " ".join(f"long-number-{n:02}" for n in range(8))
    assert " ".join(texts(cut(f"# {long}\n", words(5)))) == long


def test_a_list_with_its_marks_is_a_slice_of_the_text():
    assert texts(cut("# A\n\nIntro:\n\n- one\n- two\n", words(100))) == ["Intro:\n\n- one\n- two"]


def test_the_heading_path_takes_its_room():
    text = "# A long heading of many words\n\none two\n\nthree four\n"
    assert texts(cut(text, words(11))) == ["one two\n\nthree four"]
    assert texts(cut(text, words(10))) == ["one two", "three four"]


# Blocks that are too long ----------------------------------------------------------------------


def test_a_block_that_is_too_long_is_cut_at_sentences():
    chunks = cut("One two three. Four five. Six seven eight. Nine.", words(6))
    assert texts(chunks) == ["One two three. Four five.", "Six seven eight. Nine."]
    assert ranges(chunks) == [(0, 0), (0, 0)]


def test_a_sentence_that_is_too_long_is_cut_at_words():
    text = " ".join(f"long-number-{n:02}" for n in range(10))
    chunks = cut(text, words(5))
    assert [count_words(chunk.text) for chunk in chunks] == [4, 4, 2]
    assert " ".join(texts(chunks)) == text


def test_what_is_left_of_a_long_sentence_goes_with_the_next():
    text = "Short. " + " ".join(f"Long-number-{n:02}" for n in range(5)) + ". Short again."
    assert [count_words(chunk.text) for chunk in cut(text, words(5))] == [1, 4, 3]


def test_a_sentence_without_spaces_is_cut_wherever_it_must_be():
    text = "x" * 1000
    chunks = cut(text, Window(len, 206, "letters"))
    assert [len(chunk.text) for chunk in chunks] == [200, 200, 200, 200, 200]
    assert "".join(texts(chunks)) == text


def test_a_block_of_many_sentences_is_cut_into_whole_ones():
    sentences = [f"Sentence number {n} tells of the harvest." for n in range(1000)]
    chunks = cut(" ".join(sentences), words(100))
    assert " ".join(texts(chunks)) == " ".join(sentences)
    assert all(chunk.text.startswith("Sentence") and chunk.text.endswith("harvest.") for chunk in chunks)
    assert {count_words(chunk.text) for chunk in chunks[:-1]} == {98}


def test_only_the_block_that_is_too_long_is_cut_inside():
    chunks = cut("short\n\n" + "long " * 50 + "\n\nshort", words(20))
    assert ranges(chunks) == [(0, 0), (1, 1), (1, 1), (1, 1), (2, 2)]


@pytest.mark.parametrize("title", ["word " * 400, "标题" * 400], ids=["words", "signs"])
@pytest.mark.parametrize("heading", ["word " * 400, "标题" * 400], ids=["words", "signs"])
def test_a_title_that_fills_the_window_does_not_stop_the_cutting(title, heading):
    model = StaticModel()
    text = f"# {heading}\n\n" + "The ferry sails at dawn. " * 100
    chunks = cut(text, Window(model.count_tokens, model.window, model.id), title=title)
    assert " ".join(texts(chunks)) == ("The ferry sails at dawn. " * 100).strip()
    assert len(chunks) <= 100


@pytest.mark.parametrize(
    "text", ["word " * 10_000, "a8B3+/k" * 7_000, "word\n\n" * 5_000], ids=["one sentence", "no spaces", "paragraphs"]
)
def test_the_work_grows_with_the_text_and_not_with_its_square(text):
    def characters_counted(text: str) -> int:
        counted = []
        chunks = cut(text, Window(lambda part: counted.append(len(part)) or len(part) // 4, 256, "quarters"))
        assert sum(letters(chunk.text) for chunk in chunks) == letters(text)
        return sum(counted)

    assert characters_counted(4 * text) == pytest.approx(4 * characters_counted(text), rel=0.2)


# Languages -------------------------------------------------------------------------------------


def test_translations_are_cut_where_the_longest_must_be():
    english = parsed("one two\n\nthree four\n\nfive six\n")
    danish = parsed("en to\n\ntre fire fem seks syv otte\n\nni ti\n", language="da")
    for group in ([english, danish], [danish, english]):
        assert [ranges(chunks) for chunks in chunk_group(group, words(7))] == [[(0, 0), (1, 1), (2, 2)]] * 2
    assert ranges(cut(english[0].text, words(7))) == [(0, 2)]


def test_a_block_that_is_too_long_in_one_language_is_cut_in_that_one_only():
    english = parsed("One two. Three four.\n\nfive\n")
    danish = parsed("En to tre fire. Fem seks syv otte.\n\nni\n", language="da")
    cuts = chunk_group([english, danish], words(6))
    assert [ranges(chunks) for chunks in cuts] == [[(0, 0), (1, 1)], [(0, 0), (0, 0), (1, 1)]]
    assert texts(cuts[1]) == ["En to tre fire.", "Fem seks syv otte.", "ni"]


def test_a_translation_whose_blocks_differ_is_cut_by_itself():
    english = parsed("one two\n\nthree four\n")
    danish = parsed("# En\n\nto tre\n", language="da")
    swedish = parsed("ett två\n\ntre fyra fem\n", language="sv")
    cuts = chunk_group([english, danish, swedish], words(5))
    assert [ranges(chunks) for chunks in cuts] == [[(0, 0), (1, 1)], [(1, 1)], [(0, 0), (1, 1)]]


def test_the_version_names_chunker_index_terms_size_and_the_model_whose_tokens_were_counted():
    assert words(256).version == f"{VERSION}/{TERMS_VERSION}/256/words"
    assert Window(len, 512, "letters").version == f"{VERSION}/{TERMS_VERSION}/512/letters"


@pytest.fixture(scope="module")
def model() -> StaticModel:
    return StaticModel()


@pytest.fixture(scope="module")
def shipped_cuts(model: StaticModel) -> list[list[tuple[Document, tuple[Block, ...], tuple[Chunk, ...]]]]:
    """Every shipped document in every language with its blocks and its chunks, cut for the bundled model."""
    window = Window(model.count_tokens, model.window, model.id)
    cuts = []
    for group in load_shipped():
        with_blocks = [(text, parse_blocks(text.text)) for text in group]
        chunks = chunk_group(with_blocks, window)
        cuts.append([(*one, of) for one, of in zip(with_blocks, chunks, strict=True)])
    return cuts


def test_every_shipped_document_is_cut_at_the_same_blocks_in_every_language(shipped_cuts):
    def distinct(chunks: tuple[Chunk, ...]) -> list[tuple[int, int]]:
        return list(dict.fromkeys(ranges(chunks)))

    uneven = {group[0][0].id for group in shipped_cuts if len({tuple(distinct(chunks)) for _, _, chunks in group}) > 1}
    assert uneven == set()


def test_every_embedded_text_of_every_shipped_document_fits_the_models_window(shipped_cuts, model):
    too_long = [
        (text.id, text.language, chunk.block_first, size)
        for group in shipped_cuts
        for text, _, chunks in group
        for chunk in chunks
        if (size := model.count_tokens(text_to_embed(text, chunk))) > 256
    ]
    assert too_long == []


def test_no_shipped_title_or_heading_path_is_cut_off(shipped_cuts):
    cut_off = [
        (text.id, text.language, chunk.block_first)
        for group in shipped_cuts
        for text, _, chunks in group
        for chunk in chunks
        if sum(map(len, [text.title, *(h for h in chunk.headings if h != text.title), chunk.text]))
        > len(text_to_embed(text, chunk))
    ]
    assert cut_off == []


def test_every_shipped_document_is_covered_by_its_chunks(shipped_cuts):
    for group in shipped_cuts:
        for text, blocks, chunks in group:
            assert_sound(text, blocks, chunks)


# Any structure ---------------------------------------------------------------------------------


WORD = st.one_of(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "M")), min_size=1, max_size=30),
    st.text(st.characters(codec="utf-8", categories=("L", "M")), min_size=100, max_size=400),
    st.sampled_from(["👩‍👩‍👧‍👦", "🇳🇴", "e\u0301", "信任改革", "Доверие", "الثقة", "ትግርኛ", "நம்பிக்கை", "ﬁ", "12³", "1½"]),
)
SENTENCE = st.lists(WORD, min_size=1, max_size=8).map(lambda parts: " ".join(parts) + ".")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join)
BLOCK = st.one_of(
    PARAGRAPH,
    st.tuples(st.integers(1, 6), SENTENCE).map(lambda pair: f"{'#' * pair[0]} {pair[1]}"),
    st.lists(PARAGRAPH, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    PARAGRAPH.map(lambda text: f"> {text}"),
    PARAGRAPH.map(lambda text: f"```\n{text}\n```"),
    st.tuples(WORD, WORD).map(lambda row: f"| {row[0]} | {row[1]} |\n|---|---|\n| {row[1]} | 1 |"),
    st.text(max_size=40),
)
TEXT = st.lists(BLOCK, max_size=6).map("\n\n".join).map(mend_characters)


@settings(max_examples=150, deadline=None)
@given(TEXT, st.integers(4, 60), st.sampled_from([len, count_words]))
def test_chunks_of_any_text_are_sound(text, size, count):
    of, blocks = parsed(text)
    (chunks,) = chunk_group([(of, blocks)], Window(count, size, "any"))
    assert_sound(of, blocks, chunks)


@settings(max_examples=100, deadline=None)
@given(TEXT, st.integers(120, 300))
def test_chunks_of_any_text_fit_a_window_that_has_room_for_a_title(text, size):
    of, blocks = parsed(text)
    (chunks,) = chunk_group([(of, blocks)], words(size))
    assert all(count_words(text_to_embed(of, chunk)) <= size for chunk in chunks)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(PARAGRAPH, PARAGRAPH), max_size=8), st.integers(4, 60))
def test_chunks_of_any_translation_are_cut_at_the_same_blocks(pairs, size):
    sides = [parsed(mend_characters("\n\n".join(side))) for side in zip(*pairs, strict=True)] or [
        parsed(""),
        parsed(""),
    ]
    aligned = [(one.kind, one.level) for one in sides[0][1]] == [(one.kind, one.level) for one in sides[1][1]]
    sides[1] = (replace(sides[1][0], language="da"), sides[1][1])
    cuts = chunk_group(sides, words(size))
    for (of, blocks), chunks in zip(sides, cuts, strict=True):
        assert_sound(of, blocks, chunks)
    if aligned:
        assert set(ranges(cuts[0])) == set(ranges(cuts[1]))


def test_a_long_line_before_the_end_of_a_code_block_is_cut_before_the_line_break():
    of, blocks = parsed(f"```\n0 {'A' * 238}.\n```")
    (chunks,) = chunk_group([(of, blocks)], Window(len, 4, "any"))
    assert_sound(of, blocks, chunks)
