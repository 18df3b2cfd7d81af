"""The command line: exit codes, one sentence an error, what each command prints."""

from __future__ import annotations

import json
import sqlite3

import pytest

from app.cli import COMMANDS, main
from kb.settings import Settings
from kb.store.erase import BACKUPS


@pytest.fixture(autouse=True)
def small_model(monkeypatch, embedder, plain_weights):
    """Let the commands use the embedder of the tests instead of the real model, and its weights of answering."""
    monkeypatch.setattr("kb.knowledge_base.open_embedder", lambda *_: embedder)
    monkeypatch.setattr("kb.models.registry.open_embedder", lambda *_: embedder)


@pytest.fixture
def run(capsys, small_data):
    def run(*arguments, data=small_data):
        code = main([arguments[0], *arguments[1:], "--data", str(data)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert "usage: tillit" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["ask"],
        ["ask", "x", "--batch", "y"],
        ["search", "x", "--limit", "0"],
        ["ask", "x", "--language", "fi"],
    ],
    ids=["nothing", "unknown", "no-question", "both", "limit", "language"],
)  # fmt: skip
def test_wrong_usage_ends_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_an_answer_has_numbered_citations_sources_and_fingerprint(run):
    code, out, _ = run("ask", "How tall must the grass be on Bornholm?")
    assert code == 0
    assert "7 cm" in out
    assert "[1]" in out
    assert "Sources\n[1] Mowing by result instead of by calendar in Bornholm (case · DK · 2016" in out
    assert "Tillit's summary of the whole source; the wording is not the source's." in " ".join(out.split())
    assert out.splitlines()[-1].startswith("Fingerprint ")


def test_a_refusal_ends_with_nought(run):
    code, out, _ = run("ask", "What is the capital of Australia?")
    assert code == 0
    assert out.startswith("The knowledge base does not answer this.")


def test_below_an_answer_stands_what_was_searched_besides(run):
    out = run("ask", "Hvad siger de om hjemmeplejen på Bornhlom?")[1]
    assert out.splitlines()[-4:-1] == [
        "Søgte efter Bornholm i stedet for Bornhlom.",
        "Søgte også efter: hjemmehjælp, hjemmeplejetjeneste",
        "",
    ]
    refused = run("ask", "Which zoo on Bornhlom has zebras?")[1]
    assert refused.startswith("The knowledge base does not answer this.")
    assert "\n\nSearched for Bornholm instead of Bornhlom.\n\nFingerprint " in refused


def test_nothing_is_told_where_nothing_else_was_searched(run):
    out = run("ask", "How tall must the grass be on Bornholm?")[1]
    assert "earched" not in out


def test_the_original_is_shown_on_request(run):
    question = "Hvor højt skal græsset være på Bornholm?"
    assert "Engelsk original: The fixed rhythm of mowing was dropped." in run("ask", question, "--original")[1]
    assert "Engelsk original" not in run("ask", question)[1]
    found = json.loads(run("ask", question, "--original", "--json")[1])
    assert found["statements"][0]["citations"][0]["original"]["language"] == "en"


def test_how_an_answer_came_about_is_told_on_request(run):
    question = "How tall must the grass be on Bornholm?"
    plain, traced = run("ask", question)[1], run("ask", question, "--trace")[1]
    assert traced.startswith(plain)
    lines = traced.removeprefix(plain).splitlines()
    assert lines[:6] == [
        "",
        "How this answer came about:",
        f"  You asked: {question}",
        "  Language: en",
        "  Kind of question: fact",
        "  The answer must hold: number",
    ]
    assert lines[-1] == f"  Refused below: {Settings().support:.2f}"


def test_a_refusal_tells_how_it_came_about_in_the_language_of_the_question(run):
    code, out, _ = run("ask", "Hvad spiser en zebra?", "--trace")
    assert (code, "\nSådan blev svaret til:\n  Du spurgte: Hvad spiser en zebra?\n" in out) == (0, True)


def test_an_answer_as_json_is_a_line_of_the_batch_door(run):
    _, out, _ = run("ask", "How tall must the grass be on Bornholm?", "--json")
    assert json.loads(out)["status"] == "answered"
    assert "trace" not in json.loads(out)


def test_how_an_answer_came_about_is_a_key_of_its_json_on_request(run, small_kb):
    question = "How tall must the grass be on Bornholm?"
    plain, traced = (json.loads(run("ask", question, "--json", *more)[1]) for more in ([], ["--trace"]))
    assert traced == {**plain, "trace": [list(step) for step in small_kb.ask(question).trace]}


def test_a_batch_is_answered_in_order(run, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": 2, "question": "Bornholm"}\n{"id": 1, "question": "Tomelilla"}\n')
    code, out, _ = run("ask", "--batch", str(file), "--json")
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == [2, 1]


def test_search_marks_the_matching_words(run):
    code, out, _ = run("search", "lawns", "--kind", "case", "--country", "DK", "--limit", "3")
    assert code == 0
    assert "*lawns*" in out
    assert out.startswith("1. Mowing by result instead of by calendar in Bornholm")


def test_search_tells_what_was_searched_besides(run):
    out = run("search", "hjemmepleje på Bornhlom", "--limit", "3")[1]
    assert "*Bornholm*" in out
    assert out.splitlines()[-2:] == [
        "Søgte efter Bornholm i stedet for Bornhlom.",
        "Søgte også efter: hjemmehjælp, hjemmeplejetjeneste",
    ]


def test_search_that_finds_nothing_says_so(run):
    assert run("search", "lawns", "--country", "FI")[1] == "Nothing found.\n"


def test_status_counts_and_fingerprints(run):
    code, out, _ = run("status", "--documents")
    assert code == 0
    assert "Documents    6, of them your own: 0\n" in out
    assert "Texts        da 6, en 6, nb 6, sv 6\n" in out
    assert "shipped  sv  case       dk-bornholm-mowing-by-result" in out


def test_status_as_json(run):
    assert json.loads(run("status", "--json")[1])["documents"] == 6


def test_show_prints_exactly_the_stored_text(run, small_kb):
    _, out, _ = run("show", "dk-bornholm-mowing-by-result", "--language", "da", "--text")
    assert out == small_kb.document("dk-bornholm-mowing-by-result", "da")[0].text


def test_settings_tell_their_origin(run, small_data):
    _, out, _ = run("settings")
    assert f"data = {small_data}  (command line)\n" in out
    assert "port = 8501  (default)\n" in out


def test_ingest_tells_of_each_file_and_remove_takes_it_out(run, quick_publish, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "Årsrapport 2024.md").write_text("# Annual report\n\nThe zeppelin department keeps two airships.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    code, out, _ = run("ingest", str(folder))
    assert code == 1
    assert out.splitlines()[1] == "added      aarsrapport-2024  (Årsrapport 2024.md)"
    assert out.splitlines()[0].startswith("failed     broken  (broken.pdf): ")
    assert "two airships" in run("ask", "How many airships does the zeppelin department keep?")[1]
    told = f"removed    aarsrapport-2024  (Årsrapport 2024.md)\n{BACKUPS}\n"
    assert run("remove", "aarsrapport-2024")[:2] == (0, told)
    assert "two airships" not in run("ask", "How many airships does the zeppelin department keep?")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ask", ""], "The question is empty. Ask something, for instance: What is trust-based management?"),
        (["ask", "x" * 10_000], "The question has 10,000 characters; 2,000 are allowed. Ask it in fewer words."),
        (["search", "x", "--kind", "poem"], "The filter 'kind' has no value 'poem'. It has: report, agreement, "
         "principle, case, unknown."),
        (["search", "x", "--year", "soon"], "The filter 'year' takes years of four digits, not 'soon'."),
        (["show", "nothing"], "There is no document 'nothing'. See: tillit status --documents"),
        (["remove", "nothing"], "There is no document 'nothing'. See: tillit status --documents"),
        (["remove", "int-nl-buurtzorg"], "'int-nl-buurtzorg' is a shipped document, which cannot be removed."),
        (["ingest", "/no/such/file"], "There is no file or folder /no/such/file."),
        (["ask", "--batch", "/no/such/file"], "/no/such/file cannot be used: No such file or directory."),
        (["ask", "x", "--max-words", "79"], "The setting 'max_words' (command line) cannot be used: input should be "
         "greater than or equal to 80. See: tillit settings"),
    ],
    ids=["empty", "long", "kind", "year", "show", "remove", "shipped", "no-file", "no-batch", "max-words"],
)  # fmt: skip
def test_an_error_is_one_sentence_and_code_three(run, arguments, sentence):
    assert run(*arguments) == (3, "", f"error: {sentence}\n")


def test_no_index_yet(run, tmp_path):
    nowhere = tmp_path / "nowhere"
    sentence = f"error: There is no index in {nowhere} yet. Build it with: tillit build\n"
    for command in (["ask", "x"], ["search", "x"], ["status"], ["show", "x"], ["ui", "--no-browser", "--port", "8997"]):
        code, out, err = run(*command, data=nowhere)
        assert (code, out, err.removeprefix("Loading the models …\n")) == (3, "", sentence)


def test_an_index_of_another_model(run, small_data):
    with sqlite3.connect(small_data / "catalogue.sqlite3") as connection:
        connection.execute("UPDATE state SET model = 'other/1'")
    connection.close()
    sentence = "The index was built with the model other/1, but hash/64 is set. Bring it up to date with: tillit build"
    assert run("ask", "x") == (3, "", f"error: {sentence}\n")


def test_a_data_folder_that_cannot_be_written(run, tmp_path):
    (tmp_path / "note.md").write_text("# A note\n\nSome words.\n")
    file = tmp_path / "file"
    file.touch()
    code, out, err = run("ingest", str(tmp_path / "note.md"), data=file / "data")
    sentence = f"The data folder {file / 'data'} cannot be used (Not a directory). Choose another with --data or"
    assert (code, out, err) == (3, "", f"error: {sentence} TILLIT_DATA.\n")


def test_an_unexpected_fault_is_one_sentence(run, monkeypatch):
    monkeypatch.setattr("kb.knowledge_base.KnowledgeBase.ask", lambda *a, **k: 1 / 0)
    assert run("ask", "x") == (
        3, "", "error: Tillit failed unexpectedly (ZeroDivisionError: division by zero). --debug shows where.\n"
    )  # fmt: skip


def test_kb_check_is_clean_and_fails_on_a_fault(capsys, small_documents, tmp_path):
    import shutil

    folder = tmp_path / "documents"
    shutil.copytree(small_documents, folder)
    assert main(["kb", "check", "--folder", str(folder)]) == 0
    capsys.readouterr()
    (folder / "sv" / "case" / "int-nl-buurtzorg.md").unlink()
    assert main(["kb", "check", "--folder", str(folder)]) == 1
    english = folder / "en" / "case" / "int-nl-buurtzorg.md"
    out = capsys.readouterr().out
    assert out == f"{english}:1: there is no translation into 'sv'\n1 problem in {folder}\n"


def test_kb_check_tells_the_problems_of_the_glossary(capsys, small_documents, monkeypatch):
    from kb.words import glossary

    monkeypatch.setattr(glossary, "check_glossary", lambda concepts: ["trust: a term (en) stands twice"])
    assert main(["kb", "check", "--folder", str(small_documents)]) == 1
    assert capsys.readouterr().out == (
        f"0 problems in {small_documents}\ntrust: a term (en) stands twice\n1 problem in {glossary.glossary_folder()}\n"
    )


def test_evaluation_without_its_package_says_what_to_install(run, monkeypatch):
    monkeypatch.setattr("app.commands.eval.find_spec", lambda name: None)
    sentence = "This needs the package ir-measures. Install it with: pip install -c constraints.txt '.[eval]'"
    assert run("eval") == (3, "", f"error: {sentence}\n")
