"""`tillit eval fit` and `tillit eval directions`: the weights of fusion, and what each list finds by direction."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import common
from kb.errors import DocumentError
from kb.vocabulary import LANGUAGE_ALIASES, LANGUAGES

if TYPE_CHECKING:
    from eval.answer_fitting import Read
    from eval.directions import Asked, Direction
    from eval.rows import Row
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Progress


def fit(args: argparse.Namespace) -> int:
    """Fit the weights of fusion on the unlocked questions and write them beside the retriever."""
    from app.progress import bars
    from eval.directions import ask
    from eval.fitting import fit as fitted
    from kb.retrieval.weights import FILE

    kb, rows = common.open_kb(args), _rows(args)
    if {LANGUAGE_ALIASES.get(row.language, row.language) for row in rows} != set(LANGUAGES):
        raise DocumentError("Weights are fitted on questions in every language; choose more than these.")
    with bars(args.quiet) as progress:
        weights = fitted(ask(kb, rows, progress), progress)
    path = Path(str(files("kb.retrieval"))) / FILE
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored[kb.embedder.id.partition("@")[0]] = asdict(weights)
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    for name, table in asdict(weights).items():
        print(f"{name:<8}" + "".join(f"{language:>7}" for language in LANGUAGES))
        for asked_in, row in table.items():
            print(f"{asked_in:<8}" + "".join(f"{row[language]:>7.3f}" for language in LANGUAGES))
    print(f"wrote {path}")
    return 0


def fit_answers(args: argparse.Namespace) -> int:
    """Fit the weights of answering on the calibration questions and the unlocked families, and write them."""
    from app.evaluation import chosen_rows
    from app.progress import bars
    from eval import answer_fitting
    from eval.answer_fitting import fit_support
    from eval.schema import load_families
    from kb.answering.ranking import FILE

    kb = common.open_kb(args)
    rows = [row for row in chosen_rows(load_families(args.questions), args.only, locked=False) if row.variant != "typo"]
    examples = [*answer_fitting.read_calibration(), *map(answer_fitting.of_row, rows)]
    with bars(args.quiet) as progress, tempfile.TemporaryDirectory() as folder:
        seen = answer_fitting.see(examples, _reader(kb), progress)
        alone = answer_fitting.see(examples, _reader(_texts_alone(kb, Path(folder), progress)), progress)
    if args.blocks:
        fitted = {"blocks": answer_fitting.fit_blocks([*seen, *alone])}
    else:
        fitted = {
            "support" + " of texts alone" * (made is alone) + " by words" * by_words: fit_support(made, by_words)
            for made in (seen, alone)
            for by_words in (False, True)
        }
    path = Path(str(files("kb.answering"))) / FILE
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**stored, **fitted}, indent=1) + "\n", encoding="utf-8")
    for name, weights in fitted.items():
        print(name)
        print("\n".join(f"  {feature:<34}{weight:>9.3f}" for feature, weight in weights.items()))
    print(f"wrote {path}")
    return 0


def _reader(kb: KnowledgeBase) -> Read:
    return lambda turns, language: kb.read(*turns, language=language)


def _texts_alone(kb: KnowledgeBase, data: Path, progress: Progress) -> KnowledgeBase:
    """Return the shipped documents as if they were a user's own: without the questions that were written for them."""
    from ingest.service import Workshop, build
    from kb.knowledge_base import KnowledgeBase

    build(Workshop(data, kb.embedder, progress=progress), questions=False)
    return KnowledgeBase(kb.settings.model_copy(update={"data": data}), kb.embedder)


def directions(args: argparse.Namespace) -> int:
    """Print what each list finds for questions in one language among texts in one language."""
    from eval.directions import STAGES, measure

    asked = _asked_held_out(args) if args.models else _asked(args, common.open_kb(args), _rows(args))
    measured = [measure(asked, *pair) for pair in product(LANGUAGES, LANGUAGES)]
    entries = [_entry(direction) for direction in measured if direction.families]
    if not entries:
        raise DocumentError("None of the questions can be measured on: they need gold, one turn, and a model for them.")
    if args.json:
        print(json.dumps(entries, indent=1))
        return 0
    heads = [f"recall@5 {stage}" for stage in STAGES] + ["fused - better part"]
    print(f"{'asked':<7}{'texts':<7}{'n':>4}" + "".join(f"{head:>28}" for head in heads))
    for entry in entries:
        values = [entry["recall@5"][stage] for stage in STAGES] + [entry["fused - better part"]]
        print(f"{entry['asked']:<7}{entry['texts']:<7}{entry['n']:>4}" + "".join(f"{_interval(v):>28}" for v in values))
    return 0


def _rows(args: argparse.Namespace) -> list[Row]:
    from app.evaluation import chosen_rows
    from eval.directions import plain_rows
    from eval.schema import load_families

    return plain_rows(chosen_rows(load_families(args.questions), args.only, locked=False))


def _asked(args: argparse.Namespace, kb: KnowledgeBase, rows: Sequence[Row]) -> list[Asked]:
    from app.progress import bars
    from eval.directions import ask

    with bars(args.quiet) as progress:
        return ask(kb, rows, progress)


def _asked_held_out(args: argparse.Namespace) -> list[Asked]:
    """Ask each question of an index by the model that was trained without all of its gold documents."""
    from eval.gold import relevant_documents
    from ingest.service import Workshop, build
    from kb.knowledge_base import KnowledgeBase
    from kb.models.static import StaticModel
    from kb.training.save import held_out

    asked: list[Asked] = []
    rows = _rows(args)
    for folder in sorted(path for path in args.models.iterdir() if path.is_dir()):
        out = held_out(folder)
        own = [row for row in rows if all(document in out for document in relevant_documents(row.family))]
        model = StaticModel(folder)
        with tempfile.TemporaryDirectory() as data:
            build(Workshop(Path(data), model))
            asked += _asked(args, KnowledgeBase(common.settings_of(args, data=Path(data)), model), own)
    return asked


def _entry(direction: Direction) -> dict[str, Any]:
    from eval.statistics import Value, estimate

    def interval(values: Sequence[float]) -> dict[str, float]:
        found = estimate([Value(f, "all", float(v)) for f, v in zip(direction.families, values, strict=True)])
        return {"mean": round(found.mean, 4), "low": round(found.low, 4), "high": round(found.high, 4)}

    parts = {stage: direction.recall[stage] for stage in ("lexical", "dense")}
    better = max(parts.values(), key=lambda values: float(values.mean()))
    return {
        "asked": direction.asked_in,
        "texts": direction.language,
        "n": len(direction.families),
        "recall@5": {stage: interval(list(values)) for stage, values in direction.recall.items()},
        "ndcg@10": {stage: interval(list(values)) for stage, values in direction.ndcg.items()},
        "fused - better part": interval(list(direction.recall["fused"] - better)),
    }


def _interval(value: dict[str, float]) -> str:
    return f"{value['mean']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
