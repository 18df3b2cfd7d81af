"""The gate on runs made by hand: a real loss fails, noise does not, hard checks fail on one violation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval.gate import Finding, is_open, judge
from tests.eval.makers import baseline_of, result


def run(count=200, **metrics):
    return [result(f"f{n}.en", **metrics) for n in range(count)]


def fails(findings):
    return [finding.message for finding in findings if finding.level == "fail"]


def changed(results, metric, delta):
    """The results with a metric moved by delta(n) for the n-th, kept between 0 and 1."""
    return [
        replace(r, metrics={**r.metrics, metric: min(1.0, max(0.0, r.metrics[metric] + delta(n)))})
        for n, r in enumerate(results)
    ]


def test_the_same_run_passes():
    results = run()
    assert is_open(judge(results, results, baseline_of(results), {}, ["f1.en"]))


def test_a_real_regression_fails():
    before = run(vital_nuggets=0.8)
    after = changed(before, "vital_nuggets", lambda n: -0.8 if n % 20 == 0 else 0.0)
    (message,) = fails(judge(after, after, baseline_of(before), {}, []))
    assert message.startswith("vital_nuggets: -0.0400 [-0.0")
    assert message.endswith("worse than the baseline")


def test_noise_passes():
    before = run(vital_nuggets=0.5)
    chance = np.random.default_rng(3)
    after = changed(before, "vital_nuggets", lambda n: float(chance.choice([-0.2, 0.0, 0.2])))
    assert is_open(judge(after, after, baseline_of(before), {}, []))


def test_a_loss_of_five_points_fails_whatever_its_interval():
    before = run(20)
    after = changed(before, "recall@5", lambda n: -1.0 if n == 0 else 0.0)
    assert fails(judge(after, after, baseline_of(before), {}, []))


def test_a_wide_interval_warns():
    before = run(60)
    after = changed(before, "recall@5", lambda n: -1.0 if n == 0 else 0.0)
    levels = {f.message.split(":")[0]: f.level for f in judge(after, after, baseline_of(before), {}, [])}
    assert levels["recall@5"] == "warn"


def test_an_improvement_passes():
    before = run(**{"recall@5": 0.0})
    after = changed(before, "recall@5", lambda n: 1.0)
    assert is_open(judge(after, after, baseline_of(before), {}, []))


def test_a_changed_question_set_compares_the_intersection():
    before = run(50)
    after = [*before[10:], *(result(f"new{n}.en", where="refused", **{"recall@5": 0.0}) for n in range(30))]
    findings = judge(after, after, baseline_of(before), {}, [])
    assert is_open(findings)
    assert Finding("warn", "the questions changed: 40 are compared, 30 new, 10 gone") in findings
    assert [f.message for f in findings if f.message.startswith("recall@5: +0.0000 [+0.0000, +0.0000] on 40")]


def test_with_nothing_to_compare_the_gate_is_closed():
    before, after = run(5), [result("other.en")]
    assert "no question of the baseline was asked" in fails(judge(after, after, baseline_of(before), {}, []))


@pytest.mark.parametrize("metric", ["citation_validity", "citation_coverage", "canary_free"])
def test_one_violation_of_a_hard_check_fails(metric):
    results = run(100, **{metric: 1.0})
    broken = [*results[:-1], replace(results[-1], metrics={**results[-1].metrics, metric: 0.99})]
    assert fails(judge(broken, broken, baseline_of(results), {}, [])) == [f"{metric}: 1 of 100 questions: f99.en"]


def test_no_failures_are_told_with_the_bound_of_three_over_n():
    results = run(100, citation_validity=1.0)
    messages = [f.message for f in judge(results, results, baseline_of(results), {}, [])]
    assert "citation_validity: none of 100 failed (rate under 0.030)" in messages


def test_a_second_run_that_differs_fails():
    results = run(10)
    again = [*results[:-1], replace(results[-1], digest="another")]
    assert fails(judge(results, again, baseline_of(results), {}, [])) == [
        "the second run differs in 1 answers: f9.en"
    ]  # fmt: skip


def test_a_question_that_must_pass_fails_the_gate():
    results = [*run(60), result("must.en", where="not chosen")]
    baseline = baseline_of(results)
    assert fails(judge(results, results, baseline, {}, ["must.en"])) == ["questions that must pass failed: must.en"]


def test_three_newly_failing_questions_in_a_small_slice_fail():
    before = run(100) + [result(f"s{n}.sv", kind="list", language="sv") for n in range(10)]
    after = [replace(r, where="not chosen") if r.id in ("s1.sv", "s2.sv") else r for r in before]
    assert is_open(judge(after, after, baseline_of(before), {}, []))
    after = [replace(r, where="not chosen") if r.id == "s3.sv" else r for r in after]
    assert fails(judge(after, after, baseline_of(before), {}, [])) == [
        "list in sv: 3 newly failing: s1.sv, s2.sv, s3.sv"
    ]


def test_the_floor_of_the_last_release_holds_against_slow_slides():
    results = run(**{"recall@5": 0.7})
    findings = judge(results, results, baseline_of(results, floors={"recall@5": 0.75}), {}, [])
    assert fails(findings) == ["recall@5: 0.7000 is under the last release's floor of 0.7500"]


def test_refusal_is_balanced_between_answerable_and_unanswerable():
    before = run(300) + [result(f"u{n}.en", kind="unanswerable") for n in range(50)]
    after = [
        replace(r, metrics={**r.metrics, "refusal_right": 0.0}) if r.id in {f"u{n}.en" for n in range(6)} else r
        for r in before
    ]
    (message,) = fails(judge(after, after, baseline_of(before), {}, []))
    assert message.startswith("refusal_right: -0.0600")


def test_changed_fingerprints_are_told():
    results = run(5)
    findings = judge(results, results, baseline_of(results, fingerprints={"corpus": "a"}), {"corpus": "b"}, [])
    assert Finding("info", "the corpus changed since the baseline") in findings
