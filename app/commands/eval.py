"""`tillit eval`: the question set and what the knowledge base makes of it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import common, eval_fusion
from kb.errors import DependencyError
from kb.vocabulary import LANGUAGE_ALIASES, LANGUAGES

if TYPE_CHECKING:
    from eval.gate import Finding
    from eval.runner import Result
    from eval.summary import Summary

ROOT = Path(__file__).resolve().parents[2] / "eval"
BASELINE, MUST_PASS, LOCKED_LOG = ROOT / "baseline.jsonl", ROOT / "must_pass.txt", ROOT / "locked_log.md"


def add_parser(subparsers: Any, parent: argparse.ArgumentParser) -> None:
    """Add the command."""
    parser = subparsers.add_parser("eval", parents=[parent], help="evaluate the answers on the question set")
    parser.add_argument("action", nargs="?", choices=sorted(ACTIONS), default="run", help="what to do (default: run)")
    parser.add_argument("--only", metavar="TYPE|ID", help="only the questions of a type, a family, or one question")
    parser.add_argument("--stage", choices=("lexical", "dense", "fused"), default="fused", help="which lists are fused")
    parser.add_argument("--gate", action="store_true", help="compare with the baseline; exit code 1 if it got worse")
    parser.add_argument("--update-baseline", action="store_true", help="write this run as the new baseline")
    parser.add_argument("--compare", type=Path, metavar="JSON", help="compare with another run's report.json")
    parser.add_argument("--locked", action="store_true", help="run the locked families: aggregates only, logged")
    parser.add_argument("--out", type=Path, default=Path("eval-report"), help="folder for the reports")
    parser.add_argument("--questions", type=Path, metavar="FOLDER", help="another question set than the shipped one")
    beir = parser.add_argument_group("a set in BEIR's format, with --beir")
    beir.add_argument("--beir", type=Path, metavar="FOLDER", help="corpus.jsonl, queries.jsonl and qrels.tsv")
    beir.add_argument("--language", choices=LANGUAGES, default="en", help="the corpus's language")
    beir.add_argument("--queries-language", choices=LANGUAGES, help="the queries' language, where it is another")
    beir.add_argument("--limit", type=int, help="only so many queries")
    parser.add_argument(
        "--models", type=Path, metavar="FOLDER", help="for directions: models that were trained with documents held out"
    )
    parser.add_argument(
        "--blocks", action="store_true", help="for fit-answers: fit what blocks are chosen by; then fit support without"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what is asked. Raises `DependencyError` where the extra `eval` is not installed."""
    if args.action != "check" and find_spec("ir_measures") is None:
        raise DependencyError("ir-measures", "eval")
    if args.beir:
        return run_beir(args)
    action: Callable[[argparse.Namespace], int] = ACTIONS[args.action]
    return action(args)


def check(args: argparse.Namespace) -> int:
    """Print the problems and the counts; exit code 1 if there are problems."""
    from eval.check import Problem, check_families, parsed
    from eval.schema import read_families
    from kb.shipped import load_shipped

    every, faults = read_families(args.questions)
    families = [f for f in every if args.only in (None, f.type, f.id)]
    problems = [Problem(f.name, f"{f.message} ({f.path.name})") for f in faults if args.only in (None, f.type, f.name)]
    problems += check_families(families, parsed(load_shipped()))
    for problem in problems:
        print(f"{problem.family}: {problem.message}")
    rows = sum(len(family.questions) for family in families)
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(f.type for f in families).items()))
    print(f"{len(problems)} problems in {len(families)} families, {rows} questions ({kinds})")
    return 1 if problems else 0


def lock(args: argparse.Namespace) -> int:
    """Lock so many of the new families that 30 % of each type are locked."""
    from eval.rows import LOCKED_FILE, lock, read_locked
    from eval.schema import load_families, questions_folder

    folder = args.questions or questions_folder()
    before = read_locked(folder)
    after = lock(load_families(folder), before)
    (folder / LOCKED_FILE).write_text("\n".join(sorted(after)) + "\n", encoding="utf-8")
    print(f"{len(after)} families are locked, {len(after - before)} of them new")
    return 0


def threshold(args: argparse.Namespace) -> int:
    """Print the risk-coverage curve of refusal and the threshold with the best balanced accuracy.

    Questions that a model reads and those searched by words alone have different supports, so each has its own.
    """
    from eval.summary import best_threshold, risk_coverage

    results, _, _ = _results(args)
    reads = common.open_kb(args).embedder.reads
    for setting, chosen in (
        ("support", [r for r in results if reads(LANGUAGE_ALIASES.get(r.language, r.language))]),
        ("support_by_words", [r for r in results if not reads(LANGUAGE_ALIASES.get(r.language, r.language))]),
    ):
        if not chosen:
            continue
        curve = risk_coverage(chosen)
        print(f"{setting}: {len(chosen)} questions\nthreshold  coverage   risk   balanced accuracy")
        for point in curve[:: max(1, len(curve) // 20)]:
            print(f"{point[0]:>9.3f}{point[1]:>10.3f}{point[2]:>7.3f}{point[3]:>20.3f}")
        print(f"best: {best_threshold(chosen)}  (the default of '{setting}' in kb/settings.py)\n")
    return 0


def evaluate(args: argparse.Namespace) -> int:
    """Run the questions, write the reports, and judge if asked."""
    from eval.baseline import read_baseline, write_baseline
    from eval.gate import is_open, judge
    from eval.runs import keep_run
    from eval.scores import note_scores
    from eval.summary import summarise

    results, again, prints = _results(args, twice=args.gate)
    summary = summarise(results)
    if args.locked:
        return _log_locked(summary, prints)
    findings: list[Finding] = []
    before: dict[str, bool] | None = None
    if args.gate:
        baseline = read_baseline(BASELINE)
        must_pass = MUST_PASS.read_text(encoding="utf-8").split() if MUST_PASS.exists() else []
        asked = {result.id for result in results}
        findings = judge(results, again, baseline, prints, [name for name in must_pass if name in asked])
        before = baseline.right
    if args.compare:
        before = _right_before(args.compare)
    _write(args.out, summary, results, findings, prints, before)
    settings = common.settings_of(args)
    plain = settings.dense_weight is None and not settings.search_languages
    if args.only is None and args.stage == "fused" and plain:
        name = f"{prints['model']} + {settings.reranker}" if settings.reranker else prints["model"]
        note_scores(settings.data, name, prints["questions"], results)
        keep_run(settings.data, results, prints)
    _print(args, summary, results, findings, before)
    if args.update_baseline:
        write_baseline(BASELINE, results, prints)
        print(f"wrote {BASELINE}", file=sys.stderr)
    return 0 if is_open(findings) else 1


def _results(args: argparse.Namespace, twice: bool = False) -> tuple[list[Result], list[Result], dict[str, str]]:
    """Return the results of the chosen rows, those of a second run if asked for, and the fingerprints."""
    from app.evaluation import STAGES, chosen_rows, evaluate, fingerprints
    from app.progress import bars
    from eval.schema import load_families

    rows = chosen_rows(load_families(args.questions), args.only, args.locked)
    kb = common.open_kb(args, dense_weight=STAGES[args.stage])
    if kb.status().own_documents:
        print("Note: your own documents are in this knowledge base, and count as competitors.")
    with bars(args.quiet) as progress:
        results = evaluate(kb, rows, progress)
        again = evaluate(kb, rows, progress) if twice else []
    return results, again, fingerprints(kb, rows)


def _right_before(path: Path) -> dict[str, bool]:
    return {row["id"]: row["where"] == "right" for row in json.loads(path.read_text(encoding="utf-8"))["results"]}


def _write(
    out: Path,
    summary: Summary,
    results: Sequence[Result],
    findings: Sequence[Finding],
    prints: dict[str, str],
    before: dict[str, bool] | None,
) -> None:
    from eval import report
    from eval.html_report import html_report

    out.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("report.json", report.write_json(report.to_json(summary, results, prints))),
        ("report.md", report.markdown(summary, results, findings, before)),
        ("report.html", html_report(summary, results, findings)),
        ("junit.xml", report.junit(results, findings)),
    ):
        (out / name).write_text(text, encoding="utf-8")


def _print(
    args: argparse.Namespace,
    summary: Summary,
    results: Sequence[Result],
    findings: Sequence[Finding],
    before: dict[str, bool] | None,
) -> None:
    from eval import report

    if args.json:
        print(json.dumps(asdict(summary), ensure_ascii=False, indent=1))
        return
    print(report.table(summary))
    print(report.figures(summary))
    for finding in findings:
        print(f"{finding.level}: {finding.message}")
    if before is not None:
        newly = [r.id for r in results if r.where != "right" and before.get(r.id)]
        print(f"newly failing ({len(newly)}): {', '.join(newly)}")
        passing = [r.id for r in results if r.where == "right" and before.get(r.id) is False]
        print(f"newly passing ({len(passing)}): {', '.join(passing)}")
    print(f"reports: {args.out}/report.html, .md, .json, junit.xml")


def _log_locked(summary: Summary, prints: dict[str, str]) -> int:
    """Print the aggregates of the locked families and append them to the committed log."""
    from eval import report

    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout.strip()
    entry = f"\n## {date.today()}, commit {commit or 'unknown'}, questions {prints['questions'][:12]}\n\n"
    text = f"{report.table(summary)}\n\n{report.figures(summary)}\n"
    with LOCKED_LOG.open("a", encoding="utf-8") as log:
        log.write(entry + text)
    print(text)
    print(f"logged in {LOCKED_LOG}; change nothing because of it")
    return 0


def run_beir(args: argparse.Namespace) -> int:
    """Index a BEIR set and print its scores."""
    from app.evaluation import evaluate_beir
    from app.progress import bars
    from eval.beir import read_beir
    from kb.models.registry import open_embedder

    data_set = read_beir(args.beir, args.limit)
    queries_language = args.queries_language or args.language
    with bars(args.quiet) as progress:
        settings = common.settings_of(args)
        embedder = open_embedder(settings)
        report = evaluate_beir(data_set, args.language, queries_language, settings, embedder, progress)
    if args.json:
        print(json.dumps(asdict(report), indent=1))
        return 0
    print(f"{report.documents} documents, {report.queries} queries, indexed in {report.index_seconds:.1f} s")
    for stage, scores in report.stages.items():
        shown = "  ".join(f"{name} {value:.4f}" for name, value in scores.items())
        print(f"{stage:<8} {shown}  {report.query_ms[stage]:.1f} ms a query")
    return 0


ACTIONS = {
    "run": evaluate,
    "check": check,
    "lock": lock,
    "threshold": threshold,
    "fit": eval_fusion.fit,
    "fit-answers": eval_fusion.fit_answers,
    "directions": eval_fusion.directions,
}
