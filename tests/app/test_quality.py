"""What measurements say: figures of 100, what changed, what failed, and how it is shown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app import quality, quality_view
from app.cli import main
from app.commands import eval as command
from app.labels import Labels
from eval.runs import kept_runs
from kb.activity.gaps import Asked, Cluster
from kb.activity.records import Entry, Feedback, Refused
from kb.errors import DocumentError
from tests.app.measured import SAME, made_here, results, ship

SAY = Labels("quality", "en")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    monkeypatch.setattr(quality, "SHIPPED", ship(tmp_path / "shipped.jsonl"))
    return tmp_path / "data"


def test_without_a_run_of_ones_own_the_shipped_one_counts(shipped):
    found = quality.runs(shipped)
    assert (found.latest, found.made, found.broken) == (found.shipped, [], [])
    assert found.latest.day == ""
    assert found.trend() == [found.shipped]


def test_figures_are_of_100_and_refusal_is_told_apart_for_what_can_and_cannot_be_answered(shipped):
    figures = quality.figures(quality.shipped())
    assert {name: (made.mean, made.count) for name, made in figures.items()} == {
        "found": (100, 18),
        "facts": (pytest.approx(100 * 17 / 18), 18),
        "answered": (100, 18),
        "refused": (75, 4),
    }
    assert figures["refused"].low < 75 < figures["refused"].high


def test_slices_are_in_order_and_leave_out_what_has_no_question(shipped):
    run = quality.shipped()
    assert [(name, made.mean) for name, made in quality.slices(run, "facts", "type").items()] == [
        ("single-fact", 100),
        ("list", 50),
    ]
    assert {name: made.count for name, made in quality.slices(run, "found", "language").items()} == {"en": 10, "da": 8}
    assert list(quality.slices(run, "refused", "type")) == ["unanswerable"]


def test_failures_are_counted_by_cause(shipped):
    assert quality.shipped().failures() == {"not chosen": 2, "answered": 1}


def test_the_latest_run_is_compared_on_the_questions_of_both(shipped):
    made_here(shipped, "2026-01-01")
    made_here(shipped, "2026-02-01", wrong=5)
    found = quality.runs(shipped)
    assert found.latest.day == "2026-02-01"
    changes = quality.changes(found.latest, found.shipped)
    assert changes["facts"].mean == pytest.approx(-100 * 10 / 18)
    assert changes["facts"].high < 0
    assert (changes["found"].mean, changes["found"].error) == (0, 0)
    assert quality.newly(found.latest, found.shipped) == (10, 0)
    assert quality.newly(found.shipped, found.latest) == (0, 10)
    html = quality_view.compared(found, SAY)
    assert "<strong>Facts in the answer</strong>: 55.6 of 100 worse" in html
    assert "<strong>Document found</strong>: exactly the same" in html
    danish = quality_view.compared(found, Labels("quality", "da"))
    assert re.search(r"55,6 af 100 dårligere \(spænd −\d\d,\d til −\d\d,\d\)", danish)
    assert "Questions that fail now and did not then: 10. The other way round: 0." in html


def test_a_change_that_may_be_chance_is_not_called_one(shipped):
    made_here(shipped, "2026-02-01", wrong=1)
    assert "no difference that could not be chance (11.1 of 100" in quality_view.compared(quality.runs(shipped), SAY)


def test_the_trend_leaves_out_runs_of_other_questions_and_broken_ones(shipped):
    for day, wrong in (("2026-01-01", 3), ("2026-02-01", 2)):
        made_here(shipped, day, wrong)
    other = made_here(shipped, "2026-01-15", prints={**SAME, "questions": "others"})
    broken = made_here(shipped, "2026-01-20")
    broken.write_text("{")
    found = quality.runs(shipped)
    assert found.broken == [broken.name]
    assert other in kept_runs(shipped)
    assert [run.day for run in found.trend()] == ["", "2026-01-01", "2026-02-01"]
    chart = quality_view.trend(found.trend(), SAY)
    facts = [row for row in chart["data"]["values"] if row["measure"] == "Facts in the answer"]
    assert [(row["run"], row["share"]) for row in facts] == [
        ("shipped", 94.4),
        ("1. 2026-01-01", 61.1),
        ("2. 2026-02-01", 72.2),
    ]
    assert chart["encoding"]["y"]["scale"]["domain"] == [60, 100]
    assert (
        '<th scope="row">2. 2026-02-01</th><td>100.0</td><td>72.2</td><td>100.0</td><td>75.0</td>'
        in quality_view.trend_table(found.trend(), SAY)
    )


def test_a_run_that_is_written_anew_is_read_anew(shipped):
    made_here(shipped, "2026-02-01")
    assert quality.runs(shipped).latest.failures()["not chosen"] == 2
    made_here(shipped, "2026-02-01", wrong=1)
    assert quality.runs(shipped).latest.failures()["not chosen"] == 4


@pytest.mark.parametrize(("options", "kept"), [([], 1), (["--only", "list"], 0), (["--stage", "lexical"], 0)])
def test_a_whole_run_of_the_command_is_kept(shipped, monkeypatch, capsys, options, kept):
    shipped.mkdir()
    prints = {**SAME, "model": "m"}
    monkeypatch.setattr(command, "_results", lambda args, twice: (results(), [], prints))
    assert main(["eval", "--data", str(shipped), *options]) == 0
    assert len(quality.runs(shipped).made) == kept


def test_a_program_without_its_measurement_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(quality, "SHIPPED", tmp_path / "none.jsonl")
    with pytest.raises(DocumentError, match="cannot be read"):
        quality.runs(tmp_path)


def test_the_shipped_measurement_has_a_name_for_all_that_it_tells():
    run = quality.shipped()
    assert {value.type for value in run.values("answered").values()} < set(quality.TYPES)
    assert set(quality.slices(run, "answered", "language")) <= set(quality.ASKED_IN)
    assert set(run.failures()) <= set(quality_view.CAUSES)
    for name, made in quality.figures(run).items():
        assert f"{made.mean:.0f}" in quality_view.cards(run, SAY)
        assert 0 < made.low <= made.mean <= made.high <= 100, name


def test_bars_say_their_numbers_beside_them(shipped):
    html = quality_view.bars(quality.slices(quality.shipped(), "facts", "type"), SAY("kind-of-question"), SAY)
    assert '<b style="width:50.0%"></b><i style="left:50.0%;width:0.0%"></i>' in html
    assert "<td>50</td><td>50–50</td><td>2</td>" in html
    assert '<th scope="row">A list<span class="bar" aria-hidden="true">' in html
    assert "A single fact" in html


@pytest.mark.parametrize(
    ("corpus", "index", "told"),
    [
        ("old", "old", "The documents are still the same as then.</p>"),
        ("old", "new", "The documents are still the same as then. How they are searched has changed since"),
        ("new", "new", "The documents have changed since"),
    ],
)
def test_the_measured_documents_are_compared_with_those_of_now(shipped, small_kb, corpus, index, told):
    run, now = quality.shipped(), replace(small_kb.status(), corpus=corpus, index=index)
    prints = {**run.baseline.fingerprints, "corpus": "old", "index": "old"}
    then = replace(run, baseline=replace(run.baseline, fingerprints=prints))
    assert told in quality_view.measured(then, now, 22, SAY)


def test_what_is_no_longer_kept_is_counted_and_the_day_by_which_it_is_erased_is_told():
    entries = [Entry(n, day, Refused("Why?", "en", "no-support")) for n, day in ((1, "2026-01-31"), (2, "2026-01-01"))]
    told = quality_view.left_over(entries, 30, SAY)
    assert (
        told
        == "Still stored from before: 2. All of it is erased by 2026-03-03, or at once with `tillit activity erase`."
    )
    assert quality_view.left_over([], 30, SAY) == ""


def test_what_people_wrote_is_escaped_and_the_newest_comes_first():
    def sent(word, thumb):
        return Feedback(thumb, (HOSTILE,), "da", "fact", "answered", ("a",), "f", "1", word)

    entries = [
        Entry(1, "2026-01-01", sent("old", "up")),
        Entry(2, "2026-01-02", Refused("not feedback", "en", "no-support")),
        Entry(3, "2026-01-03", sent(HOSTILE, "down")),
    ]
    html = quality_view.thumbs(entries, 5, SAY)
    assert "<script" not in html
    assert html.index("Not helpful · 2026-01-03 · Danish") < html.index("Helpful · 2026-01-01 · Danish")
    assert "not feedback" not in html
    assert quality_view.thumbs(entries, 1, SAY).count('class="card"') == 1


def test_gaps_tell_a_question_counts_and_other_wordings_escaped():
    clusters = [
        Cluster((Asked(HOSTILE, "da", 3), Asked("What did Aarhus cost?", "en", 1))),
        Cluster((Asked("And?", "sv", 1),)),
    ]
    html = quality_view.gaps(clusters, 5, SAY)
    assert '<strong lang="en">What did Aarhus cost?</strong> · asked 4× · Danish 3, English 1</summary><ul><li' in html
    assert '<strong lang="sv">And?</strong> · asked 1× · Swedish 1</div>' in html
    assert html.count("<li") == 1
    assert '<b style="width:25.0%">' in html
    assert "<script" not in html
    assert quality_view.gaps(clusters, 1, SAY).count('class="card"') == 1
