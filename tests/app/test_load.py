"""What `tillit bench --load` plans, reads and tells; and a small load on the real app."""

from __future__ import annotations

import asyncio
import os

import pytest
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app import bench, load
from app.cli import main
from app.load import Round, Visit, figures, measure_load, percentile, plan, questions_of
from app.load_server import Server, _free_port, serving
from app.load_session import ANSWER, Session, VisitError
from kb.errors import KBError
from kb.records import no_progress
from kb.settings import load_settings
from kb.vocabulary import LANGUAGES

KNOWN = {language: [f"{language} {number}?" for number in range(8)] for language in LANGUAGES}
ADDRESS = "http://127.0.0.1:1"


# What is planned --------------------------------------------------------------------------------


def test_visitors_ask_different_questions_in_turn_in_each_language():
    visits = plan(KNOWN, 6, 5, (5.0, 15.0), seed=1)
    assert [visit.language for visit in visits] == [*LANGUAGES, *LANGUAGES[:2]]
    for visit in visits:
        questions = {question for _, question in visit.questions}
        assert len(questions) == 5
        assert questions <= set(KNOWN[visit.language])
        assert all(5.0 <= seconds <= 15.0 for seconds, _ in visit.questions)


def test_a_plan_is_the_same_for_the_same_seed_alone():
    assert plan(KNOWN, 3, 5, (5.0, 15.0), seed=1) == plan(KNOWN, 3, 5, (5.0, 15.0), seed=1)
    assert plan(KNOWN, 3, 5, (5.0, 15.0), seed=1) != plan(KNOWN, 3, 5, (5.0, 15.0), seed=2)


def test_without_reading_nobody_waits():
    assert {seconds for visit in plan(KNOWN, 4, 5, load.NOTHING, 1) for seconds, _ in visit.questions} == {0.0}


def test_questions_are_those_of_the_shipped_documents_in_their_language(small_kb):
    known = questions_of(small_kb, 1)
    assert list(known) == list(LANGUAGES)
    entry = next(entry for entry in small_kb.entries() if entry.language == "da")
    document, _ = small_kb.document(entry.id, "da")
    assert set(document.questions) <= set(known["da"])


def test_too_few_questions_are_told(small_kb):
    with pytest.raises(KBError, match="Build them with: tillit build"):
        questions_of(small_kb, 1000)


@pytest.mark.parametrize(
    ("durations", "share", "expected"),
    [([3.0], 0.95, 3.0), ([2.0, 1.0], 0.5, 1.0), ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0), (list(range(1, 101)), 0.95, 95)],
    ids=["one", "two", "four", "hundred"],
)
def test_a_percentile_is_a_duration_that_was_measured(durations, share, expected):
    assert percentile(durations, share) == expected


# A session --------------------------------------------------------------------------------------


class Connection:
    """Answers each request with the messages of one run; keeps the requests."""

    def __init__(self, *runs: list[ForwardMsg]) -> None:
        self.runs, self.coming = iter(runs), iter(())
        self.requests: list[BackMsg] = []

    async def send(self, data: bytes) -> None:
        self.requests.append(BackMsg.FromString(data))
        self.coming = iter(next(self.runs))

    async def recv(self) -> bytes:
        return next(self.coming).SerializeToString()


def begun() -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.page_script_hash = "hash of the page"
    return message


def chat() -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.chat_input.id = "field"
    return message


def html(body: str) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.html.body = body
    return message


def answered() -> ForwardMsg:
    return html(f"<span {ANSWER}>Fingerprint 0123</span>")


def alert(body: str, kind: int = Alert.ERROR) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.alert.body = body
    message.delta.new_element.alert.format = kind
    return message


def crashed(text: str) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.exception.message = text
    return message


DONE = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
AGAIN = ForwardMsg(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN)
OPENED = [begun(), html("<style>.fingerprint {}</style>"), chat(), DONE]


def visit(*runs: list[ForwardMsg]) -> Connection:
    """Open the page and ask a question for each further run."""
    connection = Connection(*runs)

    async def asking() -> None:
        session = Session(connection, ADDRESS, "da")
        assert await session.open() >= 0
        for number in range(1, len(runs)):
            assert await session.ask(f"Question {number}?") >= 0

    asyncio.run(asking())
    return connection


def test_a_question_goes_to_the_field_of_the_page_that_was_opened():
    first = [begun(), chat(), AGAIN, begun(), chat(), answered(), DONE]
    second = [begun(), chat(), answered(), AGAIN, begun(), chat(), answered(), answered(), DONE]
    opened, *asked = [request.rerun_script for request in visit(OPENED, first, second).requests]
    assert (opened.page_script_hash, list(opened.widget_states.widgets)) == ("", [])
    assert {request.page_script_hash for request in asked} == {"hash of the page"}
    assert {(request.context_info.locale, request.context_info.url) for request in asked} == {("da", ADDRESS)}
    states = [state for request in asked for state in request.widget_states.widgets]
    assert [(state.id, state.chat_input_value.data) for state in states] == [
        ("field", "Question 1?"),
        ("field", "Question 2?"),
    ]


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ([alert("The question is empty.")], "The question is empty."),
        ([answered(), crashed("Oh no")], "Oh no"),
        ([], "0 answers stood there after 1 questions"),
        ([answered(), answered()], "2 answers stood there after 1 questions"),
    ],
    ids=["error", "exception", "none", "too-many"],
)
def test_what_is_no_answer_is_an_error(shown, told):
    with pytest.raises(VisitError) as caught:
        visit(OPENED, [begun(), chat(), *shown, DONE])
    assert str(caught.value) == told


def test_a_warning_beside_an_answer_is_none():
    visit(OPENED, [begun(), chat(), alert("Mind the gap.", Alert.WARNING), answered(), DONE])


def test_an_error_of_a_run_that_was_begun_anew_is_forgotten():
    visit(OPENED, [begun(), alert("Gone."), AGAIN, begun(), chat(), answered(), DONE])


def test_a_page_that_fails_to_compile_is_an_error():
    broken = ForwardMsg(script_finished=ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
    with pytest.raises(VisitError):
        visit(OPENED, [begun(), broken])


# What is told -----------------------------------------------------------------------------------


def test_a_round_as_figures():
    outcome = Round(5, [0.5], [1.0, 2.0, 3.0, 4.0], ["VisitError: b", "OSError: a", "VisitError: b"], [400.0, 410.5], 2)
    told = [
        (figure.name, figure.value, figure.unit, figure.target or figure.rates) for figure in figures("2", outcome, 1)
    ]
    assert told == [
        ("2: answers", 4, "", "2.0 answers/s"),
        ("2: errors", 1, "", "OSError: a; VisitError: b"),
        ("2: page opened", 500.0, "ms", ""),
        ("2: median", 2000.0, "ms", "under 2 s"),
        ("2: 95th percentile", 4000.0, "ms", "under 5 s"),
        ("2: longest", 4000.0, "ms", ""),
        ("2: memory before", 400.0, "MB", ""),
        ("2: memory after", 410.5, "MB", "on the way: 400 410"),
    ]


def test_a_round_in_which_nothing_came_has_no_durations():
    told = [(figure.name, figure.value) for figure in figures("2", Round(5), 1.0)]
    assert told == [("2: answers", 0), ("2: errors", 5)]


def test_visits_that_take_too_long_are_broken_off(monkeypatch):
    monkeypatch.setattr(load, "LIMIT_SECONDS", 0.05)
    monkeypatch.setattr(load, "_visit", lambda *_: asyncio.sleep(60))
    outcome = asyncio.run(load._round(Server(1, 0), [Visit("da", ((0.0, "Question?"),))], lambda *_: None))
    assert (outcome.planned, outcome.answered, outcome.errors) == (1, [], ["not done after 0.05 s"])


def test_an_app_that_is_not_there_is_an_error_of_each_visitor():
    visits = plan(KNOWN, 3, 2, load.NOTHING, 1)
    outcome = asyncio.run(load._round(Server(_free_port(), 0), visits, lambda *_: None))
    assert (outcome.planned, outcome.answered, len(outcome.errors)) == (6, [], 3)


def test_an_app_that_does_not_start_says_why(tmp_path):
    with pytest.raises(KBError) as caught, serving(load_settings(data=tmp_path / "none")):
        pass
    assert str(caught.value).startswith("The app did not start. Its last words: error: ")
    assert "tillit build" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "sessions"), [([], 0), (["--load"], 50), (["--load", "3"], 3)], ids=["without", "by-itself", "some"]
)
def test_the_command_names_the_sessions(monkeypatch, small_data, options, sessions):
    asked: list[object] = []
    monkeypatch.setattr(bench, "measure", lambda *given: iter(asked.append(given[5]) or ()))
    assert main(["bench", "--data", str(small_data), *options]) == 0
    assert asked == [sessions]


@pytest.mark.parametrize("given", ["0", "201", "many"])
def test_what_is_no_number_of_sessions_is_refused(capsys, given):
    with pytest.raises(SystemExit) as ended:
        main(["bench", "--load", given])
    assert ended.value.code == 2
    assert "argument --load: invalid" in capsys.readouterr().err


# The real app -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.model
def test_visitors_of_the_real_app_get_their_answers(shipped_data, monkeypatch):
    monkeypatch.setattr(load, "READING", (0.1, 0.5))
    told: list[tuple[str, int, int]] = []
    settings = load_settings(data=shipped_data)
    measured = {m.name: m for m in measure_load(settings, 3, 1.0, lambda *given: told.append(given), asked=2)}
    for name in ("visitors", "without a pause"):
        assert (measured[f"3 {name}: answers"].value, measured[f"3 {name}: errors"].rates) == (6, "")
        assert 0 < measured[f"3 {name}: median"].value <= measured[f"3 {name}: longest"].value
        assert [report for report in told if report[0] == name] == [(name, done, 6) for done in range(1, 7)]


@pytest.mark.slow
@pytest.mark.model
def test_the_app_ends_with_a_measurement_that_is_broken_off(shipped_data, monkeypatch):
    seen: list[Server] = []

    async def broken_off(server: Server, *_: object) -> None:
        seen.append(server)
        raise KeyboardInterrupt

    monkeypatch.setattr(load, "_round", broken_off)
    with pytest.raises(KeyboardInterrupt):
        list(measure_load(load_settings(data=shipped_data), 1, 1.0, no_progress))
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0].process, 0)


def test_no_session_measures_nothing(tmp_path):
    assert list(measure_load(load_settings(data=tmp_path), 0, 1.0, no_progress)) == []
