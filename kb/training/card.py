"""The model card: what the model can and cannot do, how it was trained, and its figures.

The text stands in `card.md`; the numbers come from the model's folder and from reports in JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from kb.errors import ModelError
from kb.models.static import WEIGHTS
from kb.training.save import CONFIG, TRAINING, read_json
from kb.vocabulary import LANGUAGE_NAMES, LANGUAGES

CARD = "README.md"
NOT_MEASURED = "Not measured yet."
SHOWN = ("recall@5", "ndcg@10", "rr@10", "success@1")

Json = Mapping[str, Any]


def write_card(folder: Path, scores: Json | None = None, answers: Json | None = None) -> Path:
    """Write the card of a model, with the figures of `models evaluate --json` and `eval --json` if they are given.

    Raises `ModelError` where the folder or the figures are not what those commands write.
    """
    record, config = read_json(folder / TRAINING), read_json(folder / CONFIG)
    template = Template(files("kb.training").joinpath("card.md").read_text(encoding="utf-8"))
    try:
        card = template.substitute(
            tokens=f"{config['vocab_size']:,}",
            dimensions=config["hidden_dim"],
            megabytes=round((folder / WEIGHTS).stat().st_size / 1e6),
            teacher=record["teacher"],
            pairs=_table(("source", "pairs"), [(name, f"{count:,}") for name, count in record["pairs"].items()]),
            contrasts=f"{record['contrasts']:,}",
            options=_options(record),
            scores=_scores(scores) if scores else NOT_MEASURED,
            answers=_answers(answers) if answers else NOT_MEASURED,
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ModelError(f"The card of {folder} cannot be written: the figures lack {error}.") from None
    path = folder / CARD
    path.write_text(card, encoding="utf-8")
    return path


def _options(record: Json) -> str:
    """Return the options of the command that made the model."""
    options = [f"--{name} {record['recipe'][name]:g}" for name in ("seed", "vocabulary", "epochs")]
    return " ".join(options + ([] if record["hold_out"] == "none" else [f"--hold-out {record['hold_out']}"]))


def _scores(scores: Json) -> str:
    """Return the Recall@5 and mean reciprocal rank of each model by language of questions and of texts."""
    rows: list[tuple[str, ...]] = []
    for model in scores["models"]:
        cells = {(f["questions"], f["texts"]): f for f in model["figures"]}
        for asked in sorted({key[0] for key in cells}, key=[*LANGUAGES].index):
            shown = [_cell(cells.get((asked, texts))) for texts in LANGUAGES]
            rows.append((model["model"].split("@")[0], LANGUAGE_NAMES[asked], *shown))
    table = _table(("model", "questions", *(f"{LANGUAGE_NAMES[code]} texts" for code in LANGUAGES)), rows)
    first = scores["models"][0]
    counts = f"{first['count']} questions a language, of {first['held_out']} documents among {first['documents']}."
    return f"{table}\n\n{counts}"


def _cell(figure: Json | None) -> str:
    return f"{figure['recall_at_5']:.2f} / {figure['reciprocal_rank']:.2f}" if figure else "–"


def _answers(answers: Json) -> str:
    """Return the figures of the whole program with this model, all questions and by language."""
    rows = [
        (part["name"], str(part["count"]), *(f"{part['metrics'][name]['mean']:.3f}" for name in SHOWN))
        for part in answers["slices"]
        if part["name"] == "all" or part["name"].startswith("language ")
    ]
    return _table(("questions", "n", *SHOWN), rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
