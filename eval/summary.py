"""What a run says in numbers: metrics with intervals, overall and by type and language, and the gaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from eval.runner import Result
from eval.statistics import Estimate, Value, estimate

SHOWN = ("recall@5", "ndcg@10", "rr@10", "success@1", "vital_nuggets", "citation_precision", "refusal_right")
"""The metrics of the table, in order; all others stand in the JSON."""
ANSWERABLE, UNANSWERABLE = "answerable", "unanswerable"


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures of some of the questions."""

    name: str
    count: int
    metrics: dict[str, Estimate]
    words: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run; `gaps` are paired differences, `auroc` is that of the support score."""

    slices: list[Slice]
    gaps: dict[str, Estimate]
    auroc: float | None
    false_answers: float | None
    false_refusals: float | None
    where: dict[str, int] = field(default_factory=dict)


def values_of(results: Sequence[Result], metric: str) -> dict[str, Value]:
    """Return a metric's values by row; refusal is balanced between answerable and unanswerable questions."""
    balanced = metric == "refusal_right"
    return {
        r.id: Value(r.family, r.type, r.metrics[metric], _class(r) if balanced else "")
        for r in results
        if metric in r.metrics
    }


def _class(result: Result) -> str:
    return UNANSWERABLE if result.type == "unanswerable" else ANSWERABLE


def summarise(results: Sequence[Result]) -> Summary:
    """Return the figures of a run. The slices are of the questions as asked; perturbed ones are in the gaps."""
    base = [result for result in results if result.variant == "base"]
    slices = [_slice("all", base)] if base else []
    for name, key in (("type", _type), ("language", _language)):
        for value in sorted({key(result) for result in base}):
            slices.append(_slice(f"{name} {value}", [result for result in base if key(result) == value]))  # noqa: PERF401
    unanswerable = [r for r in base if r.type == "unanswerable"]
    answerable = [r for r in base if r.type != "unanswerable"]
    return Summary(
        slices=slices,
        gaps=_gaps(results),
        auroc=auroc([r.support for r in answerable], [r.support for r in unanswerable]),
        false_answers=_share(unanswerable, lambda r: r.status != "refused"),
        false_refusals=_share(answerable, lambda r: r.status == "refused"),
        where={w: sum(1 for r in base if r.where == w) for w in sorted({r.where for r in base})},
    )


def _type(result: Result) -> str:
    return result.type


def _language(result: Result) -> str:
    return result.language


def _slice(name: str, results: Sequence[Result]) -> Slice:
    metrics = sorted({metric for result in results for metric in result.metrics} - {"words"})
    answered = [result.metrics["words"] for result in results if result.status != "refused"]
    return Slice(
        name=name,
        count=len(results),
        metrics={metric: estimate(list(values_of(results, metric).values())) for metric in metrics},
        words=median(answered) if answered else 0.0,
    )


def _share(results: Sequence[Result], test: Callable[[Result], bool]) -> float | None:
    return sum(1 for result in results if test(result)) / len(results) if results else None


def _gaps(results: Sequence[Result]) -> dict[str, Estimate]:
    """Return the paired differences: Nordic minus English twin, typos minus clean, follow-up minus full form."""
    by_id = {result.id: result for result in results}
    pairs: dict[str, list[Value]] = {}
    for result in results:
        twin = _twin(result)
        other = by_id.get(twin[1]) if twin else None
        if not twin or other is None:
            continue
        for metric in ("recall@5", "vital_nuggets"):
            if metric in result.metrics and metric in other.metrics:
                difference = result.metrics[metric] - other.metrics[metric]
                pairs.setdefault(f"{twin[0]}, {metric}", []).append(Value(result.family, result.type, difference))
    return {name: estimate(values) for name, values in sorted(pairs.items())}


def _twin(result: Result) -> tuple[str, str] | None:
    """Return the name of a row's gap and the id of the row that it is compared with."""
    if result.variant == "typo":
        return "typos", result.id.removesuffix(".typo")
    if result.variant == "base" and result.type == "follow-up":
        return "follow-up against full form", f"{result.id}.full"
    if result.variant == "base" and result.language != "en":
        return f"{result.language} against en", f"{result.family}.en"
    return None


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the chance that an answerable question has more support than an unanswerable one, ties half.

    The Mann-Whitney form of the area under the ROC curve; None where a class is empty.
    """
    if not positive or not negative:
        return None
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def risk_coverage(results: Sequence[Result]) -> list[tuple[float, float, float, float]]:
    """Return (threshold, coverage, risk, balanced accuracy) for each threshold of support.

    Coverage is the share of questions answered, risk the share of those that are unanswerable.
    """
    base = [result for result in results if result.variant == "base"]
    answerable = [r.support for r in base if r.type != "unanswerable"]
    unanswerable = [r.support for r in base if r.type == "unanswerable"]
    curve = []
    for threshold in sorted({0.0, *(round(s, 3) for s in (*answerable, *unanswerable))}):
        right = sum(s >= threshold for s in answerable)
        wrong = sum(s >= threshold for s in unanswerable)
        balanced = (_ratio(right, len(answerable)) + 1 - _ratio(wrong, len(unanswerable))) / 2
        curve.append((threshold, _ratio(right + wrong, len(base)), _ratio(wrong, right + wrong), balanced))
    return curve


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def best_threshold(results: Sequence[Result]) -> float:
    """Return the threshold of support with the best balanced refusal accuracy, the lowest of equals."""
    return max(risk_coverage(results), key=lambda point: (point[3], -point[0]))[0]
