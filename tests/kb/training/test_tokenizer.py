"""The tokenizer: words in lower case, no punctuation, the same pieces every time."""

from __future__ import annotations

import json

import pytest

from kb.training.tokenizer import UNKNOWN, UNKNOWN_ID, token_ids, train_tokenizer
from tests.kb.training.texts import FRAMES, TOPICS

TEXTS = [frame.format(topic[code]) for topic in TOPICS for code, frames in FRAMES.items() for frame in frames]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(TEXTS, 250, 20)


def test_the_same_texts_give_the_same_bytes(tokenizer):
    assert train_tokenizer(TEXTS, 250, 20).to_str() == tokenizer.to_str()


def test_letters_too_rare_to_be_scored_have_the_lowest_score():
    rare = "çíqúñłœŭŝßšžýþðàèìòùâêîôûãõ"
    content = json.loads(train_tokenizer([*TEXTS * 3, *rare], 250, 20).to_str())
    scores = dict(content["model"]["vocab"])
    assert len({scores[letter] for letter in rare}) == 1


def test_the_unknown_piece_is_the_first(tokenizer):
    assert tokenizer.token_to_id(UNKNOWN) == UNKNOWN_ID
    assert token_ids(tokenizer, ["漢"])[0][-1] == UNKNOWN_ID


def test_case_and_punctuation_make_no_difference(tokenizer):
    first, second, third = token_ids(tokenizer, ["Tillid til skolen!", "tillid (til) SKOLEN", "tillid_til-skolen"])
    assert first == second == third


def test_the_unknown_piece_is_not_read_from_a_text(tokenizer):
    assert UNKNOWN_ID not in token_ids(tokenizer, ["[UNK]nown"])[0][:1]


def test_a_text_without_words_has_no_tokens(tokenizer):
    assert token_ids(tokenizer, ["", "?! …"]) == [[], []]
