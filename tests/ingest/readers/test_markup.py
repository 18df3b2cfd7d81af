"""Word, OpenDocument, EPUB, HTML and RTF files come out as the blocks that they have, and hostile ones as verdicts."""

from __future__ import annotations

import socket

import pytest

from ingest.readers.webpage import decoded
from kb.errors import ExtractionError
from tests.ingest import office
from tests.ingest.office import blocks_of, docx, odt, paragraph, read, rendered, run, table, text_of

SOURCE = """
# Tillid på Ås

Ærlige *ledere* i Götene bruker 5000^[Tallet er fra 2020.] kroner på e-læring, 12^3^ m og CO~2~.

## Hva Søren sa

> «Vi må stole på *hverandre*», sa hun. “Quote” – og [lenke](https://example.org).

- Æble
- Øre
  - nested å
  - another

3. tredje
4. fjerde

| Navn | Tal |
|------|-----|
| Åse  | 1   |
| a\\|b | 2   |

```
kode  linje
```

Sist ~~slettet~~ tekst.
"""
BLOCKS = [
    "Tillid på Ås",
    "Ærlige ledere i Götene bruker 5000 kroner på e-læring, 12³ m og CO₂.",
    "Tallet er fra 2020.",
    "Hva Søren sa",
    "«Vi må stole på hverandre», sa hun. “Quote” – og lenke.",
    "Æble",
    "Øre",
    "nested å",
    "another",
    "tredje",
    "fjerde",
    "| Navn | Tal |",
    "| Åse | 1 |",
    "| a\\|b | 2 |",
    "kode linje",
    "Sist slettet tekst.",
]
KINDS_OF_BLOCKS = [
    "heading",
    *["paragraph"] * 2,
    "heading",
    "paragraph",
    *["item"] * 6,
    *["row"] * 3,
    *["paragraph"] * 2,
]
MARKDOWN = """# Tillid på Ås

Ærlige ledere i Götene bruker 5000 kroner på e-læring, 12³ m og CO₂.

Tallet er fra 2020.

## Hva Søren sa

«Vi må stole på hverandre», sa hun. “Quote” – og lenke.

- Æble
- Øre
  - nested å
  - another

3. tredje
4. fjerde

| Navn | Tal |
| --- | --- |
| Åse | 1 |
| a\\|b | 2 |

kode linje

Sist slettet tekst.
"""


@pytest.mark.parametrize("kind", ["docx", "odt", "epub", "html"])
def test_a_document_comes_out_as_its_blocks_in_markdown(tmp_path, kind):
    text = text_of(tmp_path, kind, rendered(SOURCE, kind, "pagetitle=x", "title=" * (kind == "epub")))
    assert text == MARKDOWN
    assert [block[0] for block in blocks_of(text)] == KINDS_OF_BLOCKS
    assert [block[2] for block in blocks_of(text)] == BLOCKS


def test_rtf_comes_out_as_its_blocks(tmp_path):
    """Pandoc writes the items of lists as paragraphs, with nested bullets as dashes."""
    found = blocks_of(text_of(tmp_path, "rtf", rendered(SOURCE, "rtf")))
    dashes = {"Æble": "• Æble", "Øre": "• Øre", "nested å": "– nested å", "another": "– another"}
    expected = [dashes.get(text, text) for text in BLOCKS]
    expected[expected.index("tredje") : expected.index("fjerde") + 1] = ["3. tredje", "4. fjerde"]
    assert [text for _, _, text in found] == expected
    assert {kind for kind, _, _ in found} == {"heading", "paragraph", "row"}


@pytest.mark.parametrize(("kind", "year"), [("docx", 2021), ("odt", 2021), ("epub", 2020), ("html", 2020)])
def test_a_document_says_title_and_year(tmp_path, kind, year):
    found = read(tmp_path, kind, rendered("Tekst.", kind, "title=Tillid på Ås", "date=2020-05-06"))
    assert (found.title, found.year) == ("Tillid på Ås", year)


RTF = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}
{\info{\title Tillid p\'e5 \'c5s}{\creatim\yr2021\mo3\dy4\hr1\min2}}
{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc0\levelnfcn0\levelstartat3{\leveltext\'02\'00.;}
{\levelnumbers\'01;}}{\listname ;}\listid1}}
{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}
\pard\plain \'c6rlige har 5000{\super\chftn{\footnote\pard\plain {\super\chftn} F\u248?rste.}} kroner{\super\chftn
{\*\footnote\pard\plain {\super\chftn} Anden.}}, 12{\super 3}.\par
Han sagde \'93Citat\'94, \ldblquote To\rdblquote  og \u8220?Tre\u8221? i K\u248\'f8ge \\u8220.{\v skjult}\par
{\pard\plain\ls1\ilvl0 {\listtext\tab 3.\tab}tre\par}
{\pard\plain\ls1\ilvl0 {\listtext\tab 4.\tab}fire\par}
}"""


def test_rtf_of_other_programs_is_read(tmp_path):
    found = read(tmp_path, "rtf", RTF.encode("cp1252"))
    assert found.pages == (
        "Ærlige har 5000 kroner, 12³.\n\nFørste.\n\nAnden.\n\n"
        "Han sagde “Citat”, “To” og “Tre” i Køge \\u8220.\n\n3. tre\n4. fire\n",
    )
    assert (found.title, found.year) == ("Tillid på Ås", 2021)


def test_a_title_in_the_text_of_a_word_file_is_a_heading(tmp_path):
    styles = '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    found = read(
        tmp_path, "docx", docx(paragraph(run("Tillit i Ås"), style="Titel") + paragraph(run("Tekst.")), styles)
    )
    assert (found.pages, found.title) == (("# Tillit i Ås\n\nTekst.\n",), "Tillit i Ås")


VANISHING = '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr></w:style>'
WHITE = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'


@pytest.mark.parametrize(
    ("body", "text", "hidden"),
    [
        (paragraph(run("a"), run("b", "<w:vanish/>")), "a\n", True),
        (paragraph(run("a"), run("b", '<w:vanish w:val="0"/>')), "ab\n", False),
        (paragraph(run("a"), run(" ", "<w:vanish/>")), "a\n", False),
        (paragraph(run("a"), run("b", '<w:rStyle w:val="Gone"/>')), "a\n", True),
        (paragraph(run("a"), run("b", WHITE)), "ab\n", True),
        (paragraph(run("a"), run("b", WHITE + DARK)), "ab\n", False),
        (table([paragraph(run("a", WHITE)), paragraph(run("b"))], look=DARK), "| a | b |\n| --- | --- |\n", False),
        (paragraph(run("a"), run("b", '<w:sz w:val="4"/>')), "ab\n", True),
        (paragraph(run("a"), run("b", '<w:sz w:val="5"/>')), "ab\n", False),
    ],
    ids=["vanish", "not vanished", "space", "style", "white", "on a ground", "on a cell's", "tiny", "small"],
)
def test_hidden_text_in_a_word_file_is_noted_and_what_is_marked_so_left_out(tmp_path, body, text, hidden):
    found = read(tmp_path, "docx", docx(body, VANISHING))
    assert found.pages == (text,)
    assert found.notes == (((1, "hidden"),) if hidden else ())


def test_changes_in_a_word_file_are_accepted_whoever_made_them(tmp_path):
    named = 'w:id="1" w:author="x" w:date="2020-01-01T00:00:00Z"'
    body = paragraph(
        f"<w:del {named}><w:r><w:delText>deleted</w:delText></w:r></w:del>",
        f'<w:del w:id="2">{run("gone")}</w:del><w:moveFrom w:id="3">{run("from")}</w:moveFrom>',
        f'<w:ins {named}>{run("one ")}</w:ins><w:ins w:id="4">{run("two ")}</w:ins>',
        f'<w:moveTo w:id="5">{run("three")}</w:moveTo>',
    )
    body += table([paragraph(run("a")), paragraph(run("b"))], row_look='<w:del w:id="6"/>') + paragraph(run("end"))
    assert text_of(tmp_path, "docx", docx(body)) == "one two three\n\nend\n"


def test_text_boxes_and_fields_of_a_word_file_are_read_once(tmp_path):
    inside = f"<w:txbxContent>{paragraph(run('box 1'))}{paragraph(run('box 2'))}</w:txbxContent>"
    drawn = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = paragraph(run("above"), drawn) + paragraph(f'<w:fldSimple w:instr="REF x">{run("3.1")}</w:fldSimple>')
    assert text_of(tmp_path, "docx", docx(body)) == "above\n\nbox 1\n\nbox 2\n\n3.1\n"


def test_an_opendocument_text_gives_its_boxes_and_not_what_was_deleted(tmp_path):
    data = odt(
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>deleted</text:p></text:deletion>'
        '</text:changed-region></text:tracked-changes><text:p>above<text:change text:change-id="c"/>'
        "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></text:p>"
        '<text:h text:outline-level="2">Head</text:h>'
    )
    assert text_of(tmp_path, "odt", data) == "above\n\nbox\n\n## Head\n"


PAGE = """<!DOCTYPE html><html lang="da-DK"><head><title> Tillid &amp; styring </title>
<meta property="article:published_time" content="2019-04-05"><style>p { color: red }</style></head><body>
<header><h1>Banner</h1></header><nav>Menu</nav><div role="navigation">More</div><div role="dialog">Cookies?</div>
<aside>Related</aside><script>var x = "<p>script</p>"</script><noscript>No script</noscript><svg><title>s</title></svg>
<form><p>In a form <input value="v"><select><option>option</option></select><button>Send</button></p></form>
<img src="SERVER" alt="Picture"><iframe src="SERVER">frame</iframe>
<article><header><h2>Heading</h2></header><p>&lt;b&gt;bold&lt;/b&gt; and *stars*</p><footer>By Åse</footer>
<h3><button>Question?</button></h3></article><article><p>Second</p></article>
HIDDEN<p>Tail</p><footer>Footer</footer></body></html>"""


def test_a_web_page_is_its_own_text_and_fetches_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        page = PAGE.replace("SERVER", f"http://127.0.0.1:{server.getsockname()[1]}/a.png").replace("HIDDEN", "")
        found = read(tmp_path, "html", page)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert found.pages == (
        "In a form\n\n## Heading\n\n<b>bold</b> and *stars*\n\nBy Åse\n\n### Question?\n\nSecond\n\nTail\n".replace(
            "<b>", "\xa0<b>", 1
        ),
    )
    assert (found.title, found.year) == ("Tillid & styring", 2019)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("hidden", "noted"),
    [
        ("<p hidden>secret</p>", True),
        ('<p style="display: none">secret</p>', True),
        ('<div style="color:red;VISIBILITY:hidden"><p>secret</p></div>', True),
        ('<i aria-hidden="true">arrow</i>', False),
        ("<p hidden> – </p>", False),
    ],
    ids=["attribute", "not displayed", "not visible", "decoration", "no letters"],
)
def test_hidden_text_of_a_web_page_is_left_out_and_noted(tmp_path, hidden, noted):
    found = read(tmp_path, "html", PAGE.replace("HIDDEN", hidden))
    assert "secret" not in found.pages[0]
    assert "arrow" not in found.pages[0]
    assert found.notes == (((1, "hidden"),) if noted else ())


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Out</p><main><article>A</article><p>In</p></main><article>B</article>", "A\n\nIn\n"),
        ('<p>Out</p><div role="main"><header>Head</header>In</div>', "Head\n\nIn\n"),
        ("<p>Out</p><article>In</article>", "In\n"),
        ("<p>Out</p><main>A</main><main hidden>B</main>", "A\n"),
        ("<p>Out</p><main></main>", "Out\n"),
    ],
    ids=["main", "role", "article", "one shown", "empty"],
)
def test_the_only_main_part_of_a_web_page_is_taken_alone(tmp_path, page, text):
    assert text_of(tmp_path, "html", f"<html><body>{page}</body></html>") == text


@pytest.mark.parametrize(
    "data",
    [
        "<p>Ærlig “Å”".encode(),
        b"\xef\xbb\xbf" + "<p>Ærlig “Å”".encode(),
        "<p>Ærlig “Å”".encode("cp1252"),
        "<p>Ærlig “Å”".encode("utf-16"),
        '<meta charset="iso-8859-1"><p>Ærlig “Å”'.encode("cp1252"),
        '<meta http-equiv="Content-Type" content="text/html; charset=macintosh"><p>Ærlig “Å”'.encode("mac-roman"),
        '<?xml version="1.0" encoding="utf-8"?><p>Ærlig “Å”'.encode(),
        '<meta charset="unicode_escape"><p>Ærlig “Å”'.encode(),
        '<meta charset="utf-8"><p>Ærlig “Å”'.encode("cp1252"),
    ],
    ids=["utf-8", "marked", "windows-1252", "utf-16", "latin-1", "mac", "xml", "no charset", "wrong charset"],
)
def test_a_web_page_is_decoded_whatever_wrote_it(data):
    assert decoded(data).endswith("<p>Ærlig “Å”")


def test_a_web_page_needs_no_root_and_no_declaration(tmp_path):
    assert text_of(tmp_path, "html", "<p>Ærlig “Å” <br> &amp;c".encode("cp1252")) == "Ærlig “Å” &c\n"


ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
BOMB = f'<!DOCTYPE x [<!ENTITY a "{"a" * 99}">{ENTITIES}]>'
XML_BOMB = docx("", document=f"{BOMB}<w:document xmlns:w='w'><w:body>&i;</w:body></w:document>")
LONG = "Ærlige ord på dansk. " * 240_000
LOCKS = "<encryption><CipherReference URI='text/chapter1.xhtml'/></encryption>"
FONTS = "<encryption><CipherReference URI='fonts/a.otf'/></encryption>"


def epub_with(locks: str) -> bytes:
    return office.package(office.members_of(rendered("Text.", "epub")) | {"META-INF/encryption.xml": locks})


@pytest.mark.parametrize(
    ("kind", "make", "verdict"),
    [
        ("docx", lambda: office.bomb(docx(paragraph(run("a")))), "too-big"),
        ("odt", lambda: office.bomb(rendered("Text.", "odt")), "too-big"),
        ("epub", lambda: office.bomb(rendered("Text.", "epub")), "too-big"),
        ("docx", lambda: docx(paragraph(run("a")))[:-40], "malformed"),
        ("docx", lambda: docx("", document="<!DOCTYPE x [<!ENTITY a 'b'>]><document>&a;</document>"), "malformed"),
        ("docx", lambda: XML_BOMB, "too-big"),
        ("docx", lambda: docx(paragraph(run("a")) + "<w:p>"), "malformed"),
        ("docx", lambda: docx("<w:sdt>" * 300 + "</w:sdt>" * 300), "too-big"),
        ("docx", lambda: office.locked(docx(paragraph(run("a")))), "encrypted"),
        ("docx", lambda: docx(""), "no-text"),
        ("docx", lambda: docx(paragraph(run(LONG))), "too-big"),
        ("html", lambda: "<html>" + "<div>" * 20_000 + "Text" + "</div>" * 20_000, "too-big"),
        ("html", lambda: "<p>" + "Text. " * 200_000, "too-big"),
        ("html", lambda: " <!-- nothing --> ", "no-text"),
        ("epub", lambda: epub_with(LOCKS), "encrypted"),
        ("rtf", lambda: r"{\rtf1\ansi {\b unclosed", "malformed"),
        ("rtf", lambda: r"{\rtf1" + "{" * 100_000 + "}" * 100_000 + "}", "too-big"),
    ],
)
def test_a_hostile_file_gives_one_verdict(tmp_path, kind, make, verdict):
    with pytest.raises(ExtractionError) as caught:
        read(tmp_path, kind, make())
    assert caught.value.verdict == verdict


def test_a_book_with_locked_fonts_is_read(tmp_path):
    assert text_of(tmp_path, "epub", epub_with(FONTS)) == "Text.\n"


def test_a_long_paragraph_is_read_where_there_is_room(tmp_path):
    text = LONG[:400_000].strip()
    assert text_of(tmp_path, "html", f"<p>{text}</p>") == text + "\n"
