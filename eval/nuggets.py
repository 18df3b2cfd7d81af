"""Whether a text carries a nugget: any of its forms in the text's language, whole words, case folded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from eval.schema import Nugget
from kb.analysis import fold


def carries(text: str, nugget: Nugget, languages: Iterable[str]) -> bool:
    """Tell whether `text` has one of the nugget's forms in one of the languages it may be in."""
    folded = " ".join(fold(text).split())
    forms = [form for language, forms in nugget.aliases.items() if language in languages for form in forms]
    return any(_pattern(form).search(folded) for form in forms)


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of a form: bounded by non-letters, open at the end where it ends in '*'."""
    stem = " ".join(fold(form.removesuffix("*")).split())
    end = "" if form.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(stem)}{end}")
