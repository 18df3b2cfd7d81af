"""What is learnt from: every source is there, in a fixed order, and held-out documents are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.training.corpus import NOTHING, Contrast, HoldOut, Pair, gather, sentence_pairs
from tests.kb.training.texts import SMALL, groups, sources


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
        "document questions": 6 * 3 * 2,
        "own sentences": 4,
        "glossary": 2 + 4 + 2 + 3,
        "with typing errors": 0,
    }
    assert len(corpus.contrasts) == 6 * 2 * 4 * 4
    assert Pair("trust", "tiltru") in corpus.pairs


def test_repeats_weigh_a_source(tmp_path):
    corpus = gather(sources(tmp_path), replace(SMALL, own_repeats=5))
    assert corpus.pairs.count(Pair("More time", "Meir tid")) == 5


def test_a_question_is_set_against_its_document_in_every_language(tmp_path):
    corpus = gather(sources(tmp_path), replace(SMALL, passage_chars=9))
    assert (
        Contrast("Hvem stoler på skolen elever?", "Tid för skolan eleverna\n# Tid för", "topic-1") in corpus.contrasts
    )


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
    learnt = "\n".join([*corpus.texts, *(t for p in corpus.pairs for t in (p.english, p.other))])
    learnt += "\n".join(text for contrast in corpus.contrasts for text in (contrast.question, contrast.passage))
    for group in groups():
        for document in group:
            assert (document.title in learnt) == (document.id not in out)


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
