"""Characters are mended, and a place in mended text is found again in the text as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.characters import end_of, mend_characters, offset_of, visible

RAW = st.text(alphabet="ae\u0301\u00ad \ufb01x1\u200b-å", max_size=40)


@pytest.mark.parametrize(
    ("raw", "seen", "rest"),
    [
        ("the \ufb01rst word", 3, "\ufb01rst word"),
        ("the \ufb01rst word", 5, "rst word"),
        ("e\u0301cole", 1, "cole"),
        ("til\u00adlit", 3, "lit"),
        ("  begins", 0, "begins"),
        ("ends", 4, ""),
        ("ends", 9, ""),
    ],
    ids=["ligature", "after-ligature", "combining", "soft-hyphen", "space", "end", "beyond"],
)
def test_a_place_in_mended_text_is_found_in_the_raw_text(raw, seen, rest):
    assert raw[offset_of(raw, seen) :] == rest


@given(RAW, st.integers(min_value=0, max_value=40))
def test_what_stands_before_and_after_a_place_is_what_was_seen(raw, seen):
    whole = visible(mend_characters(raw))
    before = visible(mend_characters(raw[: offset_of(raw, seen)]))
    assert whole.startswith(before)
    assert len(before) <= max(seen, 0)
    ended = visible(mend_characters(raw[: end_of(raw, seen)]))
    assert len(ended) >= min(seen, len(whole))
