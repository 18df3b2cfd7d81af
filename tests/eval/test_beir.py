"""BEIR sets: read, indexed, scored."""

from __future__ import annotations

import json

import pytest

from app.evaluation import evaluate_beir
from eval.beir import read_beir, score
from kb.errors import DocumentError
from kb.records import no_progress
from kb.settings import load_settings

CORPUS = {
    "1": ("Mowing", "The gardeners mow the lawn once the grass is tall."),
    "2": ("Nurses", "The nurses plan their visits in small teams."),
    "3": ("Taxes", "The tax agency answers letters within a week."),
}
QUERIES = {"q1": "when do gardeners mow", "q2": "how do nurses plan visits", "q3": "who feeds the zebras"}


@pytest.fixture
def folder(tmp_path):
    lines = [json.dumps({"_id": i, "title": title, "text": text}) for i, (title, text) in CORPUS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines) + "\n")
    lines = [json.dumps({"_id": i, "text": text}) for i, text in QUERIES.items()]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\nq2\t2\t2\nq2\t3\t0\n")
    return tmp_path


def test_a_set_is_read_with_its_judged_queries_only(folder):
    data_set = read_beir(folder)
    assert data_set.corpus == CORPUS
    assert data_set.queries == {"q1": QUERIES["q1"], "q2": QUERIES["q2"]}
    assert data_set.qrels == {"q1": {"1": 1}, "q2": {"2": 2}}
    assert list(read_beir(folder, limit=1).queries) == ["q1"]


def test_trec_qrels_with_four_columns_and_no_header_are_read_too(folder):
    (folder / "qrels.tsv").write_text("q1\t0\t1\t1\n")
    assert read_beir(folder).qrels == {"q1": {"1": 1}}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl cannot be read: "),
        ("corpus.jsonl", '{"_id": 1}', "corpus.jsonl, line 1: a line needs '_id' and 'text'."),
        ("qrels/test.tsv", "a\tb\n", "test.tsv, line 1: a line needs query, document and relevance."),
        ("qrels/test.tsv", "q1\tnone\t1\n", "judges no query of queries.jsonl relevant"),
    ],
    ids=["no-json", "no-text", "columns", "nothing-judged"],
)
def test_a_broken_set_is_told_with_file_and_line(folder, name, text, message):
    (folder / name).write_text(text)
    with pytest.raises(DocumentError) as caught:
        read_beir(folder)
    assert message in str(caught.value)


def test_a_folder_without_qrels_is_told(tmp_path):
    with pytest.raises(DocumentError, match=r"There is no qrels.tsv and no qrels/test.tsv in"):
        read_beir(tmp_path)


def test_scores_count_queries_without_a_ranking_as_nought():
    got = score({"q1": {"1": 1}, "q2": {"2": 1}}, {"q1": ["1", "1", "3"], "q2": []})
    assert got == dict.fromkeys(got, 0.5)


def test_the_whole_stack_ranks_a_small_set(folder, embedder):
    report = evaluate_beir(read_beir(folder), "en", "en", load_settings(), embedder, no_progress)
    assert (report.documents, report.queries) == (3, 2)
    assert list(report.stages) == ["lexical", "dense", "fused"]
    assert report.stages["lexical"]["success@1"] == report.stages["fused"]["success@1"] == 1.0
    assert set(report.query_ms) == set(report.stages)


def test_a_language_without_a_model_is_searched_by_words(folder, embedder):
    report = evaluate_beir(read_beir(folder), "da", "da", load_settings(), embedder, no_progress)
    assert list(report.stages) == ["lexical", "fused"]
