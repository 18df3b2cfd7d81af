"""Retrieval and answer metrics against worked examples."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from eval import retrieval_metrics as metrics
from eval.answer_metrics import answer_metrics, citation_validity
from eval.gold import chunk_is_relevant, citation_is_relevant
from eval.nuggets import carries
from eval.schema import Family, Nugget, Span


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        (["a", "b"], {"ndcg@10": 1.0, "rr@10": 1.0, "success@1": 1.0, "success@5": 1.0}),
        (["x", "a", "y", "b"], {
            "ndcg@10": (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3)),
            "rr@10": 0.5, "success@1": 0.0, "success@5": 1.0,
        }),
        (["x", "y", "z", "u", "v", "a"], {
            "ndcg@10": (1 / math.log2(7)) / (1 + 1 / math.log2(3)), "rr@10": 1 / 6, "success@1": 0.0, "success@5": 0.0,
        }),
        (["x"], {"ndcg@10": 0.0, "rr@10": 0.0, "success@1": 0.0, "success@5": 0.0}),
        ([], {"ndcg@10": 0.0, "rr@10": 0.0, "success@1": 0.0, "success@5": 0.0}),
    ],
    ids=["perfect", "second-and-fourth", "sixth", "absent", "empty"],
)  # fmt: skip
def test_standard_metrics_equal_the_worked_example(ranking, expected):
    assert metrics.standard(ranking, frozenset({"a", "b"})) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("ranking", "k", "expected"),
    [(["x", "c"], 5, 1.0), (["a"], 5, 0.5), (["a", "b"], 1, 0.5), (["c"], 5, 1.0), ([], 5, 0.0)],
    ids=["other-alternative", "half", "cut", "single", "empty"],
)
def test_recall_is_that_of_the_best_alternative(ranking, k, expected):
    assert metrics.recall(ranking, [frozenset({"a", "b"}), frozenset({"c"})], k) == expected


def test_all_gold_needs_every_document_of_an_alternative():
    alternatives = [frozenset({"a", "b"})]
    assert metrics.all_gold(["x", "b", "a"], alternatives, 3) == 1.0
    assert metrics.all_gold(["x", "b", "a"], alternatives, 2) == 0.0


def test_r_precision_looks_at_as_many_as_are_relevant():
    assert metrics.r_precision(["a", "x", "b"], frozenset({"a", "b"})) == 0.5


def test_documents_are_ranked_by_their_best_passage():
    assert metrics.document_ranking(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("once the grass is 7 cm high", "7 cm", True),
        ("17 cm high", "7 cm", False),
        ("Selvstyrende teams", "selvstyrende team*", True),
        ("Selvstyrende teams", "selvstyrende team", False),
        ("1\u00a0000 kroner", "1 000 kroner", True),
        ("EN ÅRSRAPPORT", "en årsrapport", True),
        ("about 30% of", "30%", True),
    ],
    ids=["within", "part-of-number", "inflected", "whole-word", "odd-space", "case", "sign"],
)
def test_a_nugget_is_found_by_its_forms(text, form, expected):
    assert carries(text, Nugget(aliases={"en": [form]}), ["en"]) is expected


def family(**fields):
    base = {
        "id": "grass", "type": "single-fact", "author": "t", "date": "2026-01-01", "questions": {"en": "How tall?"},
        "gold": [[{"document": "dk-bornholm-mowing-by-result", "first": 5, "last": 5, "quote": "7 cm"}]],
        "nuggets": [
            {"importance": "vital", "aliases": {"en": ["7 cm"]}},
            {"importance": "okay", "aliases": {"en": ["zebra"]}},
        ],
    }  # fmt: skip
    return Family.model_validate({**base, **fields})


@pytest.fixture
def answer(small_kb):
    return small_kb.ask("How tall must the grass be on Bornholm before it is cut?")


def test_an_answer_with_its_gold_has_full_marks(small_kb, answer):
    got = answer_metrics(family(), answer, small_kb.document)
    assert got["vital_nuggets"] == got["all_vital"] == 1.0
    assert got["nuggets"] == 0.5
    assert got["citation_validity"] == got["citation_coverage"] == got["citation_recall"] == got["refusal_right"] == 1.0
    cited = [c for s in answer.statements for c in s.citations]
    assert got["citation_precision"] == pytest.approx(1 / len(cited))


def test_a_refusal_of_an_answerable_question_has_no_nuggets(small_kb):
    refused = small_kb.ask("What is the capital of Australia?")
    got = answer_metrics(family(), refused, small_kb.document)
    assert (got["vital_nuggets"], got["citation_precision"], got["refusal_right"]) == (0.0, 0.0, 0.0)


def test_a_forbidden_form_and_a_canary_are_told(small_kb, answer):
    told = family(forbidden=[{"aliases": {"en": ["grass"]}}], canaries=["GRASS"])
    got = answer_metrics(told, answer, small_kb.document)
    assert (got["forbidden_free"], got["canary_free"]) == (0.0, 0.0)


def test_a_changed_quote_is_not_valid(small_kb, answer):
    first = answer.statements[0]
    wrong = replace(first, citations=(replace(first.citations[0], quote="Something else."),))
    assert citation_validity((wrong,), small_kb.document) == 0.0
    assert citation_validity((first, wrong), small_kb.document) == 0.5
    assert citation_validity((), small_kb.document) == 1.0


def test_the_other_side_counts_wherever_it_is_shown(small_kb, answer):
    side = [{"document": "dk-bornholm-mowing-by-result", "first": 11, "last": 11, "quote": "no figures"}]
    shown = {c.block_first for s in (*answer.statements, *answer.other_side) for c in s.citations}
    got = answer_metrics(family(type="dissent", other_side=side), answer, small_kb.document)
    assert got["other_side_shown"] == float(11 in shown)


def test_a_chunk_is_relevant_if_it_covers_half_of_the_span(small_kb):
    passage = next(p for p in small_kb.search("grass 7 cm high") if p.chunk.block_first == 5)
    span = Span(document="dk-bornholm-mowing-by-result", first=5, last=5, quote="x")
    assert chunk_is_relevant(passage.chunk, [span], small_kb.document)
    wide = Span(document="dk-bornholm-mowing-by-result", first=1, last=11, quote="x")
    assert not chunk_is_relevant(passage.chunk, [wide], small_kb.document)
    other = Span(document="int-nl-buurtzorg", first=5, last=5, quote="x")
    assert not chunk_is_relevant(passage.chunk, [other], small_kb.document)


def test_a_citation_is_relevant_by_its_blocks_in_any_language(small_kb):
    danish = small_kb.ask("Hvor højt skal græsset være på Bornholm, før det slås?")
    span = Span(document="dk-bornholm-mowing-by-result", first=5, last=5, quote="x")
    cited = [c for s in danish.statements for c in s.citations]
    assert [citation_is_relevant(c, [span]) for c in cited] == [c.block_first <= 5 <= c.block_last for c in cited]
    assert any(citation_is_relevant(c, [span]) for c in cited)
