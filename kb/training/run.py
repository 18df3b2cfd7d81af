"""One training from texts to a folder: corpus, tokenizer, the teacher's vectors, the student's, the files."""

from __future__ import annotations

from pathlib import Path

from kb.records import Progress, no_progress
from kb.training.card import write_card
from kb.training.corpus import NOTHING, Corpus, HoldOut, Sources, gather
from kb.training.matching import train_matching
from kb.training.recipe import Recipe
from kb.training.save import Record, save, stored
from kb.training.student import Targets, train
from kb.training.teacher import Teacher, VectorCache
from kb.training.tokenizer import train_tokenizer


def run(
    sources: Sources,
    teacher: Teacher,
    out: Path,
    recipe: Recipe,
    hold_out: HoldOut = NOTHING,
    cache: Path | None = None,
    progress: Progress = no_progress,
) -> Record:
    """Train a model, write it into the folder `out` with its card, and return how it came about."""
    out.mkdir(parents=True, exist_ok=True)
    progress("corpus", 0, 1)
    corpus = gather(sources, recipe, hold_out)
    progress("corpus", 1, 1)
    progress("tokenizer", 0, 1)
    tokenizer = train_tokenizer(corpus.texts, recipe.vocabulary, recipe.longest_piece)
    progress("tokenizer", 1, 1)
    targets = _targets(corpus, VectorCache(teacher, cache), progress)
    trained = train(tokenizer, corpus, targets, recipe, progress)
    record = Record(
        recipe,
        teacher.id,
        str(hold_out),
        corpus.counts,
        len(corpus.contrasts),
        trained.losses[-1],
    )
    groups = [group for group in sources.groups if group[0].id not in hold_out]
    matching = train_matching(tokenizer, stored(trained.vectors), groups, recipe, progress)
    save(out, tokenizer, trained.vectors, matching, record)
    write_card(out)
    return record


def _targets(corpus: Corpus, cache: VectorCache, progress: Progress) -> Targets:
    """Return the teacher's vectors of the English sides, each once."""
    import numpy as np

    texts = sorted({pair.english for pair in corpus.pairs})
    rows = {text: row for row, text in enumerate(texts)}
    numbers = np.array([rows[pair.english] for pair in corpus.pairs], dtype=np.int64)
    return Targets(cache.vectors(texts, progress), numbers)
