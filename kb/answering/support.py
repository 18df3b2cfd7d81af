"""How well what was found supports an answer, from 0 to 1: below a threshold a question is refused.

A logistic regression over features of the question and its best candidates, fitted by `tillit eval fit-answers` on
questions that the documents answer and near misses that they do not. No feature depends on how many documents there
are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from kb.analysis import fold
from kb.answering.candidates import Candidate, Read, counting, names_missing, surroundings
from kb.answering.coverage import Wanted, document_terms, index_terms
from kb.answering.defining import introducing
from kb.answering.question import Asked, holding
from kb.answering.ranking import Ranked, stored_weights
from kb.blocks import split_sentences
from kb.words.terms import Term

LOOKED_AT = 5
"""Candidates of which the best counts."""
HARDLY_COVERED, HARDLY_NEAR = 0.4, 0.45
"""Coverage and cosine below which there is hardly anything; how far below counts by itself, for the cosine as far as
words are missing too."""
SUPPORT_FEATURES = (
    "cosine",
    "question's cosine",
    "covered",
    "question covered",
    "document covered",
    "hardly covered",
    "hardly near",
    "nearest chunk",
    "share",
    "names missing",
    "words missing",
    "thing missing",
    "not counted",
    "focus missing",
    "sentence covered",
    "sentence covered with its headings",
    "sentence near",
    "fitting sentence covered",
    "fitting sentence covered with its headings",
    "fitting sentence near",
    "introduced",
    "short",
    "asks for cases",
    "cases near",
    "asks for views",
    "follow-up",
)


VECTOR_FEATURES = (
    "cosine",
    "question's cosine",
    "nearest chunk",
    "hardly near",
    "sentence near",
    "fitting sentence near",
    "cases near",
)
"""Those that need a model which reads the question's language."""

Nearness = Callable[[Sequence[str]], list[float]]
"""Returns the cosine of each text with the question, 0 where no model reads it."""


def found_words(wanted: Wanted, reads: Sequence[Read]) -> frozenset[str]:
    """Return the words of the question that any of the documents has."""
    present = [(document_terms(each.document), wanted.of(each.document.language)) for each in reads]
    return frozenset(term.word for own, terms in present for term in terms if term.among(own))


def features(
    asked: Asked,
    wanted: Wanted,
    ranked: Sequence[Ranked],
    best_cosine: float | None,
    found: frozenset[str],
    nearness: Nearness,
    examples: Sequence[float] = (),
    follow_up: bool = False,
) -> dict[str, float]:
    """Return what tells how well the best candidates support an answer.

    `found` are the words that any document has, `examples` the cosine of the question with what each document is an
    example of, where it looks for cases.
    """
    best = [each.candidate for each in ranked[:LOOKED_AT]]
    lead = best[0].read.document
    terms = wanted.of(lead.language)
    near = {id(c.read): c.read.document for c in best}.values()
    best_covered = max(wanted.covered(document_terms(document), document.language) for document in near)
    nearest = max(candidate["question's cosine"] for candidate in best)
    around = frozenset().union(*(_around(candidate) for candidate in best))
    return {
        "cosine": max(candidate["cosine"] for candidate in best),
        "question's cosine": nearest,
        "covered": wanted.covered(around, lead.language),
        "question covered": max(candidate["question covered"] for candidate in best),
        "document covered": best_covered,
        "hardly covered": max(0.0, 1 - best_covered / HARDLY_COVERED),
        "hardly near": max(0.0, 1 - nearest / HARDLY_NEAR) * (1 - best_covered),
        "nearest chunk": best_cosine or 0.0,
        "share": sum(each.share for each in ranked[:LOOKED_AT]),
        "names missing": names_missing(asked.names, terms, document_terms(lead)),
        "words missing": float(min(sum(term.word not in found and not term.everyday for term in terms), 3)),
        "thing missing": _thing_missing(asked, best[:2]),
        "not counted": 1.0 - max(c["counts what is counted"] for c in best[:2]),
        "focus missing": _focus_missing(asked, terms, around),
        **_sentences(asked, wanted, best, nearness),
        "introduced": max(introducing(asked, wanted, document) for document in near),
        "short": float(len(terms) <= 2),
        "asks for cases": float(asked.type == "cases"),
        "cases near": _cases_near(asked, best, examples),
        "asks for views": float(asked.type in ("comparison", "objections")),
        "follow-up": float(follow_up),
    }


def score(values: dict[str, float], by_words: bool, texts_alone: bool = False) -> float:
    """Return the support that features make, 0 to 1.

    `by_words` where no model reads the question's language, `texts_alone` where nobody wrote questions for the blocks
    of the best document, as for a user's own.
    """
    weights = stored_weights()["support" + " of texts alone" * texts_alone + " by words" * by_words]
    total = weights["constant"] + sum(weights[name] * values[name] for name in SUPPORT_FEATURES)
    return round(1 / (1 + math.exp(-total)), 6)


def _thing_missing(asked: Asked, best: Sequence[Candidate]) -> float:
    """Return 1 where no candidate has the kind of thing that is wanted; of ways and meanings that tells little."""
    return float(asked.wants not in ("way", "meaning") and not any(c["holds what is wanted"] for c in best))


def _cases_near(asked: Asked, best: Sequence[Candidate], examples: Sequence[float]) -> float:
    """Return how near the best examples are to a search for cases; where there are none, how near the best block is."""
    if asked.type != "cases":
        return 0.0
    nearest = sorted(examples, reverse=True)[:LOOKED_AT] or [max(candidate["cosine"] for candidate in best)]
    return sum(nearest) / len(nearest)


def _sentences(asked: Asked, wanted: Wanted, best: Sequence[Candidate], nearness: Nearness) -> dict[str, float]:
    """Return how well one sentence covers the question, and one that holds what is wanted of the right thing.

    A near miss has all words of the question, but not in a sentence with a number, date or name of the kind asked for.
    """
    features = dict.fromkeys((name for name in SUPPORT_FEATURES if "sentence" in name), 0.0)
    read = [(c, text) for c in best for text in _texts(c)]
    for (candidate, text), near in zip(read, nearness([text for _, text in read]), strict=True):
        language = candidate.read.document.language
        own = index_terms(text, language)
        values = {
            "sentence covered": wanted.covered(own, language),
            "sentence covered with its headings": wanted.covered(
                own | surroundings(candidate.read, candidate.block), language
            ),
            "sentence near": near,
        }
        fits = holding(asked.wants, text) * counting(asked, wanted.of(language), text, language)
        for name, value in values.items():
            features[name] = max(features[name], value)
            features[f"fitting {name}"] = max(features[f"fitting {name}"], fits * value)
    return features


def _texts(candidate: Candidate) -> list[str]:
    text, block = candidate.read.document.text, candidate.block
    return [text[start:end] for start, end in split_sentences(text, block.start, block.end)]


def _around(candidate: Candidate) -> frozenset[str]:
    read, block = candidate.read, candidate.block
    return index_terms(read.text(block), read.document.language) | surroundings(read, block)


def _focus_missing(asked: Asked, terms: Sequence[Term], present: frozenset[str]) -> float:
    """Return 1 where the noun that a question word belongs to ("which unions") stands nowhere near the quote."""
    focus = [term for term in terms if fold(term.word) in asked.focus]
    return float(bool(focus) and not any(term.among(present) for term in focus))
