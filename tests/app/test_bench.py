"""What `tillit bench` measures, on copies of a few documents."""

from __future__ import annotations

import pytest

from app import bench
from app.commands import bench as command
from ingest.service import Workshop
from kb.knowledge_base import KnowledgeBase
from kb.records import no_progress
from kb.settings import load_settings
from kb.shipped import load_shipped
from tests.kb.store.writing import count


@pytest.fixture
def quick(monkeypatch, embedder, small_documents):
    """Measure nothing that starts a process, and two copies of six documents."""
    groups = load_shipped(small_documents)
    monkeypatch.setattr(bench, "calibration", lambda: 0.5)
    monkeypatch.setattr(bench, "tillit", lambda *_: None)
    monkeypatch.setattr(bench, "load_shipped", lambda: groups)
    monkeypatch.setattr(bench, "open_embedder", lambda *_: embedder)
    monkeypatch.setattr("kb.knowledge_base.open_embedder", lambda *_: embedder)
    monkeypatch.setattr(bench, "COPIES", 2)


def test_the_measurements_in_order(quick, small_data):
    names = [m.name for m in bench.measure(load_settings(data=small_data), False, False, no_progress)]
    assert names == [
        "calibration loop", "tillit --help", "start with nothing to build", "a search, cold", "an answer, cold",
        "a question embedded", "chunks embedded", "a search, warm", "an answer, warm",
        "an answer, warm, 95th percentile", "peak memory of one process",
    ]  # fmt: skip


def test_what_is_taken_in_comes_before_memory_is_used_for_anything_else(quick, small_data, monkeypatch):
    asked: list[tuple[object, ...]] = []
    figure = bench.Measurement("4 files: cleaning", 1.0, "s")
    monkeypatch.setattr(bench, "measure_ingest", lambda *given: iter([asked.append(given) or figure]))
    settings = load_settings(data=small_data)
    assert list(bench.measure(settings, False, False, no_progress, [4]))[1] is figure
    assert asked == [(settings, [4], 0.5, no_progress)]


def test_a_large_knowledge_base_is_built_and_searched(quick, quick_publish, small_data, small_kb):
    figures = list(bench.measure(load_settings(data=small_data), True, True, no_progress))
    large = [m for m in figures if "chunks:" in m.name]
    assert [m.name.partition(" chunks: ")[2] for m in large] == ["build", "a search, warm", "filtered"]
    assert int(large[0].name.split(" ")[0]) >= 2 * small_kb.status().chunks
    assert [m.target for m in large] == ["", "under 100 ms", "under 100 ms"]
    assert all(m.times == pytest.approx(m.value / 500) for m in large)
    assert "first build" in [m.name for m in figures]


def test_each_copy_is_a_document_of_its_own_and_embedded_by_itself(embedder, small_documents, tmp_path, quick_publish):
    groups = load_shipped(small_documents)[:2]
    bench.build_copies(Workshop(tmp_path / "data", embedder), groups, 3)
    kb = KnowledgeBase(load_settings(data=tmp_path / "data"), embedder)
    assert kb.status().texts == dict.fromkeys(("da", "en", "nb", "sv"), 6)
    vectors = count(kb.data, "SELECT count(*) FROM embeddings")
    assert len(embedder.embedded) == len(set(embedder.embedded)) == vectors > kb.status().vectors > 6


def test_the_command_prints_a_line_each(monkeypatch, capsys, small_data):
    from app.cli import main

    figures = [
        bench.Measurement("calibration loop", 500.0, "ms"),
        bench.Measurement("a question embedded", 0.25, "ms", 0.0005, "under 1 ms"),
        bench.Measurement("first build", 46_000.0, "ms", 92.0),
        bench.Measurement("chunks embedded", 5100.0, "/s", target="5,000 a second"),
    ]
    monkeypatch.setattr(bench, "measure", lambda *_: iter(figures))
    assert main(["bench", "--data", str(small_data), "--large"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "calibration loop                           500 ms",
        "a question embedded                       0.25 ms  0.0005 × calibration      target: under 1 ms",
        "first build                             46,000 ms  92.0 × calibration",
        "chunks embedded                          5,100 /s                            target: 5,000 a second",
    ]


def test_times_below_one_keep_four_decimals():
    assert [command._times(times) for times in (0.00017, 1.25)] == ["0.0002 × calibration", "1.2 × calibration"]
