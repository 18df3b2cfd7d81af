"""The gate: whether a change may be merged, by paired differences against the baseline and hard checks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.baseline import CONFIDENCE, GATED, Baseline
from eval.runner import Result
from eval.statistics import estimate, paired
from eval.summary import values_of

SMALL_SLICE = 40
NEWLY_FAILING = 3
CLEAR_LOSS, ANY_LOSS, WARN_LOW = -0.01, -0.05, -0.03
POWER = 2.8
"""Standard errors of the smallest difference found in four of five runs at 95 % (1.96 + 0.84)."""
HARD = ("citation_validity", "citation_coverage", "canary_free")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the gate says; any `fail` closes it."""

    level: Literal["fail", "warn", "info"]
    message: str


def judge(
    results: Sequence[Result],
    again: Sequence[Result],
    baseline: Baseline,
    fingerprints: dict[str, str],
    must_pass: Collection[str],
) -> list[Finding]:
    """Return all findings about a run, `again` being the second run of the same questions."""
    base = [result for result in results if result.variant == "base"]
    findings = [*_hard(results), *_repeat(results, again), *_must_pass(results, must_pass)]
    findings += _changed(base, baseline, fingerprints)
    for metric in GATED:
        findings += _metric(base, baseline, metric)
    return [*findings, *_slices(base, baseline)]


def is_open(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing failed."""
    return all(finding.level != "fail" for finding in findings)


def _hard(results: Sequence[Result]) -> list[Finding]:
    findings = []
    for metric in HARD:
        broken = [result.id for result in results if result.metrics.get(metric, 1.0) < 1]
        checked = sum(1 for result in results if metric in result.metrics)
        if broken:
            findings.append(Finding("fail", f"{metric}: {len(broken)} of {checked} questions: {_some(broken)}"))
        elif checked:
            findings.append(Finding("info", f"{metric}: none of {checked} failed (rate under {3 / checked:.3f})"))
    return findings


def _repeat(results: Sequence[Result], again: Sequence[Result]) -> list[Finding]:
    first = {result.id: result.digest for result in results}
    differing = [result.id for result in again if first.get(result.id) != result.digest]
    if differing or len(again) != len(results):
        return [Finding("fail", f"the second run differs in {len(differing)} answers: {_some(differing)}")]
    return []


def _must_pass(results: Sequence[Result], must_pass: Collection[str]) -> list[Finding]:
    failed = [result.id for result in results if result.id in must_pass and result.where != "right"]
    return [Finding("fail", f"questions that must pass failed: {_some(failed)}")] if failed else []


def _changed(base: Sequence[Result], baseline: Baseline, fingerprints: dict[str, str]) -> list[Finding]:
    findings = []
    for name, value in sorted(fingerprints.items()):
        if baseline.fingerprints.get(name) != value:
            findings.append(Finding("info", f"the {name} changed since the baseline"))
    ids = {result.id for result in base}
    both = ids & baseline.right.keys()
    if ids != baseline.right.keys():
        findings.append(
            Finding("warn", f"the questions changed: {len(both)} are compared, {len(ids - both)} new, "
                    f"{len(baseline.right.keys() - both)} gone")
        )  # fmt: skip
    if not both:
        findings.append(Finding("fail", "no question of the baseline was asked"))
    return findings


def _metric(base: Sequence[Result], baseline: Baseline, metric: str) -> list[Finding]:
    new = values_of(base, metric)
    differences = paired(new, baseline.values[metric])
    if not differences:
        return []
    change = estimate(differences, CONFIDENCE)
    told = (
        f"{metric}: {change.mean:+.4f} [{change.low:+.4f}, {change.high:+.4f}] on {change.count} questions, "
        f"smallest detectable {POWER * change.error:.4f}"
    )
    findings = [Finding("info", told)]
    if (change.high < 0 and change.mean <= CLEAR_LOSS) or change.mean <= ANY_LOSS:
        findings = [Finding("fail", f"{told}: worse than the baseline")]
    elif change.low < WARN_LOW:
        findings = [Finding("warn", told)]
    floor = baseline.floors.get(metric)
    compared = [value for name, value in new.items() if name in baseline.values[metric]]
    now = estimate(compared, CONFIDENCE).mean
    if floor is not None and now < floor:
        findings.append(Finding("fail", f"{metric}: {now:.4f} is under the last release's floor of {floor:.4f}"))
    return findings


def _slices(base: Sequence[Result], baseline: Baseline) -> list[Finding]:
    slices: dict[tuple[str, str], list[Result]] = {}
    for result in base:
        slices.setdefault((result.type, result.language), []).append(result)
    findings = []
    for (kind, language), results in sorted(slices.items()):
        newly = [result.id for result in results if baseline.right.get(result.id) and result.where != "right"]
        if newly and len(results) < SMALL_SLICE:
            level: Literal["fail", "warn"] = "fail" if len(newly) >= NEWLY_FAILING else "warn"
            findings.append(Finding(level, f"{kind} in {language}: {len(newly)} newly failing: {_some(newly)}"))
    return findings


def _some(names: Sequence[str], limit: int = 8) -> str:
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")
