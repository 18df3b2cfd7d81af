"""Aggregates: slices, gaps, the risk-coverage curve, and what reports look like."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from eval import report
from eval.baseline import read_baseline, write_baseline
from eval.gate import Finding
from eval.html_report import html_report
from eval.summary import auroc, best_threshold, risk_coverage, summarise
from kb.errors import DocumentError
from tests.eval.makers import result


def with_support(results, supports):
    return [replace(r, support=s) for r, s in zip(results, supports, strict=True)]


@pytest.fixture
def results():
    answerable = with_support([result(f"a{n}.en") for n in range(4)], [0.9, 0.8, 0.7, 0.4])
    unanswerable = with_support([result(f"u{n}.en", kind="unanswerable") for n in range(4)], [0.6, 0.3, 0.2, 0.1])
    return [*answerable, *unanswerable]


def test_auroc_is_the_share_of_pairs_in_the_right_order():
    assert auroc([0.9, 0.4], [0.6, 0.3]) == 0.75
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([], [0.5]) is None


def test_risk_and_coverage_at_each_threshold(results):
    curve = {threshold: (coverage, risk) for threshold, coverage, risk, _ in risk_coverage(results)}
    assert curve[0.0] == (1.0, 0.5)
    assert curve[0.4] == (5 / 8, 1 / 5)
    assert curve[0.7] == (3 / 8, 0.0)


def test_the_best_threshold_has_the_best_balanced_accuracy(results):
    assert best_threshold(results) == 0.4


def test_gaps_are_paired_with_their_twins():
    rows = [
        result("a.en"), result("a.da", language="da", **{"recall@5": 0.5}), result("a.en.typo", variant="typo",
        **{"recall@5": 0.0}), result("f.en", kind="follow-up", **{"recall@5": 0.0}), result("f.en.full",
        kind="follow-up", variant="full"),
    ]  # fmt: skip
    gaps = summarise(rows).gaps
    assert {name: gap.mean for name, gap in gaps.items() if name.endswith("recall@5")} == {
        "da against en, recall@5": -0.5,
        "typos, recall@5": -1.0,
        "follow-up against full form, recall@5": -1.0,
    }


def test_slices_are_of_questions_as_asked():
    rows = [result("a.en"), result("a.en.typo", variant="typo", **{"recall@5": 0.0})]
    first = summarise(rows).slices[0]
    assert (first.name, first.count, first.metrics["recall@5"].mean) == ("all", 1, 1.0)


def test_a_baseline_survives_writing_and_reading(results, tmp_path):
    path = tmp_path / "baseline.jsonl"
    write_baseline(path, results, {"corpus": "c"})
    baseline = read_baseline(path)
    assert baseline.fingerprints == {"corpus": "c"}
    assert baseline.floors == {"recall@5": 1.0, "vital_nuggets": 1.0, "refusal_right": 1.0}
    assert baseline.right == {r.id: True for r in results}
    assert baseline.values["refusal_right"]["u0.en"].group == "unanswerable"


def test_a_missing_baseline_says_how_to_write_one(tmp_path):
    with pytest.raises(DocumentError, match="Write one with: tillit eval --update-baseline"):
        read_baseline(tmp_path / "none.jsonl")


def test_the_html_report_has_no_script_and_fetches_nothing(results):
    hostile = replace(results[0], where="refused", question="<script>alert(1)</script>", text="<img src='http://x'>")
    page = html_report(summarise(results), [hostile, *results], [Finding("fail", "<b>worse</b>")])
    assert "<script" not in page
    assert "<img" not in page
    assert "http" not in page.replace("&lt;img src=&#x27;http://x&#x27;&gt;", "")
    assert page.count("<svg") == 4


def test_junit_counts_the_gates_failures_and_shows_failing_questions(results):
    failing = replace(results[0], where="not chosen")
    tree = ET.fromstring(report.junit([failing, *results[1:]], [Finding("fail", "worse"), Finding("info", "fine")]))
    assert [suite.get("tests") for suite in tree] == ["2", "8"]
    assert len(tree.findall(".//failure")) == 1
    assert len(tree.findall(".//skipped")) == 1


def test_the_markdown_report_lists_newly_failing_and_newly_passing(results):
    failing = replace(results[0], where="not chosen")
    before = {r.id: True for r in results} | {"a1.en": False}
    text = report.markdown(summarise(results), [failing, *results[1:]], [], before)
    assert "## Newly failing (1)\n\n### a0.en: not chosen" in text
    assert "## Newly passing (1)\n\n- a1.en: Why?" in text


def test_the_json_report_is_the_same_for_the_same_run(results):
    once = report.write_json(report.to_json(summarise(results), results, {}))
    assert once == report.write_json(report.to_json(summarise(results), results, {}))
    assert json.loads(once)["schema_version"] == 1
