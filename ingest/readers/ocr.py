"""Text recognition (OCR): the text of a page that is a picture, by Tesseract where it is installed.

Which language Tesseract tries first counts: with Danish first it reads one Swedish word in ten wrongly ("år" for
"är"), with Swedish first one in 400. So the language that was found on a page is tried first on it and on the next.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ingest.verdict import LEAST_LETTERS_IN_PDF, judge_text
from kb.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL.Image import Image

LANGUAGES = {"dan": "da", "nor": "nb", "swe": "sv", "eng": "en"}
"""Our languages by Tesseract's names for them."""
LEAST_SURE = 70
"""Percent of confidence below which a line is none: on poor scans Tesseract gave lines 89 or more, in photographs it
saw "lines" of 10 to 70."""

_PACKAGE = "the package pytesseract (pip install -c constraints.txt '.[ocr]')"
_PROGRAM = (
    "the program Tesseract with its languages (apt install tesseract-ocr tesseract-ocr-dan tesseract-ocr-nor "
    "tesseract-ocr-swe, or brew install tesseract tesseract-lang)"
)


def installed_languages() -> str:
    """Return those of our languages that Tesseract has, as it wants them named ("dan+eng").

    Raises `SettingsError` where the package, the program or every language is missing.
    """
    package = find_spec("pytesseract") is not None
    found = _languages_of_tesseract() if package else [*LANGUAGES] if shutil.which("tesseract") else []
    missing = [*([] if package else [_PACKAGE]), *([] if found else [_PROGRAM])]
    if missing:
        raise SettingsError(f"Text recognition (OCR) needs {' and '.join(missing)}. Install that, or leave OCR off.")
    return "+".join(found)


def _languages_of_tesseract() -> list[str]:
    import pytesseract

    try:
        found = pytesseract.get_languages()
    except pytesseract.TesseractNotFoundError:
        return []
    return [name for name in LANGUAGES if name in found]


class Recogniser:
    """Tesseract with the languages that it has ("dan+eng"); a page may take some `seconds`."""

    def __init__(self, languages: str, seconds: float) -> None:
        self.languages, self.seconds = languages.split("+"), seconds

    def read(self, image: Image) -> str:
        """Return the text of a grey image: its lines, with blank ones between paragraphs.

        Raises `TimeoutError`, and what pytesseract raises.
        """
        from PIL import ImageFilter

        smooth = image.filter(ImageFilter.BoxBlur(1))  # on grainy scans Tesseract takes minutes and reads nothing
        text = self._read(smooth)
        language = self._language_of(text)
        if language in self.languages[1:]:
            self.languages.sort(key=lambda name: name != language)
            text = self._read(smooth)
        return text

    def _language_of(self, text: str) -> str | None:
        """Return Tesseract's name for the language of a text, None where it is none of ours or there is too little."""
        from kb.language import detect_document

        if judge_text(text, LEAST_LETTERS_IN_PDF) != "ok":
            return None
        language = detect_document(text)
        return next((name for name, ours in LANGUAGES.items() if ours == language), None)

    def _read(self, image: Image) -> str:
        import pytesseract

        # Page segmentation mode 1 turns pages that lie on their side.
        asked = {"lang": "+".join(self.languages), "config": "--psm 1", "output_type": "dict"}
        try:
            return text_of(pytesseract.image_to_data(image, **asked, timeout=self.seconds))
        except pytesseract.TesseractError:
            raise
        except RuntimeError as error:  # the bare one, by which pytesseract tells of it
            raise TimeoutError from error


def text_of(words: Mapping[str, Sequence[Any]]) -> str:
    """Return the lines of which Tesseract is sure, with a blank one between paragraphs; `words` are its columns."""
    lines: dict[tuple[int, ...], list[int]] = {}
    for place, word in enumerate(words.get("text", ())):
        if word.strip():
            line = tuple(words[number][place] for number in ("block_num", "par_num", "line_num"))
            lines.setdefault(line, []).append(place)
    written: list[str] = []
    paragraph: tuple[int, ...] = ()
    for line, places in lines.items():
        letters = [len(words["text"][place]) for place in places]
        sure = sum(words["conf"][place] * count for place, count in zip(places, letters, strict=True)) / sum(letters)
        if sure >= LEAST_SURE:
            if written and line[:2] != paragraph:
                written.append("")
            written.append(" ".join(words["text"][place] for place in places))
            paragraph = line[:2]
    return "\n".join(written)
