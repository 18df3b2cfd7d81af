"""The HTML report: one file without scripts or links to elsewhere; plots are inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from eval.gate import Finding
from eval.runner import Result
from eval.statistics import Estimate
from eval.summary import SHOWN, Summary, risk_coverage

STYLE = """
body { font: 16px/1.5 Georgia, serif; color: #23302e; background: #fdfcf9; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3, table, svg { font-family: system-ui, sans-serif; } table { border-collapse: collapse; font-size: .85rem; }
td, th { border-bottom: 1px solid #d8d5cb; padding: .25rem .6rem; text-align: right; }
td:first-child { text-align: left; }
.fail { color: #a02020; } .warn { color: #8a5a00; } details { margin: .4rem 0; } dt { font-weight: bold; }
"""
BAR, WIDTH, LABEL = 22, 420, 190
COLOUR = "#1f6f64"


def html_report(summary: Summary, results: Sequence[Result], findings: Sequence[Finding]) -> str:
    """Return the whole report."""
    failing = [result for result in results if result.where != "right"]
    plots = "".join(
        f"<h3>{title}</h3>{bars([(s.name, s.metrics[metric]) for s in summary.slices if metric in s.metrics])}"
        for title, metric in (("Recall of documents at 5", "recall@5"), ("Recall of vital nuggets", "vital_nuggets"))
    )
    where = {name: count for name, count in summary.where.items() if name != "right"}
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Tillit: evaluation</title><style>{STYLE}</style>"
        f"<h1>Evaluation</h1>{_gate(findings)}<h2>Figures</h2>{_table(summary)}<h2>By type and language</h2>{plots}"
        f"<h2>Refusal: risk and coverage</h2>{curve([(c, r) for _, c, r, _ in risk_coverage(results)])}"
        f"<h2>Where questions failed</h2>{counts(where)}"
        f"<h2>Failing questions ({len(failing)})</h2>{''.join(_question(result) for result in failing)}</html>\n"
    )


def _gate(findings: Sequence[Finding]) -> str:
    items = "".join(f"<li class='{f.level}'><b>{f.level}</b> {escape(f.message)}</li>" for f in findings)
    return f"<h2>Gate</h2><ul>{items}</ul>" if items else ""


def _table(summary: Summary) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in ("questions", "n", *SHOWN, "words"))
    rows = "".join(
        f"<tr><td>{escape(part.name)}</td><td>{part.count}</td>"
        + "".join(f"<td>{_cell(part.metrics.get(metric))}</td>" for metric in SHOWN)
        + f"<td>{part.words:.0f}</td></tr>"
        for part in summary.slices
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _cell(value: Estimate | None) -> str:
    return f"{value.mean:.3f}<br><small>{value.low:.2f}–{value.high:.2f}</small>" if value else ""


def bars(rows: Sequence[tuple[str, Estimate]]) -> str:
    """Return horizontal bars from 0 to 1 with their intervals, as SVG."""
    parts = []
    for place, (name, value) in enumerate(rows):
        y = place * BAR
        low, high = LABEL + value.low * WIDTH, LABEL + value.high * WIDTH
        parts.append(
            f"<text x='{LABEL - 8}' y='{y + 15}' text-anchor='end' font-size='12'>{escape(name)}</text>"
            f"<rect x='{LABEL}' y='{y + 4}' width='{value.mean * WIDTH:.1f}' height='14' fill='{COLOUR}' opacity='.8'/>"
            f"<line x1='{low:.1f}' x2='{high:.1f}' y1='{y + 11}' y2='{y + 11}' stroke='#23302e' stroke-width='1.5'/>"
            f"<text x='{LABEL + WIDTH + 10}' y='{y + 15}' font-size='12'>{value.mean:.3f} (n={value.count})</text>"
        )
    return _svg(LABEL + WIDTH + 110, len(rows) * BAR + 4, "".join(parts))


def curve(points: Sequence[tuple[float, float]]) -> str:
    """Return risk over coverage as SVG."""
    path = " ".join(f"{40 + x * WIDTH:.1f},{220 - y * 200:.1f}" for x, y in sorted(points))
    axes = (
        f"<line x1='40' y1='220' x2='{40 + WIDTH}' y2='220' stroke='#888'/>"
        "<line x1='40' y1='20' x2='40' y2='220' stroke='#888'/>"
        f"<text x='{40 + WIDTH / 2}' y='240' font-size='12' text-anchor='middle'>"
        "coverage: share of questions answered</text>"
        "<text x='46' y='16' font-size='12'>risk: share of the answered that are unanswerable</text>"
    )
    return _svg(WIDTH + 60, 250, f"{axes}<polyline points='{path}' fill='none' stroke='{COLOUR}' stroke-width='2'/>")


def counts(where: dict[str, int]) -> str:
    """Return counts as horizontal bars, as SVG."""
    most = max(where.values(), default=1)
    parts = []
    for place, (name, count) in enumerate(sorted(where.items())):
        y, length = place * BAR, count / most * WIDTH
        parts.append(
            f"<text x='{LABEL - 8}' y='{y + 15}' text-anchor='end' font-size='12'>{escape(name)}</text>"
            f"<rect x='{LABEL}' y='{y + 4}' width='{length:.1f}' height='14' fill='{COLOUR}' opacity='.8'/>"
            f"<text x='{LABEL + length + 8:.1f}' y='{y + 15}' font-size='12'>{count}</text>"
        )
    return _svg(LABEL + WIDTH + 60, len(where) * BAR + 4, "".join(parts))


def _svg(width: float, height: float, body: str) -> str:
    return f"<svg width='{width:.0f}' height='{height:.0f}' role='img'>{body}</svg>"


def _question(result: Result) -> str:
    trace = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in result.trace)
    return (
        f"<details><summary><b>{escape(result.id)}</b>: {result.where}: {escape(result.question)}</summary><dl>"
        f"<dt>expected</dt><dd>{escape(result.expected)}</dd><dt>got ({result.status})</dt>"
        f"<dd>{escape(result.text)}</dd>"
        f"<dt>documents</dt><dd>{escape(', '.join(result.documents))}</dd>{trace}</dl></details>"
    )
