"""What pandoc finds in a file is written as Markdown that is read back as the same blocks."""

from __future__ import annotations

import json
import string
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from ingest.readers.pandoc_blocks import DEEPEST_LIST, lighter, markdown_of
from tests.ingest import office
from tests.ingest.office import blocks_of, rendered, text_of

STRUCTURES = {
    "letters": ('<ol type="a" start="2"><li>b<li>c</ol>', "- b. b\n- c. c\n"),
    "roman": ('<ol type="I"><li>one<ol type="i" start="4"><li>four</ol></ol>', "- I. one\n  - iv. four\n"),
    "numbers below": ("<ul><li>a<ol start=3><li>b<li>mai</ol><li>c</ul>", "- a\n\n  3. b\n  4. \xa0mai\n- c\n"),
    "wide numbers": ("<ol start=9><li>a<ul><li>b</ul><li>c<ul><li>d</ul></ol>", "9. a\n   - b\n10. c\n    - d\n"),
    "odd numbers": ("<ol start=-1><li>a</ol>", "- a\n"),
    "item of two paragraphs": ("<ul><li><p>a<p>b</ul>", "- a b\n"),
    "item with all": (
        "<ul><li>a<table><tr><td>1<td>2</table><p>b</p><ul><li>c</ul></ul>",
        "- a\n\n  | 1 | 2 |\n  | --- | --- |\n\n  b\n\n  - c\n",
    ),
    "item of a list alone": ("<ul><li><ul><li>a</ul><li><img src=x></ul>", "- a\n"),
    "item with a heading": ("<ul><li><h3>A</h3><p>b</ul>", "### A\n\nb\n"),
    "definitions": ("<dl><dt>a<dd>b<dd>c<dt>d:<dd>e</dl>", "a: b\n\na: c\n\nd: e\n"),
    "figure": ("<figure><img src=x alt=y><figcaption>a</figcaption></figure>", "a\n"),
    "spans": (
        "<table><caption>T</caption><tr><th colspan=2>a<th>b<tr><td rowspan=2>c<td>d<td>e<tr><td>f<td>g|h</table>",
        "T\n\n| a |  | b |\n| --- | --- | --- |\n| c | d | e |\n|  | f | g\\|h |\n",
    ),
    "cells of many lines": (
        "<table><tr><td><p>a<p>b<td><ul><li>c<li>d</ul><tr><td><td></table>",
        "| a b | c d |\n| --- | --- |\n",
    ),
    "one column": ("<table><tr><td><p>a<p>b<tr><td><ul><li>c</ul></table>", "a\n\nb\n\n- c\n"),
    "table for form": ("<table><tr><td><h2>A</h2>b<td>c</table>", "## A\n\nb\n\nc\n"),
    "raised": (
        "<p>km<sup>2</sup> H<sub>2</sub>O 10<sup>-6</sup> 1<sup>st</sup> 50<sup>1,2</sup>",
        "km² H₂O 10⁻⁶ 1st 50 1,2\n",
    ),
    "marks of notes": (
        "<p>50<sup><a href='#a'>1</a>,<a href='#b'>2</a></sup> <a href='#c'><sup>3</sup></a>kr<a href='#d'>[4]</a>."
        "<p id=a><a href='#e'>↩</a> Note <a href='#f'>section 3</a> <sup><a href='https://x.y'>2</a></sup>",
        "50 kr.\n\nNote section 3 ²\n",
    ),
    "quotes and code": ("<p><q>a <q>b</q></q> <code>x *y*</code><pre>a\n  b</pre>", "“a ‘b’” x *y*\n\na b\n"),
    "break and spaces": ("<p>a<br>b&nbsp;c&shy;d &#x2011; e", "a b cd - e\n"),
    "levels": ("<h1>C #</h1><h2># #</h2><h6>d#</h6><h3></h3>", "# C\xa0#\n\n## #\xa0#\n\n###### d#\n"),
    "misread": (
        "<p># a<p>1. b<p>- c<p>&gt; d<p>-<p>***<p>[x]: y<p>&#x2010; e<p>3. mai<ul><li>1) f</ul><p>&#8203;# g",
        "\xa0# a\n\n\xa01. b\n\n\xa0- c\n\n\xa0> d\n\n\xa0-\n\n\xa0***\n\n\xa0[x]: y\n\n\xa0- e\n\n\xa03. mai\n\n"
        "- \xa01) f\n\n\xa0# g\n",
    ),
    "no element": ("Text &lt; text", "Text < text\n"),
}


def test_structures_are_written_as_markdown_reads_them(tmp_path):
    """Each stands between lines that tell where it ends, in one page."""
    page = "".join(f"<p>@{name}@</p>{structure}" for name, (structure, _) in STRUCTURES.items())
    _, *parts = text_of(tmp_path, "html", page).split("@")
    found = {name: text.strip("\n") + "\n" for name, text in zip(parts[::2], parts[1::2], strict=True)}
    assert found == {name: text for name, (_, text) in STRUCTURES.items()}


def test_a_note_stands_below_the_whole_list_or_table_that_has_it(tmp_path):
    source = (
        "- a^[one]\n- b[^b]\n\n[^b]: two\n\n    more\n\n| c^[three] | d |\n|---|---|\n| e | f |\n\nEnd.\n\n# G^[four]\n"
    )
    assert text_of(tmp_path, "docx", rendered(source, "docx")) == (
        "- a\n- b\n\none\n\ntwo more\n\n| c | d |\n| --- | --- |\n| e | f |\n\nthree\n\nEnd.\n\n# G\n\nfour\n"
    )


def test_lists_nested_too_deep_for_markdown_keep_all_their_items(tmp_path):
    words = list(string.ascii_lowercase)
    found = text_of(tmp_path, "html", "".join(f"<ul><li>{word}" for word in words))
    assert [(kind, text) for kind, _, text in blocks_of(found)] == [("item", word) for word in words]
    assert max(line.count("  ") for line in found.splitlines()) == DEEPEST_LIST


AWKWARD = [
    *(
        "# ",
        "###### ",
        "#",
        "1. ",
        "12) ",
        "- ",
        "+ ",
        "* ",
        "> ",
        ">",
        "``` ",
        "~~~",
        "--",
        "---",
        "* * *",
        "___",
        "===",
    ),
    *("<div> ", "<!-- ", "</p>", "[x]: ", "[x] ", "| a | ", "| --- |", "a | b ", "3. mai ", "– ", "• ", "\\", "*a* "),
    *("![b](c)", "&amp; ", "«", "“Ja” ", "1.5 ", "§ 3 ", "mai ", ": ", "%", "{a} ", "@a ", "$x$ ", "http://a.b "),
]
ENDS = ["", ".", " #", " ##", "#", "\\", "|", " |", "!", "  x", ":", " ===", "-"]


def one_line(text: str) -> str:
    return " ".join(text.split())


WORDS = st.text("abcæøåÄÖ 0123456789.,*_|#`<>&[]()\\-", min_size=1, max_size=20)
TEXTS = st.builds(
    lambda begin, middle, end: one_line(begin + middle + end),
    st.sampled_from(["", *AWKWARD]),
    WORDS.filter(str.strip),
    st.sampled_from(ENDS),
)
NO_ATTRIBUTES = ["", [], []]


def inlines(text: str) -> list[dict[str, Any]]:
    return [part for word in text.split() for part in ({"t": "Space"}, {"t": "Str", "c": word})][1:]


def plain(text: str) -> list[dict[str, Any]]:
    return [{"t": "Plain", "c": inlines(text)}]


Found = tuple[list[dict[str, Any]], list[tuple[str, int, str]]]
"""Blocks of pandoc, and the kind, level and text of each block that they should come out as."""


def heading(level: int, text: str) -> Found:
    return [{"t": "Header", "c": [level, NO_ATTRIBUTES, inlines(text)]}], [("heading", level, text)]


def simple(text: str) -> Found:
    return [{"t": "Para", "c": inlines(text)}], [("paragraph", 0, text)]


def listed(start: int | None, items: list[tuple[str, Found | None]]) -> Found:
    written = [plain(text) + (below[0] if below else []) for text, below in items]
    expected = [block for text, below in items for block in [("item", 0, text), *(below[1] if below else [])]]
    if start is None:
        return [{"t": "BulletList", "c": written}], expected
    return [{"t": "OrderedList", "c": [[start, {"t": "Decimal"}, {"t": "Period"}], written]}], expected


def tabular(rows: list[list[str]]) -> Found:
    def row(cells: list[str]) -> list[Any]:
        return [NO_ATTRIBUTES, [[NO_ATTRIBUTES, {"t": "AlignDefault"}, 1, 1, plain(cell)] for cell in cells]]

    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in rows[0]]
    head, body = [NO_ATTRIBUTES, [row(rows[0])]], [NO_ATTRIBUTES, 0, [], [row(cells) for cells in rows[1:]]]
    block = {"t": "Table", "c": [NO_ATTRIBUTES, [None, []], columns, head, [body], [NO_ATTRIBUTES, []]]}
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows]
    return [block], [("row", 0, line) for line in lines]


def lists(below: st.SearchStrategy[Found]) -> st.SearchStrategy[Found]:
    items = st.lists(st.tuples(TEXTS, st.none() | below), min_size=1, max_size=3)
    return st.builds(listed, st.none() | st.integers(0, 120), items)


TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=2, max_size=4)
)
PARTS = st.one_of(
    st.builds(heading, st.integers(1, 6), TEXTS),
    st.builds(simple, TEXTS),
    lists(lists(lists(st.nothing()))),
    st.builds(tabular, TABLES),
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(PARTS, min_size=1, max_size=6))
def test_any_structure_is_written_as_markdown_reads_it(parts):
    blocks = json.loads(json.dumps([block for blocks, _ in parts for block in blocks]), object_hook=lighter)
    assert blocks_of(markdown_of(blocks, room=1_000_000)) == [block for _, blocks in parts for block in blocks]


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each try starts programs
)
@given(st.lists(PARTS, min_size=10, max_size=40))
@example([simple(f"{begin}x") for begin in AWKWARD])
@example([heading(2, one_line(f"{begin}x{end}")) for begin in AWKWARD[:9] for end in ENDS])
@example(
    [listed(start, [(one_line(begin + end), None) for begin in AWKWARD for end in ("", "x")]) for start in (None, 4)]
)
def test_any_structure_comes_through_a_file_and_pandoc(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("parts")
    parts = [*parts, simple("A letter at least")]
    expected = [block for _, blocks in parts for block in blocks]
    for kind in ("docx", "html"):
        data = office.rendered_blocks([block for blocks, _ in parts for block in blocks], kind)
        assert blocks_of(text_of(folder, kind, data)) == expected
