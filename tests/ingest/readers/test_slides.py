"""A presentation gives the headings, items, rows and paragraphs that its slides show; hostile ones give one verdict."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from ingest.child import Limits
from ingest.extraction import Extracted, extract
from ingest.readers import Reading
from ingest.readers.slides import read, reading_order
from kb.blocks import parse_blocks
from kb.errors import ExtractionError

OFFICE = "http://schemas.openxmlformats.org/"
DIAGRAM = f"{OFFICE}drawingml/2006/diagram"
NAMES = {"a": f"{OFFICE}drawingml/2006/main", "p": f"{OFFICE}presentationml/2006/main", "d": DIAGRAM}
NAMES |= {"r": f"{OFFICE}officeDocument/2006/relationships", "m": f"{OFFICE}officeDocument/2006/math"}
NAMES |= {"mc": f"{OFFICE}markup-compatibility/2006"}
SMALL = Limits(max_bytes=5_000_000, max_pages=50, seconds=20, memory_bytes=1 << 29, max_chars=100_000)
TITLE, BULLETS, TITLE_ONLY, BLANK, CAPTION = 0, 1, 5, 6, 8
SECOND = "ppt/slides/slide2.xml"


class Deck:
    """A presentation that is written to a file and read again."""

    def __init__(self) -> None:
        self.deck = Presentation()

    def slide(self, layout: int, title: str | None = None) -> Any:
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[layout])
        if title is not None:
            slide.shapes.title.text_frame.text = title
        return slide

    def chart(self) -> Any:
        data = CategoryChartData()
        data.categories = ["a"]
        data.add_series("s", (1,))
        return self.slide(TITLE_ONLY, "Chart").shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, 9, 9, data).chart

    def data(self) -> bytes:
        stream = BytesIO()
        self.deck.save(stream)
        return stream.getvalue()


def records(data: bytes, folder: Path) -> tuple[str, list[dict[str, Any]]]:
    """Return the verdict on a file and what was written of it."""
    (folder / "deck.pptx").write_bytes(data)
    written: list[dict[str, Any]] = []
    reading = Reading(format="pptx", pages=9, characters=100_000, seconds=9, memory=1 << 30, write=written.append)
    return read(folder / "deck.pptx", reading), written


def pages(deck: Deck, folder: Path) -> list[str]:
    verdict, written = records(deck.data(), folder)
    assert verdict == "ok"
    return [record["text"] for record in written[1:]]


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in parse_blocks(text)]


def xml(text: str) -> Any:
    declared = "".join(f' xmlns:{name}="{uri}"' for name, uri in NAMES.items())
    return parse_xml(re.sub(r"(?<=\w)(?=[\s/>])", declared, text, count=1))


def box(slide: Any, text: str, left: float, top: float, width: float = 2, height: float = 1) -> Any:
    shape = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    shape.text_frame.text = text
    return shape


def edited(data: bytes, edit: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a package with every member as `edit` gives it back; None leaves it out."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (changed := edit(name, old.read(name))) is not None:
                new.writestr(name, changed)
    return stream.getvalue()


def replaced(data: bytes, member: str, content: bytes | None) -> bytes:
    return edited(data, lambda name, old: content if name == member else old)


def outcome(path: Path, data: bytes, limits: Limits = SMALL) -> Any:
    """Return what a file gives in a child process: verdict, pages and failed pages, or a failing verdict."""
    path.write_bytes(data)
    try:
        found: Extracted = extract(path, limits)
    except ExtractionError as error:
        return error.verdict
    return found.verdict, found.pages, found.failed_pages


def test_title_bullets_by_level_and_notes(tmp_path):
    deck = Deck()
    slide = deck.slide(BULLETS, "Trust\vat work")
    body = slide.placeholders[1].text_frame
    body.text = "Listen"
    for text, level in (("Ask", 1), ("Ask again", 3), ("", 0), ("# of talks", 1), ("Decide", 0)):
        paragraph = body.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide.notes_slide.notes_text_frame.text = "Say this slowly.\n- and that"
    (text,) = pages(deck, tmp_path)
    assert text == (
        "## Trust at work\n\n- Listen\n  - Ask\n    - Ask again\n  - \xa0# of talks\n- Decide\n\n"
        "### Notes\n\nSay this slowly.\n\n\xa0- and that"
    )
    kinds = ["heading", *["item"] * 5, "heading", "paragraph", "paragraph"]
    texts = "Trust at work|Listen|Ask|Ask again|\xa0# of talks|Decide|Notes|Say this slowly.|\xa0- and that"
    assert blocks(text) == list(zip(kinds, texts.split("|"), strict=True))


def test_bullets_are_those_of_the_paragraph_or_else_of_the_layout(tmp_path):
    deck = Deck()
    slide = deck.slide(CAPTION, "A picture")
    slide.placeholders[2].text_frame.text = "A caption has no bullet."
    added = box(slide, "A box has none", 0, 6).text_frame.add_paragraph()
    added.text = "unless it says so"
    added._p.get_or_add_pPr().append(xml('<a:buChar char="•"/>'))
    plain = deck.slide(BULLETS, "Listed").placeholders[1].text_frame
    plain.text = "Not this one"
    plain.paragraphs[0]._p.get_or_add_pPr().append(xml("<a:buNone/>"))
    deck.slide(TITLE, "Course 2").placeholders[1].text_frame.text = "Oslo, 3. mai 2020"
    assert pages(deck, tmp_path) == [
        "## A picture\n\nA caption has no bullet.\n\nA box has none\n\n- unless it says so",
        "## Listed\n\nNot this one",
        "## Course 2\n\nOslo, 3. mai 2020",
    ]


def test_runs_are_joined_as_they_are_and_raised_digits_stay_raised(tmp_path):
    deck = Deck()
    paragraph = box(deck.slide(BLANK), "", 1, 1).text_frame.paragraphs[0]
    runs = (("tru", 0), ("st in 12", 0), ("1,3", 30000), (" of CO", 0), ("2", -25000), (" a m", 0), ("2", 30000))
    for text, baseline in runs:
        run = paragraph.add_run()
        run.text = text
        run.font._element.set("baseline", str(baseline))
    paragraph.add_line_break()
    for kind, text in (("slidenum", "7"), ("datetime1", "1.1.2020"), ("other", "end")):
        paragraph._p.append(xml(f'<a:fld type="{kind}"><a:rPr/><a:t>{text}</a:t></a:fld>'))
    assert pages(deck, tmp_path) == ["trust in 12¹,³ of CO2 a m² end"]


def test_texts_come_from_top_to_bottom_columns_and_groups_one_by_one(tmp_path):
    deck = Deck()
    slide = deck.slide(TITLE_ONLY, "Order")
    box(slide, "foot", 0, 6, width=9, height=0.5)
    box(slide, "right upper", 5, 2.1, height=1.2)
    group = slide.shapes.add_group_shape()
    inner = group.shapes.add_group_shape()
    for within, text, top in ((group, "first", 3.6), (group, "third", 5.5), (inner, "second", 4.5)):
        box(within, text, 5, top, height=0.3)
    box(slide, "left upper", 1, 2, height=2)
    box(slide, "left lower", 1, 4.1, height=0.4)
    (text,) = pages(deck, tmp_path)
    right = ["right upper", "first", "second", "third"]
    assert text.split("\n\n") == ["## Order", "left upper", "left lower", *right, "foot"]
    found = [((0, 5, 10, 15), ["b"]), ((0, 0, 10, 10), ["a"]), ((5, 5, 10, 9), ["c"])]  # they overlap
    assert [text for _, text in reading_order(found)] == [["a"], ["b"], ["c"]]


def test_numbers_dates_and_footers_are_left_out(tmp_path):
    deck = Deck()
    slide = deck.slide(TITLE_ONLY, "Kept")
    for kind in ("sldNum", "dt", "ftr"):
        box(slide, kind, 1, 6)._element.nvSpPr.nvPr.append(xml(f'<p:ph type="{kind}" idx="10"/>'))
    assert pages(deck, tmp_path) == ["## Kept"]


def test_a_table_gives_its_rows_and_merged_cells_once(tmp_path):
    deck = Deck()
    table = deck.slide(BLANK).shapes.add_table(4, 3, 0, 0, Inches(6), Inches(2)).table
    for row, line in enumerate((("Year", "A|B", "Note"), ("2020", "1\n2", "x"), ("", "", ""), ("2021", "wide", ""))):
        for column, text in enumerate(line):
            table.cell(row, column).text_frame.text = text
    table.cell(3, 1).merge(table.cell(3, 2))
    table.cell(3, 2).text_frame.text = "unseen"
    (text,) = pages(deck, tmp_path)
    assert text == "| Year | A\\|B | Note |\n| --- | --- | --- |\n| 2020 | 1 2 | x |\n| 2021 | wide |  |"
    assert blocks(text) == [("row", line) for line in text.splitlines() if "---" not in line]


def test_a_chart_gives_title_categories_and_series(tmp_path):
    deck = Deck()
    towns, points, dated = CategoryChartData(), XyChartData(), CategoryChartData()
    towns.categories, dated.categories = ["Oslo", "Malmö"], [datetime(2020, 5, 1), datetime(2021, 5, 1)]
    towns.add_series("Trust", (0.125, 0.5), "0%")
    towns.add_series("Talks", (3, 4.5))
    dated.add_series("S", (1, 2))
    hours = points.add_series("Hours")
    hours.add_data_point(1, 2.5)
    kinds = ((XL_CHART_TYPE.COLUMN_CLUSTERED, towns), (XL_CHART_TYPE.XY_SCATTER, points), (XL_CHART_TYPE.LINE, dated))
    charts = [deck.slide(BLANK).shapes.add_chart(kind, 0, 0, 9, 9, data).chart for kind, data in kinds]
    charts[0].chart_title.text_frame.text = "Trust by town"
    assert pages(deck, tmp_path) == [
        "Trust by town\n\n|  | Trust | Talks |\n| --- | --- | --- |\n| Oslo | 12.5 % | 3 |\n| Malmö | 50 % | 4.5 |",
        "|  | Hours |\n| --- | --- |\n| 1 | 2.5 |",
        "|  | S |\n| --- | --- |\n| 2020-05-01 | 1 |\n| 2021-05-01 | 2 |",
    ]


def test_a_diagram_gives_its_texts_as_items(tmp_path):
    deck = Deck()
    slide = deck.slide(BLANK)
    points = "".join(f"<d:pt><d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t></d:pt>" for text in ("Plan", "Do"))
    model = f'<d:m xmlns:d="{DIAGRAM}" xmlns:a="{NAMES["a"]}">{points}<d:pt/></d:m>'.encode()
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", slide.part.package, model)
    frame = xml(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id='9' name='d'/><p:cNvGraphicFramePr/><p:nvPr/>"
        f"</p:nvGraphicFramePr><p:xfrm/><a:graphic><a:graphicData uri='{DIAGRAM}'>"
        f"<d:relIds r:dm='{slide.part.relate_to(part, 'data')}'/></a:graphicData></a:graphic></p:graphicFrame>"
    )
    slide.shapes._spTree.append(frame)
    assert pages(deck, tmp_path) == ["- Plan\n- Do"]


def test_shapes_with_an_alternative_for_old_programs_are_read(tmp_path):
    deck = Deck()
    slide = deck.slide(BLANK)
    shape = box(slide, "An equation: ", 1, 1)
    both = "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
    math = both.format("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "<a:r><a:t>old</a:t></a:r>")
    shape.text_frame.paragraphs[0]._p.append(xml(math))
    outer = xml(both.format("", ""))
    slide.shapes._spTree.replace(shape._element, outer)
    outer[0].append(shape._element)
    assert pages(deck, tmp_path) == ["An equation: x=1"]


FILL = '<a:solidFill><a:srgbClr val="{}"/></a:solidFill>'
HIDDEN: dict[str, Callable[..., Any]] = {
    "white": lambda slide, shape, run: run.append(xml(FILL.format("FFFFFF"))),
    "tiny": lambda slide, shape, run: run.set("sz", "150"),
    "beside": lambda slide, shape, run: shape.spPr.xfrm.off.set("x", "-9999999"),
    "unseen": lambda slide, shape, run: shape.nvSpPr.cNvPr.set("hidden", "1"),
}
SEEN: dict[str, Callable[..., Any]] = {
    "small": lambda slide, shape, run: run.set("sz", "800"),
    "on a fill": lambda slide, shape, run: shape.spPr.append(xml(FILL.format("000000"))),
    "on a shape": lambda slide, shape, run: slide.shapes.add_shape(1, 0, 0, Inches(9), Inches(7)),
    "on a dark ground": lambda slide, shape, run: slide.background.fill.solid(),
}


@pytest.mark.parametrize("case", [*HIDDEN, *SEEN])
def test_text_that_cannot_be_seen_is_flagged(case, tmp_path):
    deck = Deck()
    slide = deck.slide(TITLE_ONLY, "Title")
    slide.shapes.add_shape(1, Inches(8), Inches(5), Inches(1), Inches(1))
    shape = box(slide, "psst", 1, 3)
    for name in ("white", case) if case.startswith("on") else (case,):
        (HIDDEN | SEEN)[name](slide, shape._element, shape.text_frame.paragraphs[0].runs[0].font._element)
    assert records(deck.data(), tmp_path)[1][1]["notes"] == (["hidden"] if case in HIDDEN else [])


def test_hidden_slides_have_a_note_and_properties_are_those_of_the_file(tmp_path):
    deck = Deck()
    properties = deck.deck.core_properties
    properties.title, properties.created = "Trust", datetime(2021, 3, 4)
    deck.slide(TITLE_ONLY, "Kept back").element.set("show", "0")
    verdict, (begun, page) = records(deck.data(), tmp_path)
    assert begun["created"].startswith("2021-03-04")
    assert (verdict, begun["pages"], begun["title"]) == ("ok", 1, "Trust")
    assert (page["text"], page["notes"]) == ("## Kept back", ["hidden"])
    verdict, (begun, page) = records(replaced(deck.data(), "docProps/core.xml", b"<a"), tmp_path)
    assert (verdict, begun["created"], page["text"]) == ("ok", "", "## Kept back")


def test_numbers_that_are_none_and_points_that_are_not_there_cost_nothing(tmp_path):
    deck = Deck()
    shape = box(deck.slide(BLANK), "kept", 1, 1)
    shape._element.spPr.xfrm.off.set("x", "1.5e99")
    shape.text_frame.paragraphs[0]._p.get_or_add_pPr().set("lvl", "many")
    next(deck.chart().element.iter(qn("c:ptCount"))).set("val", "999999999")
    assert pages(deck, tmp_path) == ["kept", "## Chart\n\n|  | s |\n| --- | --- |\n| a | 1 |"]


def three() -> bytes:
    deck = Deck()
    for title in ("One", "Two", "Three"):
        deck.slide(TITLE_ONLY, title)
    return deck.data()


def slide_of(shapes: str, declared: str = "") -> bytes:
    names = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMES.items())
    tree = f"<p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/>{shapes}</p:spTree></p:cSld>"
    return f"<?xml version='1.0'?>{declared}<p:sld {names}>{tree}</p:sld>".encode()


GROUP = "<p:grpSp><p:nvGrpSpPr><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>"
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
TEXT = "<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:p><a:r><a:t>&e9;</a:t></a:r></a:p></p:txBody></p:sp>"
DEEP = slide_of(GROUP * 5000 + "</p:grpSp>" * 5000)
BROKEN = [b"<p:sld", None, b"<other/>", DEEP, slide_of(TEXT, f"<!DOCTYPE p [{ENTITIES}]>")]


@pytest.mark.parametrize("content", BROKEN, ids=["cut", "missing", "other", "deep", "entities"])
def test_a_broken_slide_fails_and_the_others_are_read(content, tmp_path):
    found = outcome(tmp_path / "a.pptx", replaced(three(), SECOND, content))
    assert found == ("partial", ("## One", "", "## Three"), (2,))


def test_missing_targets_cost_no_text(tmp_path):
    for member in ("slides/_rels/slide2.xml.rels", "slideLayouts/slideLayout6.xml", "slideMasters/slideMaster1.xml"):
        found = outcome(tmp_path / "a.pptx", replaced(three(), f"ppt/{member}", None))
        assert found[1] == ("## One", "## Two", "## Three")


def test_a_chart_that_cannot_be_read_makes_the_document_partial(tmp_path):
    deck = Deck()
    name = deck.chart().part.partname[1:]
    for content in (b"<a", None):
        assert outcome(tmp_path / "a.pptx", replaced(deck.data(), name, content)) == ("partial", ("## Chart",), ())


def test_files_that_cannot_be_read_have_one_verdict(tmp_path):
    data, path = three(), tmp_path / "a.pptx"
    for member in ("ppt/presentation.xml", "[Content_Types].xml", "_rels/.rels"):
        assert outcome(path, replaced(data, member, b"<a")) == "malformed"
    for kept in (0.02, 0.5, 0.99):
        assert outcome(path, data[: int(len(data) * kept)]) == "malformed"
    assert outcome(path, Deck().data()) == "no-text"
    assert outcome(path, data, Limits(max_pages=2)) == "too-big"
    assert outcome(path, data, Limits(max_chars=10)) == "too-big"
    assert outcome(path, replaced(data, SECOND, b" " * 30_000_000)) == "too-big"
