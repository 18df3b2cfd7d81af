"""Pages of PDFs as pictures: where the passage is marked, by points on the page; what harms, what is kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app import pdf_page
from app.pdf_drawing import MARKER, MOST_BYTES, MOST_PIXELS
from app.pdf_page import MarkedPage, page_html, page_image
from ingest.extraction import extract
from tests.app.typewritten import Words, typewritten
from tests.ingest import hostile, pdfs
from tests.ingest.desk import hash_of

NEAR = 2
"""Points by which a mark may lie beside its letters."""
FERRY = Words("The ferry sails at dawn. It carries the mail.", 72, 700)


@pytest.fixture
def draw(tmp_path):
    """Draw a page of a PDF with quotes of its text, as it is read, marked."""

    def drawn(content, *quotes, page=1, nth=0, text=None):
        file = tmp_path / f"{hash_of(content)}.pdf"
        file.write_bytes(content)
        raw = extract(file).pages[page - 1] if text is None else text
        starts = [raw.index(quote) if nth == 0 else raw.rindex(quote) for quote in quotes]
        passages = tuple(((start, start + len(quote)),) for start, quote in zip(starts, quotes, strict=True))
        return page_image(MarkedPage(file, page, raw, passages))

    return drawn


def assert_marked(image, *lines, height=842, width=595):
    """See to it that the first passage is marked in these lines (left, right, foot) of a page, and nowhere else."""
    scale = width / image.width
    boxes = [tuple(scale * side for side in box) for box in image.boxes[0]]
    assert len(boxes) == len(lines)
    for (left, top, right, bottom), (wanted_left, wanted_right, foot) in zip(boxes, lines, strict=True):
        assert (left, right) == (pytest.approx(wanted_left, abs=NEAR), pytest.approx(wanted_right, abs=NEAR))
        assert height - foot - 11 <= top <= height - foot - 5
        assert height - foot <= bottom <= height - foot + 4


def test_a_sentence_is_marked_with_its_full_stop(draw):
    assert_marked(draw(typewritten([FERRY]), "The ferry sails at dawn."), FERRY.part("The ferry sails at dawn."))
    assert_marked(draw(typewritten([FERRY]), "It carries the mail"), FERRY.part("It carries the mail"))


def test_a_passage_over_lines_has_a_mark_on_each_whatever_breaks_its_words(draw):
    one, two = Words("The ferry to the island car-", 72, 700), Words("ries the mail at dawn.", 72, 686)
    image = draw(typewritten([one, two]), "the island car-\nries the mail")
    assert_marked(image, one.part("the island car-"), two.part("ries the mail"))


def test_a_passage_goes_on_in_the_next_column(draw):
    left = [Words(f"Left column line {number} of some", 60, 700 - 14 * number) for number in range(1, 6)]
    right = [Words(f"Right column line {number} of it", 320, 700 - 14 * number) for number in range(1, 6)]
    image = draw(typewritten([*left, *right]), "line 5 of some\nRight column line 1")
    assert_marked(image, left[4].part("line 5 of some"), right[0].part("Right column line 1"))


@pytest.mark.parametrize("nth", [0, 1])
def test_of_two_sentences_alike_the_one_that_is_meant_is_marked(draw, nth):
    lines = [Words("Nobody was asked.", 72, height) for height in (700, 600)]
    between = Words("What happened then is told below.", 72, 650)
    image = draw(typewritten([lines[0], between, lines[1]]), "Nobody was asked.", nth=nth)
    assert_marked(image, lines[nth].part("Nobody was asked."))


def test_a_ligature_and_letters_set_apart_are_found(draw):
    line = Words("The of\N{LATIN SMALL LIGATURE FI}ce opens at nine on every day.", 72, 700)
    assert_marked(draw(typewritten([line]), "of\N{LATIN SMALL LIGATURE FI}ce"), (96, 126, 700))
    assert_marked(draw(typewritten([line]), "office opens", text="The office opens at nine."), (96, 162, 700))
    apart = [Words(letter, 72 + 9 * place, 700) for place, letter in enumerate("WIDELYSET")]
    assert_marked(draw(typewritten(apart), "Widely set", text="Widely set"), (72, 72 + 8 * 9 + 6, 700))


@pytest.mark.parametrize("shift", [(0, 0), (100, 50)])
def test_the_place_is_right_where_the_page_does_not_begin_at_nought(draw, shift):
    x, y = shift
    image = draw(typewritten([FERRY], box=f"{x} {y} {x + 595} {y + 842}"), "ferry sails")
    left, right, foot = FERRY.part("ferry sails")
    assert_marked(image, (left - x, right - x, foot - y))


def test_a_page_that_is_turned_is_marked_as_it_is_shown(draw):
    image = draw(typewritten([FERRY], rotated=90), "ferry sails")
    assert image.width / image.height == pytest.approx(842 / 595, abs=0.01)
    left, right, foot = FERRY.part("ferry sails")
    ((x0, y0, x1, y1),) = image.boxes[0]
    scale = 842 / image.width
    assert (scale * y0, scale * y1) == (pytest.approx(left, abs=NEAR), pytest.approx(right, abs=NEAR))
    assert (scale * x0, scale * x1) == (pytest.approx(foot, abs=4), pytest.approx(foot + 8, abs=4))


def test_the_row_of_a_table_is_marked_though_its_cells_are_set_by_columns(draw):
    rows = [("Place", "Crossings a day"), ("Northern quay", "eleven in all"), ("Southern quay", "twelve in all")]
    places = [Words(place, 72, 700 - 20 * number) for number, (place, _) in enumerate(rows)]
    counts = [Words(count, 272, 700 - 20 * number) for number, (_, count) in enumerate(rows)]
    row = "Southern quay | twelve in all"
    image = draw(typewritten([*places, *counts]), row, text=f"Northern quay | eleven in all\n{row}")
    assert_marked(image, places[2].part("Southern quay"), counts[2].part("twelve in all"))


def test_what_is_not_on_the_page_is_not_marked(draw):
    image = draw(typewritten([FERRY]), "Something else altogether", text="Something else altogether")
    assert (image.marked, image.boxes) == (False, ((),))
    assert draw(pdfs.pdf([]), "What was recognised", text="What was recognised").boxes == ((),)


def test_only_the_letters_of_a_passage_are_coloured_and_stay_black(draw):
    image = draw(typewritten([FERRY]), "The ferry", "the mail")
    picture = Image.open(io.BytesIO(image.data)).convert("RGB")
    assert picture.size == (image.width, image.height) == (1280, 1812)
    for ((left, top, right, bottom),) in image.boxes:
        colours = picture.crop((left, top, right, bottom)).get_flattened_data()
        assert MARKER in colours
        assert min(map(max, colours)) < 60
    (_, _, right, bottom), ((left, *_),) = image.boxes[0][0], image.boxes[1]
    assert picture.getpixel((5, 5)) == picture.getpixel(((left + right) // 2, bottom + 6)) == (255, 255, 255)


def test_each_page_is_drawn_of_its_own(draw):
    later = Words("On Sundays it stays in the harbour.", 72, 500)
    assert_marked(draw(typewritten([FERRY], [later]), "it stays", page=2), later.part("it stays"))


# What a file can do ----------------------------------------------------------------------------


def test_a_file_that_is_locked_without_a_password_is_drawn(draw):
    assert draw(pdfs.pdf(["The ferry sails at dawn, every day."], password=""), "ferry sails").marked


@pytest.mark.parametrize("name", ["empty.pdf", "random.pdf", "locked.pdf", "no-pages.pdf", "text-as.pdf"])
def test_a_file_that_cannot_be_drawn_gives_nothing(draw, name):
    assert draw(hostile.FILES[name](), text="") is None


def test_a_page_that_is_not_there_gives_nothing(draw):
    assert draw(typewritten([FERRY]), page=2, text="") is None


def test_a_file_that_takes_too_much_memory_gives_nothing(draw, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(pdf_page, "MEMORY", 20 << 20)
        assert draw(typewritten([FERRY]), text="") is None
    assert draw(typewritten([FERRY, FERRY]), text="") is not None


def test_a_file_that_takes_too_long_gives_nothing(draw, monkeypatch):
    monkeypatch.setattr(pdf_page, "SECONDS", 1)
    fills = pdfs.stream_object(b"0 0 595 842 re f " * 100_000)  # two kilobytes that are painted for a minute
    assert draw(pdfs.pdf_of_streams(fills), text="") is None


@pytest.mark.parametrize("box", ["0 0 100000 100000", "0 0 300 9000", "0 0 9 9"])
def test_pages_of_any_size_give_pictures_of_bounded_size(draw, box):
    image = draw(typewritten([FERRY], box=box), text="")
    assert image.width * image.height <= MOST_PIXELS * 1.01
    assert image.width <= pdf_page.WIDTH


def test_a_photograph_is_packed_until_it_is_small(draw):
    grain = Image.effect_noise((350, 500), 90).resize((1400, 2000), Image.Resampling.BICUBIC)
    content = io.BytesIO()
    grain.save(content, "PDF")
    assert len(draw(content.getvalue(), text="").data) <= MOST_BYTES


# What is kept, and the HTML --------------------------------------------------------------------


def test_a_page_is_drawn_once(draw, monkeypatch):
    run, started = pdf_page.run_apart, []
    monkeypatch.setattr(pdf_page, "run_apart", lambda *given: started.append(given) or run(*given))
    first = draw(typewritten([FERRY]), "ferry sails")
    assert draw(typewritten([FERRY]), "ferry sails") is first
    assert draw(typewritten([FERRY]), "the mail").boxes != first.boxes
    assert len(started) == 2


def test_where_no_process_can_be_had_there_is_no_picture_until_there_is_one(draw, monkeypatch):
    def refused(*given):
        raise BlockingIOError

    with monkeypatch.context() as patch:
        patch.setattr(pdf_page, "run_apart", refused)
        assert draw(typewritten([FERRY]), "ferry sails") is None
    assert draw(typewritten([FERRY]), "ferry sails") is not None


def test_the_html_scrolls_to_the_mark_and_tells_what_is_seen(draw):
    image = draw(typewritten([FERRY]), "ferry sails")
    html = page_html(image, 'Page 1 of "<b>"', anchor=True)
    assert html.startswith('<figure class="tillit pdf-page" id="pdf-page-1"><span id="passage" tabindex="-1" ')
    assert 'style="top: 15%"' in html
    assert 'alt="Page 1 of &quot;&lt;b&gt;&quot;"' in html
    assert 'src="data:image/webp;base64,UklGR' in html
    assert "passage" not in page_html(image, "Page 1", anchor=False)
