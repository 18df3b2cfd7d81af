"""`tillit models`: training the bundled embedding, measuring it, writing its card."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.models.embedder import Embedder
    from kb.records import Progress
    from kb.training.corpus import Cut, HoldOut
    from kb.training.evaluate import Evaluation, Groups


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("models", parents=[parent], help="list models and their scores; train one")
    parser.set_defaults(run=show)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    train_parser = actions.add_parser("train", parents=[parent], help="train the embedding")
    train_parser.add_argument("--pairs", required=True, metavar="FOLDER|none", help="parallel sentences: en-xx.tsv")
    train_parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="where the model is written")
    train_parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep the teacher's vectors here")
    train_parser.add_argument("--seed", type=int, metavar="N", help="what chance begins with")
    train_parser.add_argument("--vocabulary", type=_pieces, metavar="N", help="pieces of the tokenizer")
    train_parser.add_argument("--epochs", type=_epochs, metavar="N", help="how often each pair is learnt from")
    _add_hold_out(train_parser, "leave these documents out: every Nth, the Kth of them")
    train_parser.set_defaults(run=train)
    evaluate_parser = actions.add_parser(
        "evaluate", parents=[parent], help="measure an embedding by documents' questions"
    )
    evaluate_parser.add_argument(
        "folders",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="models that 'train' wrote; several are pooled",
    )
    _add_hold_out(evaluate_parser, "the documents whose questions are asked (else those that the training left out)")
    evaluate_parser.add_argument("--alone", action="store_true", help="do not compare with all-MiniLM-L6-v2")
    evaluate_parser.add_argument("--json", action="store_true", help="print JSON")
    evaluate_parser.set_defaults(run=evaluate)
    card_parser = actions.add_parser("card", parents=[parent], help="write a model's card anew, with figures")
    card_parser.add_argument("folder", type=Path, metavar="FOLDER", help="a model that 'train' wrote")
    card_parser.add_argument("--scores", type=Path, metavar="JSON", help="what 'tillit models evaluate --json' printed")
    card_parser.add_argument("--answers", type=Path, metavar="JSON", help="what 'tillit eval --json' printed")
    card_parser.set_defaults(run=card)


def show(args: argparse.Namespace) -> int:
    """Print the models that are bundled and set, and how each scored in `tillit eval`."""
    from app.commands.common import settings_of
    from eval.scores import SHOWN, read_scores
    from kb.models.registry import known_models

    settings = settings_of(args)
    scores = read_scores(settings.data)
    for model in known_models(settings):
        marks = [model.kind, *(["bundled"] if model.bundled else []), *(["set"] if model.configured else [])]
        print(f"{model.name} ({', '.join(marks)})")
        print(f"  {model.problem or f'{model.id} in {model.where}'}")
        score = scores.get(model.id)
        if score:
            figures = ", ".join(f"{name} {score[name]:.3f}" for name in SHOWN if name in score)
            print(f"  {figures} (tillit eval, {score.get('date', 'no date')})")
        elif model.kind == "embedder" and not model.problem:
            print("  not evaluated here yet: tillit eval")
    return 0


def _pieces(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above nought")
    return int(text)


def _epochs(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < 1000:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number between 0 and 1000")
    return number


def _hold_out(text: str) -> HoldOut:
    from kb.training.corpus import HoldOut

    try:
        return HoldOut.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not K/N with K below N, for instance 0/5") from None


def _add_hold_out(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--hold-out", type=_hold_out, default="none", metavar="K/N", help=text)


def train(args: argparse.Namespace) -> int:
    """Train an embedding and write it into a folder."""
    from app.progress import bars
    from kb.models.registry import minilm
    from kb.shipped import load_shipped
    from kb.training.corpus import Sources
    from kb.training.recipe import Recipe
    from kb.training.run import run
    from kb.training.teacher import BatchTeacher
    from kb.words.glossary import load_glossary

    given = {name: getattr(args, name) for name in ("seed", "vocabulary", "epochs")}
    recipe = Recipe(**{name: value for name, value in given.items() if value is not None})
    teacher = minilm()
    pairs = None if args.pairs == "none" else Path(args.pairs)
    sources = Sources(load_shipped(), load_glossary(), _cut_for(teacher), pairs)
    with bars(args.quiet) as progress:
        record = run(sources, BatchTeacher(teacher.files), args.out, recipe, args.hold_out, args.cache, progress)
    print(f"{sum(record.pairs.values()):,} pairs, {record.contrasts:,} contrasts, loss {record.loss:.3f}")
    print(f"wrote {args.out}")
    return 0


def evaluate(args: argparse.Namespace) -> int:
    """Print how well an embedding finds documents by their questions."""
    from app.progress import bars
    from kb.models.registry import minilm
    from kb.models.static import StaticModel
    from kb.shipped import load_shipped
    from kb.training.save import held_out

    groups = load_shipped()
    known = [held_out(folder) for folder in args.folders]
    chosen = [args.hold_out or own for own in known]
    with bars(args.quiet) as progress:
        found = _pooled([StaticModel(folder) for folder in args.folders], chosen, groups, progress)
        if not args.alone:
            found += _pooled([minilm()] * len(chosen), chosen, groups, progress)
    unseen = all(chosen) and chosen == known

    if args.json:
        report = {"hold_out": ", ".join(map(str, chosen)), "unseen": unseen, "models": [asdict(e) for e in found]}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_lines(evaluation) for evaluation in found))
        if not unseen:
            print(
                "\nNote: the model may have learnt from these documents. Train one with --hold-out to see what it can."
            )
    return 0


def _pooled(
    embedders: Sequence[Embedder], hold_outs: Sequence[HoldOut], groups: Groups, progress: Progress
) -> list[Evaluation]:
    """Return the scores of one model, or of several pooled, each on the documents held out for it."""
    from kb.training.evaluate import evaluate, pool

    found = [evaluate(e, groups, _cut_for(e), out, progress) for e, out in zip(embedders, hold_outs, strict=True)]
    if len(found) == 1:
        return found
    same = {each.model for each in found}
    return [pool(found[0].model if len(same) == 1 else f"{len(found)} models", found)]


def card(args: argparse.Namespace) -> int:
    """Write the card of a model, with the figures of reports."""
    from kb.training.card import write_card
    from kb.training.save import read_json

    reports = [read_json(path) if path else None for path in (args.scores, args.answers)]
    print(f"wrote {write_card(args.folder, *reports)}")
    return 0


def _cut_for(embedder: Embedder) -> Cut:
    """Return how ingestion cuts documents into chunks for a model."""
    from ingest.chunking import Window, chunk_group
    from kb.blocks import parse_blocks

    window = Window(embedder.count_tokens, embedder.window, embedder.id)
    return lambda group: chunk_group([(document, parse_blocks(document.text)) for document in group], window)


def _lines(evaluation: Evaluation) -> str:
    """Return the scores as a table: a row for each language of questions, a column for each of texts."""
    languages = list(dict.fromkeys(figure.questions for figure in evaluation.figures))
    cells = {(f.questions, f.texts): f"{f.recall_at_5:.3f} {f.reciprocal_rank:.3f}" for f in evaluation.figures}
    means = ((name, evaluation.mean_recall(across)) for name, across in (("same language", False), ("across", True)))
    return "\n".join(
        [
            f"{evaluation.model}: {evaluation.count} questions a language, of {evaluation.held_out} documents among "
            f"{evaluation.documents}. Recall@5 and mean reciprocal rank:",
            _row("", [f"{code} texts" for code in languages]),
            *(_row(asked, [cells[asked, texts] for texts in languages]) for asked in languages),
            ", ".join(f"{name} {value:.3f}" for name, value in means if value is not None),
        ]
    )


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<4}" + "".join(f"{cell:>14}" for cell in cells)
