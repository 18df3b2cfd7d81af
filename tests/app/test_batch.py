"""The batch door: a line out for each line in, in order, whatever the lines are."""

from __future__ import annotations

import json
import re

import pytest

from app import batch, wire
from kb.answering import other_side

KEYS = [
    "schema_version", "id", "status", "language", "text", "statements", "other_side", "sources", "passages",
    "refusal", "mended", "also_searched", "type", "understood", "unanswered", "definitions", "notes",
    "fingerprint", "error",
]  # fmt: skip


def ask(kb, *lines):
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(line) for line in batch.run(raw, batch.ask_line(kb))]


def test_an_answer_line_has_the_documented_keys(small_kb):
    (line,) = ask(small_kb, {"id": 7, "question": "How tall must the grass be on Bornholm?"})
    assert list(line) == KEYS
    assert (line["schema_version"], line["id"], line["status"], line["language"]) == (1, 7, "answered", "en")
    assert (line["type"], line["understood"], line["unanswered"]) == ("fact", None, [])
    assert line["notes"] == ["This rests on experience alone: no research or evaluation is quoted."]
    statement = line["statements"][0]
    citation = statement["citations"][0]
    assert (list(statement), statement["heading"]) == (["text", "heading", "citations"], citation["title"])
    assert list(citation) == [
        "document_id", "language", "title", "block_first", "block_last", "start", "end", "quote", "sha256", "page",
        "source_url",
    ]  # fmt: skip
    assert list(line["sources"][0]) == [
        "document_id", "title", "kind", "country", "year", "evidence", "stance", "text_by", "basis", "source_url",
    ]  # fmt: skip
    assert list(line["passages"][0]) == ["document_id", "language", "start", "end", "score"]
    quotes = "\n\n".join(statement["text"] for statement in line["statements"])
    assert line["text"] == f"{line['sources'][0]['title']}\n{quotes}"


def test_a_refusal_line_says_what_was_found(small_kb):
    (line,) = ask(small_kb, {"id": "r", "question": "What is the capital of Australia?"})
    assert list(line) == KEYS
    assert (line["status"], line["statements"], line["other_side"], line["sources"]) == ("refused", [], [], [])
    assert list(line["refusal"]) == ["reason", "found_terms", "missing_terms", "nearest", "questions"]
    assert line["refusal"]["missing_terms"] == ["capital", "Australia"]


def test_a_line_tells_what_was_searched_besides(small_kb):
    first, second = ask(
        small_kb, {"id": 1, "question": "Hvad siger de om hjemmeplejen på Bornhlom?"}, {"id": 2, "question": "zebra"}
    )
    assert first["mended"] == [["Bornhlom", "bornholm"]]
    assert "hjemmehjælp" in first["also_searched"]
    assert (second["mended"], second["also_searched"]) == ([], [])


def test_the_original_stands_in_a_citation_only_where_it_is_asked_for(small_kb):
    raw = [json.dumps({"id": 1, "question": "Hvor højt skal græsset være på Bornholm?"}).encode()]
    (line,) = (json.loads(line) for line in batch.run(raw, batch.ask_line(small_kb, original=True)))
    citations = [c for s in line["statements"] + line["other_side"] for c in s["citations"]]
    assert {c["original"]["language"] for c in citations} == {"en"}
    assert {c["original"]["document_id"] for c in citations} == {"dk-bornholm-mowing-by-result"}
    assert list(citations[0])[:-1] == list(citations[0]["original"])


def test_the_answer_language_is_followed(small_kb):
    (line,) = ask(small_kb, {"id": 1, "question": "Hvor højt skal græsset være på Bornholm?", "answer_language": "en"})
    assert line["language"] == "en"
    assert {c["language"] for s in line["statements"] for c in s["citations"]} == {"en"}


def test_what_is_set_side_by_side_stands_under_its_title(small_kb):
    (line,) = ask(small_kb, {"id": 1, "question": "What is the difference between Bornholm and Tomelilla?"})
    mowing, tracks = (source["title"] for source in line["sources"])
    headings = [mowing, tracks, f"{tracks} – What changed"]
    assert line["type"] == "comparison"
    assert [statement["heading"] for statement in line["statements"]] == headings
    titled = (f"{title}\n{each['text']}" for title, each in zip(headings, line["statements"], strict=True))
    assert line["text"] == "\n\n".join(titled)


def test_what_may_qualify_an_answer_stands_under_its_title(small_kb, monkeypatch):
    monkeypatch.setattr(other_side, "OWN_SHARE", 0.0)
    (line,) = ask(small_kb, {"id": 1, "question": "What came of mowing by result on Bornholm?"})
    assert [each["heading"] for each in line["other_side"]] == [line["sources"][0]["title"]]


def test_a_part_of_the_question_that_is_not_answered_is_told(small_kb):
    unknown = "And what does a zebra eat?"
    (line,) = ask(small_kb, {"id": 1, "question": f"How tall must the grass be on Bornholm? {unknown}"})
    assert (line["status"], line["unanswered"], line["refusal"]) == ("partial", [unknown], None)


def test_turns_are_a_conversation_of_which_the_last_is_answered(small_kb):
    turns = ["What did Bornholm do with the lawns?", "And what does OAO report of other tasks?"]
    (line,) = ask(small_kb, {"id": 1, "turns": turns})
    assert (line["status"], line["understood"]) == ("answered", " ".join(turns))
    assert {source["document_id"] for source in line["sources"]} == {"dk-bornholm-mowing-by-result"}


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (b"{", "bad-line", "Line 1 is not a valid question: Expecting property name enclosed in double quotes: "
         "line 1 column 2 (char 1)."),
        (b"[1]", "bad-line", "Line 1 is not a valid question: a line must be a JSON object."),
        (b"\xff", "bad-line", "Line 1 is not a valid question: 'utf-8' codec can't decode byte 0xff in position 0: "
         "invalid start byte."),
        ({"question": "x"}, "bad-line", "Line 1: 'id' is missing."),
        ({"id": 1, "question": "x", "colour": 2}, "bad-line", "Line 1: 'colour' is not a key that is known here."),
        ({"id": 1}, "bad-line", "Line 1: '': give either 'question' or 'turns'."),
        ({"id": 1, "question": "?"}, "question",
         "The question is empty. Ask something, for instance: What is trust-based management?"),
        ({"id": 1, "question": "a" * 10_000}, "question",
         "The question has 10,000 characters; 2,000 are allowed. Ask it in fewer words."),
        ({"id": 1, "question": "x", "filters": {"country": ["XX"]}}, "filter",
         "The filter 'country' has no value 'XX'. It has: DK, NO, SE, FI, IS, GB, NL, Nordic, INT."),
        ({"id": 1, "question": "x", "filters": {"year": {"from": 2020, "to": 2010}}}, "filter",
         "The filter 'year' ends (2010) before it begins (2020)."),
    ],
    ids=["broken", "no-object", "no-utf8", "no-id", "unknown-key", "nothing-asked", "empty", "long", "country", "year"],
)  # fmt: skip
def test_a_bad_line_gives_an_error_line_and_the_rest_goes_on(small_kb, line, code, message):
    bad, good = ask(small_kb, line, {"id": "next", "question": "How tall is the grass on Bornholm?"})
    assert list(bad) == KEYS
    assert (bad["status"], bad["error"]) == ("error", {"code": code, "message": message})
    assert (bad["mended"], bad["also_searched"], bad["unanswered"], bad["notes"]) == ([], [], [], [])
    assert (bad["type"], bad["understood"]) == (None, None)
    assert (good["id"], good["status"]) == ("next", "answered")


def test_blank_lines_are_passed_over(small_kb):
    assert ask(small_kb, b"\n", b"  \n") == []


def test_an_unexpected_fault_costs_only_its_own_line(caplog):
    def answering(line):
        if line.id == 1:
            raise RuntimeError("secret detail")
        return {"id": line.id}

    first, second = batch.run([b'{"id": 1, "question": "a"}', b'{"id": 2, "question": "b"}'], answering)
    assert json.loads(first)["error"] == {"code": "internal", "message": "Tillit failed on line 1: RuntimeError."}
    assert json.loads(second) == {"id": 2}


def test_a_search_line_has_ranked_places(small_kb):
    raw = [json.dumps({"id": "s", "question": "hemtjänst", "filters": {"country": "SE"}}).encode()]
    (line,) = (json.loads(line) for line in batch.run(raw, batch.search_line(small_kb, 3)))
    assert list(line) == ["id", "results", "error"]
    scores = [result["score"] for result in line["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= 3


def test_timing_is_told_only_when_asked_for(small_kb):
    raw = [b'{"id": 1, "question": "How tall is the grass on Bornholm?"}']
    (line,) = (json.loads(line) for line in batch.run(raw, batch.ask_line(small_kb, timing=True)))
    assert list(line) == [*KEYS, "elapsed_ms"]


@pytest.fixture(scope="module")
def fifty_lines(shipped_kb):
    """Fifty questions of the documents' own, in turn in the four languages, every tenth one unanswerable."""
    entries = shipped_kb.entries()[::19][:45]
    own = [shipped_kb.document(entry.id, entry.language)[0].questions[3] for entry in entries]
    asked = [*own, "What did Japan do?", "Hvad koster en zebra?", "Kven vann?", "Vad är klockan?", "x y z"]
    raw = [json.dumps({"id": number, "question": question}).encode() for number, question in enumerate(asked)]
    return raw, list(batch.run(raw, batch.ask_line(shipped_kb)))


@pytest.mark.slow
@pytest.mark.model
def test_every_quote_of_fifty_answers_is_the_text_at_its_offsets(shipped_kb, fifty_lines):
    lines = [json.loads(line) for line in fifty_lines[1]]
    citations = [c for line in lines for s in line["statements"] + line["other_side"] for c in s["citations"]]
    assert len(lines) == 50
    assert len(citations) > 50
    for citation in citations:
        document, blocks = shipped_kb.document(citation["document_id"], citation["language"])
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]
        assert document.sha256 == citation["sha256"]
        first, last = blocks[citation["block_first"]], blocks[citation["block_last"]]
        mark = document.text[citation["start"] : first.start]
        assert re.fullmatch(r"(?:[-*+]|\d+[.)])[ \t]+|", mark)
        assert citation["start"] < citation["end"] <= last.end


@pytest.mark.slow
@pytest.mark.model
def test_fifty_answers_are_the_same_bytes_on_a_second_run(shipped_data, fifty_lines):
    from kb.knowledge_base import KnowledgeBase
    from kb.models.static import StaticModel
    from kb.settings import Settings

    raw, first = fifty_lines
    again = KnowledgeBase(Settings(data=shipped_data), StaticModel())
    assert list(batch.run(raw, batch.ask_line(again))) == first


@pytest.mark.model
def test_answers_keep_to_the_limit_of_words(shipped_kb, fifty_lines):
    limit = shipped_kb.settings.max_words
    for line in map(json.loads, fifty_lines[1]):
        if line["status"] == "answered":
            shown = [line["text"], *(statement["text"] for statement in line["other_side"])]
            assert sum(len(text.split()) for text in shown) <= limit


@pytest.mark.model
def test_passages_go_on_until_ten_documents(fifty_lines):
    for line in map(json.loads, fifty_lines[1]):
        documents = [passage["document_id"] for passage in line["passages"]]
        assert len(set(documents)) == 10 or len(documents) < 100


def test_scores_are_rounded_to_six_decimals(small_kb):
    passage = small_kb.search("grass on Bornholm")[0]
    assert wire.passage_json(passage)["score"] == round(passage.score, 6)
