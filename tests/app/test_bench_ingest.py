"""What `tillit bench --ingest` measures, on a handful of files, and what these are."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bench, bench_ingest
from app.bench_documents import PAGE_LINES, build_copies, pdf_of, write_files
from app.bench_ingest import Clock, measure_ingest
from app.cli import main
from ingest.child import Limits
from ingest.extraction import extract
from ingest.intake import ingest
from ingest.service import Workshop
from kb.records import no_progress
from kb.settings import load_settings
from kb.shipped import load_shipped
from tests.kb.store.writing import count
from tests.stored import own

STAGES = (
    "PDFs read",
    "extraction",
    *bench_ingest.STAGES,
    "waiting, journal",
)


@pytest.fixture
def groups(small_documents):
    return load_shipped(small_documents)


@pytest.fixture
def quick(monkeypatch, embedder, groups, quick_publish):
    """Six documents, a store of 60 chunks, and nothing that starts a command; the commands that would be started."""
    commands: list[tuple[str, ...]] = []
    monkeypatch.setattr(bench_ingest, "load_shipped", lambda: groups)
    monkeypatch.setattr(bench_ingest, "open_embedder", lambda *_: embedder)
    monkeypatch.setattr(bench_ingest, "tillit", lambda *arguments: commands.append(arguments))
    monkeypatch.setattr(bench_ingest, "STORE_CHUNKS", 60)
    monkeypatch.setattr(bench_ingest, "ADDED", 2)
    return commands


# The files --------------------------------------------------------------------------------------


def test_files_are_in_turn_pdfs_of_some_pages_and_markdown_in_each_language(tmp_path, groups):
    told: list[tuple[str, int, int]] = []
    write_files(tmp_path / "files", groups, 8, lambda *args: told.append(args))
    read = [extract(file) for file in sorted((tmp_path / "files").iterdir())]
    assert [(each.format, len(each.pages), each.verdict) for each in read] == [
        *(("pdf", 2, "ok"), ("markdown", 1, "ok"), ("pdf", 3, "ok"), ("markdown", 1, "ok")),
        *(("pdf", 4, "ok"), ("markdown", 1, "ok"), ("pdf", 2, "ok"), ("markdown", 1, "ok")),
    ]
    assert told == [("making", done, 8) for done in range(1, 9)]


def test_what_a_pdf_says_is_what_the_document_says(tmp_path, groups):
    write_files(tmp_path / "files", groups[:1], 1, no_progress)
    words = " ".join(extract(tmp_path / "files" / "00000.pdf").pages).split()
    document = next(d for d in groups[0] if d.language == "en")
    assert words[: len(document.title.split()) + 1] == [*document.title.split(), "1"]
    assert {word for word in document.text.split() if word.isalpha()} <= set(words)


def test_a_pdf_has_as_many_pages_as_its_lines_fill():
    lines = [(11, f"Line {number} (of \\ many)") for number in range(PAGE_LINES + 1)]
    assert pdf_of(lines).count(b"/Type /Page ") == 2
    assert pdf_of(lines[:-1]).count(b"/Type /Page ") == 1


def test_signs_that_a_pdf_treats_as_its_own_are_kept(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of([(11, "Ærø (an island) and C:\\Fyn, 20 % – “so”")]))
    assert extract(tmp_path / "a.pdf").pages == ("Ærø (an island) and C:\\Fyn, 20 % – “so”",)


def test_all_chunks_of_all_files_are_embedded_anew(tmp_path, groups, embedder, quick_publish):
    write_files(tmp_path / "files", groups, 28, no_progress)  # more than there are documents, twice
    outcomes = ingest(Workshop(tmp_path / "data", embedder), [tmp_path / "files"])
    assert [(outcome.what, outcome.verdict) for outcome in outcomes] == [("added", "ok")] * 28
    assert len({stored.document.title for stored in own(tmp_path / "data").values()}) == 28
    distinct = count(tmp_path / "data", "SELECT count(DISTINCT embedded) FROM chunks")
    assert distinct == count(tmp_path / "data", "SELECT count(*) FROM chunks")


def test_copies_end_as_soon_as_there_are_enough_chunks(tmp_path, groups, embedder, quick_publish):
    told: list[tuple[str, int, int]] = []
    workshop = Workshop(tmp_path / "data", embedder, progress=lambda *args: told.append(args))
    build_copies(workshop, groups, 5, enough=100)
    copied = [(done, total) for stage, done, total in told if stage == "documents"]
    number = len(copied)
    assert copied == [*((done, 30) for done in range(1, number)), (number, number)]
    chunks = count(workshop.data, "SELECT count(*) FROM chunks")
    last = groups[(number - 1) % len(groups)][0].id + f"-{(number - 1) // len(groups) + 1}"
    of_last = count(
        workshop.data, "SELECT count(*) FROM chunks c JOIN documents d ON d.key = document WHERE id = ?", last
    )
    assert chunks >= 100 > chunks - of_last > 0


# The figures ------------------------------------------------------------------------------------


def test_each_size_has_every_stage_and_their_sum_is_the_whole(quick, tmp_path):
    figures = list(measure_ingest(load_settings(data=tmp_path), [4], 0.5, no_progress))
    by_name = {figure.name.partition("4 files: ")[2]: figure for figure in figures if figure.name.startswith("4 files")}
    assert list(by_name) == ["pages", "chunks", *STAGES, "in all", "peak memory", "of the largest child"]
    assert (by_name["pages"].value, by_name["pages"].rates) == (
        7,
        "half PDFs of 2 to 4 pages, half Markdown (a page each)",
    )
    assert sum(by_name[stage].value for stage in STAGES[2:]) == pytest.approx(by_name["in all"].value)
    assert all(by_name[stage].value > 0 for stage in STAGES)
    assert all(by_name[stage].times == by_name[stage].value / 0.5 for stage in STAGES)
    assert {figure.unit for figure in by_name.values()} == {"", "s", "MB"}


def test_rates_are_pages_and_chunks_by_the_seconds_of_a_stage(monkeypatch):
    clock = Clock(no_progress, read_at=[(".pdf", 1.0, 3.0), (".md", 3.0, 4.0)], pages={".pdf": 10, ".md": 2})
    clock.counts["chunks"] = 60
    clock.parts |= {"embed": 1.0, "index": 2.0, "terms": 0.5, "verify": 0.75, "commit": 0.25, "files": 9.0}
    steps = {"Clean": 3.0, "ChunkByStructure": 0.01, "Embed": 1.0, "Store": 1.5}
    figures = {
        figure.name.partition(": ")[2]: (figure.value, figure.rates)
        for figure in bench_ingest._stages("2 files", clock, steps, 14.0, 1.0)
    }
    assert figures == {
        "pages": (12, "half PDFs of 2 to 4 pages, half Markdown (a page each)"),
        "chunks": (60, ""),
        "PDFs read": (2.0, "5 pages/s, beside the rest"),
        "extraction": (3.0, "4 pages/s, 20 chunks/s, beside the rest"),
        "cleaning": (3.0, "4 pages/s, 20 chunks/s"),
        "chunking": (0.01, "1,200 pages/s, 6,000 chunks/s"),
        "embedding": (2.0, "6 pages/s, 30 chunks/s"),
        "writing": (4.0, "3 pages/s, 15 chunks/s"),
        "swap": (1.0, "12 pages/s, 60 chunks/s"),
        "waiting, journal": (pytest.approx(3.99), "3 pages/s, 15 chunks/s"),
        "in all": (14.0, "1 pages/s, 4 chunks/s"),
    }


@pytest.mark.parametrize(
    ("read_at", "seconds"),
    [
        ([], 0.0),
        ([(".pdf", 1.0, 2.0), (".pdf", 4.0, 6.0)], 3.0),
        ([(".pdf", 1.0, 4.0), (".md", 2.0, 3.0), (".md", 3.5, 5.0)], 4.0),
        ([(".md", 3.0, 4.0), (".pdf", 1.0, 3.0)], 3.0),
    ],
    ids=["none", "apart", "at-once", "as-they-ended"],
)
def test_seconds_in_which_several_files_are_read_count_once(read_at, seconds):
    assert Clock(no_progress, read_at=read_at).reading() == seconds


def test_time_between_two_reports_is_that_of_the_later_one(monkeypatch):
    now = iter([1.0, 3.0, 7.0, 8.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(now))
    told: list[tuple[str, int, int]] = []
    clock = Clock(lambda *args: told.append(args), last=0.0)
    for report in (("files", 1, 2), ("pages", 4, 0), ("files", 2, 2), ("index", 5, 5)):
        clock.tell(*report)
    clock.note("commit")
    assert clock.parts == {"files": 3.0, "index": 4.0, "commit": 1.0}
    assert clock.counts == {"pages": 4}
    assert told == [("files", 1, 2), ("pages", 4, 0), ("files", 2, 2), ("index", 5, 5)]


def test_a_file_that_is_read_is_timed_and_its_pages_counted(tmp_path, groups):
    write_files(tmp_path / "files", groups, 2, no_progress)
    clock = Clock(no_progress)
    for file in sorted((tmp_path / "files").iterdir()):
        assert clock.read(file, Limits()) == extract(file)
    assert clock.pages == {".pdf": 2, ".md": 1}
    assert [(suffix, begun < ended) for suffix, begun, ended in clock.read_at] == [(".pdf", True), (".md", True)]


def test_files_are_added_one_by_one_to_a_store_of_so_many_chunks(quick, tmp_path, monkeypatch):
    seen: list[tuple[int, list[str]]] = []

    def watched(workshop: Workshop, files: list[Path]) -> None:
        with workshop.writing() as connection:
            ((chunks,),) = connection.execute("SELECT count(*) FROM chunks").fetchall()
            seen.append((chunks, [file.name for file in files]))
        ingest(workshop, files)

    monkeypatch.setattr(bench_ingest, "ingest", watched)
    groups = bench_ingest.load_shipped()
    figures = list(bench_ingest._one_more(load_settings(), tmp_path, groups, 0.5, no_progress))
    assert [(f.name, f.unit, f.target) for f in figures] == [
        ("60 chunks: one file more", "s", "under 3 s"),
        ("60 chunks: as a command", "s", "under 3 s"),
    ]
    assert [files for _, files in seen] == [["00000.pdf"], ["00001.md"], ["00002.pdf"]]
    assert 60 <= seen[0][0] < seen[1][0] < seen[2][0] < 120
    assert [(words[0], Path(words[-1]).name) for words in quick] == [("ingest", "00003.md"), ("ingest", "00004.pdf")]


def test_no_size_measures_nothing(quick, tmp_path):
    assert list(measure_ingest(load_settings(), [], 0.5, no_progress)) == []


# The command ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sizes"),
    [([], []), (["--ingest"], [100]), (["--ingest", "100", "1000"], [100, 1000])],
    ids=["without", "by-itself", "of-sizes"],
)
def test_the_command_names_the_sizes(monkeypatch, small_data, options, sizes):
    asked: list[list[int]] = []
    monkeypatch.setattr(bench, "measure", lambda *given: iter(asked.append(list(given[4])) or ()))
    assert main(["bench", "--data", str(small_data), *options]) == 0
    assert asked == [sizes]


@pytest.mark.parametrize("given", ["0", "-5", "many"])
def test_what_is_no_number_of_files_is_refused(capsys, given):
    with pytest.raises(SystemExit) as ended:
        main(["bench", "--ingest", given])
    assert ended.value.code == 2
    assert "argument --ingest: invalid" in capsys.readouterr().err


def test_rates_stand_where_others_have_their_target(monkeypatch, capsys, small_data):
    figure = bench.Measurement("100 files: cleaning", 2.5, "s", 5.0, rates="80 pages/s, 500 chunks/s")
    monkeypatch.setattr(bench, "measure", lambda *_: iter([figure]))
    assert main(["bench", "--data", str(small_data), "--ingest"]) == 0
    assert capsys.readouterr().out == (
        "100 files: cleaning                       2.50 s   5.0 × calibration         80 pages/s, 500 chunks/s\n"
    )
