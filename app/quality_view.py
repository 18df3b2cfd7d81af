"""What the page on quality shows, as HTML and as a chart: pure functions, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from app.charts import COLOURS
from app.labels import Labels, load_texts, value
from app.quality import MEASURES, Run, Runs, changes, figures, newly
from eval.statistics import Estimate
from kb.activity.gaps import Cluster
from kb.activity.records import Entry, Feedback
from kb.knowledge_base import Status

TOLD = {"found": "found-told", "facts": "facts-told", "answered": "answered-told", "refused": "refused-told"}
"""The sentence of each measure."""
CAUSES = {
    "not retrieved": "not-retrieved",
    "not chosen": "not-chosen",
    "refused": "cause-refused",
    "answered": "cause-answered",
    "error": "cause-error",
}
"""What a question that failed did wrong, by where it failed."""
THUMBS = {"up": "helpful", "down": "not-helpful"}


def html(parts: Sequence[str], say: Labels, style: str = "") -> str:
    """Return parts of a page as one piece of HTML."""
    return f'<div class="tillit quality {style}" lang="{say.language}">{"".join(parts)}</div>'


def heading(text: str, say: Labels) -> str:
    """Return the heading of a part of the page."""
    return html([f"<h2>{escape(text)}</h2>"], say)


def cards(run: Run, say: Labels) -> str:
    """Return a card for each measure: the number, what it says, the range."""
    return html([_card(measure, made, say) for measure, made in figures(run).items()], say, "figures")


def _card(measure: str, made: Estimate, say: Labels) -> str:
    number = f"{made.mean:.0f}"
    return (
        f'<div class="card"><div class="figure" aria-hidden="true">{number}<small> / 100</small></div>'
        f"<p>{escape(say(TOLD[measure], n=number))}</p>"
        f'<div class="facts">{escape(say("range", low=_whole(made.low), high=_whole(made.high)))}</div></div>'
    )


def measured(run: Run, status: Status, count: int, say: Labels) -> str:
    """Return when the figures were measured, with how many questions, and what of it all is still the same."""
    when = say("measured-day", day=run.day, n=count) if run.day else say("measured-shipped", n=count)
    prints = run.baseline.fingerprints
    same = prints.get("corpus") == status.corpus
    told = "same-index" if prints.get("index") == status.index else "same-corpus" if same else "other-corpus"
    return html([f"<p>{escape(when)} {escape(say(told))}</p>"], say)


def compared(runs: Runs, say: Labels) -> str:
    """Return what changed since the shipped measurement, measure by measure."""
    lines = []
    for measure, change in changes(runs.latest, runs.shipped).items():
        name = "better" if change.low > 0 else "worse" if change.high < 0 else "unchanged"
        name = name if change.error else "same"
        told = say(
            name,
            n=_tenth(abs(change.mean), say),
            low=_tenth(change.low, say, "+"),
            high=_tenth(change.high, say, "+"),
        )
        lines.append(f"<li><strong>{escape(say(measure))}</strong>: {escape(told)}</li>")
    if not lines:
        return html([f"<p>{escape(say('no-common'))}</p>"], say)
    failing, passing = newly(runs.latest, runs.shipped)
    return html([f"<ul>{''.join(lines)}</ul><p>{escape(say('newly', failing=failing, passing=passing))}</p>"], say)


def bars(rows: Mapping[str, Estimate], head: str, say: Labels) -> str:
    """Return a table of a measure by type or language, with a bar and its range in each row."""
    lines = "".join(
        f'<tr><th scope="row">{escape(_name(name, say))}{_bar(made.mean, made.low, made.high)}</th>'
        f"<td>{made.mean:.0f}</td><td>{_whole(made.low)}–{_whole(made.high)}</td><td>{made.count}</td></tr>"
        for name, made in rows.items()
    )
    names = (head, say("of-100"), say("range-head"), say("questions"))
    return html([_table(names, lines)], say)


def failures(counts: Mapping[str, int], say: Labels) -> str:
    """Return a table of the questions that failed, by what went wrong."""
    most = max(counts.values(), default=1)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = "".join(
        f'<tr><th scope="row">{escape(say(CAUSES[where]) if where in CAUSES else where)}{_bar(100 * count / most)}</th>'
        f"<td>{count}</td></tr>"
        for where, count in ordered
    )
    return html([_table((say("cause"), say("questions")), lines)], say)


def trend(chosen: Sequence[Run], say: Labels) -> dict[str, Any]:
    """Return the chart of the measures over the runs."""
    names = {measure: say(measure) for measure in MEASURES}
    places = [_place(number, run, say) for number, run in enumerate(chosen)]
    rows = [
        {"run": place, "measure": names[measure], "share": round(share, 1)}
        for place, run in zip(places, chosen, strict=True)
        for measure in MEASURES
        if (share := run.share(measure)) is not None
    ]
    known = [share for run in chosen for measure in MEASURES if (share := run.share(measure)) is not None]
    lowest = min(known, default=0) // 10 * 10
    domain = list(names.values())
    measure = {"field": "measure", "type": "nominal", "title": None, "legend": {"orient": "bottom", "columns": 1}}
    axis = {"labelAngle": -30, "labelOverlap": True}
    shares = {"field": "share", "type": "quantitative", "title": say("of-100")}
    return {
        "description": say("trend"),
        "height": 400,
        "data": {"values": rows},
        "mark": {"type": "line", "point": {"size": 60}, "aria": False},
        "encoding": {
            "x": {"field": "run", "type": "ordinal", "title": None, "sort": places, "axis": axis},
            "y": shares | {"scale": {"domain": [lowest, 100]}},
            "color": measure | {"scale": {"domain": domain, "range": list(COLOURS[: len(names)])}},
            "shape": measure | {"scale": {"domain": domain}},
            "tooltip": [
                {"field": "run", "type": "nominal", "title": say("run")},
                {"field": "measure", "type": "nominal", "title": say("measure")},
                shares,
            ],
        },
    }


def trend_table(chosen: Sequence[Run], say: Labels) -> str:
    """Return the numbers of the trend as a table behind a fold."""
    lines = ""
    for number, run in enumerate(chosen):
        shares = [run.share(measure) for measure in MEASURES]
        cells = "".join(f"<td>{'–' if share is None else _tenth(share, say)}</td>" for share in shares)
        lines += f'<tr><th scope="row">{escape(_place(number, run, say))}</th>{cells}</tr>'
    table = _table((say("run"), *(say(measure) for measure in MEASURES)), lines)
    return html([f"<details><summary>{escape(say('numbers'))}</summary>{table}</details>"], say)


def _place(number: int, run: Run, say: Labels) -> str:
    return f"{number}. {run.day}" if run.day else say("shipped")


def thumbs(entries: Sequence[Entry], shown: int, say: Labels) -> str:
    """Return what visitors sent by thumbs, the newest first, `shown` of them at most."""
    sent = [(entry, entry.what) for entry in reversed(entries) if isinstance(entry.what, Feedback)]
    return html([_thumb(entry, what, say) for entry, what in sent[:shown]], say)


def _thumb(entry: Entry, what: Feedback, say: Labels) -> str:
    facts = " · ".join((say(THUMBS[what.thumb]), entry.day, value(what.language, say.language)))
    asked = "".join(f'<p lang="{escape(what.language)}">{escape(each)}</p>' for each in what.questions)
    word = f"<p><em>{escape(say('why'))}:</em> {escape(what.word)}</p>" if what.word else ""
    return f'<div class="card"><div class="facts">{escape(facts)}</div>{asked}{word}</div>'


def left_over(kept: Sequence[Entry], days: int, say: Labels) -> str:
    """Return what is still stored of what is no longer kept, and by which day it is erased; Markdown of our own."""
    if not kept:
        return ""
    last = date.fromisoformat(max(entry.day for entry in kept)) + timedelta(days=days + 1)
    return say("left-over", n=len(kept), day=last.isoformat())


def gaps(clusters: Sequence[Cluster], shown: int, say: Labels) -> str:
    """Return what refused questions ask for, the most frequent first, `shown` matters at most."""
    most = max((cluster.count for cluster in clusters), default=1)
    return html([_gap(cluster, most, say) for cluster in clusters[:shown]], say)


def _gap(cluster: Cluster, most: int, say: Labels) -> str:
    title = cluster.title(say.language)
    spoken = ", ".join(f"{value(code, say.language)} {count}" for code, count in cluster.languages)
    facts = f"{escape(say('asked', n=cluster.count))} · {escape(spoken)}"
    told = f'<strong lang="{title.language}">{escape(title.question)}</strong> · {facts}'
    others = "".join(
        f'<li lang="{each.language}">{escape(each.question)}</li>' for each in cluster.questions if each is not title
    )
    folded = f"<details><summary>{told}</summary><ul>{others}</ul></details>"
    told = folded if others else f'<div class="facts">{told}</div>'
    return f'<div class="card">{_bar(100 * cluster.count / most)}{told}</div>'


def _table(names: Sequence[str], lines: str) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return f'<table class="numbers"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def _bar(share: float, low: float | None = None, high: float | None = None) -> str:
    """Return a bar from 0 to 100 with its range; the numbers stand beside it, so it is for the eye alone."""
    ranged = "" if low is None or high is None else f'<i style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
    return f'<span class="bar" aria-hidden="true"><b style="width:{share:.1f}%"></b>{ranged}</span>'


def _tenth(share: float, say: Labels, sign: str = "-") -> str:
    """Return a share to a tenth as it is written in a language; `sign` is that of a format."""
    text = f"{share:{sign}.1f}".replace("-", "−")
    return text if say.language == "en" else text.replace(".", ",")


def _whole(share: float) -> str:
    return f"{share:.0f}"


def _name(of: str, say: Labels) -> str:
    """Return what a type of questions or a language is called."""
    return say(of) if of in load_texts(say.page) else value(of, say.language)
