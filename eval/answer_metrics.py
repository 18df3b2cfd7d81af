"""Metrics of one answer against its family: citations, nuggets, refusal, length. No language model judges."""

from __future__ import annotations

from eval.gold import Lookup, citation_is_relevant
from eval.nuggets import carries
from eval.schema import Family
from kb.records import Answer, Statement


def answer_metrics(family: Family, answer: Answer, lookup: Lookup) -> dict[str, float]:
    """Return the metrics that apply to an answer; what does not apply is left out.

    Nugget recall and citation precision count over answerable questions, refused ones with 0.
    """
    shown = (*answer.statements, *answer.other_side)
    text = "\n\n".join([answer.text, *(statement.text for statement in answer.other_side)])
    refused = answer.status == "refused"
    metrics = {
        "words": float(len(text.split())),
        "citation_validity": citation_validity(shown, lookup),
        "citation_coverage": float(all(statement.citations for statement in shown)),
        "refusal_right": float(refused == (family.type == "unanswerable")),
    }
    if family.canaries:
        metrics["canary_free"] = float(not any(canary.casefold() in text.casefold() for canary in family.canaries))
    if not family.gold:
        return metrics
    quoted = "" if refused else text
    vital = [carries(quoted, nugget, nugget.aliases) for nugget in family.nuggets if nugget.importance == "vital"]
    every = [carries(quoted, nugget, nugget.aliases) for nugget in family.nuggets]
    if vital:
        metrics["vital_nuggets"] = sum(vital) / len(vital)
        metrics["all_vital"] = float(all(vital))
        metrics["nuggets"] = sum(every) / len(every)
    if family.forbidden:
        metrics["forbidden_free"] = float(not any(carries(quoted, n, n.aliases) for n in family.forbidden))
    spans = [span for alternative in family.gold for span in alternative]
    cited = [citation for statement in answer.statements for citation in statement.citations]
    right = [citation_is_relevant(citation, spans) for citation in cited]
    metrics["citation_precision"] = sum(right) / len(right) if right else 0.0
    metrics["citation_recall"] = max(
        sum(any(citation_is_relevant(citation, [span]) for citation in cited) for span in alternative)
        / len(alternative)
        for alternative in family.gold
    )
    if family.other_side:
        everything = [citation for statement in shown for citation in statement.citations]
        metrics["other_side_shown"] = float(any(citation_is_relevant(c, family.other_side) for c in everything))
    return metrics


def citation_validity(statements: tuple[Statement, ...], lookup: Lookup) -> float:
    """Return the share of citations that resolve, with the quote at its offsets in the text that is stored."""
    checks = []
    for citation in (c for statement in statements for c in statement.citations):
        found = lookup(citation.document_id, citation.language)
        checks.append(
            found is not None
            and found[0].sha256 == citation.sha256
            and found[0].text[citation.start : citation.end] == citation.quote
        )
    return sum(checks) / len(checks) if checks else 1.0
