"""The gate over the shipped knowledge base: open as it stands, closed when a part is broken."""

from __future__ import annotations

import pytest

from app.commands.eval import BASELINE, MUST_PASS
from app.evaluation import chosen_rows, evaluate, fingerprints
from eval.baseline import Baseline, read_baseline
from eval.gate import is_open, judge
from eval.runner import run
from eval.schema import load_families
from kb.knowledge_base import KnowledgeBase
from kb.records import Statement, no_progress

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def rows():
    return chosen_rows(load_families(), None, locked=False)


@pytest.fixture(scope="module")
def few(rows):
    """A quarter of the questions as asked, of every type; enough to see a broken part."""
    return [row for row in rows if row.variant == "base" and not row.family.plant][::4]


@pytest.fixture(scope="module")
def few_as_baseline(shipped_kb, few):
    from tests.eval.makers import baseline_of

    return baseline_of(run(shipped_kb, few))


def closed(kb: KnowledgeBase, few, baseline: Baseline) -> list[str]:
    results = run(kb, few)
    findings = judge(results, results, baseline, {}, [])
    return [finding.message for finding in findings if finding.level == "fail"]


def test_the_gate_is_open(shipped_kb, rows):
    results = evaluate(shipped_kb, rows, no_progress)
    again = evaluate(shipped_kb, rows, no_progress)
    must_pass = MUST_PASS.read_text(encoding="utf-8").split()
    findings = judge(results, again, read_baseline(BASELINE), fingerprints(shipped_kb, rows), must_pass)
    assert is_open(findings), "\n".join(f"{finding.level}: {finding.message}" for finding in findings)


@pytest.mark.slow
def test_the_shipped_measurement_is_of_what_is_shipped(shipped_kb, rows):
    measured = read_baseline(BASELINE).fingerprints
    assert measured == fingerprints(shipped_kb, rows), "write it anew with: tillit eval --update-baseline"


@pytest.mark.slow
def test_a_ranker_that_sorts_the_wrong_way_closes_the_gate(shipped_kb, few, few_as_baseline, monkeypatch):
    from kb.retrieval import retriever

    right = retriever._best
    monkeypatch.setattr(retriever, "_best", lambda *given: tuple(column[::-1] for column in right(*given)))
    assert [message for message in closed(shipped_kb, few, few_as_baseline) if message.startswith("recall@5: -0.")]


@pytest.mark.slow
def test_a_composer_that_drops_citations_closes_the_gate(shipped_kb, few, few_as_baseline, monkeypatch):
    from kb.answering import answerer

    monkeypatch.setattr(answerer, "_statement", lambda *given: Statement("It is so.", ()))
    messages = closed(shipped_kb, few, few_as_baseline)
    assert [message for message in messages if message.startswith("citation_coverage: ")]


@pytest.mark.slow
def test_a_threshold_of_nought_closes_the_gate(shipped_kb, few, few_as_baseline):
    settings = shipped_kb.settings.model_copy(update={"support": 0.0, "support_by_words": 0.0})
    messages = closed(KnowledgeBase(settings, shipped_kb.embedder), few, few_as_baseline)
    assert [message for message in messages if message.startswith("refusal_right: -0.")]


def test_the_question_set_has_its_counts():
    counts: dict[str, int] = {}
    for family in load_families():
        counts[family.type] = counts.get(family.type, 0) + 1
    assert counts == {
        "single-fact": 60, "list": 25, "multi-document": 30, "case-finding": 35, "comparison": 25, "dissent": 40,
        "unanswerable": 80, "follow-up": 60, "injection": 20,
    }  # fmt: skip
    assert sum(len(family.questions) for family in load_families()) >= 500


def test_three_in_ten_families_of_each_type_are_locked():
    from eval.rows import lock, read_locked

    assert lock(load_families(), read_locked()) == read_locked()
