"""What is learnt from: every source is there, in a fixed order, and held-out documents are not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kb.records import BlockQuestion, Document
from kb.training.corpus import NOTHING, Contrast, Corpus, HoldOut, Pair, gather, sentence_pairs
from tests.kb.training.texts import SMALL, groups, sources

TEXT = "# Ferry\n\nIt sails:\n\n- At dawn.\n- At noon.\n\nAsk us.\n"


def test_sentences_are_paired_block_by_block():
    english, danish, *_ = groups()[0]
    assert list(sentence_pairs([english, danish])) == [
        Pair("Time for the garden flowers", "Tid til haven blomster"),
        Pair("The garden flowers are trusted.", "Der er tillid til haven blomster."),
        Pair("Who trusts the garden flowers?", "Hvem stoler på haven blomster?"),
        Pair("Time for the garden flowers", "Tid til haven blomster"),
    ]


def test_a_block_whose_sentences_do_not_come_out_even_is_one_pair():
    english, danish, *_ = groups()[0]
    english = replace(english, text="One. Two.")
    assert list(sentence_pairs([english, replace(danish, text="Et og to.")])) == [Pair("One. Two.", "Et og to.")]


def test_a_translation_of_other_blocks_has_no_pairs():
    english, danish, *_ = groups()[0]
    assert list(sentence_pairs([english, replace(danish, text="Et.\n\nTo.")])) == []


def test_pairs_are_counted_by_source(tmp_path):
    (tmp_path / "en-da.tsv").write_text("Calm\tRo\tb\nJoy\tFryd\ta\n", encoding="utf-8")
    corpus = gather(sources(tmp_path, tmp_path), SMALL)
    assert corpus.counts == {
        "a": 1,
        "b": 1,
        "document sentences": 6 * 3 * 4,
        "document chunks": 6 * 3,
        "document questions": 6 * 3 * (2 + 3),
        "own sentences": 4,
        "glossary": 2 + 4 + 2 + 3,
        "with typing errors": 0,
    }
    assert (len(corpus.contrasts), len(corpus.block_contrasts)) == (6 * 2 * 4 * 4, 6 * 2 * 4 * 4)
    assert Pair("trust", "tiltru") in corpus.pairs


def test_repeats_weigh_a_source(tmp_path):
    corpus = gather(sources(tmp_path), replace(SMALL, own_repeats=5))
    assert corpus.pairs.count(Pair("More time", "Meir tid")) == 5


def test_a_documents_own_question_is_set_against_it_in_every_language(tmp_path):
    contrasts = gather(sources(tmp_path), replace(SMALL, passage_chars=9)).contrasts
    for question in ("Hvem stoler på skolen elever?", "Tid til skolen elever"):
        assert Contrast(question, "Tid för skolan eleverna\n# Tid för", "topic-1") in contrasts


@pytest.mark.parametrize("asked", [(1, 1, "When?"), (None, None, "What?")], ids=["block", "document"])
def test_what_its_blocks_are_asked_is_not_set_against_a_document(tmp_path, asked):
    assert learnt(tmp_path, asking(asked)).contrasts == []


def asking(*questions: tuple[int | None, int | None, str], text: str = TEXT) -> list[Document]:
    """Return a document in English and Danish that is asked these questions in both, marked by language."""
    return [
        replace(
            document,
            title=document.language,
            text=text,
            questions=(),
            block_questions=tuple(
                BlockQuestion(first, last, f"{document.language} {q}") for first, last, q in questions
            ),
        )
        for document in groups()[0][:2]
    ]


def learnt(folder: Path, *given: list[Document]) -> Corpus:
    return gather(replace(sources(folder), groups=given), SMALL)


def test_a_block_question_is_paired_with_its_translation(tmp_path):
    corpus = learnt(tmp_path, asking((1, 1, "When?"), (None, None, "What?")))
    assert [pair for pair in corpus.pairs if pair.english.endswith("?")] == [
        *[Pair("en When?", "da When?")] * SMALL.question_repeats,
        *[Pair("en What?", "da What?")] * SMALL.question_repeats,
    ]
    assert corpus.counts["document questions"] == 2


def test_block_questions_count_for_the_tokenizer(tmp_path):
    texts = learnt(tmp_path, asking((None, None, "What?"))).texts
    assert texts.count("en What?") == texts.count("da What?") == SMALL.domain_weight


@pytest.mark.parametrize(
    ("first", "last", "passage"),
    [
        (1, 1, "It sails:"),
        (2, 2, "It sails:\nAt dawn."),
        (2, 3, "It sails:\nAt dawn.\n- At noon."),
        (1, 4, "It sails:\n\n- At dawn.\n- At noon.\n\nAsk us."),
        (4, 4, "Ask us."),
    ],
    ids=["block", "item-with-its-lead", "range-of-items", "range-over-kinds", "last-block"],
)
def test_a_block_question_is_set_against_its_blocks_in_every_language(tmp_path, first, last, passage):
    assert learnt(tmp_path, asking((first, last, "When?"))).block_contrasts == [
        Contrast("en When?", f"en\n{passage}", f"topic-0 {first}"),
        Contrast("en When?", f"da\n{passage}", f"topic-0 {first}"),
        Contrast("da When?", f"en\n{passage}", f"topic-0 {first}"),
        Contrast("da When?", f"da\n{passage}", f"topic-0 {first}"),
    ]


def test_questions_of_the_same_block_share_a_key_and_those_of_others_do_not(tmp_path):
    asked = asking((1, 1, "When?"), (1, 1, "How?"), (4, 4, "Whom?"))
    keys = Counter((each.question, each.key) for each in learnt(tmp_path, asked).block_contrasts)
    assert keys == {
        (f"{language} {question}", key): 2
        for language in ("en", "da")
        for question, key in (("When?", "topic-0 1"), ("How?", "topic-0 1"), ("Whom?", "topic-0 4"))
    }


def test_a_question_of_the_whole_document_is_set_against_no_block(tmp_path):
    assert learnt(tmp_path, asking((None, None, "What?"))).block_contrasts == []


def test_a_document_in_one_language_is_asked_in_that_one(tmp_path):
    corpus = learnt(tmp_path, asking((4, 4, "Whom?"))[:1])
    assert corpus.block_contrasts == [Contrast("en Whom?", "en\nAsk us.", "topic-0 4")]
    assert corpus.counts["document questions"] == 0


def test_documents_without_block_questions_have_no_contrasts_of_blocks(tmp_path):
    assert learnt(tmp_path, asking()).block_contrasts == []


def test_typing_errors_come_by_the_seed(tmp_path):
    first, again, other = (
        gather(sources(tmp_path), replace(SMALL, typo_share=0.5, seed=seed)).pairs for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert len(first) > len(gather(sources(tmp_path), SMALL).pairs) * 1.5


def test_held_out_documents_leave_no_trace(tmp_path):
    hold_out = HoldOut(0, 2)
    out = [group[0].id for group in groups() if group[0].id in hold_out]
    assert 0 < len(out) < 6
    corpus = gather(sources(tmp_path), replace(SMALL, typo_share=0.9, typo_rate=0), hold_out)
    texts = [*corpus.texts, *(text for pair in corpus.pairs for text in (pair.english, pair.other))]
    for contrast in (*corpus.contrasts, *corpus.block_contrasts):
        texts += [contrast.question, contrast.passage]
    everything = "\n".join(texts)
    for document in (document for group in groups() for document in group):
        for text in (document.title, *(question.text for question in document.block_questions)):
            assert (text in everything) == (document.id not in out)


@pytest.mark.parametrize("text", ["0/5", "4/5", "none"])
def test_a_hold_out_is_written_as_it_is_read(text):
    assert str(HoldOut.parse(text)) == text


@pytest.mark.parametrize("text", ["5/5", "1", "-1/5", "a/b", "0/0", " "])
def test_a_hold_out_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match=text):
        HoldOut.parse(text)


def test_each_document_is_held_out_once():
    ids = [f"topic-{number}" for number in range(40)]
    assert all(sum(name in HoldOut(part, 5) for part in range(5)) == 1 for name in ids)
    assert not any(name in NOTHING for name in ids)
