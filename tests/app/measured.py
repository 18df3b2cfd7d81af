"""Measurements made by hand, for tests of what is told of them."""

from __future__ import annotations

from datetime import date

from eval.baseline import write_baseline
from eval.runs import keep_run
from tests.eval.makers import result

SAME = {"questions": "same", "index": "old"}


def results(wrong=0, families=8):
    """Single facts in two languages, lists, and unanswerable questions; of the facts' families `wrong` fail."""
    made = [
        result(
            f"fact{number}.{language}",
            language=language,
            where="not chosen" if number < wrong else "right",
            vital_nuggets=0.0 if number < wrong else 1.0,
        )
        for number in range(families)
        for language in ("en", "da")
    ]
    made += [result(f"list{number}.en", kind="list", vital_nuggets=0.5, where="not chosen") for number in range(2)]
    for number in range(4):
        answered = number == 0
        item = result(
            f"none{number}.en",
            kind="unanswerable",
            where="answered" if answered else "right",
            refusal_right=0.0 if answered else 1.0,
        )
        del item.metrics["recall@5"], item.metrics["vital_nuggets"]
        made.append(item)
    return made


def ship(path, wrong=0, prints=SAME):
    """Write a measurement as the shipped one."""
    write_baseline(path, results(wrong), prints)
    return path


def made_here(data, day, wrong=0, prints=SAME):
    """Keep a measurement in the data folder."""
    data.mkdir(exist_ok=True)
    return keep_run(data, results(wrong), {**prints, "day": day}, date.fromisoformat(day))


def shown(page):
    """Return what a page shows as HTML and as text."""
    html = "\n".join(element.proto.body for element in page.get("html"))
    return html + "\n".join(each.value for each in (*page.markdown, *page.caption))
