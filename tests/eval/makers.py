"""Results and values made by hand, for tests of the statistics and the gate."""

from __future__ import annotations

from eval.baseline import GATED, Baseline
from eval.runner import Result
from eval.statistics import Value


def result(name: str, *, kind="single-fact", language="en", variant="base", where="right", **metrics) -> Result:
    """A result of family `name` up to the first dot."""
    metrics = {"recall@5": 1.0, "vital_nuggets": 1.0, "refusal_right": 1.0, "words": 50.0, **metrics}
    status = "refused" if where == "refused" or (kind == "unanswerable" and where == "right") else "answered"
    return Result(
        id=name, family=name.split(".", maxsplit=1)[0], type=kind, language=language, variant=variant, question="Why?",
        status=status, text="Because.", other_side="", documents=["a"], metrics=metrics, support=0.5, where=where,
        expected="because (from a)", trace=[("terms", "why")], digest=f"digest {name}",
    )  # fmt: skip


def baseline_of(results, floors=None, fingerprints=None) -> Baseline:
    """The baseline that a run would have written."""
    values = {
        metric: {
            r.id: Value(
                r.family, r.type, r.metrics[metric],
                ("unanswerable" if r.type == "unanswerable" else "answerable") if metric == "refusal_right" else "",
            )
            for r in results if metric in r.metrics
        }
        for metric in GATED
    }  # fmt: skip
    return Baseline(fingerprints or {}, floors or {}, values, {r.id: r.where == "right" for r in results})
