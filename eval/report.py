"""Reports of a run: Markdown, JSON and JUnit; the HTML one is `eval.html_report`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree as ET

from eval.gate import Finding
from eval.runner import Result
from eval.summary import SHOWN, Summary


def table(summary: Summary) -> str:
    """Return the figures as a Markdown table: mean with its 95 % interval."""
    head = ["questions", "n", *SHOWN, "words"]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for part in summary.slices:
        cells = [part.name, str(part.count)]
        for metric in SHOWN:
            value = part.metrics.get(metric)
            cells.append(f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]" if value else "")
        lines.append(f"| {' | '.join([*cells, f'{part.words:.0f}'])} |")
    return "\n".join(lines)


def figures(summary: Summary) -> str:
    """Return the figures that are no table: gaps, refusal, where questions failed."""
    lines = [
        f"- {name}: {gap.mean:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}] ({gap.count})"
        for name, gap in summary.gaps.items()
    ]
    for name, value in (
        ("AUROC of the support score", summary.auroc),
        ("unanswerable questions answered", summary.false_answers),
        ("answerable questions refused", summary.false_refusals),
    ):
        if value is not None:
            lines.append(f"- {name}: {value:.3f}")
    lines.append("- outcomes: " + ", ".join(f"{where} {count}" for where, count in summary.where.items()))
    return "\n".join(lines)


def markdown(
    summary: Summary, results: Sequence[Result], findings: Sequence[Finding], before: dict[str, bool] | None = None
) -> str:
    """Return the report; `before` tells which questions were right in the baseline or another run."""
    parts = ["# Evaluation", table(summary), figures(summary)]
    if findings:
        parts += ["## Gate", "\n".join(f"- **{finding.level}** {finding.message}" for finding in findings)]
    failing = [result for result in results if result.where != "right"]
    if before is not None:
        newly = [result for result in failing if before.get(result.id)]
        passing = [result for result in results if result.where == "right" and before.get(result.id) is False]
        parts += [f"## Newly failing ({len(newly)})", *(_question(result) for result in newly)]
        parts += [f"## Newly passing ({len(passing)})", *(f"- {result.id}: {result.question}" for result in passing)]
        failing = [result for result in failing if not before.get(result.id)]
    parts += [f"## Failing ({len(failing)})", *(_question(result) for result in failing)]
    return "\n\n".join(parts) + "\n"


def _question(result: Result) -> str:
    got = " ".join(result.text.split())[:400]
    trace = "; ".join(f"{name}: {value}" for name, value in result.trace)
    return (
        f"### {result.id}: {result.where}\n\n{result.question}\n\n- expected: {result.expected}\n"
        f"- got ({result.status}): {got}\n- documents: {', '.join(result.documents[:5])}\n- trace: {trace}"
    )


def to_json(summary: Summary, results: Sequence[Result], fingerprints: dict[str, str]) -> dict[str, Any]:
    """Return all of a run as JSON; `--compare` reads it."""
    return {
        "schema_version": 1,
        "fingerprints": fingerprints,
        "summary": asdict(summary),
        "results": [result.to_json() for result in results],
    }


def junit(results: Sequence[Result], findings: Sequence[Finding]) -> str:
    """Return the run as JUnit XML: the gate's findings, and each question, failing ones with what was got."""
    suites = ET.Element("testsuites")
    gate = ET.SubElement(suites, "testsuite", name="gate", tests=str(len(findings)))
    for finding in findings:
        case = ET.SubElement(gate, "testcase", classname="gate", name=finding.message)
        if finding.level == "fail":
            ET.SubElement(case, "failure", message=finding.message)
    questions = ET.SubElement(suites, "testsuite", name="questions", tests=str(len(results)))
    for result in results:
        case = ET.SubElement(questions, "testcase", classname=result.type, name=result.id)
        if result.where != "right":
            ET.SubElement(case, "skipped", message=f"{result.where}; expected {result.expected}")
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def write_json(value: dict[str, Any]) -> str:
    """Return JSON text, one result a line apart, stable between runs."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
